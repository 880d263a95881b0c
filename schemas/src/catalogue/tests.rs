use super::*;
use crate::form::FormKind;
use crate::form::{Answers, By, read};
use serde_json::{Value, json};

const TODAY: Date = jiff::civil::date(2026, 11, 24);

fn service(text: &str) -> Result<Catalogue, Vec<CatalogueError>> {
    Catalogue::load(data::SERVICES.iter().copied().chain([("new", text)]))
}

#[test]
fn the_thirty_six_services_load_and_twenty_issue_a_credential() {
    let all = published().services();
    assert_eq!(all.len(), 36);
    assert!(all.iter().filter(|s| s.outcome.kind == OutcomeKind::Credential).count() >= 20);
    let information: Vec<_> = all.iter().filter(|s| !s.can_be_applied_for()).map(|s| s.id.as_str()).collect();
    assert_eq!(information, ["police-clearance"]);
    assert!(is_working_day(jiff::civil::date(2026, 11, 25)) && !is_working_day(TODAY));
}

const NEW: &str = r#"
id = "tree-planting"
place = 37
department = "revenue"
name = { en = "Tree planting", hi = "पौधारोपण" }
about = { en = "A tree for your street.", hi = "आपकी गली के लिए एक पेड़।" }
who = { en = "Residents of Delhi", hi = "दिल्ली के निवासी" }
workflow = "simple"
form = ["applicant", "contact"]

[outcome]
kind = "acknowledgement"

[[field]]
id = "trees"
kind = "number"
label = { en = "How many", hi = "कितने" }

[[rule]]
kind = "at-most"
field = "trees"
most = 5
message = { en = "Five at most.", hi = "अधिक से अधिक पाँच।" }
"#;

#[test]
fn a_thirty_seventh_service_is_one_file() {
    let catalogue = service(NEW).unwrap();
    assert_eq!(catalogue.services().len(), 37);
    let new = catalogue.service("tree-planting").unwrap();
    let mut answers = right(new);
    assert!(read(new, &answers, By::Citizen, TODAY).is_ok());
    answers.insert("trees".into(), json!(6));
    let faults = read(new, &answers, By::Citizen, TODAY).unwrap_err();
    assert_eq!(
        (faults[0].field.as_str(), faults[0].rule, faults[0].hi.as_str()),
        ("trees", "at-most", "अधिक से अधिक पाँच।")
    );
}

#[test]
fn a_fault_names_file_key_and_rule() {
    let wrong = |from: &str, to: &str| service(&NEW.replace(from, to)).unwrap_err()[0].to_string();
    for (from, to, expected) in [
        ("place = 37", "place = 3", "services/new.toml: place: another service has the place 3"),
        ("\"simple\"", "\"smple\"", "services/new.toml: workflow: there is no workflow \"smple\""),
        ("\"contact\"", "\"contract\"", "services/new.toml: form: there is no group contract in forms.toml"),
        (
            "en = \"Tree planting\"",
            "en = \"Planting of trees in streets\"",
            "services/new.toml: short: a name for rows of lists is needed, of at most 24 letters",
        ),
        (
            "field = \"trees\"",
            "field = \"tree\"",
            "services/new.toml: rule: it names no field of the form: tree",
        ),
        (
            "hi = \"कितने\"",
            "hi = \"kitne\"",
            "services/new.toml: field trees: the words are needed in English and in Hindi",
        ),
        (
            "kind = \"number\"",
            "kind = \"choice\"",
            "services/new.toml: field trees: a choice, and nothing else, has a table or options",
        ),
        (
            "kind = \"number\"",
            "kind = \"number\"\nidentity = \"born\"",
            "services/new.toml: field trees: what a proof of identity says of it is of another kind",
        ),
    ] {
        assert_eq!(wrong(from, to), expected);
    }
    assert!(wrong("most = 5", "mots = 5").starts_with("new.toml: line "));
}

#[test]
fn right_answers_pass_everywhere_and_come_back_the_same() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let given = right(service);
        let citizen: Answers = given
            .iter()
            .filter(|(id, _)| service.field(id).is_some_and(|f| f.by == By::Citizen))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let first = read(service, &citizen, By::Citizen, TODAY);
        let first = first.unwrap_or_else(|f| panic!("{}: {f:?}", service.id));
        assert_eq!(read(service, &first, By::Citizen, TODAY).as_ref(), Ok(&first), "{}", service.id);
        assert!(read(service, &given, By::Officer, TODAY).is_ok(), "{}", service.id);
        // Whatever is left out is asked for by name.
        for field in
            service.fields.iter().filter(|f| !f.optional && f.by == By::Citizen && first.contains_key(&f.id))
        {
            let mut without = citizen.clone();
            without.remove(&field.id);
            let faults = read(service, &without, By::Citizen, TODAY).unwrap_err();
            assert!(
                faults.iter().any(|f| f.field == field.id && f.rule == "required"),
                "{} {}",
                service.id,
                field.id
            );
        }
    }
}

/// Wrong values of a kind, each with the rules that may refuse it.
fn wrong(kind: FormKind) -> Vec<Value> {
    let long = "क".repeat(2_000);
    let common = [json!(true), json!([1]), json!("\u{202e}evil"), json!(long), json!("<b>x</b>")];
    let own: Vec<Value> = match kind {
        FormKind::Name => ["Sunita 7", "सुनीता", "S\u{0}", "!!"].iter().map(|t| json!({ "en": t })).collect(),
        FormKind::Text => vec![json!({ "en": "पता" }), json!({ "hi": "only" }), json!({ "fr": "rue" })],
        FormKind::Day => ["31-02-2020", "2020-13-01", "कल", "2999-01-01"].map(|t| json!(t)).to_vec(),
        FormKind::Year => [json!(1800), json!("१९"), json!(99_999), json!(-1)].to_vec(),
        FormKind::Amount | FormKind::Number => [json!(-5), json!("पाँच"), json!(1.5), json!("1e9")].to_vec(),
        FormKind::Phone => ["12345", "98100123456", "१२३"].map(|t| json!(t)).to_vec(),
        FormKind::Pin => ["11000", "000000", "अ१००"].map(|t| json!(t)).to_vec(),
        FormKind::Choice => ["no such row", "हाँ"].map(|t| json!(t)).to_vec(),
        FormKind::YesNo => ["perhaps", "शायद"].map(|t| json!(t)).to_vec(),
        FormKind::People => {
            vec![json!("nobody"), json!([{ "name": { "en": "7" }, "age": 200 }]), json!([{}, {}])]
        }
        FormKind::Account => ["12", "खाता", "1234567890123456789012"].map(|t| json!(t)).to_vec(),
        FormKind::Ifsc => ["SBIN1000", "एसबीआई", "SBIN-000123"].map(|t| json!(t)).to_vec(),
        FormKind::Vehicle => ["1 DL", "डीएल"].map(|t| json!(t)).to_vec(),
        FormKind::Licence => ["DL", "लाइसेंस"].map(|t| json!(t)).to_vec(),
        FormKind::Aadhaar => ["234567890123", "000000000000", "आधार"].map(|t| json!(t)).to_vec(),
        FormKind::Reference => ["\u{7}", "रिक्त\u{0}"].map(|t| json!(t)).to_vec(),
    };
    let common = common.into_iter().filter(|v| kind != FormKind::YesNo || !v.is_boolean());
    own.into_iter().chain(common).collect()
}

#[test]
fn every_field_refuses_every_wrong_value_of_its_kind_beside_itself_in_both_languages() {
    let mut refused = 0;
    for service in published().services() {
        let answers = right(service);
        for field in service.fields.iter().filter(|f| answers.contains_key(&f.id)) {
            for value in wrong(field.kind) {
                let mut given = answers.clone();
                given.insert(field.id.clone(), value.clone());
                let at = format!("{} {} {:.60}", service.id, field.id, value.to_string());
                let faults = read(service, &given, By::Officer, TODAY).expect_err(&at);
                let fault = faults.iter().find(|f| f.field == field.id).expect(&at);
                assert!(
                    fault.en.len() > 8 && fault.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)),
                    "{at}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > 3_500, "{refused}");
}

#[test]
fn rules_over_several_answers() {
    let broken = |id: &str, changes: &[(&str, Value)]| -> Vec<(String, &'static str)> {
        let service = published().service(id).unwrap();
        let mut answers = right(service);
        answers.extend(changes.iter().map(|(k, v)| ((*k).to_owned(), v.clone())));
        read(service, &answers, By::Officer, TODAY)
            .map_or_else(|f| f.into_iter().map(|f| (f.field, f.rule)).collect(), |_| vec![])
    };
    let one = |field: &str, rule| vec![(field.to_owned(), rule)];
    assert_eq!(broken("marriage-hindu", &[("groom_born", json!("2006-01-01"))]), one("groom_born", "age"));
    assert_eq!(
        broken("caste-sc", &[("residence_since", json!("1960-01-01"))]),
        one("residence_since", "before")
    );
    assert_eq!(broken("caste-sc", &[("migrant", json!(true))]), one("parent_certificate", "required"));
    assert_eq!(broken("ews", &[("annual_income", json!("9,00,000"))]), one("annual_income", "at-most"));
    assert_eq!(broken("widow-pension", &[("gender", json!("male"))]), one("gender", "one-of"));
    assert_eq!(
        broken("driving-licence", &[("learner_since", json!("2026-11-01"))]),
        one("learner_since", "days-ago")
    );
    assert_eq!(broken("income", &[("declared", json!("no"))]), one("declared", "yes"));
}

/// Answers that every rule accepts; what they are follows from the form alone.
fn right(service: &Service) -> Answers {
    let mut answers = Answers::new();
    for field in &service.fields {
        if !field.asked(&answers) {
            continue;
        }
        answers.insert(field.id.clone(), crate::form::example(service, field, TODAY));
    }
    answers
}
