//! What the assistant says, from `schemas/messages/assistant.toml`.

use mohar_schemas::words::{Language, Words};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXTS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the program, and a test reads it.
    toml::from_str(mohar_schemas::data::ASSISTANT).expect("messages/assistant.toml is in order")
});

/// The text of a key with its gaps filled in. A key that is missing shows itself; a test finds it first.
pub fn text(language: Language, key: &str, gaps: &[(&str, &str)]) -> String {
    let text = TEXTS.get(key).map_or(key, |w| w.get(language));
    gaps.iter().fold(text.to_owned(), |text, (gap, value)| text.replace(&format!("{{{gap}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::TEXTS;
    use crate::say::{BUTTON_MAX, length};

    #[test]
    fn every_text_is_there_in_both_languages_and_fits() {
        let sources = [
            include_str!("conversation.rs"),
            include_str!("conversation/answering.rs"),
            include_str!("conversation/asking.rs"),
            include_str!("conversation/certificates.rs"),
            include_str!("conversation/consents.rs"),
            include_str!("conversation/delay.rs"),
            include_str!("conversation/filling.rs"),
            include_str!("conversation/helped.rs"),
            include_str!("conversation/identity.rs"),
            include_str!("conversation/menu.rs"),
            include_str!("conversation/missing.rs"),
            include_str!("conversation/mistakes.rs"),
            include_str!("conversation/outside.rs"),
            include_str!("conversation/place.rs"),
            include_str!("conversation/schemes.rs"),
            include_str!("conversation/service.rs"),
            include_str!("conversation/verifying.rs"),
            include_str!("conversation/voice.rs"),
        ]
        .concat();
        let after = |call| sources.split(call).skip(1).filter_map(|rest| rest.split('"').next());
        let keys: Vec<&str> = after("self.t(\"").chain(after("(language, \"")).collect();
        assert!(keys.len() > 40, "{}", keys.len());
        for key in keys {
            assert!(TEXTS.contains_key(key), "{key} is not in assistant.toml");
        }
        for key in after("self.button(\"").chain(after("button(language, \"")) {
            for text in [&TEXTS[key].en, &TEXTS[key].hi] {
                assert!(length(text) <= BUTTON_MAX, "{key}: {text} has {} letters", length(text));
            }
        }
        for (key, words) in TEXTS.iter() {
            let hindi = words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
            assert!(
                hindi
                    || ["in_english", "change_language", "elsewhere", "progress", "paper"]
                        .contains(&key.as_str()),
                "{key} lacks Hindi"
            );
        }
    }
}
