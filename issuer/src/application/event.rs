//! The hash-chained log of every act: who did what to which application. What somebody wrote stands
//! beside the log, and the log holds its digest: it can be erased, but not changed.

use mohar_schemas::sha256;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The application's number.
    pub application: String,
    /// In seconds since 1970-01-01 UTC.
    pub at_s: i64,
    /// `citizen`, `gateway`, `operator/ID`, or the officer's id.
    pub actor: String,
    /// Where it came from: `web`, `counter`, `console`, `api`, `gateway`. Empty in the oldest entries,
    /// whose hashes it must not change.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// What was done.
    pub act: String,
    /// The state before and after.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What the actor wrote, as the citizen may read it: a reason, a note.
    pub note: Note,
}

/// What an actor wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    text: String,
    digest: String,
}

impl Note {
    /// A note as it is written.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut digest = String::new();
        if !text.is_empty() {
            for byte in sha256(text.as_bytes()) {
                // Writing to a String cannot fail.
                let _ = write!(digest, "{byte:02x}");
            }
        }
        Self { text: text.to_owned(), digest }
    }

    /// What was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is what was written, or has been erased.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.text.is_empty() || Self::new(&self.text).digest == self.digest
    }
}

impl Serialize for Note {
    /// The log has the digest alone.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Note {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { text: String::new(), digest: String::deserialize(deserializer)? })
    }
}

impl Event {
    /// Its place in the chain: the hash of the one before and of all it says.
    #[must_use]
    pub fn hash(&self, before: &[u8; 32]) -> [u8; 32] {
        // A struct of texts and numbers always serialises; the order of its fields is fixed.
        let said = serde_json::to_vec(self).unwrap_or_default();
        sha256(&[&before[..], &said].concat())
    }

    /// The same act with the text that stood beside the log.
    #[must_use]
    pub fn with_text(mut self, text: String) -> Self {
        self.note.text = text;
        self
    }
}

/// The hash before the first event.
pub const GENESIS: [u8; 32] = [0; 32];
