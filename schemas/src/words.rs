//! Words in both languages.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A word or a sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Hindi.
    pub hi: String,
}

impl Words {
    /// Both languages.
    #[must_use]
    pub fn new(en: impl Into<String>, hi: impl Into<String>) -> Self {
        Self { en: en.into(), hi: hi.into() }
    }

    /// The same in both: numbers, dates.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { hi: en.clone(), en }
    }

    /// In one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Hindi => &self.hi,
        }
    }
}

/// The language a reader chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Hindi.
    #[default]
    #[serde(rename = "hi")]
    Hindi,
}

impl Language {
    /// Its code (BCP 47).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hindi => "hi",
        }
    }
}

/// The most letters of what stands in a row of a list, by [`length`].
pub const SHORT_MAX: usize = 24;

/// The length of a text as the strictest channel counts it: code points or UTF-16 units.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count().max(text.encode_utf16().count())
}

/// Rupees with Indian grouping: `₹1,20,000`.
#[must_use]
pub fn rupees(amount: i64) -> String {
    let digits = amount.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    let mut out = String::new();
    for (i, c) in head.chars().enumerate() {
        if i > 0 && (head.len() - i).is_multiple_of(2) {
            out.push(',');
        }
        out.push(c);
    }
    if out.is_empty() { format!("₹{tail}") } else { format!("₹{out},{tail}") }
}

/// A day with the month's name: `15 August 2026`.
#[must_use]
pub fn day_in_words(day: Date, language: Language) -> String {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const HI: [&str; 12] =
        ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"];
    let months = if language == Language::Hindi { HI } else { EN };
    let month = usize::try_from(day.month() - 1).unwrap_or(0);
    format!("{} {} {}", day.day(), months[month.min(11)], day.year())
}
