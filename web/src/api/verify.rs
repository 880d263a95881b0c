//! `POST /v1/verify`: `{"qr": "<text or digits>"}`, or a PNG, JPEG or PDF as the body.

use super::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use mohar_picture::{Reading, Unread};
use mohar_verifier::{Evidence, Report, authenticate_text};
use serde::Deserialize;
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

pub async fn verify(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Report>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if mohar_picture::format(&body).is_some() {
        return read_picture(&app, body).await;
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
    Ok(counted(&app, answer(&app, &question.qr).await?))
}

fn counted(app: &App, report: Report) -> Json<Report> {
    app.metrics.verdict(report.verdict);
    Json(report)
}

fn unsupported(what: Unread) -> Problem {
    let m = what.message();
    let problem =
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", format!("{} {}", m.en, m.do_en));
    problem.in_hindi(format!("{} {}", m.hi, m.do_hi))
}

/// Judges the code in a picture or a PDF.
pub async fn judge(app: &App, body: Bytes) -> Result<Report, Problem> {
    Ok(read_picture(app, body).await?.0)
}

async fn read_picture(app: &App, body: Bytes) -> Result<Json<Report>, Problem> {
    let report = match read(body).await? {
        Reading::Unread(reason) => Report::unread(reason),
        Reading::Codes(texts) => {
            let mut reports = vec![];
            for text in texts.iter().take(CODES_MAX) {
                reports.push(answer(app, text).await?);
            }
            Report::of_several(reports)
        }
    };
    Ok(counted(app, report))
}

/// Reads a picture or PDF when it is its turn; the chat calls it, too.
pub async fn read(body: Bytes) -> Result<Reading, Problem> {
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

async fn answer(app: &App, text: &str) -> Result<Report, Problem> {
    let mut evidence = Evidence { trust: &app.trust, status: &[], now_s: now_s() };
    let authentic = match authenticate_text(text, &app.trust) {
        Ok(authentic) => authentic,
        Err(refusal) => return Ok(Report::of(&refusal.judge(&evidence))),
    };
    let list = app.status_of(authentic.credential.index).await?;
    evidence.status = list.as_deref().map_or(&[], std::slice::from_ref);
    Ok(Report::of(&authentic.judge(&evidence)))
}
