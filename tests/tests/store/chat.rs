//! Conversations: order, claims, and what happens when a claim runs out.

use super::NOW_S;
use mohar_issuer::ports::StoreError;
use mohar_store::chat::{Arrival, Turn};
use mohar_store::engine::Store;

fn arrival(id: &str, handle: &str, sent_s: i64) -> Arrival {
    Arrival { id: id.into(), handle: handle.into(), body: format!("{{\"id\":\"{id}\"}}"), sent_s }
}

fn turn(citizen: &str, version: i64, says: &[&str]) -> Turn {
    let says = says.iter().map(|s| (*s).to_owned()).collect();
    Turn { citizen: citizen.into(), state: format!("{{\"v\":{version}}}"), version, says }
}

pub async fn chat(store: &Store) {
    let citizen = store.citizen("whatsapp", "IN.a", "w1", NOW_S).await.unwrap();
    let two = [arrival("m2", "IN.a", 20), arrival("m1", "IN.a", 10)];
    assert_eq!(store.keep_events("whatsapp", &two, NOW_S).await.unwrap(), 2);
    assert_eq!(store.keep_events("whatsapp", &two, NOW_S).await.unwrap(), 0, "kept once");
    let more = [arrival("m1", "IN.a", 10), arrival("n1", "IN.b", 30)];
    assert_eq!(store.keep_events("whatsapp", &more, NOW_S).await.unwrap(), 1);
    // The first of each citizen; the citizen's next waits for it, whatever comes meanwhile.
    let claimed = store.claim_events(NOW_S).await.unwrap();
    let ids: Vec<&str> = claimed.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["m1", "n1"]);
    store.keep_events("whatsapp", &[arrival("m0", "IN.a", 5)], NOW_S).await.unwrap();
    assert!(store.claim_events(NOW_S).await.unwrap().is_empty(), "one at a time");
    assert_eq!(store.chat_state(&citizen).await.unwrap(), None);
    store.finish_event(&claimed[0], Some(&turn(&citizen, 0, &["a", "b"]))).await.unwrap();
    let again = store.finish_event(&claimed[0], Some(&turn(&citizen, 1, &["c"]))).await;
    assert!(matches!(again, Err(StoreError::Overtaken)), "an event is done once");
    assert_eq!(store.chat_state(&citizen).await.unwrap(), Some(("{\"v\":0}".into(), 1)));
    store.finish_event(&claimed[1], None).await.unwrap();
    let earliest = store.claim_events(NOW_S).await.unwrap();
    assert_eq!(earliest[0].id, "m0", "what was sent earlier goes first");
    // The claim runs out, somebody else takes it; the first comes too late and changes nothing.
    let later = store.claim_events(NOW_S + 31).await.unwrap();
    assert_eq!((later[0].id.as_str(), later[0].attempts), ("m0", 2));
    let late = store.finish_event(&earliest[0], Some(&turn(&citizen, 1, &["late"]))).await;
    assert!(matches!(late, Err(StoreError::Overtaken)));
    let overtaken = store.finish_event(&later[0], Some(&turn(&citizen, 7, &["other version"]))).await;
    assert!(matches!(overtaken, Err(StoreError::Overtaken)), "the conversation is at version 1");
    store.put_event_back(&later[0], Some(NOW_S + 100)).await.unwrap();
    assert!(store.claim_events(NOW_S + 99).await.unwrap().is_empty());
    let third = store.claim_events(NOW_S + 100).await.unwrap();
    store.put_event_back(&third[0], None).await.unwrap();
    let last = store.claim_events(NOW_S + 100).await.unwrap();
    assert_eq!(last[0].id, "m2", "what was given up holds nobody up");
    store.finish_event(&last[0], Some(&turn(&citizen, 1, &[]))).await.unwrap();
    assert!(store.claim_events(i64::MAX - 100).await.unwrap().is_empty());
}

pub async fn says(store: &Store) {
    let first = store.claim_says(NOW_S).await.unwrap();
    let bodies: Vec<&str> = first.iter().map(|o| o.body.as_str()).collect();
    assert_eq!((bodies, first[0].about.as_str()), (vec!["a"], "m1"), "in order, none of the late ones");
    assert!(store.claim_says(NOW_S).await.unwrap().is_empty());
    store.said(first[0].id, "wamid.a").await.unwrap();
    assert_eq!(store.said_as("wamid.a").await.unwrap(), Some(first[0].id));
    assert!(!store.has_arrived(first[0].id).await.unwrap());
    store.said_progress(first[0].id, "wamid.a", 4).await.unwrap();
    store.said_progress(first[0].id, "wamid.a", 2).await.unwrap();
    assert!(store.has_arrived(first[0].id).await.unwrap(), "progress never falls");
    let second = store.claim_says(NOW_S).await.unwrap();
    store.say_later(second[0].id, NOW_S + 5, 0, "busy").await.unwrap();
    assert!(store.claim_says(NOW_S + 4).await.unwrap().is_empty());
    let second = store.claim_says(NOW_S + 5).await.unwrap();
    assert_eq!(second[0].attempts, 1, "waiting is no attempt");
    // Held until the citizen writes again, with an invitation to do so.
    store.hold(&second[0], Some("invitation"), "131047").await.unwrap();
    let invitation = store.claim_says(NOW_S + 5).await.unwrap();
    assert_eq!(invitation[0].body, "invitation");
    store.say_never(invitation[0].id, "refused").await.unwrap();
    assert_eq!(store.unsent().await.unwrap(), [(invitation[0].id, Some("refused".to_owned()))]);
    store.try_anew(invitation[0].id).await.unwrap();
    let revived = store.claim_says(NOW_S + 5).await.unwrap();
    assert_eq!((revived[0].body.as_str(), revived[0].attempts), ("invitation", 1));
    store.say_never(revived[0].id, "refused again").await.unwrap();
    store.keep_events("whatsapp", &[arrival("m9", "IN.a", 40)], NOW_S).await.unwrap();
    let event = store.claim_events(NOW_S).await.unwrap();
    store.finish_event(&event[0], Some(&turn("w1", 2, &["answer"]))).await.unwrap();
    for body in ["b", "answer"] {
        let out = store.claim_says(NOW_S + 5).await.unwrap();
        assert_eq!(out[0].body, body);
        store.said(out[0].id, body).await.unwrap();
    }
    store.say("whatsapp", "IN.b", "news").await.unwrap();
    let news = store.claim_says(NOW_S + 5).await.unwrap();
    assert_eq!(store.outgoing("whatsapp", news[0].id).await.unwrap().unwrap().body, "news");
    store.said(news[0].id, "wamid.news").await.unwrap();
}

/// A notice becomes messages once, whoever passes it on again.
pub async fn notices(store: &Store) {
    let notice = store.claim(NOW_S + 1_000_000).await.unwrap().remove(0);
    for _ in 0..2 {
        store.pass_on(notice.id, ("whatsapp", "IN.notice"), &["it is issued".to_owned()]).await.unwrap();
    }
    let says = store.claim_says(NOW_S).await.unwrap();
    let bodies: Vec<&str> = says.iter().map(|o| o.body.as_str()).collect();
    assert_eq!(bodies, ["it is issued"]);
    store.said(says[0].id, "wamid.notice").await.unwrap();
    assert!(store.claim_says(i64::MAX - 100).await.unwrap().is_empty());
}

/// What a node had claimed when it ended: taken over at once where no other can be at work on it.
pub async fn taken_over(store: &Store) {
    store.keep_events("whatsapp", &[arrival("t1", "IN.t", 10)], NOW_S).await.unwrap();
    store.say("whatsapp", "IN.t", "cut off").await.unwrap();
    assert_eq!(store.claim_events(NOW_S).await.unwrap().len(), 1);
    assert_eq!(store.claim_says(NOW_S).await.unwrap().len(), 1);
    store.take_over_claims(NOW_S).await.unwrap();
    let alone = matches!(store, Store::Sqlite { .. });
    let events = store.claim_events(NOW_S).await.unwrap();
    assert_eq!(events.len(), usize::from(alone));
    assert!(store.claim_says(NOW_S + 4).await.unwrap().is_empty(), "its news have time to come");
    assert_eq!(store.claim_says(NOW_S + 5).await.unwrap().len(), usize::from(alone));
    let event = if alone { events } else { store.claim_events(NOW_S + 30).await.unwrap() }.remove(0);
    store.finish_event(&event, None).await.unwrap();
    let say = store.claim_says(NOW_S + 100).await.unwrap().remove(0);
    store.said(say.id, "wamid.cut").await.unwrap();
}
