//! The verdict codes and what they say, in both languages (credential.md §11).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a verifier concludes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Signed by the department, current, and not withdrawn.
    Genuine,
    /// Signed and current; its status is known only as of an earlier time.
    StatusStale,
    /// Signed and current; nothing is known of its status.
    StatusUnknown,
    /// Its validity has ended.
    Expired,
    /// Its validity has not begun.
    NotYetValid,
    /// Withdrawn for good.
    Revoked,
    /// Withdrawn for now.
    Suspended,
    /// Replaced by another certificate.
    Superseded,
    /// The signature does not match.
    Altered,
    /// The key is not on the trust list.
    UnknownIssuer,
    /// The key may not sign this.
    KeyNotAllowed,
    /// Signed with a compromised key after it leaked.
    KeyCompromised,
    /// Written by a later version than this verifier knows.
    NewerVersion,
    /// Cut short or garbled.
    Damaged,
    /// A code, but not of a certificate.
    NotACertificate,
    /// A picture in which no code can be read.
    UnreadablePicture,
    /// A genuine code on a page that says something else.
    PageDiffers,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 17] = [
        Self::Genuine,
        Self::StatusStale,
        Self::StatusUnknown,
        Self::Expired,
        Self::NotYetValid,
        Self::Revoked,
        Self::Suspended,
        Self::Superseded,
        Self::Altered,
        Self::UnknownIssuer,
        Self::KeyNotAllowed,
        Self::KeyCompromised,
        Self::NewerVersion,
        Self::Damaged,
        Self::NotACertificate,
        Self::UnreadablePicture,
        Self::PageDiffers,
    ];

    /// Its name in the API and in the message file.
    ///
    /// # Panics
    /// Never: a unit variant always has a name.
    #[must_use]
    pub fn id(self) -> String {
        // Unwrap safety: a unit variant serialises to a JSON string.
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).expect("a name")
    }

    /// What it says.
    ///
    /// # Panics
    /// Never: a test finds a message for every code.
    #[must_use]
    pub fn message(self) -> &'static Message {
        VERDICTS.get(&self).expect("every code has a message")
    }
}

/// How a verdict is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Green, a tick.
    Good,
    /// Amber, a question.
    Warn,
    /// Red, a cross.
    Bad,
}

/// What a verdict says, in both languages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Two to four words.
    pub title_en: String,
    /// Two to four words.
    pub title_hi: String,
    /// What it means.
    pub en: String,
    /// What it means.
    pub hi: String,
    /// What it means, where only the status is known and no reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bare_en: Option<String>,
    /// What it means, where only the status is known and no reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bare_hi: Option<String>,
    /// What to do.
    pub do_en: String,
    /// What to do.
    pub do_hi: String,
    /// How it is shown.
    pub tone: Tone,
    /// Exit code of the command line: 0 genuine, 1 not genuine, 2 cannot tell.
    pub exit: u8,
}

/// A word in both languages.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Both {
    /// In English.
    pub en: String,
    /// In Hindi.
    pub hi: String,
}

static VERDICTS: LazyLock<BTreeMap<Code, Message>> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the binary and parsed in a test.
    toml::from_str(include_str!("../messages/verdicts.toml")).expect("the verdicts parse")
});

static FOREIGN: LazyLock<BTreeMap<String, Both>> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the binary and parsed in a test.
    toml::from_str(include_str!("../messages/foreign-codes.toml")).expect("the foreign codes parse")
});

/// Every verdict's message, for the portal.
#[must_use]
pub fn messages() -> &'static BTreeMap<Code, Message> {
    &VERDICTS
}

/// What a code that is not ours is called.
#[must_use]
pub fn foreign_codes() -> &'static BTreeMap<String, Both> {
    &FOREIGN
}

static PROBLEMS_HI: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the binary and is parsed in a test.
    toml::from_str(include_str!("../messages/problems.toml")).expect("the file in the binary parses")
});

/// What a refused request is told in Hindi; empty where the problem has no name of ours.
#[must_use]
pub fn problem_hi(kind: &str) -> &'static str {
    PROBLEMS_HI.get(kind).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_speaks_both_languages() {
        for code in Code::ALL {
            let m = code.message();
            let hindi = [&m.title_hi, &m.hi, &m.do_hi];
            assert!(
                hindi.iter().all(|t| t.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c))),
                "{code:?}"
            );
            assert!([&m.title_en, &m.en, &m.do_en].iter().all(|t| t.is_ascii() && !t.is_empty()), "{code:?}");
            assert_eq!(m.exit == 0, code == Code::Genuine);
            assert_eq!(m.en.contains("{on}"), m.bare_en.is_some() && m.bare_hi.is_some(), "{code:?}");
        }
        assert_eq!(messages().len(), Code::ALL.len());
    }
}
