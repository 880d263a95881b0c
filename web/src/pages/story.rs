//! What became of an application, in words.

use super::desk::desk;
use super::{Failure, Page, view};
use mohar_issuer::application::act::Desk;
use mohar_issuer::application::clock::Clock;
use mohar_issuer::application::event::Event;
use mohar_issuer::application::{Application, State as Stage};
use mohar_schemas::words::{Language, Words, day_in_words};
use mohar_schemas::{consent, tables};
use mohar_verifier::report::{date, rupees};

/// Day and time in India.
pub fn when(at_s: i64) -> String {
    let day = mohar_schemas::credential::day((at_s + 19_800).div_euclid(86_400));
    let minutes = (at_s + 19_800).rem_euclid(86_400) / 60;
    format!("{} {:02}:{:02}", day.map_or_else(|_| String::new(), date), minutes / 60, minutes % 60)
}

/// Day and time in India, with the month's name.
pub fn when_in_words(at_s: i64, language: Language) -> String {
    let day = mohar_schemas::credential::day((at_s + 19_800).div_euclid(86_400));
    let day = day.map_or_else(|_| String::new(), |d| day_in_words(d, language));
    let minutes = (at_s + 19_800).rem_euclid(86_400) / 60;
    let o_clock = if language == Language::Hindi { " बजे" } else { "" };
    format!("{day}, {:02}:{:02}{o_clock}", minutes / 60, minutes % 60)
}

/// The history in words.
pub fn history(p: &Page, events: Vec<Event>) -> Vec<view::Past> {
    let by = |actor: String| match actor.as_str() {
        "citizen" => p.t("by_citizen").to_owned(),
        "gateway" => p.t("by_gateway").to_owned(),
        "department" => p.t("by_department").to_owned(),
        _ if p.home() == "/console" => actor,
        verifier if verifier.starts_with("verifier/") => p.t("by_verifier").to_owned(),
        operator if operator.starts_with("operator/") => p.t("by_operator").to_owned(),
        _ => p.t("by_office").to_owned(),
    };
    let note = |e: &Event| match e.act.as_str() {
        "consent" | "subscription-active" => {
            let text = e.note.text().split(' ').next().and_then(consent::by_id);
            text.map_or_else(String::new, |c| p.w(&c.purpose).to_owned())
        }
        "identity" => super::identity::logged(p, e.note.text()),
        _ => e.note.text().to_owned(),
    };
    events
        .into_iter()
        .map(|e| (when(e.at_s), p.t(&format!("act_{}", e.act)), by(e.actor.clone()), note(&e)))
        .collect()
}

/// An application in a few lines: service, number, state, clock and holder.
pub fn story(p: &Page, application: &Application) -> Result<String, Failure> {
    let desk = desk(&application.service, p.channel())?;
    let state = p.t(&format!("state_{}", application.state.id()));
    let head = format!("*{}*\n{} · {state}", p.w(&desk.service.name), application.number);
    Ok(std::iter::once(head).chain(notices(p, &desk, application)).collect::<Vec<_>>().join("\n"))
}

/// Clock and holder in words.
pub fn notices(p: &Page, desk: &Desk<'_>, application: &Application) -> Vec<String> {
    let mut lines = vec![];
    match &application.state {
        Stage::Unpaid { .. } => lines.push(p.t("due_now").to_owned()),
        Stage::InWork { step, .. } => {
            let office = tables::offices().by_id(&application.office);
            let office = office.map_or_else(String::new, |o| p.w(&Words::new(&o.en, &o.hi)).to_owned());
            let step = desk.workflow.step(step).map_or("", |s| p.w(&s.name));
            lines.push(format!("{}: {office} · {step}", p.t("with_office")));
        }
        Stage::Returned { note, .. } => lines.push(format!("{} {note}", p.t("mend_this"))),
        Stage::Rejected { reason, note, appealed, .. } => {
            let reason = tables::table("rejection-reasons").and_then(|t| t.by_id(reason));
            let reason = reason.map_or_else(String::new, |r| p.w(&Words::new(&r.en, &r.hi)).to_owned());
            lines.push(format!("{}: {reason}. {note}", p.t("rejected_note")));
            if !appealed {
                lines.push(p.t("appeal").to_owned());
            }
        }
        Stage::Issued { .. } => lines.push(p.t("granted_note").to_owned()),
        Stage::Draft | Stage::Withdrawn { .. } => {}
    }
    let running = matches!(application.state, Stage::InWork { .. });
    if let (Some(submitted), Some(limit), true) = (application.submitted, &desk.service.time_limit, running) {
        let clock = Clock::of(submitted, limit.days, desk.today);
        let (used, left) = (p.t("days_used"), p.t("days_left"));
        lines.push(format!(
            "{} {} · {} {used}, {} {left}",
            p.t("due_on"),
            date(clock.due),
            clock.used,
            clock.left
        ));
        if clock.compensation() > 0 {
            lines.push(format!(
                "{} {}",
                if p.home() == "/console" { p.t("owed_by_us") } else { p.t("owed") },
                rupees(i64::from(clock.compensation()))
            ));
        }
    }
    if let (Some(day), true) = (application.grieved, running) {
        lines.push(format!("{} {}", p.t("grieved_on"), date(day)));
    }
    lines
}
