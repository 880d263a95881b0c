//! Filling in: answers, papers, the way back, the read-back, handing in.

use super::answering::Taken;
use super::asking::{Part, Question, fields, half, next, papers, part, row};
use super::ear::meant;
use super::place::is_place;
use super::service::Query;
use super::{At, Command, Draft, Talk};
use crate::grammar::yes_no;
use crate::say::{BODY_MAX, ROWS_MAX, Row, Say, length};
use crate::texts::text;
use mohar_schemas::catalogue::published;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{FormField, FormKind};
use mohar_schemas::service::Service;
use mohar_schemas::words::{Language, Words, day_in_words};
use serde_json::Value;

impl Talk {
    /// Words in answer to the question.
    pub(super) fn answer(&mut self, said: &str) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        match next(&draft, service) {
            Question::Field(field) if skips(said, part(&draft, field)) => self.skip(field),
            Question::Field(field) => {
                let taken = self.take(field, said);
                let missed = matches!(taken, Taken::Again(_));
                let elsewhere = missed && self.means_another(said, service);
                if !elsewhere && !self.asked_for_value(field, said, &taken) {
                    self.taken(field, taken);
                }
            }
            Question::Document(d) if d.optional && skips(said, Part::Whole) => self.leave_out(&d.kind),
            Question::Document(d) => match (self.offered(&draft, &d.kind), yes_no(said)) {
                (Some(key), Some(true)) => self.attach(&d.kind, key),
                (Some(key), Some(false)) => self.decline(&d.kind, key),
                _ if self.means_another(said, service) => {}
                _ => self.missed(self.t("document_wanted", &[])),
            },
            Question::ReadBack => match yes_no(said) {
                Some(true) => self.commands.push(Command::Submit),
                Some(false) => self.change(0),
                None if self.means_another(said, service) => {}
                None => self.missed(self.t("yes_wanted", &[])),
            },
        }
    }

    /// What is no answer may be a question about the service, or call an earlier answer wrong.
    fn means_another(&mut self, said: &str, service: &Service) -> bool {
        let meant = meant(said, self.world.today);
        match meant.intents.first().filter(|_| meant.certain).map(String::as_str) {
            Some("correct") => self.change(0),
            Some(query @ ("fees" | "documents" | "timeline" | "eligibility")) => {
                let about = meant.service.as_deref().and_then(|id| published().service(id));
                self.say(self.told_of(Query::of(query), about.unwrap_or(service)));
                self.ask();
            }
            _ => return false,
        }
        true
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
            Taken::Again(why) => return self.missed(why),
        }
        self.state.misses = 0;
        self.ask();
    }

    /// A tap on a button of this turn.
    pub(super) fn tapped(&mut self, what: &str) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        let question = next(&draft, service);
        match (what.split_once(':').unwrap_or((what, "")), &question) {
            (("a", said), Question::Field(_)) => self.answer(said),
            (("locate", _), Question::Field(field)) if is_place(field) => {
                self.say.push(Say::AskLocation { body: self.t("send_location", &[]) });
            }
            (("page", from), Question::Field(field)) => {
                let label = self.w(&field.label);
                self.state.turn += 1;
                self.ask_choice(field, format!("*{label}*"), from.parse().unwrap_or(0));
            }
            (("skip", _), Question::Field(field)) => self.skip(field),
            (("skip", _), Question::Document(d)) if d.optional => self.leave_out(&d.kind),
            (("early", _), Question::Document(d)) => match self.offered(&draft, &d.kind) {
                Some(key) => self.attach(&d.kind, key),
                None => self.ask(),
            },
            (("decline", _), Question::Document(d)) => match self.offered(&draft, &d.kind) {
                Some(key) => self.decline(&d.kind, key),
                None => self.ask(),
            },
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
            _ => self.missed(self.t("cannot_skip", &[])),
        }
    }

    fn leave_out(&mut self, id: &str) {
        if let Some(draft) = &mut self.state.draft {
            draft.partial = None;
            draft.skipped.push(id.to_owned());
            draft.trail.push(id.to_owned());
        }
        self.state.misses = 0;
        self.ask();
    }

    /// The question before.
    pub(super) fn back(&mut self) {
        let Some(draft) = &mut self.state.draft else { return self.menu() };
        if let Some((field, half)) = draft.partial.take() {
            draft.partial = without_last_part(half).map(|rest| (field, rest));
            return self.ask();
        }
        match draft.trail.pop() {
            Some(id) => forget(draft, &id),
            None => self.say(self.t("nothing_before", &[])),
        }
        self.ask();
    }

    pub(super) fn file(&mut self, key: &str) {
        let Some((draft, service)) = self.filling().filter(|_| self.state.at == At::Form) else {
            let key = key.to_owned();
            let proves = matches!(self.state.at, At::Identity { .. });
            return self.commands.push(if proves { Command::Look { key } } else { Command::Verify { key } });
        };
        match next(&draft, service) {
            Question::Document(d) => self.attach(&d.kind, key.to_owned()),
            _ if self.world.aadhaar => self.commands.push(Command::Look { key: key.to_owned() }),
            _ => self.put_by(key),
        }
    }

    /// A file that nothing asked for yet.
    pub(super) fn put_by(&mut self, key: &str) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        if papers(&draft, service).any(|d| !draft.documents.contains(&d.kind)) {
            if !self.state.early.iter().any(|k| k == key) {
                self.state.early.push(key.to_owned());
            }
            self.say(self.t("unfiled", &[]));
        } else {
            self.say(self.t("no_paper_missing", &[]));
        }
        self.ask();
    }

    fn attach(&mut self, kind: &str, key: String) {
        self.state.early.retain(|k| *k != key);
        self.commands.push(Command::Attach { kind: kind.to_owned(), key });
    }

    /// An early file is another paper, perhaps a later one.
    fn decline(&mut self, kind: &str, key: String) {
        if let Some(draft) = &mut self.state.draft {
            draft.declined.push((kind.to_owned(), key));
        }
        self.ask();
    }

    pub(super) fn attached(&mut self, result: Result<String, String>) {
        let kind = match result {
            Ok(kind) => kind,
            Err(why) => return self.missed(why),
        };
        let name = published().document(&kind).map(|d| self.w(&d.name)).unwrap_or_default();
        if let Some(draft) = &mut self.state.draft {
            draft.documents.push(kind.clone());
            draft.trail.push(kind);
        }
        self.state.misses = 0;
        self.say(self.t("document_kept", &[("name", &name)]));
        self.ask();
    }

    /// All answers, then: right?
    pub(super) fn read_back(&mut self, draft: &Draft, service: &Service) {
        let mut lines = vec![self.t("read_back", &[])];
        for field in fields(draft, service) {
            if let Some(value) = draft.answers.get(&field.id) {
                let words = shown(field, value, self.world.today).unwrap_or_else(|| plain(value));
                let label = self.w(&field.label);
                let colon = if label.ends_with(['?', '।', '.']) { "" } else { ":" };
                lines.push(format!("{label}{colon} *{}*", self.w(&words)));
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

/// Whether words say what the button to leave a question out says. No Hindi is called "no".
fn skips(said: &str, part: Part) -> bool {
    let button = |language| text(language, "skip", &[]).to_lowercase() == said.to_lowercase();
    [Language::English, Language::Hindi].into_iter().any(button)
        || (part == Part::Hindi && yes_no(said) == Some(false))
}

/// A half answer without what was said last; none where nothing is left of it.
fn without_last_part(half: Value) -> Option<Value> {
    let Value::Array(mut people) = half else { return None };
    let last = people.last_mut()?.as_object_mut()?;
    if ["more", "age", "relation"].iter().all(|part| last.remove(*part).is_none()) {
        people.pop();
    }
    (!people.is_empty()).then_some(Value::Array(people))
}

fn forget(draft: &mut Draft, id: &str) {
    draft.answers.remove(id);
    draft.known.remove(id);
    draft.documents.retain(|d| d != id);
    draft.skipped.retain(|s| s != id);
    draft.trail.retain(|t| t != id);
}

/// How an answer is read back, where that is not just what was typed.
pub(super) fn shown(field: &FormField, value: &Value, today: jiff::civil::Date) -> Option<Words> {
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
