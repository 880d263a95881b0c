//! Proving who one is, from every place in a conversation.

use super::super::{State, Told, Turn, World, hear, tell};
use super::*;
use crate::heard::{Format, Heard};
use crate::say::{BODY_MAX, length};
use jiff::civil::date;
use mohar_schemas::form::Answers;
use mohar_schemas::identity::Proof;
use mohar_schemas::words::Language;
use serde_json::json;

const WORLD: World = World { today: date(2026, 11, 25), aadhaar: true, model: false, speech: false };

fn sunita() -> Person {
    Person { name: "Sunita Devi".into(), born: Some(date(1990, 8, 15)), last_four: Some("1234".into()) }
}

fn said(text: &str) -> Heard {
    Heard::Text { text: text.to_owned() }
}

fn file() -> Heard {
    Heard::File { key: "k".into(), format: Format::Picture, caption: String::new() }
}

fn words(turn: &Turn) -> String {
    serde_json::to_string(&turn.say).expect("JSON")
}

fn outside(language: Language) -> State {
    State { language: Some(language), ..State::default() }
}

fn in_form(answers: Answers) -> Turn {
    let service = "income".into();
    let told = Told::Begun { service, number: "A-2026-0000001-1".into(), answers, documents: vec![] };
    tell(outside(Language::English), told, WORLD)
}

fn genuine(state: State) -> Turn {
    tell(state, Told::Card("k".into(), Card::Genuine(sunita())), WORLD)
}

#[test]
fn it_is_shown_back_masked_and_kept_only_after_a_yes() {
    for (language, yes, no) in [(Language::English, "yes", "no"), (Language::Hindi, "हाँ", "नहीं")]
    {
        let turn = hear(outside(language), &said("आधार कार्ड"), WORLD);
        assert_eq!(turn.commands, [Command::Identity]);
        let turn = tell(turn.state, Told::Identity(Standing::Open { digilocker: None }), WORLD);
        assert_eq!(turn.state.at, At::Identity { offered: None, form: false });
        let turn = hear(turn.state, &file(), WORLD);
        assert_eq!(turn.commands, [Command::Look { key: "k".into() }]);
        let turn = genuine(turn.state);
        let text = words(&turn);
        assert!(
            text.contains("Sunita Devi") && text.contains("XXXX XXXX 1234") && text.contains("1990"),
            "{text}"
        );
        let refused = hear(turn.state.clone(), &said(no), WORLD);
        assert!(refused.commands.is_empty() && refused.state.at == At::Outside);
        assert!(!serde_json::to_string(&refused.state).expect("JSON").contains("Sunita"), "nothing is left");
        let unclear = hear(turn.state.clone(), &said("perhaps"), WORLD);
        assert!(unclear.commands.is_empty() && words(&unclear).contains("1234"));
        let kept = hear(turn.state, &said(yes), WORLD);
        assert_eq!(kept.commands, [Command::Prove { person: sunita() }]);
        let kept = tell(kept.state, Told::Proved(true), WORLD);
        assert_eq!(kept.state.at, At::Outside);
        assert!(!serde_json::to_string(&kept.state).expect("JSON").contains("Sunita"), "the store has it");
    }
}

#[test]
fn a_form_goes_on_where_it_was_without_what_is_known() {
    let turn = in_form(Answers::new());
    assert!(words(&turn).contains("QR code on your Aadhaar"), "{turn:?}");
    let turn = hear(turn.state, &file(), WORLD);
    assert_eq!(turn.commands, [Command::Look { key: "k".into() }]);
    let read = genuine(turn.state.clone());
    let yes = Heard::Tap { id: format!("{}:a:yes", read.state.turn) };
    let turn = tell(hear(read.state, &yes, WORLD).state, Told::Proved(true), WORLD);
    assert_eq!((turn.commands.as_slice(), &turn.state.at), (&[Command::Keep][..], &At::Form));
    let draft = turn.state.draft.clone().expect("a draft");
    assert_eq!((&draft.answers["born"], &draft.answers["aadhaar"]), (&json!("1990-08-15"), &json!("1234")));
    assert!(!draft.answers.contains_key("name"), "its Hindi is asked");
    let text = words(&turn);
    assert!(text.contains("Sunita Devi") && text.contains("Devanagari") && text.contains("Skip"), "{text}");
    // Hindi is added to what is known, or left out.
    let both = hear(turn.state.clone(), &said("सुनीता देवी"), WORLD).state.draft.expect("a draft");
    assert_eq!(both.answers["name"], json!({ "en": "Sunita Devi", "hi": "सुनीता देवी" }));
    let skip = Heard::Tap { id: format!("{}:skip", turn.state.turn) };
    let skipped = hear(turn.state.clone(), &skip, WORLD).state.draft.expect("a draft");
    assert_eq!(skipped.answers["name"], json!({ "en": "Sunita Devi" }));
    // What the citizen had said already stays; a paper is still put by.
    let mut told = in_form(Answers::from_iter([("name".to_owned(), json!({ "en": "Rekha", "hi": "रेखा" }))]));
    told = tell(told.state, Told::Card("k".into(), Card::Genuine(sunita())), WORLD);
    let proved = tell(hear(told.state, &said("yes"), WORLD).state, Told::Proved(true), WORLD);
    assert_eq!(proved.state.draft.expect("a draft").answers["name"]["en"], "Rekha");
    let other = tell(turn.state, Told::Card("k".into(), Card::Other), WORLD);
    assert_eq!((&other.state.early[..], &other.state.at), (&["k".to_owned()][..], &At::Form));
}

#[test]
fn a_form_begun_later_asks_only_for_the_hindi() {
    let known =
        sunita().answers(mohar_schemas::catalogue::published().service("income").expect("one"), WORLD.today);
    let turn = in_form(known);
    let draft = turn.state.draft.clone().expect("a draft");
    assert_eq!((draft.known.len(), draft.answers.len()), (1, 2), "{draft:?}");
    assert!(words(&turn).contains("Sunita Devi"), "{turn:?}");
    let back = hear(hear(turn.state, &said("सुनीता देवी"), WORLD).state, &said("back"), WORLD);
    let draft = back.state.draft.expect("a draft");
    assert!(!draft.answers.contains_key("name") && draft.known.is_empty(), "asked anew from the beginning");
}

#[test]
fn every_refusal_has_its_words_and_the_way_out() {
    let cards = [
        Card::Another,
        Card::Unsigned,
        Card::Damaged,
        Card::Forged,
        Card::OutOfTime,
        Card::Unchecked,
        Card::Unread("It cannot be read.".into()),
        Card::Other,
    ];
    for language in [Language::English, Language::Hindi] {
        let mut all = std::collections::BTreeSet::new();
        for card in cards.clone() {
            let open = tell(outside(language), Told::Identity(Standing::Open { digilocker: None }), WORLD);
            let turn = tell(open.state, Told::Card("k".into(), card.clone()), WORLD);
            assert!(
                matches!(turn.state.at, At::Identity { offered: None, .. }),
                "it may be tried again: {card:?}"
            );
            assert!(all.insert(words(&turn)), "{card:?} is told as another is");
            let back =
                hear(turn.state, &said(if language == Language::Hindi { "पीछे" } else { "back" }), WORLD);
            assert_eq!(back.state.at, At::Outside);
        }
        // In a form, the question comes again at once.
        let turn = tell(in_form(Answers::new()).state, Told::Card("k".into(), Card::Forged), WORLD);
        assert!(turn.state.at == At::Form && words(&turn).contains("Your name"), "{turn:?}");
    }
    let late = tell(genuine(in_form(Answers::new()).state).state, Told::Proved(false), WORLD);
    assert!(words(&late).contains("another person") && late.state.at == At::Form);
}

#[test]
fn without_certificates_the_counter_is_named_and_nothing_waits() {
    let world = World { aadhaar: false, ..WORLD };
    for state in [outside(Language::English), in_form(Answers::new()).state] {
        let before = state.at.clone();
        let turn = tell(state, Told::Identity(Standing::Open { digilocker: None }), world);
        let text = words(&turn);
        assert!(text.contains("Common Service Centre") && !text.contains("signature"), "{text}");
        assert_eq!(turn.state.at, before);
        assert_eq!(turn.state.draft.is_some(), text.contains("A-2026-0000001-1"));
    }
}

#[test]
fn who_has_proved_it_is_told_so_and_who_waits_may_want_something_else() {
    let identity = Identity { proof: Proof::AadhaarQr(sunita()), on: date(2026, 11, 25) };
    let turn = tell(outside(Language::Hindi), Told::Identity(Standing::Proved(identity)), WORLD);
    assert!(words(&turn).contains("25 नवंबर 2026") && words(&turn).contains("XXXX XXXX 1234"), "{turn:?}");
    assert_eq!(turn.state.at, At::Outside);
    let open = Standing::Open { digilocker: Some("https://id.example/x".into()) };
    let turn = tell(outside(Language::English), Told::Identity(open), WORLD);
    let [Say::Link { body, label, .. }] = &turn.say[..] else { panic!("{turn:?}") };
    assert!(length(body) <= BODY_MAX && length(label) <= 20, "{body}");
    let turn = hear(turn.state, &said("income certificate"), WORLD);
    assert!(matches!(&turn.state.at, At::Service { service } if service == "income"), "{turn:?}");
}
