//! The department's dashboard: where applications stand, how long decisions take against the limit,
//! and what is owed. Drawn on the server, with the same figures as a table, and as CSV.

use super::console::officer;
use super::desk::desk;
use super::{Failure, Page, html, today, view};
use crate::app::App;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use mohar_issuer::application::clock::Clock;
use mohar_issuer::application::port::{Applications, Count};
use mohar_issuer::application::{Application, State as Stage};
use mohar_issuer::ports::Ledger;
use mohar_schemas::catalogue::published;
use mohar_schemas::status::Status;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Who may see figures of the whole department.
const READERS: [&str; 5] = ["administrator", "auditor", "dm", "adm", "sdm"];

/// Working days that an application may have been open, each up to the next.
const AGES: [u32; 4] = [0, 8, 16, 31];

/// Everything that is counted.
#[derive(Debug, Default)]
struct Counted {
    services: BTreeMap<String, Figures>,
    /// At work, and overdue, by office.
    offices: BTreeMap<String, (u64, u64)>,
    /// At work, by the days they have used.
    ages: [u64; AGES.len()],
}

/// The figures of one service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Figures {
    at_work: u64,
    issued: u64,
    rejected: u64,
    other: u64,
    overdue: u64,
    /// At work, with a grievance about the delay.
    grieved: u64,
    owed: u64,
    /// Working days to a decision, sorted.
    days: Vec<u32>,
}

impl Figures {
    /// The share of decisions that took at most so many days, as a percentile.
    fn percentile(&self, percent: usize) -> Option<u32> {
        let at = (self.days.len() * percent).div_ceil(100).max(1) - 1;
        self.days.get(at).copied()
    }
}

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let counted = figures(&app, &p).await?;
    let (offices, ages) = (offices(&p, &counted), ages(&counted));
    let figures = counted.services;
    let most =
        figures.values().map(|f| f.at_work + f.issued + f.rejected + f.other).max().unwrap_or(1).max(1);
    let text = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let rows = figures.iter().filter_map(|(id, f)| {
        let service = published().service(id)?;
        // The bar is 300 units wide at most.
        let wide = |n: u64| (n * 300).div_ceil(most);
        Some(view::Figure {
            service: p.w(&service.name).to_owned(),
            at_work: f.at_work,
            issued: f.issued,
            rejected: f.rejected,
            other: f.other,
            overdue: f.overdue,
            grieved: f.grieved,
            owed: mohar_verifier::report::rupees(i64::try_from(f.owed).unwrap_or(i64::MAX)),
            median: text(f.percentile(50)),
            p90: text(f.percentile(90)),
            limit: text(service.time_limit.as_ref().map(|l| l.days)),
            bars: [wide(f.at_work), wide(f.issued), wide(f.rejected)],
        })
    });
    let rows = rows.collect();
    let channels = channels(&p, app.store.channels().await?);
    let certificates = certificates(&app, &p).await?;
    Ok(html(&view::Dashboard { p, rows, offices, ages, channels, certificates }))
}

/// Office, at work, overdue; those with most overdue first.
fn offices(p: &Page, counted: &Counted) -> Vec<(String, u64, u64)> {
    let named =
        counted.offices.iter().map(|(id, (work, late))| (super::console::office(p, id), *work, *late));
    let mut offices: Vec<_> = named.collect();
    offices.sort_by_key(|(_, work, late)| std::cmp::Reverse((*late, *work)));
    offices
}

/// Days, how many, and the length of the bar.
fn ages(counted: &Counted) -> Vec<(String, u64, u64)> {
    let most = counted.ages.iter().max().copied().unwrap_or(0).max(1);
    let name = |n: usize| match AGES.get(n + 1) {
        Some(next) => format!("{}–{}", AGES[n], next - 1),
        None => format!("{}+", AGES[n]),
    };
    counted.ages.iter().enumerate().map(|(n, count)| (name(n), *count, count * 300 / most)).collect()
}

fn channels(p: &Page, all: Vec<(String, u64)>) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (channel, count) in all {
        let name = match channel.split('/').next() {
            Some("web") => p.t("channel_web"),
            Some("counter") => p.t("channel_counter"),
            Some("api") => p.t("channel_api"),
            _ => p.t("channel_other"),
        };
        *sums.entry(name).or_default() += count;
    }
    sums.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// How many were issued, are not valid, and were verified here since this node started.
async fn certificates(app: &App, p: &Page) -> Result<Vec<(&'static str, u64)>, Failure> {
    let size = app.store.size().await?;
    let marked = app.store.marked(0, size).await?;
    let count = |status| marked.iter().filter(|(s, _)| *s == status).count() as u64;
    Ok(vec![
        (p.t("certificates_issued"), size),
        (p.t("certificates_revoked"), count(Status::Revoked)),
        (p.t("certificates_suspended"), count(Status::Suspended)),
        (p.t("certificates_superseded"), count(Status::Superseded)),
        (p.t("certificates_verified"), app.metrics.verdicts()),
    ])
}

pub async fn csv(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let mut out =
        "service,at_work,issued,rejected,other,overdue,grievances,owed_rupees,median_days,p90_days\r\n"
            .to_owned();
    for (id, f) in figures(&app, &p).await?.services {
        let text = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
        let (median, p90) = (text(f.percentile(50)), text(f.percentile(90)));
        let counts = [f.at_work, f.issued, f.rejected, f.other, f.overdue, f.grieved, f.owed];
        let counts = counts.map(|n| n.to_string()).join(",");
        // Writing to a String cannot fail.
        let _ = write!(out, "{id},{counts},{median},{p90}\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mohar.csv\""),
    ];
    Ok((headers, out).into_response())
}

async fn figures(app: &App, p: &Page) -> Result<Counted, Failure> {
    let officer = officer(app, p).await?;
    if !officer.posts.iter().any(|(role, _)| READERS.contains(&role.as_str())) {
        return Err(Failure::NotFound);
    }
    let mut all = Counted { services: counted(app.store.counts().await?), ..Counted::default() };
    for state in ["in-work", "issued", "rejected"] {
        let mut after = String::new();
        loop {
            let page = app.store.in_state(state, &after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.number);
            for application in &page {
                timed(&mut all, application, today())?;
            }
        }
    }
    for f in all.services.values_mut() {
        f.days.sort_unstable();
    }
    Ok(all)
}

fn counted(counts: Vec<Count>) -> BTreeMap<String, Figures> {
    let mut figures: BTreeMap<String, Figures> = BTreeMap::new();
    for Count { service, state, count } in counts {
        let f = figures.entry(service).or_default();
        match state.as_str() {
            "in-work" => f.at_work += count,
            "issued" => f.issued += count,
            "rejected" => f.rejected += count,
            _ => f.other += count,
        }
    }
    figures
}

fn timed(all: &mut Counted, application: &Application, today: Date) -> Result<(), Failure> {
    let Some(submitted) = application.submitted else { return Ok(()) };
    let figures = all.services.entry(application.service.clone()).or_default();
    let limit = desk(&application.service, "console")?.service.time_limit.as_ref().map(|l| l.days);
    match &application.state {
        Stage::Issued { on, .. } | Stage::Rejected { on, .. } => {
            figures.days.push(Clock::of(submitted, limit.unwrap_or(0), *on).used);
        }
        _ => {
            let used = Clock::of(submitted, limit.unwrap_or(0), today).used;
            let age = AGES.iter().rposition(|from| used >= *from).unwrap_or(0);
            all.ages[age] += 1;
            let clock = limit.map(|limit| Clock::of(submitted, limit, today)).filter(|c| c.over > 0);
            let office = all.offices.entry(application.office.clone()).or_default();
            office.0 += 1;
            office.1 += u64::from(clock.is_some());
            figures.overdue += u64::from(clock.is_some());
            figures.grieved += u64::from(application.grieved.is_some());
            figures.owed += clock.map_or(0, |c| u64::from(c.compensation()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_those_decided() {
        let figures = Figures { days: (1..=10).collect(), ..Figures::default() };
        assert_eq!((figures.percentile(50), figures.percentile(90)), (Some(5), Some(9)));
        assert_eq!(Figures::default().percentile(50), None);
    }
}
