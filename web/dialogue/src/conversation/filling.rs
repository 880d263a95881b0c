//! Filling in: answers, papers, the way back, the read-back, handing in.

use super::answering::Taken;
use super::asking::{Part, Question, fields, half, next, papers, part, row};
use super::{At, Command, Draft, Talk};
use crate::grammar::yes_no;
use crate::say::{BODY_MAX, ROWS_MAX, Row, Say, length};
use mohar_schemas::catalogue::published;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{FormField, FormKind};
use mohar_schemas::service::Service;
use mohar_schemas::words::{Language, Words, day_in_words};
use serde_json::Value;

/// So often a question is missed before a person is offered.
pub(super) const MISSES_MAX: u8 = 3;

impl Talk {
    pub(super) fn begun(&mut self, draft: Draft) {
        self.state.draft = Some(draft);
        self.state.at = At::Form;
        self.ask();
    }

    /// Words in answer to the question.
    pub(super) fn answer(&mut self, said: &str) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        match next(&draft, service) {
            Question::Field(field) => {
                let taken = self.take(field, said);
                self.taken(field, taken);
            }
            Question::Document(_) => self.missed(),
            Question::ReadBack => match yes_no(said) {
                Some(true) => self.commands.push(Command::Submit),
                Some(false) => self.change(0),
                None => self.missed(),
            },
        }
    }

    fn taken(&mut self, field: &FormField, taken: Taken) {
        let Some(draft) = &mut self.state.draft else { return };
        match taken {
            Taken::Part(value) => draft.partial = Some((field.id.clone(), value)),
            Taken::Whole(value) => {
                draft.partial = None;
                let noted = shown(field, &value, self.world.today);
                let draft_answers = &mut draft.answers;
                draft_answers.insert(field.id.clone(), value);
                draft.trail.push(field.id.clone());
                self.commands.push(Command::Keep);
                if let Some(noted) = noted {
                    let value = self.w(&noted);
                    self.say(self.t("understood", &[("value", &value)]));
                }
            }
            Taken::Again(why) => {
                self.state.misses += 1;
                self.say(why);
                if self.state.misses >= MISSES_MAX {
                    self.person();
                }
                return self.ask();
            }
        }
        self.state.misses = 0;
        self.ask();
    }

    /// What came is no answer here.
    fn missed(&mut self) {
        self.state.misses += 1;
        if self.state.misses >= MISSES_MAX {
            self.person();
        }
        self.ask();
    }

    /// A tap on a button of this turn.
    pub(super) fn tapped(&mut self, what: &str) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        let question = next(&draft, service);
        match (what.split_once(':').unwrap_or((what, "")), &question) {
            (("a", said), Question::Field(_)) => self.answer(said),
            (("page", from), Question::Field(field)) => {
                let label = self.w(&field.label);
                self.state.turn += 1;
                self.ask_choice(field, format!("*{label}*"), from.parse().unwrap_or(0));
            }
            (("skip", _), Question::Field(field)) => self.skip(field),
            (("skip", _), Question::Document(d)) if d.optional => self.leave_out(&d.kind.clone()),
            (("unfiled", _), Question::Document(d)) => {
                if let Some(key) = self.state.unfiled.take() {
                    self.commands.push(Command::Attach { kind: d.kind.clone(), key });
                }
            }
            (("forget", _), _) => {
                self.state.unfiled = None;
                self.ask();
            }
            (("submit", _), Question::ReadBack) => self.commands.push(Command::Submit),
            (("change", from), _) => self.change(from.parse().unwrap_or(0)),
            (("mend", id), _) => self.mend(id),
            _ => self.ask(),
        }
    }

    /// Hindi that is not given, or an optional question.
    fn skip(&mut self, field: &FormField) {
        let Some(draft) = &mut self.state.draft else { return };
        match (part(draft, field), half(draft, field).cloned()) {
            (Part::Hindi, Some(value)) => self.taken(field, Taken::Whole(value)),
            _ if field.optional => self.leave_out(&field.id),
            _ => self.ask(),
        }
    }

    fn leave_out(&mut self, id: &str) {
        if let Some(draft) = &mut self.state.draft {
            draft.skipped.push(id.to_owned());
            draft.trail.push(id.to_owned());
        }
        self.state.misses = 0;
        self.ask();
    }

    /// The question before.
    pub(super) fn back(&mut self) {
        let Some(draft) = &mut self.state.draft else { return self.menu() };
        if draft.partial.take().is_some() {
            return self.ask();
        }
        match draft.trail.pop() {
            Some(id) => forget(draft, &id),
            None => self.say(self.t("nothing_before", &[])),
        }
        self.ask();
    }

    pub(super) fn file(&mut self, key: &str) {
        let document = self.filling().filter(|_| self.state.at == At::Form).and_then(|(draft, service)| {
            if let Question::Document(d) = next(&draft, service) { Some(d.kind.clone()) } else { None }
        });
        match document {
            Some(kind) => self.commands.push(Command::Attach { kind, key: key.to_owned() }),
            None if self.state.at == At::Form && !self.world.aadhaar => self.put_by(key),
            None if matches!(self.state.at, At::Form | At::Identity { .. }) => {
                self.commands.push(Command::Look { key: key.to_owned() });
            }
            None => self.commands.push(Command::Verify { key: key.to_owned() }),
        }
    }

    /// A file that nothing asked for yet.
    pub(super) fn put_by(&mut self, key: &str) {
        self.state.unfiled = Some(key.to_owned());
        self.say(self.t("unfiled", &[]));
        self.ask();
    }

    pub(super) fn attached(&mut self, result: Result<String, String>) {
        match result {
            Ok(kind) => {
                let name = published().document(&kind).map(|d| self.w(&d.name)).unwrap_or_default();
                if let Some(draft) = &mut self.state.draft {
                    draft.documents.push(kind.clone());
                    draft.trail.push(kind);
                }
                self.state.misses = 0;
                self.say(self.t("document_kept", &[("name", &name)]));
            }
            Err(why) => self.say(why),
        }
        self.ask();
    }

    /// All answers, then: right?
    pub(super) fn read_back(&mut self, draft: &Draft, service: &Service) {
        let mut lines = vec![self.t("read_back", &[])];
        for field in fields(draft, service) {
            if let Some(value) = draft.answers.get(&field.id) {
                let words = shown(field, value, self.world.today).unwrap_or_else(|| plain(value));
                lines.push(format!("{}: *{}*", self.w(&field.label), self.w(&words)));
            }
        }
        let names = papers(draft, service).filter(|d| draft.documents.contains(&d.kind));
        let names = names.filter_map(|d| published().document(&d.kind)).map(|d| self.w(&d.name));
        lines.extend(names.map(|name| format!("📎 {name}")));
        let mut body = String::new();
        for line in lines {
            if length(&body) + length(&line) > BODY_MAX - 60 {
                self.say(std::mem::take(&mut body));
            }
            body = format!("{body}{line}\n");
        }
        let buttons = vec![
            self.answer_button("submit", "submit"),
            self.answer_button("change", "change:0"),
            self.button("cancel", "do:cancel"),
        ];
        self.buttons(format!("{body}\n{}", self.t("all_right", &[])), buttons);
    }

    /// A list of what can be changed.
    pub(super) fn change(&mut self, from: usize) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        self.state.turn += 1;
        let turn = self.state.turn;
        let answered = fields(&draft, service).filter(|f| draft.answers.contains_key(&f.id));
        let asked = answered.map(|f| (f.id.clone(), self.w(&f.label)));
        let attached = papers(&draft, service).filter(|d| draft.documents.contains(&d.kind));
        let attached = attached.filter_map(|d| published().document(&d.kind));
        let all: Vec<_> = asked.chain(attached.map(|d| (d.id.clone(), self.w(&d.name)))).collect();
        let last = all.len() <= from + ROWS_MAX;
        let shown = if last { ROWS_MAX } else { ROWS_MAX - 1 };
        let rows =
            all.iter().skip(from).take(shown).map(|(id, name)| row(&format!("{turn}:mend:{id}"), name, ""));
        let mut rows: Vec<Row> = rows.collect();
        if !last {
            rows.push(row(&format!("{turn}:change:{}", from + shown), &self.t("more", &[]), ""));
        }
        self.say.push(Say::List { body: self.t("change_what", &[]), open: self.t("open_list", &[]), rows });
    }

    fn mend(&mut self, id: &str) {
        if let Some(draft) = &mut self.state.draft {
            forget(draft, id);
        }
        self.state.at = At::Form;
        self.ask();
    }

    pub(super) fn submitted(&mut self, fee: Option<(String, String)>) {
        let number = self.state.draft.take().map(|d| d.number).unwrap_or_default();
        self.state.at = At::Outside;
        match fee {
            Some((fee, url)) => {
                let body = self.t("pay", &[("number", &number), ("fee", &fee)]);
                let label = self.t("pay_label", &[("fee", &fee)]);
                self.say.push(Say::Link { body, label, url });
            }
            None => self.say(self.t("submitted", &[("number", &number)])),
        }
    }

    /// What does not fit is asked again.
    pub(super) fn refused(&mut self, faults: &[Fault]) {
        let Some(draft) = &mut self.state.draft else { return self.menu() };
        for fault in faults {
            forget(draft, &fault.field);
        }
        if let Some(fault) = faults.first() {
            let why = if self.language().code() == "en" { &fault.en } else { &fault.hi };
            self.say(self.t("mend", &[("fault", why)]));
        }
        self.ask();
    }
}

fn forget(draft: &mut Draft, id: &str) {
    draft.answers.remove(id);
    draft.known.remove(id);
    draft.documents.retain(|d| d != id);
    draft.skipped.retain(|s| s != id);
    draft.trail.retain(|t| t != id);
}

/// How an answer is read back, where that is not just what was typed.
fn shown(field: &FormField, value: &Value, today: jiff::civil::Date) -> Option<Words> {
    match field.kind {
        FormKind::Day => {
            let day: jiff::civil::Date = value.as_str()?.parse().ok()?;
            let name = |language| day_in_words(day, language);
            Some(Words::new(name(Language::English), name(Language::Hindi)))
        }
        FormKind::Amount => Some(Words::same(mohar_schemas::words::rupees(value.as_i64()?))),
        FormKind::Choice => field.choices(today).into_iter().find(|(id, _)| value == id).map(|(_, w)| w),
        FormKind::YesNo => Some(if value.as_bool()? {
            Words::new("Yes", "हाँ")
        } else {
            Words::new("No", "नहीं")
        }),
        FormKind::Aadhaar => Some(Words::same(format!("XXXX XXXX {}", value.as_str()?))),
        FormKind::Year => {
            let year = value.as_i64()?;
            Some(Words::same(format!("{year}-{:02}", (year + 1) % 100)))
        }
        _ => None,
    }
}

fn plain(value: &Value) -> Words {
    match value {
        Value::Object(both) => {
            let get = |key: &str| both.get(key).and_then(Value::as_str).unwrap_or_default();
            let hi = if get("hi").is_empty() { get("en") } else { get("hi") };
            Words::new(
                get("en"),
                if hi == get("en") { hi.to_owned() } else { format!("{hi} / {}", get("en")) },
            )
        }
        Value::Array(people) => {
            let line =
                |p: &Value| format!("{} ({}, {})", plain(&p["name"]).en, plain(&p["relation"]).en, p["age"]);
            Words::same(people.iter().map(line).collect::<Vec<_>>().join("; "))
        }
        Value::String(text) => Words::same(text.clone()),
        other => Words::same(other.to_string()),
    }
}
