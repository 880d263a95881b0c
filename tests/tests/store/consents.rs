//! What holders agree to: subscriptions to the status of a certificate, and being told of checks.

use super::{NOW_S, TODAY, draft, sealer};
use jiff::ToSpan;
use mohar_issuer::application::port::Applications;
use mohar_issuer::ports::{Draft, Ledger, Outcome, StoreError};
use mohar_issuer::seal::Record;
use mohar_issuer::subscription::{By, State, Subscription, Verifier};
use mohar_schemas::status::{Detail, Status};
use mohar_store::checks::{Check, MESSAGES_A_DAY, Way};
use mohar_store::engine::Store;
use mohar_store::outbox::Webhook;
use mohar_store::subscriptions::Asked;
use serde_json::Value;

/// A certificate that came from the application of a citizen.
async fn held(store: &Store, channel: &str, handle: &str) -> (String, Record, String) {
    let citizen = store.citizen(channel, handle, &format!("id-{handle}"), NOW_S).await.unwrap();
    let application = store.start("income", &citizen, 2026, NOW_S).await.unwrap().number;
    let sealer = sealer();
    let seal = |d: Vec<Draft>, n| sealer.seal_all(d, n, NOW_S);
    let draft = Draft { caller: "console".into(), ..draft(&application, 1) };
    let Ok([Outcome::Issued(record)]) =
        <[Outcome; 1]>::try_from(store.append(vec![draft], seal).await.unwrap())
    else {
        panic!("not issued")
    };
    (citizen, record, application)
}

fn verifier(id: &str) -> Verifier {
    Verifier { id: id.into(), name: "Delhi Metro".into(), kind: "employer".into() }
}

fn question(id: &str, (citizen, record, application): &(String, Record, String)) -> Subscription {
    Subscription {
        id: id.into(),
        verifier: verifier("metro"),
        index: record.index,
        certificate: record.number.clone(),
        kind: record.kind.clone(),
        application: application.clone(),
        citizen: citizen.clone(),
        purpose: "job".into(),
        until: TODAY.checked_add(100.days()).unwrap(),
        asked: TODAY,
        state: State::Asked,
    }
}

fn hook(id: &str) -> Webhook {
    Webhook {
        id: id.into(),
        department: "metro".into(),
        url: format!("https://{id}.example"),
        secret: vec![1],
    }
}

const HOLDER: By<'_> = By::Holder { channel: "web", text: Some("status-1 hi") };

async fn ask(store: &Store, s: &Subscription) -> Asked {
    let event = s.event(State::Asked, &By::Verifier, NOW_S);
    store.ask(s, &hook(&s.id), &event, "{}").await.unwrap()
}

async fn settle(store: &Store, id: &str, to: State) -> Result<(), StoreError> {
    let now = store.subscription(id).await.unwrap().unwrap();
    store.settle(&now, to, &now.event(to, &HOLDER, NOW_S)).await
}

/// What waits for a subscriber, as (status, certificate).
async fn news(store: &Store, id: &str) -> Vec<(String, String)> {
    let mut all = vec![];
    // The oldest of each queue is claimed alone; what was sent makes room for the next.
    while let Some(mail) = store.claim(i64::MAX / 2).await.unwrap().into_iter().find(|m| m.recipient == id) {
        let body: Value = serde_json::from_str(&mail.body).unwrap();
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        all.push((text("status"), text("certificate")));
        store.sent(mail.id).await.unwrap();
    }
    all
}

pub async fn subscriptions(store: &Store) {
    store.add_verifier(&verifier("metro"), &[21; 32]).await.unwrap();
    store.add_verifier(&verifier("other"), &[22; 32]).await.unwrap();
    assert_eq!(store.verifier(&[21; 32]).await.unwrap(), Some(verifier("metro")));
    assert_eq!(store.verifier(&[9; 32]).await.unwrap(), None);
    let mine = held(store, "web", "9810022222").await;
    let (citizen, record, application) = &mine;
    let holder = store.holder(record.index).await.unwrap().unwrap();
    assert_eq!((&holder.application, &holder.citizen), (application, citizen));
    let departments = held(store, "api/key-1", "a name").await;
    assert_eq!(store.holder(departments.1.index).await.unwrap(), None, "a department's own");
    assert_eq!(store.holder(0).await.unwrap(), None, "issued over the API");

    let s = question("s1", &mine);
    assert_eq!(ask(store, &s).await, Asked::New);
    assert_eq!(store.events(application).await.unwrap()[0].act, "subscription-asked");
    assert_eq!(ask(store, &question("s2", &mine)).await, Asked::Already(s.clone()), "asked once");
    assert_eq!(store.subscription("s1").await.unwrap(), Some(s.clone()));
    assert_eq!(store.asked_of(citizen).await.unwrap(), std::slice::from_ref(&s));
    assert_eq!(store.subscriptions("metro", "").await.unwrap(), std::slice::from_ref(&s));
    assert!(store.subscriptions("metro", "s1").await.unwrap().is_empty());
    let detail = |index| Detail { index, since: TODAY, reason: 1, superseded_by: None };
    // Before the yes nobody hears anything; with it, how the certificate stands by then.
    store.set_status(Status::Suspended, detail(record.index)).await.unwrap();
    assert!(news(store, "s1").await.is_empty());
    assert_eq!(store.subscription_hook("s1").await.unwrap(), None);
    settle(store, "s1", State::Active).await.unwrap();
    let twice = store.settle(&s, State::Active, &s.event(State::Active, &HOLDER, NOW_S)).await;
    assert!(matches!(twice, Err(StoreError::Overtaken)), "agreed to once");
    assert_eq!(store.subscription_hook("s1").await.unwrap(), Some(hook("s1")));
    store.set_status(Status::Valid, detail(record.index)).await.unwrap();
    let said = |status: &str| (status.to_owned(), record.number.clone());
    assert_eq!(news(store, "s1").await, [said("suspended"), said("valid")]);
    assert!(store.set_status(Status::Valid, detail(record.index)).await.is_err());
    assert!(news(store, "s1").await.is_empty(), "a change that is refused is not told");

    // After the holder takes it back, and for the other's question with no answer: nothing.
    settle(store, "s1", State::Withdrawn).await.unwrap();
    assert_eq!(store.subscription_hook("s1").await.unwrap(), None);
    assert!(matches!(ask(store, &question("s3", &mine)).await, Asked::TooSoon(_)));
    let later = TODAY.checked_add(90.days()).unwrap();
    let again = Subscription { asked: later, ..question("s4", &mine) };
    assert_eq!(ask(store, &again).await, Asked::New, "after ninety days");
    let other = Subscription { verifier: verifier("other"), ..question("s5", &mine) };
    assert_eq!(ask(store, &other).await, Asked::New);
    settle(store, "s5", State::Active).await.unwrap();
    assert_eq!(news(store, "s5").await, [said("valid")]);
    // Its day is over, and then its key is gone.
    let after = Detail { since: TODAY.checked_add(101.days()).unwrap(), ..detail(record.index) };
    store.set_status(Status::Suspended, after).await.unwrap();
    assert!(news(store, "s5").await.is_empty(), "the last day is over");
    store.revoke_api_key("other").await.unwrap();
    store.set_status(Status::Revoked, detail(record.index)).await.unwrap();
    assert!(news(store, "s5").await.is_empty() && news(store, "s1").await.is_empty());
    store.release(citizen).await.unwrap();
    assert_eq!(store.holder(record.index).await.unwrap(), None, "whoever is forgotten is not asked");
}

fn check(index: u64, kind: &str, count: i64, by: &str) -> Check {
    Check { index, kind: kind.into(), purpose: "job".into(), first_s: NOW_S, count, by: by.into() }
}

pub async fn checks(store: &Store) {
    let mine = held(store, "whatsapp", "IN.checks").await;
    let (citizen, record, _) = &mine;
    let index = record.index;
    let keep = async |check| store.keep_checks(&[check]).await.unwrap();
    assert!(!store.wants_checks(citizen).await.unwrap());
    keep(check(index, "employer", 1, "")).await;
    assert!(store.to_be_told(i64::MAX).await.unwrap().is_empty(), "nothing is kept of who did not ask");
    store.wish_checks(citizen, true).await.unwrap();
    assert!(store.wants_checks(citizen).await.unwrap());
    let [(who, wanted, change)] = store.wishes_since(0).await.unwrap().try_into().unwrap();
    assert_eq!((&who, wanted), (citizen, true));
    assert!(store.wishes_since(change).await.unwrap().is_empty());
    assert_eq!(store.held_by(citizen).await.unwrap(), [index]);
    assert_eq!(store.wanted_between(index, index + 1).await.unwrap(), [index]);
    assert!(store.wanted_between(0, index).await.unwrap().is_empty());

    keep(check(index, "portal", 1, citizen)).await;
    keep(check(0, "portal", 1, "")).await;
    assert!(store.to_be_told(i64::MAX).await.unwrap().is_empty(), "one's own, and somebody else's");
    keep(check(index, "employer", 1, "")).await;
    keep(check(index, "employer", 2, "")).await;
    assert_eq!(store.to_be_told(NOW_S).await.unwrap(), std::slice::from_ref(citizen));
    let untold = store.untold(citizen, NOW_S).await.unwrap();
    let [one] = &untold[..] else { panic!("{untold:?}") };
    assert_eq!((one.count, one.number.as_str(), one.purpose.as_str()), (3, record.number.as_str(), "job"));
    let (chat, tomorrow_s) = (Way::Chat("whatsapp", "IN.checks"), NOW_S + 80_000);
    let tell = async |untold: &[_], now_s| {
        store.tell_checks(citizen, untold, (chat, "told"), (now_s, 20_000, tomorrow_s)).await
    };
    // One more meanwhile is not lost: it is told with the next.
    keep(check(index, "employer", 1, "")).await;
    assert!(tell(&untold, NOW_S).await.unwrap());
    assert!(matches!(tell(&untold, NOW_S).await, Err(StoreError::Overtaken)), "told once");
    assert!(store.to_be_told(NOW_S + 1).await.unwrap().is_empty(), "not again on the same day");
    store.forget_told(NOW_S + 1).await.unwrap();
    let rest = store.untold(citizen, tomorrow_s).await.unwrap();
    assert_eq!(rest.iter().map(|u| (u.count, u.purpose.as_str())).collect::<Vec<_>>(), [(1, "")]);
    // Other kinds are told, until there were enough messages on this day.
    let mut told = 1;
    for kind in ["bank", "police", "college", "court"] {
        keep(check(index, kind, 1, "")).await;
        let untold = store.untold(citizen, NOW_S).await.unwrap();
        told += i64::from(tell(&untold, NOW_S).await.unwrap());
    }
    assert_eq!(told, MESSAGES_A_DAY);
    let mut rest = store.untold(citizen, tomorrow_s).await.unwrap();
    assert_eq!(rest.len(), 3, "an employer again, and those for whom it was too many");
    let next_day = (tomorrow_s, 20_001, tomorrow_s + 86_400);
    rest.reverse();
    assert!(store.tell_checks(citizen, &rest, (Way::Post, "told"), next_day).await.unwrap());
    let posted = store.claim(i64::MAX / 2).await.unwrap();
    let posted: Vec<_> = posted.iter().filter(|m| m.queue == format!("{citizen}/check")).collect();
    assert_eq!(posted.len(), 1, "all in one");
    store.forget_mail(posted[0].id).await.unwrap();
    // What has arrived is forgotten; then nothing of it is left.
    for (out, name) in store.claim_says(i64::MAX / 2).await.unwrap().iter().zip(["a", "b", "c", "d"]) {
        assert_eq!((out.about.as_str(), out.body.as_str()), ("check", "told"));
        store.said(out.id, name).await.unwrap();
        store.said_progress(out.id, name, 3).await.unwrap();
        store.forget_told(NOW_S).await.unwrap();
        let left = store.outgoing("whatsapp", out.id).await.unwrap().unwrap();
        assert_eq!((left.about.as_str(), left.body.as_str()), ("", ""));
    }
    store.forget_told(tomorrow_s + 86_400).await.unwrap();
    assert!(store.to_be_told(i64::MAX).await.unwrap().is_empty(), "the day is over");
    keep(check(index, "bank", 1, "")).await;
    store.wish_checks(citizen, false).await.unwrap();
    assert!(store.to_be_told(i64::MAX).await.unwrap().is_empty(), "with a no, what waits is forgotten");
    assert!(store.wanted_between(index, index + 1).await.unwrap().is_empty());
    keep(check(index, "bank", 1, "")).await;
    assert!(store.to_be_told(i64::MAX).await.unwrap().is_empty());
}
