//! The citizen's phone: the chat page and what it asks.

use super::{Entry, Simulator, Unkind, new_id};
use crate::edge::now_s;
use crate::pages::text;
use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use mohar_schemas::words::Language;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long the page waits for something new.
const PATIENCE: Duration = Duration::from_secs(20);
/// As everywhere, and films of ours beside it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Names of users: a country, a point, letters and digits.
const USER_MAX: usize = 64;

#[derive(Template)]
#[template(path = "simulator.html")]
struct Page {
    lang: Language,
}

impl Page {
    fn t(&self, key: &str) -> &'static str {
        text(key).get(self.lang)
    }

    fn other(&self) -> Language {
        if self.lang == Language::Hindi { Language::English } else { Language::Hindi }
    }
}

pub async fn show(Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let asked = query.get("lang").map_or(accepted, String::as_str);
    let lang = if asked.starts_with("en") { Language::English } else { Language::Hindi };
    match (Page { lang }).render() {
        Ok(page) => {
            ([(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)], Html(page)).into_response()
        }
        Err(e) => {
            tracing::error!(error = %e, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub async fn script() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("../../simulator/chat.js")).into_response()
}

pub async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../../simulator/chat.css")).into_response()
}

/// What was not taken, and why.
type Wrong = (StatusCode, &'static str);

/// Who holds the phone.
#[derive(Debug, Deserialize)]
pub struct Who {
    /// The opaque id.
    user: String,
    /// The number; a citizen with a username shows none.
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl Who {
    fn check(&self) -> Result<(), Wrong> {
        let fine = |t: &str| {
            !t.is_empty() && t.len() <= USER_MAX && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        };
        if fine(&self.user) && self.phone.as_deref().is_none_or(fine) {
            return Ok(());
        }
        Err((StatusCode::UNPROCESSABLE_ENTITY, "user: letters, digits and points"))
    }
}

/// What a citizen does.
#[derive(Debug, Deserialize)]
pub struct Doing {
    #[serde(flatten)]
    who: Who,
    /// The message without its frame: `type` and the part of that name.
    message: Value,
}

/// The citizen sends something.
pub async fn send(
    State(simulator): State<Arc<Simulator>>,
    Json(doing): Json<Doing>,
) -> Result<Json<Value>, Wrong> {
    doing.who.check()?;
    if !doing.message["type"].is_string() {
        return Err((StatusCode::UNPROCESSABLE_ENTITY, "message.type is missing"));
    }
    Ok(Json(json!({ "id": simulator.receive(&doing.who, doing.message) })))
}

/// The citizen attaches a file: its bytes are the body.
pub async fn attach(
    State(simulator): State<Arc<Simulator>>,
    Query(who): Query<Who>,
    Query(more): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Wrong> {
    who.check()?;
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = match media_type {
        "image/jpeg" | "image/png" => "image",
        "video/mp4" => "video",
        t if t.starts_with("audio/") => "audio",
        _ => "document",
    };
    let kept = simulator.keep(media_type, &body);
    let (id, file) = kept.map_err(|_| (StatusCode::INTERNAL_SERVER_ERROR, "the file was not kept"))?;
    let mut part = json!({ "id": id, "mime_type": media_type, "sha256": file.sha256 });
    for key in ["caption", "filename"] {
        if let Some(text) =
            more.get(key).filter(|t| !t.is_empty() && (key == "caption" || kind == "document"))
        {
            part[key] = json!(text);
        }
    }
    Ok(Json(json!({ "id": simulator.receive(&who, json!({ "type": kind, kind: part })) })))
}

impl Simulator {
    /// A citizen's message reaches the platform, which tells the service.
    fn receive(&self, who: &Who, mut message: Value) -> String {
        let id = new_id("wamid.");
        message["id"] = json!(id);
        message["timestamp"] = json!(now_s().to_string());
        let name = who.name.as_deref().unwrap_or("Citizen");
        let mut contact = json!({ "profile": { "name": name }, "user_id": who.user });
        message["from_user_id"] = json!(who.user);
        if let Some(phone) = &who.phone {
            message["from"] = json!(phone);
            contact["wa_id"] = json!(phone);
        }
        self.note(&who.user, "citizen", &id, message.clone());
        self.tell(json!({ "contacts": [contact], "messages": [message] }));
        id
    }
}

#[derive(Debug, Deserialize)]
pub struct After {
    user: String,
    #[serde(default)]
    after: u64,
}

/// What is new in a chat; waits for it.
pub async fn messages(
    State(simulator): State<Arc<Simulator>>,
    Query(after): Query<After>,
) -> Json<Vec<Entry>> {
    let mut changed = simulator.changed.subscribe();
    let new = || -> Vec<Entry> {
        let state = simulator.state();
        let from = state.journal.partition_point(|e| e.n <= after.after);
        state.journal[from..].iter().filter(|e| e.user == after.user).cloned().collect()
    };
    let wait = async {
        loop {
            changed.mark_unchanged();
            let new = new();
            if !new.is_empty() || changed.changed().await.is_err() {
                return new;
            }
        }
    };
    Json(tokio::time::timeout(PATIENCE, wait).await.unwrap_or_default())
}

pub async fn unkind(State(simulator): State<Arc<Simulator>>) -> Json<Unkind> {
    Json(simulator.state().unkind)
}

pub async fn set_unkind(State(simulator): State<Arc<Simulator>>, Json(unkind): Json<Unkind>) -> Json<Unkind> {
    simulator.state().unkind = unkind;
    Json(unkind)
}
