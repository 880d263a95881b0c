//! Many rows in one statement: a statement's way to the engine costs more than its rows.
//! Statements have a fixed number of places, so that each engine plans them once.

use crate::rows::{CertificateRow, place};
use mohar_issuer::ports::{Draft, Outcome, StoreError};
use mohar_issuer::seal::{Record, SealError};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// Rows of a large statement. More gain nothing: the SQLite driver looks each place up by its name,
/// which costs the square of their number.
pub const ROWS: usize = 16;

const COLUMNS: usize = 11;
const NAMES: &str =
    "place, id, number, kind, department, credential, leaf, caller, idempotency_key, digest, issued_at_s";

fn insert(rows: usize) -> String {
    let mut sql = format!("INSERT INTO certificates ({NAMES}) VALUES ");
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        places(&mut sql, row * COLUMNS + 1..(row + 1) * COLUMNS + 1);
        sql.push(')');
    }
    sql
}

fn by_requests(keys: usize) -> String {
    let mut sql = format!("SELECT {NAMES} FROM certificates WHERE caller = $1 AND idempotency_key IN (");
    places(&mut sql, 2..keys + 2);
    sql.push(')');
    sql
}

fn places(sql: &mut String, numbers: std::ops::Range<usize>) {
    let first = numbers.start;
    for number in numbers {
        // Writing to a String cannot fail.
        let _ = write!(sql, "{}${number}", if number == first { "" } else { ", " });
    }
}

/// Inserts one certificate, or [`ROWS`].
pub fn insert_of(rows: usize) -> &'static str {
    static SQL: LazyLock<[String; 2]> = LazyLock::new(|| [insert(1), insert(ROWS)]);
    &SQL[usize::from(rows > 1)]
}

/// Finds the certificates of one request of a caller, or of [`ROWS`].
pub fn by_requests_of(keys: usize) -> &'static str {
    static SQL: LazyLock<[String; 2]> = LazyLock::new(|| [by_requests(1), by_requests(ROWS)]);
    &SQL[usize::from(keys > 1)]
}

/// Cuts rows into as many large statements as they fill, and single rows.
pub fn statements<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let (large, single) = rows.split_at(rows.len() / ROWS * ROWS);
    large.chunks(ROWS).chain(single.chunks(1))
}

/// The idempotency keys of a batch by caller, each group cut into what one statement looks up: one
/// key, or [`ROWS`] of which the last may stand there several times.
pub fn requests(batch: &[Draft]) -> Vec<(&str, Vec<&str>)> {
    let mut by_caller: HashMap<&str, Vec<&str>> = HashMap::new();
    for draft in batch {
        by_caller.entry(&draft.caller).or_default().push(&draft.idempotency_key);
    }
    let groups = by_caller.iter().flat_map(|(caller, keys)| keys.chunks(ROWS).map(|keys| (*caller, keys)));
    let padded = groups.map(|(caller, keys)| {
        let mut keys = keys.to_vec();
        if let (Some(last), true) = (keys.last().copied(), keys.len() > 1) {
            keys.resize(ROWS, last);
        }
        (caller, keys)
    });
    padded.collect()
}

/// What each draft of a batch turns into.
enum Fate {
    /// Issued earlier, or refused.
    Known(Box<Outcome>),
    /// The new certificate of this place among the new ones.
    New(usize),
    /// The same request stands earlier in the batch, as the new certificate of this place.
    Again(usize, [u8; 32]),
}

/// A batch of which the earlier requests are known: what is to be sealed, and what becomes of each.
pub struct Sorted {
    fates: Vec<Fate>,
    new: Vec<Draft>,
}

impl Sorted {
    /// Sorts a batch by the certificates found for its requests.
    pub fn of(batch: Vec<Draft>, found: Vec<CertificateRow>) -> Result<Self, StoreError> {
        let name = |caller: &str, key: &str| (caller.to_owned(), key.to_owned());
        let found = found.into_iter().map(Record::try_from).collect::<Result<Vec<_>, _>>()?;
        let earlier: HashMap<_, _> =
            found.into_iter().map(|r| (name(&r.caller, &r.idempotency_key), r)).collect();
        let mut places = HashMap::new();
        let mut sorted = Self { fates: Vec::with_capacity(batch.len()), new: vec![] };
        for draft in batch {
            let name = name(&draft.caller, &draft.idempotency_key);
            let fate = if let Some(record) = earlier.get(&name) {
                Fate::Known(Box::new(again(record, &draft.digest)))
            } else if let Some(place) = places.get(&name) {
                Fate::Again(*place, draft.digest)
            } else {
                places.insert(name, sorted.new.len());
                sorted.new.push(draft);
                Fate::New(sorted.new.len() - 1)
            };
            sorted.fates.push(fate);
        }
        Ok(sorted)
    }

    /// Seals what is new under indices from `first` on.
    pub fn seal<S>(self, first: i64, seal: S) -> Result<Sealed, StoreError>
    where
        S: Fn(Vec<Draft>, u64) -> Result<Vec<Record>, SealError>,
    {
        let records = if self.new.is_empty() { vec![] } else { seal(self.new, place(first)?)? };
        Ok(Sealed { fates: self.fates, records })
    }
}

/// A batch with its new certificates.
pub struct Sealed {
    fates: Vec<Fate>,
    /// What is to be stored.
    pub records: Vec<Record>,
}

impl Sealed {
    /// What became of each draft, once the records are stored.
    pub fn outcomes(self) -> Vec<Outcome> {
        let records = self.records;
        let outcome = |fate| match fate {
            Fate::Known(outcome) => *outcome,
            Fate::New(place) => Outcome::Issued(records[place].clone()),
            Fate::Again(place, digest) => again(&records[place], &digest),
        };
        self.fates.into_iter().map(outcome).collect()
    }
}

fn again(record: &Record, digest: &[u8; 32]) -> Outcome {
    if record.digest == *digest { Outcome::Replayed(record.clone()) } else { Outcome::Conflict }
}
