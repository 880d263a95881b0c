//! `POST /v1/verify`: `{"qr": "<text or digits>"}`, or a PNG, JPEG or PDF as the body; and the purposes
//! that it can be asked about.

use super::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use crate::reader::Seen;
use crate::told::Checker;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use mohar_issuer::ports::StoreError;
use mohar_picture::{Reading, Unread};
use mohar_schemas::purpose::{self, Purpose};
use mohar_schemas::status::StatusList;
use mohar_schemas::words::Words;
use mohar_verifier::{Authentic, Evidence, Report, authenticate_text};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Pictures read at once: each takes a core for a moment, and other callers need the other.
static READERS: Semaphore = Semaphore::const_new(2);
/// Of a picture full of codes only so many are judged.
const CODES_MAX: usize = 8;

#[derive(Debug, Deserialize)]
struct Question {
    qr: String,
}

/// What is asked beside the code itself.
#[derive(Debug, Deserialize)]
pub struct Asked {
    purpose: Option<String>,
}

impl Asked {
    pub fn purpose(&self) -> Result<Option<&'static Purpose>, Problem> {
        self.purpose.as_deref().map(named).transpose()
    }
}

/// A purpose as it is offered.
#[derive(Debug, Serialize)]
pub struct Offer {
    id: &'static str,
    name: &'static Words,
}

pub async fn purposes() -> Json<Vec<Offer>> {
    Json(purpose::all().iter().map(|p| Offer { id: &p.id, name: &p.name }).collect())
}

pub async fn verify(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Report>, Problem> {
    let purpose = asked.purpose()?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if mohar_picture::format(&body).is_some() {
        return read_picture(&app, body, purpose, Checker::Request(&headers)).await;
    }
    let named = mohar_picture::unread_format(&body);
    if named.is_some() || kind.starts_with("image/") || kind.starts_with("application/pdf") {
        return Err(unsupported(named.unwrap_or(Unread::NotAPicture)));
    }
    if body.len() > super::BODY_BYTES_MAX {
        return Err(Problem::too_large(super::BODY_BYTES_MAX));
    }
    let question: Question = serde_json::from_slice(&body).map_err(|e| {
        let detail = format!("Send {{\"qr\": \"<text of the QR code>\"}}, or a PNG, JPEG or PDF: {e}.");
        Problem::new(StatusCode::BAD_REQUEST, "json", detail)
    })?;
    let by = Some(Checker::Request(&headers));
    Ok(counted(&app, answer(&app, &question.qr, Asking { purpose, page: None, by }).await?))
}

/// The purpose of an id.
pub fn named(id: &str) -> Result<&'static Purpose, Problem> {
    purpose::by_id(id).ok_or_else(|| {
        let ids: Vec<&str> = purpose::all().iter().map(|p| p.id.as_str()).collect();
        let detail = format!("“purpose” is one of: {}.", ids.join(", "));
        Problem::new(StatusCode::BAD_REQUEST, "purpose", detail)
    })
}

pub fn counted(app: &App, report: Report) -> Json<Report> {
    app.metrics.verdict(report.verdict);
    Json(report)
}

fn unsupported(what: Unread) -> Problem {
    let m = what.message();
    let problem =
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", format!("{} {}", m.en, m.do_en));
    problem.in_hindi(format!("{} {}", m.hi, m.do_hi))
}

/// Judges what was seen in a picture or a PDF.
pub async fn judge_seen(app: &App, seen: &Seen, by: Checker<'_>) -> Result<Report, Problem> {
    Ok(of_seen(app, seen, None, by).await?.0)
}

async fn read_picture(
    app: &App,
    body: Bytes,
    purpose: Option<&'static Purpose>,
    by: Checker<'_>,
) -> Result<Json<Report>, Problem> {
    of_seen(app, &read(body).await?, purpose, by).await
}

async fn of_seen(
    app: &App,
    seen: &Seen,
    purpose: Option<&'static Purpose>,
    by: Checker<'_>,
) -> Result<Json<Report>, Problem> {
    let report = match &seen.reading {
        Reading::Unread(reason) => Report::unread(*reason),
        Reading::Codes(texts) => {
            let mut reports = vec![];
            for text in texts.iter().take(CODES_MAX) {
                let page = seen.page_of(text);
                reports.push(answer(app, text, Asking { purpose, page, by: Some(by) }).await?);
            }
            Report::of_several(reports)
        }
    };
    Ok(counted(app, report))
}

/// Reads a picture or PDF when it is its turn; the chat calls it, too.
pub async fn read(body: Bytes) -> Result<Seen, Problem> {
    let busy =
        || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too many pictures at once; try again.");
    let permit = READERS.acquire().await.map_err(|_| busy())?;
    let read = tokio::task::spawn_blocking(move || {
        // Held to the end of the reading, even when the caller has gone.
        let _permit = permit;
        crate::reader::read(&body)
    });
    read.await.map_err(|_| busy())?.map_err(|error| {
        tracing::error!(%error, "no process to read a picture");
        busy()
    })
}

/// What else is to be judged.
#[derive(Clone, Copy, Default)]
pub struct Asking<'a> {
    /// Whether it serves a purpose.
    pub purpose: Option<&'static Purpose>,
    /// Whether the text of the page that the code was on says the same.
    pub page: Option<&'a str>,
    /// Who asks, where the holder may be told.
    pub by: Option<Checker<'a>>,
}

/// Judges a text with the newest status at hand.
pub async fn answer(app: &App, text: &str, asking: Asking<'_>) -> Result<Report, Problem> {
    match authenticate_text(text, &app.trust) {
        Ok(authentic) => Ok(judged(app, authentic, asking).await?),
        Err(refusal) => Ok(Report::of(&refusal.judge(&evidence(app, &[])))),
    }
}

/// Judges what somebody we know signed.
pub async fn judged(app: &App, authentic: Authentic<'_>, asking: Asking<'_>) -> Result<Report, StoreError> {
    let index = authentic.credential.index;
    let list = app.status_of(index).await?;
    let evidence = evidence(app, list.as_deref().map_or(&[], std::slice::from_ref));
    let verdict = authentic.judge(&evidence);
    if let Some(by) = asking.by {
        app.told.checked(index, by, asking.purpose);
    }
    let report = Report::for_purpose(&verdict, asking.purpose, evidence.today());
    Ok(match asking.page {
        Some(page) => report.with_page(&verdict, page),
        None => report,
    })
}

fn evidence<'a>(app: &'a App, status: &'a [StatusList]) -> Evidence<'a> {
    Evidence { trust: &app.trust, status, now_s: now_s() }
}
