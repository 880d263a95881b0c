//! How often one caller may ask: so many requests a second, with a burst.

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::Deserialize;
use std::convert::Infallible;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::api::problem::Problem;
use crate::app::App;
use crate::edge::now_s;

/// A burst is this many seconds of the steady rate.
const BURST_S: u32 = 4;
/// With more callers remembered, those at rest are forgotten, at most once a second: what stays is
/// what asked within the burst.
const CALLERS_MAX: usize = 50_000;

/// `[limits]` of the configuration.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Requests a second from one address (an IPv6 network of 64 bits counts as one).
    pub per_address: NonZeroU32,
    /// Requests a second with one API key; a batch counts once.
    pub per_key: NonZeroU32,
    /// The service stands behind a proxy that appends the caller to `X-Forwarded-For`.
    pub behind_proxy: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let per_second = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { per_address: per_second(100), per_key: per_second(200), behind_proxy: false }
    }
}

impl Settings {
    /// For the demo, whose only caller is the person trying it, and their benchmark.
    pub fn demo() -> Self {
        Self { per_address: NonZeroU32::MAX, per_key: NonZeroU32::MAX, behind_proxy: false }
    }
}

/// The counters.
pub struct Limits {
    settings: Settings,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    keys: DefaultKeyedRateLimiter<String>,
    guessers: DefaultKeyedRateLimiter<String>,
    guessed: DefaultKeyedRateLimiter<u64>,
}

/// One caller checks so many certificates by number at once, and one more every [`GUESSER_EVERY`].
const GUESSER_BURST: NonZeroU32 = NonZeroU32::new(20).expect("more than nothing");
const GUESSER_EVERY: Duration = Duration::from_secs(6);
/// One number is asked about so often at once, and once more every [`GUESSED_EVERY`], whoever asks:
/// a hundred guesses a day, at a date of birth that is one of some twenty thousand.
const GUESSED_BURST: NonZeroU32 = NonZeroU32::new(6).expect("more than nothing");
const GUESSED_EVERY: Duration = Duration::from_mins(15);

/// One every `period`, with a burst; none only for a period of nothing.
fn slow<K: Hash + Eq + Clone>(period: Duration, burst: NonZeroU32) -> DefaultKeyedRateLimiter<K> {
    let quota = Quota::with_period(period).unwrap_or(Quota::per_hour(NonZeroU32::MIN));
    RateLimiter::keyed(quota.allow_burst(burst))
}

impl Limits {
    pub fn new(settings: Settings) -> Self {
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST));
        Self {
            settings,
            addresses: RateLimiter::keyed(quota(settings.per_address)),
            keys: RateLimiter::keyed(quota(settings.per_key)),
            guessers: slow(GUESSER_EVERY, GUESSER_BURST),
            guessed: slow(GUESSED_EVERY, GUESSED_BURST),
        }
    }

    /// Counts a question by number, of the caller and of the number; an error says how many seconds to
    /// wait.
    pub fn guess(&self, caller: &str, index: u64) -> Result<(), u64> {
        count(&self.guessers, &caller.to_owned())?;
        count(&self.guessed, &index)
    }

    /// Counts a request made with an API key.
    pub fn key(&self, id: &str) -> Result<(), Problem> {
        count(&self.keys, &id.to_owned()).map_err(Problem::too_many)
    }
}

const BURST: NonZeroU32 = NonZeroU32::new(BURST_S).expect("a burst of more than nothing");

/// Counts; an error says how many seconds to wait.
fn count<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, caller: &K) -> Result<(), u64> {
    static SWEPT_S: AtomicI64 = AtomicI64::new(0);
    let now_s = now_s();
    if limiter.len() > CALLERS_MAX && SWEPT_S.swap(now_s, Ordering::Relaxed) != now_s {
        limiter.retain_recent();
    }
    limiter
        .check_key(caller)
        .map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
}

/// Refuses a caller who asks too often, before anything else is done.
pub async fn by_address(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    // The platform speaks for everybody from a few addresses; its signature is the check.
    if request.uri().path() == "/whatsapp/webhook" {
        return next.run(request).await;
    }
    let caller = caller(&app.limits.settings, request.extensions(), request.headers());
    match count(&app.limits.addresses, &caller) {
        Ok(()) => next.run(request).await,
        Err(wait_s) => Problem::too_many(wait_s).into_response(),
    }
}

/// Who asks, as far as limits are concerned.
pub struct Caller(pub String);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self(caller(&app.limits.settings, &parts.extensions, &parts.headers).to_string()))
    }
}

fn caller(settings: &Settings, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let forwarded = if settings.behind_proxy { forwarded_for(headers) } else { None };
    network(forwarded.or(peer).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)))
}

/// Only the last entry is our own proxy's word; those before it are the caller's.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)), IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

impl Problem {
    pub fn too_many(wait_s: u64) -> Self {
        let detail = format!("Too many requests. Wait {wait_s} s and send it again.");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail);
        problem.retry_after_s = u32::try_from(wait_s).ok().and_then(NonZeroU32::new);
        problem
    }
}

/// The header of a refusal that says when to come back.
pub fn retry_after(wait_s: NonZeroU32) -> (header::HeaderName, String) {
    (header::RETRY_AFTER, wait_s.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_next_waits() {
        let limits = Limits::new(Settings { per_key: NonZeroU32::MIN, ..Settings::default() });
        let passed = (0..20).take_while(|_| limits.key("a").is_ok()).count();
        assert_eq!(passed, 4);
        assert!(limits.key("b").is_ok(), "another caller is not held up");
    }

    #[test]
    fn guesses_are_counted_by_number_and_by_caller() {
        let limits = Limits::new(Settings::demo());
        let passed = (0..20).take_while(|n| limits.guess(&format!("caller {n}"), 7).is_ok()).count();
        assert_eq!(passed, 6, "many callers, one number");
        let passed = (100..200).take_while(|n| limits.guess("one", *n).is_ok()).count();
        assert_eq!(passed, 20, "one caller, many numbers");
    }

    #[test]
    fn the_last_proxy_is_believed_and_a_network_is_one_caller() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.2.3.4, 10.0.0.1".parse().unwrap());
        assert_eq!(forwarded_for(&headers), Some([10, 0, 0, 1].into()));
        let v6 = |text: &str| network(text.parse().unwrap());
        assert_eq!(v6("2001:db8::1"), v6("2001:db8::ffff:1"));
        assert_eq!(v6("::ffff:10.0.0.1"), v6("10.0.0.1"), "one machine, however it is written");
    }
}
