//! What citizens agree to (Digital Personal Data Protection Act 2023, sections 5 and 6): the texts, each
//! with its purpose, from `consents.toml`.

use crate::words::Words;
use serde::Deserialize;
use std::sync::LazyLock;

/// The text shown when a citizen applies.
pub const APPLY: &str = "apply-1";
/// The text an operator reads to a citizen.
pub const COUNTER: &str = "counter-1";
/// The text shown to a holder when a verifier wants to hear of a certificate's status.
pub const STATUS: &str = "status-1";

/// A text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// What the log says was shown.
    pub id: String,
    /// SHA-256 of purpose and text in both languages, in hex.
    pub sha256: String,
    /// What for.
    pub purpose: Words,
    /// Word for word.
    pub text: Words,
}

/// A text by its id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Consent> {
    static ALL: LazyLock<Vec<Consent>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        struct File {
            consent: Vec<Consent>,
        }
        // Unwrap safety: the file is part of the program, and a test reads it.
        toml::from_str::<File>(include_str!("../consents.toml")).expect("the consents are in order").consent
    });
    ALL.iter().find(|c| c.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    #[test]
    fn a_text_that_was_shown_never_changes() {
        for id in [APPLY, COUNTER, STATUS] {
            let c = by_id(id).unwrap();
            let said = [&c.purpose.en, &c.purpose.hi, &c.text.en, &c.text.hi].map(String::as_str).join("\n");
            let mut hex = String::new();
            for byte in crate::sha256(said.as_bytes()) {
                write!(hex, "{byte:02x}").unwrap();
            }
            assert_eq!(c.sha256, hex, "{id}: a new wording is a new id");
        }
    }
}
