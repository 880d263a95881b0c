//! A service that is killed at every step of every conversation, behind a platform that duplicates,
//! reorders, delays, and fails after it said yes: one application, exactly as it was answered, and every
//! message of the citizen answered.
//!
//! What cannot be had is "said once": the platform takes no name for a message that would let it know a
//! second sending of it. A message is said twice only if it was being sent when the service was killed,
//! and its news did not come before it was sent again; this is what is looked at here.
//!
//! By itself three services are walked. `MOHAR_WALKS=all` walks all, or those that it names.

use mohar_schemas::service::Service;
use mohar_tests::channel::Channel;
use mohar_tests::talk::{Does, Talk, ask, open, right, services};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const ROUNDS_MAX: usize = 90;
const PATIENCE: Duration = Duration::from_mins(3);

/// One who applies, step by step.
struct Walker {
    user: String,
    service: &'static Service,
    /// The messages that were sent, by the platform's ids.
    sent: Vec<String>,
    done: bool,
}

impl Walker {
    fn talk<'a>(&self, channel: &'a Channel) -> Talk<'a> {
        Talk::new(&channel.platform, &channel.database(), &self.user, "hi")
    }

    /// Does what comes next.
    fn step(&mut self, channel: &Channel, round: usize) {
        let talk = self.talk(channel);
        let does = match round {
            0 => Does::Says("नमस्ते".to_owned()),
            1 => Does::Taps(format!("apply:{}", self.service.id)),
            2 => Does::Taps(format!("agree:{}", self.service.id)),
            3 => Does::Says("हाँ".to_owned()),
            _ => {
                let state = talk.state();
                self.done = state["draft"].is_null();
                if self.done {
                    return;
                }
                right(self.service, &state, &open(self.service, &state))
            }
        };
        self.sent.push(talk.start(&does));
    }
}

/// How unkind the platform is in a round.
fn unkind(round: usize) -> Value {
    match round % 8 {
        0 | 4 => json!({ "duplicates": 2 }),
        1 | 5 => json!({ "reorder": true, "duplicates": 1 }),
        2 => json!({ "delay_ms": 30 }),
        3 => json!({ "fail_after": 1 }),
        6 => json!({ "expire_urls": 2, "reorder": true }),
        _ => json!({ "limit_rates": 1 }),
    }
}

/// Messages that may have been sent, but were not noted as sent.
fn in_the_air(channel: &Channel) -> Vec<i64> {
    let rows =
        ask(&channel.database(), "SELECT id FROM chat_outbox WHERE state = 'waiting' AND attempts > 0");
    rows.lines().map(|id| id.parse().expect("a number")).collect()
}

/// Waits until every message of a citizen is answered and every answer sent.
fn quiet(channel: &Channel, sent: usize) {
    let start = Instant::now();
    let sql = "SELECT (SELECT count(*) FROM chat_events WHERE state = 'done' AND handle LIKE 'IN.%') || ' ' || (SELECT count(*) FROM chat_outbox WHERE state <> 'sent')";
    loop {
        let now = ask(&channel.database(), sql);
        if now == format!("{sent} 0") {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{now}, expected {sent} 0");
        std::thread::sleep(Duration::from_millis(40));
    }
}

#[test]
fn killed_at_each_step_it_loses_and_doubles_nothing() {
    let mut channel = Channel::start("chat-kills");
    let mut doubtful: BTreeSet<i64> = BTreeSet::new();
    let wanted =
        std::env::var("MOHAR_WALKS").unwrap_or_else(|_| "record-of-rights,land-status,solvency".into());
    let services = services(&wanted).into_iter().enumerate();
    let mut walkers: Vec<Walker> = services
        .map(|(n, service)| Walker { user: format!("IN.kill{n}"), service, sent: vec![], done: false })
        .collect();
    for round in 0..ROUNDS_MAX {
        walkers[0].talk(&channel).phone.unkind(&unkind(round));
        walkers.iter_mut().filter(|w| !w.done).for_each(|w| w.step(&channel, round));
        if walkers.iter().all(|w| w.done) {
            println!("{round} kills");
            break;
        }
        // A moment that differs each time, spread by a prime step.
        std::thread::sleep(Duration::from_millis(round as u64 * 37 % 120));
        channel.kill();
        doubtful.extend(in_the_air(&channel));
        channel.restart();
        quiet(&channel, walkers.iter().map(|w| w.sent.len()).sum());
    }
    let mut all_doubled = 0;
    for walker in &walkers {
        assert!(walker.done, "{} does not end", walker.service.id);
        let (mut talk, user) = (walker.talk(&channel), &walker.user);
        talk.handed_in(walker.service);
        let about = talk.ask(&format!("SELECT about FROM chat_outbox WHERE handle = '{user}'"));
        let about: BTreeSet<&str> = about.lines().collect();
        assert!(
            walker.sent.iter().all(|id| about.contains(id.as_str())),
            "{user}: every message is answered"
        );
        let said = said(&mut talk);
        let ids = talk.ask(&format!("SELECT id FROM chat_outbox WHERE handle = '{user}'"));
        let ids: BTreeSet<i64> = ids.lines().map(|id| id.parse().expect("a number")).collect();
        assert_eq!(said.keys().copied().collect::<BTreeSet<_>>(), ids, "{user}: all was said");
        let doubled: Vec<i64> = said.iter().filter(|(_, times)| **times > 1).map(|(id, _)| *id).collect();
        assert!(doubled.iter().all(|id| doubtful.contains(id)), "{user}: {doubled:?} of {doubtful:?}");
        all_doubled += doubled.len();
    }
    println!("{all_doubled} said twice, of {} that were being sent at a kill", doubtful.len());
    channel.audit();
}

/// How often each message came to a telephone, by our name for it.
fn said(talk: &mut Talk<'_>) -> BTreeMap<i64, usize> {
    let mut said = BTreeMap::new();
    let entries = talk.phone.new_entries();
    for entry in entries.iter().filter(|e| e["by"] == "service") {
        let name = entry["what"]["biz_opaque_callback_data"].as_str().expect("a name");
        *said.entry(name.parse().expect("a number")).or_insert(0) += 1;
    }
    said
}
