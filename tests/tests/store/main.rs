//! One contract suite, run on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chat;
mod consents;
mod identity;
mod money;

use mohar_issuer::application::event::{Event, GENESIS, Note};
use mohar_issuer::application::port::{Applications, Count, Inbox, With};
use mohar_issuer::application::{Officer, State};
use mohar_issuer::lint::lint;
use mohar_issuer::ports::{Draft, Extent, Ledger, Outcome, StoreError};
use mohar_issuer::request::Request;
use mohar_issuer::seal::{SealError, Sealer};
use mohar_keys::{MemoryKey, Signer};
use mohar_schemas::status::{Detail, Status};
use mohar_schemas::trust::{KeyState, Role, TrustList, TrustedKey};
use mohar_store::ApiKey;
use mohar_store::engine::Store;
use mohar_store::people::Kind;
use mohar_tests::{Service, mohar, postgres::Postgres, sample};
use mohar_verifier::Trust;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::Mutex;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);
const NOW_S: i64 = 1_795_500_000;

fn sealer() -> Sealer {
    let key = MemoryKey::from_secret(&[7; 32]);
    let trusted = TrustedKey {
        public_key: key.public_key(),
        role: Role::Certificates,
        department: "revenue".into(),
        types: vec![1, 6, 16],
        signs_from: jiff::civil::date(2026, 1, 1),
        signs_until: None,
        state: KeyState::Active,
    };
    let trust = Trust::new(TrustList {
        version: 1,
        issued_at_s: 0,
        next_update_s: i64::MAX,
        keys: vec![trusted],
        digests: vec![],
    });
    Sealer::new(BTreeMap::from([("revenue".to_owned(), Box::new(key) as Box<dyn Signer>)]), trust)
}

fn draft(name: &str, digest: u8) -> Draft {
    let request: Request = serde_json::from_value(sample("income")).unwrap();
    let linted = lint(&request, TODAY).unwrap();
    Draft { linted, caller: "caller".into(), idempotency_key: name.into(), digest: [digest; 32] }
}

async fn contract(store: &Store) {
    let sealer = sealer();
    let seal = |d: Vec<Draft>, n| sealer.seal_all(d, n, NOW_S);
    assert_eq!(store.size().await.unwrap(), 0);

    let first =
        store.append(vec![draft("a", 1), draft("b", 1), draft("a", 1), draft("a", 2)], seal).await.unwrap();
    let [Outcome::Issued(a), Outcome::Issued(b), Outcome::Replayed(again), Outcome::Conflict] = &first[..]
    else {
        panic!("{first:?}")
    };
    assert_eq!((a.index, b.index, again), (0, 1, a));

    // One refusal, and nothing of the batch is there.
    let fails = |_: Vec<Draft>, _| Err(SealError::NoKey("x".into()));
    assert!(store.append(vec![draft("c", 1), draft("d", 1)], fails).await.is_err());
    assert_eq!(store.size().await.unwrap(), 2);
    let next = store.append(vec![draft("c", 1)], seal).await.unwrap();
    assert!(matches!(&next[..], [Outcome::Issued(c)] if c.index == 2), "no index was spent");

    // More than one large statement, a few single rows, some of them known already.
    let many: Vec<Draft> = (0..150).map(|n| draft(&format!("m{n}"), 1)).collect();
    let half = store.append(many[..70].to_vec(), seal).await.unwrap();
    let all = store.append(many, seal).await.unwrap();
    for (n, (outcome, index)) in all.iter().zip(3..).enumerate() {
        match outcome {
            Outcome::Replayed(r) => assert_eq!(half[n], Outcome::Issued(r.clone())),
            Outcome::Issued(r) => assert!(n >= 70 && r.index == index, "{n} {}", r.index),
            Outcome::Conflict => panic!("{n}"),
        }
    }

    assert_eq!(store.by_id(&b.id).await.unwrap().as_ref(), Some(b));
    assert_eq!(store.by_id("nothing").await.unwrap(), None);
    assert_eq!(store.from(151, 10).await.unwrap().len(), 2);

    let detail = |index, superseded_by| Detail { index, since: TODAY, reason: 1, superseded_by };
    store.set_status(Status::Suspended, detail(1, None)).await.unwrap();
    store.set_status(Status::Superseded, detail(0, Some(2))).await.unwrap();
    let marked = store.marked(0, 1_000).await.unwrap();
    assert_eq!(marked, [(Status::Superseded, detail(0, Some(2))), (Status::Suspended, detail(1, None))]);
    store.set_status(Status::Valid, detail(1, None)).await.unwrap();
    assert_eq!(store.marked(0, 1_000).await.unwrap().len(), 1);
    let [reinstated] = store.changed(2, 10).await.unwrap().try_into().unwrap();
    assert_eq!(reinstated, (Status::Valid, detail(1, None)), "a place that changed twice stands there once");
    assert_eq!(store.changed(0, 10).await.unwrap().len(), 2);
    assert_eq!(store.changed(0, 1).await.unwrap().len(), 1);
    let refused = store.set_status(Status::Valid, detail(0, None)).await;
    assert!(matches!(refused, Err(StoreError::Transition("superseded", "valid"))));
    assert!(matches!(store.set_status(Status::Revoked, detail(999, None)).await, Err(StoreError::NotFound)));
    assert!(matches!(
        store.set_status(Status::Superseded, detail(1, Some(999))).await,
        Err(StoreError::NotFound)
    ));
    assert_eq!(store.extent().await.unwrap(), Extent { size: 153, changes: 3 }, "a refusal changes nothing");

    let key = ApiKey {
        id: "k".into(),
        department: "revenue".into(),
        types: vec!["income".into(), "caste-sc".into()],
    };
    store.add_api_key(&key, &[9; 32]).await.unwrap();
    assert_eq!(store.api_key(&[9; 32]).await.unwrap().as_ref(), Some(&key));
    assert!(store.add_api_key(&key, &[7; 32]).await.is_err(), "an id is used once");
    assert!(store.add_api_key(&ApiKey { id: "l".into(), ..key.clone() }, &[9; 32]).await.is_err());
    assert_eq!(store.api_keys().await.unwrap(), [key]);
    store.revoke_api_key("k").await.unwrap();
    assert_eq!(store.api_key(&[9; 32]).await.unwrap(), None);
    assert!(matches!(store.revoke_api_key("k").await, Err(StoreError::NoKey(_))));
    assert_eq!(store.api_key(&[8; 32]).await.unwrap(), None);
}

async fn applications(store: &Store) {
    let citizen = store.citizen("web", "9810012345", "c1", NOW_S).await.unwrap();
    assert_eq!(store.citizen("web", "9810012345", "c2", NOW_S).await.unwrap(), citizen, "known by now");
    let mut app = store.start("income", &citizen, 2026, NOW_S).await.unwrap();
    assert_eq!(app.number, "A-2026-0000001-1");
    app.answers.insert("purpose".into(), serde_json::json!({ "en": "Scholarship" }));
    store.write(&app, With::default()).await.unwrap();
    assert!(
        matches!(store.write(&app, With::default()).await, Err(StoreError::Overtaken)),
        "an older version"
    );
    let mut app = store.application(&app.number).await.unwrap().unwrap();
    assert_eq!(app.answers["purpose"]["en"], "Scholarship");
    let event = |act: &str| Event {
        application: app.number.clone(),
        at_s: NOW_S,
        actor: "citizen".into(),
        channel: "web".into(),
        act: act.into(),
        from: "draft".into(),
        to: "in-work/scrutiny".into(),
        note: Note::new("seen"),
    };
    let (submit, mend) = (event("submit"), event("mend"));
    let step = "scrutiny".to_owned();
    app.state = State::InWork { step, since: TODAY, recommended_by: None };
    app.office = "sdm-narela".into();
    app.submitted = Some(TODAY);
    let order = store.order(&app.number, 50, "o1", NOW_S).await.unwrap();
    assert_eq!(store.order(&app.number, 50, "o2", NOW_S).await.unwrap(), order, "one order an application");
    assert_eq!(store.orders_to_ask(NOW_S).await.unwrap(), [order]);
    let with =
        |event, order| With { role: Some("dealing-assistant"), events: event, order, ..With::default() };
    store.write(&app, with(std::slice::from_ref(&submit), Some("o1"))).await.unwrap();
    assert!(
        matches!(
            store.write(&app, with(std::slice::from_ref(&mend), None)).await,
            Err(StoreError::Overtaken)
        ),
        "an older version"
    );
    app.version += 1;
    let twice = store.write(&app, with(std::slice::from_ref(&mend), Some("o1"))).await;
    assert!(matches!(twice, Err(StoreError::Overtaken)), "an order is booked once");
    store.write(&app, with(std::slice::from_ref(&mend), None)).await.unwrap();
    app.version += 1;
    assert_eq!(store.application(&app.number).await.unwrap().as_ref(), Some(&app));
    let post = |office: &str| vec![("dealing-assistant".to_owned(), office.to_owned())];
    let inbox = |office: &str| Inbox { posts: post(office), ..Inbox::default() };
    assert_eq!(store.inbox(&inbox("sdm-narela")).await.unwrap(), std::slice::from_ref(&app));
    assert!(store.inbox(&inbox("sdm-rohini")).await.unwrap().is_empty(), "another office");
    assert_eq!(store.channels().await.unwrap(), [("web".to_owned(), 1)]);
    let counted = Count { service: "income".into(), state: "in-work".into(), count: 1 };
    assert_eq!(store.counts().await.unwrap(), [counted]);
    assert_eq!(store.in_state("in-work", "").await.unwrap(), std::slice::from_ref(&app));
    assert!(store.in_state("in-work", &app.number).await.unwrap().is_empty());
    assert_eq!(store.of_applicant(&citizen, None).await.unwrap(), std::slice::from_ref(&app));
    assert_eq!(store.events(&app.number).await.unwrap(), [submit.clone(), mend.clone()]);
    let log = store.log(1, 10).await.unwrap();
    assert_eq!(log[0].2, submit.hash(&GENESIS));
    assert_eq!((log[1].0, log[1].2), (2, mend.hash(&log[0].2)), "chained");
    store.write(&app, With { erase: true, ..With::default() }).await.unwrap();
    app.version += 1;
    let erased = &store.log(1, 10).await.unwrap()[0];
    assert_eq!(
        (erased.1.note.text(), erased.1.hash(&GENESIS)),
        ("", submit.hash(&GENESIS)),
        "the chain holds"
    );

    let officer = Officer { id: "asha".into(), name: "Asha".into(), posts: post("sdm-narela") };
    store.set_officer(&officer, "hash", b"secret").await.unwrap();
    assert_eq!(store.officer("asha").await.unwrap(), Some((officer, "hash".into(), b"secret".to_vec())));
    assert_eq!(store.officer("nobody").await.unwrap(), None);

    store.add_session(&[1; 32], Kind::Citizen, &citizen, 100, 200).await.unwrap();
    assert_eq!(store.session(&[1; 32], Kind::Citizen, 150).await.unwrap(), Some(citizen));
    assert_eq!(store.session(&[1; 32], Kind::Officer, 150).await.unwrap(), None, "of another kind");
    assert_eq!(store.session(&[1; 32], Kind::Citizen, 200).await.unwrap(), None, "it has ended");
    store.end_session(&[1; 32]).await.unwrap();
    assert_eq!(store.session(&[1; 32], Kind::Citizen, 150).await.unwrap(), None);

    assert_eq!(store.attempt("otp").await.unwrap(), None);
    store.set_try("otp", b"h", 300).await.unwrap();
    assert_eq!(store.attempt("otp").await.unwrap().unwrap().count, 1);
    assert_eq!(store.attempt("otp").await.unwrap().unwrap().count, 2);
    store.forget_try("otp").await.unwrap();
    assert_eq!(store.attempt("otp").await.unwrap(), None);

    assert!(store.orders_to_ask(NOW_S).await.unwrap().is_empty());
    assert_eq!(store.order_by_id("o1").await.unwrap().unwrap().state, "paid");
}

async fn whole(store: &Store) {
    contract(store).await;
    applications(store).await;
    money::money(store).await;
    money::outbox(store).await;
    money::office(store).await;
    chat::chat(store).await;
    chat::says(store).await;
    chat::notices(store).await;
    chat::taken_over(store).await;
    consents::subscriptions(store).await;
    consents::checks(store).await;
    identity::handles(store).await;
    identity::proofs(store).await;
    identity::sign_ins(store).await;
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn sqlite_keeps_the_contract() {
    let path = std::env::temp_dir().join(format!("mohar-contract-{}.db", std::process::id()));
    block_on(async { whole(&Store::open(&format!("sqlite:{}", path.display())).await.unwrap()).await });
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
}

#[test]
fn postgres_keeps_the_contract() {
    let postgres = Postgres::start("contract");
    block_on(async { whole(&Store::open(&postgres.url()).await.unwrap()).await });
}

#[test]
fn the_two_schemas_have_the_same_columns() {
    let columns = |engine: &str| -> BTreeSet<String> {
        let folder = mohar_tests::checkout().join(format!("issuer/store/migrations/{engine}"));
        let files = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path());
        let sql: String = files.map(|f| std::fs::read_to_string(f).unwrap().to_lowercase()).collect();
        let sql = sql.replace("bigint", "integer").replace("bytea", "blob").replace(" strict;", ";");
        sql.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    assert_eq!(columns("sqlite"), columns("postgres"));
}

/// The reading statements of the store, from its sources, with a literal for each place.
fn queries() -> Vec<(String, String)> {
    let mut queries = vec![];
    let files = [
        "lib",
        "applications",
        "people",
        "money",
        "office",
        "outbox",
        "chat",
        "log",
        "subscriptions",
        "checks",
        "identity",
    ];
    for file in files {
        let path = mohar_tests::checkout().join(format!("issuer/store/src/{file}.rs"));
        let source = std::fs::read_to_string(path).unwrap();
        for part in source.split("const ").skip(1) {
            let name = part.split(':').next().unwrap().to_owned();
            let Some(sql) = part.split('"').nth(1).filter(|s| s.starts_with("SELECT")) else { continue };
            let sql = (1..=9).fold(sql.to_owned(), |sql, n| sql.replace(&format!("${n}"), "'1'"));
            queries.push((name, sql));
        }
    }
    assert!(queries.len() >= 18, "{}", queries.len());
    // These read a whole table by intent: a handful of keys and officers, the counts of the dashboard.
    queries.retain(|(name, _)| {
        !["KEYS", "VERIFIERS", "COUNTS", "OFFICERS", "CHANNELS"].contains(&name.as_str())
    });
    queries
}

#[test]
fn every_query_uses_an_index_on_sqlite() {
    let path = std::env::temp_dir().join(format!("mohar-explain-{}.db", std::process::id()));
    block_on(async { drop(Store::open(&format!("sqlite:{}", path.display())).await.unwrap()) });
    for (name, sql) in queries() {
        let out = Command::new("sqlite3")
            .args(["-cmd", ".timeout 10000"])
            .arg(&path)
            .arg(format!("EXPLAIN QUERY PLAN {sql}"))
            .output();
        let plan = String::from_utf8(out.expect("sqlite3; tests/run installs it").stdout).unwrap();
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{name}: {sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{name} sorts: {sql}\n{plan}");
    }
    let _ = std::fs::remove_file(path);
}

#[test]
fn every_query_uses_an_index_on_postgres() {
    let postgres = Postgres::start("explain");
    block_on(async { drop(Store::open(&postgres.url()).await.unwrap()) });
    for (name, sql) in queries() {
        let sql = sql.replace("LIMIT '1'", "LIMIT 1");
        // On empty tables a scan is cheapest; what matters is whether an index could serve.
        let explain = format!("SET enable_seqscan = off; EXPLAIN {sql}");
        let out = Command::new("psql").args([&postgres.url(), "-XAtq", "-c", &explain]).output();
        let out = out.expect("psql; tests/run installs PostgreSQL");
        let plan = String::from_utf8(out.stdout).unwrap();
        assert!(plan.contains("Index") && !plan.contains("Seq Scan"), "{name}: {sql}\n{plan}");
    }
}

#[test]
fn two_nodes_on_one_postgres_issue_densely() {
    let postgres = Postgres::start("nodes");
    let dir = std::env::temp_dir().join(format!("mohar-nodes-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let database = ["--database", &postgres.url()];
    let nodes = [Service::start_in(dir.clone(), &database), Service::start_in(dir, &database)];
    let indices: Mutex<Vec<u64>> = Mutex::default();
    std::thread::scope(|scope| {
        for (n, node) in nodes.iter().enumerate() {
            for worker in 0..4 {
                let indices = &indices;
                scope.spawn(move || {
                    for i in 0..50 {
                        let answer = node.issue(&sample("caste-sc"), &format!("{n}-{worker}-{i}"));
                        indices.lock().unwrap().push(answer["index"].as_u64().unwrap());
                    }
                });
            }
        }
    });
    let mut indices = indices.into_inner().unwrap();
    indices.sort_unstable();
    assert_eq!(indices, (0..400).collect::<Vec<_>>(), "dense and gapless");
    // The same request through the other node gives the same certificate (each demo prints its own host).
    let again = |node: &Service| node.issue(&sample("caste-sc"), "0-0-0")["id"].clone();
    assert_eq!(again(&nodes[1]), again(&nodes[0]));
    let data = nodes[0].dir.display().to_string();
    let audit = mohar(&["audit", "--data", &data, "--database", &postgres.url()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}
