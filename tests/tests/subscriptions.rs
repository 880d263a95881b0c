//! Verifiers who want to hear of a certificate's status: only with the holder's yes, until it is taken
//! back or its day is over, and then of every change, whatever breaks in between.

use hmac::{Hmac, KeyInit, Mac};
use mohar_tests::holder::{Held, call, in_days, in_the_chat, on_the_web, sql, tap, verifier};
use mohar_tests::hook::{Hook, Taken};
use mohar_tests::journey::pair;
use mohar_tests::phone::Phone;
use mohar_tests::{Service, mohar, sample};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::time::Duration;

const PATH: &str = "/v1/subscriptions";

fn question(held: &Held, hook: &Hook) -> Value {
    json!({ "code": held.code, "purpose": "job", "until": in_days(100), "url": hook.url })
}

fn ask(service: &Service, key: &str, question: &Value, expected: u16) -> Value {
    let (status, answer) = call(service, Some(key), "POST", PATH, Some(question));
    assert_eq!(status, expected, "{answer}");
    answer
}

fn state(service: &Service, key: &str, id: &str) -> Value {
    let (status, answer) = call(service, Some(key), "GET", &format!("{PATH}/{id}"), None);
    assert_eq!(status, 200, "{answer}");
    answer["state"].clone()
}

fn set_status(service: &Service, held: &Held, status: &str) {
    let body = json!({ "status": status, "reason": "inquiry-pending" }).to_string();
    let at = format!("/v1/certificates/{}/status", held.id);
    let (code, answer) = service.post(&at, None, body.as_bytes()).expect("an answer");
    assert_eq!(code, 200, "{answer}");
}

/// The statuses that were told, each signed with the secret, with nothing of the holder.
fn statuses(taken: &[Taken], subscription: &Value, held: &Held) -> Vec<String> {
    let secret = subscription["secret"].as_str().expect("a secret");
    let one = |(headers, body): &Taken| {
        let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let (at, v1) = header("mohar-signature").and_then(|s| s.split_once(",v1=")).expect("a signature");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{}.{body}", at.strip_prefix("t=").expect("a time")).as_bytes());
        let right = mac.finalize().into_bytes().iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
        assert_eq!(v1, right);
        let body: Value = serde_json::from_str(body).expect("JSON");
        let keys: BTreeSet<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        let told = BTreeSet::from(["certificate", "since", "status", "subscription"]);
        assert_eq!(keys, told, "and nothing else");
        assert_eq!((&body["certificate"], &body["subscription"]), (&json!(held.number), &subscription["id"]));
        body["status"].as_str().expect("a status").to_owned()
    };
    taken.iter().map(one).collect()
}

#[test]
fn a_holder_says_yes_in_the_chat_and_takes_it_back() {
    let service = Service::start("subscribed-chat");
    let (_, held) = on_the_web(&service);
    let mut phone = Phone::new(&service, "IN.subscribed");
    phone.say("hello, I need a certificate");
    let _ = phone.hear(1);
    in_the_chat(&service, "IN.subscribed", &held);
    let (hook, other_hook) = (Hook::start(1), Hook::start(0));
    let key = verifier(&service, "Delhi Metro Rail Corporation", "employer");
    let other_key = verifier(&service, "Bank of Delhi", "bank");

    let mine = ask(&service, &key, &question(&held, &hook), 201);
    assert_eq!(mine["state"], "asked");
    let id = mine["id"].as_str().expect("an id");
    let heard = phone.hear(1).remove(0).to_string();
    for said in [
        "Delhi Metro Rail Corporation",
        "(employer)",
        &held.number,
        "Application for a job",
        "I agree that Mohar",
    ] {
        assert!(heard.contains(said), "{said}: {heard}");
    }
    assert_eq!(ask(&service, &key, &question(&held, &hook), 200)["id"], id, "asked once");
    // A word is no yes: the question is shown again. The tap is.
    phone.say("yes");
    let again = phone.hear(1).remove(0).to_string();
    assert!(again.contains(&format!("subscription:yes:{id}")), "{again}");
    assert_eq!(state(&service, &key, id), "asked");
    phone.send(&tap(&format!("subscription:yes:{id}")));
    assert!(phone.hear(1)[0].to_string().contains("Noted"));
    assert_eq!(state(&service, &key, id), "active");
    phone.send(&tap(&format!("subscription:yes:{id}")));
    assert!(phone.hear(1)[0].to_string().contains("Noted"), "the same answer again");

    set_status(&service, &held, "suspended");
    set_status(&service, &held, "valid");
    let told = statuses(&hook.wait(3), &mine, &held);
    assert_eq!(told, ["valid", "suspended", "valid"], "in order, although the first was refused");

    let other = ask(&service, &other_key, &question(&held, &other_hook), 201);
    let _ = phone.hear(1);
    phone.send(&tap(&format!("subscription:yes:{}", other["id"].as_str().expect("an id"))));
    let _ = phone.hear(1);
    phone.say("consents");
    let shown = phone.hear(2);
    assert!(shown[0].to_string().contains(&format!("subscription:show:{id}")), "{shown:?}");
    phone.send(&tap(&format!("subscription:show:{id}")));
    assert!(phone.hear(1)[0].to_string().contains("Take it back"));
    phone.send(&tap(&format!("subscription:no:{id}")));
    assert!(phone.hear(1)[0].to_string().contains("You have taken it back"));
    assert_eq!(state(&service, &key, id), "withdrawn");
    set_status(&service, &held, "revoked");
    assert_eq!(statuses(&other_hook.wait(2), &other, &held), ["valid", "revoked"]);
    assert_eq!(hook.wait(3).len(), 3, "whoever is not agreed to any more hears nothing");
    let refused = ask(&service, &key, &question(&held, &hook), 409);
    assert_eq!(refused["type"], "urn:mohar:problem:status-final");
    audited(&service);
}

#[test]
fn a_holder_decides_on_the_page_and_nothing_is_lost_in_a_crash() {
    let service = Service::start("subscribed-page");
    let (mut visitor, held) = on_the_web(&service);
    let (hook, refused_hook, over_hook) = (Hook::start(0), Hook::start(0), Hook::start(0));
    let college = verifier(&service, "Miranda House", "college");
    let police = verifier(&service, "Delhi Police", "police");
    let bank = verifier(&service, "Bank of Delhi", "bank");
    let mine = ask(&service, &college, &question(&held, &hook), 201);
    let refused = ask(&service, &police, &question(&held, &refused_hook), 201);
    let over = ask(&service, &bank, &question(&held, &over_hook), 201);
    texted(&service, "Miranda House");
    let page = visitor.page("/apply/me");
    for said in
        ["Miranda House", "(school or college)", "Delhi Police", &held.number, "Application for a job"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let answer = |visitor: &mohar_tests::visitor::Visitor, word: &str, s: &Value| {
        let id = s["id"].as_str().expect("an id");
        visitor.send("/apply/me", &[pair("do", &format!("{word}:{id}"))]).1
    };
    assert!(answer(&visitor, "agree", &mine).contains("Noted. You can take it back"));
    assert!(answer(&visitor, "refuse", &refused).contains("They are told nothing"));
    assert!(answer(&visitor, "agree", &refused).contains("answered already"), "no is no");
    assert!(answer(&visitor, "agree", &over).contains("Noted"));
    let again = ask(&service, &police, &question(&held, &refused_hook), 409);
    assert_eq!(again["type"], "urn:mohar:problem:asked-before");
    assert_eq!(statuses(&over_hook.wait(1), &over, &held), ["valid"]);
    let ended = format!(
        "UPDATE subscriptions SET until_day = asked_day WHERE id = '{}'",
        over["id"].as_str().expect("an id")
    );
    let _ = sql(&service, &ended);
    let _ = sql(
        &service,
        "UPDATE subscriptions SET asked_day = asked_day - 1, until_day = until_day - 1 WHERE until_day = asked_day",
    );

    // Killed as soon as the change is answered: whoever is subscribed hears of it afterwards.
    set_status(&service, &held, "suspended");
    service.signal_kill();
    let service = Service::start_in(service.kill(), &[]);
    visitor.moved(&service.base_url);
    assert_eq!(statuses(&hook.wait(2), &mine, &held), ["valid", "suspended"]);
    assert_eq!(state(&service, &bank, over["id"].as_str().expect("an id")), "ended");
    let history = visitor.page(&format!("/apply/a/{}", held.application));
    for act in [
        "A verifier asks to hear of its status",
        "You agreed that a verifier hears",
        "You refused a verifier",
    ] {
        assert!(history.contains(act), "{act}: {history}");
    }
    let (status, all) = visitor.open("/apply/export.json");
    assert!(status == 200 && String::from_utf8_lossy(&all).contains("Miranda House"));
    // The verifier, too, may have enough of it.
    let id = mine["id"].as_str().expect("an id");
    let (status, answer) = call(&service, Some(&college), "DELETE", &format!("{PATH}/{id}"), None);
    assert_eq!((status, &answer["state"]), (200, &json!("ended")));
    let (status, _) = call(&service, Some(&bank), "GET", &format!("{PATH}/{id}"), None);
    assert_eq!(status, 404, "another's does not exist");
    set_status(&service, &held, "revoked");
    assert_eq!((hook.wait(2).len(), over_hook.wait(1).len(), refused_hook.wait(0).len()), (2, 1, 0));
    audited(&service);
}

#[test]
fn what_cannot_be_asked_is_refused_in_words() {
    let service = Service::start("subscribed-not");
    let hook = Hook::start(0);
    let certificate = service.issue(&sample("income"), "one");
    let key = verifier(&service, "Delhi Metro", "employer");
    let good = json!({ "code": certificate["qr"], "purpose": "job", "until": in_days(30), "url": hook.url });
    let but = |field: &str, value: &str| {
        let mut other = good.clone();
        other[field] = json!(value);
        other
    };
    let refused = ask(&service, &key, &good, 422);
    assert_eq!(refused["type"], "urn:mohar:problem:no-holder", "issued by a department: {refused}");
    for (field, value) in [
        ("code", "https://v.example/#123"),
        ("purpose", "curiosity"),
        ("until", &in_days(400)),
        ("url", "ftp://here"),
    ] {
        let refused = ask(&service, &key, &but(field, value), 422);
        assert_eq!(refused["faults"][0]["field"], field, "{refused}");
    }
    ask(&service, &key, &but("until", "soon"), 400);
    ask(&service, &service.api_key.clone(), &good, 403);
    ask(&service, "mohar_nothing", &good, 401);
    let (status, _) = call(&service, Some(&key), "POST", "/v1/certificates", Some(&sample("income")));
    assert_eq!(status, 401, "a verifier issues nothing");
    let database = format!("sqlite:{}", service.dir.join("mohar.db").display());
    for (name, kind) in [("", "employer"), ("*Metro*", "employer"), ("Metro", "friend"), ("Metro", "portal")]
    {
        let made = mohar(&["api-keys", "--database", &database, "add", "--verifier", name, "--kind", kind]);
        assert!(!made.status.success(), "{name} {kind}");
    }
}

/// Waits until the holder has been asked by text message.
fn texted(service: &Service, verifier: &str) {
    let asked = |messages: String| messages.lines().any(|l| l.contains(verifier) && l.contains("/apply/me"));
    for _ in 0..300 {
        if std::fs::read_to_string(service.dir.join("messages.txt")).is_ok_and(asked) {
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("the holder is not asked");
}

fn audited(service: &Service) {
    let data = service.dir.display().to_string();
    let audit = mohar(&["audit", "--data", &data]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}
