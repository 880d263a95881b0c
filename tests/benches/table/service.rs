//! The running service: batches, checks, start and memory.

use crate::{CALLERS, Line};
use mohar_store::ApiKey;
use mohar_store::engine::Store;
use mohar_tests::postgres::Postgres;
use mohar_tests::{Service, sample};
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};

const CERTIFICATES: u32 = 20_000;
/// Lines of one batch: its whole answer fits the buffers of a connection, so that a client may send
/// first and read afterwards.
const BATCH: u32 = 500;

pub fn measure(lines: &mut Vec<Line>, bare: f64) {
    let service = Service::start("bench-sqlite");
    let idle = service.memory_mb("VmRSS");
    let file = format!("sqlite:{}", service.dir.join("single.db").display());
    batch(lines, bare, &service, "SQLite", &file);
    checks(lines, &service);
    let peak = service.memory_mb("VmHWM");
    lines.push(Line::most("resident memory, idle", idle, " MB", 80.0, "≤ 80 MB"));
    lines.push(Line::most("resident memory, most under load", peak, " MB", 80.0, "≤ 80 MB"));
    start(lines, service);
    let postgres = Postgres::start("bench");
    let dir = std::env::temp_dir().join(format!("mohar-bench-pg-{}", std::process::id()));
    let service = Service::start_in(dir, &["--database", &postgres.url()]);
    batch(lines, bare, &service, "PostgreSQL", &postgres.url());
}

fn batch(lines: &mut Vec<Line>, bare: f64, service: &Service, engine: &str, single: &str) {
    eprintln!("{engine}: {CERTIFICATES} certificates in batches …");
    let single = single_commits(single);
    let body = format!("{}\n", sample("income")).repeat(BATCH as usize);
    let issue = |caller: usize| {
        for n in 0..CERTIFICATES / BATCH / u32::try_from(CALLERS).unwrap_or(1) {
            let answer = service.batch(body.as_bytes(), &format!("bench-{caller}-{n}")).expect("an answer");
            assert_eq!(answer.lines().filter(|l| l.contains("\"qr\"")).count(), BATCH as usize);
        }
    };
    let start = Instant::now();
    thread::scope(|s| {
        for caller in 0..CALLERS {
            s.spawn(move || issue(caller));
        }
    });
    let rate = f64::from(CERTIFICATES) / start.elapsed().as_secs_f64();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    #[expect(clippy::cast_precision_loss, reason = "a handful of cores")]
    let limit = cores as f64 / bare;
    let name = |what: &str| format!("{engine}: certificates a second over HTTP ÷ {what}");
    lines.push(Line::least(name("(cores ÷ (bare sign + bare verify))"), rate / limit, "", 0.5, "≥ 0.5"));
    lines.push(Line::least(name("single-row commits a second"), rate / single, "", 3.0, "≥ 3"));
    lines.push(Line::plain(format!("{engine}: certificates a second"), format!("{rate:.0}")));
    lines.push(Line::plain(format!("{engine}: single-row commits a second"), format!("{single:.0}")));
}

/// One row written durably at a time, through the same driver and settings.
pub fn single_commits(database: &str) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(database).await.expect("a database");
        let (start, mut commits) = (Instant::now(), 0u32);
        while start.elapsed() < Duration::from_secs(2) {
            let key = ApiKey { id: format!("bench-{commits}"), department: "none".into(), types: vec![] };
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&commits.to_be_bytes());
            store.add_api_key(&key, &hash).await.expect("a commit");
            commits += 1;
        }
        f64::from(commits) / start.elapsed().as_secs_f64()
    })
}

fn checks(lines: &mut Vec<Line>, service: &Service) {
    eprintln!("checks …");
    let certificate = service.issue(&sample("caste-sc"), "check");
    let question = json!({ "qr": certificate["qr"] }).to_string();
    let rate = |act: &(dyn Fn() + Sync)| {
        let until = Instant::now() + Duration::from_secs(3);
        let count = || {
            let mut calls = 0u32;
            while Instant::now() < until {
                act();
                calls += 1;
            }
            calls
        };
        let all: u32 = thread::scope(|s| {
            let callers: Vec<_> = (0..CALLERS).map(|_| s.spawn(count)).collect();
            callers.into_iter().map(|c| c.join().unwrap_or(0)).sum()
        });
        f64::from(all) / 3.0
    };
    let verify = rate(&|| {
        assert_eq!(service.post("/v1/verify", None, question.as_bytes()).expect("an answer").0, 200);
    });
    let empty = rate(&|| assert_eq!(service.get("/healthz").0, 200));
    lines.push(Line::plain("POST /v1/verify, requests a second", format!("{verify:.0}")));
    lines.push(Line::plain("empty handler, requests a second", format!("{empty:.0}")));
    lines.push(Line::plain("POST /v1/verify ÷ empty handler", format!("{:.2}", verify / empty)));
}

fn start(lines: &mut Vec<Line>, service: Service) {
    eprintln!("start …");
    let mut dir = service.kill();
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let service = Service::start_in(dir.clone(), &[]);
            while service.get("/readyz").0 != 200 {}
            let took = start.elapsed().as_secs_f64();
            dir = service.kill();
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    lines.push(Line::most("start to ready", times[2], " s", 0.3, "≤ 0.3 s"));
    let _ = std::fs::remove_dir_all(dir);
}
