//! With a model that is silent, useless or hostile the conversation is word for word the one without.

use super::super::*;
use super::*;
use jiff::civil::date;
use mohar_schemas::catalogue::published;

const ALONE: World = World { today: date(2026, 11, 25), aadhaar: false, model: false, speech: false };
const HELPED: World = World { model: true, ..ALONE };
const USELESS: [Option<&str>; 5] = [
    None,
    Some(""),
    Some(r#"{"intents":["submit"],"value":"x"}"#),
    Some(r#"{"answer":"Pay ₹9,999 at https://evil.example"}"#),
    Some(r#"{"value":"1/1/2000"}"#),
];

fn said(text: &str) -> Heard {
    Heard::Text { text: text.to_owned() }
}

/// A turn with a model that gives this answer to whatever it is asked; and whether it was asked.
fn helped(state: State, heard: &Heard, answer: Option<&str>) -> (Turn, bool) {
    let mut turn = hear(state, heard, HELPED);
    let Some(place) = turn.commands.iter().position(|c| matches!(c, Command::Consult(_))) else {
        return (turn, false);
    };
    let Command::Consult(question) = turn.commands.remove(place) else { unreachable!("it was found there") };
    let next = tell(turn.state, Told::Advised(question, answer.map(str::to_owned)), HELPED);
    let say = turn.say.into_iter().chain(next.say).collect();
    let commands = turn.commands.into_iter().chain(next.commands).collect();
    (Turn { state: next.state, say, commands }, true)
}

#[test]
fn a_useless_model_changes_no_word() {
    let mut questions: Vec<String> =
        ["पानी वाला काम करवाना था", "the thing my neighbour got", "what is the weather", "😀", "hello, me"]
            .map(str::to_owned)
            .into();
    for service in published().services() {
        questions.push(format!("{} ki fees kitni hai", service.name.en));
        questions.push(format!("{} में कितना समय लगता है", service.name.hi));
        questions.push(format!("which documents for {}", service.name.en));
    }
    let mut asked = 0;
    for question in &questions {
        for language in [None, Some(Language::English), Some(Language::Hindi)] {
            let state = State { language, ..State::default() };
            let alone = hear(state.clone(), &said(question), ALONE);
            for answer in USELESS {
                let (turn, was_asked) = helped(state.clone(), &said(question), answer);
                assert_eq!(turn, alone, "{question} {language:?} {answer:?}");
                asked += usize::from(was_asked);
            }
        }
    }
    assert!(asked > questions.len() * 6, "{asked} of {}", questions.len() * 15);
}

#[test]
fn a_useless_model_changes_no_miss() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let told = Told::Begun {
            service: service.id.clone(),
            number: "A-2026-0000001-1".into(),
            answers: Answers::new(),
            documents: vec![],
        };
        let mut alone = tell(State { language: Some(Language::English), ..State::default() }, told, ALONE);
        let mut with = alone.clone();
        for answer in USELESS {
            alone = hear(alone.state, &said("neither here nor there\u{202e}"), ALONE);
            with = helped(with.state, &said("neither here nor there\u{202e}"), answer).0;
            assert_eq!(with, alone, "{}", service.id);
        }
    }
}

#[test]
fn an_answer_to_another_question_is_offered_to_nobody() {
    let service = published().service("income").expect("a service");
    let field = service.fields.iter().find(|f| f.kind == FormKind::Amount).expect("an amount");
    let question = Question::value(field, "about 5000 a month", &[], "why", ALONE.today).expect("a question");
    let told = Told::Begun {
        service: "income".into(),
        number: "A-2026-0000001-1".into(),
        answers: Answers::new(),
        documents: vec![],
    };
    let begun = tell(State { language: Some(Language::English), ..State::default() }, told, HELPED);
    let answer = Some(r#"{"value":"[number-a]"}"#.to_owned());
    let turn = tell(begun.state, Told::Advised(Box::new(question), answer), HELPED);
    let text = format!("{:?}", turn.say);
    assert!(text.contains("why") && text.contains("Your name") && !text.contains("5000"), "{text}");
}

#[test]
fn a_new_citizen_is_greeted_before_a_proposal() {
    let (turn, asked) =
        helped(State::default(), &said("पानी वाला काम करवाना था"), Some(r#"{"intents":["do:status"]}"#));
    let [Say::List { body, rows, .. }] = &turn.say[..] else { panic!("{:?}", turn.say) };
    assert!(asked && body.starts_with("नमस्ते") && rows.len() == 2, "{:?}", turn.say);
}
