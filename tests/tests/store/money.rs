//! Orders, movements of money, the outbox, and how an office runs.

use super::NOW_S;
use mohar_issuer::application::message::{Message, Recipient};
use mohar_issuer::application::money::{Fee, faults, settled};
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Officer, State};
use mohar_issuer::ports::StoreError;
use mohar_store::engine::Store;
use mohar_store::office::{Delegation, Proposal};
use mohar_store::outbox::Webhook;

pub async fn money(store: &Store) {
    let citizen = store.citizen("web", "9810054321", "c9", NOW_S).await.unwrap();
    let app = store.start("income", &citizen, 2026, NOW_S).await.unwrap();
    let fee = Fee { application: &app.number, department: "revenue", rupees: 50, at_s: NOW_S };
    let order = store.order(&app.number, 50, "late", NOW_S).await.unwrap();
    store.refer(&order.order_id, "plink_1").await.unwrap();
    store.ask_again(&order.order_id, NOW_S + 60).await.unwrap();
    assert!(store.orders_to_ask(NOW_S).await.unwrap().is_empty(), "not yet");
    assert_eq!(store.orders_to_ask(NOW_S + 60).await.unwrap()[0].reference.as_deref(), Some("plink_1"));
    // Paid after it was withdrawn: booked, owed back, given back, once.
    store.turn("late", ("open", "refund-due"), Some(0), &fee.paid("late")).await.unwrap();
    let again = store.turn("late", ("open", "refund-due"), Some(0), &fee.paid("late")).await;
    assert!(matches!(again, Err(StoreError::Overtaken)));
    assert_eq!(store.balance("gateway").await.unwrap(), 5_000);
    store.turn("late", ("refund-due", "refunded"), None, &fee.refunded("late")).await.unwrap();
    assert_eq!(store.balance("gateway").await.unwrap(), 0);
    let moved = store.transfers_of(&app.number).await.unwrap();
    assert!(faults(("late", "refunded", 50), &moved).is_empty());
    assert_eq!(faults(("late", "open", 50), &moved).len(), 2);
    assert_eq!(faults(("late", "refunded", 51), &moved).len(), 2, "to the rupee");
    assert!(store.transfer(&fee.paid("late")).await.is_err(), "nothing is booked twice");
    // A centre's day: fees in cash and its own charge, handed over in the evening.
    store.transfer(&fee.in_cash("anil")).await.unwrap();
    store.transfer(&fee.assisted("anil", 50)).await.unwrap();
    let held = store.balance("operator/anil").await.unwrap();
    assert_eq!((held, store.received("operator/anil", NOW_S).await.unwrap().len()), (10_000, 2));
    store.transfer(&settled("anil", held, NOW_S + 1)).await.unwrap();
    assert_eq!(store.balance("operator/anil").await.unwrap(), 0);
    assert_eq!(store.balance("bank").await.unwrap(), 10_000);
    let orders = store.orders("").await.unwrap();
    assert_eq!(orders.len(), 2);
    assert!(store.orders(&orders[1].order_id).await.unwrap().is_empty());
}

pub async fn outbox(store: &Store) {
    let citizen = store.citizen("web", "9810067890", "c10", NOW_S).await.unwrap();
    store.set_citizen(&citizen, "en", Some("sunita@example.in")).await.unwrap();
    assert_eq!(
        store.citizen_by_id(&citizen).await.unwrap().unwrap().email.as_deref(),
        Some("sunita@example.in")
    );
    let hook = Webhook {
        id: "h1".into(),
        department: "revenue".into(),
        url: "https://department.example/hook".into(),
        secret: b"secret".to_vec(),
    };
    store.add_webhook(&hook).await.unwrap();
    assert_eq!(store.webhooks("revenue").await.unwrap(), std::slice::from_ref(&hook));
    let mut app = store.start("income", &citizen, 2026, NOW_S).await.unwrap();
    let message = |to, body: &str| Message { to, about: app.number.clone(), body: body.into() };
    let to = || Recipient::Department("revenue".into());
    let messages = [
        message(Recipient::Citizen(citizen.clone()), "1"),
        message(to(), "2"),
        message(to(), "3"),
        message(Recipient::Department("transport".into()), "nobody listens"),
    ];
    app.state = State::Unpaid { rupees: 50 };
    store.write(&app, With { messages: &messages, ..With::default() }).await.unwrap();
    let bodies =
        |mails: &[mohar_store::outbox::Mail]| mails.iter().map(|m| m.body.clone()).collect::<Vec<_>>();
    let first = store.claim(NOW_S).await.unwrap();
    assert_eq!(bodies(&first), ["1", "2"], "each recipient's oldest");
    assert!(store.claim(NOW_S).await.unwrap().is_empty(), "claimed");
    assert_eq!(store.claim(NOW_S + 60).await.unwrap().len(), 2, "a claim runs out");
    store.sent(first[0].id).await.unwrap();
    store.not_sent(first[1].id, Some(NOW_S + 100), NOW_S, "503").await.unwrap();
    assert!(store.claim(NOW_S + 99).await.unwrap().is_empty(), "the third waits for the second");
    let second = store.claim(NOW_S + 100).await.unwrap();
    assert_eq!((bodies(&second), second[0].attempts), (vec!["2".to_owned()], 3));
    store.not_sent(second[0].id, None, NOW_S, "gone").await.unwrap();
    assert_eq!(bodies(&store.dead_letters().await.unwrap()), ["2"]);
    let third = store.claim(NOW_S + 100).await.unwrap();
    assert_eq!(bodies(&third), ["3"], "a dead letter holds nothing up");
    store.sent(third[0].id).await.unwrap();
    store.revive(second[0].id).await.unwrap();
    assert_eq!(bodies(&store.claim(NOW_S).await.unwrap()), ["2"]);
    store.sent(second[0].id).await.unwrap();
    assert_eq!(store.replay("h1", second[0].id).await.unwrap(), 2, "everything again");
    assert!(!store.drop_webhook("h1", "transport").await.unwrap(), "another department's");
    assert!(store.drop_webhook("h1", "revenue").await.unwrap());
    store.release(&citizen).await.unwrap();
    let forgotten = store.citizen_by_id(&citizen).await.unwrap().unwrap();
    assert_eq!((forgotten.handle, forgotten.email), (format!("erased/{citizen}"), None));
}

pub async fn office(store: &Store) {
    for id in ["asha", "binod"] {
        let officer = Officer { id: id.into(), name: id.into(), posts: vec![] };
        store.set_officer(&officer, "hash", b"secret").await.unwrap();
    }
    let (id, from_officer, to_officer) = ("d1".into(), "asha".into(), "binod".into());
    let delegation = Delegation { id, from_officer, to_officer, from_day: 10, until_day: 12 };
    store.delegate(&delegation).await.unwrap();
    assert_eq!(store.standing_in("binod", 12).await.unwrap(), std::slice::from_ref(&delegation));
    assert!(store.standing_in("binod", 13).await.unwrap().is_empty(), "it is over");
    assert_eq!(store.delegated("asha", 9).await.unwrap().len(), 1);
    store.end_delegation("d1", "binod").await.unwrap();
    assert_eq!(store.delegated("asha", 9).await.unwrap().len(), 1, "only who gave it ends it");
    store.end_delegation("d1", "asha").await.unwrap();
    assert!(store.delegated("asha", 9).await.unwrap().is_empty());
    let proposal = Proposal { id: "p1".into(), by_officer: "asha".into(), body: "{}".into(), at_s: NOW_S };
    store.propose(&proposal).await.unwrap();
    assert_eq!(store.proposals().await.unwrap(), [proposal]);
    store.confirmed("p1").await.unwrap();
    assert!(store.proposals().await.unwrap().is_empty());
    assert!(store.officers().await.unwrap().iter().any(|o| o.id == "binod"));
    assert!(store.remove_officer("binod").await.unwrap() && !store.remove_officer("binod").await.unwrap());
}
