//! `POST /v1/certificates`, its batch form, and `GET /v1/certificates/{id}`.

use super::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures_util::{Stream, StreamExt, stream};
use jiff::civil::Date;
use mohar_issuer::lint::lint;
use mohar_issuer::ports::{Draft, Ledger, Outcome};
use mohar_issuer::request::Request;
use mohar_issuer::seal::Record;
use mohar_schemas::{qr, sha256};
use mohar_store::ApiKey;
use mohar_verifier::Evidence;
use serde::Serialize;
use std::sync::Arc;

/// A line of a batch is at most this long.
const LINE_BYTES_MAX: usize = 64 * 1024;
/// Lines of one batch under way at once: enough to fill a transaction.
pub const LINES_AT_ONCE: usize = 256;

/// A certificate as the API shows it.
#[derive(Debug, Serialize)]
pub struct Certificate {
    id: String,
    number: String,
    index: u64,
    #[serde(rename = "type")]
    kind: String,
    qr: String,
}

impl Certificate {
    fn of(record: &Record, origin: &str) -> Self {
        Self {
            id: record.id.clone(),
            number: record.number.clone(),
            index: record.index,
            kind: record.kind.clone(),
            qr: qr::text(origin, &record.credential),
        }
    }
}

/// Today in India.
fn today(app: &App) -> Date {
    Evidence { trust: &app.trust, status: &[], now_s: now_s() }.today()
}

/// The API key that a caller sends.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    value.and_then(|v| v.strip_prefix("Bearer ")).map(str::trim)
}

/// No API key of ours.
pub fn unauthorized() -> Problem {
    let detail = "Send your API key as “Authorization: Bearer KEY”.";
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}

/// Who calls: the API key behind `Authorization: Bearer …`.
pub async fn caller(app: &App, headers: &HeaderMap) -> Result<ApiKey, Problem> {
    let key = bearer(headers).ok_or_else(unauthorized)?;
    let caller = app.store.api_key(&sha256(key.as_bytes())).await?.ok_or_else(unauthorized)?;
    app.limits.key(&caller.id)?;
    Ok(caller)
}

pub async fn issue(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let caller = caller(&app, &headers).await?;
    let name = idempotency_key(&headers)?;
    let (outcome, new) = issue_one(&app, &caller, name, &body).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(outcome)).into_response())
}

/// The caller's own name for a request.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::trim);
    key.filter(|k| (1..=128).contains(&k.len())).map(str::to_owned).ok_or_else(|| {
        let detail = "Send a header “Idempotency-Key” of 1 to 128 characters, one for each certificate you want. \
                      The same key sent again gives the same certificate.";
        Problem::new(StatusCode::BAD_REQUEST, "idempotency-key", detail)
    })
}

async fn issue_one(
    app: &App,
    caller: &ApiKey,
    name: String,
    body: &[u8],
) -> Result<(Certificate, bool), Problem> {
    let request: Request = serde_json::from_slice(body).map_err(|e| {
        Problem::new(StatusCode::BAD_REQUEST, "json", format!("The body is not a request: {e}."))
    })?;
    let linted = lint(&request, today(app)).map_err(Problem::faults)?;
    if caller.department != linted.department() || !caller.types.contains(&request.kind) {
        let detail = format!("This API key may not issue certificates of the type “{}”.", request.kind);
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    // The parsed request, so that white space does not make another request of it.
    let digest = sha256(&serde_json::to_vec(&request).unwrap_or_default());
    let draft = Draft { linted, caller: caller.id.clone(), idempotency_key: name, digest };
    match app.sequencer.issue(draft).await? {
        Outcome::Issued(record) => {
            app.metrics.issued(&record.kind);
            Ok((Certificate::of(&record, &app.origin), true))
        }
        Outcome::Replayed(record) => Ok((Certificate::of(&record, &app.origin), false)),
        Outcome::Conflict => Err(Problem::new(
            StatusCode::CONFLICT,
            "idempotency-conflict",
            "This Idempotency-Key was used for another request. Use a new one.",
        )),
    }
}

/// One request a line in, one answer a line out, in the same order, while they come.
pub async fn batch(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let caller = Arc::new(caller(&app, &headers).await?);
    let name = idempotency_key(&headers)?;
    let answers = lines(body).enumerate().map(move |(n, line)| {
        let (app, caller, name) = (Arc::clone(&app), Arc::clone(&caller), format!("{name}/{n}"));
        async move {
            let answer = match line {
                Ok(line) => issue_one(&app, &caller, name, &line).await,
                Err(problem) => Err(problem),
            };
            let mut text = match answer {
                Ok((certificate, _)) => serde_json::to_vec(&certificate),
                Err(problem) => serde_json::to_vec(&problem),
            }
            .unwrap_or_default();
            text.push(b'\n');
            Ok::<_, std::convert::Infallible>(text)
        }
    });
    let body = Body::from_stream(answers.buffered(LINES_AT_ONCE));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// The lines of a body as they arrive; one that is too long ends the batch with a problem. A line
/// shares the memory of the chunk it came in.
pub fn lines(body: Body) -> impl Stream<Item = Result<Bytes, Problem>> + Send {
    let state = (body.into_data_stream(), BytesMut::new(), false);
    stream::unfold(state, |(mut chunks, mut held, ended)| async move {
        if ended {
            return None;
        }
        let mut searched = 0;
        loop {
            if let Some(end) = held[searched..].iter().position(|b| *b == b'\n') {
                let line = held.split_to(searched + end + 1).freeze();
                searched = 0;
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some((Ok(line), (chunks, held, false)));
            }
            searched = held.len();
            if held.len() > LINE_BYTES_MAX {
                let problem = Problem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "line-too-long",
                    "A line has at most 64 KiB.",
                );
                return Some((Err(problem), (chunks, held, true)));
            }
            match chunks.next().await {
                Some(Ok(chunk)) => held.extend_from_slice(&chunk),
                _ if held.iter().all(u8::is_ascii_whitespace) => return None,
                _ => return Some((Ok(held.split().freeze()), (chunks, held, true))),
            }
        }
    })
}

pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Certificate>, Problem> {
    let record = own(&app, &headers, &id).await?;
    Ok(Json(Certificate::of(&record, &app.origin)))
}

/// A certificate of the caller's department; another department's does not exist for it.
pub async fn own(app: &App, headers: &HeaderMap, id: &str) -> Result<Record, Problem> {
    let caller = caller(app, headers).await?;
    let record = app.store.by_id(id).await?;
    record.filter(|r| r.department == caller.department).ok_or_else(Problem::not_found)
}
