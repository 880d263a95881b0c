//! `/messages`: takes or refuses what the service sends, and tells what becomes of it.

use super::{Simulator, new_id, rules};
use crate::edge::now_s;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

const DAY_S: i64 = 86_400;

/// What Meta says when it does not do what it was asked.
pub struct Refused {
    status: StatusCode,
    code: i64,
    details: String,
}

pub fn refuse(status: StatusCode, code: i64, details: &str) -> Refused {
    Refused { status, code, details: details.to_owned() }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (code, title) = (self.code, title(self.code));
        let error = json!({
            "message": format!("(#{code}) {title}"), "type": "OAuthException", "code": code,
            "error_data": { "messaging_product": "whatsapp", "details": self.details }, "fbtrace_id": new_id("A"),
        });
        (self.status, Json(json!({ "error": error }))).into_response()
    }
}

fn title(code: i64) -> &'static str {
    match code {
        190 => "Invalid OAuth access token",
        100 => "Invalid parameter",
        130_429 => "Rate limit hit",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_026 => "Message undeliverable",
        131_056 => "(Business Account, Consumer Account) pair rate limit hit",
        _ => "Something went wrong",
    }
}

/// Whether the caller may speak for the number.
pub fn authorized(simulator: &Simulator, headers: &HeaderMap) -> Result<(), Refused> {
    let given = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if given == format!("Bearer {}", simulator.settings.token) {
        return Ok(());
    }
    Err(refuse(StatusCode::UNAUTHORIZED, 190, "The access token could not be decrypted"))
}

/// What the service sends.
pub async fn messages(
    State(simulator): State<Arc<Simulator>>,
    Path((_, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    take(&simulator, &number, &headers, &body).unwrap_or_else(IntoResponse::into_response)
}

fn take(
    simulator: &Arc<Simulator>,
    number: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Refused> {
    authorized(simulator, headers)?;
    let bad = |code, details: &str| refuse(StatusCode::BAD_REQUEST, code, details);
    if number != simulator.settings.phone_number_id {
        return Err(bad(100, "Object with this id does not exist"));
    }
    let message: Value = serde_json::from_slice(body).map_err(|_| bad(100, "The body is no JSON"))?;
    rules::check(&message).map_err(|(code, details)| bad(code, &details))?;
    if message["status"] == "read" {
        return receipt(simulator, &message);
    }
    let to = message["to"].as_str().or(message["recipient"].as_str()).unwrap_or_default().to_owned();
    let kind = message["type"].as_str().unwrap_or("text");
    if let Some(id) = message[kind]["id"].as_str() {
        simulator.file(id).ok_or_else(|| bad(100, "There is no media of this id"))?;
    }
    let mut state = simulator.state();
    let slow = |code| refuse(StatusCode::TOO_MANY_REQUESTS, code, "Too many messages, wait and try again");
    if state.unkind.limit_rates > 0 {
        state.unkind.limit_rates -= 1;
        return Err(slow(130_429));
    }
    state.rates.count(&to, Instant::now()).map_err(slow)?;
    let Some(heard_s) = state.heard_s.get(&to).copied() else {
        return Err(bad(131_026, "Nobody of this name has a telephone here"));
    };
    let open = kind == "template" || (!state.unkind.closed && now_s() - heard_s < DAY_S);
    let fails = state.unkind.fail_after > 0;
    state.unkind.fail_after = state.unkind.fail_after.saturating_sub(1);
    drop(state);
    let id = new_id("wamid.");
    let refused = if open { fails.then_some(131_000) } else { Some(131_047) };
    news(simulator, &to, &id, &message, refused);
    Ok(Json(json!({
        "messaging_product": "whatsapp", "contacts": [{ "input": to, "wa_id": to }],
        "messages": [{ "id": id, "message_status": "accepted" }],
    }))
    .into_response())
}

/// The citizen sees that the message was read, and that somebody writes.
fn receipt(simulator: &Simulator, message: &Value) -> Result<Response, Refused> {
    let id = message["message_id"].as_str().unwrap_or_default();
    let user = {
        let state = simulator.state();
        state.journal.iter().rev().find(|e| e.id == id && e.by == "citizen").map(|e| e.user.clone())
    };
    let Some(user) = user else {
        return Err(refuse(StatusCode::BAD_REQUEST, 100, "There is no message of this id"));
    };
    let typing = !message["typing_indicator"].is_null();
    simulator.note(&user, "news", id, json!({ "status": "read", "typing": typing }));
    Ok(Json(json!({ "success": true })).into_response())
}

/// What becomes of a message that was taken.
fn news(simulator: &Arc<Simulator>, to: &str, id: &str, message: &Value, refused: Option<i64>) {
    let status = |status: &str| {
        let mut news =
            json!({ "id": id, "status": status, "timestamp": now_s().to_string(), "recipient_id": to });
        if !message["biz_opaque_callback_data"].is_null() {
            news["biz_opaque_callback_data"] = message["biz_opaque_callback_data"].clone();
        }
        news
    };
    if let Some(code) = refused {
        let mut failed = status("failed");
        failed["errors"] =
            json!([{ "code": code, "title": "Message failed to send", "message": "Message failed to send" }]);
        simulator.note(to, "news", id, json!({ "status": "failed", "code": code }));
        simulator.tell(json!({ "statuses": [failed] }));
        return;
    }
    simulator.note(to, "service", id, message.clone());
    for how in ["sent", "delivered", "read"] {
        simulator.tell(json!({ "statuses": [status(how)] }));
    }
}
