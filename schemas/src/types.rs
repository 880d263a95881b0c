//! The certificate types: their fields, wording and validity, as data (credential.md §7).

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A person's name: English, and Hindi where it was given.
    Name,
    /// Free text: English, and Hindi where it was given.
    Text,
    /// A calendar day.
    Day,
    /// The calendar year in which a financial year starts.
    Year,
    /// Whole rupees.
    Amount,
    /// A row of a table.
    Code,
}

/// One field of a type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in the API and in the wording.
    pub id: String,
    /// What it may hold.
    pub kind: Kind,
    /// The most code points in one script (names and texts).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
    /// The table of a coded field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Its label in English.
    pub label_en: String,
    /// Its label in Hindi.
    pub label_hi: String,
    /// Whether it may be left out.
    #[serde(default)]
    pub optional: bool,
}

/// A published revision of a certificate type. It never changes; a correction is a new revision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateType {
    /// Its name in the API: the service id.
    pub id: String,
    /// Its number in the credential.
    pub code: u16,
    /// The revision of its fields.
    pub revision: u16,
    /// The letters a certificate number starts with.
    pub prefix: String,
    /// The department that issues it.
    pub department: String,
    /// Title in English.
    pub title_en: String,
    /// Title in Hindi.
    pub title_hi: String,
    /// The signing officer's post in English.
    pub officer_en: String,
    /// The signing officer's post in Hindi.
    pub officer_hi: String,
    /// The law behind it in English.
    pub law_en: String,
    /// The law behind it in Hindi.
    pub law_hi: String,
    /// Days it is valid for, counted from its first valid day; absent: for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
    /// What it says in English.
    pub wording_en: String,
    /// What it says in Hindi.
    pub wording_hi: String,
    /// Its fields, in the order of the credential.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

static TYPES: LazyLock<Vec<CertificateType>> = LazyLock::new(|| {
    // Unwrap safety: the files are part of the binary and every one is parsed in a test.
    let parse = |(_, text): &(&str, &str)| toml::from_str(text).expect("a type in the binary parses");
    let mut types: Vec<CertificateType> = crate::data::TYPES.iter().map(parse).collect();
    types.sort_by_key(|t| (t.code, t.revision));
    types
});

/// The SHA-256 of the file of a type, as published in the trust list.
#[must_use]
pub fn digest(kind: &CertificateType) -> [u8; 32] {
    let file = crate::data::TYPES.iter().find(|(name, _)| *name == kind.file());
    crate::sha256(file.map_or(&[], |(_, text)| text.as_bytes()))
}

impl CertificateType {
    /// The name of its file: the first revision has the id's, later ones the revision behind it.
    fn file(&self) -> String {
        if self.revision == 1 { self.id.clone() } else { format!("{}-{}", self.id, self.revision) }
    }
}

/// Every published revision of every type.
#[must_use]
pub fn all() -> &'static [CertificateType] {
    &TYPES
}

/// The newest revision of the type with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static CertificateType> {
    TYPES.iter().rev().find(|t| t.id == id)
}

/// The revision a credential names.
#[must_use]
pub fn by_code(code: u16, revision: u16) -> Option<&'static CertificateType> {
    TYPES.iter().find(|t| t.code == code && t.revision == revision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_name_only_fields_and_tables_exist() {
        for t in all() {
            for wording in [&t.wording_en, &t.wording_hi] {
                for part in wording.split('{').skip(1) {
                    let id = part.split('}').next().unwrap();
                    assert!(t.fields.iter().any(|f| f.id == id), "{} {id}", t.id);
                }
            }
            for f in &t.fields {
                let table = f.table.as_ref().map(|t| crate::tables::table(t).expect("the table exists"));
                assert_eq!(f.kind == Kind::Code, table.is_some(), "{} {}", t.id, f.id);
                assert_eq!(matches!(f.kind, Kind::Name | Kind::Text), f.max.is_some(), "{} {}", t.id, f.id);
            }
        }
    }

    /// A published revision never changes: `types/LOCK` holds its digest.
    #[test]
    fn published_revisions_are_locked() {
        use std::fmt::Write;
        let mut lock = String::new();
        for t in all() {
            let digest: String = digest(t).iter().fold(String::new(), |mut s, b| {
                let _ = write!(s, "{b:02x}");
                s
            });
            let _ = writeln!(lock, "{} {} {digest}", t.id, t.revision);
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/types/LOCK");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &lock).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap(), lock, "a new wording is a new revision");
    }
}
