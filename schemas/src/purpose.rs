//! What certificates are asked for, and what each purpose asks of their time, as data (`purposes.toml`).

use crate::words::Words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A purpose of verifying.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its name in the API.
    pub id: String,
    /// What it is called.
    pub name: Words,
    /// What is taken for it.
    pub accepts: Vec<Accepted>,
}

/// Certificate types, and what is asked of them; all that is given must hold.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Type ids; `*` is every type.
    types: Vec<String>,
    /// The financial year it speaks of.
    pub financial_year: Option<YearAsked>,
    /// The first day of issue that is taken.
    pub issued_from: Option<Date>,
    /// The most months since the day of issue.
    pub issued_within: Option<u16>,
    /// The day it must be valid on.
    pub valid_on: Option<Date>,
}

impl Accepted {
    /// Whether it speaks of this type.
    #[must_use]
    pub fn takes(&self, kind: &str) -> bool {
        self.types.iter().any(|t| t == kind || t == "*")
    }
}

/// A financial year that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum YearAsked {
    /// The one that starts in this calendar year.
    Of(i16),
    /// One that moves with today.
    Moving(Moving),
}

/// A financial year that moves with today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moving {
    /// The last complete one, or a newer.
    Last,
}

/// Why a certificate does not serve a purpose, or that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It serves.
    Current,
    /// It is withdrawn or past its time.
    NotInForce,
    /// This type is not taken.
    Type,
    /// It speaks of another financial year.
    FinancialYear,
    /// It was issued too early.
    IssuedFrom,
    /// It was issued too long ago.
    IssuedWithin,
    /// It is not valid on the day.
    ValidOn,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    purpose: Vec<Purpose>,
    message: BTreeMap<Outcome, Words>,
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the binary and parsed in a test.
    toml::from_str(include_str!("../purposes.toml")).expect("the purposes parse")
});

/// Every purpose, in the order they are offered in.
#[must_use]
pub fn all() -> &'static [Purpose] {
    &FILE.purpose
}

/// The purpose with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Purpose> {
    all().iter().find(|p| p.id == id)
}

/// The sentence of an outcome, with its placeholders.
#[must_use]
pub fn sentence(outcome: Outcome) -> &'static Words {
    static NONE: LazyLock<Words> = LazyLock::new(Words::default);
    FILE.message.get(&outcome).unwrap_or(&NONE)
}

/// Every sentence, for verifiers that judge by themselves.
#[must_use]
pub fn sentences() -> &'static BTreeMap<Outcome, Words> {
    &FILE.message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_only_types_that_exist_and_speaks_both_languages() {
        for purpose in all() {
            assert_eq!(by_id(&purpose.id).map(|p| &p.id), Some(&purpose.id), "an id stands once");
            let mut seen = vec![];
            for id in purpose.accepts.iter().flat_map(|a| &a.types).filter(|id| *id != "*") {
                let kind = crate::types::by_id(id).unwrap_or_else(|| panic!("{}: no type {id}", purpose.id));
                assert!(!seen.contains(&id), "{}: {id} stands twice", purpose.id);
                seen.push(id);
                let yearly = purpose.accepts.iter().any(|a| a.takes(id) && a.financial_year.is_some());
                assert!(!yearly || kind.fields.iter().any(|f| f.id == "financial_year"), "{id}");
            }
        }
        let outcomes = [
            Outcome::Current,
            Outcome::NotInForce,
            Outcome::Type,
            Outcome::FinancialYear,
            Outcome::IssuedFrom,
            Outcome::IssuedWithin,
            Outcome::ValidOn,
        ];
        let names = all().iter().map(|p| &p.name).chain(outcomes.map(sentence));
        for words in names {
            let hindi = words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
            assert!(hindi && words.en.is_ascii() && !words.en.is_empty(), "{words:?}");
        }
    }
}
