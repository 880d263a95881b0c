//! What is asked beside an application: fees, papers, time; verifying by number; certificates once more;
//! delays; mistakes; places on the map.

use super::{TODAY, WORLD, begun, fits, said};
use crate::conversation::{
    At, Command, Fact, Held, HeldBy, Mistake, State, Time, Told, Turn, Unproven, Waiting, hear, tell,
};
use crate::heard::Heard;
use crate::say::{Say, Sent};
use jiff::civil::date;
use mohar_schemas::catalogue::published;
use mohar_schemas::number;
use mohar_schemas::types;
use mohar_schemas::words::Language;

const BOTH: [Language; 2] = [Language::Hindi, Language::English];

fn knows(language: Language) -> State {
    State { language: Some(language), ..State::default() }
}

fn tap(id: &str) -> Heard {
    Heard::Tap { id: id.to_owned() }
}

/// Everything that a turn says, as it is read.
fn words(turn: &Turn) -> String {
    let one = |say: &Say| match say {
        Say::Text { body } | Say::AskLocation { body } | Say::AskContact { body } => body.clone(),
        Say::Link { body, label, .. } => format!("{body} [{label}]"),
        Say::Buttons { body, buttons } => {
            let titles: Vec<&str> = buttons.iter().map(|b| b.title.as_str()).collect();
            format!("{body} [{}]", titles.join("] ["))
        }
        Say::List { body, rows, .. } => {
            let rows = rows.iter().map(|r| format!("\n- {} ({})", r.title, r.under));
            format!("{body}{}", rows.collect::<String>())
        }
        Say::File { caption, .. } => caption.clone(),
    };
    turn.say.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn income() -> String {
    number::write(types::by_id("income").expect("a type"), 2026, 42)
}

#[test]
fn a_question_about_a_service_is_answered_with_its_own_data() {
    let ask = |text: &str| hear(knows(Language::English), &said(text), WORLD);
    let costs = ask("income certificate ki fees kitni hai");
    assert!(words(&costs).contains("the fee is *₹50*"), "{}", words(&costs));
    assert!(!words(&costs).contains("Proof of income"), "only what was asked: {}", words(&costs));
    let free = ask("what is the fee for old age pension");
    assert!(words(&free).contains("*no fee*"), "{}", words(&free));
    let papers = ask("caste certificate ke liye kya kya documents chahiye");
    for part in ["Voter card", "electricity", "only if you answer “Yes” to “Did your family come to Delhi"]
    {
        assert!(words(&papers).to_lowercase().contains(&part.to_lowercase()), "{part}: {}", words(&papers));
    }
    // The service that is looked at is the one that the next question is about.
    let time = hear(papers.state, &said("kitne din lagte hain"), WORLD);
    for part in ["*14 working days*", "₹10", "₹200"] {
        assert!(words(&time).contains(part), "{part}: {}", words(&time));
    }
    let yes = hear(time.state, &said("yes"), WORLD);
    assert_eq!(yes.state.at, At::Consent { service: "caste-sc".into() });
    let several = ask("licence ki fees kitni hai");
    let Some(Say::List { rows, .. }) = several.say.last() else { panic!("{}", words(&several)) };
    assert!(rows.len() < 6 && rows.iter().any(|r| r.id == "ask:fees:learner-licence"), "{rows:?}");
}

#[test]
fn every_answer_about_every_service_fits_in_both_languages() {
    for service in published().services() {
        for language in BOTH {
            for query in ["fees", "documents", "timeline", "who"] {
                let at = format!("{} {query} in {}", service.id, language.code());
                let turn = hear(knows(language), &tap(&format!("ask:{query}:{}", service.id)), WORLD);
                fits(&turn, &at);
                assert!(words(&turn).contains(service.name.get(language)), "{at}: {}", words(&turn));
                assert!(!words(&turn).contains('{'), "{at}: a gap is open: {:?}", turn.say);
            }
        }
    }
}

#[test]
fn a_question_without_a_service_is_remembered() {
    for (question, answer) in
        [("fees kitni hai", "₹"), ("documents kya kya lagenge", "•"), ("kitne din me banega", "14")]
    {
        let turn = hear(knows(Language::Hindi), &said(question), WORLD);
        assert!(matches!(turn.say.last(), Some(Say::List { .. })), "{question}: {}", words(&turn));
        fits(&turn, question);
        let named = hear(turn.state.clone(), &said("domicile certificate"), WORLD);
        assert!(words(&named).contains("अधिवास") && words(&named).contains(answer), "{}", words(&named));
        let Some(Say::List { rows, .. }) = turn.say.last() else { panic!("{}", words(&turn)) };
        let more = hear(turn.state.clone(), &tap(&rows.last().expect("rows").id), WORLD);
        assert_eq!(more.state.at, turn.state.at, "the next page asks the same");
        let other = hear(turn.state, &said("certificate dobara bhejo"), WORLD);
        assert!(matches!(other.commands[..], [Command::Certificates { .. }]), "{:?}", other.commands);
    }
}

#[test]
fn a_certificate_is_checked_by_number_and_a_fact() {
    let number = income();
    for language in BOTH {
        for text in
            [number.clone(), format!("verify certificate {}", number.to_lowercase().replace('-', " "))]
        {
            let turn = hear(knows(language), &said(&text), WORLD);
            assert_eq!(turn.state.at, At::Fact { number: number.clone() }, "{text}: {}", words(&turn));
            fits(&turn, &text);
            for (fact, expected) in [
                ("15/8/1990", Fact::Born(date(1990, 8, 15))),
                ("15 अगस्त 1990", Fact::Born(date(1990, 8, 15))),
                ("सुनीता देवी", Fact::Named("सुनीता देवी".into())),
            ] {
                let asked = hear(turn.state.clone(), &said(fact), WORLD);
                let command = Command::ByNumber { number: number.clone(), fact: expected };
                assert_eq!(asked.commands, [command], "{fact}");
            }
        }
    }
}

#[test]
fn a_number_with_a_slip_is_told_at_once() {
    let number = income();
    let mut slip = number.clone();
    let last = slip.pop().expect("a digit");
    slip.push(if last == '0' { '1' } else { '0' });
    for text in [slip.clone(), format!("is {slip} genuine")] {
        let turn = hear(knows(Language::English), &said(&text), WORLD);
        assert!(
            words(&turn).contains("slip in this number") && turn.commands.is_empty(),
            "{text}: {:?}",
            turn.say
        );
        let right = hear(turn.state, &said(&number), WORLD);
        assert_eq!(right.state.at, At::Fact { number: number.clone() });
    }
    let how = hear(knows(Language::English), &said("certificate asli hai ya nakli check karna hai"), WORLD);
    assert!(["PDF", "photo", "number"].iter().all(|way| words(&how).contains(way)), "{}", words(&how));
    let none = hear(how.state.clone(), &said("90500012345678"), WORLD);
    assert!(words(&none).contains("begin with letters"), "{}", words(&none));
    let other = hear(how.state, &said("income certificate chahiye"), WORLD);
    assert_eq!(other.state.at, At::Service { service: "income".into() });
    let licence = hear(knows(Language::English), &said("DL-0420110149646 renew karna hai"), WORLD);
    assert!(!words(&licence).contains("slip"), "a licence's number is none of ours: {:?}", licence.say);
}

#[test]
fn after_no_match_one_may_try_again_and_too_many_tries_end_it() {
    let at = At::Fact { number: income() };
    let state = State { at: at.clone(), ..knows(Language::English) };
    let miss = tell(state.clone(), Told::ByNumber(Err(Unproven::NoMatch)), WORLD);
    assert_eq!(miss.state.at, at);
    let digits = hear(state.clone(), &said("32/13/1990"), WORLD);
    assert!(digits.commands.is_empty(), "no guess is spent on what is no fact");
    let wait = tell(state.clone(), Told::ByNumber(Err(Unproven::Wait)), WORLD);
    assert_eq!(wait.state.at, At::Outside);
    let found = tell(state, Told::ByNumber(Ok("*Genuine*".into())), WORLD);
    assert_eq!(found.say, [Say::Text { body: "*Genuine*".into() }]);
}

fn held(number: &str, counts: bool) -> Held {
    Held { application: number.into(), service: "income".into(), on: date(2026, 10, 1), counts }
}

#[test]
fn the_only_certificate_comes_at_once_and_of_several_the_one_that_is_chosen() {
    let turn = hear(knows(Language::English), &said("mera certificate bhejo"), WORLD);
    assert_eq!(turn.commands, [Command::Certificates { number: None, service: None }]);
    let one = tell(turn.state.clone(), Told::Certificates(vec![held("A-1", true)]), WORLD);
    let [Say::File { what: Sent::Certificate { application }, caption }] = &one.say[..] else {
        panic!("{}", words(&one))
    };
    assert_eq!((application.as_str(), caption.contains("no longer")), ("A-1", false));
    let old = tell(turn.state.clone(), Told::Certificates(vec![held("A-1", false)]), WORLD);
    assert!(words(&old).contains("no longer counts"), "{}", words(&old));
    let two =
        tell(turn.state.clone(), Told::Certificates(vec![held("A-1", true), held("A-2", false)]), WORLD);
    fits(&two, "two certificates");
    let Some(Say::List { rows, .. }) = two.say.last() else { panic!("{}", words(&two)) };
    let second = hear(two.state, &tap(&rows[1].id), WORLD);
    assert_eq!(second.commands, [Command::Certificates { number: Some("A-2".into()), service: None }]);
    let none = tell(turn.state, Told::Certificates(vec![]), WORLD);
    assert_eq!(none.commands, [Command::Status { number: None }]);
}

fn waiting(number: &str, over: u32) -> Waiting {
    let clock = Time { due: date(2026, 10, 1), limit: 14, used: 14 + over, over, owed: over * 10 };
    Waiting {
        number: number.into(),
        service: "income".into(),
        office: "sdm-narela".into(),
        since: date(2026, 9, 10),
        clock: Some(clock),
        grieved: None,
    }
}

#[test]
fn a_grievance_is_filed_only_after_a_yes() {
    let complaint = "2 mahine ho gaye abhi tak nahi bana";
    for language in BOTH {
        let turn = hear(knows(language), &said(complaint), WORLD);
        assert_eq!(turn.commands, [Command::Delays { number: None }]);
        let late = tell(turn.state.clone(), Told::Delays(vec![waiting("A-1", 16)]), WORLD);
        fits(&late, complaint);
        for part in ["A-1", "14", "30", "16", "₹160", complaint] {
            assert!(words(&late).contains(part), "{part}: {}", words(&late));
        }
        assert!(late.commands.is_empty(), "nothing is filed on a guess");
        let filed = Command::Grieve { number: "A-1".into(), words: complaint.into() };
        let Some(Say::Buttons { buttons, .. }) = late.say.last() else { panic!("{}", words(&late)) };
        assert_eq!(hear(late.state.clone(), &tap(&buttons[0].id), WORLD).commands, vec![filed.clone()]);
        assert_eq!(hear(late.state.clone(), &said("haan"), WORLD).commands, [filed]);
        for other in ["no", "income certificate", "menu"] {
            let turn = hear(late.state.clone(), &said(other), WORLD);
            assert!(turn.commands.is_empty(), "{other}: {:?}", turn.commands);
            assert!(
                hear(turn.state, &tap(&buttons[0].id), WORLD).commands.is_empty(),
                "{other}: a tap too late"
            );
        }
    }
}

#[test]
fn who_is_not_late_or_has_complained_already_is_told_so() {
    let turn =
        hear(knows(Language::English), &said("it has been two months and nothing has happened"), WORLD);
    assert!(matches!(turn.commands[..], [Command::Delays { .. }]), "{turn:?}");
    for (one, expected) in [
        (waiting("A-1", 0), "not late"),
        (Waiting { clock: None, ..waiting("A-1", 0) }, "No law"),
        (Waiting { grieved: Some(date(2026, 11, 3)), ..waiting("A-1", 9) }, "in the file already"),
    ] {
        let told = tell(turn.state.clone(), Told::Delays(vec![one]), WORLD);
        fits(&told, expected);
        assert!(words(&told).contains(expected), "{expected}: {}", words(&told));
        let yes = hear(told.state, &said("yes"), WORLD);
        assert!(!yes.commands.iter().any(|c| matches!(c, Command::Grieve { .. })), "{yes:?}");
    }
    let two = tell(turn.state, Told::Delays(vec![waiting("A-1", 0), waiting("A-2", 3)]), WORLD);
    let Some(Say::List { rows, .. }) = two.say.last() else { panic!("{}", words(&two)) };
    assert_eq!(rows[0].id, "late:A-2", "the latest first");
    let chosen = hear(two.state, &tap("late:A-2"), WORLD);
    assert_eq!(chosen.commands, [Command::Delays { number: Some("A-2".into()) }]);
    let late = tell(chosen.state, Told::Delays(vec![waiting("A-2", 3)]), WORLD);
    assert!(words(&late).contains("nothing has happened"), "the words are not forgotten: {:?}", late.say);
}

fn mistake(held: HeldBy) -> Told {
    Told::Mistakes(vec![Mistake { number: "A-1".into(), service: "income".into(), held }])
}

#[test]
fn what_is_wrong_is_mended_where_it_can_be() {
    let turn = hear(knows(Language::English), &said("naam galat likha hai"), WORLD);
    assert_eq!(turn.commands, [Command::Mistakes { number: None }]);
    let open = tell(turn.state.clone(), mistake(HeldBy::Citizen), WORLD);
    assert_eq!(open.commands, [Command::Reopen { number: "A-1".into() }]);
    let mut answers = mohar_schemas::form::Answers::new();
    answers.insert("name".into(), serde_json::json!({ "en": "Sunita Devi" }));
    let told =
        |answers| Told::Begun { service: "income".into(), number: "A-1".into(), answers, documents: vec![] };
    let list = tell(open.state.clone(), told(answers), WORLD);
    assert!(
        matches!(list.say.last(), Some(Say::List { rows, .. }) if rows[0].id.ends_with("mend:name")),
        "{:?}",
        list.say
    );
    let empty = tell(open.state, told(mohar_schemas::form::Answers::new()), WORLD);
    assert!(words(&empty).contains("Your name"), "nothing to choose from: {:?}", empty.say);
    let at_work = tell(turn.state.clone(), mistake(HeldBy::Office("sdm-narela".into())), WORLD);
    assert!(words(&at_work).contains("Narela") && at_work.commands.is_empty(), "{}", words(&at_work));
    let issued = tell(turn.state.clone(), mistake(HeldBy::Certificate), WORLD);
    fits(&issued, "a corrected certificate");
    assert!(words(&issued).contains("replaces this one") && issued.commands.is_empty(), "{}", words(&issued));
    let yes = hear(issued.state, &said("yes"), WORLD);
    assert_eq!(yes.commands, [Command::Replace { number: "A-1".into() }]);
    let none = tell(turn.state, Told::Mistakes(vec![]), WORLD);
    assert_eq!(none.state.at, At::Outside);
}

/// A draft of an income certificate that asks for the sub-division next.
fn at_sub_division(language: Language) -> State {
    let service = published().service("income").expect("a service");
    let mut state = State { language: Some(language), ..begun("income").state };
    if let Some(draft) = &mut state.draft {
        let before = service.fields.iter().take_while(|f| f.id != "sub_division");
        for field in before {
            draft.answers.insert(field.id.clone(), mohar_schemas::form::example(service, field, TODAY));
        }
    }
    state
}

#[test]
fn a_place_on_the_map_is_proposed_and_never_taken_for_granted() {
    let narela = Heard::Location { latitude: 28.852, longitude: 77.093 };
    for language in BOTH {
        let state = at_sub_division(language);
        let asked = hear(state.clone(), &tap("lang:en"), WORLD);
        let Some(Say::List { rows, .. }) = asked.say.last() else { panic!("{}", words(&asked)) };
        let ask = hear(asked.state, &tap(&rows[0].id), WORLD);
        assert!(matches!(ask.say[..], [Say::AskLocation { .. }]), "{}", words(&ask));
        let state = State { language: Some(language), ..ask.state };
        let proposed = hear(state.clone(), &narela, WORLD);
        fits(&proposed, "a proposal");
        let name = if language == Language::Hindi { "*नरेला*" } else { "*Narela*" };
        assert!(words(&proposed).contains(name), "{}", words(&proposed));
        let answers = |turn: &Turn| turn.state.draft.clone().expect("a draft").answers;
        assert!(!answers(&proposed).contains_key("sub_division"));
        let right = hear(proposed.state.clone(), &said("yes"), WORLD);
        assert_eq!(answers(&right)["sub_division"], "narela");
        let wrong = hear(proposed.state.clone(), &said("no"), WORLD);
        assert!(matches!(wrong.say.last(), Some(Say::List { .. })), "{}", words(&wrong));
        assert_eq!(wrong.state.misses, 0);
        let other = hear(proposed.state, &said("Bawana"), WORLD);
        assert_eq!(answers(&other)["sub_division"], "bawana");
        let mumbai = Heard::Location { latitude: 19.076, longitude: 72.878 };
        let outside = hear(state, &mumbai, WORLD);
        assert!(!answers(&outside).contains_key("sub_division") && outside.state.place.is_none());
        assert!(matches!(outside.say.last(), Some(Say::List { .. })), "asked again: {:?}", outside.say);
    }
}

#[test]
fn a_place_sent_early_is_proposed_when_its_turn_comes() {
    let early = Heard::Location { latitude: 28.852, longitude: 77.093 };
    let outside = hear(knows(Language::English), &early, WORLD);
    assert!(
        words(&outside).contains("Narela") && words(&outside).contains("Outer North"),
        "{:?}",
        outside.say
    );
    let state = State { place: outside.state.place, ..at_sub_division(Language::English) };
    let asked = hear(state, &tap("lang:en"), WORLD);
    assert!(words(&asked).contains("*Narela*"), "{}", words(&asked));
    let at_name = hear(begun("income").state, &early, WORLD);
    assert!(words(&at_name).contains("Your name"), "the open question stays: {:?}", at_name.say);
}

#[test]
fn a_shared_number_answers_the_question_for_it_and_no_other() {
    let service = published().service("income").expect("a service");
    let mut state = at_sub_division(Language::English);
    if let Some(draft) = &mut state.draft {
        draft.answers.insert("sub_division".into(), "narela".into());
    }
    let asked = hear(state.clone(), &tap("lang:en"), WORLD);
    assert!(matches!(asked.say[..], [Say::AskContact { .. }]), "{}", words(&asked));
    let contact = Heard::Contact { phone: "919810012345".into() };
    let shared = hear(state, &contact, WORLD);
    let expected =
        mohar_schemas::form::answer(service.field("phone").expect("a field"), &"9810012345".into(), TODAY);
    assert_eq!(shared.state.draft.expect("a draft").answers["phone"], expected.expect("a number"));
    let elsewhere = hear(begun("income").state, &contact, WORLD);
    assert!(elsewhere.state.draft.expect("a draft").answers.is_empty());
}

#[test]
fn the_door_shows_everything_and_fits() {
    for language in BOTH {
        for state in
            [knows(language), State { at: At::Outside, language: Some(language), ..begun("income").state }]
        {
            let door = hear(state, &said("menu"), WORLD);
            fits(&door, "the door");
            let Some(Say::List { rows, .. }) = door.say.last() else { panic!("{}", words(&door)) };
            for row in rows.clone() {
                let turn = hear(door.state.clone(), &tap(&row.id), WORLD);
                fits(&turn, &row.title);
                assert!(!(turn.say.is_empty() && turn.commands.is_empty()), "{}", row.title);
            }
        }
    }
}

#[test]
fn the_third_misunderstanding_brings_a_person() {
    let mut turn = hear(knows(Language::Hindi), &said("who won the match"), WORLD);
    assert!(words(&turn).contains("यहाँ सिर्फ़ दिल्ली"), "{}", words(&turn));
    for text in ["😂😂", "tell me a joke"] {
        assert!(turn.commands.is_empty(), "{text}");
        turn = hear(turn.state, &said(text), WORLD);
    }
    assert_eq!(turn.commands, [Command::Person]);
    let found = hear(turn.state, &said("income certificate"), WORLD);
    assert_eq!(found.state.misses, 0);
}

#[test]
fn words_where_a_paper_or_a_yes_is_asked_for_are_answered() {
    let service = published().service("income").expect("a service");
    let mut state = begun("income").state;
    if let Some(draft) = &mut state.draft {
        for field in &service.fields {
            draft.answers.insert(field.id.clone(), mohar_schemas::form::example(service, field, TODAY));
        }
    }
    let paper = hear(state.clone(), &said("mere paas nahi hai abhi"), WORLD);
    assert!(words(&paper).contains("photo or a PDF is needed"), "{}", words(&paper));
    if let Some(draft) = &mut state.draft {
        draft.documents = service.documents.iter().map(|d| d.kind.clone()).collect();
    }
    let wrong = hear(state.clone(), &said("naam galat likha hai"), WORLD);
    assert!(matches!(wrong.say.last(), Some(Say::List { .. })), "what is wrong is chosen: {:?}", wrong.say);
    let costs = hear(state.clone(), &said("fees kitni hai"), WORLD);
    assert!(
        words(&costs).contains("₹50") && words(&costs).contains("Is everything right?"),
        "{}",
        words(&costs)
    );
    assert_eq!(costs.state.misses, 0, "a question is no miss");
    let other = hear(state, &said("hmm dekhta hu"), WORLD);
    assert!(words(&other).contains("Write “yes”") && other.commands.is_empty(), "{}", words(&other));
}
