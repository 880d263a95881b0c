//! `POST /v1/verify/batch`: one code a line in, one answer a line out, in the same order, while they
//! come; or, where the caller accepts that, all answers as a table (CSV) or as a report (PDF) that the
//! service signs.

use super::certificates::{LINES_AT_ONCE, lines};
use super::problem::Problem;
use super::verify::{Asking, answer, named};
use crate::app::App;
use crate::bulk::{Head, Row, Table, pdf};
use crate::edge::now_s;
use crate::told::Checker;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, future};
use mohar_schemas::bulk::{BulkReport, with_line};
use mohar_schemas::cose::Context;
use mohar_verifier::Report;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Lines of one batch.
const LINES_MAX: usize = 10_000;
/// The longest name of a line.
const ID_CHARS_MAX: usize = 200;

/// Reports made at once.
static PRINTERS: Semaphore = Semaphore::const_new(1);

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

/// What the answers are written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    Table,
    Report,
}

impl Form {
    /// The first of ours that the caller accepts; lines for whoever does not say.
    fn accepted(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|h| h.to_str().ok());
        let kinds =
            accepted.flat_map(|h| h.split(',')).map(|kind| kind.split(';').next().unwrap_or("").trim());
        let form = |kind: &str| match kind {
            "application/x-ndjson" => Some(Self::Lines),
            "text/csv" => Some(Self::Table),
            "application/pdf" => Some(Self::Report),
            _ => None,
        };
        kinds.into_iter().find_map(form).unwrap_or(Self::Lines)
    }
}

pub async fn verify(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let form = Form::accepted(&headers);
    if form == Form::Lines {
        return Ok(written(app, headers, body));
    }
    let rows = rows(Arc::clone(&app), headers, body).await?;
    // Setting thousands of rows takes a core for a moment, and other callers need the other.
    let _permit = PRINTERS.acquire().await.map_err(|e| unmade(&e.to_string()))?;
    let drawn = tokio::task::spawn_blocking(move || match form {
        Form::Report => signed(&app, rows),
        _ => table(&rows).map_err(|e| e.to_string()),
    });
    let bytes = drawn.await.map_err(|e| e.to_string()).flatten().map_err(|what| unmade(&what))?;
    let (kind, name) = match form {
        Form::Report => ("application/pdf", "report.pdf"),
        _ => ("text/csv; charset=utf-8", "report.csv"),
    };
    let name = format!("attachment; filename=\"{name}\"");
    let head = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name.as_str())];
    Ok((head, bytes).into_response())
}

fn unmade(what: &str) -> Problem {
    tracing::error!(what, "a report was not made");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "report",
        "The report could not be made. Send the lines again in a moment.",
    )
}

/// One answer a line, while they come.
fn written(app: Arc<App>, headers: HeaderMap, body: Body) -> Response {
    let written = answers(app, headers, body).filter_map(|answer| {
        let mut text = serde_json::to_vec(&answer).unwrap_or_default();
        text.push(b'\n');
        future::ready(Some(Ok::<_, Infallible>(text)))
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(written)).into_response()
}

/// The answers in the order of the lines.
fn answers(app: Arc<App>, headers: HeaderMap, body: Body) -> impl Stream<Item = Answer> + Send {
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
    answers.buffered(LINES_AT_ONCE).filter_map(future::ready)
}

/// All rows; lines that are too many or too long leave no report that would look whole.
async fn rows(app: Arc<App>, headers: HeaderMap, body: Body) -> Result<Vec<Row>, Problem> {
    let mut rows = vec![];
    let mut answers = pin!(answers(app, headers, body));
    while let Some(Answer { id, said }) = answers.next().await {
        let name = id.unwrap_or_else(|| (rows.len() + 1).to_string());
        rows.push(match said {
            Said::Report(report) => Row::of(name, &report),
            Said::Problem(problem) if problem.is_too_large() => return Err(problem),
            Said::Problem(problem) => Row::unread(name, problem.detail()),
        });
    }
    Ok(rows)
}

fn table(rows: &[Row]) -> csv::Result<Vec<u8>> {
    let mut bytes = vec![];
    let mut table = Table::new(&mut bytes)?;
    rows.iter().try_for_each(|row| table.write(row))?;
    table.finish()?;
    Ok(bytes)
}

/// The report, with the line behind it by which anybody can see that it is as we made it.
fn signed(app: &App, rows: Vec<Row>) -> Result<Vec<u8>, String> {
    let made_at_s = now_s();
    let head = Head { service: Some(app.base_url.clone()), made_at_s, purpose: None };
    let (mut file, totals) = pdf(head, rows).map_err(|e| e.to_string())?;
    file.push(b'\n');
    let report =
        BulkReport { made_at_s, service: app.base_url.clone(), totals, sha256: mohar_schemas::sha256(&file) };
    let message = app.sign(Context::BulkReport, &report.encode()).map_err(|e| e.to_string())?;
    Ok(with_line(file, &message))
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
