//! The conversation, as the channel reaches it: an event and where the conversation stands become what
//! is to be said and where it stands then.

use crate::api::pdf::render;
use crate::app::App;
use crate::pages::text;
use mohar_dialogue::heard::Heard;
use mohar_dialogue::say::{Say, Sent};
use mohar_issuer::application::State;
use mohar_issuer::application::port::Applications;
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_store::people::Citizen;
use serde_json::Value;
use std::sync::Arc;

/// A file of ours, ready to be sent.
pub struct Ready {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Such as `application/pdf`.
    pub media_type: &'static str,
    /// What it is called on the phone.
    pub name: String,
}

/// Answers a citizen. `state` is where the conversation stands, `null` at its beginning; what it is
/// afterwards is stored with the answers, in one transaction.
///
/// # Errors
/// If the store is away: the event is tried again, with the same state.
pub async fn answer(
    _app: &Arc<App>,
    _citizen: &Citizen,
    state: &mut Value,
    _heard: Heard,
) -> Result<Vec<Say>, StoreError> {
    let turns = state["turns"].as_i64().unwrap_or(0) + 1;
    *state = serde_json::json!({ "turns": turns });
    let menu = text("chat_menu");
    Ok(vec![Say::Text { body: format!("{}\n\n{}", menu.hi, menu.en) }])
}

/// The bytes of a file that is to be sent; none where there is no such file.
///
/// # Errors
/// If the store is away or the certificate cannot be printed.
pub async fn file(app: &Arc<App>, what: &Sent) -> Result<Option<Ready>, StoreError> {
    let Sent::Certificate { application } = what else { return Ok(None) };
    let Some(application) = app.store.application(application).await? else { return Ok(None) };
    let State::Issued { certificate: Some(id), .. } = &application.state else { return Ok(None) };
    let Some(record) = app.store.by_id(id).await? else { return Ok(None) };
    let bytes = render(app, &record).map_err(StoreError::Driver)?;
    let name = format!("{}.pdf", record.number.replace('/', "-"));
    Ok(Some(Ready { bytes, media_type: "application/pdf", name }))
}
