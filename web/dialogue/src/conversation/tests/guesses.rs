//! Messages that may mean anything: always an answer, and nothing is opened on a guess.

use super::{WORLD, fits, said};
use crate::conversation::{At, State, hear};
use crate::say::Say;
use mohar_schemas::form::Answers;
use mohar_schemas::words::Language;

/// Messages of which nobody knows what is meant.
const UNSURE: [&str; 8] = [
    "Suresh",
    "Ramesh Kumar",
    "male",
    "40",
    "15 aug 1990",
    "services kya hai ye sab",
    "I am at Munirka",
    "कहाँ है",
];

#[test]
fn whatever_is_said_is_answered_in_a_message_that_can_be_sent() {
    let heard = include_str!("../../../tests/heard.tsv").lines().skip(1);
    let said_once = heard.filter_map(|line| line.split('\t').next());
    for text in said_once.chain(UNSURE) {
        for language in [None, Some(Language::Hindi), Some(Language::English)] {
            let turn = hear(State { language, ..State::default() }, &said(text), WORLD);
            assert!(!turn.say.is_empty() || !turn.commands.is_empty(), "{text}: no answer");
            fits(&turn, text);
        }
    }
}

#[test]
fn a_guess_that_is_not_likely_opens_nothing() {
    for text in UNSURE {
        let turn = hear(State { language: Some(Language::English), ..State::default() }, &said(text), WORLD);
        assert!(turn.commands.is_empty(), "{text}: {:?}", turn.commands);
        assert!(matches!(turn.say.last(), Some(Say::List { .. })), "{text}: {:?}", turn.say);
    }
}

#[test]
fn questions_about_a_scheme_are_left_for_what_is_surely_wanted() {
    let asked = || {
        let at = At::Eligible { scheme: "ladli".into(), answers: Answers::default() };
        State { language: Some(Language::English), at, ..State::default() }
    };
    let other = hear(asked(), &said("driving licence ke liye kya kya documents chahiye"), WORLD);
    assert_eq!(other.state.at, At::Service { service: "driving-licence".into() });
    for unsure in ["Suresh", "thanks", "40"] {
        let turn = hear(asked(), &said(unsure), WORLD);
        assert!(matches!(turn.state.at, At::Eligible { .. }) && turn.state.misses == 1, "{unsure}");
    }
}
