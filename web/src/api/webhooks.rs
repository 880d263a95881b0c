//! `/v1/webhooks`: where a department hears of every act on its applications, signed, in order for each
//! application, tried again until it is taken, and once more on request.

use super::certificates::caller;
use super::problem::Problem;
use crate::app::App;
use crate::edge::random;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use mohar_keys::file::hex;
use mohar_store::outbox::Webhook;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// A department subscribes at most this often.
const WEBHOOKS_MAX: usize = 8;
/// Characters of an address.
pub const URL_MAX: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    url: String,
}

/// Subscribes; the answer has the secret, once.
pub async fn add(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let key = caller(&app, &headers).await?;
    let new: New = parsed(&body)?;
    let too_many = app.store.webhooks(&key.department).await?.len() >= WEBHOOKS_MAX;
    if !is_taken(&app, &new.url) || too_many {
        let detail = "“url” is an https address of at most 500 characters; a department has at most eight.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "webhook", detail));
    }
    let mut bytes = [0; 40];
    random(&mut bytes);
    let (id, secret) = (hex(&bytes[..8]), hex(&bytes[8..]));
    let webhook = Webhook {
        id: id.clone(),
        department: key.department,
        url: new.url,
        secret: secret.clone().into_bytes(),
    };
    app.store.add_webhook(&webhook).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "url": webhook.url, "secret": secret }))))
}

/// Whether messages are sent to an address.
pub fn is_taken(app: &App, url: &str) -> bool {
    // The demo speaks plain HTTP itself.
    let plain = app.base_url.starts_with("http://") && url.starts_with("http://");
    (plain || url.starts_with("https://")) && url.len() <= URL_MAX
}

pub async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let key = caller(&app, &headers).await?;
    let all = app.store.webhooks(&key.department).await?;
    let all: Vec<_> = all.iter().map(|w| json!({ "id": w.id, "url": w.url })).collect();
    Ok(Json(json!({ "webhooks": all })))
}

pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let key = caller(&app, &headers).await?;
    if !app.store.drop_webhook(&id, &key.department).await? {
        return Err(Problem::not_found());
    }
    Ok(Json(json!({ "id": id })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    /// `Mohar-Id` of the first message to send again.
    from: i64,
}

/// Sends everything again from a message on.
pub async fn replay(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let key = caller(&app, &headers).await?;
    let From { from } = parsed(&body)?;
    let hook = app.store.webhook(&id).await?.filter(|w| w.department == key.department);
    let hook = hook.ok_or_else(Problem::not_found)?;
    let again = app.store.replay(&hook.id, from).await?;
    Ok(Json(json!({ "id": id, "again": again })))
}

/// A body of JSON.
pub fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|e| {
        Problem::new(StatusCode::BAD_REQUEST, "json", format!("The body is not what is taken here: {e}."))
    })
}
