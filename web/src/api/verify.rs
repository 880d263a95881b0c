//! `POST /v1/verify`: `{"qr": "<text or digits>"}`.

use super::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use mohar_schemas::status::LIST_SIZE;
use mohar_verifier::{Evidence, Report, open_status_list, verify_text};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
struct Question {
    qr: String,
}

pub async fn verify(State(app): State<Arc<App>>, body: Bytes) -> Result<Json<Report>, Problem> {
    let question: Question = serde_json::from_slice(&body).map_err(|e| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "json",
            format!("Send {{\"qr\": \"<text of the QR code>\"}}: {e}."),
        )
    })?;
    Ok(Json(answer(&app, &question.qr).await?))
}

async fn answer(app: &App, text: &str) -> Result<Report, Problem> {
    let mut evidence = Evidence { trust: &app.trust, status: &[], now_s: now_s() };
    let first = verify_text(text, &evidence);
    let Some(credential) = &first.credential else { return Ok(Report::of(&first)) };
    let token = app.status_list(credential.index / LIST_SIZE).await?;
    let list = token.and_then(|t| open_status_list(&t, &app.trust).ok());
    let lists: Vec<_> = list.into_iter().collect();
    evidence.status = &lists;
    Ok(Report::of(&verify_text(text, &evidence)))
}
