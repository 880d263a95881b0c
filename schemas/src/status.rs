//! The status list: an IETF Token Status List as CWT, two bits a certificate (credential.md §10;
//! draft-ietf-oauth-status-list), with the reasons beside it in a claim of our own.

use crate::cbor::{CborError, Item};
use crate::credential::{day, day_number};
use jiff::civil::Date;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// Certificates in one list: index `i` is entry `i % LIST_SIZE` of list `i / LIST_SIZE`.
pub const LIST_SIZE: u64 = 1 << 17;
/// A token longer than this is refused unread.
pub const TOKEN_BYTES_MAX: usize = 4 << 20;
/// A list unpacks to at most this (8 bits for each of 2^20 entries, as in the draft's vectors).
const LIST_BYTES_MAX: usize = 1 << 20;
/// Our private claim: `[number of issued entries, [[entry, day, reason, superseding index], …]]`.
const CLAIM_DETAILS: i64 = -65_537;

/// The status of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing is known against it.
    Valid = 0,
    /// Withdrawn for good.
    Revoked = 1,
    /// Withdrawn for now.
    Suspended = 2,
    /// Replaced by another certificate.
    Superseded = 3,
}

impl Status {
    /// The status of a two-bit value.
    #[must_use]
    pub fn of(bits: u8) -> Self {
        match bits & 3 {
            1 => Self::Revoked,
            2 => Self::Suspended,
            3 => Self::Superseded,
            _ => Self::Valid,
        }
    }

    /// Its name in the API.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
        }
    }

    /// Whether it may be followed by another: revoked and superseded are final, a suspension may end
    /// either way.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Valid, Self::Revoked | Self::Suspended | Self::Superseded)
                | (Self::Suspended, Self::Valid | Self::Revoked | Self::Superseded)
        )
    }

    /// The status of a name.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        [Self::Valid, Self::Revoked, Self::Suspended, Self::Superseded].into_iter().find(|s| s.id() == id)
    }
}

/// Why a certificate is not valid any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Its index in the ledger.
    pub index: u64,
    /// Since when.
    pub since: Date,
    /// Code of a row of the table `status-reasons`.
    pub reason: u16,
    /// The certificate that replaces it.
    pub superseded_by: Option<u64>,
}

/// One list, before it is signed or after its signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Its stable address.
    pub uri: String,
    /// Which list it is.
    pub number: u64,
    /// When it was signed, in seconds since 1970-01-01 UTC.
    pub issued_at_s: i64,
    /// Until when it counts as fresh.
    pub expires_at_s: i64,
    /// How many certificates of this list were issued when it was signed.
    pub issued: u64,
    /// The packed entries.
    bits: Packed,
    /// What is known of those that are not valid.
    pub details: Vec<Detail>,
}

/// Entries of 1, 2, 4 or 8 bits, the first in the lowest bits of the first byte (draft §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    width: u8,
    bytes: Vec<u8>,
}

impl Packed {
    /// `entries` of `width` bits (1, 2, 4 or 8).
    #[must_use]
    pub fn of(width: u8, entries: impl IntoIterator<Item = u8>) -> Self {
        let per_byte = usize::from(8 / width);
        let mut bytes = Vec::new();
        for (i, entry) in entries.into_iter().enumerate() {
            if i % per_byte == 0 {
                bytes.push(0);
            }
            if let Some(last) = bytes.last_mut() {
                *last |= entry << (width * u8::try_from(i % per_byte).unwrap_or(0));
            }
        }
        Self { width, bytes }
    }

    /// Unpacks the `lst` of a status list.
    pub fn inflate(width: i64, zlib: &[u8]) -> Result<Self, StatusError> {
        if ![1, 2, 4, 8].contains(&width) {
            return Err(StatusError::Shape("bits must be 1, 2, 4 or 8"));
        }
        let bytes = decompress_to_vec_zlib_with_limit(zlib, LIST_BYTES_MAX)
            .map_err(|_| StatusError::Shape("the list does not unpack, or is too large"))?;
        Ok(Self { width: u8::try_from(width).unwrap_or(8), bytes })
    }

    /// The `lst` of a status list: zlib (RFC 1950).
    #[must_use]
    pub fn deflate(&self) -> Vec<u8> {
        compress_to_vec_zlib(&self.bytes, 9)
    }

    /// Sets bits of an entry that are still zero; nothing where the list does not reach that far.
    fn set(&mut self, at: u64, entry: u8) {
        let per_byte = u64::from(8 / self.width);
        let byte = usize::try_from(at / per_byte).ok().and_then(|byte| self.bytes.get_mut(byte));
        if let Some(byte) = byte {
            *byte |= entry << (u64::from(self.width) * (at % per_byte));
        }
    }

    /// The entry at a place, if the list reaches that far.
    #[must_use]
    pub fn get(&self, at: u64) -> Option<u8> {
        let per_byte = u64::from(8 / self.width);
        let byte = self.bytes.get(usize::try_from(at / per_byte).ok()?)?;
        let mask = u8::MAX >> (8 - self.width);
        Some(byte >> (u64::from(self.width) * (at % per_byte)) & mask)
    }
}

/// Why bytes are not a status list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// Not CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR of another shape.
    #[error("not a status list: {0}")]
    Shape(&'static str),
}

impl StatusList {
    /// Builds list `number` at `uri` for `issued` certificates, of which `marked` are not valid.
    #[must_use]
    pub fn build(
        uri: String,
        number: u64,
        (issued_at_s, expires_at_s): (i64, i64),
        issued: u64,
        marked: Vec<(Status, Detail)>,
    ) -> Self {
        let mut entries = vec![0u8; usize::try_from(issued.min(LIST_SIZE)).unwrap_or(0)];
        for (status, detail) in &marked {
            if let Some(entry) = entries.get_mut(usize::try_from(detail.index % LIST_SIZE).unwrap_or(0)) {
                *entry = *status as u8;
            }
        }
        let details = marked.into_iter().map(|(_, d)| d).collect();
        Self { uri, number, issued_at_s, expires_at_s, issued, bits: Packed::of(2, entries), details }
    }

    /// A list of which only the statuses are known, not the reasons.
    #[must_use]
    pub fn bare(
        number: u64,
        (issued_at_s, expires_at_s): (i64, i64),
        issued: u64,
        marked: impl IntoIterator<Item = (u64, Status)>,
    ) -> Self {
        let mut list = Self::build(String::new(), number, (issued_at_s, expires_at_s), issued, vec![]);
        for (index, status) in marked {
            list.bits.set(index % LIST_SIZE, status as u8);
        }
        list
    }

    /// The status of an index; none where the list does not reach: it was made earlier.
    #[must_use]
    pub fn status(&self, index: u64) -> Option<Status> {
        let entry = index % LIST_SIZE;
        (index / LIST_SIZE == self.number && entry < self.issued)
            .then(|| self.bits.get(entry))?
            .map(Status::of)
    }

    /// What is known of an index that is not valid.
    #[must_use]
    pub fn detail(&self, index: u64) -> Option<&Detail> {
        self.details.iter().find(|d| d.index == index)
    }

    /// The CWT claims that are signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let list = Item::Map(vec![
            (Item::Text("bits".into()), Item::Int(2)),
            (Item::Text("lst".into()), Item::Bytes(self.bits.deflate())),
        ]);
        let details = self.details.iter().map(|d| {
            let by = d.superseded_by.map_or(Item::Null, |n| Item::Int(n.cast_signed()));
            let entry = Item::Int((d.index % LIST_SIZE).cast_signed());
            Item::Array(vec![entry, Item::Int(day_number(d.since)), Item::Int(i64::from(d.reason)), by])
        });
        Item::Map(vec![
            (Item::Int(2), Item::Text(self.uri.clone())),
            (Item::Int(4), Item::Int(self.expires_at_s)),
            (Item::Int(6), Item::Int(self.issued_at_s)),
            (Item::Int(65_533), list),
            (Item::Int(65_534), Item::Int(60)),
            (
                Item::Int(CLAIM_DETAILS),
                Item::Array(vec![Item::Int(self.issued.cast_signed()), Item::Array(details.collect())]),
            ),
        ])
        .encode()
    }

    /// Reads claims whose signature has been checked. The list's number is the last part of its address.
    pub fn decode(payload: &[u8]) -> Result<Self, StatusError> {
        let missing = || StatusError::Shape("a claim is missing");
        let item = Item::decode(payload)?;
        let claim = |key| item.get(key).ok_or_else(missing);
        let uri = claim(2)?.as_text().ok_or_else(missing)?.to_owned();
        let digits = uri.rsplit_once('/').map(|(_, n)| n).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let number = digits.and_then(|n| n.parse().ok());
        let number: u64 = number.ok_or(StatusError::Shape("the address does not end in a number"))?;
        let list = claim(65_533)?;
        let width = list.get_text("bits").and_then(Item::as_int).ok_or_else(missing)?;
        let zlib = list.get_text("lst").and_then(Item::as_bytes).ok_or_else(missing)?;
        let Some([Item::Int(issued), Item::Array(details)]) = claim(CLAIM_DETAILS)?.as_array() else {
            return Err(missing());
        };
        if width != 2 || number > 1 << 40 {
            return Err(StatusError::Shape("two bits a certificate are expected"));
        }
        let first = number * LIST_SIZE;
        Ok(Self {
            number,
            issued_at_s: claim(6)?.as_int().ok_or_else(missing)?,
            expires_at_s: claim(4)?.as_int().ok_or_else(missing)?,
            issued: u64::try_from(*issued).map_err(|_| missing())?,
            bits: Packed::inflate(width, zlib)?,
            details: details.iter().map(|d| decode_detail(d, first)).collect::<Result<_, _>>()?,
            uri,
        })
    }
}

fn decode_detail(item: &Item, first: u64) -> Result<Detail, StatusError> {
    let shape = || StatusError::Shape("a detail");
    let Some([Item::Int(entry), Item::Int(since), Item::Int(reason), by]) = item.as_array() else {
        return Err(shape());
    };
    Ok(Detail {
        index: first + u64::try_from(*entry).ok().filter(|e| *e < LIST_SIZE).ok_or_else(shape)?,
        since: day(*since).map_err(|_| shape())?,
        reason: u16::try_from(*reason).map_err(|_| shape())?,
        superseded_by: match by {
            Item::Null => None,
            by => Some(by.as_int().and_then(|n| u64::try_from(n).ok()).ok_or_else(shape)?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back() {
        let detail = Detail {
            index: LIST_SIZE + 5,
            since: jiff::civil::date(2026, 1, 2),
            reason: 3,
            superseded_by: None,
        };
        let list = StatusList::build(
            "https://x/v1/status-lists/1".into(),
            1,
            (10, 20),
            9,
            vec![(Status::Suspended, detail)],
        );
        let back = StatusList::decode(&list.encode()).unwrap();
        assert_eq!(back, list);
        assert_eq!(back.status(LIST_SIZE + 5), Some(Status::Suspended));
        assert_eq!(back.status(LIST_SIZE + 8), Some(Status::Valid));
        assert_eq!(back.status(LIST_SIZE + 9), None, "not issued when the list was made");
        assert_eq!(back.status(5), None, "another list");
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = compress_to_vec_zlib(&vec![0; LIST_BYTES_MAX + 1], 9);
        assert!(Packed::inflate(2, &bomb).is_err());
    }
}
