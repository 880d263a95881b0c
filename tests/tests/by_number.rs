//! Verifying by number: the right fact gets the paper's verdict; guessing gets nothing, and soon not
//! even an answer.

use mohar_schemas::{number, types};
use mohar_tests::{Service, sample};
use serde_json::{Value, json};

fn ask(service: &Service, number: &str, kind: &str, value: &str) -> (u16, Value) {
    let body = json!({ "number": number, "fact": { "kind": kind, "value": value } });
    service.post("/v1/verify/number", None, body.to_string().as_bytes()).expect("an answer")
}

#[test]
fn the_right_fact_gets_the_verdict_of_the_paper() {
    let service = Service::start("by-number");
    let certificate = service.issue(&sample("income"), "a");
    let number = certificate["number"].as_str().expect("a number");
    let question = json!({ "qr": certificate["qr"] }).to_string();
    let (_, scanned) = service.post("/v1/verify", None, question.as_bytes()).expect("an answer");
    let spoken = number.to_lowercase().replace('-', " ");
    for (number, name) in
        [(number, "Sunita Devi"), (&spoken, " SMT. sunita  devi"), (number, "श्रीमती सुनीता देवी")]
    {
        let (status, mut asked) = ask(&service, number, "name", name);
        assert_eq!(status, 200, "{asked}");
        // Status lists are signed at most half a second apart; everything else is the same.
        for field in ["status_as_of", "message"] {
            asked[field] = scanned[field].clone();
        }
        assert_eq!(asked, scanned, "{name}: no more and no less than the paper");
    }
    let caste = service.issue(&sample("caste-sc"), "b");
    let born = sample("caste-sc")["fields"]["born"].as_str().expect("a day").to_owned();
    let number = caste["number"].as_str().expect("a number");
    let day_first: Vec<&str> = born.split('-').rev().collect();
    for born in [born.clone(), day_first.join("/")] {
        assert_eq!(ask(&service, number, "date-of-birth", &born).0, 200, "{born}");
    }
    let path = format!("/v1/certificates/{}/status", caste["id"].as_str().expect("an id"));
    service.post(&path, None, br#"{"status":"revoked","reason":"fraud"}"#).expect("an answer");
    assert_eq!(ask(&service, number, "date-of-birth", &born).1["verdict"], "revoked");
}

#[test]
fn unknown_and_mismatching_look_alike_and_a_slip_is_named() {
    let service = Service::start("by-number-alike");
    let certificate = service.issue(&sample("income"), "a");
    let known = certificate["number"].as_str().expect("a number");
    let income = types::by_id("income").expect("a type");
    let unknown = number::write(income, 2026, 4_711);
    let other_type = number::write(types::by_id("ews").expect("a type"), 2026, 0);
    let mismatch = ask(&service, known, "name", "Sunita Singh");
    assert_eq!(mismatch.0, 404);
    for (number, kind, value) in [
        (unknown.as_str(), "name", "Sunita Devi"),
        (other_type.as_str(), "name", "Sunita Devi"),
        (known, "date-of-birth", "01-01-1990"),
        (known, "name", "Rajesh Singh"),
    ] {
        assert_eq!(ask(&service, number, kind, value), mismatch, "{number} {value}");
    }
    let mut slip = known.to_owned();
    let last = slip.pop().expect("a digit");
    slip.push(if last == '0' { '1' } else { '0' });
    let (status, answer) = ask(&service, &slip, "name", "Sunita Devi");
    assert_eq!((status, &answer["type"]), (422, &json!("urn:mohar:problem:number")));
    let (status, answer) = ask(&service, known, "date-of-birth", "yesterday");
    assert_eq!((status, &answer["type"]), (422, &json!("urn:mohar:problem:fact")));
    let (_, answer) = service.post("/v1/verify/number", None, br#"{"number":"Sunita"}"#).expect("an answer");
    assert!(!answer.to_string().contains("Sunita"), "nothing that was sent comes back: {answer}");
}

#[test]
fn guessing_is_soon_refused_for_known_and_unknown_numbers_alike() {
    let service = Service::start("by-number-guess");
    let certificate = service.issue(&sample("income"), "a");
    let known = certificate["number"].as_str().expect("a number").to_owned();
    let unknown = number::write(types::by_id("income").expect("a type"), 2026, 99);
    let guesses = |number: &str| -> Vec<u16> {
        (0..8).map(|n| ask(&service, number, "name", &format!("Guess {n}")).0).collect()
    };
    let alike = guesses(&known);
    assert_eq!(alike, [404, 404, 404, 404, 404, 404, 429, 429]);
    assert_eq!(guesses(&unknown), alike);
    assert_eq!(ask(&service, &known, "name", "Sunita Devi").0, 429, "nor is the right fact told apart");
}
