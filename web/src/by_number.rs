//! Verifying by the number and one fact that stand on the paper, for who cannot scan it.
//!
//! Guessing must not pay: the check digit is judged first, which tells nothing; then attempts are
//! counted by caller and by number, known or not; then an unknown number and a wrong fact cost the same
//! work and get the same answer.

use crate::api::problem::Problem;
use crate::api::verify::{Asking, judged};
use crate::app::App;
use crate::told::Checker;
use axum::http::StatusCode;
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_issuer::seal::Record;
use mohar_schemas::number;
use mohar_schemas::purpose::Purpose;
use mohar_verifier::fact::{Fact, FactKind};
use mohar_verifier::{Report, authenticate};
use serde::Deserialize;

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The certificate's number, as people type it.
    pub number: String,
    /// Something else that stands on it.
    pub fact: Given,
}

/// A fact as it was given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What it speaks of.
    pub kind: FactKind,
    /// What it says.
    pub value: String,
}

/// Why there is no answer.
pub enum Refused {
    /// The number has a slip in it; so much can be seen from itself.
    Number,
    /// The fact is no date, or no name.
    Fact(FactKind),
    /// Too many attempts; seconds to wait.
    Wait(u64),
    /// No certificate has this number and says this.
    NoMatch,
    /// The store does not answer.
    Away(StoreError),
}

impl From<StoreError> for Refused {
    fn from(e: StoreError) -> Self {
        Self::Away(e)
    }
}

/// Answers as for the code on the paper, and shows no more than the paper.
pub async fn answer(
    app: &App,
    caller: &str,
    question: &Question,
    purpose: Option<&'static Purpose>,
    by: Checker<'_>,
) -> Result<Report, Refused> {
    let index = number::read(&question.number).ok_or(Refused::Number)?;
    let kind = question.fact.kind;
    let fact = Fact::read(kind, &question.fact.value).ok_or(Refused::Fact(kind))?;
    app.limits.guess(caller, index).map_err(Refused::Wait)?;
    let Some(record) = near(app, index).await? else { return Err(Refused::NoMatch) };
    let authentic = authenticate(&record.credential, &app.trust).ok();
    let says_so = authentic.as_ref().is_some_and(|a| fact.holds(&a.credential));
    let is_it = record.number == number::printed(&question.number);
    if let Some(authentic) = authentic.filter(|_| says_so & is_it) {
        return Ok(judged(app, authentic, Asking { purpose, page: None, by: Some(by) }).await?);
    }
    tracing::warn!(fact = ?kind, "a guess by number was refused");
    Err(Refused::NoMatch)
}

/// The certificate at a place of the ledger, or beyond its end the last: an unknown number costs what a
/// known one does.
async fn near(app: &App, index: u64) -> Result<Option<Record>, StoreError> {
    let last = app.store.size().await?.saturating_sub(1);
    Ok(app.store.from(index.min(last), 1).await?.pop())
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let unprocessable =
            |kind: &str, detail: &str| Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, detail);
        match refused {
            Refused::Number => unprocessable(
                "number",
                "“number” has a slip in it: its check digit does not fit. Copy it again from the certificate, such as INC-2026-0000042-5.",
            ),
            Refused::Fact(FactKind::DateOfBirth) => {
                unprocessable("fact", "“fact.value” is a date that exists, such as 15-08-1990.")
            }
            Refused::Fact(FactKind::Name) => {
                unprocessable("fact", "“fact.value” is a name of 1 to 120 characters, as on the certificate.")
            }
            Refused::Wait(wait_s) => Self::too_many(wait_s),
            Refused::NoMatch => Self::new(
                StatusCode::NOT_FOUND,
                "no-match",
                "No certificate has this number and says this. Compare both with the paper and try again.",
            ),
            Refused::Away(e) => e.into(),
        }
    }
}
