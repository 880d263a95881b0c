//! A citizen's way to a certificate, and the officers' part in it, through the pages.

use crate::Service as Running;
use crate::visitor::Visitor;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, FormKind, example};
use mohar_schemas::service::Service;
use serde_json::Value;
use totp_rs::{Algorithm, Secret, TOTP};

const PHONE: &str = "98100 12345";
/// A picture that citizens attach.
pub const PNG: &[u8] = include_bytes!("../../web/demo/document.png");

/// A field of a form.
#[must_use]
pub fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A citizen, signed in with the code that the console adapter wrote down.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn citizen(running: &Running) -> Visitor {
    let visitor = Visitor::new(&running.base_url);
    let (status, page) = visitor.send("/apply/sign-in", &[pair("phone", PHONE)]);
    assert!(status == 200 && page.contains("name=\"code\""), "{page}");
    let codes = std::fs::read_to_string(running.dir.join("codes.txt")).expect("the codes");
    let code = codes.lines().last().and_then(|l| l.split(' ').next_back()).expect("a code").to_owned();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let (_, page) = visitor.send("/apply/code", &[pair("phone", "9810012345"), pair("code", wrong)]);
    assert!(page.contains("This code is wrong"), "{page}");
    let (_, page) = visitor.send("/apply/code", &[pair("phone", "9810012345"), pair("code", &code)]);
    assert!(page.contains("My applications"), "{page}");
    visitor
}

/// An officer of the demo, signed in with password and authenticator code.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn officer(running: &Running, role: &str) -> Visitor {
    officer_as(running, role, role)
}

/// An officer of another name with the password and secret of a demo officer.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn officer_as(running: &Running, name: &str, role: &str) -> Visitor {
    signed_in(running, name, role, "Inbox")
}

/// The same, where the first page is another than the inbox.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn officer_who_sees(running: &Running, role: &str, first: &str) -> Visitor {
    signed_in(running, role, role, first)
}

fn signed_in(running: &Running, name: &str, role: &str, first: &str) -> Visitor {
    let demo: Value =
        serde_json::from_slice(&std::fs::read(running.dir.join("demo.json")).expect("demo.json"))
            .expect("JSON");
    let officers = demo["officers"].as_array().expect("officers");
    let officer = officers.iter().find(|o| o["id"] == role).expect("the role");
    let secret = Secret::Encoded(officer["totp"].as_str().expect("a secret").to_owned());
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret.to_bytes().expect("base 32")).expect("a TOTP");
    let visitor = Visitor::new(&running.base_url);
    let password = officer["password"].as_str().expect("a password");
    let sign_in = |password: &str| {
        let code = totp.generate_current().expect("a code");
        visitor
            .send("/console/sign-in", &[pair("id", name), pair("password", password), pair("code", &code)])
            .1
    };
    assert!(sign_in("not the password").contains("is wrong"));
    let page = sign_in(password);
    assert!(page.contains(first), "{page}");
    visitor
}

/// What a browser sends for the example answers of a form.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn form(service: &Service, who: By) -> Vec<(String, String)> {
    let today = today();
    let mut pairs = vec![];
    for field in service.fields.iter().filter(|f| f.by == who) {
        let id = &field.id;
        let value = example(service, field, today);
        let mut both = |name: String, value: &Value| {
            for language in ["en", "hi"] {
                pairs.push((
                    format!("{name}.{language}"),
                    value[language].as_str().unwrap_or_default().to_owned(),
                ));
            }
        };
        match (field.kind, &value) {
            (FormKind::Name | FormKind::Text, value) => both(id.clone(), value),
            (FormKind::People, Value::Array(people)) => {
                for (row, person) in people.iter().enumerate() {
                    both(format!("{id}.{row}.name"), &person["name"]);
                    both(format!("{id}.{row}.relation"), &person["relation"]);
                }
                for (row, person) in people.iter().enumerate() {
                    pairs.push((format!("{id}.{row}.age"), person["age"].to_string()));
                }
            }
            (_, Value::Bool(yes)) => pairs.push(pair(id, if *yes { "yes" } else { "no" })),
            (_, Value::String(text)) => pairs.push(pair(id, text)),
            (_, other) => pairs.push(pair(id, &other.to_string())),
        }
    }
    pairs
}

/// Today in India.
///
/// # Panics
/// If there is no `date`.
#[must_use]
pub fn today() -> jiff::civil::Date {
    let day = std::process::Command::new("date").env("TZ", "IST-5:30").arg("+%F").output().expect("date");
    String::from_utf8_lossy(&day.stdout).trim().parse().expect("a day")
}

/// Starts, fills in, attaches, hands in and pays; gives the number.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn apply(visitor: &Visitor, service: &Service) -> String {
    let (_, page) = visitor.send(&format!("/apply/s/{}", service.id), &[]);
    let number = page.split("/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    let at = format!("/apply/a/{number}");
    let mut answers = form(service, By::Citizen);
    answers.push(pair("do", "save"));
    let (status, page) = visitor.send(&at, &answers);
    assert!(status == 200 && page.contains("Saved."), "{}: {page}", service.id);
    for document in &service.documents {
        let (status, _) = visitor.attach(&format!("{at}/files/{}", document.kind), PNG);
        assert!(status == 200 || document.when.is_some(), "{} {}", service.id, document.kind);
    }
    let (_, page) = visitor.send(&at, &[pair("do", "submit")]);
    assert!(page.contains("Tick the box"), "consent comes first: {page}");
    let (_, page) = visitor.send(&at, &[pair("do", "submit"), pair("consent", "yes")]);
    if service.fee.rupees > 0 {
        assert!(page.contains("The fee is due"), "{}: {page}", service.id);
        let (_, gateway) = visitor.send(&format!("{at}/pay"), &[]);
        let order =
            gateway.split("action=\"/gateway/").nth(1).and_then(|r| r.split('"').next()).expect("an order");
        let (status, _) = visitor.open(&format!("/apply/paid?order={order}&signature=00"));
        assert_eq!(status, 404, "a forged callback");
        assert!(visitor.page(&at).contains("The fee is due"), "still");
        let (_, page) = visitor.send(&format!("/gateway/{order}"), &[]);
        assert!(page.contains("With the office"), "{}: {page}", service.id);
    }
    number
}

/// Sends the first move on offer, with what the office fills in.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn moved(visitor: &Visitor, service: &Service, number: &str) -> (String, String) {
    let at = format!("/console/a/{number}");
    let page = visitor.page(&at);
    let value = |name: &str| page.split(&format!("name=\"{name}\" value=\"")).nth(1)?.split('"').next();
    let mut pairs = vec![pair("version", value("version").expect("a version")), pair("note", "Seen")];
    if page.contains("To be filled in by the office") {
        pairs.extend(form(service, By::Officer));
    }
    let act = value("do").expect("a move").to_owned();
    pairs.push(pair("do", &act));
    (act, visitor.send(&at, &pairs).1)
}

/// Through the whole workflow, each step by the officer of its role.
///
/// # Panics
/// If a page says something else than it should.
pub fn decide(running: &Running, service: &Service, number: &str) {
    let workflow = published().workflow(service).expect("a workflow");
    let mut step = workflow.states.first().expect("a state");
    loop {
        let (act, page) = moved(&officer(running, &step.role), service, number);
        assert!(page.contains("Inbox"), "{}: {act}: {page}", service.id);
        match act.strip_prefix("move:") {
            Some("") | None => return,
            Some(to) => step = workflow.step(to).expect("the next state"),
        }
    }
}
