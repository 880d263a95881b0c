//! Whole conversations about every service, in both languages, from the form's data alone.

use super::*;
use crate::say::{BUTTON_MAX, BUTTONS_MAX, ROW_MAX, ROWS_MAX, TEXT_MAX, UNDER_ROW_MAX, length};
use jiff::civil::date;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, FormField, FormKind, example, read};
use mohar_schemas::service::Service;
use serde_json::json;

const TODAY: Date = date(2026, 11, 25);

const WORLD: World = World { today: TODAY, aadhaar: false };

fn said(text: &str) -> Heard {
    Heard::Text { text: text.to_owned() }
}

fn fits(turn: &Turn, at: &str) {
    for say in &turn.say {
        let (body, titles): (&str, Vec<(&str, usize)>) = match say {
            Say::Text { body } => {
                assert!(length(body) <= TEXT_MAX, "{at}: {body}");
                ("", vec![])
            }
            Say::Buttons { body, buttons } => {
                assert!((1..=BUTTONS_MAX).contains(&buttons.len()), "{at}: {buttons:?}");
                (body, buttons.iter().map(|b| (b.title.as_str(), BUTTON_MAX)).collect())
            }
            Say::List { body, open, rows } => {
                assert!((1..=ROWS_MAX).contains(&rows.len()), "{at}: {rows:?}");
                let titles = rows.iter().flat_map(|r| [(&r.title, ROW_MAX), (&r.under, UNDER_ROW_MAX)]);
                (body, titles.map(|(t, m)| (t.as_str(), m)).chain([(open.as_str(), BUTTON_MAX)]).collect())
            }
            Say::Link { body, label, .. } => (body, vec![(label.as_str(), BUTTON_MAX)]),
            Say::AskLocation { body } => (body, vec![]),
            Say::File { caption, .. } => (caption, vec![]),
        };
        assert!(length(body) <= crate::say::BODY_MAX, "{at}: {} letters: {body}", length(body));
        for (title, most) in titles {
            assert!(length(title) <= most, "{at}: {title} has {} letters", length(title));
        }
    }
}

/// What a person types in answer to a part of a question.
fn typed(service: &Service, field: &FormField, part: asking::Part) -> String {
    use asking::Part;
    let value = example(service, field, TODAY);
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    match part {
        Part::Hindi => text(&value["hi"]),
        Part::English => text(&value["en"]),
        Part::PersonName(_) => text(&value[0]["name"]["en"]),
        Part::PersonRelation(_) => text(&value[0]["relation"]["en"]),
        Part::PersonAge(_) => value[0]["age"].to_string(),
        Part::AnotherPerson(_) => "no".into(),
        Part::Whole => match (field.kind, &value) {
            (FormKind::Name | FormKind::Text, v) => text(&v["en"]),
            (FormKind::Day, Value::String(day)) => {
                let mut parts: Vec<&str> = day.split('-').collect();
                parts.reverse();
                parts.join("/")
            }
            (FormKind::YesNo, v) => if *v == json!(true) { "yes" } else { "no" }.into(),
            (_, Value::String(s)) => s.clone(),
            (_, other) => other.to_string(),
        },
    }
}

/// From the greeting to handing in; gives the draft and the number of turns.
fn walk(service: &Service, language: Language) -> (Draft, usize) {
    let at = |turn: usize| format!("{} in {}, turn {turn}", service.id, language.code());
    let greeting = if language == Language::Hindi { "नमस्ते" } else { "Hi" };
    let mut turn = hear(State::default(), &said(greeting), WORLD);
    if language == Language::English {
        assert_eq!(turn.state.language, None, "“Hi” tells no language: {:?}", turn.say);
        turn = hear(turn.state, &Heard::Tap { id: "lang:en".into() }, WORLD);
    }
    assert_eq!(turn.state.language, Some(language));
    turn = hear(turn.state, &said(service.name.get(language)), WORLD);
    fits(&turn, &at(0));
    assert_eq!(turn.state.at, At::Service { service: service.id.clone() });
    turn = hear(turn.state, &Heard::Tap { id: format!("agree:{}", service.id) }, WORLD);
    fits(&turn, &at(1));
    turn = hear(turn.state, &said("yes"), WORLD);
    assert_eq!(turn.commands, [Command::Begin { service: service.id.clone() }]);
    let told = Told::Begun {
        service: service.id.clone(),
        number: "A-2026-0000001-1".into(),
        answers: Answers::new(),
        documents: vec![],
    };
    turn = tell(turn.state, told, WORLD);
    for n in 2..200 {
        fits(&turn, &at(n));
        assert_eq!(turn.say.len(), 1, "{}: one bubble a turn: {:?}", at(n), turn.say);
        let draft = turn.state.draft.clone().expect("a draft");
        turn = match asking::next(&draft, service) {
            asking::Question::Field(field) => {
                hear(turn.state, &said(&typed(service, field, asking::part(&draft, field))), WORLD)
            }
            asking::Question::Document(d) => {
                let heard = Heard::File { key: "k".into(), format: Format::Pdf, caption: String::new() };
                let turn = hear(turn.state, &heard, WORLD);
                assert_eq!(turn.commands, [Command::Attach { kind: d.kind.clone(), key: "k".into() }]);
                tell(turn.state, Told::Attached(Ok(d.kind.clone())), WORLD)
            }
            asking::Question::ReadBack => {
                let turn = hear(turn.state, &said("yes"), WORLD);
                assert_eq!(turn.commands, [Command::Submit], "{}", at(n));
                return (draft, n);
            }
        };
        assert_eq!(turn.state.misses, 0, "{}: {:?}", at(n), turn.say);
    }
    panic!("{} does not end", at(200));
}

#[test]
fn every_service_can_be_applied_for_from_its_data_alone() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        for language in [Language::Hindi, Language::English] {
            let (draft, turns) = walk(service, language);
            let answers = read(service, &draft.answers, By::Citizen, TODAY);
            assert!(answers.is_ok(), "{}: {answers:?}", service.id);
            println!("{} {}: {turns} turns", service.id, language.code());
        }
    }
}

fn begun(service: &str) -> Turn {
    let state = State { language: Some(Language::English), ..State::default() };
    let told = Told::Begun {
        service: service.into(),
        number: "A-2026-0000001-1".into(),
        answers: Answers::new(),
        documents: vec![],
    };
    tell(state, told, WORLD)
}

#[test]
fn a_wrong_answer_keeps_the_question_and_the_third_brings_a_person() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let mut turn = begun(&service.id);
        for _ in 0..200 {
            let draft = turn.state.draft.clone().expect("a draft");
            let asking::Question::Field(field) = asking::next(&draft, service) else { break };
            let part = asking::part(&draft, field);
            let before = turn.state.clone();
            for miss in 1..=3 {
                turn = hear(turn.state, &said("😀\u{202e}"), WORLD);
                let after = turn.state.draft.clone().expect("a draft");
                assert_eq!(after.answers, draft.answers, "{} {}", service.id, field.id);
                let person = turn.commands.contains(&Command::Person);
                let known = matches!(part, asking::Part::PersonName(_) | asking::Part::PersonRelation(_));
                assert!(
                    person == (miss == 3) || known,
                    "{} {}: {miss}: {:?}",
                    service.id,
                    field.id,
                    turn.say
                );
            }
            turn = hear(before, &said(&typed(service, field, part)), WORLD);
        }
    }
}

#[test]
fn back_and_change_ask_again_and_a_stale_tap_is_recognised() {
    let first = begun("income");
    let turn = hear(first.state.clone(), &said("Sunita Devi\nसुनीता देवी"), WORLD);
    let draft = turn.state.draft.clone().expect("a draft");
    assert_eq!(draft.answers["name"]["hi"], "सुनीता देवी");
    let old = Heard::Tap { id: format!("{}:a:yes", first.state.turn) };
    let stale = hear(turn.state.clone(), &old, WORLD);
    assert!(format!("{:?}", stale.say).contains("earlier question"), "{:?}", stale.say);
    assert_eq!(stale.state.draft, turn.state.draft);
    let back = hear(turn.state, &said("back"), WORLD);
    assert!(!back.state.draft.clone().expect("a draft").answers.contains_key("name"));
    let cancelled = hear(back.state, &said("cancel"), WORLD);
    assert!(cancelled.state.draft.is_some(), "a draft is never lost");
    let resumed = hear(cancelled.state, &said("Hi"), WORLD);
    assert!(format!("{:?}", resumed.say).contains("unfinished"), "{:?}", resumed.say);
}

#[test]
fn an_offered_transliteration_is_only_taken_when_tapped() {
    let turn = hear(begun("income").state, &said("Ramesh Kumar"), WORLD);
    let Some(Say::Buttons { buttons, .. }) = turn.say.last() else { panic!("{:?}", turn.say) };
    let tapped = hear(turn.state.clone(), &Heard::Tap { id: buttons[0].id.clone() }, WORLD);
    assert_eq!(tapped.state.draft.expect("a draft").answers["name"]["hi"], buttons[0].title);
    let skipped = hear(turn.state, &Heard::Tap { id: buttons[1].id.clone() }, WORLD);
    assert!(skipped.state.draft.expect("a draft").answers["name"].get("hi").is_none());
}

#[test]
fn a_file_at_the_wrong_moment_is_kept_and_offered() {
    let heard = Heard::File { key: "early".into(), format: Format::Picture, caption: String::new() };
    let turn = hear(begun("income").state, &heard, WORLD);
    assert_eq!(turn.state.unfiled.as_deref(), Some("early"));
    assert!(turn.commands.is_empty());
}

#[test]
fn what_is_not_in_order_is_asked_again_after_handing_in() {
    let service = published().service("income").expect("a service");
    let (draft, _) = walk(service, Language::English);
    let state =
        State { language: Some(Language::English), at: At::Form, draft: Some(draft), ..State::default() };
    let fault = Fault::new("pin", "pin", "Another PIN code.", "दूसरा पिन कोड।");
    let turn = tell(state.clone(), Told::Refused(vec![fault]), WORLD);
    let text = format!("{:?}", turn.say);
    assert!(text.contains("Another PIN code") && text.contains("PIN code*"), "{text}");
    let turn = tell(state, Told::Submitted(Some(("₹50".into(), "https://x/pay".into()))), WORLD);
    assert!(matches!(&turn.say[..], [Say::Link { .. }]));
    assert_eq!((turn.state.draft, turn.state.at), (None, At::Outside));
}

#[test]
fn every_scheme_is_told_and_its_questions_asked() {
    use mohar_schemas::scheme::published as schemes;
    for scheme in schemes().schemes() {
        for language in [Language::Hindi, Language::English] {
            let at = format!("{} in {}", scheme.id, language.code());
            let state = State { language: Some(language), ..State::default() };
            let turn = hear(state, &Heard::Tap { id: format!("scheme:{}", scheme.id) }, WORLD);
            fits(&turn, &at);
            let mut turn = hear(turn.state, &Heard::Tap { id: format!("eligible:{}", scheme.id) }, WORLD);
            for _ in 0..30 {
                fits(&turn, &at);
                let At::Eligible { answers, .. } = turn.state.at.clone() else { break };
                let mut open = scheme.questions.iter().filter(|q| q.asked(&answers));
                let field = open.find(|q| !answers.contains_key(&q.id)).expect("an open question");
                let said_ = match field.kind {
                    FormKind::Choice => field.choices(TODAY)[0].0.to_owned(),
                    FormKind::YesNo => "yes".into(),
                    FormKind::Day => "1/1/1990".into(),
                    FormKind::Year => "2025".into(),
                    _ => "30".into(),
                };
                turn = hear(turn.state, &said(&said_), WORLD);
            }
            assert_eq!(turn.state.at, At::Outside, "{at}: {:?}", turn.say);
        }
    }
}
