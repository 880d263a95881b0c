//! `POST /v1/verify/batch`: one code a line in, one answer a line out, in the same order, while they
//! come.

use super::certificates::{LINES_AT_ONCE, lines};
use super::problem::Problem;
use super::verify::{Asking, answer, named};
use crate::app::App;
use crate::told::Checker;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, future};
use mohar_verifier::Report;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::sync::Arc;

/// Lines of one batch.
const LINES_MAX: usize = 10_000;
/// The longest name of a line.
const ID_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Code(String),
    Named(Named),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default)]
    id: Option<String>,
    code: String,
    #[serde(default)]
    purpose: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(flatten)]
    said: Said,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Report(Box<Report>),
    Problem(Problem),
}

pub async fn verify(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let headers = Arc::new(headers);
    // One line more than are answered, so that the caller hears why the rest is missing.
    let numbered = lines(body).take(LINES_MAX + 1).enumerate();
    let answers = numbered.map(move |(n, line)| {
        let (app, headers) = (Arc::clone(&app), Arc::clone(&headers));
        // A task each, so that signatures are checked on every core.
        let task = tokio::spawn(async move {
            match line {
                Ok(_) if n == LINES_MAX => Answer { id: None, said: Said::Problem(too_many_lines()) },
                Ok(line) => one(&app, &line, &headers).await,
                Err(problem) => Answer { id: None, said: Said::Problem(problem) },
            }
        });
        async move { task.await.ok() }
    });
    let written = answers.buffered(LINES_AT_ONCE).filter_map(|answer| {
        let mut text = answer.and_then(|a| serde_json::to_vec(&a).ok()).unwrap_or_default();
        text.push(b'\n');
        future::ready(Some(Ok::<_, Infallible>(text)))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(written)).into_response()
}

async fn one(app: &App, line: &Bytes, headers: &HeaderMap) -> Answer {
    let named = match serde_json::from_slice(line) {
        Ok(Line::Code(code)) => Named { id: None, code, purpose: None },
        Ok(Line::Named(named)) => named,
        Err(_) => return Answer { id: None, said: Said::Problem(unread()) },
    };
    let Named { id, code, purpose } = named;
    if id.as_ref().is_some_and(|id| id.chars().count() > ID_CHARS_MAX) {
        return Answer { id: None, said: Said::Problem(unread()) };
    }
    let said = match judge(app, &code, purpose.as_deref(), headers).await {
        Ok(report) => {
            app.metrics.verdict(report.verdict);
            Said::Report(Box::new(report))
        }
        Err(problem) => Said::Problem(problem),
    };
    Answer { id, said }
}

async fn judge(app: &App, code: &str, purpose: Option<&str>, headers: &HeaderMap) -> Result<Report, Problem> {
    let purpose = purpose.map(named).transpose()?;
    answer(app, code, Asking { purpose, page: None, by: Some(Checker::Request(headers)) }).await
}

fn unread() -> Problem {
    let detail = "A line is the text of a code in quotes, or {\"id\": …, \"code\": …, \"purpose\": …}; “id” has at most 200 characters.";
    Problem::new(StatusCode::BAD_REQUEST, "json", detail)
}

fn too_many_lines() -> Problem {
    let detail = "A batch has at most 10,000 lines. Send the rest as another batch.";
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-lines", detail)
}
