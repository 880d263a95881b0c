//! What verifiers fetch: root, trust list, status lists and snapshot, and the published schemas.

use super::problem::Problem;
use crate::app::App;
use crate::snapshots::Signed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_issuer::ports::Ledger;
use mohar_keys::file::hex;
use mohar_schemas::{tables, types, verdict};
use serde_json::{Value, json};
use std::sync::Arc;

pub async fn root(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({ "root": hex(&app.root) }))
}

pub async fn trust_list(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "application/cose")], app.trust_bytes.clone()).into_response()
}

pub async fn status_list(State(app): State<Arc<App>>, Path(number): Path<u64>) -> Result<Response, Problem> {
    let token = app.status_token(number).await?.ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, "application/statuslist+cwt")], token.to_vec()).into_response())
}

pub async fn snapshot(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let snapshot = app.snapshot().await?;
    Ok(signed(&headers, &snapshot))
}

pub async fn delta(
    State(app): State<Arc<App>>,
    Path(from): Path<u64>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let delta = app.delta(from).await?.ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "no-delta",
            "There is no delta from that state. Fetch /v1/status-snapshot.",
        )
    })?;
    Ok(signed(&headers, &delta))
}

/// The bytes, or word that the caller has them.
fn signed(headers: &HeaderMap, signed: &Signed) -> Response {
    let named = [(header::ETAG, signed.etag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if has(headers, &signed.etag) {
        return (StatusCode::NOT_MODIFIED, named).into_response();
    }
    (named, [(header::CONTENT_TYPE, "application/cose")], signed.bytes.clone()).into_response()
}

/// Whether the caller has exactly these bytes (RFC 9110 §13.1.2; weak comparison).
pub fn has(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|h| h.to_str().ok());
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.flat_map(|h| h.split(',')).any(|tag| tag.trim() == "*" || strong(tag) == strong(etag))
}

pub async fn schemas() -> Json<Value> {
    Json(json!({
        "profile": 1,
        "types": types::all(),
        "tables": tables::all(),
        "verdicts": verdict::messages(),
        "foreign": verdict::foreign_codes(),
    }))
}

pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../../openapi.json")).into_response()
}

pub async fn ready(State(app): State<Arc<App>>) -> Result<StatusCode, Problem> {
    app.store.size().await?;
    Ok(StatusCode::OK)
}
