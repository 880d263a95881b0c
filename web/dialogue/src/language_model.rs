//! What a language model may help with, where one is configured: it proposes what words may mean, proposes
//! a value for an answer that was missed, and words an approved answer to a question.
//!
//! It sees [redacted](redact()) words only. What it says is text from a stranger: proposals come from closed
//! lists or are read by our own grammar, and are only ever offered to be tapped; a wording is said only where
//! it is [grounded] in the approved answer, which stands below it.

mod grounded;
mod prompt;
mod redact;

pub use grounded::grounded;
pub use redact::{Redacted, redact};

use crate::say::{BODY_MAX, Say, length};
use jiff::civil::Date;
use mohar_schemas::form::{FormField, FormKind};
use mohar_schemas::words::Language;
use serde::Deserialize;
use serde_json::Value;

/// The longest answer that is read, in bytes.
const ANSWER_MAX: usize = 4_096;
/// So many intents are offered.
const INTENTS_MAX: usize = 3;
/// A choice among more is not put to a model.
const OPTIONS_MAX: usize = 60;
/// Commands that may be proposed beside services and schemes; each is a button elsewhere, too.
pub(crate) const COMMANDS: [&str; 4] = ["do:status", "do:schemes", "do:person", "do:language"];

/// What a model is asked: three parts of a request, in which nothing tells of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What it is to do; our own words.
    pub system: String,
    /// What the citizen wrote, redacted, as a JSON text.
    pub user: String,
    /// The JSON schema of its answer.
    pub schema: Value,
}

/// A question to a model, and what its answer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What leaves.
    pub prompt: Prompt,
    pub(crate) wish: Wish,
}

/// What an answer is for; it stays here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// What words may mean that nobody understood.
    Intent { said: String, first: bool },
    /// The answer to a field that was missed; `why` is what is said otherwise.
    Value { field: String, redacted: Redacted, why: String },
    /// Another wording of the last of what is said.
    Wording { says: Vec<Say> },
}

impl Question {
    /// What may `said` mean? Nothing is asked where no word of it may leave.
    pub(crate) fn intent(said: &str, names: &[&str], first: bool) -> Option<Self> {
        let redacted = redact(said, names);
        let wish = Wish::Intent { said: said.to_owned(), first };
        redacted.has_words().then(|| Self { prompt: prompt::intent(&redacted.text), wish })
    }

    /// Which value does `said` give for a field? Only where there is something to choose or to read.
    pub(crate) fn value(
        field: &FormField,
        said: &str,
        names: &[&str],
        why: &str,
        today: Date,
    ) -> Option<Self> {
        let options = field.choices(today);
        let can_be_read = match field.kind {
            FormKind::Day | FormKind::Year | FormKind::Amount | FormKind::Number => true,
            FormKind::Choice => options.len() <= OPTIONS_MAX,
            _ => false,
        };
        if !can_be_read {
            return None;
        }
        let redacted = redact(said, names);
        let prompt = prompt::value(&redacted.text, field, &options);
        redacted.has_words().then(|| Self {
            prompt,
            wish: Wish::Value { field: field.id.clone(), redacted, why: why.to_owned() },
        })
    }

    /// How can the last of `says` be put in answer to `said`?
    pub(crate) fn wording(said: &str, names: &[&str], says: &[Say], language: Language) -> Option<Self> {
        let passage = says.last().and_then(body)?;
        let prompt = prompt::wording(&redact(said, names).text, passage, language);
        Some(Self { prompt, wish: Wish::Wording { says: says.to_vec() } })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Intents {
    intents: Vec<String>,
}

/// The intents of an answer that are on the closed list.
pub(crate) fn intents(answer: Option<&str>) -> Vec<String> {
    let read = read::<Intents>(answer).map(|a| a.intents).unwrap_or_default();
    let mut known: Vec<String> = vec![];
    for intent in read.into_iter().filter(|i| prompt::list().any(|(id, _)| id == *i)) {
        if known.len() < INTENTS_MAX && !known.contains(&intent) {
            known.push(intent);
        }
    }
    known
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposed {
    value: String,
}

/// What a citizen would type for the value of an answer: an option's id, or words with the citizen's own
/// numbers.
pub(crate) fn value(
    answer: Option<&str>,
    field: &FormField,
    redacted: &Redacted,
    today: Date,
) -> Option<String> {
    let Proposed { value } = read(answer)?;
    if field.kind == FormKind::Choice {
        return field.choices(today).iter().any(|(id, _)| *id == value).then_some(value);
    }
    redacted.restore(&value)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Worded {
    answer: String,
}

/// What is said, with the wording above the approved answer where it is grounded in it; else as approved.
pub(crate) fn worded(answer: Option<&str>, mut says: Vec<Say>) -> Vec<Say> {
    let Some(Worded { answer }) = read(answer) else { return says };
    if let Some(Say::Text { body } | Say::Buttons { body, .. }) = says.last_mut() {
        let both = format!("{}\n\n{body}", answer.trim());
        if grounded(body, answer.trim()) && length(&both) <= BODY_MAX {
            *body = both;
        }
    }
    says
}

fn body(say: &Say) -> Option<&str> {
    match say {
        Say::Text { body } | Say::Buttons { body, .. } => Some(body),
        _ => None,
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: Option<&str>) -> Option<T> {
    answer.filter(|a| a.len() <= ANSWER_MAX).and_then(|a| serde_json::from_str(a).ok())
}

#[cfg(test)]
mod tests;
