//! Works off what came: a citizen's events one at a time and in order, different citizens side by side.

use super::graph::{Fetched, Refused};
use super::inbound::{Event, Media, Status, What, read};
use super::outbound::read_and_typing;
use super::{CHANNEL, EVERY, Whatsapp, answering, blocking, sender};
use crate::app::App;
use crate::edge::{now_s, random};
use bytes::Bytes;
use mohar_dialogue::heard::{Format, Heard};
use mohar_issuer::ports::StoreError;
use mohar_keys::file::hex;
use mohar_picture::attachment;
use mohar_store::chat::{ChatEvent, Turn};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Events that are worked on at the same time.
const SIDE_BY_SIDE: usize = 16;
/// After this many attempts (about two hours) an event is given up and kept as it came.
const ATTEMPTS_MAX: i64 = 12;
const AGAIN_S: i64 = 2;
const AGAIN_MAX_S: i64 = 900;
/// So often a file is asked for before the conversation goes on without it.
const FETCHES_MAX: i64 = 4;

/// Why an event waits.
enum Later {
    Store(StoreError),
    Platform(Refused),
    /// The message this is about is not known yet.
    Early,
}

impl From<StoreError> for Later {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

/// Takes up what waits, again and again.
pub async fn work(app: Arc<App>) {
    let places = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let Some(whatsapp) = &app.whatsapp else { return };
    loop {
        let claimed = app.store.claim_events(now_s()).await.unwrap_or_else(|e| {
            tracing::warn!(error = %e, "the events were not read; it is tried again");
            vec![]
        });
        if claimed.is_empty() {
            let _ = tokio::time::timeout(EVERY, whatsapp.arrived.notified()).await;
        }
        for event in claimed {
            // Unwrap safety: the semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.expect("an open semaphore");
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                one(&app, &event).await;
                drop(place);
                // The citizen's next, and what is to be said.
                if let Some(whatsapp) = &app.whatsapp {
                    whatsapp.arrived.notify_one();
                    whatsapp.to_say.notify_one();
                }
            });
        }
    }
}

async fn one(app: &Arc<App>, event: &ChatEvent) {
    let Some(whatsapp) = &app.whatsapp else { return };
    let again = match work_off(app, whatsapp, event).await {
        Ok(()) | Err(Later::Store(StoreError::Overtaken)) => return,
        Err(Later::Early) if event.attempts >= FETCHES_MAX => None,
        Err(later) => {
            let why = match &later {
                Later::Store(e) => e.to_string(),
                Later::Platform(e) => e.to_string(),
                Later::Early => "its message is not known yet".to_owned(),
            };
            tracing::warn!(place = event.place, attempts = event.attempts, why, "an event waits");
            let wait_s = (AGAIN_S << event.attempts.clamp(0, 20)).min(AGAIN_MAX_S);
            (event.attempts < ATTEMPTS_MAX).then(|| now_s() + wait_s)
        }
    };
    if let Err(e) = app.store.put_event_back(event, again).await {
        tracing::warn!(error = %e, "an event was not put back; its claim runs out");
    }
}

async fn work_off(app: &Arc<App>, whatsapp: &Whatsapp, event: &ChatEvent) -> Result<(), Later> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or(Value::Null);
    match read(&body) {
        Event::Citizen { .. } if event.handle.starts_with("nobody/") => {}
        Event::Citizen { id, what, also, .. } => {
            return citizen(app, whatsapp, event, (id, also), what).await;
        }
        Event::Status(status) => status_of(app, &status).await?,
        Event::System(what) => tracing::debug!(what, "news of the channel"),
    }
    Ok(app.store.finish_event(event, None).await?)
}

async fn citizen(
    app: &Arc<App>,
    whatsapp: &Whatsapp,
    event: &ChatEvent,
    (id, also): (String, Option<String>),
    what: What,
) -> Result<(), Later> {
    let graph = whatsapp.graph.clone();
    // A courtesy: the answer does not wait for it, and goes without it.
    tokio::task::spawn_blocking(move || graph.post(&read_and_typing(&id, true)));
    let mut new = [0; 16];
    random(&mut new);
    let new = hex(&new);
    let citizen = match also.filter(|also| *also != event.handle) {
        Some(also) => app.store.citizen_known_as(CHANNEL, &event.handle, &also, &new, now_s()).await?,
        None => app.store.citizen(CHANNEL, &event.handle, &new, now_s()).await?,
    };
    let Some(citizen) = app.store.citizen_by_id(&citizen).await? else { return Ok(()) };
    let heard = match what {
        What::Heard(heard) => heard,
        What::Media(media) => file(app, whatsapp, event, &citizen.id, media).await?,
    };
    let kept = app.store.chat_state(&citizen.id).await?;
    let (state, version) = kept.unwrap_or_else(|| ("null".to_owned(), 0));
    let mut state: Value = serde_json::from_str(&state).unwrap_or(Value::Null);
    let says = answering::answer(app, &citizen, &mut state, heard).await?;
    let says = says.into_iter().map(|say| sender::kept(&sender::Out::Say { say })).collect();
    let turn = Turn { citizen: citizen.id, state: state.to_string(), version, says };
    Ok(app.store.finish_event(event, Some(&turn)).await?)
}

/// Fetches a file, looks at what it is and keeps it: its key is its name in the folder `chat-CITIZEN`. What cannot be kept is heard as a file without a
/// key: the conversation says so.
async fn file(
    app: &Arc<App>,
    whatsapp: &Whatsapp,
    event: &ChatEvent,
    citizen: &str,
    media: Media,
) -> Result<Heard, Later> {
    let (graph, id, sha) = (whatsapp.graph.clone(), media.id, media.sha256);
    let fetched = blocking(move || graph.fetch(&id, sha.as_deref())).await.unwrap_or(Err(Refused::Away));
    let without = |caption| Heard::File { key: String::new(), format: Format::Unknown, caption };
    let bytes = match fetched {
        Ok(Fetched::Bytes(bytes)) => Bytes::from(bytes),
        Ok(Fetched::TooLarge | Fetched::Altered) => return Ok(without(media.caption)),
        Err(_) if event.attempts >= FETCHES_MAX => return Ok(without(media.caption)),
        Err(refused) => return Err(Later::Platform(refused)),
    };
    let folder = format!("chat-{citizen}");
    let (app, voice) = (Arc::clone(app), media.voice);
    let kept = blocking(move || {
        let format = match attachment(&bytes) {
            Ok("pdf") => Format::Pdf,
            Ok(_) => Format::Picture,
            Err(_) if voice && bytes.starts_with(b"OggS") => Format::Voice,
            Err(_) => Format::Unknown,
        };
        let pages = app.pages.as_ref()?;
        pages.files.put(&folder, &bytes).ok().map(|name| (name, format))
    });
    let Some(Some((key, format))) = kept.await else { return Err(Later::Platform(Refused::Away)) };
    Ok(Heard::File { key, format, caption: media.caption })
}

async fn status_of(app: &Arc<App>, status: &Status) -> Result<(), Later> {
    let known = app.store.said_as(&status.message).await?;
    // What we called it: the news may be quicker than the answer to our sending it.
    let Some(id) = known.or(status.ours) else { return Err(Later::Early) };
    let Some(out) = app.store.outgoing(CHANNEL, id).await? else { return Err(Later::Early) };
    match status.news {
        Ok(rank) => app.store.said_progress(id, &status.message, rank.number()).await?,
        Err(_) if app.store.has_arrived(id).await? => {}
        Err(code) => sender::failed(app, &out, code, out.attempts).await?,
    }
    Ok(())
}
