//! What the assistant understands: floors on authors it has not read, and a list of messages.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../build/utterances.rs"]
mod utterances;

use jiff::civil::date;
use mohar_dialogue::understand::{Action, LIMIT, MODEL, Understanding, model, understand};
use mohar_dialogue_model::OUT_OF_SCOPE;
use mohar_dialogue_model::evaluate::held_out;
use mohar_dialogue_model::noise::{CARE, Dice, misspell};
use mohar_dialogue_model::train::{Settings, train};
use std::path::Path;

fn hear(text: &str) -> Understanding {
    understand(text, date(2026, 11, 25))
}

fn corpus() -> Vec<mohar_dialogue_model::corpus::Utterance> {
    utterances::utterances(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")).unwrap()
}

#[test]
fn authors_never_read_are_understood() {
    let corpus = corpus();
    let answers = held_out(&corpus, Settings::default());
    for (writing, floor) in [("en", 0.80), ("hi", 0.79), ("hi-Latn", 0.82)] {
        let f1 = answers.macro_f1(writing);
        assert!(f1 >= floor, "{writing}: {f1}");
    }
    let temperature = answers.temperature();
    let flips = answers.flip_rate();
    assert!(flips <= 0.10, "{flips}");
    let auroc = answers.auroc(temperature);
    assert!(auroc >= 0.89, "{auroc}");
    let open = model().thresholds().open;
    let judged = answers.judged(temperature);
    let opened: Vec<_> = judged.iter().filter(|j| j.confidence >= open).collect();
    let right = opened.iter().filter(|j| j.rank == 0).count();
    assert!(right * 100 >= opened.len() * 94, "{right} of {}", opened.len());
    assert!(opened.len() * 100 >= judged.len() * 58, "{} of {}", opened.len(), judged.len());
    assert!(answers.opens_another(temperature, open) <= 0.03);
    assert!(MODEL.len() <= 3_000_000, "{}", MODEL.len());
}

#[test]
fn training_twice_gives_the_same_bytes() {
    let some: Vec<_> = corpus().into_iter().step_by(10).collect();
    let settings = Settings { rounds: 3, ..Settings::default() };
    assert_eq!(train(&some, settings).to_bytes(), train(&some, settings).to_bytes());
}

#[test]
fn its_own_name_opens_a_service_or_scheme() {
    let services = mohar_schemas::catalogue::published().services().iter();
    let schemes = mohar_schemas::scheme::published().schemes().iter();
    let services = services.map(|s| (&s.name, format!("apply:{}", s.id)));
    for (name, intent) in schemes.map(|s| (&s.name, format!("scheme:{}", s.id))).chain(services) {
        for name in [&name.en, &name.hi] {
            let heard = hear(name);
            assert_eq!((&heard.intent, heard.action), (&intent, Action::Open), "{name}");
        }
    }
}

#[test]
fn every_service_and_scheme_is_an_intent() {
    let intents = model().intents();
    for service in mohar_schemas::catalogue::published().services() {
        assert!(intents.contains(&format!("apply:{}", service.id)), "{}", service.id);
    }
    for scheme in mohar_schemas::scheme::published().schemes() {
        assert!(intents.contains(&format!("scheme:{}", scheme.id)), "{}", scheme.id);
    }
}

#[test]
fn messages_as_they_come() {
    let heard = include_str!("heard.tsv");
    for line in heard.lines().filter(|l| !l.starts_with('#')) {
        let [text, does_expected, intent, slots] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let understood = hear(text);
        let json = serde_json::to_value(&understood).unwrap();
        // Whether it is opened or first offered changes with what the model has read.
        let does =
            if matches!(understood.action, Action::Open | Action::Offer) { "answer" } else { "decline" };
        assert_eq!(does, does_expected, "{text}: {understood:?}");
        if !intent.is_empty() {
            assert_eq!(understood.intent, intent, "{text}");
        }
        let mut slots_heard = json["slots"].clone();
        if let (true, Some(slots)) = (intent.contains(':'), slots_heard.as_object_mut()) {
            // The same as the intent says.
            slots.remove("service");
            slots.remove("scheme");
        }
        let expected: serde_json::Value = serde_json::from_str(slots).unwrap();
        assert_eq!(slots_heard, expected, "{text}");
    }
}

#[test]
fn whatever_comes_there_is_an_answer() {
    let mut dice = Dice::new(5);
    let long = "जाति प्रमाण पत्र ".repeat(2_000);
    let marks = "\u{202e}\u{200d}\u{feff}\u{94d}\u{93f}\u{0}".to_owned();
    for text in
        ["", " \t", "😂😂😂", "؟", "漢字", &marks, &long, "1234567890123", "A-", "\u{1f469}\u{200d}\u{1f33e}"]
    {
        let heard = hear(&misspell(text, CARE, &mut dice));
        assert!((0.0..=1.0).contains(&heard.confidence));
        assert!(heard.alternatives.len() <= 3 && heard.offered().len() <= 3);
    }
    let cut: String = long.chars().take(LIMIT).collect();
    assert_eq!(hear(&long), hear(&cut));
    let nothing = hear("");
    assert_eq!((nothing.intent.as_str(), nothing.action), (OUT_OF_SCOPE, Action::Menu));
}
