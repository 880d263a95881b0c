//! From the first word to the certificate, in the chat: through the real webhook, the real client and the
//! simulator, with the officers' part in the console.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::{Answers, By, FormField, FormKind, example};
use mohar_schemas::service::Service;
use mohar_tests::Service as Running;
use mohar_tests::journey::{PNG, decide};
use mohar_tests::phone::Phone;
use mohar_tests::visitor::Visitor;
use serde_json::{Value, json};
use std::process::Command;

/// Turns after which a conversation should have ended.
const TURNS_MAX: usize = 120;

/// A citizen with a telephone, who reads what the assistant has written down so far to know what is asked.
struct Talk<'a> {
    running: &'a Running,
    phone: Phone<'a>,
    user: String,
    turns: usize,
}

impl Talk<'_> {
    fn say(&mut self, text: &str) -> Value {
        self.phone.say(text);
        self.heard()
    }

    fn heard(&mut self) -> Value {
        self.turns += 1;
        self.phone.hear(1).pop().expect("an answer")
    }

    fn state(&self) -> Value {
        let sql = format!(
            "SELECT s.body FROM chat_states s JOIN citizens c ON c.id = s.citizen WHERE c.handle = '{}'",
            self.user
        );
        let out = Command::new("sqlite3")
            .args(["-cmd", ".timeout 5000"])
            .arg(self.running.dir.join("mohar.db"))
            .arg(sql)
            .output()
            .expect("sqlite3; tests/run installs it");
        serde_json::from_slice(&out.stdout).unwrap_or(Value::Null)
    }

    /// Applies for a service and gives the number and the last answer.
    fn apply(&mut self, service: &Service, language: &str) -> (String, Value) {
        let hindi = language == "hi";
        self.say(if hindi { "नमस्ते" } else { "hello, I need a certificate" });
        self.phone.send(&tap(&format!("apply:{}", service.id)));
        self.heard();
        self.phone.send(&tap(&format!("agree:{}", service.id)));
        self.heard();
        let mut last = self.say(if hindi { "हाँ" } else { "yes" });
        for _ in 0..TURNS_MAX {
            let state = self.state();
            let draft = &state["draft"];
            let number = draft["number"].as_str().unwrap_or_default().to_owned();
            last = match open(service, draft) {
                Open::Field(field) => {
                    let text = typed(service, field, draft);
                    self.say(&text)
                }
                Open::Document => {
                    self.phone.attach("image/png", PNG);
                    self.heard()
                }
                Open::Nothing => {
                    let done = self.say(if hindi { "हाँ" } else { "yes" });
                    assert!(self.state()["draft"].is_null(), "{}: {done}", service.id);
                    return (number, done);
                }
            };
        }
        panic!("{} does not end: {last}", service.id);
    }
}

fn tap(id: &str) -> Value {
    let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "x" } });
    json!({ "type": "interactive", "interactive": reply })
}

enum Open<'a> {
    Field(&'a FormField),
    Document,
    Nothing,
}

fn open<'a>(service: &'a Service, draft: &Value) -> Open<'a> {
    let answers: Answers = draft["answers"].as_object().cloned().unwrap_or_default();
    let listed = |list: &str, id: &str| draft[list].as_array().is_some_and(|l| l.iter().any(|s| s == id));
    let mut fields = service.fields.iter().filter(|f| f.by == By::Citizen && f.asked(&answers));
    if let Some(field) = fields.find(|f| !answers.contains_key(&f.id) && !listed("skipped", &f.id)) {
        return Open::Field(field);
    }
    let mut papers = service.documents.iter().filter(|d| d.when.as_ref().is_none_or(|w| w.holds(&answers)));
    let missing = papers.any(|d| !listed("documents", &d.kind) && !listed("skipped", &d.kind));
    if missing { Open::Document } else { Open::Nothing }
}

/// What a person types in answer to what is open of a field.
fn typed(service: &Service, field: &FormField, draft: &Value) -> String {
    let today: jiff::civil::Date = {
        let day = Command::new("date").env("TZ", "IST-5:30").arg("+%F").output().expect("date");
        String::from_utf8_lossy(&day.stdout).trim().parse().expect("a day")
    };
    let value = example(service, field, today);
    let partial = draft["partial"].as_array().filter(|p| p[0] == field.id.as_str()).map(|p| p[1].clone());
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    match (field.kind, &value, partial) {
        (FormKind::Name | FormKind::Text, v, Some(half)) => {
            text(&v[if half.get("en").is_some() { "hi" } else { "en" }])
        }
        (FormKind::Name | FormKind::Text, v, None) => text(&v["en"]),
        (FormKind::People, v, half) => {
            let last = half.as_ref().and_then(|h| h.as_array()?.last().cloned()).unwrap_or(Value::Null);
            let new = last.get("more").is_some() || last.get("name").is_none();
            match () {
                () if new => text(&v[0]["name"]["en"]),
                () if last.get("relation").is_none() => text(&v[0]["relation"]["en"]),
                () if last.get("age").is_none() => v[0]["age"].to_string(),
                () => "no".into(),
            }
        }
        (FormKind::Day, Value::String(day), _) => {
            let mut parts: Vec<&str> = day.split('-').collect();
            parts.reverse();
            parts.join("/")
        }
        (_, Value::Bool(yes), _) => if *yes { "yes" } else { "no" }.into(),
        (_, Value::String(s), _) => s.clone(),
        (_, other, _) => other.to_string(),
    }
}

/// From the greeting to the certificate, which verifies; sent back to the chat, it is called genuine.
fn to_the_certificate(id: &str, language: &str) {
    let running = Running::start(&format!("chat-{id}"));
    let user = format!("IN.{}", id.replace('-', ""));
    let mut talk =
        Talk { running: &running, phone: Phone::new(&running, &user), user: user.clone(), turns: 0 };
    let service = published().service(id).expect("a service");
    let (number, pay) = talk.apply(service, language);
    let order = pay.to_string();
    let order = order.split("/gateway/").nth(1).and_then(|r| r.split(['"', '\\']).next()).expect("a link");
    let visitor = Visitor::new(&running.base_url);
    visitor.send(&format!("/gateway/{order}"), &[]);
    let handed_in = talk.heard().to_string();
    assert!(handed_in.contains(&number), "{handed_in}");
    decide(&running, service, &number);
    let document = talk.heard();
    assert_eq!(document["type"], "document", "{document}");
    let record = format!("SELECT id FROM certificates WHERE idempotency_key = '{number}'");
    let out =
        Command::new("sqlite3").arg(running.dir.join("mohar.db")).arg(record).output().expect("sqlite3");
    let certificate = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    let pdf = running.get_as_caller(&format!("/v1/certificates/{certificate}/pdf"));
    let (_, report) = running.post("/v1/verify", None, &pdf).expect("an answer");
    assert_eq!(report["verdict"], "genuine", "{report}");
    talk.phone.attach("application/pdf", &pdf);
    let said = talk.heard().to_string();
    assert!(said.contains(if language == "hi" { "असली" } else { "enuine" }), "{said}");
}

#[test]
fn an_income_certificate_in_hindi() {
    to_the_certificate("income", "hi");
}

#[test]
fn a_caste_certificate_in_english() {
    to_the_certificate("caste-sc", "en");
}

#[test]
fn every_service_is_handed_in_from_the_chat_in_both_languages() {
    let running = Running::start("chat-all");
    std::thread::scope(|scope| {
        for language in ["hi", "en"] {
            let running = &running;
            scope.spawn(move || {
                for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
                    let user = format!("IN.{language}{}", service.id.replace('-', ""));
                    let phone = Phone::new(running, &user);
                    let mut talk = Talk { running, phone, user, turns: 0 };
                    let (number, done) = talk.apply(service, language);
                    assert!(done.to_string().contains(&number), "{}: {done}", service.id);
                    println!("{} {language}: {} turns", service.id, talk.turns);
                }
            });
        }
    });
}
