//! What verifiers fetch: root, trust list, status lists, and the published schemas.

use super::problem::Problem;
use crate::app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
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
