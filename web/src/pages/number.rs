//! `/number`: verifying by number, without a camera and without JavaScript. The form is posted, so that
//! nothing of it stands in an address.

use super::{Failure, Page, html, view};
use crate::app::App;
use crate::by_number::{self, Given, Question, Refused};
use crate::limits::Caller;
use crate::told::Checker;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mohar_schemas::purpose;
use mohar_schemas::verdict::Tone;
use mohar_verifier::Report;
use mohar_verifier::fact::FactKind;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    number: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    purpose: String,
}

pub async fn show(p: Page) -> Response {
    html(&form(p, Filled::default(), None))
}

pub async fn ask(
    State(app): State<Arc<App>>,
    p: Page,
    Caller(caller): Caller,
    Form(filled): Form<Filled>,
) -> Result<Response, Failure> {
    let kind = if filled.kind == "date-of-birth" { FactKind::DateOfBirth } else { FactKind::Name };
    let fact = Given { kind, value: filled.value.clone() };
    let question = Question { number: filled.number.clone(), fact };
    let wanted = purpose::by_id(&filled.purpose);
    let me = p.who.clone();
    let by = Checker::Page(me.as_deref());
    let (status, error) = match by_number::answer(&app, &caller, &question, wanted, by).await {
        Ok(report) => {
            app.metrics.verdict(report.verdict);
            return Ok(html(&result(p, &report)));
        }
        Err(Refused::Away(e)) => return Err(e.into()),
        Err(Refused::Number) => (StatusCode::UNPROCESSABLE_ENTITY, p.t("number_slip")),
        Err(Refused::Fact(FactKind::DateOfBirth)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, p.t("number_no_date"))
        }
        Err(Refused::Fact(FactKind::Name)) => (StatusCode::UNPROCESSABLE_ENTITY, p.t("number_no_name")),
        Err(Refused::Wait(_)) => (StatusCode::TOO_MANY_REQUESTS, p.t("number_wait")),
        Err(Refused::NoMatch) => (StatusCode::NOT_FOUND, p.t("number_no_match")),
    };
    Ok((status, html(&form(p, filled, Some(error)))).into_response())
}

fn form(p: Page, filled: Filled, error: Option<&'static str>) -> view::Number {
    let offer = |o: &'static purpose::Purpose| (o.id.as_str(), o.name.get(p.lang), o.id == filled.purpose);
    let purposes = purpose::all().iter().map(offer).collect();
    let by_birth = filled.kind == "date-of-birth";
    view::Number { purposes, by_birth, given: filled.number, value: filled.value, error, p }
}

fn result(p: Page, report: &Report) -> view::NumberResult {
    let tone = match report.verdict.message().tone {
        Tone::Good if report.purpose.as_ref().is_some_and(|a| !a.current) => Tone::Warn,
        tone => tone,
    };
    let line = |l: &mohar_verifier::report::Line| (p.w(&l.label).to_owned(), p.w(&l.value).to_owned());
    view::NumberResult {
        tone: match tone {
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        },
        title: p.w(&report.title).to_owned(),
        message: p.w(&report.message).to_owned(),
        purpose: report.purpose.as_ref().map(|a| p.w(&a.message).to_owned()),
        advice: p.w(&report.advice).to_owned(),
        certificate: report.certificate.as_ref().map(|c| p.w(c).to_owned()).unwrap_or_default(),
        number: report.number.clone().unwrap_or_default(),
        lines: report.fields.iter().map(line).collect(),
        p,
    }
}
