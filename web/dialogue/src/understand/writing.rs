//! In which writing a message is.

use crate::grammar::spoken::spoken;
use mohar_dialogue_model::normalise::{normalise, words};
use serde::Serialize;

/// A language and its script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Writing {
    /// Hindi in Devanagari.
    #[serde(rename = "hi")]
    Hindi,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Hindi in Latin letters.
    #[serde(rename = "hi-Latn")]
    Romanised,
    /// Both scripts, or neither: no reason to change the language of the talk.
    #[serde(rename = "mixed")]
    Mixed,
}

/// Tells the writing by script, and in Latin letters by the little words.
#[must_use]
pub fn writing(text: &str) -> Writing {
    let normal = normalise(text);
    let devanagari = normal.chars().filter(|c| ('\u{900}'..='\u{963}').contains(c)).count();
    let latin = normal.chars().filter(char::is_ascii_lowercase).count();
    match (devanagari, latin) {
        (0, 0) => Writing::Mixed,
        (0, _) => latin_writing(&normal),
        // A borrowed word or a code does not change whose sentence it is.
        _ if latin * 10 < devanagari * 6 => Writing::Hindi,
        _ => Writing::Mixed,
    }
}

fn latin_writing(normal: &str) -> Writing {
    let spoken = spoken();
    let words = words(normal);
    let count = |list: &[String]| words.iter().filter(|w| list.contains(w)).count();
    let hindi = count(&spoken.little_hindi);
    if hindi > 0 && hindi >= count(&spoken.little_english) { Writing::Romanised } else { Writing::English }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_little_words_tell() {
        for (text, expected) in [
            ("जाति प्रमाण पत्र चाहिए", Writing::Hindi),
            ("मेरा obc वाला बना दो", Writing::Hindi),
            ("income certificate kaise banega", Writing::Romanised),
            ("I need an income certificate", Writing::English),
            ("income certificate चाहिए", Writing::Mixed),
            ("😂", Writing::Mixed),
            ("", Writing::Mixed),
        ] {
            assert_eq!(writing(text), expected, "{text}");
        }
    }
}
