//! The channel through its real webhook, its real client and the simulator: what is not signed is
//! nothing, what comes thrice is one, what was acknowledged is answered, whoever is killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mohar_tests::Service;
use mohar_tests::phone::{Phone, call, secret, signature, webhook};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

const KILLS: u32 = 6;
/// Longer than the claims that a kill leaves behind: thirty seconds on an event, sixty on its answer.
const PATIENCE: Duration = Duration::from_mins(3);

fn ask(service: &Service, sql: &str) -> Vec<String> {
    let out = Command::new("sqlite3")
        .args(["-cmd", ".timeout 5000"])
        .arg(service.dir.join("mohar.db"))
        .arg(sql)
        .output();
    let out = out.expect("sqlite3; tests/run installs it");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect()
}

/// Waits until the database says so; gives up after three minutes.
fn wait_for(service: &Service, sql: &str, expected: &str) {
    let start = Instant::now();
    loop {
        let now = ask(service, sql).join("\n");
        if now == expected {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{sql}: {now}, expected {expected}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn signed(service: &Service, body: &[u8]) -> u16 {
    webhook(service, body, Some(&signature(service, body))).expect("an answer")
}

#[test]
fn what_is_not_signed_is_refused_and_nothing_is_stored() {
    let service = Service::start("wa-signature");
    let body = call("IN.a", &[("wamid.1", "Hi")]);
    let right = signature(&service, &body);
    let other = signature(&service, b"other bytes");
    for header in [None, Some(""), Some("sha256="), Some(other.as_str()), Some(&right[7..])] {
        assert_eq!(webhook(&service, &body, header).expect("an answer"), 401, "{header:?}");
    }
    assert_eq!(ask(&service, "SELECT count(*) FROM chat_events"), ["0"]);
    let (token, hub) = (secret(&service, "verify"), "/whatsapp/webhook?hub.mode=subscribe&hub.challenge=42");
    assert_eq!(service.get(&format!("{hub}&hub.verify_token={token}")), (200, b"42".to_vec()));
    for wrong in ["", "&hub.verify_token=", "&hub.verify_token=x"] {
        assert_eq!(service.get(&format!("{hub}{wrong}")).0, 403, "{wrong}");
    }
}

#[test]
fn what_comes_thrice_is_one_and_an_old_call_has_no_second_effect() {
    let service = Service::start("wa-thrice");
    let mut phone = Phone::new(&service, "IN.thrice");
    phone.unkind(&json!({ "duplicates": 2 }));
    phone.say("Hi");
    let heard = phone.hear(1);
    assert_eq!(heard[0]["recipient"], "IN.thrice");
    wait_for(&service, "SELECT progress FROM chat_outbox", "4");
    let body = call("IN.thrice", &[("wamid.old", "again")]);
    for _ in 0..3 {
        assert_eq!(signed(&service, &body), 200);
    }
    phone.hear(1);
    assert_eq!(signed(&service, &body), 200, "a replay is acknowledged");
    wait_for(&service, "SELECT count(*) FROM chat_events WHERE state = 'waiting'", "0");
    assert_eq!(ask(&service, "SELECT count(*) FROM chat_outbox"), ["2"]);
    assert_eq!(ask(&service, "SELECT version FROM chat_states"), ["2"]);
}

#[test]
fn two_messages_within_ten_milliseconds_are_answered_in_order_and_others_do_not_wait() {
    let service = Service::start("wa-order");
    std::thread::scope(|scope| {
        for user in 0..4 {
            let service = &service;
            scope.spawn(move || {
                for n in 0..10 {
                    let id = format!("wamid.{user}.{n}");
                    assert_eq!(signed(service, &call(&format!("IN.{user}"), &[(&id, "Hi")])), 200);
                }
            });
        }
    });
    let batch: Vec<(String, String)> = (0..10).map(|n| (format!("wamid.b.{n}"), n.to_string())).collect();
    let batch: Vec<(&str, &str)> = batch.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(signed(&service, &call("IN.b", &batch)), 200);
    wait_for(&service, "SELECT count(*) FROM chat_outbox", "50");
    for user in ["0", "1", "2", "3", "b"] {
        let order =
            ask(&service, &format!("SELECT about FROM chat_outbox WHERE handle = 'IN.{user}' ORDER BY id"));
        let expected: Vec<String> = (0..10).map(|n| format!("wamid.{user}.{n}")).collect();
        assert_eq!(order, expected);
    }
}

#[test]
fn an_acknowledged_message_is_answered_after_a_kill_once() {
    let mut dir = std::env::temp_dir().join(format!("mohar-wa-kill-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    for kill in 0..KILLS {
        let service = Service::start_in(dir, &[]);
        if kill == 0 {
            // The simulator knows the telephone.
            let mut phone = Phone::new(&service, "IN.kill");
            phone.say("Hi");
            phone.hear(1);
        }
        let id = format!("wamid.kill.{kill}");
        assert_eq!(signed(&service, &call("IN.kill", &[(&id, "Hi")])), 200);
        std::thread::sleep(Duration::from_millis(u64::from(kill * 7 % 30)));
        dir = service.kill();
    }
    let service = Service::start_in(dir, &[]);
    let expected = (KILLS + 1).to_string();
    wait_for(&service, "SELECT count(*) FROM chat_outbox WHERE state = 'sent'", &expected);
    assert_eq!(ask(&service, "SELECT count(DISTINCT about) FROM chat_outbox"), [expected.as_str()]);
    assert_eq!(ask(&service, "SELECT version FROM chat_states"), [expected.as_str()]);
    // On the telephone every answer arrived; one whose sending was cut may have come twice, under its name.
    let mut phone = Phone::new(&service, "IN.kill");
    let names: BTreeSet<String> = phone
        .new_entries()
        .iter()
        .filter(|e| e["by"] == "service")
        .map(|e| e["what"]["biz_opaque_callback_data"].to_string())
        .collect();
    assert_eq!(names.len().to_string(), expected);
}

#[test]
fn an_unkind_platform_delays_and_loses_nothing() {
    let service = Service::start("wa-unkind");
    let mut phone = Phone::new(&service, "IN.unkind");
    phone.unkind(&json!({ "limit_rates": 2, "duplicates": 1, "reorder": true }));
    phone.say("one");
    phone.hear(1);
    phone.unkind(&json!({ "fail_after": 1 }));
    phone.say("two");
    phone.hear(1);
    wait_for(&service, "SELECT count(*) FROM chat_outbox WHERE state = 'sent' AND progress = 4", "2");
    // The window has closed: an invitation goes, and the answer when the citizen writes again.
    phone.unkind(&json!({ "closed": true }));
    phone.say("three");
    let invitation = phone.hear(1);
    assert_eq!(invitation[0]["template"]["name"], "mohar_news");
    wait_for(&service, "SELECT count(*) FROM chat_outbox WHERE state = 'held'", "1");
    phone.unkind(&json!({}));
    phone.say("four");
    assert_eq!(phone.hear(2).len(), 2, "the one held back and the new one");
    wait_for(&service, "SELECT count(*) FROM chat_outbox WHERE state <> 'sent'", "0");
}

#[test]
fn a_file_is_kept_under_its_hash_even_where_its_address_expired() {
    let service = Service::start("wa-file");
    let mut phone = Phone::new(&service, "IN.file");
    phone.unkind(&json!({ "expire_urls": 1 }));
    let mut picture = std::io::Cursor::new(vec![]);
    image::RgbImage::from_pixel(9, 9, image::Rgb([1, 2, 3]))
        .write_to(&mut picture, image::ImageFormat::Png)
        .unwrap();
    let picture = picture.into_inner();
    phone.attach("image/png", &picture);
    phone.hear(1);
    let folder = std::fs::read_dir(service.dir.join("files")).unwrap().next().unwrap().unwrap().path();
    assert!(folder.file_name().unwrap().to_string_lossy().starts_with("chat-"));
    let kept = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    assert_eq!(std::fs::read(kept).unwrap(), picture);
    // A PDF, something broken, and something that says it is a picture: each is answered.
    for (kind, bytes) in
        [("application/pdf", &b"%PDF-1.4 broken"[..]), ("image/png", b"MZ"), ("audio/ogg", b"OggS")]
    {
        phone.attach(kind, bytes);
        phone.hear(1);
    }
}

#[test]
fn any_json_and_any_bytes_are_acknowledged_and_the_next_citizen_is_answered() {
    let service = Service::start("wa-any");
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    runner
        .run(&proptest::collection::vec(proptest::num::u8::ANY, 0..300), |bytes| {
            assert_eq!(signed(&service, &bytes), 200);
            Ok(())
        })
        .unwrap();
    let odd = [
        json!(null),
        json!([]),
        json!({ "entry": [{ "changes": [{ "value": { "messages": [{}, 1, null, { "id": "x\u{0}", "from": "\u{0}" }] } }] }] }),
        json!({ "entry": [{ "changes": [{ "value": { "statuses": [{ "id": "unknown", "status": "failed" }, {}] } }] }] }),
        json!({ "entry": [{ "changes": [{ "value": { "messages": [{ "id": "wamid.odd", "from": "9198", "type": "text",
            "text": { "body": format!("{}\u{200d}\u{202e}🙏", "क".repeat(4_096)) } }] } }] }] }),
    ];
    for call in &odd {
        assert_eq!(signed(&service, call.to_string().as_bytes()), 200, "{call}");
    }
    let mut phone = Phone::new(&service, "IN.next");
    phone.say("नमस्ते");
    assert!(phone.hear(1)[0]["text"]["body"].as_str().unwrap().contains("नमस्ते"));
    assert_eq!(webhook(&service, &vec![b' '; 5 << 20], Some("sha256=00")).unwrap_or(413), 413);
}

#[test]
fn the_double_refuses_what_the_platform_refuses_in_its_words() {
    let service = Service::start("wa-double");
    Phone::new(&service, "IN.known").say("Hi");
    let url = format!("{}/simulator/graph/v23.0/1000001/messages", service.base_url);
    let post = |token: &str, body: &Value| -> (u16, Value) {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let request = ureq::Agent::from(config).post(&url).header("Authorization", format!("Bearer {token}"));
        let mut answer = request.send_json(body).expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_json().expect("JSON"))
    };
    let token = secret(&service, "token");
    let text = |body: &str, to: &str| json!({ "messaging_product": "whatsapp", "recipient": to, "type": "text", "text": { "body": body } });
    let interactive = |part: Value| json!({ "messaging_product": "whatsapp", "recipient": "IN.known", "type": "interactive", "interactive": part });
    let button =
        |n: usize| json!({ "type": "reply", "reply": { "id": n.to_string(), "title": format!("B{n}") } });
    let buttons = |n: usize| {
        interactive(
            json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": (0..n).map(button).collect::<Vec<_>>() } }),
        )
    };
    assert_eq!(post(&token, &text("fine", "IN.known")).0, 200);
    assert_eq!(post(&token, &buttons(3)).0, 200);
    for (body, code) in [
        (text(&"x".repeat(4_097), "IN.known"), 131_009),
        (text("x", ""), 131_008),
        (text("x", "IN.nobody"), 131_026),
        (buttons(4), 131_009),
        (json!({}), 131_008),
        (
            json!({ "messaging_product": "whatsapp", "recipient": "IN.known", "type": "document", "document": { "id": "none" } }),
            100,
        ),
    ] {
        let (status, answer) = post(&token, &body);
        assert_eq!((status, &answer["error"]["code"]), (400, &json!(code)), "{body} {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().starts_with(&format!("(#{code})")), "{answer}");
    }
    assert_eq!(post("wrong", &text("x", "IN.known")).1["error"]["code"], 190);
}
