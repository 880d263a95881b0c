//! Kinds of those who check certificates, as a holder is told of them (`checkers.toml`). Never a name of
//! somebody who did not give one, never a place or an address.

use crate::words::Words;
use serde::Deserialize;
use std::sync::LazyLock;

/// Somebody on the portal.
pub const PORTAL: &str = "portal";
/// Somebody in the chat.
pub const CHAT: &str = "chat";
/// A department, by its own API key.
pub const GOVERNMENT: &str = "government";
/// Whoever gives no key.
pub const NOT_STATED: &str = "not-stated";

/// A kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name in the store and on the command line.
    pub id: String,
    /// Whether an API key can be of this kind.
    #[serde(default)]
    pub key: bool,
    /// What they are: “school or college”.
    pub name: Words,
    /// How a sentence about them begins: “A school or college”; in Hindi, ने follows.
    pub who: Words,
}

/// Every kind.
#[must_use]
pub fn all() -> &'static [Kind] {
    static ALL: LazyLock<Vec<Kind>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            kind: Vec<Kind>,
        }
        // Unwrap safety: the file is part of the program, and a test reads it.
        toml::from_str::<File>(include_str!("../checkers.toml")).expect("checkers.toml is in order").kind
    });
    &ALL
}

/// A kind by its id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Kind> {
    all().iter().find(|k| k.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_named_in_code_is_there_and_speaks_both_languages() {
        for (id, key) in [(PORTAL, false), (CHAT, false), (GOVERNMENT, true), (NOT_STATED, false)] {
            assert_eq!(by_id(id).map(|k| k.key), Some(key), "{id}");
        }
        for kind in all() {
            for words in [&kind.name, &kind.who] {
                assert!(
                    !words.en.is_empty() && words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c))
                );
            }
            assert!(!kind.who.hi.ends_with("ने"), "{}: ने follows in the sentence", kind.id);
        }
    }
}
