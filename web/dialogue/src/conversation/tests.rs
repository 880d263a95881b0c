//! Whole conversations about every service, in both languages, from the form's data alone.

mod flows;
mod guesses;

use super::*;
use crate::say::{BUTTON_MAX, BUTTONS_MAX, ROW_MAX, ROWS_MAX, TEXT_MAX, UNDER_ROW_MAX, length};
use jiff::civil::date;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, FormField, FormKind, example, read};
use mohar_schemas::service::Service;
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 25);

const WORLD: World = World { today: TODAY, aadhaar: false, model: false, speech: false };

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
                let ids: std::collections::HashSet<_> = rows.iter().map(|row| &row.id).collect();
                assert_eq!(ids.len(), rows.len(), "{at}: two rows of one id: {rows:?}");
                let titles = rows.iter().flat_map(|r| [(&r.title, ROW_MAX), (&r.under, UNDER_ROW_MAX)]);
                (body, titles.map(|(t, m)| (t.as_str(), m)).chain([(open.as_str(), BUTTON_MAX)]).collect())
            }
            Say::Link { body, label, .. } => (body, vec![(label.as_str(), BUTTON_MAX)]),
            Say::AskLocation { body } | Say::AskContact { body } => (body, vec![]),
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
        Part::Place => "yes".into(),
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

/// The words of a bubble.
fn body(say: &Say) -> &str {
    match say {
        Say::Text { body }
        | Say::Buttons { body, .. }
        | Say::List { body, .. }
        | Say::Link { body, .. }
        | Say::AskLocation { body }
        | Say::AskContact { body }
        | Say::File { caption: body, .. } => body,
    }
}

/// What is tapped in a bubble.
fn taps(say: &Say) -> Vec<&str> {
    match say {
        Say::Buttons { buttons, .. } => buttons.iter().map(|b| b.id.as_str()).collect(),
        Say::List { rows, .. } => rows.iter().map(|r| r.id.as_str()).collect(),
        _ => vec![],
    }
}

#[test]
fn a_wrong_answer_keeps_the_question_the_second_brings_an_example_and_the_third_a_person() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let mut turn = begun(&service.id);
        for _ in 0..200 {
            let draft = turn.state.draft.clone().expect("a draft");
            let asking::Question::Field(field) = asking::next(&draft, service) else { break };
            let at = format!("{} {}", service.id, field.id);
            let part = asking::part(&draft, field);
            let before = turn.state.clone();
            for miss in 1..=3 {
                turn = hear(turn.state, &said("😀\u{202e}"), WORLD);
                fits(&turn, &at);
                assert_eq!(turn.state.draft.as_ref(), Some(&draft), "{at}");
                assert_eq!(turn.commands.contains(&Command::Person), miss == 3, "{at}: {:?}", turn.say);
                if miss == 2 {
                    let [say] = &turn.say[..] else { panic!("{at}: {:?}", turn.say) };
                    assert!(format!("{say:?}").contains("For example: *"), "{at}: {say:?}");
                    assert!(taps(say).len() > 1, "{at}: {say:?}");
                }
            }
            let right = typed(service, field, part);
            turn = hear(before, &said(&right), WORLD);
            assert_eq!(turn.state.misses, 0, "{at}: {right}: {:?}", turn.say);
        }
    }
}

#[test]
fn the_example_that_is_given_is_a_right_answer() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        for language in [Language::Hindi, Language::English] {
            let mut turn = begun(&service.id);
            turn.state.language = Some(language);
            for _ in 0..200 {
                let draft = turn.state.draft.clone().expect("a draft");
                let asking::Question::Field(field) = asking::next(&draft, service) else { break };
                let at = format!("{} {} {}", service.id, language.code(), field.id);
                let wrong = hear(turn.state.clone(), &said("😀"), WORLD);
                let wrong = hear(wrong.state, &said("😀"), WORLD);
                let heard = wrong.say.iter().map(body).collect::<String>();
                let before = if language == Language::Hindi { "जैसे: *" } else { "For example: *" };
                let shown = heard.split(before).nth(1).and_then(|r| r.split('*').next());
                let shown = shown.unwrap_or_else(|| panic!("{at}: {heard}"));
                let taken = hear(wrong.state, &said(shown), WORLD);
                assert_eq!(taken.state.misses, 0, "{at}: {shown}: {:?}", taken.say);
                turn = hear(turn.state, &said(&typed(service, field, asking::part(&draft, field))), WORLD);
            }
        }
    }
}

#[test]
fn what_is_wrong_is_said_in_words_and_a_persons_hindi_is_not_lost() {
    let asked = |service: &str, answers: Value| {
        let mut turn = begun(service);
        turn.state.draft.as_mut().expect("a draft").answers = answers.as_object().cloned().expect("answers");
        turn
    };
    let heard = |turn: &Turn, text: &str| hear(turn.state.clone(), &said(text), WORLD);
    let service = published().service("income").expect("a service");
    let until = |kind: FormKind| {
        let before = service.fields.iter().take_while(|f| f.kind != kind);
        let answers: Answers = before.map(|f| (f.id.clone(), example(service, f, TODAY))).collect();
        asked("income", Value::Object(answers))
    };
    let amount = until(FormKind::Amount);
    for wrong in ["-5000", "₹ -5000", "5000 to 6000", "99999999999999", "some"] {
        let turn = heard(&amount, wrong);
        assert!(format!("{:?}", turn.say).contains("one amount in rupees"), "{wrong}: {:?}", turn.say);
    }
    let nothing = heard(&amount, "0");
    assert!(format!("{:?}", nothing.say).contains("write 1"), "the service's own rule: {:?}", nothing.say);
    assert_eq!(heard(&amount, "salary-5000").state.misses, 0, "a dash is no minus");
    // English at the question for Hindi changes nothing of what is known.
    let hindi = heard(&begun("income"), "Sunita Devi");
    let turn = heard(&hindi, "Somebody Else");
    assert!(format!("{:?}", turn.say).contains("Devanagari"), "{:?}", turn.say);
    assert_eq!(turn.state.draft, hindi.state.draft);
    let turn = heard(&turn, "skip");
    assert_eq!(turn.state.draft.expect("a draft").answers["name"], json!({ "en": "Sunita Devi" }));
    let service = published().service("marriage-hindu").expect("a service");
    let before = service.fields.iter().take_while(|f| f.kind != FormKind::People);
    let answers: Answers = before.map(|f| (f.id.clone(), example(service, f, TODAY))).collect();
    let people = asked("marriage-hindu", Value::Object(answers));
    assert_eq!(heard(&people, "R2 D2").state.misses, 1, "a digit in a name is said at once");
    let turn = heard(&heard(&people, "मोहन लाल"), "Mohan Lal");
    let (_, list) = turn.state.draft.clone().expect("a draft").partial.expect("a part");
    assert_eq!(list[0]["name"], json!({ "en": "Mohan Lal", "hi": "मोहन लाल" }));
    let turn = heard(&heard(&turn, "witness"), "back");
    let (_, list) = turn.state.draft.expect("a draft").partial.expect("a part");
    assert_eq!(list, json!([{ "name": { "en": "Mohan Lal", "hi": "मोहन लाल" } }]), "back goes one step");
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
    for skip in [Heard::Tap { id: buttons[1].id.clone() }, said("Skip"), said("छोड़ें"), said("nahi")]
    {
        let skipped = hear(turn.state.clone(), &skip, WORLD);
        assert_eq!(skipped.state.draft.expect("a draft").answers["name"], json!({ "en": "Ramesh Kumar" }));
    }
}

#[test]
fn a_file_at_the_wrong_moment_is_kept_and_offered() {
    let heard = Heard::File { key: "early".into(), format: Format::Picture, caption: String::new() };
    let turn = hear(begun("income").state, &heard, WORLD);
    assert_eq!(turn.state.early, ["early"]);
    assert!(turn.commands.is_empty());
    let second = Heard::File { key: "second".into(), format: Format::Pdf, caption: String::new() };
    let mut turn = hear(turn.state, &second, WORLD);
    assert_eq!(turn.state.early, ["early", "second"]);
    // At the first paper each is offered in turn; what is declined there is offered again at the next.
    let service = published().service("income").expect("a service");
    let fields = service.fields.iter().map(|f| (f.id.clone(), example(service, f, TODAY)));
    turn.state.draft.as_mut().expect("a draft").answers = fields.collect();
    let at = |turn: Turn, what: &str| {
        let id = format!("{}:{what}", turn.state.turn);
        hear(turn.state, &Heard::Tap { id }, WORLD)
    };
    let first = service.documents[0].kind.clone();
    let turn = hear(turn.state, &said("menu"), WORLD);
    let turn = hear(turn.state, &Heard::Tap { id: "do:resume".into() }, WORLD);
    let turn = at(turn, "decline");
    let turn = at(turn, "early");
    assert_eq!(turn.commands, [Command::Attach { kind: first.clone(), key: "second".into() }]);
    let turn = tell(turn.state, Told::Attached(Ok(first)), WORLD);
    let turn = hear(turn.state, &said("yes"), WORLD);
    let next = service.documents[1].kind.clone();
    assert_eq!(turn.commands, [Command::Attach { kind: next, key: "early".into() }]);
    assert!(turn.state.early.is_empty());
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
