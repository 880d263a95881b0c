//! What the conversation asks of the understanding.

use crate::understand::{Action, Writing, understand, writing};
use jiff::civil::Date;
use mohar_schemas::words::Language;

/// What works at any moment, whatever is asked.
const ANYWHERE: [&str; 8] = ["menu", "back", "cancel", "help", "status", "language", "person", "identity"];

/// A command in any of the three writings, and nothing else.
pub(super) fn command(text: &str) -> Option<&'static str> {
    crate::understand::command(text).filter(|c| ANYWHERE.contains(c))
}

/// Whether words are the same to everybody: "Hi", "hello", a sign.
pub(super) fn says_nothing_of_language(text: &str) -> bool {
    let greets = crate::understand::command(text) == Some("greeting");
    let devanagari = text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
    !devanagari && (greets || !text.chars().any(char::is_alphabetic))
}

/// The language to answer in: who writes Hindi in Latin letters reads Hindi, too.
pub(super) fn language(text: &str) -> Language {
    if writing(text) == Writing::English { Language::English } else { Language::Hindi }
}

/// What is meant.
pub(super) struct Meant {
    /// The likeliest first.
    pub intents: Vec<String>,
    /// Whether the first is certain enough to be opened.
    pub certain: bool,
    /// The service that a question is about.
    pub service: Option<String>,
    /// The scheme that a question is about.
    pub scheme: Option<String>,
    /// The application that is named.
    pub number: Option<String>,
}

pub(super) fn meant(text: &str, today: Date) -> Meant {
    let heard = understand(text, today);
    let intents = match heard.action {
        Action::Open => vec![heard.intent.clone()],
        Action::Menu if heard.intent == "out-of-scope" => vec![heard.intent.clone()],
        Action::Menu => vec!["menu".to_owned()],
        Action::Offer | Action::Search => heard.offered().into_iter().map(str::to_owned).collect(),
    };
    Meant {
        intents,
        certain: heard.action == Action::Open,
        service: heard.slots.service,
        scheme: heard.slots.scheme,
        number: heard.slots.application,
    }
}
