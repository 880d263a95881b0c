//! Says what is to be said: each citizen's messages in order, within the platform's rates, tried again
//! where that helps.
//!
//! Said at least once, and once where it can be: the platform knows no second sending of a message as such.
//! A message goes twice only where the platform took it and its answer was lost, and its news, which name
//! it as we do, did not come before its turn came again.

use super::errors::{Remedy, remedy};
use super::graph::Refused;
use super::outbound::{At, Content, File, FileKind, Message};
use super::{CHANNEL, EVERY, Whatsapp, answering, blocking};
use crate::app::App;
use crate::edge::now_s;
use mohar_dialogue::say::{Say, Sent};
use mohar_issuer::ports::StoreError;
use mohar_store::chat::Outgoing;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;

const SIDE_BY_SIDE: usize = 16;
/// After this many attempts (about two hours) a message is given up and shown to the administrators.
const ATTEMPTS_MAX: i64 = 12;
const AGAIN_S: i64 = 2;
/// Pauses grow four times each where we were too fast, as the platform asks.
const BACK_OFF_BITS: i64 = 2;
const AGAIN_MAX_S: i64 = 900;

/// What the outbox keeps.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "out", rename_all = "kebab-case")]
pub enum Out {
    /// A bubble of the conversation.
    Say {
        /// The bubble.
        say: Say,
    },
    /// An approved template.
    Template {
        /// Its name at the platform.
        name: String,
        /// Such as `hi`.
        language: String,
        /// What fills its gaps.
        gaps: Vec<String>,
    },
}

/// For the outbox.
pub fn kept(out: &Out) -> String {
    // Unwrap safety: these types have no map with other keys than texts.
    serde_json::to_string(out).expect("plain data")
}

/// Sends what is due, again and again.
pub async fn send(app: Arc<App>) {
    let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let Some(whatsapp) = &app.whatsapp else { return };
    loop {
        let due = app.store.claim_says(now_s()).await.unwrap_or_else(|e| {
            tracing::warn!(error = %e, "what is to be said was not read; it is tried again");
            vec![]
        });
        if due.is_empty() {
            let _ = tokio::time::timeout(EVERY, whatsapp.to_say.notified()).await;
        }
        for out in due.into_iter().filter(|o| o.channel == CHANNEL) {
            // Unwrap safety: the semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.expect("an open semaphore");
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                if let Err(e) = one(&app, &out).await {
                    tracing::warn!(error = %e, "the outbox was not written; the message may be sent twice");
                }
                drop(place);
                if let Some(whatsapp) = &app.whatsapp {
                    whatsapp.to_say.notify_one();
                }
            });
        }
    }
}

/// What keeps a message from being sent.
enum Stop {
    /// It never will be.
    Never(String),
    /// The platform, for a reason of its own.
    Refused(Refused),
}

async fn one(app: &Arc<App>, out: &Outgoing) -> Result<(), StoreError> {
    let Some(whatsapp) = &app.whatsapp else { return Ok(()) };
    if let Some(wait) = whatsapp.pair_wait(&out.handle) {
        let wait_s = i64::try_from(wait.as_secs()).unwrap_or(0) + 1;
        return app.store.say_later(out.id, now_s() + wait_s, out.attempts - 1, "the pair limit").await;
    }
    whatsapp.turn_of_number().await;
    match post(app, whatsapp, out).await {
        Ok(message_id) => app.store.said(out.id, &message_id).await,
        Err(Stop::Never(why)) => {
            tracing::error!(id = out.id, why, "a message cannot be sent");
            app.store.say_never(out.id, &why).await
        }
        Err(Stop::Refused(Refused::Code(code))) => failed(app, out, code, out.attempts).await,
        // It may have been taken: its news, which name it as we do, have time to come first.
        Err(Stop::Refused(Refused::Away)) => {
            again(app, out, AGAIN_S << out.attempts.clamp(1, 9), "no answer").await
        }
    }
}

async fn post(app: &Arc<App>, whatsapp: &Whatsapp, out: &Outgoing) -> Result<String, Stop> {
    let never = |e: &dyn std::fmt::Display| Stop::Never(e.to_string());
    let body: Out = serde_json::from_str(&out.body).map_err(|e| never(&e))?;
    let content = match body {
        Out::Template { name, language, gaps } => Content::Template { name, language, gaps },
        Out::Say { say: Say::File { what, caption } } => file(app, whatsapp, &what, caption).await?,
        Out::Say { say } => Content::of(&say).ok_or_else(|| Stop::Never("a file without bytes".into()))?,
    };
    let message = Message { to: out.handle.clone(), reply_to: None, ours: Some(out.id), content };
    let json = message.json().map_err(|e| never(&e))?;
    let graph = whatsapp.graph.clone();
    let posted = blocking(move || graph.post(&json)).await.unwrap_or(Err(Refused::Away));
    posted.map_err(Stop::Refused)
}

/// Uploads a file of ours.
async fn file(app: &Arc<App>, whatsapp: &Whatsapp, what: &Sent, caption: String) -> Result<Content, Stop> {
    let found = answering::file(app, what).await.map_err(|e| Stop::Never(e.to_string()))?;
    let Some(file) = found else { return Err(Stop::Never("there is no such file".into())) };
    let kind = match file.media_type {
        "image/png" | "image/jpeg" => FileKind::Image,
        "video/mp4" => FileKind::Video,
        _ => FileKind::Document,
    };
    let graph = whatsapp.graph.clone();
    let name = matches!(kind, FileKind::Document).then(|| file.name.clone());
    let upload = move || graph.upload(&file.bytes, file.media_type, &file.name);
    let id = blocking(upload).await.unwrap_or(Err(Refused::Away)).map_err(Stop::Refused)?;
    let caption = Some(caption).filter(|c| !c.is_empty());
    Ok(Content::File(File { kind, at: At::Id(id), caption, name }))
}

/// A message was refused, at once or later: what its code asks for.
pub async fn failed(app: &Arc<App>, out: &Outgoing, code: i64, attempts: i64) -> Result<(), StoreError> {
    let why = format!("code {code}");
    match remedy(code) {
        Remedy::Again => again(app, out, AGAIN_S << attempts.clamp(0, 9), &why).await,
        Remedy::BackOff => again(app, out, 1 << (BACK_OFF_BITS * attempts.clamp(1, 5)), &why).await,
        Remedy::Invite => {
            let invitation = app.whatsapp.as_ref().and_then(|w| w.invitation.as_ref());
            let invitation = invitation.map(|i| {
                let (name, language) = (i.name.clone(), i.language.clone());
                kept(&Out::Template { name, language, gaps: vec![] })
            });
            tracing::info!(id = out.id, "a message waits until the citizen writes again");
            app.store.hold(out, invitation.as_deref(), &why).await
        }
        Remedy::GiveUp => {
            tracing::error!(id = out.id, code, "a message was refused for good");
            app.store.say_never(out.id, &why).await
        }
    }
}

async fn again(app: &Arc<App>, out: &Outgoing, wait_s: i64, why: &str) -> Result<(), StoreError> {
    if out.attempts >= ATTEMPTS_MAX {
        tracing::error!(id = out.id, why, "a message was given up");
        return app.store.say_never(out.id, why).await;
    }
    app.store.say_later(out.id, now_s() + wait_s.min(AGAIN_MAX_S), out.attempts, why).await
}
