use super::*;
use crate::form::{Answers, FormKind};
use crate::words::{SHORT_MAX, length};
use serde_json::{Value, json};

const TODAY: Date = jiff::civil::date(2026, 11, 25);
const LANGUAGES: [Language; 2] = [Language::English, Language::Hindi];
/// The strictest channel's limits: text below a picture, a button's.
const CAPTION_MAX: usize = 1_024;
const BUTTON_MAX: usize = 20;

#[test]
fn the_eighteen_schemes_load_in_the_order_of_the_menus() {
    let ids: Vec<_> = published().schemes().iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids[..4], ["ladli", "women-bus-travel", "matru-vandana", "mahila-samriddhi"]);
    assert_eq!(ids.len(), 18);
    let grouped: usize = published().groups().map(|(_, schemes)| schemes.len()).sum();
    assert_eq!(grouped, 18);
    for scheme in published().schemes() {
        assert!(scheme.checked <= TODAY && scheme.source.en.contains("20"), "{}: when?", scheme.id);
        assert!(published().group(scheme).is_some() && published().runner(scheme).is_some());
    }
    let films = published().schemes().iter().filter(|s| s.film).map(|s| s.id.as_str());
    assert_eq!(films.collect::<Vec<_>>(), ["ladli", "women-bus-travel", "ayushman-bharat"]);
}

fn text_of(id: &str) -> &'static str {
    data::SCHEMES.iter().find(|(file, _)| *file == id).unwrap().1
}

#[test]
fn a_fault_names_file_key_and_rule() {
    let wrong = |from: &str, to: &str| {
        let text = text_of("ladli");
        assert!(text.contains(from), "{from}");
        let text = text.replacen(from, to, 1);
        let others = data::SCHEMES.iter().copied().filter(|(file, _)| *file != "ladli");
        Schemes::load(others.chain([("ladli", text.as_str())])).unwrap_err()[0].to_string()
    };
    let long = "बेटी की पढ़ाई और आगे बढ़ने के लिए";
    for (from, to, expected) in [
        ("place = 1", "place = 5", "schemes/ladli.toml: place: another scheme has the place 5"),
        ("group = \"women\"", "group = \"men\"", "schemes/ladli.toml: group: schemes.toml has no group men"),
        ("\"delhi\"", "\"dilli\"", "schemes/ladli.toml: runner: schemes.toml has no runner dilli"),
        ("[\"income\"]", "[\"incme\"]", "schemes/ladli.toml: needs: there is no service incme"),
        ("https://", "http://", "schemes/ladli.toml: site: an address begins with https://"),
        ("field = \"income\"", "field = \"incme\"", "schemes/ladli.toml: rule: it names no question: incme"),
        (
            "values = [\"later\"]",
            "values = [\"third\"]",
            "schemes/ladli.toml: rule: daughter has no option third",
        ),
        (
            "kind = \"amount\"",
            "kind = \"aadhaar\"",
            "schemes/ladli.toml: question income: it is a yes-no, choice, year, amount, number or day",
        ),
        (
            "field = \"three_years\"",
            "field = \"income\"",
            "schemes/ladli.toml: rule: it does not fit the kind of income",
        ),
        ("लाडली, लखपति बिटिया", long, "schemes/ladli.toml: short: at most 24 letters, not 33"),
        (
            "hi = \"लाडली, अब लखपति बिटिया\"",
            "hi = \"Ladli\"",
            "schemes/ladli.toml: name: the words are needed in English and in Hindi",
        ),
        ("\"kanya\"", "\"कन्या\"", "schemes/ladli.toml: keywords: en and latin are in Latin letters"),
    ] {
        assert_eq!(wrong(from, to), expected);
    }
    assert!(wrong("icon = \"baby\"", "icon = \"bb\"").starts_with("ladli.toml: line "));
    assert!(wrong("2026-11-25", "2026-13-25").starts_with("ladli.toml: line "));
    let twice = [("a", text_of("ladli")), ("b", text_of("ladli"))];
    let faults = Schemes::load(twice).unwrap_err();
    assert_eq!(faults[0].to_string(), "schemes/b.toml: id: another scheme is called ladli");
}

#[test]
fn every_text_fits_where_a_chat_shows_it() {
    for (group, _) in published().groups() {
        assert!(LANGUAGES.iter().all(|l| length(group.name.get(*l)) <= SHORT_MAX), "{group:?}");
    }
    for scheme in published().schemes() {
        for language in LANGUAGES {
            let caption = published().caption(scheme, language);
            let at = format!("{} {language:?}: {}", scheme.id, length(&caption));
            assert!(length(&caption) <= CAPTION_MAX && caption.contains(&scheme.site), "{at}");
            assert!(length(scheme.short.get(language)) <= SHORT_MAX, "{at}");
            assert!(length(scheme.line.get(language)) <= LINE_MAX, "{at}");
            for question in &scheme.questions {
                let max = if question.options.len() <= 3 { BUTTON_MAX } else { SHORT_MAX };
                for option in &question.options {
                    let name = option.name.get(language);
                    assert!(length(name) <= max, "{at}: {name}");
                }
                assert!(question.options.len() <= 10, "{at}");
                let help = question.help.as_ref().map_or("", |h| h.get(language));
                assert!(length(question.label.get(language)) + length(help) <= CAPTION_MAX, "{at}");
            }
            let all: Vec<_> = scheme.rules.iter().map(Rule::message).collect();
            for eligibility in
                [Eligibility::Unlikely(all), Eligibility::Unsure(scheme.questions.iter().collect())]
            {
                let answer = published().answer(scheme, &eligibility);
                assert!(length(answer.get(language)) <= CAPTION_MAX, "{at}: {answer:?}");
            }
        }
    }
}

fn answers(given: &[(&str, Value)]) -> Answers {
    given.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect()
}

/// What is said of answers as they come from a form or a chat: `yes`, the reasons, or what is open.
fn told(id: &str, given: &[(&str, Value)]) -> String {
    let scheme = published().scheme(id).unwrap();
    let (answers, faults) = read(scheme, &answers(given), TODAY);
    assert_eq!(faults, [], "{id}");
    match eligibility(scheme, &answers, TODAY) {
        Eligibility::Likely => "yes".into(),
        Eligibility::Unlikely(reasons) => {
            let field = |words: &Words| scheme.rules.iter().find(|r| r.message() == words).unwrap().field();
            let fields = reasons.into_iter().map(field);
            format!("no: {}", fields.collect::<Vec<_>>().join(" "))
        }
        Eligibility::Unsure(open) => {
            format!("open: {}", open.iter().map(|f| f.id.as_str()).collect::<Vec<_>>().join(" "))
        }
    }
}

/// The right answers with one of them changed, or left out where it is null.
fn changed<'a>(right: &[(&'a str, Value)], field: &'a str, value: Value) -> Vec<(&'a str, Value)> {
    let kept = right.iter().filter(|(k, _)| *k != field).cloned();
    kept.chain([(field, value)]).collect()
}

#[test]
fn ladli_truth_table() {
    let right = [
        ("born_in_delhi", json!("yes")),
        ("three_years", json!(true)),
        ("income", json!("1,20,000")),
        ("daughter", json!("second")),
        ("stage", json!("baby")),
    ];
    assert_eq!(told("ladli", &right), "yes");
    for (field, value, expected) in [
        ("born_in_delhi", json!("no"), "no: born_in_delhi"),
        ("three_years", json!(false), "no: three_years"),
        ("income", json!(120_001), "no: income"),
        ("daughter", json!("later"), "no: daughter"),
        ("stage", json!("between"), "no: stage"),
        ("stage", json!("college"), "yes"),
        ("income", json!(""), "open: income"),
        ("stage", Value::Null, "open: stage"),
    ] {
        assert_eq!(told("ladli", &changed(&right, field, value)), expected, "{field}");
    }
    // A reason against it is said at once; what is open no longer matters.
    assert_eq!(told("ladli", &[("born_in_delhi", json!("no"))]), "no: born_in_delhi");
    assert_eq!(told("ladli", &[]), "open: born_in_delhi three_years income daughter stage");
}

#[test]
fn ages_and_groups_at_their_bounds() {
    let one = |id: &str, right: &[(&str, Value)], field: &str, value: Value| {
        told(id, &changed(right, field, value))
    };
    let bus = [("gender", json!("woman")), ("in_delhi", json!("yes")), ("age", json!("12"))];
    assert_eq!(told("women-bus-travel", &bus), "yes");
    assert_eq!(one("women-bus-travel", &bus, "gender", json!("transgender")), "yes");
    assert_eq!(one("women-bus-travel", &bus, "gender", json!("man")), "no: gender");
    assert_eq!(one("women-bus-travel", &bus, "age", json!(4)), "no: age");
    assert_eq!(one("women-bus-travel", &bus, "in_delhi", json!("no")), "no: in_delhi");

    let old = [("age", json!(70)), ("in_delhi", json!("yes")), ("aadhaar", json!("yes"))];
    assert_eq!(told("vay-vandana", &old), "yes");
    assert_eq!(one("vay-vandana", &old, "age", json!("69")), "no: age");

    let atal = [("age", json!(40)), ("account", json!("yes")), ("tax", json!("no"))];
    assert_eq!(told("atal-pension", &atal), "yes");
    assert_eq!(one("atal-pension", &atal, "age", json!(41)), "no: age");
    assert_eq!(one("atal-pension", &atal, "age", json!(17)), "no: age");
    assert_eq!(one("atal-pension", &atal, "tax", json!("yes")), "no: tax");

    let girl = [("born", json!("2016-11-26")), ("has_one", json!("no")), ("sisters", json!("no"))];
    assert_eq!(told("sukanya-samriddhi", &girl), "yes", "ten tomorrow");
    assert_eq!(one("sukanya-samriddhi", &girl, "born", json!("2016-11-25")), "no: born", "ten today");
}

#[test]
fn questions_that_follow_from_others() {
    let nursery = [
        ("in_delhi", json!("yes")),
        ("group", json!("income")),
        ("class", json!("nursery")),
        ("age_nursery", json!(3)),
    ];
    assert_eq!(told("ews-admission", &nursery), "yes");
    let of = |field, value| told("ews-admission", &changed(&nursery, field, value));
    assert_eq!(of("age_nursery", json!(5)), "no: age_nursery");
    assert_eq!(of("age_nursery", json!(2)), "no: age_nursery");
    assert_eq!(of("class", json!("kg")), "open: age_kg");
    assert_eq!(of("class", json!("other")), "no: class");
    assert_eq!(of("group", json!("none")), "no: group");
    // Other ages hold for children with disabilities, so they are not asked.
    assert_eq!(of("group", json!("disability")), "yes");
}

#[test]
fn a_ration_card_has_six_hindrances() {
    let none = ["government", "tax", "car", "property", "electricity"];
    let mut given = vec![("in_delhi", json!("yes")), ("income", json!(90_000))];
    given.extend(none.map(|field| (field, json!("no"))));
    assert_eq!(told("food-security", &given), "yes");
    for field in none {
        assert_eq!(told("food-security", &changed(&given, field, json!("yes"))), format!("no: {field}"));
    }
    assert_eq!(told("food-security", &changed(&given, "income", json!(120_001))), "no: income");
}

#[test]
fn every_rule_of_every_scheme_can_be_broken_and_kept() {
    for scheme in published().schemes() {
        for rule in &scheme.rules {
            let question = scheme.questions.iter().find(|q| q.id == rule.field()).unwrap();
            let tries: Vec<Value> = match question.kind {
                FormKind::YesNo => vec![json!(true), json!(false)],
                FormKind::Choice => question.options.iter().map(|o| json!(o.id)).collect(),
                FormKind::Day => vec![json!("2026-01-01"), json!("1990-01-01")],
                _ => [0, 3, 5, 17, 18, 30, 71, 10_000_000].map(|n| json!(n)).to_vec(),
            };
            let broken = |value: &Value| {
                crate::form::broken(rule, &answers(&[(&question.id, value.clone())]), TODAY).is_some()
            };
            let (no, yes): (Vec<_>, Vec<_>) = tries.iter().partition(|v| broken(v));
            assert!(!no.is_empty() && !yes.is_empty(), "{} {rule:?}", scheme.id);
        }
    }
}

#[test]
fn the_answer_is_honest() {
    let scheme = published().scheme("mahila-samriddhi").unwrap();
    let likely = published().answer(scheme, &Eligibility::Likely);
    assert!(likely.en.contains("may be") && likely.en.contains("department decides"), "{likely:?}");
    assert!(likely.hi.contains("निर्णय विभाग करता है") && likely.hi.contains("पुष्टि"), "{likely:?}");
    let reasons = Eligibility::Unlikely(vec![scheme.rules[0].message()]);
    let unlikely = published().answer(scheme, &reasons);
    assert!(unlikely.hi.contains("शायद नहीं") && unlikely.hi.contains("योजना महिलाओं के लिए है"));
    assert!(unlikely.en.contains("ask there before you give up"));
}

#[test]
fn what_is_not_understood_is_said_and_stays_open() {
    let scheme = published().scheme("atal-pension").unwrap();
    let given = answers(&[("age", json!("forty")), ("account", json!("perhaps")), ("evil", json!("x"))]);
    let (read, faults) = read(scheme, &given, TODAY);
    let said: Vec<_> = faults.iter().map(|f| (f.field.as_str(), f.rule)).collect();
    assert_eq!(said, [("age", "number"), ("account", "yes-or-no")]);
    assert!(matches!(eligibility(scheme, &read, TODAY), Eligibility::Unsure(open) if open.len() == 3));
}

#[test]
fn a_scheme_is_found_by_what_people_call_it() {
    let known = |word: &str| {
        let has = |s: &&Scheme| s.words().any(|w| w.to_lowercase().contains(word));
        published().schemes().iter().filter(has).map(|s| s.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(known("गुलाबी टिकट"), ["women-bus-travel"]);
    assert_eq!(known("gulabi ticket"), ["women-bus-travel"]);
    assert_eq!(known("toolkit"), ["vishwakarma"]);
    assert!(known("आयुष्मान").contains(&"ayushman-bharat"));
}
