//! One fact printed on a certificate, as a person who holds the paper gives it: does it hold?

use jiff::civil::Date;
use mohar_schemas::credential::{Credential, Value};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// The longest a fact is, in characters.
pub const FACT_CHARS_MAX: usize = 120;
/// The fields that hold a holder's name; a marriage has two holders.
const NAMES: [&str; 4] = ["name", "deceased_name", "bride_name", "groom_name"];
/// The fields that hold a holder's date of birth.
const BIRTHS: [&str; 3] = ["born", "bride_born", "groom_born"];
/// What people write before a name, or leave out.
const HONORIFICS: [&str; 24] = [
    "shri",
    "shree",
    "sri",
    "smt",
    "shrimati",
    "km",
    "kum",
    "kumari",
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "late",
    "श्री",
    "श्रीमती",
    "श्रीमान",
    "सुश्री",
    "कुमारी",
    "कु",
    "डॉ",
    "डा",
    "स्व",
    "स्वर्गीय",
];

/// What a fact speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// The holder's date of birth.
    DateOfBirth,
    /// The holder's name, in either script.
    Name,
}

/// A fact that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Born on this day.
    Born(Date),
    /// Has this name, as [`plain_name`] writes it.
    Named(String),
}

impl Fact {
    /// Reads what a person wrote; none where it is no date, or no name.
    #[must_use]
    pub fn read(kind: FactKind, text: &str) -> Option<Self> {
        if text.chars().count() > FACT_CHARS_MAX {
            return None;
        }
        match kind {
            FactKind::DateOfBirth => read_day(text).map(Self::Born),
            FactKind::Name => Some(plain_name(text)).filter(|name| !name.is_empty()).map(Self::Named),
        }
    }

    /// Whether a certificate says so. Every field is looked at, whatever the ones before it said.
    #[must_use]
    pub fn holds(&self, credential: &Credential) -> bool {
        let fields = credential.kind.fields.iter().zip(&credential.values);
        fields.fold(false, |found, (field, value)| found | self.is_said(&field.id, value))
    }

    fn is_said(&self, field: &str, value: &Value) -> bool {
        match (self, value) {
            (Self::Born(day), Value::Day(said)) => BIRTHS.contains(&field) && day == said,
            (Self::Named(name), Value::Text { en, hi }) => {
                let english = plain_name(en) == *name;
                let hindi = hi.as_deref().is_some_and(|hi| plain_name(hi) == *name);
                NAMES.contains(&field) && (english || hindi)
            }
            _ => false,
        }
    }
}

/// A name as it is compared: one form of each letter, lower case, single spaces, no dots, no honorifics
/// before it.
#[must_use]
pub fn plain_name(text: &str) -> String {
    let letters = text.nfc().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'));
    let spaced: String = letters.map(|c| if matches!(c, '.' | ',') { ' ' } else { c }).collect();
    let lower = spaced.to_lowercase();
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    // A name that is an honorific and nothing else is a name.
    while words.len() > 1 && HONORIFICS.contains(&words[0]) {
        words.remove(0);
    }
    words.join(" ")
}

/// `15-08-1990`, `15/8/1990`, `१५.०८.१९९०` or `1990-08-15`.
fn read_day(text: &str) -> Option<Date> {
    let ascii = mohar_schemas::number::ascii_digits(text);
    let parts: Vec<&str> = ascii.trim().split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (day, month, year) = if a.len() == 4 { (c, b, a) } else { (a, b, c) };
    let year = year.parse().ok().filter(|y| (1800..=9999).contains(y))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use mohar_schemas::types::{self, Kind};

    #[test]
    fn names_are_the_same_however_they_are_written() {
        let same = |a: &str, b: &str| assert_eq!(plain_name(a), plain_name(b));
        same("Sunita Devi", "  smt.  SUNITA   devi ");
        same("Shri Ram", "RAM");
        same("सुनीता देवी", "श्रीमती सुनीता  देवी");
        same("क़ादिर", "क\u{93c}ादिर");
        assert_ne!(plain_name("Sunita Devi"), plain_name("Sunita"));
        assert_eq!(Fact::read(FactKind::Name, "Kumari"), Some(Fact::Named("kumari".into())));
        assert_eq!(Fact::read(FactKind::Name, " . "), None);
        assert_eq!(Fact::read(FactKind::Name, &"a".repeat(121)), None);
    }

    #[test]
    fn days_are_read_day_first() {
        for text in ["15-08-1990", "15/8/1990", "१५.०८.१९९०", "1990-08-15"] {
            assert_eq!(read_day(text), Some(date(1990, 8, 15)), "{text}");
        }
        for text in ["", "31-02-1990", "15-08-90", "1990", "tomorrow", "1-2-3-4"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn every_type_has_a_name_to_give() {
        for kind in types::all() {
            let names = kind.fields.iter().filter(|f| f.kind == Kind::Name);
            assert!(names.map(|f| f.id.as_str()).any(|id| NAMES.contains(&id)), "{}", kind.id);
        }
    }
}
