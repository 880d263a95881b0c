//! What the conversation asks of the understanding.

use crate::understand::{
    Action, Slip, Writing, certificate_number, model, services_named, understand, writing,
};
use jiff::civil::Date;
use mohar_schemas::words::Language;

/// What works at any moment, whatever is asked.
const ANYWHERE: [&str; 7] = ["menu", "back", "cancel", "help", "status", "language", "person"];

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
    /// The likeliest first; `unknown` where none is likely.
    pub intents: Vec<String>,
    /// Whether the first is certain enough to be opened.
    pub certain: bool,
    /// The service that a question is about.
    pub service: Option<String>,
    /// Several that it may be about, where it names more than one.
    pub services: Vec<String>,
    /// The scheme that a question is about.
    pub scheme: Option<String>,
    /// The application that is named.
    pub application: Option<String>,
    /// The certificate that is named.
    pub certificate: Option<Result<String, Slip>>,
    /// Nothing was understood well enough to be offered, and it is not surely none of ours.
    pub lost: bool,
}

pub(super) fn meant(text: &str, today: Date) -> Meant {
    let heard = understand(text, today);
    let intents = match heard.action {
        Action::Open => vec![heard.intent.clone()],
        Action::Menu if heard.intent == "out-of-scope" => vec![heard.intent.clone()],
        Action::Menu => vec!["unknown".to_owned()],
        Action::Offer | Action::Search => heard.offered().into_iter().map(str::to_owned).collect(),
    };
    // What is named is surer than what the model makes of the rest.
    let mut services = services_named(text);
    let service = if services.len() == 1 { services.pop() } else { heard.slots.service };
    Meant {
        intents,
        certain: heard.action == Action::Open,
        service: service.filter(|_| services.is_empty()),
        services,
        scheme: heard.slots.scheme,
        lost: heard.action == Action::Menu && heard.confidence < model().thresholds().open,
        application: heard.slots.application,
        certificate: certificate_number(text),
    }
}
