//! Applications: handing in durably, and the inbox of an officer as the table grows.

use crate::{CALLERS, Line, service::single_commits};
use mohar_issuer::application::act::{Desk, submit};
use mohar_issuer::application::port::{Applications, With};
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, example};
use mohar_schemas::sha256;
use mohar_store::engine::Store;
use mohar_tests::Service;
use mohar_tests::journey::officer_as;
use mohar_tests::postgres::Postgres;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub fn measure(lines: &mut Vec<Line>) {
    let service = Service::start("bench-applications");
    let database = service.dir.join("mohar.db");
    let sql = |sql: &str| run(Command::new("sqlite3").arg(&database).arg(sql));
    engine(lines, &service, "SQLite", &format!("sqlite:{}", database.display()), &sql);
    let postgres = Postgres::start("bench-applications");
    let dir = std::env::temp_dir().join(format!("mohar-bench-apps-{}", std::process::id()));
    let service = Service::start_in(dir, &["--database", &postgres.url()]);
    let url = postgres.url();
    let sql = |sql: &str| run(Command::new("psql").args([&url, "-Xq", "-c", sql]));
    engine(lines, &service, "PostgreSQL", &url, &sql);
}

fn run(command: &mut Command) {
    let done = command.stdout(std::process::Stdio::null()).status();
    assert!(done.is_ok_and(|s| s.success()), "{command:?}");
}

fn engine(lines: &mut Vec<Line>, service: &Service, engine: &str, url: &str, sql: &dyn Fn(&str)) {
    eprintln!("{engine}: applications …");
    let single = single_commits(url);
    let rate = submitted(url);
    let name = format!("{engine}: applications handed in a second ÷ single-row commits a second");
    lines.push(Line::plain(name, format!("{:.2}", rate / single)));
    sql(
        "INSERT INTO officers SELECT 'bench', name, '[[\"dealing-assistant\",\"sdm-narela\"]]', password, totp FROM officers WHERE id = 'dealing-assistant'",
    );
    let visitor = officer_as(service, "bench", "dealing-assistant");
    let mut medians = vec![];
    for (from, to) in [(1, 10_000), (10_001, 1_000_000)] {
        sql(&filled(engine, from, to));
        let mut times: Vec<f64> = (0..400)
            .map(|_| {
                let start = Instant::now();
                assert!(visitor.page("/console").contains("A-2025-"));
                start.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        medians.push(times[200]);
    }
    if engine == "SQLite" {
        officers(lines, service, sql);
    }
    let ratio = medians[1] / medians[0];
    let name = format!("{engine}: inbox at 1,000,000 applications ÷ at 10,000");
    lines.push(Line::most(name, ratio, "", 1.5, "≤ 1.5"));
    lines.push(Line::plain(
        format!("{engine}: inbox page at 1,000,000"),
        format!("{:.1} ms", medians[1] * 1e3),
    ));
}

/// Resident memory after a thousand officers have opened their inbox.
fn officers(lines: &mut Vec<Line>, service: &Service, sql: &dyn Fn(&str)) {
    let tokens: Vec<String> = (0..1_000).map(|n| format!("officer-{n}")).collect();
    for chunk in tokens.chunks(100) {
        let row = |t: &String| format!("(x'{}', 'officer', 'bench', 4102444800)", hex(&sha256(t.as_bytes())));
        let rows = chunk.iter().map(row).collect::<Vec<_>>().join(", ");
        sql(&format!("INSERT INTO sessions (hash, kind, who, expires_s) VALUES {rows}"));
    }
    for token in &tokens {
        let agent = ureq::Agent::new_with_defaults();
        let request = agent.get(format!("{}/console", service.base_url));
        let mut answer = request.header("Cookie", format!("mohar_officer={token}")).call().expect("an inbox");
        assert!(answer.body_mut().read_to_string().expect("a page").contains("A-2025-"));
    }
    let mb = service.memory_mb("VmRSS");
    lines.push(Line::plain("memory with 1,000 officers signed in".to_owned(), format!("{mb:.0} MB")));
}

/// Applications that wait with every office in turn.
fn filled(engine: &str, from: u32, to: u32) -> String {
    let numbers = if engine == "SQLite" {
        format!("WITH RECURSIVE s(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM s WHERE n < {to}) SELECT")
    } else {
        format!("WITH s AS (SELECT generate_series({from}, {to}) AS n) SELECT")
    };
    let office = "CASE n % 40 WHEN 0 THEN 'sdm-narela' ELSE 'sdm-rohini' END";
    let body = r#"{"state":{"state":"in-work","step":"scrutiny","since":"2026-11-20","recommended_by":null},"answers":{},"documents":[]}"#;
    let number = "'A-2025-' || substr('0000000' || n, -7) || '-0'";
    let number = if engine == "SQLite" {
        number.to_owned()
    } else {
        "'A-2025-' || lpad(n::text, 7, '0') || '-0'".to_owned()
    };
    format!(
        "INSERT INTO citizens (id, channel, handle, since_s) VALUES ('bench', 'web', 'bench', 0) ON CONFLICT (id) DO NOTHING; \
         INSERT INTO applications (number, service, applicant, office, state, role, body, submitted_day, version, created_s) \
         {numbers} {number}, 'income', 'bench', {office}, 'in-work', 'dealing-assistant', '{body}', 20777, 1, n FROM s"
    )
}

/// Drafts handed in durably, a second, by several callers at once.
fn submitted(url: &str) -> f64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Arc::new(Store::open(url).await.expect("a database"));
        let citizen = store.citizen("bench", "bench", "bench-citizen", 0).await.expect("a citizen");
        let service = published().service("old-age-pension").expect("a service");
        let workflow = published().workflow(service).expect("a workflow");
        let today = jiff::civil::date(2026, 11, 24);
        let start = Instant::now();
        let callers = (0..CALLERS).map(|_| {
            let (store, citizen) = (Arc::clone(&store), citizen.clone());
            tokio::spawn(async move {
                let desk = Desk { service, workflow, channel: "web", now_s: 1_795_500_000, today };
                let mut done = 0u32;
                while start.elapsed() < Duration::from_secs(2) {
                    let mut app = store.start(&service.id, &citizen, 2026, 0).await.expect("a draft");
                    let fields = service.fields.iter().filter(|f| f.by == By::Citizen);
                    app.answers = fields.map(|f| (f.id.clone(), example(service, f, today))).collect();
                    app.documents = service
                        .documents
                        .iter()
                        .map(|d| mohar_issuer::application::Attached {
                            kind: d.kind.clone(),
                            sha256: String::new(),
                            format: "pdf".into(),
                            bytes: 1,
                        })
                        .collect();
                    let (next, event) = submit(app, &desk).expect("the example is right");
                    let with = With { role: Some("dealing-assistant"), events: &[event], ..With::default() };
                    store.write(&next, with).await.expect("written");
                    done += 1;
                }
                done
            })
        });
        let callers: Vec<_> = callers.collect();
        let mut all = 0;
        for caller in callers {
            all += caller.await.expect("a caller");
        }
        f64::from(all) / start.elapsed().as_secs_f64()
    })
}
