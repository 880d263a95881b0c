//! The code tables: closed sets that give both scripts for a byte or two (credential.md §8).
//! Rows are only ever appended; an abolished district stays, so that old certificates stay right.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The number in the credential.
    pub code: u16,
    /// The name in the API.
    pub id: String,
    /// In English.
    pub en: String,
    /// In Hindi.
    pub hi: String,
    /// In use from this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// In use until the day before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The id of the row above it, in the parent table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The department an office belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

impl Row {
    /// Whether the row may be used for something that happens on `day`.
    #[must_use]
    pub fn in_use_on(&self, day: jiff::civil::Date) -> bool {
        let day = day.to_string();
        // ISO dates sort as text.
        self.from.as_ref().is_none_or(|f| *f <= day) && self.until.as_ref().is_none_or(|u| day < *u)
    }
}

/// A table.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name in the certificate types.
    pub id: String,
    /// Where the rows come from.
    pub source: String,
    #[serde(rename = "row")]
    /// The rows; the code of a row is its place, counted from 1.
    pub rows: Vec<Row>,
}

impl Table {
    /// The row with a code.
    #[must_use]
    pub fn by_code(&self, code: u16) -> Option<&Row> {
        self.rows.get(usize::from(code).checked_sub(1)?)
    }

    /// The row with an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    // Unwrap safety: the files are part of the binary and every one is parsed in a test.
    crate::data::TABLES
        .iter()
        .map(|(_, s)| toml::from_str(s).expect("a table in the binary parses"))
        .collect()
});

/// Every table.
#[must_use]
pub fn all() -> &'static [Table] {
    &TABLES
}

/// The table of this name.
#[must_use]
pub fn table(id: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.id == id)
}

/// The table of issuing offices.
///
/// # Panics
/// Never: the table is part of the binary.
#[must_use]
pub fn offices() -> &'static Table {
    table("offices").expect("the table of offices is part of the binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_places_and_parents_exist() {
        for t in all() {
            for (i, row) in t.rows.iter().enumerate() {
                assert_eq!(usize::from(row.code), i + 1, "{} {}", t.id, row.id);
                assert!(t.rows.iter().filter(|r| r.id == row.id).count() == 1, "{} {}", t.id, row.id);
                let parents = match t.id.as_str() {
                    "sub-divisions" => Some("districts"),
                    "offices" => Some("sub-divisions"),
                    _ => None,
                };
                if t.id == "offices" {
                    let department = row.department.as_ref().expect("an office has a department");
                    assert!(table("departments").unwrap().by_id(department).is_some(), "{}", row.id);
                    assert_eq!(row.parent.is_some(), department == "revenue", "{}", row.id);
                }
                if let (Some(parents), Some(parent)) = (parents, &row.parent) {
                    assert!(table(parents).unwrap().by_id(parent).is_some(), "{} {}", row.id, parent);
                }
            }
        }
    }

    #[test]
    fn delhi_has_thirteen_districts_and_thirty_nine_sub_divisions() {
        let today = jiff::civil::date(2026, 11, 24);
        let before = jiff::civil::date(2025, 12, 24);
        let count = |id, day| table(id).unwrap().rows.iter().filter(|r| r.in_use_on(day)).count();
        assert_eq!(count("districts", today), 13);
        assert_eq!(count("districts", before), 11);
        assert_eq!(count("sub-divisions", today), 39);
    }
}
