//! `/whatsapp/webhook`: what the platform tells us is checked, kept, and only then acknowledged; the
//! work comes after.

use super::{inbound, signature};
use crate::api::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use mohar_schemas::sha256;
use mohar_store::chat::Arrival;
use std::collections::HashMap;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The platform asks whether the webhook is ours.
pub async fn verify(
    State(app): State<Arc<App>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<String, Problem> {
    let get = |key: &str| asked.get(key).map(String::as_str).unwrap_or_default();
    let whatsapp = app.whatsapp.as_ref().ok_or_else(Problem::not_found)?;
    // Hashes have one length: how long the comparison takes says nothing of the token.
    let hash = |text: &str| sha256(text.as_bytes());
    let same = hash(get("hub.verify_token")).ct_eq(&hash(&whatsapp.verify_token));
    if get("hub.mode") == "subscribe" && bool::from(same) {
        return Ok(get("hub.challenge").to_owned());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "verify-token", "“hub.verify_token” is not the configured one."))
}

/// Keeps what came, and says so.
pub async fn keep(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let whatsapp = app.whatsapp.as_ref().ok_or_else(Problem::not_found)?;
    let header = headers.get(signature::HEADER).and_then(|v| v.to_str().ok());
    if !signature::is_signed(&whatsapp.app_secret, header, &body) {
        let detail = "“X-Hub-Signature-256” is missing or does not belong to this body. Nothing was stored.";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "signature", detail));
    }
    let now_s = now_s();
    let arrival = |raw: inbound::Raw| Arrival {
        id: raw.id,
        handle: raw.handle,
        body: raw.body.to_string(),
        sent_s: raw.sent_s.unwrap_or(now_s),
    };
    let arrivals: Vec<Arrival> = inbound::events(&body).into_iter().map(arrival).collect();
    app.keeper.keep(arrivals).await?;
    whatsapp.arrived.notify_one();
    Ok(StatusCode::OK)
}
