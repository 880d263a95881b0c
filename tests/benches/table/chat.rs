//! The chat's webhook: how soon what came is durable and acknowledged, and how many events a second are,
//! while messages are answered and the news of the answers come in.

use crate::{Line, service::single_commits};
use mohar_tests::Service;
use mohar_tests::phone::{Phone, call, signature};
use mohar_tests::postgres::Postgres;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Events a second while the time to the answer is measured, and for how long.
const RATE: u32 = 200;
const SECONDS: u32 = 15;
/// Connections that the platform holds.
const CONNECTIONS: usize = 16;
/// Events, as fast as they are taken.
const MOST: usize = 4_000;
/// Citizens who write, in turn.
const CITIZENS: usize = 400;

pub fn measure(lines: &mut Vec<Line>) {
    let service = Service::start("bench-chat");
    let file = format!("sqlite:{}", service.dir.join("single.db").display());
    engine(lines, &service, "SQLite", &file);
    let postgres = Postgres::start("bench-chat");
    let dir = std::env::temp_dir().join(format!("mohar-bench-chat-{}", std::process::id()));
    let service = Service::start_in(dir, &["--database", &postgres.url()]);
    engine(lines, &service, "PostgreSQL", &postgres.url());
}

fn engine(lines: &mut Vec<Line>, service: &Service, engine: &str, single: &str) {
    eprintln!("{engine}: webhook …");
    let single = single_commits(single);
    // Answers go out beside it, and their news come in: the simulator knows the telephones.
    for n in 0..CITIZENS {
        Phone::new(service, &format!("IN.bench{n}")).say("नमस्ते");
    }
    let calls = calls(service, "steady", (RATE * SECONDS) as usize);
    let every = Duration::from_secs(1) / RATE;
    let mut times = posted(service, &calls, Some(every));
    times.sort_by(f64::total_cmp);
    let ms = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)] * 1e3;
    let name = |what: &str| format!("{engine}: webhook to 200, {RATE} messages a second, {what}");
    lines.push(Line::most(name("median"), ms(50), " ms", 10.0, "≤ 10 ms"));
    lines.push(Line::most(name("99 of 100"), ms(99), " ms", 100.0, "≤ 100 ms"));
    let calls = self::calls(service, "fast", MOST);
    let start = Instant::now();
    posted(service, &calls, None);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand events")]
    let rate = MOST as f64 / start.elapsed().as_secs_f64();
    let name = format!("{engine}: webhook events a second ÷ single-row commits a second");
    lines.push(Line::plain(name, format!("{:.2}", rate / single)));
    lines.push(Line::plain(format!("{engine}: webhook events a second"), format!("{rate:.0}")));
}

/// Signed calls, one message each.
fn calls(service: &Service, what: &str, count: usize) -> Vec<(Vec<u8>, String)> {
    let one = |n: usize| {
        let id = format!("wamid.{what}.{n}");
        let body = call(&format!("IN.bench{}", n % CITIZENS), &[(&id, "आय प्रमाण पत्र कैसे बनेगा")]);
        let signature = signature(service, &body);
        (body, signature)
    };
    (0..count).map(one).collect()
}

/// Posts calls over several connections, one every so often or as fast as they are taken; gives the seconds
/// from the moment each was due to its answer.
fn posted(service: &Service, calls: &[(Vec<u8>, String)], every: Option<Duration>) -> Vec<f64> {
    let (start, next) = (Instant::now(), AtomicUsize::new(0));
    let connection = || {
        let agent = ureq::Agent::new_with_defaults();
        let url = format!("{}/whatsapp/webhook", service.base_url);
        let mut times = vec![];
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some((body, signature)) = calls.get(n) else { return times };
            let due = every.map_or_else(Instant::now, |every| start + every * u32::try_from(n).unwrap_or(0));
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let request = agent.post(&url).header("X-Hub-Signature-256", signature);
            let mut answer = request.send(&body[..]).expect("it is taken");
            // The connection is used again once its answer is read.
            answer.body_mut().read_to_vec().expect("an answer");
            times.push(due.elapsed().as_secs_f64());
        }
    };
    thread::scope(|scope| {
        let connections: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(connection)).collect();
        connections.into_iter().flat_map(|c| c.join().expect("a connection")).collect()
    })
}
