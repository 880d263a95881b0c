//! The trust list: which keys may sign what, signed by the offline root key (credential.md §9).

use crate::cbor::{CborError, Item};
use crate::cose::{KeyId, key_id};
use crate::credential::{day, day_number};
use jiff::civil::Date;

/// A trust list longer than this is refused unread.
pub const TRUST_LIST_BYTES_MAX: usize = 1 << 20;

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Certificates.
    Certificates,
    /// Status lists.
    StatusLists,
}

/// Whether a key is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It signs.
    Active,
    /// It signs no more; what it signed stays good.
    Retired,
    /// Somebody else may hold it. What is in the ledger before the index stays good.
    Compromised {
        /// The first index that is not trusted.
        from_index: u64,
    },
}

/// A key of the trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Ed25519 public key.
    pub public_key: [u8; 32],
    /// What it may sign.
    pub role: Role,
    /// The department it belongs to.
    pub department: String,
    /// Codes of the certificate types it may sign.
    pub types: Vec<u16>,
    /// The first day it signs.
    pub signs_from: Date,
    /// The last day it signs; none: no end is set.
    pub signs_until: Option<Date>,
    /// Whether it is in use.
    pub state: KeyState,
}

impl TrustedKey {
    /// Its short id.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        key_id(&self.public_key)
    }
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    /// Counts up; a verifier never goes back.
    pub version: u64,
    /// When it was signed, in seconds since 1970-01-01 UTC.
    pub issued_at_s: i64,
    /// When a newer one is due; later than that a verifier warns.
    pub next_update_s: i64,
    /// The keys.
    pub keys: Vec<TrustedKey>,
    /// Names and SHA-256 digests of the published types and tables.
    pub digests: Vec<(String, [u8; 32])>,
}

/// Why bytes are not a trust list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// Not CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR of another shape.
    #[error("not a trust list of version 1: {0}")]
    Shape(&'static str),
}

impl TrustList {
    /// The payload that the root signs.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let keys = self.keys.iter().map(encode_key).collect();
        let digests = self.digests.iter();
        let digests = digests.map(|(n, d)| Item::Array(vec![Item::Text(n.clone()), Item::Bytes(d.to_vec())]));
        Item::Array(vec![
            Item::Int(1),
            Item::Int(i64::try_from(self.version).unwrap_or(i64::MAX)),
            Item::Int(self.issued_at_s),
            Item::Int(self.next_update_s),
            Item::Array(keys),
            Item::Array(digests.collect()),
        ])
        .encode()
    }

    /// Reads a payload whose signature has been checked.
    pub fn decode(payload: &[u8]) -> Result<Self, TrustError> {
        let shape = || TrustError::Shape("the head");
        let item = Item::decode(payload)?;
        let Some([Item::Int(1), Item::Int(version), issued, next, keys, digests]) = item.as_array() else {
            return Err(shape());
        };
        let digest = |item: &Item| match item.as_array() {
            Some([Item::Text(name), Item::Bytes(bytes)]) => {
                Ok((name.clone(), bytes.as_slice().try_into().map_err(|_| TrustError::Shape("a digest"))?))
            }
            _ => Err(TrustError::Shape("a digest")),
        };
        Ok(Self {
            version: u64::try_from(*version).map_err(|_| shape())?,
            issued_at_s: issued.as_int().ok_or_else(shape)?,
            next_update_s: next.as_int().ok_or_else(shape)?,
            keys: keys.as_array().ok_or_else(shape)?.iter().map(decode_key).collect::<Result<_, _>>()?,
            digests: digests.as_array().ok_or_else(shape)?.iter().map(digest).collect::<Result<_, _>>()?,
        })
    }
}

fn encode_key(key: &TrustedKey) -> Item {
    let (state, from_index) = match key.state {
        KeyState::Active => (0, Item::Null),
        KeyState::Retired => (1, Item::Null),
        KeyState::Compromised { from_index } => (2, Item::Int(i64::try_from(from_index).unwrap_or(i64::MAX))),
    };
    Item::Array(vec![
        Item::Bytes(key.public_key.to_vec()),
        Item::Int(i64::from(key.role == Role::StatusLists)),
        Item::Text(key.department.clone()),
        Item::Array(key.types.iter().map(|t| Item::Int(i64::from(*t))).collect()),
        Item::Int(day_number(key.signs_from)),
        key.signs_until.map_or(Item::Null, |d| Item::Int(day_number(d))),
        Item::Int(state),
        from_index,
    ])
}

fn decode_key(item: &Item) -> Result<TrustedKey, TrustError> {
    let shape = || TrustError::Shape("a key");
    let Some([public_key, role, department, types, from, until, state, index]) = item.as_array() else {
        return Err(shape());
    };
    let to_day = |item: &Item| item.as_int().and_then(|n| day(n).ok()).ok_or_else(shape);
    let to_code = |item: &Item| item.as_int().and_then(|n| u16::try_from(n).ok()).ok_or_else(shape);
    Ok(TrustedKey {
        public_key: public_key.as_bytes().and_then(|b| b.try_into().ok()).ok_or_else(shape)?,
        role: match role.as_int() {
            Some(0) => Role::Certificates,
            Some(1) => Role::StatusLists,
            _ => return Err(shape()),
        },
        department: department.as_text().ok_or_else(shape)?.to_owned(),
        types: types.as_array().ok_or_else(shape)?.iter().map(to_code).collect::<Result<_, _>>()?,
        signs_from: to_day(from)?,
        signs_until: if *until == Item::Null { None } else { Some(to_day(until)?) },
        state: match (state.as_int(), index) {
            (Some(0), Item::Null) => KeyState::Active,
            (Some(1), Item::Null) => KeyState::Retired,
            (Some(2), Item::Int(n)) => {
                KeyState::Compromised { from_index: u64::try_from(*n).map_err(|_| shape())? }
            }
            _ => return Err(shape()),
        },
    })
}
