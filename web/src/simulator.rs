//! A double of the Graph API for demo and tests: takes what Meta takes, refuses what Meta refuses, keeps
//! files at addresses that expire, tells a webhook of everything, signed; and is as unkind as the real
//! one, on request. With a chat page that stands for the citizen's phone.

mod graph;
mod hooks;
mod media;
mod page;
mod rates;
mod rules;

use crate::edge::{now_s, random};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use mohar_keys::file::hex;
use rates::Rates;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};

/// The largest file that is attached or uploaded here.
const FILE_BYTES_MAX: usize = 40 << 20;
/// Entries that are remembered; the oldest go first.
const JOURNAL_MAX: usize = 20_000;

/// Who it is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its own address, before `/simulator`.
    pub url: String,
    /// Where files and the journal go.
    pub folder: PathBuf,
    /// The number that speaks.
    pub phone_number_id: String,
    /// Who may speak for it.
    pub token: String,
    /// Signs the webhook's calls.
    pub app_secret: String,
    /// Where the service hears.
    pub webhook: String,
}

/// How unkind it is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unkind {
    /// So many more deliveries of each event.
    pub duplicates: u8,
    /// Of two events, the second comes first.
    pub reorder: bool,
    /// Every event comes so much later.
    pub delay_ms: u16,
    /// So many of the next messages are accepted and fail afterwards.
    pub fail_after: u32,
    /// So many of the next file addresses have expired already.
    pub expire_urls: u32,
    /// So many of the next messages are too fast.
    pub limit_rates: u32,
    /// The 24 hours are over for everybody.
    pub closed: bool,
}

/// What happened, for the chat page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1.
    pub n: u64,
    /// Whose chat.
    pub user: String,
    /// Who: `citizen`, `service`, or `news` of a message.
    pub by: String,
    /// The message's id.
    pub id: String,
    /// When, in seconds since 1970-01-01 UTC.
    pub at_s: i64,
    /// The message or the news, in the platform's own form.
    pub what: Value,
}

#[derive(Debug, Default)]
struct State {
    journal: Vec<Entry>,
    count: u64,
    unkind: Unkind,
    rates: Rates,
    /// When each citizen last wrote, in seconds since 1970-01-01 UTC.
    heard_s: BTreeMap<String, i64>,
}

/// The double.
pub struct Simulator {
    settings: Settings,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    hooks: mpsc::UnboundedSender<Value>,
}

impl Simulator {
    /// Starts one, with the journal that its folder has.
    pub fn start(settings: Settings) -> std::io::Result<Arc<Self>> {
        std::fs::create_dir_all(&settings.folder)?;
        let text = std::fs::read_to_string(settings.folder.join("journal.jsonl")).unwrap_or_default();
        let journal: Vec<Entry> = text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect();
        let mut state = State { count: journal.last().map_or(0, |e| e.n), ..State::default() };
        for entry in journal.iter().filter(|e| e.by == "citizen") {
            state.heard_s.insert(entry.user.clone(), entry.at_s);
        }
        state.journal = journal;
        let (hooks, calls) = mpsc::unbounded_channel();
        let changed = watch::Sender::new(state.count);
        let simulator = Arc::new(Self { settings, state: Mutex::new(state), changed, hooks });
        tokio::spawn(hooks::deliver(Arc::clone(&simulator), calls));
        Ok(simulator)
    }

    /// Its routes.
    pub fn router<S: Clone + Send + Sync + 'static>(self: &Arc<Self>) -> Router<S> {
        Router::new()
            .route("/simulator", get(page::show))
            .route("/simulator/chat.js", get(page::script))
            .route("/simulator/chat.css", get(page::style))
            .route("/simulator/api/send", post(page::send))
            .route("/simulator/api/attach", post(page::attach))
            .route("/simulator/api/messages", get(page::messages))
            .route("/simulator/api/media/{id}", get(media::show))
            .route("/simulator/api/unkind", get(page::unkind).post(page::set_unkind))
            .route("/simulator/graph/{version}/{id}/messages", post(graph::messages))
            .route("/simulator/graph/{version}/{id}/media", post(media::upload))
            .route("/simulator/graph/{version}/{id}", get(media::about).delete(media::delete))
            .route("/simulator/graph/files/{id}", get(media::download))
            .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
            .with_state(Arc::clone(self))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is remembered stays usable whatever happened to the thread that held it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what happened.
    fn note(&self, user: &str, by: &str, id: &str, what: Value) {
        let mut state = self.state();
        state.count += 1;
        let (n, at_s) = (state.count, now_s());
        let entry = Entry { n, user: user.into(), by: by.into(), id: id.into(), at_s, what };
        let line = serde_json::to_string(&entry).unwrap_or_default() + "\n";
        let path = self.settings.folder.join("journal.jsonl");
        let written = std::fs::OpenOptions::new().append(true).create(true).open(path);
        if let Err(e) = written.and_then(|mut f| f.write_all(line.as_bytes())) {
            tracing::warn!(error = %e, "the simulator's journal was not written");
        }
        if by == "citizen" {
            state.heard_s.insert(user.into(), at_s);
        }
        state.journal.push(entry);
        if state.journal.len() > JOURNAL_MAX {
            state.journal.drain(..JOURNAL_MAX / 10);
        }
        drop(state);
        self.changed.send_replace(n);
    }

    /// Tells the webhook something about a number.
    fn tell(&self, mut value: Value) {
        value["messaging_product"] = "whatsapp".into();
        value["metadata"] = serde_json::json!({
            "display_phone_number": "15550001111", "phone_number_id": self.settings.phone_number_id,
        });
        let _ = self.hooks.send(value);
    }
}

/// A new id with a prefix.
fn new_id(prefix: &str) -> String {
    let mut bytes = [0; 12];
    random(&mut bytes);
    format!("{prefix}{}", hex(&bytes).to_uppercase())
}
