//! What is asked next, and how: derived from the form's data and the answers so far alone.

use super::{Draft, Talk};
use crate::say::{BUTTON_MAX, BUTTONS_MAX, ROW_MAX, ROWS_MAX, Row, Say, UNDER_ROW_MAX, length};
use crate::transliterate::devanagari;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, FormField, FormKind};
use mohar_schemas::service::{Document, Service};
use mohar_schemas::words::Words;
use serde_json::Value;

/// The next question.
pub(super) enum Question<'a> {
    /// A field, or a part of it.
    Field(&'a FormField),
    /// A paper.
    Document(&'a Document),
    /// Nothing is missing: the citizen reads it all.
    ReadBack,
}

/// What of a half-answered field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Hindi,
    English,
    PersonName(usize),
    PersonRelation(usize),
    PersonAge(usize),
    AnotherPerson(usize),
}

/// What a draft lacks first.
pub(super) fn next<'a>(draft: &Draft, service: &'a Service) -> Question<'a> {
    let open = |id: &str| !draft.skipped.iter().any(|s| s == id);
    let field = fields(draft, service).find(|f| !draft.answers.contains_key(&f.id) && open(&f.id));
    if let Some(field) = field {
        return Question::Field(field);
    }
    let paper = papers(draft, service).find(|d| !draft.documents.contains(&d.kind) && open(&d.kind));
    paper.map_or(Question::ReadBack, Question::Document)
}

pub(super) fn fields<'a>(draft: &Draft, service: &'a Service) -> impl Iterator<Item = &'a FormField> {
    service.fields.iter().filter(|f| f.by == By::Citizen && f.asked(&draft.answers))
}

pub(super) fn papers<'a>(draft: &Draft, service: &'a Service) -> impl Iterator<Item = &'a Document> {
    service.documents.iter().filter(|d| d.when.as_ref().is_none_or(|w| w.holds(&draft.answers)))
}

/// What is known of a field that is half answered.
pub(super) fn half<'a>(draft: &'a Draft, field: &FormField) -> Option<&'a Value> {
    let begun = draft.partial.as_ref().filter(|(id, _)| *id == field.id).map(|(_, value)| value);
    begun.or_else(|| draft.known.get(&field.id))
}

pub(super) fn part(draft: &Draft, field: &FormField) -> Part {
    let Some(value) = half(draft, field) else {
        return if field.kind == FormKind::People { Part::PersonName(1) } else { Part::Whole };
    };
    match value {
        Value::Array(people) => {
            let n = people.len();
            let last = people.last().unwrap_or(&Value::Null);
            match (last.get("name"), last.get("relation"), last.get("age")) {
                (None, ..) => Part::PersonName(n.max(1)),
                (_, None, _) => Part::PersonRelation(n),
                (.., None) => Part::PersonAge(n),
                _ if last.get("more").is_some() => Part::PersonName(n + 1),
                _ => Part::AnotherPerson(n),
            }
        }
        both if both.get("en").is_some() => Part::Hindi,
        _ => Part::English,
    }
}

impl Talk {
    /// Asks what the draft lacks first.
    pub(super) fn ask(&mut self) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        self.state.turn += 1;
        match next(&draft, service) {
            Question::Field(field) => self.ask_field(&draft, service, field),
            Question::Document(document) => self.ask_document(&draft, service, document),
            Question::ReadBack => self.read_back(&draft, service),
        }
    }

    /// The draft and its service, while one is being filled in.
    pub(super) fn filling(&self) -> Option<(Draft, &'static Service)> {
        let draft = self.state.draft.clone()?;
        let service = published().service(&draft.service)?;
        Some((draft, service))
    }

    fn progress(&self, draft: &Draft, service: &Service) -> String {
        let open = |id: &String| draft.skipped.contains(id);
        let answered = |f: &&FormField| draft.answers.contains_key(&f.id) || open(&f.id);
        let there = |d: &&Document| draft.documents.contains(&d.kind) || open(&d.kind);
        let done =
            fields(draft, service).filter(answered).count() + papers(draft, service).filter(there).count();
        let of = fields(draft, service).count() + papers(draft, service).count();
        self.t("progress", &[("n", &(done + 1).to_string()), ("of", &of.to_string())])
    }

    fn ask_field(&mut self, draft: &Draft, service: &Service, field: &FormField) {
        let label = self.w(&field.label);
        let body = format!("{} *{label}*", self.progress(draft, service));
        let skip = self.answer_button("skip", "skip");
        match (field.kind, part(draft, field)) {
            (_, Part::Hindi) => {
                let latin = half(draft, field).and_then(|v| v["en"].as_str()).unwrap_or_default();
                let offered = devanagari(latin).filter(|h| length(h) <= BUTTON_MAX);
                let id = format!("{}:a:{}", self.state.turn, offered.as_deref().unwrap_or_default());
                let offered = offered.map(|title| crate::say::Button { id, title });
                let buttons = offered.into_iter().chain([skip]).collect();
                self.buttons(format!("*{label}*: {latin}\n{}", self.t("in_hindi_too", &[])), buttons);
            }
            (_, Part::English) => self.say(format!("*{label}*\n{}", self.t("in_english_too", &[]))),
            (_, Part::PersonName(n)) => {
                let text = format!("{body}\n{}", self.t("person_name", &[("n", &n.to_string())]));
                if field.optional && n == 1 { self.buttons(text, vec![skip]) } else { self.say(text) }
            }
            (_, Part::PersonRelation(n)) => self.say(self.t("person_relation", &[("n", &n.to_string())])),
            (_, Part::PersonAge(n)) => self.say(self.t("person_age", &[("n", &n.to_string())])),
            (_, Part::AnotherPerson(n)) => {
                let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("no", "a:no")];
                self.buttons(self.t("another_person", &[("n", &n.to_string())]), buttons);
            }
            _ => self.put(field, body),
        }
    }

    /// Puts a question with the answers that can be tapped.
    pub(super) fn put(&mut self, field: &FormField, body: String) {
        match field.kind {
            FormKind::YesNo => {
                let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("no", "a:no")];
                self.buttons(self.with_help(body, field), buttons);
            }
            FormKind::Choice => self.ask_choice(field, body, 0),
            _ => {
                let body = self.with_help(body, field);
                let skip = self.answer_button("skip", "skip");
                if field.optional { self.buttons(body, vec![skip]) } else { self.say(body) }
            }
        }
    }

    fn with_help(&self, body: String, field: &FormField) -> String {
        let hint = match field.kind {
            FormKind::Day => Some(self.t("day_example", &[])),
            FormKind::Amount => Some(self.t("amount_example", &[])),
            FormKind::Aadhaar => Some(self.t("aadhaar_note", &[])),
            _ => None,
        };
        let photo = field.identity.filter(|_| self.world.aadhaar).map(|_| self.t("identity_hint", &[]));
        let help = field.help.as_ref().map(|h| self.w(h)).into_iter().chain(hint).chain(photo);
        help.fold(body, |body, line| format!("{body}\n{line}"))
    }

    /// The options from one on: buttons where they are few and short, else pages of a list.
    pub(super) fn ask_choice(&mut self, field: &FormField, body: String, from: usize) {
        let choices = field.choices(self.world.today);
        let turn = self.state.turn;
        let names: Vec<(String, String)> =
            choices.iter().map(|(id, w)| (format!("{turn}:a:{id}"), self.w(w))).collect();
        let spare = usize::from(field.optional);
        let few = names.len() + spare <= BUTTONS_MAX && names.iter().all(|(_, n)| length(n) <= BUTTON_MAX);
        let skip = field.optional.then(|| self.answer_button("skip", "skip"));
        if few {
            let buttons = names.into_iter().map(|(id, title)| crate::say::Button { id, title });
            return self.buttons(self.with_help(body, field), buttons.chain(skip).collect());
        }
        let all = names.len() - from + spare <= ROWS_MAX;
        let shown = if all { ROWS_MAX - spare } else { ROWS_MAX - 1 - spare };
        let mut rows: Vec<Row> = names.iter().skip(from).take(shown).map(|(id, n)| row(id, n, "")).collect();
        rows.extend(skip.map(|b| Row { id: b.id, title: b.title, under: String::new() }));
        if !all {
            rows.push(row(&format!("{turn}:page:{}", from + shown), &self.t("more", &[]), ""));
        }
        let mut body = self.with_help(body, field);
        if !all || from > 0 {
            body = format!("{body}\n{}", self.t("choose_or_write", &[]));
        }
        self.say.push(Say::List { body, open: self.t("open_list", &[]), rows });
    }

    fn ask_document(&mut self, draft: &Draft, service: &Service, document: &Document) {
        let Some(kind) = published().document(&document.kind) else { return };
        let (name, help) = (self.w(&kind.name), self.w(&kind.help));
        let skip = document.optional.then(|| self.answer_button("skip", "skip"));
        if self.state.unfiled.is_some() {
            let use_it = self.answer_button("yes", "unfiled");
            let no = self.answer_button("no", "forget");
            return self.buttons(self.t("use_unfiled_question", &[("name", &name)]), vec![use_it, no]);
        }
        let body = self.t("document", &[("name", &name), ("help", &help)]);
        let body = format!("{} {body}", self.progress(draft, service));
        match skip {
            Some(skip) => self.buttons(body, vec![skip]),
            None => self.say(body),
        }
    }

    pub(super) fn w(&self, words: &Words) -> String {
        words.get(self.language()).to_owned()
    }
}

/// A row whose title fits; what does not, stands whole under it.
pub(super) fn row(id: &str, name: &str, under: &str) -> Row {
    let title = cut(name, ROW_MAX);
    let under = if title == name { under } else { name };
    Row { id: id.to_owned(), title, under: cut(under, UNDER_ROW_MAX) }
}

/// The first letters that fit, without half a syllable at the end.
fn cut(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if length(&out) + c.len_utf16() >= max {
            break;
        }
        out.push(c);
    }
    let whole = out.trim_end_matches(|c: char| c == '\u{94d}' || c.is_whitespace()).to_owned();
    format!("{whole}…")
}
