//! Why no code was read in a file, in words (`messages/pictures.toml`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Why no code was read in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unread {
    /// A picture in which no code can be read.
    NoCode,
    /// A PDF with more pages than are looked at, without a code on those.
    NoCodeInPages,
    /// More bytes or pixels than are read.
    TooLarge,
    /// It takes more memory or work than a certificate can need.
    TooMuch,
    /// A PDF with a password.
    Encrypted,
    /// Cut short or garbled.
    Broken,
    /// A WebP picture.
    Webp,
    /// A HEIC or AVIF picture.
    Heic,
    /// A GIF picture.
    Gif,
    /// None of the formats that are read.
    NotAPicture,
}

/// What is said of it, in both languages.
#[derive(Debug, Clone, Deserialize)]
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
    /// What to do.
    pub do_en: String,
    /// What to do.
    pub do_hi: String,
}

#[derive(Deserialize)]
struct Messages {
    several: Message,
    #[serde(flatten)]
    unread: BTreeMap<Unread, Message>,
}

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the binary and parsed in a test.
    toml::from_str(include_str!("../messages/pictures.toml")).expect("the pictures' messages parse")
});

impl Unread {
    /// Every reason.
    pub const ALL: [Self; 10] = [
        Self::NoCode,
        Self::NoCodeInPages,
        Self::TooLarge,
        Self::TooMuch,
        Self::Encrypted,
        Self::Broken,
        Self::Webp,
        Self::Heic,
        Self::Gif,
        Self::NotAPicture,
    ];

    /// What is said of it.
    ///
    /// # Panics
    /// Never: a test finds a message for every reason.
    #[must_use]
    pub fn message(self) -> &'static Message {
        MESSAGES.unread.get(&self).expect("every reason has a message")
    }
}

/// What is said beside the verdicts of several codes in one picture.
#[must_use]
pub fn several() -> &'static Message {
    &MESSAGES.several
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_speaks_both_languages() {
        let devanagari = |text: &String| text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
        for m in Unread::ALL.into_iter().map(Unread::message).chain([several()]) {
            assert!([&m.title_hi, &m.hi, &m.do_hi].into_iter().all(devanagari), "{m:?}");
            assert!([&m.title_en, &m.en, &m.do_en].iter().all(|t| t.is_ascii() && !t.is_empty()), "{m:?}");
        }
        assert_eq!(MESSAGES.unread.len(), Unread::ALL.len());
    }
}
