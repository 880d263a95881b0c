//! The hash-chained log of every act: who did what to which application, without personal values.

use mohar_schemas::sha256;
use serde::{Deserialize, Serialize};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The application's number.
    pub application: String,
    /// In seconds since 1970-01-01 UTC.
    pub at_s: i64,
    /// `citizen`, or the officer's id.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// The state before and after.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What the actor wrote, as the citizen may read it: a reason, a note, the fields to mend.
    pub note: String,
}

impl Event {
    /// Its place in the chain: the hash of the one before and of all it says.
    #[must_use]
    pub fn hash(&self, before: &[u8; 32]) -> [u8; 32] {
        // A struct of texts and numbers always serialises; the order of its fields is fixed.
        let said = serde_json::to_vec(self).unwrap_or_default();
        sha256(&[&before[..], &said].concat())
    }
}

/// The hash before the first event.
pub const GENESIS: [u8; 32] = [0; 32];
