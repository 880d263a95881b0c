//! The credential: what a certificate says ⇄ the positional array that is signed (credential.md §5).

use crate::cbor::{CborError, Item};
use crate::tables::{self, Row};
use crate::types::{self, CertificateType, Field, Kind};
use jiff::civil::Date;

/// The version of the profile, first in every payload.
pub const PROFILE_VERSION: i64 = 1;
/// Payloads longer than this are refused: signed they would need a QR beyond version 13-M.
pub const PAYLOAD_BYTES_MAX: usize = 1_024;
/// The largest number of a certificate (2^40 - 1).
pub const INDEX_MAX: u64 = (1 << 40) - 1;
/// Rupees beyond this are refused (one lakh crore).
pub const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text in English, and in Hindi where it was given.
    Text {
        /// As entered in Latin letters.
        en: String,
        /// As entered in Devanagari.
        hi: Option<String>,
    },
    /// A calendar day.
    Day(Date),
    /// The calendar year in which a financial year starts.
    Year(i16),
    /// Whole rupees.
    Amount(i64),
    /// A row of the field's table.
    Code(&'static Row),
    /// Left out.
    Absent,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its type and the revision of its fields.
    pub kind: &'static CertificateType,
    /// Its place in the ledger and in the status list.
    pub index: u64,
    /// The office that issued it.
    pub office: &'static Row,
    /// The day it was issued.
    pub issued: Date,
    /// The first day it is valid.
    pub valid_from: Date,
    /// The last day it is valid; none: for good.
    pub valid_until: Option<Date>,
    /// The values, in the order of the type's fields.
    pub values: Vec<Value>,
}

/// Why a payload is not a credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Written under a later profile, type or table than this build knows.
    #[error("written by a newer version: {0}")]
    Newer(String),
    /// Not a credential.
    #[error("not a credential: {0}")]
    Malformed(String),
}

impl From<CborError> for CredentialError {
    fn from(e: CborError) -> Self {
        Self::Malformed(e.to_string())
    }
}

fn malformed(what: &str) -> CredentialError {
    CredentialError::Malformed(what.to_owned())
}

impl Credential {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let days_after = |from: Date, to: Date| Item::Int(day_number(to) - day_number(from));
        let mut items = vec![
            Item::Int(PROFILE_VERSION),
            Item::Int(i64::from(self.kind.code)),
            Item::Int(i64::from(self.kind.revision)),
            Item::Int(i64::try_from(self.index).unwrap_or(i64::MAX)),
            Item::Int(i64::from(self.office.code)),
            Item::Int(day_number(self.issued)),
            days_after(self.issued, self.valid_from),
            self.valid_until.map_or(Item::Null, |until| days_after(self.valid_from, until)),
        ];
        items.extend(self.values.iter().map(encode_value));
        Item::Array(items).encode()
    }

    /// Reads a payload. Only the one encoding that [`Credential::encode`] writes is accepted.
    pub fn decode(payload: &[u8]) -> Result<Self, CredentialError> {
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(malformed("longer than a certificate can be"));
        }
        let item = Item::decode(payload)?;
        let items = item.as_array().ok_or_else(|| malformed("not an array"))?;
        let int = |at: usize| {
            items.get(at).and_then(Item::as_int).ok_or_else(|| malformed("a number is missing in the head"))
        };
        if int(0)? != PROFILE_VERSION {
            return Err(CredentialError::Newer(format!("profile {}", int(0)?)));
        }
        let small = |at| u16::try_from(int(at)?).map_err(|_| malformed("a code is out of range"));
        let (code, revision) = (small(1)?, small(2)?);
        let kind = types::by_code(code, revision)
            .ok_or_else(|| CredentialError::Newer(format!("certificate type {code} revision {revision}")))?;
        let index = u64::try_from(int(3)?).ok().filter(|n| *n <= INDEX_MAX);
        let office = small(4)?;
        let issued = day(int(5)?)?;
        let valid_from = match int(6)? {
            n @ 0..=40_000 => day(day_number(issued) + n)?,
            _ => return Err(malformed("valid before it was issued, or long after")),
        };
        let valid_until = match items.get(7) {
            Some(Item::Null) => None,
            Some(Item::Int(n @ 0..=40_000)) => Some(day(day_number(valid_from) + n)?),
            _ => return Err(malformed("no validity")),
        };
        let fields = items.get(8..).unwrap_or_default();
        if fields.len() != kind.fields.len() {
            return Err(malformed("the wrong number of fields"));
        }
        Ok(Self {
            kind,
            index: index.ok_or_else(|| malformed("an index out of range"))?,
            office: tables::offices()
                .by_code(office)
                .ok_or_else(|| CredentialError::Newer(format!("office {office}")))?,
            issued,
            valid_from,
            valid_until,
            values: kind
                .fields
                .iter()
                .zip(fields)
                .map(|(f, i)| decode_value(f, i))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The value of the field of this name.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.kind.fields.iter().position(|f| f.id == field).and_then(|i| self.values.get(i))
    }

    /// The number printed on the certificate; it follows from the credential and takes no space in it.
    #[must_use]
    pub fn number(&self) -> String {
        crate::number::write(self.kind, self.issued.year(), self.index)
    }
}

fn encode_value(value: &Value) -> Item {
    match value {
        Value::Text { en, hi: None } => encode_text(en),
        Value::Text { en, hi: Some(hi) } => Item::Array(vec![encode_text(en), encode_text(hi)]),
        Value::Day(d) => Item::Int(day_number(*d)),
        Value::Year(y) => Item::Int(i64::from(*y)),
        Value::Amount(n) => Item::Int(*n),
        Value::Code(row) => Item::Int(i64::from(row.code)),
        Value::Absent => Item::Null,
    }
}

/// UTF-8 unless SCSU is shorter.
fn encode_text(text: &str) -> Item {
    let scsu = crate::scsu::encode(text);
    if scsu.len() < text.len() { Item::Bytes(scsu) } else { Item::Text(text.to_owned()) }
}

fn decode_text(item: &Item) -> Result<String, CredentialError> {
    match item {
        // Of the two forms only the shorter one is written; plain English is as long in both.
        Item::Text(t) if t.is_ascii() || crate::scsu::encode(t).len() >= t.len() => Ok(t.clone()),
        Item::Bytes(b) => match crate::scsu::decode(b) {
            Ok(text) if b.len() < text.len() => Ok(text),
            Ok(_) => Err(malformed("another encoding exists")),
            Err(e) => Err(CredentialError::Malformed(e.to_string())),
        },
        Item::Text(_) => Err(malformed("another encoding exists")),
        _ => Err(malformed("a text is expected")),
    }
}

fn decode_value(field: &Field, item: &Item) -> Result<Value, CredentialError> {
    let wrong = || CredentialError::Malformed(format!("the field {} is of another kind", field.id));
    Ok(match (field.kind, item) {
        (_, Item::Null) if field.optional => Value::Absent,
        (Kind::Name | Kind::Text, Item::Array(both)) => {
            let [en, hi] = both.as_slice() else { return Err(wrong()) };
            Value::Text { en: decode_text(en)?, hi: Some(decode_text(hi)?) }
        }
        (Kind::Name | Kind::Text, item) => Value::Text { en: decode_text(item)?, hi: None },
        (Kind::Day, Item::Int(n)) => Value::Day(day(*n)?),
        (Kind::Year, Item::Int(n @ 1900..=9999)) => Value::Year(i16::try_from(*n).map_err(|_| wrong())?),
        (Kind::Amount, Item::Int(n @ 0..=AMOUNT_MAX)) => Value::Amount(*n),
        (Kind::Code, Item::Int(n)) => {
            let table = field.table.as_deref().and_then(tables::table).ok_or_else(wrong)?;
            let row = u16::try_from(*n).ok().and_then(|code| table.by_code(code));
            Value::Code(row.ok_or_else(|| CredentialError::Newer(format!("row {n} of {}", table.id)))?)
        }
        _ => return Err(wrong()),
    })
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01 (RFC 8943).
#[must_use]
pub fn day_number(day: Date) -> i64 {
    i64::from(EPOCH.until(day).map_or(0, |span| span.get_days()))
}

/// The day of a number; only years 1800 to 9999 occur on paper.
pub fn day(number: i64) -> Result<Date, CredentialError> {
    i32::try_from(number)
        .ok()
        .and_then(|n| EPOCH.checked_add(jiff::Span::new().try_days(n).ok()?).ok())
        .filter(|d| d.year() >= 1800)
        .ok_or_else(|| malformed("a day out of range"))
}
