//! WhatsApp: the Business Cloud API on one side, the conversation's own words on the other.

mod answering;
mod consents;
pub mod errors;
mod graph;
mod inbound;
mod keeper;
pub mod outbound;
mod own;
mod proving;
mod sender;
pub mod signature;
mod verifying;
mod webhook;
mod worker;

pub use keeper::Keeper;
pub use webhook::{keep, verify};

use crate::app::App;
use crate::pages::Failure;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use mohar_dialogue::conversation::consents::{Request, asked};
use mohar_dialogue::say::Say;
use mohar_issuer::application::Application;
use mohar_issuer::ports::StoreError;
use mohar_schemas::words::Language;
use mohar_store::people::Citizen;
use serde::Deserialize;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// The channel's name in the store.
pub const CHANNEL: &str = "whatsapp";
/// Messages a second that the platform takes for a number.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(80).expect("more than none");
/// A message to the same citizen this often …
const PAIR_EVERY: Duration = Duration::from_secs(6);
/// … and so many at once before that.
const PAIR_BURST: NonZeroU32 = NonZeroU32::new(45).expect("more than none");
/// How long a worker sleeps when nobody wakes it: other nodes' events and second attempts.
const EVERY: Duration = Duration::from_millis(500);

/// `[whatsapp]` of the configuration. It has secrets: it is never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Such as `https://graph.facebook.com`.
    pub base_url: String,
    /// Such as `v23.0`.
    pub version: String,
    /// The number that speaks, by the platform's id.
    pub phone_number_id: String,
    /// Says that we may speak for it.
    pub token: String,
    /// Signs what the webhook gets.
    pub app_secret: String,
    /// What the platform is told to show when the webhook is set up.
    pub verify_token: String,
    /// An approved template that invites a citizen to write again, and its language; left out, what
    /// comes too late waits for the citizen.
    #[serde(default)]
    pub invitation: Option<Invitation>,
}

/// A template without gaps.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Its name at the platform.
    pub name: String,
    /// Such as `hi`.
    pub language: String,
}

/// The channel at work.
pub struct Whatsapp {
    app_secret: String,
    verify_token: String,
    invitation: Option<Invitation>,
    graph: graph::Graph,
    number: DefaultDirectRateLimiter,
    pairs: DefaultKeyedRateLimiter<String>,
    /// Something came.
    arrived: Notify,
    /// Something is to be said.
    to_say: Notify,
}

impl Whatsapp {
    pub fn new(config: Config) -> Self {
        let pair = Quota::with_period(PAIR_EVERY).unwrap_or(Quota::per_second(PER_SECOND));
        Self {
            graph: graph::Graph::new(&config),
            app_secret: config.app_secret,
            verify_token: config.verify_token,
            invitation: config.invitation,
            number: RateLimiter::direct(Quota::per_second(PER_SECOND)),
            pairs: RateLimiter::keyed(pair.allow_burst(PAIR_BURST)),
            arrived: Notify::new(),
            to_say: Notify::new(),
        }
    }

    /// How long a citizen's next message has to wait; nothing, and it counts.
    fn pair_wait(&self, handle: &str) -> Option<Duration> {
        let wait = self.pairs.check_key(&handle.to_owned()).err()?;
        Some(wait.wait_time_from(DefaultClock::default().now()))
    }

    /// Waits until the number may speak.
    async fn turn_of_number(&self) {
        while let Err(until) = self.number.check() {
            tokio::time::sleep(until.wait_time_from(DefaultClock::default().now())).await;
        }
    }
}

/// Keeps the channel going, from where a node that ended left it.
pub fn start(app: &Arc<App>) {
    if app.whatsapp.is_none() {
        return;
    }
    let app = Arc::clone(app);
    tokio::spawn(async move {
        if let Err(e) = app.store.take_over_claims(crate::edge::now_s()).await {
            tracing::warn!(error = %e, "what an earlier node had claimed waits until its claims run out");
        }
        tokio::join!(worker::work(Arc::clone(&app)), sender::send(app));
    });
}

/// Runs what blocks.
pub async fn blocking<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(act).await.ok()
}

/// Meta's published examples, from `../shared/vectors/whatsapp` beside the checkout; where that folder
/// is absent, the test says so and does nothing.
#[cfg(test)]
fn vectors(file: &str) -> Option<Vec<serde_json::Value>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../../shared/vectors/whatsapp").join(file);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Tells a citizen of this channel that a sign-in elsewhere has proved who they are.
///
/// # Errors
/// If the store is away.
pub async fn proved(app: &App, citizen: &Citizen) -> Result<(), StoreError> {
    let language = if citizen.language == "en" { Language::English } else { Language::Hindi };
    let body = crate::pages::text("digilocker_says").get(language).to_owned();
    let body = bubble(Say::Text { body });
    app.store.say(CHANNEL, &citizen.handle, &body).await?;
    if let Some(whatsapp) = &app.whatsapp {
        whatsapp.to_say.notify_one();
    }
    Ok(())
}

/// A bubble for the outbox.
pub fn bubble(say: Say) -> String {
    sender::kept(&sender::Out::Say { say })
}

/// Asks a citizen of this channel whether a verifier may hear of a certificate's status, as a notice of
/// the outbox wants.
///
/// # Errors
/// If the store is away: it is tried again.
pub async fn ask(app: &App, citizen: &Citizen, request: &Request, notice: i64) -> Result<(), StoreError> {
    let language = if citizen.language == "en" { Language::English } else { Language::Hindi };
    app.store.pass_on(notice, (CHANNEL, &citizen.handle), &[bubble(asked(language, request))]).await?;
    if let Some(whatsapp) = &app.whatsapp {
        whatsapp.to_say.notify_one();
    }
    Ok(())
}

/// Tells a citizen of this channel what has become of an application, as a notice of the outbox wants.
///
/// # Errors
/// If the store is away: the news is tried again.
pub async fn news(
    app: &App,
    citizen: &Citizen,
    application: &Application,
    notice: i64,
) -> Result<(), StoreError> {
    let says = match answering::news(app, citizen, application).await {
        Ok(says) => says,
        Err(Failure::Away(what)) => return Err(StoreError::Driver(what)),
        Err(_) => return Ok(()),
    };
    let bodies: Vec<String> = says.into_iter().map(bubble).collect();
    app.store.pass_on(notice, (CHANNEL, &citizen.handle), &bodies).await?;
    if let Some(whatsapp) = &app.whatsapp {
        whatsapp.to_say.notify_one();
    }
    Ok(())
}
