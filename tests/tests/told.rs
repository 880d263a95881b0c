//! Holders who ask to be told when somebody checks their certificates: told once a day of a kind of
//! caller, not too often, without names, and nothing is kept of anybody else.

use mohar_tests::Service;
use mohar_tests::holder::{Held, call, in_the_chat, on_the_web, sql, tap, verifier};
use mohar_tests::journey::pair;
use mohar_tests::phone::Phone;
use serde_json::json;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

fn check(service: &Service, key: Option<&str>, held: &Held, purpose: &str) {
    let path = format!("/v1/verify{purpose}");
    let (status, report) = call(service, key, "POST", &path, Some(&json!({ "qr": held.code })));
    assert_eq!((status, &report["verdict"]), (200, &json!("genuine")), "{report}");
}

/// Checks again and again until it is kept: a wish counts on every node after a moment.
fn checked_until_kept(service: &Service, key: Option<&str>, held: &Held, meanwhile: impl Fn()) {
    let start = Instant::now();
    while sql(service, "SELECT COUNT(*) FROM checks") == "0" {
        assert!(start.elapsed() < PATIENCE, "nothing is kept");
        check(service, key, held, "");
        meanwhile();
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// The facts of the example applicant, as they stand on the paper.
fn name_on(service: &Service, held: &Held) -> String {
    let (_, report) = call(service, None, "POST", "/v1/verify", Some(&json!({ "qr": held.code })));
    let fields = report["fields"].as_array().expect("fields");
    let name = fields.iter().find(|f| f["id"] == "name").expect("a name");
    name["value"]["en"].as_str().expect("text").to_owned()
}

#[test]
fn whoever_asks_is_told_in_the_chat_once_a_day_and_may_stop() {
    let service = Service::start("told-chat");
    let (_, held) = on_the_web(&service);
    let name = name_on(&service, &held);
    let mut phone = Phone::new(&service, "IN.told");
    phone.say("hello, I need a certificate");
    let _ = phone.hear(1);
    in_the_chat(&service, "IN.told", &held);
    let (bank, metro) =
        (verifier(&service, "Bank of Delhi", "bank"), verifier(&service, "Delhi Metro", "employer"));
    check(&service, Some(&bank), &held, "");
    phone.say("tell me when somebody checks my certificate");
    assert!(phone.hear(1)[0].to_string().contains("Would you like to be told"));
    phone.send(&tap("checks:yes"));
    assert!(phone.hear(1)[0].to_string().contains("From now on you are told"));

    checked_until_kept(&service, Some(&bank), &held, || {});
    let told = phone.hear(1)[0].to_string();
    assert!(told.contains("A bank checked your certificate") && told.contains(&held.number), "{told}");
    assert!(
        !told.contains("Bank of Delhi") && !told.contains("127.0.0.1") && !told.contains(&name),
        "{told}"
    );

    check(&service, Some(&metro), &held, "?purpose=job");
    let told = phone.hear(1)[0].to_string();
    assert!(told.contains("An employer checked") && told.contains("Application for a job"), "{told}");
    assert!(!told.contains("Delhi Metro"), "the kind, not the name: {told}");
    // A second one on the same day is not told; what comes next is somebody else's, by number.
    check(&service, Some(&metro), &held, "?purpose=job");
    let fact = json!({ "number": held.number, "fact": { "kind": "name", "value": name } });
    let (status, _) = call(&service, None, "POST", "/v1/verify/number", Some(&fact));
    assert_eq!(status, 200);
    let told = phone.hear(1)[0].to_string();
    assert!(told.contains("Somebody who did not say who they are checked"), "{told}");

    // Three messages were enough for this day: the rest is told together, in the morning.
    check(&service, Some(&service.api_key.clone()), &held, "");
    until(&service, KINDS, "bank,employer,government,not-stated");
    let _ = sql(&service, "UPDATE wishes SET told_day = 0; UPDATE checks SET due_s = 0");
    let told = phone.hear(1)[0].to_string();
    assert!(
        told.contains("Your certificates were checked") && told.contains("A government department"),
        "{told}"
    );
    assert!(told.contains("An employer, 1 ×"), "{told}");

    // One's own check is answered, and that is all.
    let pdf = service.get_as_caller(&format!("/v1/certificates/{}/pdf", held.id));
    phone.attach("application/pdf", &pdf);
    assert!(phone.hear(1)[0].to_string().contains("enuine"));
    check(&service, Some(&service.api_key.clone()), &held, "");
    until(&service, "SELECT count FROM checks WHERE kind = 'government'", "1");
    assert_eq!(sql(&service, "SELECT COUNT(*) FROM checks WHERE kind = 'chat'"), "0");
    phone.say("consents");
    assert!(phone.hear(1)[0].to_string().contains("Stop telling me"));
    phone.send(&tap("checks:no"));
    assert!(phone.hear(1)[0].to_string().contains("You are not told of checks any more"));
    assert_eq!(sql(&service, "SELECT COUNT(*) FROM checks"), "0", "with a no, everything is forgotten");
    let metrics = String::from_utf8(service.get("/metrics").1).expect("text");
    assert!(metrics.contains("\nmohar_checks_untold_total 0\n"), "{metrics}");
}

/// Waits until the database says so.
fn until(service: &Service, statement: &str, expected: &str) {
    let start = Instant::now();
    while sql(service, statement) != expected {
        assert!(start.elapsed() < PATIENCE, "{}", sql(service, "SELECT kind, count FROM checks"));
        std::thread::sleep(Duration::from_millis(100));
    }
}

const KINDS: &str = "SELECT group_concat(kind) FROM (SELECT kind FROM checks ORDER BY kind)";

#[test]
fn without_the_wish_nothing_is_kept_and_on_the_web_it_is_a_text_message() {
    let service = Service::start("told-web");
    let (visitor, held) = on_the_web(&service);
    let other = service.issue(&mohar_tests::sample("income"), "of a department");
    let page = visitor.page("/apply/me");
    assert!(page.contains("You are not told."), "{page}");
    check(&service, None, &held, "");
    let (_, page) = visitor.send("/apply/me", &[pair("do", "checks:yes")]);
    assert!(page.contains("From now on we tell you") && page.contains("You are told."), "{page}");
    let messages = || std::fs::read_to_string(service.dir.join("messages.txt")).unwrap_or_default();
    checked_until_kept(&service, None, &held, || {
        let _ = call(&service, None, "POST", "/v1/verify", Some(&json!({ "qr": other["qr"] })));
    });
    until(&service, "SELECT told FROM wishes", "1");
    until(&service, "SELECT COUNT(*) FROM outbox WHERE queue LIKE '%/check'", "0");
    let told = messages().lines().find(|l| l.contains("/apply/me")).map(str::to_owned).expect("told");
    assert!(told.starts_with("9810012345") && told.contains(&held.number), "{told}");
    assert_eq!(sql(&service, "SELECT COUNT(DISTINCT place) FROM checks"), "1", "nothing of others is kept");
    // On the page for numbers, signed in, it is one's own check; signed out, it is somebody's.
    let own = [pair("number", &held.number), pair("kind", "name"), pair("value", &name_on(&service, &held))];
    assert!(visitor.send("/number", &own).1.contains(&held.number));
    let stranger = mohar_tests::visitor::Visitor::new(&service.base_url);
    assert!(stranger.send("/number", &own).1.contains(&held.number));
    until(&service, KINDS, "not-stated,portal");
    let all = sql(&service, "SELECT SUM(count) FROM checks WHERE kind = 'portal'");
    assert!(all == "0" || all == "1", "told, or to be told, of one: {all}");
}
