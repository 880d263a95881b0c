//! What is asked next, and how: derived from the form's data and the answers so far alone.

use super::missing::EXAMPLE_FROM;
use super::place::{is_place, proposed};
use super::{At, Draft, Talk};
use crate::say::{BUTTON_MAX, BUTTONS_MAX, Button, ROW_MAX, ROWS_MAX, Row, Say, UNDER_ROW_MAX, length};
use crate::transliterate::{devanagari, latin};
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
    /// A sub-division is proposed.
    Place,
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
            match () {
                () if last["name"].get("en").is_none() => Part::PersonName(n.max(1)),
                () if last["relation"].get("en").is_none() => Part::PersonRelation(n),
                () if last.get("age").is_none() => Part::PersonAge(n),
                () if last.get("more").is_some() => Part::PersonName(n + 1),
                () => Part::AnotherPerson(n),
            }
        }
        Value::Null => Part::Whole,
        place if proposed(place).is_some() => Part::Place,
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
            Question::Field(field) => {
                self.propose(field);
                let draft = self.state.draft.clone().unwrap_or_default();
                self.ask_field(&draft, service, field);
            }
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

    /// An answer that can be tapped, where it fits a button.
    fn tappable(&self, answer: Option<String>) -> Option<Button> {
        let answer = answer.filter(|answer| length(answer) <= BUTTON_MAX)?;
        Some(Button { id: format!("{}:a:{answer}", self.state.turn), title: answer })
    }

    fn ask_field(&mut self, draft: &Draft, service: &Service, field: &FormField) {
        let label = self.w(&field.label);
        let body = format!("{} *{label}*", self.progress(draft, service));
        let skip = self.answer_button("skip", "skip");
        match (field.kind, part(draft, field)) {
            (_, Part::Hindi) => {
                let english = half(draft, field).and_then(|v| v["en"].as_str()).unwrap_or_default();
                let taps = self.tappable(devanagari(english)).into_iter().chain([skip]).collect();
                self.open_question(format!("*{label}*: {english}\n{}", self.t("in_hindi_too", &[])), taps);
            }
            (_, Part::English) => {
                let hindi = half(draft, field).and_then(|v| v["hi"].as_str()).unwrap_or_default();
                let taps = self.tappable(latin(hindi)).into_iter().collect();
                self.open_question(format!("*{label}*: {hindi}\n{}", self.t("in_english_too", &[])), taps);
            }
            (_, Part::Place) => {
                let row = draft.partial.as_ref().and_then(|(_, place)| proposed(place));
                if let Some(row) = row {
                    self.ask_place(&body, row);
                }
            }
            (_, Part::PersonName(n)) => {
                let text = self.person_question(draft, "name", "person_name", n);
                let taps = if field.optional && n == 1 { vec![skip] } else { vec![] };
                self.open_question(format!("{body}\n{text}"), taps);
            }
            (_, Part::PersonRelation(n)) => {
                let text = self.person_question(draft, "relation", "person_relation", n);
                self.open_question(text, vec![]);
            }
            (_, Part::PersonAge(n)) => {
                self.open_question(self.t("person_age", &[("n", &n.to_string())]), vec![]);
            }
            (_, Part::AnotherPerson(n)) => {
                let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("no", "a:no")];
                self.buttons(self.t("another_person", &[("n", &n.to_string())]), buttons);
            }
            _ => self.put(field, body),
        }
    }

    /// A question about a person; what is known in Hindi is asked in English, too.
    fn person_question(&self, draft: &Draft, part: &str, key: &str, n: usize) -> String {
        let last = draft.partial.as_ref().and_then(|(_, people)| people.as_array()?.last());
        let in_hindi = last.is_some_and(|p| p[part].get("hi").is_some() && p[part].get("en").is_none());
        if in_hindi { self.t("in_english_too", &[]) } else { self.t(key, &[("n", &n.to_string())]) }
    }

    /// Puts a question with the answers that can be tapped.
    pub(super) fn put(&mut self, field: &FormField, body: String) {
        match field.kind {
            FormKind::YesNo => {
                let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("no", "a:no")];
                self.buttons(self.with_help(body, field), buttons);
            }
            FormKind::Choice => self.ask_choice(field, body, 0),
            // Whose phone has no such button is asked in words from the second miss on.
            FormKind::Phone if !field.optional && self.state.misses < EXAMPLE_FROM => {
                let body = format!("{}\n{}", self.with_help(body, field), self.t("share_phone", &[]));
                self.say.push(Say::AskContact { body });
            }
            _ => {
                let body = self.with_help(body, field);
                let skip = field.optional.then(|| self.answer_button("skip", "skip"));
                self.open_question(body, skip.into_iter().collect());
            }
        }
    }

    fn with_help(&self, body: String, field: &FormField) -> String {
        let hint = match field.kind {
            FormKind::Day => Some(self.t("day_example", &[])),
            FormKind::Amount => Some(self.t("amount_example", &[])),
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
        let locate = (is_place(field) && from == 0).then(|| self.answer_button("locate", "locate"));
        let spare = usize::from(field.optional) + usize::from(locate.is_some());
        let few = names.len() + spare <= BUTTONS_MAX && names.iter().all(|(_, n)| length(n) <= BUTTON_MAX);
        let skip = field.optional.then(|| self.answer_button("skip", "skip"));
        if few {
            let buttons = names.into_iter().map(|(id, title)| Button { id, title });
            return self.buttons(self.with_help(body, field), buttons.chain(skip).collect());
        }
        let all = names.len() - from + spare <= ROWS_MAX;
        let shown = if all { ROWS_MAX - spare } else { ROWS_MAX - 1 - spare };
        let mut rows: Vec<Row> = names.iter().skip(from).take(shown).map(|(id, n)| row(id, n, "")).collect();
        if let Some(Button { id, title }) = locate {
            rows.insert(0, row(&id, &title, &self.t("locate_more", &[])));
        }
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
        if self.offered(draft, &document.kind).is_some() {
            let taps = vec![self.answer_button("yes", "early"), self.answer_button("no", "decline")];
            return self.buttons(self.t("use_unfiled_question", &[("name", &name)]), taps);
        }
        let gaps = [("name", name.as_str()), ("help", &help)];
        let paper = kind.formats.iter().any(|f| f == "pdf");
        let body = if paper { self.t("document", &gaps) } else { self.t("document_picture", &gaps) };
        let body = format!("{} {body}", self.progress(draft, service));
        self.open_question(body, skip.into_iter().collect());
    }

    /// The early file that may be this paper.
    pub(super) fn offered(&self, draft: &Draft, kind: &str) -> Option<String> {
        let declined = |key: &String| draft.declined.iter().any(|(k, f)| k == kind && f == key);
        self.state.early.iter().find(|key| !declined(key)).cloned()
    }

    /// Whether a number that the citizen shares answers the open question.
    pub(super) fn asks_for_phone(&self) -> bool {
        let Some((draft, service)) = self.filling().filter(|_| self.state.at == At::Form) else {
            return false;
        };
        matches!(next(&draft, service), Question::Field(field) if field.kind == FormKind::Phone)
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
pub(super) fn cut(text: &str, max: usize) -> String {
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
