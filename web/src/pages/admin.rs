//! The administrators' pages: officers, fees and keys at a glance, messages that were given up, and the
//! withdrawal of many certificates at once, which one proposes and another confirms.

mod officers;
mod revocations;

pub use officers::{change as change_officers, show as officers};
pub use revocations::{change as change_revocations, show as revocations};

use super::console::officer;
use super::{Failure, Page, html, view};
use crate::app::App;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::Officer;
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_schemas::trust::KeyState;
use mohar_verifier::report::{date, rupees};
use serde::Deserialize;
use std::sync::Arc;

/// The role that administers.
pub const ADMINISTRATOR: &str = "administrator";

/// The administrator who is signed in.
async fn administrator(app: &App, p: &Page) -> Result<Officer, Failure> {
    let officer = officer(app, p).await?;
    let may = officer.posts.iter().any(|(role, _)| role == ADMINISTRATOR);
    if may { Ok(officer) } else { Err(Failure::NotFound) }
}

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    administrator(&app, &p).await?;
    let dead = app.store.dead_letters().await?;
    let dead = dead.into_iter().map(|m| (m.id, m.queue, m.error.unwrap_or_default(), "post"));
    let chat = app.store.unsent().await?.into_iter();
    let chat = chat.map(|(id, why)| (id, format!("WhatsApp · {id}"), why.unwrap_or_default(), "chat"));
    let dead = dead.chain(chat).collect();
    let fees = published().services().iter().filter(|s| s.can_be_applied_for());
    let fee = |s: &mohar_schemas::service::Service| {
        if s.fee.rupees == 0 { p.t("free").to_owned() } else { rupees(i64::from(s.fee.rupees)) }
    };
    let fees = fees.map(|s| (p.w(&s.name).to_owned(), fee(s), s.fee.source.clone())).collect();
    let keys = app.trust.list.keys.iter().map(|k| {
        let state = match k.state {
            KeyState::Active => p.t("key_active"),
            KeyState::Retired => p.t("key_retired"),
            KeyState::Compromised { .. } => p.t("key_compromised"),
        };
        (hex(&k.kid()), k.department.clone(), state.to_owned(), date(k.signs_from))
    });
    let keys = keys.collect();
    Ok(html(&view::Admin { p, dead, fees, keys }))
}

#[derive(Deserialize)]
pub struct Again {
    id: i64,
    /// Of which outbox: `chat`, or else the post's.
    #[serde(default)]
    of: String,
}

/// Tries a message that was given up again.
pub async fn revive(
    State(app): State<Arc<App>>,
    p: Page,
    Form(again): Form<Again>,
) -> Result<Response, Failure> {
    administrator(&app, &p).await?;
    match again.of.as_str() {
        "chat" => app.store.try_anew(again.id).await?,
        _ => app.store.revive(again.id).await?,
    }
    Ok(Redirect::to("/console/admin").into_response())
}
