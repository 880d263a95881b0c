//! Tells holders who ask for it that somebody has checked their certificate: when, what kind of caller,
//! what for. Never a name, an address or a place, and never a check without a network, which nobody
//! learns of.
//!
//! A verdict waits for none of this: the certificates of those who ask are a set in memory, and what is
//! seen goes into a queue. Where it is full, it is dropped and counted.

mod teller;
mod wanted;

use crate::app::App;
use crate::edge::now_s;
use crate::pages;
use axum::http::{HeaderMap, header};
use mohar_schemas::checker;
use mohar_schemas::purpose::Purpose;
use mohar_schemas::sha256;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::mpsc;

/// Checks that wait to be written; some 100 bytes each.
const QUEUE_MAX: usize = 4_096;

/// Who checks, as far as it is known.
#[derive(Clone, Copy)]
pub enum Checker<'a> {
    /// Over HTTP: what the request says of itself.
    Request(&'a HeaderMap),
    /// On our pages: the citizen, if signed in.
    Page(Option<&'a str>),
    /// In the chat: the citizen.
    Chat(&'a str),
}

/// The same, as it waits. What has to be looked up is looked up later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum By {
    /// The SHA-256 of an API key.
    Key([u8; 32]),
    /// The SHA-256 of the token of a citizen's session, on the portal.
    Session([u8; 32]),
    /// A kind, and the citizen where that is known.
    Known(&'static str, String),
}

impl By {
    fn of(checker: Checker<'_>) -> Self {
        let headers = match checker {
            Checker::Request(headers) => headers,
            Checker::Page(who) => return Self::Known(checker::PORTAL, who.unwrap_or_default().to_owned()),
            Checker::Chat(who) => return Self::Known(checker::CHAT, who.to_owned()),
        };
        let get = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let key = get(header::AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Bearer "));
        match (key, get("sec-fetch-site")) {
            (Some(key), _) => Self::Key(sha256(key.trim().as_bytes())),
            (None, Some("same-origin")) => pages::citizen_session(headers)
                .map_or_else(|| Self::Known(checker::PORTAL, String::new()), Self::Session),
            _ => Self::Known(checker::NOT_STATED, String::new()),
        }
    }
}

/// A check.
struct Seen {
    index: u64,
    by: By,
    purpose: &'static str,
    at_s: i64,
}

/// What this node has seen and whom it is to tell.
pub struct Told {
    /// The certificates whose holders want to be told; eight bytes each and some room.
    wanted: RwLock<HashSet<u64>>,
    queue: mpsc::Sender<Seen>,
    waiting: Mutex<Option<mpsc::Receiver<Seen>>>,
    dropped: AtomicU64,
}

impl Default for Told {
    fn default() -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        Self {
            wanted: RwLock::default(),
            queue,
            waiting: Mutex::new(Some(waiting)),
            dropped: AtomicU64::new(0),
        }
    }
}

impl Told {
    /// Notes that somebody has checked a certificate, where its holder wants to know.
    pub fn checked(&self, index: u64, by: Checker<'_>, purpose: Option<&'static Purpose>) {
        if !self.wanted.read().unwrap_or_else(PoisonError::into_inner).contains(&index) {
            return;
        }
        let purpose = purpose.map_or("", |p| p.id.as_str());
        let seen = Seen { index, by: By::of(by), purpose, at_s: now_s() };
        if self.queue.try_send(seen).is_err() {
            self.drop_some(1);
        }
    }

    /// How many checks were not told because there were too many at once.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    fn drop_some(&self, count: u64) {
        self.dropped.fetch_add(count, Ordering::Relaxed);
    }
}

/// Keeps holders told.
pub fn start(app: &Arc<App>) {
    let waiting = app.told.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let (Some(waiting), true) = (waiting, app.pages.is_some()) {
        tokio::spawn(wanted::follow(Arc::clone(app)));
        tokio::spawn(teller::keep(Arc::clone(app), waiting));
        tokio::spawn(teller::tell(Arc::clone(app)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_caller_is_known_by_what_it_says_of_itself_and_by_nothing_else() {
        let by = |all: &[(&'static str, &str)]| By::of(Checker::Request(&headers(all)));
        let known = |kind| By::Known(kind, String::new());
        assert_eq!(
            by(&[("x-forwarded-for", "1.2.3.4"), ("user-agent", "Somebody")]),
            known(checker::NOT_STATED)
        );
        assert_eq!(by(&[("sec-fetch-site", "cross-site")]), known(checker::NOT_STATED));
        assert_eq!(by(&[("sec-fetch-site", "same-origin")]), known(checker::PORTAL));
        let session = by(&[("sec-fetch-site", "same-origin"), ("cookie", "lang=hi; mohar=abc")]);
        assert_eq!(session, By::Session(sha256(b"abc")));
        assert_eq!(by(&[("authorization", "Bearer k ")]), By::Key(sha256(b"k")));
    }

    #[test]
    fn only_what_is_wanted_waits_and_what_does_not_fit_is_counted() {
        let told = Told::default();
        let check = |index| told.checked(index, Checker::Page(None), None);
        check(7);
        assert_eq!(told.queue.capacity(), QUEUE_MAX, "nobody wants to know");
        told.wanted.write().unwrap().insert(7);
        (0..QUEUE_MAX + 3).for_each(|_| check(7));
        assert_eq!((told.queue.capacity(), told.dropped()), (0, 3));
    }
}
