//! A citizen who holds a certificate, and organisations with keys of their own.

use crate::journey::{apply, citizen, decide};
use crate::visitor::Visitor;
use crate::{Service, mohar};
use mohar_schemas::catalogue::published;
use serde_json::{Value, json};
use std::process::Command;

/// A certificate with its holder's application.
#[derive(Debug)]
pub struct Held {
    /// The application's number.
    pub application: String,
    /// The certificate's id in the API.
    pub id: String,
    /// The certificate's number.
    pub number: String,
    /// The text of its code.
    pub code: String,
}

/// Asks the database, or changes it.
///
/// # Panics
/// If `sqlite3` is missing or refuses.
#[must_use]
pub fn sql(service: &Service, statement: &str) -> String {
    let out = Command::new("sqlite3")
        .args(["-cmd", ".timeout 10000"])
        .arg(service.dir.join("mohar.db"))
        .arg(statement)
        .output()
        .expect("sqlite3; tests/run installs it");
    assert!(out.status.success(), "{statement}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// A citizen signed in on the pages, with an income certificate.
///
/// # Panics
/// If a page says something else than it should.
#[must_use]
pub fn on_the_web(service: &Service) -> (Visitor, Held) {
    let visitor = citizen(service);
    let income = published().service("income").expect("a service");
    let application = apply(&visitor, income);
    decide(service, income, &application);
    let id = sql(service, &format!("SELECT id FROM certificates WHERE idempotency_key = '{application}'"));
    let shown = service.get_as_caller(&format!("/v1/certificates/{id}"));
    let shown: Value = serde_json::from_slice(&shown).expect("JSON");
    let text = |key: &str| shown[key].as_str().expect("a text").to_owned();
    (visitor, Held { number: text("number"), code: text("qr"), application, id })
}

/// The same as if it had been applied for in the chat, by a citizen who has written there.
///
/// # Panics
/// If the database refuses.
pub fn in_the_chat(service: &Service, handle: &str, held: &Held) {
    let citizen = format!("SELECT id FROM citizens WHERE channel = 'whatsapp' AND handle = '{handle}'");
    let number = &held.application;
    let moved =
        sql(service, &format!("UPDATE applications SET applicant = ({citizen}) WHERE number = '{number}'"));
    assert_eq!(moved, "");
}

/// The key of a new verifier.
///
/// # Panics
/// If it is not made.
#[must_use]
pub fn verifier(service: &Service, name: &str, kind: &str) -> String {
    let database = format!("sqlite:{}", service.dir.join("mohar.db").display());
    let made = mohar(&["api-keys", "--database", &database, "add", "--verifier", name, "--kind", kind]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8_lossy(&made.stdout).trim().to_owned()
}

/// Calls the API with a key, or without one.
///
/// # Panics
/// If there is no answer.
#[must_use]
pub fn call(
    service: &Service,
    key: Option<&str>,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", service.base_url));
    let request = match key {
        Some(key) => request.header("Authorization", format!("Bearer {key}")),
        None => request,
    };
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut answer = agent.run(request.body(body).expect("a request")).expect("an answer");
    (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null))
}

/// A tap on a button with an id.
#[must_use]
pub fn tap(id: &str) -> Value {
    let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "x" } });
    json!({ "type": "interactive", "interactive": reply })
}

/// A day so many days from now.
///
/// # Panics
/// If there is no `date`.
#[must_use]
pub fn in_days(days: u32) -> String {
    let out =
        Command::new("date").env("TZ", "IST-5:30").args(["-d", &format!("+{days} days"), "+%F"]).output();
    String::from_utf8_lossy(&out.expect("date").stdout).trim().to_owned()
}
