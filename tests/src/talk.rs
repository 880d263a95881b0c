//! A citizen who applies in the chat: with a telephone, and with an eye on what the assistant has written
//! down so far, to know what is asked.

use crate::Service as Running;
use crate::journey::{PNG, today};
use crate::phone::Phone;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{Answers, By, FormField, FormKind, example, read};
use mohar_schemas::service::{Document, Service};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Turns after which a conversation should have ended.
const TURNS_MAX: usize = 120;

/// A conversation in the making.
#[derive(Debug)]
pub struct Talk<'a> {
    /// The telephone.
    pub phone: Phone<'a>,
    /// What the citizen is called on the channel.
    pub user: String,
    /// `hi` or `en`.
    pub language: &'a str,
    /// Answers that were waited for.
    pub turns: usize,
    database: PathBuf,
}

/// What is asked.
#[derive(Debug)]
pub enum Open<'a> {
    /// A field, or a part of it.
    Field(&'a FormField),
    /// A paper.
    Document(&'a Document),
    /// Whether all is right.
    ReadBack,
}

/// What a citizen does in answer.
#[derive(Debug, Clone)]
pub enum Does {
    /// Writes.
    Says(String),
    /// Sends a file of a media type.
    Attaches(&'static str, Vec<u8>),
    /// Taps what has this id.
    Taps(String),
    /// Anything else: `type` and the part of that name.
    Sends(Value),
}

impl<'a> Talk<'a> {
    /// A citizen of a service with its own database, and a telephone at a platform.
    #[must_use]
    pub fn new(platform: &'a Running, database: &Path, user: &str, language: &'a str) -> Self {
        Self {
            phone: Phone::new(platform, user),
            user: user.to_owned(),
            language,
            turns: 0,
            database: database.to_owned(),
        }
    }

    /// A citizen of a demo.
    #[must_use]
    pub fn at(running: &'a Running, user: &str, language: &'a str) -> Self {
        Self::new(running, &running.dir.join("mohar.db"), user, language)
    }

    /// Whether the conversation is in Hindi.
    #[must_use]
    pub fn in_hindi(&self) -> bool {
        self.language == "hi"
    }

    /// One of two texts, by the language.
    #[must_use]
    pub fn of<'t>(&self, hi: &'t str, en: &'t str) -> &'t str {
        if self.in_hindi() { hi } else { en }
    }

    /// Does something, without waiting; gives the message's id.
    #[must_use]
    pub fn start(&self, does: &Does) -> String {
        match does {
            Does::Says(text) => self.phone.say(text),
            Does::Attaches(kind, bytes) => self.phone.attach(kind, bytes),
            Does::Taps(id) => self.phone.send(&tap(id)),
            Does::Sends(message) => self.phone.send(message),
        }
    }

    /// Does something and gives the answer, bubble by bubble.
    ///
    /// # Panics
    /// If none comes.
    pub fn does(&mut self, does: &Does) -> Vec<Value> {
        let id = self.start(does);
        let mut bubbles = self.heard();
        // A long answer has more than one; all were written down before the first was sent.
        let all = self.ask(&format!("SELECT count(*) FROM chat_outbox WHERE about = '{id}'"));
        let all: usize = all.parse().expect("a number");
        bubbles.extend(self.phone.hear(all.saturating_sub(bubbles.len())));
        bubbles
    }

    /// Writes and gives the last bubble of the answer.
    ///
    /// # Panics
    /// If none comes.
    pub fn say(&mut self, text: &str) -> Value {
        self.does(&Does::Says(text.to_owned())).pop().expect("an answer")
    }

    /// Taps and gives the last bubble of the answer.
    ///
    /// # Panics
    /// If none comes.
    pub fn tap(&mut self, id: &str) -> Value {
        self.does(&Does::Taps(id.to_owned())).pop().expect("an answer")
    }

    /// The next bubbles, at least one.
    ///
    /// # Panics
    /// If none comes.
    pub fn heard(&mut self) -> Vec<Value> {
        self.turns += 1;
        self.phone.hear(1)
    }

    /// Asks the service's database.
    ///
    /// # Panics
    /// If it does not understand.
    #[must_use]
    pub fn ask(&self, sql: &str) -> String {
        ask(&self.database, sql)
    }

    /// What the assistant knows; null before the first word.
    #[must_use]
    pub fn state(&self) -> Value {
        let sql = "SELECT s.body FROM chat_states s JOIN citizens c ON c.id = s.citizen WHERE c.handle";
        serde_json::from_str(&self.ask(&format!("{sql} = '{}'", self.user))).unwrap_or(Value::Null)
    }

    /// From the greeting to the first question of a service.
    pub fn begin(&mut self, service: &Service) {
        self.say(self.of("नमस्ते", "hello, I need a certificate"));
        self.tap(&format!("apply:{}", service.id));
        self.tap(&format!("agree:{}", service.id));
        self.say(self.of("हाँ", "yes"));
    }

    /// Applies with right answers alone; gives the number and the last answer.
    ///
    /// # Panics
    /// If it does not end.
    pub fn apply(&mut self, service: &Service) -> (String, Value) {
        self.begin(service);
        let mut last = vec![];
        for _ in 0..TURNS_MAX {
            let state = self.state();
            let number = state["draft"]["number"].as_str().unwrap_or_default().to_owned();
            let open = open(service, &state);
            last = self.does(&right(service, &state, &open));
            if let Open::ReadBack = open {
                assert!(self.state()["draft"].is_null(), "{}: {last:?}", service.id);
                return (number, last.pop().expect("an answer"));
            }
        }
        panic!("{} does not end: {last:?}", service.id);
    }

    /// Looks at what was handed in: one application, in order, with exactly the right answers.
    ///
    /// # Panics
    /// If it is not so.
    pub fn handed_in(&self, service: &Service) {
        let sql = format!(
            "SELECT json_object('state', a.state, 'body', json(a.body)) FROM applications a JOIN citizens c ON c.id = a.applicant WHERE c.handle = '{}'",
            self.user
        );
        let rows = self.ask(&sql);
        let rows: Vec<&str> = rows.lines().collect();
        assert_eq!(rows.len(), 1, "{}: one application: {rows:?}", service.id);
        let row: Value = serde_json::from_str(rows[0]).expect("JSON");
        let state = if service.fee.rupees > 0 { "unpaid" } else { "in-work" };
        assert_eq!(row["state"], state, "{}: {row}", service.id);
        assert_eq!(row["body"]["answers"], expected(service), "{}: {row}", service.id);
        let kinds = |list: &Value| -> Vec<String> {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            list.iter().map(|d| d["kind"].as_str().unwrap_or_default().to_owned()).collect()
        };
        let answers = row["body"]["answers"].as_object().cloned().unwrap_or_default();
        let papers: Vec<&str> = papers(service, &answers).map(|d| d.kind.as_str()).collect();
        assert_eq!(kinds(&row["body"]["documents"]), papers, "{}: {row}", service.id);
    }
}

/// The services that can be applied for and are in a list, `all` of them or by their ids.
#[must_use]
pub fn services(list: &str) -> Vec<&'static Service> {
    let all = published().services().iter().filter(|s| s.can_be_applied_for());
    all.filter(|s| list == "all" || list.split(',').any(|id| id == s.id)).collect()
}

/// Asks a database.
///
/// # Panics
/// If it does not understand.
#[must_use]
pub fn ask(database: &Path, sql: &str) -> String {
    let out = Command::new("sqlite3").args(["-cmd", ".timeout 10000"]).arg(database).arg(sql).output();
    let out = out.expect("sqlite3; tests/run installs it");
    assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

/// The message of a tap.
#[must_use]
pub fn tap(id: &str) -> Value {
    let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "x" } });
    json!({ "type": "interactive", "interactive": reply })
}

fn papers<'a>(service: &'a Service, answers: &Answers) -> impl Iterator<Item = &'a Document> {
    service.documents.iter().filter(|d| d.when.as_ref().is_none_or(|w| w.holds(answers)))
}

/// What is asked where the assistant knows this.
#[must_use]
pub fn open<'a>(service: &'a Service, state: &Value) -> Open<'a> {
    let draft = &state["draft"];
    let answers: Answers = draft["answers"].as_object().cloned().unwrap_or_default();
    let listed = |list: &str, id: &str| draft[list].as_array().is_some_and(|l| l.iter().any(|s| s == id));
    let mut fields = service.fields.iter().filter(|f| f.by == By::Citizen && f.asked(&answers));
    if let Some(field) = fields.find(|f| !answers.contains_key(&f.id) && !listed("skipped", &f.id)) {
        return Open::Field(field);
    }
    let mut papers = papers(service, &answers);
    let missing = papers.find(|d| !listed("documents", &d.kind) && !listed("skipped", &d.kind));
    missing.map_or(Open::ReadBack, Open::Document)
}

/// What a person does in answer: in one script after the other, one person after the other.
#[must_use]
pub fn right(service: &Service, state: &Value, open: &Open<'_>) -> Does {
    match open {
        Open::Field(field) => Does::Says(typed(service, field, &state["draft"])),
        Open::Document(_) => Does::Attaches("image/png", PNG.to_vec()),
        Open::ReadBack => Does::Says(if state["language"] == "hi" { "हाँ" } else { "yes" }.to_owned()),
    }
}

/// Which part of a field is open: `name`, `relation`, `age`, `more` of a person, `hi` or `en` of a name;
/// nothing where it is all of it.
#[must_use]
pub fn open_part(field: &FormField, draft: &Value) -> &'static str {
    let half = draft["partial"].as_array().filter(|p| p[0] == field.id.as_str()).map(|p| &p[1]);
    match (field.kind, half) {
        (FormKind::People, half) => {
            let last = half.and_then(|h| h.as_array()?.last()).unwrap_or(&Value::Null);
            match () {
                () if last.get("more").is_some() || last.get("name").is_none() => "name",
                () if last.get("relation").is_none() => "relation",
                () if last.get("age").is_none() => "age",
                () => "more",
            }
        }
        (_, Some(half)) => {
            if half.get("en").is_some() {
                "hi"
            } else {
                "en"
            }
        }
        _ => "",
    }
}

fn typed(service: &Service, field: &FormField, draft: &Value) -> String {
    let value = example(service, field, today());
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    match (field.kind, open_part(field, draft), &value) {
        (FormKind::People, "more", _) => "no".into(),
        (FormKind::People, "age", v) => v[0]["age"].to_string(),
        (FormKind::People, part, v) => text(&v[0][part]["en"]),
        (FormKind::Name | FormKind::Text, "hi", v) => text(&v["hi"]),
        (FormKind::Name | FormKind::Text, _, v) => text(&v["en"]),
        (FormKind::Day, _, Value::String(day)) => day.split('-').rev().collect::<Vec<_>>().join("/"),
        (_, _, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.into(),
        (_, _, Value::String(s)) => s.clone(),
        (_, _, other) => other.to_string(),
    }
}

/// The answers of somebody who types as [`right`] does.
fn expected(service: &Service) -> Value {
    let today = today();
    let in_english = |words: &Value| json!({ "en": words["en"] });
    let mut answers = Answers::new();
    for field in service.fields.iter().filter(|f| f.by == By::Citizen) {
        let mut value = example(service, field, today);
        match field.kind {
            FormKind::Text => value = in_english(&value),
            FormKind::People => {
                for person in value.as_array_mut().into_iter().flatten() {
                    person["name"] = in_english(&person["name"]);
                    person["relation"] = in_english(&person["relation"]);
                }
            }
            _ => {}
        }
        answers.insert(field.id.clone(), value);
    }
    Value::Object(read(service, &answers, By::Citizen, today).expect("the examples are right"))
}
