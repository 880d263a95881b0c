//! The report of a bulk check as a file that proves itself: a PDF, and behind its end a line with a
//! signed message over everything before that line (credential.md §14).

use crate::cbor::{CborError, Item};
use crate::digits;
use crate::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the signed line begins with: to a reader of PDFs a comment.
const MARK: &[u8] = b"%mohar-bulk-report ";
/// Reports longer than this are refused unread (64 MiB).
pub const REPORT_BYTES_MAX: usize = 64 << 20;
/// The longest name of a service, in bytes.
const SERVICE_BYTES_MAX: usize = 200;

/// What a service signs about a report that it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkReport {
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub made_at_s: i64,
    /// The service that made it, by its address.
    pub service: String,
    /// How many rows it has, of each kind.
    pub totals: Totals,
    /// SHA-256 of the file up to the signed line.
    #[serde(skip)]
    pub sha256: [u8; 32],
}

/// Rows of a report, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Genuine, and current for the purpose where one was asked about.
    pub genuine: u32,
    /// Not genuine, or not current for the purpose.
    pub refused: u32,
    /// Those of which nothing could be told.
    pub undecided: u32,
}

impl Totals {
    /// Counts a row by its exit code: 0 genuine, 1 not, 2 cannot tell.
    pub fn count(&mut self, exit: u8) {
        *match exit {
            0 => &mut self.genuine,
            1 => &mut self.refused,
            _ => &mut self.undecided,
        } += 1;
    }

    /// All rows.
    #[must_use]
    pub fn rows(self) -> u64 {
        u64::from(self.genuine) + u64::from(self.refused) + u64::from(self.undecided)
    }
}

/// The payload does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// Not CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR, but not the structure.
    #[error("not a bulk report of this profile")]
    Shape,
}

impl BulkReport {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let count = |n: u32| Item::Int(i64::from(n));
        Item::Array(vec![
            Item::Int(1),
            Item::Int(self.made_at_s),
            Item::Text(self.service.clone()),
            count(self.totals.genuine),
            count(self.totals.refused),
            count(self.totals.undecided),
            Item::Bytes(self.sha256.to_vec()),
        ])
        .encode()
    }

    /// Reads a payload whose signature has been checked.
    pub fn decode(payload: &[u8]) -> Result<Self, BulkError> {
        let item = Item::decode(payload)?;
        let Some(
            [
                Item::Int(1),
                Item::Int(made_at_s),
                Item::Text(service),
                Item::Int(genuine),
                Item::Int(refused),
                Item::Int(undecided),
                Item::Bytes(sha256),
            ],
        ) = item.as_array()
        else {
            return Err(BulkError::Shape);
        };
        let count = |n: &i64| u32::try_from(*n).map_err(|_| BulkError::Shape);
        if service.len() > SERVICE_BYTES_MAX || service.chars().any(char::is_control) {
            return Err(BulkError::Shape);
        }
        Ok(Self {
            made_at_s: *made_at_s,
            service: service.clone(),
            totals: Totals {
                genuine: count(genuine)?,
                refused: count(refused)?,
                undecided: count(undecided)?,
            },
            sha256: sha256.as_slice().try_into().map_err(|_| BulkError::Shape)?,
        })
    }
}

/// A file with its signed line behind it.
#[must_use]
pub fn with_line(mut file: Vec<u8>, message: &[u8]) -> Vec<u8> {
    file.extend([MARK, digits::encode(message).as_bytes(), b"\n"].concat());
    file
}

/// A file that has a signed line somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split<'a> {
    /// What the line is about: everything before it.
    pub file: &'a [u8],
    /// The signed message; none where the line is not whole, or not the last thing in the file.
    pub message: Option<Vec<u8>>,
}

/// Takes a file apart at its last signed line; none: it has none, and is not a report.
#[must_use]
pub fn split(bytes: &[u8]) -> Option<Split<'_>> {
    if !bytes.starts_with(b"%PDF-") {
        return None;
    }
    let at = bytes.windows(MARK.len()).rposition(|w| w == MARK)?;
    let (file, line) = bytes.split_at(at);
    let digits = line[MARK.len()..].strip_suffix(b"\n").and_then(|d| std::str::from_utf8(d).ok());
    let message = digits.and_then(|d| digits::decode(d).ok());
    Some(Split { file, message: message.filter(|_| file.ends_with(b"\n")) })
}

/// What people are told of a report, in the file and when it is checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Its title, signed.
    pub title: Words,
    /// Its title, unsigned.
    pub title_unsigned: Words,
    /// Who made it.
    pub service: Words,
    /// When.
    pub made_at: Words,
    /// For which purpose, where it was one for all.
    pub purpose: Words,
    /// The count of genuine rows.
    pub genuine: Words,
    /// The count of refused rows.
    pub refused: Words,
    /// The count of undecided rows.
    pub undecided: Words,
    /// Heading of the names.
    pub name: Words,
    /// Heading of the verdicts.
    pub verdict: Words,
    /// Heading of the certificates.
    pub certificate: Words,
    /// Heading of the holders.
    pub holder: Words,
    /// How it is checked.
    pub how: Words,
    /// That the pages themselves were not seen.
    pub codes_only: Words,
    /// That it proves nothing.
    pub unsigned: Words,
    /// The page of the pages: `{page}`, `{pages}`.
    pub page: Words,
    /// What stands for a result where a row was not read.
    pub not_read: Words,
    /// What stands for a result where a genuine certificate does not serve the purpose.
    pub other_purpose: Words,
    why: BTreeMap<Why, Words>,
    /// A report that is as it was made.
    pub unaltered: Said,
    /// A report that is not.
    pub altered: Said,
    /// A report of a signer that is not known.
    pub unknown_signer: Said,
}

/// Why a row was not even read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The file cannot be read.
    Unreadable,
    /// The file is longer than a picture may be.
    TooLong,
    /// The file in an archive is small, and unpacked it is not.
    Grows,
    /// No process could be started to read it.
    NoProcess,
    /// The list names a purpose that does not exist.
    NoPurpose,
}

impl Why {
    /// What is said.
    ///
    /// # Panics
    /// Never: a test finds words for every reason.
    #[must_use]
    pub fn words(self) -> &'static Words {
        texts().why.get(&self).expect("every reason has words")
    }
}

/// A title and a sentence; `{service}`, `{at}`, `{rows}`, `{genuine}`, `{refused}` and `{undecided}` are
/// filled in.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// In a few words.
    pub title: Words,
    /// What it means, and what to do.
    pub message: Words,
}

/// The texts.
#[must_use]
pub fn texts() -> &'static Texts {
    static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the binary and parsed in a test.
        toml::from_str(include_str!("../messages/bulk-report.toml")).expect("the texts parse")
    });
    &TEXTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> BulkReport {
        let totals = Totals { genuine: 397, refused: 2, undecided: 1 };
        BulkReport { made_at_s: 1_795_500_000, service: "https://v.example".into(), totals, sha256: [7; 32] }
    }

    #[test]
    fn a_payload_comes_back_and_others_are_refused() {
        assert_eq!(BulkReport::decode(&report().encode()), Ok(report()));
        assert_eq!(report().totals.rows(), 400);
        let wrong = |change: &dyn Fn(&mut Vec<Item>)| {
            let Ok(Item::Array(mut items)) = Item::decode(&report().encode()) else { panic!("an array") };
            change(&mut items);
            BulkReport::decode(&Item::Array(items).encode())
        };
        assert!(wrong(&|_| ()).is_ok());
        for (at, item) in [
            (0, Item::Int(2)),
            (2, Item::Text("a\nb".into())),
            (2, Item::Text("x".repeat(201))),
            (3, Item::Int(-1)),
            (5, Item::Int(1 << 32)),
            (6, Item::Bytes(vec![0; 31])),
        ] {
            assert!(wrong(&|items| items[at] = item.clone()).is_err(), "{at}: {item:?}");
        }
        assert!(wrong(&|items| items.push(Item::Null)).is_err());
    }

    #[test]
    fn the_line_is_the_last_thing_in_the_file() {
        let file = b"%PDF-1.7\nrows\n%%EOF\n".to_vec();
        let signed = with_line(file.clone(), &[1, 2, 3, 255]);
        assert_eq!(split(&file), None);
        assert_eq!(split(&signed), Some(Split { file: &file, message: Some(vec![1, 2, 3, 255]) }));
        for more in [&b"x"[..], b"\n", b"9\n"] {
            let longer = [signed.as_slice(), more].concat();
            assert_eq!(split(&longer).map(|s| s.message), Some(None), "{more:?}");
        }
        assert_eq!(split(&signed[..signed.len() - 1]).map(|s| s.message), Some(None), "no end of line");
        assert_eq!(split(&signed[1..]), None, "no PDF");
    }

    #[test]
    fn the_texts_are_in_both_languages() {
        let t = texts();
        for words in [&t.title, &t.how, &t.unsigned, &t.codes_only, &t.altered.message, &t.unaltered.message]
        {
            let hindi = words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
            assert!(hindi && !words.en.is_empty(), "{words:?}");
        }
        for why in [Why::Unreadable, Why::TooLong, Why::Grows, Why::NoProcess, Why::NoPurpose] {
            assert!(!why.words().en.is_empty(), "{why:?}");
        }
    }
}
