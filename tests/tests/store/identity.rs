//! Who a citizen is: two names of a channel for one citizen, and what is kept of a proof.

use super::NOW_S;
use jiff::civil::date;
use mohar_issuer::application::port::Applications;
use mohar_schemas::identity::{Identity, Person, Proof};
use mohar_store::chat::{Arrival, Turn};
use mohar_store::engine::Store;

const CHANNEL: &str = "whatsapp";

async fn known_as(store: &Store, handle: &str, also: &str, new: &str) -> String {
    store.citizen_known_as(CHANNEL, handle, also, new, NOW_S).await.unwrap()
}

async fn by(store: &Store, handle: &str, new: &str) -> String {
    store.citizen(CHANNEL, handle, new, NOW_S).await.unwrap()
}

fn proved(name: &str, born: i16, four: &str) -> Identity {
    let born = Some(date(born, 8, 15));
    let person = Person { name: name.into(), born, last_four: Some(four.into()) };
    Identity { proof: Proof::AadhaarQr(person), on: super::TODAY }
}

pub async fn handles(store: &Store) {
    // By number first, then by both, then by the opaque id alone: one citizen, who is written to by that.
    let asha = by(store, "9198100", "asha").await;
    store.say(CHANNEL, "9198100", "for asha").await.unwrap();
    assert_eq!(known_as(store, "IN.asha", "9198100", "x1").await, asha);
    assert_eq!(known_as(store, "IN.asha", "9198100", "x2").await, asha, "as often as it comes");
    for handle in ["IN.asha", "9198100"] {
        assert_eq!(by(store, handle, "x3").await, asha, "{handle}");
    }
    assert_eq!(store.citizen_by_id(&asha).await.unwrap().unwrap().handle, "IN.asha");
    let mut waiting = store.claim_says(NOW_S + 100).await.unwrap();
    waiting.retain(|o| o.body == "for asha");
    let to: Vec<_> = waiting.iter().map(|o| (o.handle.as_str(), o.body.as_str())).collect();
    assert_eq!(to, [("IN.asha", "for asha")], "what waits goes where the citizen now is");
    store.said(waiting[0].id, "wamid.asha").await.unwrap();

    // Both at first sight.
    let ravi = known_as(store, "IN.ravi", "9198200", "ravi").await;
    assert_eq!(
        (by(store, "9198200", "x4").await, by(store, "IN.ravi", "x5").await),
        (ravi.clone(), ravi.clone())
    );
    // The number goes to somebody else, who is not given what was Ravi's.
    let meena = known_as(store, "IN.meena", "9198200", "meena").await;
    assert_ne!(meena, ravi);
    assert_eq!(by(store, "9198200", "x6").await, meena);
    assert_eq!(by(store, "IN.ravi", "x7").await, ravi);

    // Two citizens by mistake, of before: what was begun under the number is the citizen's, too.
    let (old, new) = (by(store, "9198300", "old").await, by(store, "IN.gita", "new").await);
    let number = store.start("income", &old, 2026, NOW_S).await.unwrap().number;
    let events = [Arrival { id: "g1".into(), handle: "9198300".into(), body: "{}".into(), sent_s: 1 }];
    store.keep_events(CHANNEL, &events, NOW_S).await.unwrap();
    let event = store.claim_events(NOW_S + 200).await.unwrap();
    let turn = Turn { citizen: old.clone(), state: "{}".into(), version: 0, says: vec![] };
    store.finish_event(&event[0], Some(&turn)).await.unwrap();
    store.prove(&old, &proved("Gita", 1_980, "7777")).await.unwrap();
    assert_eq!(known_as(store, "IN.gita", "9198300", "x8").await, new);
    assert_eq!(store.application(&number).await.unwrap().unwrap().applicant, new);
    assert_eq!(store.identity(&new).await.unwrap(), Some(proved("Gita", 1_980, "7777")));
    assert_eq!((store.identity(&old).await.unwrap(), store.chat_state(&old).await.unwrap()), (None, None));
    assert_eq!(by(store, "9198300", "x9").await, new);

    // Unless they have proved to be two.
    let (one, two) = (by(store, "9198400", "one").await, by(store, "IN.two", "two").await);
    let number = store.start("income", &one, 2026, NOW_S).await.unwrap().number;
    store.prove(&one, &proved("One", 1_970, "1111")).await.unwrap();
    store.prove(&two, &proved("Two", 1_971, "2222")).await.unwrap();
    assert_eq!(known_as(store, "IN.two", "9198400", "y1").await, two);
    assert_eq!(store.application(&number).await.unwrap().unwrap().applicant, one, "not handed over");
    assert_eq!(store.identity(&one).await.unwrap(), Some(proved("One", 1_970, "1111")));
    assert_eq!(by(store, "9198400", "y0").await, two);

    // Erased: neither name leads back.
    store.release(&asha).await.unwrap();
    assert_eq!(by(store, "9198100", "y2").await, "y2");
    assert_eq!(known_as(store, "IN.asha", "9198100", "y3").await, "y2");
}

pub async fn proofs(store: &Store) {
    let citizen = by(store, "IN.proof", "proof").await;
    assert_eq!(store.identity(&citizen).await.unwrap(), None);
    let seen = Identity { proof: Proof::Counter { operator: "csc-operator".into() }, on: super::TODAY };
    assert!(store.prove(&citizen, &seen).await.unwrap());
    assert_eq!(store.identity(&citizen).await.unwrap(), Some(seen.clone()));
    let sunita = proved("Sunita Devi", 1_990, "1234");
    assert!(store.prove(&citizen, &sunita).await.unwrap(), "a proof that names somebody says more");
    assert!(store.prove(&citizen, &seen).await.unwrap());
    assert_eq!(store.identity(&citizen).await.unwrap(), Some(sunita.clone()), "and is not lost");
    assert!(!store.prove(&citizen, &proved("Rekha", 1_985, "9999")).await.unwrap(), "another person");
    assert_eq!(store.identity(&citizen).await.unwrap(), Some(sunita));
    let married = proved("Sunita Sharma", 1_990, "1234");
    assert!(store.prove(&citizen, &married).await.unwrap());
    assert_eq!(store.identity(&citizen).await.unwrap(), Some(married.clone()));
    store.forget_identity(&citizen).await.unwrap();
    assert_eq!(store.identity(&citizen).await.unwrap(), None);
    store.prove(&citizen, &married).await.unwrap();
    store.release(&citizen).await.unwrap();
    assert_eq!(store.identity(&citizen).await.unwrap(), None, "erased with the citizen");
}

pub async fn sign_ins(store: &Store) {
    let citizen = by(store, "IN.sign-in", "sign-in").await;
    store.begin_sign_in(&[5; 32], &citizen, "verifier", NOW_S, NOW_S + 600).await.unwrap();
    assert_eq!(store.take_sign_in(&[6; 32], NOW_S).await.unwrap(), None);
    assert_eq!(store.take_sign_in(&[5; 32], NOW_S + 600).await.unwrap(), None, "it has ended");
    let taken = store.take_sign_in(&[5; 32], NOW_S + 599).await.unwrap();
    assert_eq!(taken, Some((citizen.clone(), "verifier".into())));
    assert_eq!(store.take_sign_in(&[5; 32], NOW_S + 599).await.unwrap(), None, "once");
    store.begin_sign_in(&[7; 32], &citizen, "v", NOW_S, NOW_S + 600).await.unwrap();
    store.begin_sign_in(&[8; 32], &citizen, "v", NOW_S + 700, NOW_S + 800).await.unwrap();
    assert_eq!(store.take_sign_in(&[7; 32], NOW_S).await.unwrap(), None, "swept away");
}
