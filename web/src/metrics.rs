//! Counters for those who run the service: Prometheus text, routes as templates, no personal data.

use crate::app::App;
use crate::edge::now_s;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use mohar_issuer::ports::Ledger;
use mohar_verifier::Code;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Upper bounds of the buckets of durations, in seconds.
const BOUNDS_S: [f64; 6] = [0.001, 0.01, 0.1, 0.5, 2.0, 10.0];

#[derive(Debug, Default)]
struct Counts {
    /// By route template and status class.
    requests: BTreeMap<(String, u16), u64>,
    within: [u64; BOUNDS_S.len()],
    seconds: f64,
    verdicts: BTreeMap<String, u64>,
    /// By certificate type.
    issued: BTreeMap<String, u64>,
}

/// What has been counted since the process started.
#[derive(Debug)]
pub struct Metrics {
    started_s: i64,
    counts: Mutex<Counts>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { started_s: now_s(), counts: Mutex::default() }
    }
}

impl Metrics {
    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        // Counters stay usable whatever happened to the thread that held them.
        act(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a verdict.
    pub fn verdict(&self, code: Code) {
        self.with(|c| *c.verdicts.entry(code.id()).or_default() += 1);
    }

    /// How many verdicts were given.
    pub fn verdicts(&self) -> u64 {
        self.with(|c| c.verdicts.values().sum())
    }

    /// Counts a new certificate.
    pub fn issued(&self, kind: &str) {
        self.with(|c| *c.issued.entry(kind.to_owned()).or_default() += 1);
    }

    fn request(&self, route: String, status: u16, seconds: f64) {
        self.with(|c| {
            *c.requests.entry((route, status / 100)).or_default() += 1;
            c.seconds += seconds;
            for (bound, count) in BOUNDS_S.iter().zip(&mut c.within) {
                *count += u64::from(seconds <= *bound);
            }
        });
    }

    /// Without the size of the ledger where the database did not tell it.
    fn text(&self, ledger: Option<u64>, untold: u64) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        if let Some(size) = ledger {
            let _ = writeln!(out, "# TYPE mohar_ledger_size gauge\nmohar_ledger_size {size}");
        }
        let _ = writeln!(
            out,
            "# TYPE mohar_start_time_seconds gauge\nmohar_start_time_seconds {}",
            self.started_s
        );
        let _ = writeln!(out, "# TYPE mohar_checks_untold_total counter\nmohar_checks_untold_total {untold}");
        self.with(|c| {
            let _ = writeln!(out, "# TYPE mohar_requests_total counter");
            for ((route, class), count) in &c.requests {
                let _ =
                    writeln!(out, "mohar_requests_total{{route=\"{route}\",status=\"{class}xx\"}} {count}");
            }
            let _ = writeln!(out, "# TYPE mohar_verdicts_total counter");
            for (code, count) in &c.verdicts {
                let _ = writeln!(out, "mohar_verdicts_total{{code=\"{code}\"}} {count}");
            }
            let _ = writeln!(out, "# TYPE mohar_certificates_issued_total counter");
            for (kind, count) in &c.issued {
                let _ = writeln!(out, "mohar_certificates_issued_total{{type=\"{kind}\"}} {count}");
            }
            let _ = writeln!(out, "# TYPE mohar_request_seconds histogram");
            for (bound, count) in BOUNDS_S.iter().zip(c.within) {
                let _ = writeln!(out, "mohar_request_seconds_bucket{{le=\"{bound}\"}} {count}");
            }
            let all: u64 = c.requests.values().sum();
            let _ = writeln!(out, "mohar_request_seconds_bucket{{le=\"+Inf\"}} {all}");
            let _ =
                writeln!(out, "mohar_request_seconds_sum {}\nmohar_request_seconds_count {all}", c.seconds);
        });
        out
    }
}

/// Counts each request when its answer starts.
pub async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    // The template, never the path: paths hold ids, and strangers' paths would fill the memory.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let start = Instant::now();
    let answer = next.run(request).await;
    app.metrics.request(route, answer.status().as_u16(), start.elapsed().as_secs_f64());
    answer
}

/// `GET /metrics`.
pub async fn show(State(app): State<Arc<App>>) -> Response {
    let size = app.store.size().await.ok();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.text(size, app.told.dropped()))
        .into_response()
}
