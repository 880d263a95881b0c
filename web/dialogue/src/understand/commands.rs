//! Words that are commands wherever they stand alone: `assistant/commands.toml`.

use crate::grammar::spoken::{sound, spoken};
use mohar_dialogue_model::normalise::{normalise, words};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// Commands that are only understood word for word: the model knows nothing of them.
const EXACT_ONLY: &[&str] = &["identity"];

/// The intent of an exact command, none if it is anything else.
#[must_use]
pub fn command(text: &str) -> Option<&'static str> {
    static COMMANDS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        load(mohar_schemas::data::COMMANDS).expect("assistant/commands.toml is in order")
    });
    let heard = heard(text);
    COMMANDS.get(&heard).or_else(|| COMMANDS.get(&without_fillers(&heard))).copied()
}

/// Whether a message asks about consents, and nothing else: `assistant/consents.toml`.
pub fn asks_of_consents(text: &str) -> bool {
    static PHRASES: LazyLock<HashSet<String>> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        let file: BTreeMap<String, Vec<String>> =
            toml::from_str(mohar_schemas::data::CONSENTS).expect("assistant/consents.toml is in order");
        file.into_values().flatten().map(|phrase| heard(&phrase)).collect()
    });
    let heard = heard(text);
    PHRASES.contains(&heard) || PHRASES.contains(&without_fillers(&heard))
}

/// The words of a message as they sound.
pub(super) fn heard(text: &str) -> String {
    let normal = normalise(text);
    if normal.trim().chars().all(|c| c == '?') && !normal.trim().is_empty() {
        return "?".into();
    }
    words(&normal).iter().map(|w| sound(w)).collect::<Vec<_>>().join(" ")
}

/// Without what is only polite.
pub(super) fn without_fillers(heard: &str) -> String {
    let kept: Vec<_> = heard.split(' ').filter(|w| !spoken().fillers.iter().any(|f| f == w)).collect();
    kept.join(" ")
}

fn load(text: &str) -> Result<HashMap<String, &'static str>, String> {
    let file: BTreeMap<String, Vec<String>> = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut commands = HashMap::new();
    for (intent, phrases) in file {
        let mut all = mohar_dialogue_model::PLAIN_INTENTS.iter().chain(EXACT_ONLY);
        let known = all.find(|i| **i == intent);
        let known = *known.ok_or_else(|| format!("commands.toml: {intent}: no intent is called so"))?;
        for phrase in phrases {
            if commands.insert(heard(&phrase), known).is_some_and(|other| other != known) {
                return Err(format!("commands.toml: {intent}: {phrase} is another command, too"));
            }
        }
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_three_writings() {
        for (text, intent) in [
            ("menu", "menu"),
            ("मेन्यू!", "menu"),
            ("Peechhe", "back"),
            ("पीछे", "back"),
            ("कैंसिल", "cancel"),
            ("madad", "help"),
            ("??", "help"),
            ("स्थिति", "status"),
            ("Bhaasha", "language"),
            ("insaan", "person"),
            ("हाँ जी", "yes"),
            ("nahi please", "no"),
            ("Hi!!", "greeting"),
            ("नमस्ते", "greeting"),
            ("🙏🙏", "thanks"),
            ("Aadhar card", "identity"),
            ("pehchaan", "identity"),
            ("आधार कार्ड", "identity"),
            ("मेरी पहचान", "identity"),
        ] {
            assert_eq!(command(text), Some(intent), "{text}");
        }
        for text in ["", "menu of a restaurant", "income", "."] {
            assert_eq!(command(text), None, "{text}");
        }
    }

    #[test]
    fn one_phrase_is_one_command() {
        assert!(load("yes = [\"haan\"]\nno = [\"haan\"]").is_err_and(|e| e.contains("another command")));
        assert!(load("yess = [\"y\"]").is_err());
    }
}
