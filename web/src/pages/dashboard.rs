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
use mohar_schemas::catalogue::published;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Who may see figures of the whole department.
const READERS: [&str; 5] = ["administrator", "auditor", "dm", "adm", "sdm"];

/// The figures of one service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Figures {
    at_work: u64,
    issued: u64,
    rejected: u64,
    other: u64,
    overdue: u64,
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
    let figures = figures(&app, &p).await?;
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
            owed: mohar_verifier::report::rupees(i64::try_from(f.owed).unwrap_or(i64::MAX)),
            median: text(f.percentile(50)),
            p90: text(f.percentile(90)),
            limit: text(service.time_limit.as_ref().map(|l| l.days)),
            bars: [wide(f.at_work), wide(f.issued), wide(f.rejected)],
        })
    });
    let rows = rows.collect();
    Ok(html(&view::Dashboard { p, rows }))
}

pub async fn csv(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let mut out =
        "service,at_work,issued,rejected,other,overdue,owed_rupees,median_days,p90_days\r\n".to_owned();
    for (id, f) in figures(&app, &p).await? {
        let text = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
        let (median, p90) = (text(f.percentile(50)), text(f.percentile(90)));
        let counts =
            format!("{},{},{},{},{},{}", f.at_work, f.issued, f.rejected, f.other, f.overdue, f.owed);
        // Writing to a String cannot fail.
        let _ = write!(out, "{id},{counts},{median},{p90}\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mohar.csv\""),
    ];
    Ok((headers, out).into_response())
}

async fn figures(app: &App, p: &Page) -> Result<BTreeMap<String, Figures>, Failure> {
    let officer = officer(app, p).await?;
    if !officer.posts.iter().any(|(role, _)| READERS.contains(&role.as_str())) {
        return Err(Failure::NotFound);
    }
    let mut figures = counted(app.store.counts().await?);
    for state in ["in-work", "issued", "rejected"] {
        let mut after = String::new();
        loop {
            let page = app.store.in_state(state, &after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.number);
            for application in &page {
                timed(figures.entry(application.service.clone()).or_default(), application, today())?;
            }
        }
    }
    for f in figures.values_mut() {
        f.days.sort_unstable();
    }
    Ok(figures)
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

fn timed(figures: &mut Figures, application: &Application, today: Date) -> Result<(), Failure> {
    let Some(submitted) = application.submitted else { return Ok(()) };
    let limit = desk(&application.service)?.service.time_limit.as_ref().map(|l| l.days);
    match &application.state {
        Stage::Issued { on, .. } | Stage::Rejected { on, .. } => {
            figures.days.push(Clock::of(submitted, limit.unwrap_or(0), *on).used);
        }
        _ => {
            let clock = limit.map(|limit| Clock::of(submitted, limit, today)).filter(|c| c.over > 0);
            figures.overdue += u64::from(clock.is_some());
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
