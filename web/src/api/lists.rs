//! What verifiers fetch: root, trust list, status lists and snapshot, and the published schemas.

use super::problem::Problem;
use crate::app::App;
use crate::served::{Served, has};
use crate::snapshots::Signed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_issuer::ports::Ledger;
use mohar_keys::file::hex;
use mohar_schemas::{bulk, purpose, tables, types, verdict};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

/// The root key, and what stands before `/#` in the links of our codes.
pub async fn root(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({ "root": hex(&app.root), "links": [app.origin] }))
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
    let named = [(header::ETAG, signed.etag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    if has(headers, &signed.etag) {
        return (StatusCode::NOT_MODIFIED, named).into_response();
    }
    (named, [(header::CONTENT_TYPE, "application/cose")], signed.bytes.clone()).into_response()
}

/// What only the printer of a certificate needs of its type: half of all bytes.
const FOR_PRINT: [&str; 6] = ["officer_en", "officer_hi", "law_en", "law_hi", "wording_en", "wording_hi"];

/// Types, tables and sentences: made once, they are part of the program.
static SCHEMAS: LazyLock<Served> = LazyLock::new(|| {
    let mut types = json!(types::all());
    for kind in types.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        kind.retain(|key, _| !FOR_PRINT.contains(&key.as_str()));
    }
    let schemas = json!({
        "profile": 1,
        "types": types,
        "tables": tables::all(),
        "verdicts": verdict::messages(),
        "foreign": verdict::foreign_codes(),
    });
    Served::new("application/json", schemas.to_string())
});

pub async fn schemas(headers: HeaderMap) -> Response {
    SCHEMAS.answer(&headers)
}

/// What the page for many needs beside the schemas: purposes, and what is said of reports.
static BULK: LazyLock<Served> = LazyLock::new(|| {
    let texts = bulk::texts();
    let data = json!({
        "purposes": purpose::all(),
        "sentences": purpose::sentences(),
        "texts": {
            "other_purpose": texts.other_purpose,
            "unaltered": texts.unaltered,
            "altered": texts.altered,
            "unknown_signer": texts.unknown_signer,
        },
    });
    Served::new("application/json", data.to_string())
});

pub async fn bulk(headers: HeaderMap) -> Response {
    BULK.answer(&headers)
}

pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../../openapi.json")).into_response()
}

pub async fn ready(State(app): State<Arc<App>>) -> Result<StatusCode, Problem> {
    app.store.size().await?;
    Ok(StatusCode::OK)
}
