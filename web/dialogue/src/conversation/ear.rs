//! What the conversation asks of the understanding.

use crate::understand::{
    Action, LIKELY, Slip, Writing, certificate_number, model, services_named, understand, writing,
};
use jiff::civil::Date;
use mohar_schemas::words::Language;

/// What works at any moment, whatever is asked.
const ANYWHERE: [&str; 8] = ["menu", "back", "cancel", "help", "status", "language", "person", "identity"];

/// What was typed, without what cannot be seen: marks of direction and width, joiners outside Devanagari,
/// spaces in excess. Lines stay.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let before = out.chars().next_back();
        let is_devanagari = |c: char| ('\u{900}'..='\u{97f}').contains(&c);
        match c {
            '\n' => out.push(c),
            _ if c.is_whitespace() => {
                if before.is_some_and(|b| !b.is_whitespace()) {
                    out.push(' ');
                }
            }
            '\u{200c}' | '\u{200d}' if !before.is_some_and(is_devanagari) => {}
            '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {}
            _ if c.is_control() => {}
            _ => out.push(c),
        }
    }
    out.trim().to_owned()
}

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
    /// Whether it is likely enough that what only tells something is told at once.
    pub likely: bool,
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
        // Of nothing that was said nobody knows whether it is ours: a number, a sign.
        Action::Menu if heard.intent == "out-of-scope" && heard.confidence > 0.0 => {
            vec![heard.intent.clone()]
        }
        // "I need a certificate": which one, the menu of services tells.
        Action::Menu if heard.intent == "menu" && heard.confidence >= LIKELY => vec!["services".to_owned()],
        Action::Menu => vec!["unknown".to_owned()],
        Action::Offer | Action::Search => heard.offered().into_iter().map(str::to_owned).collect(),
    };
    // What is named is surer than what the model makes of the rest.
    let mut services = services_named(text);
    let service = if services.len() == 1 { services.pop() } else { heard.slots.service };
    Meant {
        intents,
        certain: heard.action == Action::Open,
        likely: heard.confidence >= LIKELY,
        service: service.filter(|_| services.is_empty()),
        services,
        scheme: heard.slots.scheme,
        lost: heard.action == Action::Menu && heard.confidence < model().thresholds().open,
        application: heard.slots.application,
        certificate: certificate_number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_cannot_be_seen_goes_and_what_shapes_letters_stays() {
        for (typed, read) in [
            ("\u{202e}Sunita\u{200b}  Devi\u{feff} ", "Sunita Devi"),
            ("क्\u{200d}ष", "क्\u{200d}ष"),
            ("A\u{200d}B\u{0}", "AB"),
            ("one \n  two", "one \ntwo"),
            ("👩\u{200d}👧", "👩👧"),
            ("\u{200f}\u{2066}", ""),
        ] {
            assert_eq!(plain(typed), read, "{typed:?}");
        }
    }
}
