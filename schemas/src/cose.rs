//! `COSE_Sign1` (RFC 9052 §4.2) with Ed25519, in the one form the profile allows (credential.md §4).

use crate::cbor::{CborError, Item};
use minicbor::{Decoder, Encoder};

/// What a signature is for. It is part of what is signed, so that no signature made for one
/// purpose can be passed off as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// A certificate.
    Certificate,
    /// The trust list.
    TrustList,
    /// A status list token: no extra data, as the IETF draft has it; its `typ` header sets it apart.
    StatusList,
    /// A status snapshot.
    Snapshot,
    /// A status delta.
    Delta,
    /// The report of a bulk check.
    BulkReport,
}

impl Context {
    /// The `external_aad` of the `Sig_structure`.
    #[must_use]
    pub fn external_aad(self) -> &'static [u8] {
        match self {
            Self::Certificate => b"mohar/certificate/1",
            Self::TrustList => b"mohar/trust-list/1",
            Self::StatusList => b"",
            Self::Snapshot => b"mohar/status-snapshot/1",
            Self::Delta => b"mohar/status-delta/1",
            Self::BulkReport => b"mohar/bulk-report/1",
        }
    }

    /// The protected header; the key id stands at [`KEY_ID`] in each.
    fn protected(self, kid: KeyId) -> Vec<u8> {
        let mut entries = vec![(Item::Int(1), Item::Int(-8)), (Item::Int(4), Item::Bytes(kid.to_vec()))];
        if self == Self::StatusList {
            entries.push((Item::Int(16), Item::Text("application/statuslist+cwt".into())));
        }
        Item::Map(entries).encode()
    }

    /// Tag 18 is left out where every byte counts.
    fn tag(self) -> &'static [u8] {
        if self == Self::StatusList { &[0xd2] } else { &[] }
    }
}

/// Where the key id stands in the protected header: after the map's head, `1: -8` and `4:` with the
/// head of four bytes.
const KEY_ID: std::ops::Range<usize> = 5..9;

/// The first four bytes of the SHA-256 of the public key. A hint, not an identity: a verifier
/// tries every key that shares it.
pub type KeyId = [u8; 4];

/// The key id of a public key.
#[must_use]
pub fn key_id(public_key: &[u8; 32]) -> KeyId {
    let hash = crate::sha256(public_key);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// The bytes are not a `COSE_Sign1` of this profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// Not CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR, but not the structure.
    #[error("not a COSE_Sign1 of this profile: {0}")]
    Shape(&'static str),
}

/// A parsed message whose signature nobody has checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign1 {
    /// Which key claims to have signed.
    pub kid: KeyId,
    /// What is signed.
    pub payload: Vec<u8>,
    /// The claimed signature.
    pub signature: [u8; 64],
    /// The exact bytes the signature covers.
    pub to_be_signed: Vec<u8>,
}

/// The bytes a signature covers: the `Sig_structure` of RFC 9052 §4.4.
#[must_use]
pub fn to_be_signed(context: Context, kid: KeyId, payload: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::with_capacity(payload.len() + 96));
    // Writing to a Vec cannot fail: its error type is uninhabited.
    let _ = encoder
        .array(4)
        .and_then(|e| e.str("Signature1"))
        .and_then(|e| e.bytes(&context.protected(kid)))
        .and_then(|e| e.bytes(context.external_aad()))
        .and_then(|e| e.bytes(payload));
    encoder.into_writer()
}

/// Puts a finished signature around its payload.
#[must_use]
pub fn assemble(context: Context, kid: KeyId, payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + 128);
    out.extend_from_slice(context.tag());
    let mut encoder = Encoder::new(out);
    // As above.
    let _ = encoder
        .array(4)
        .and_then(|e| e.bytes(&context.protected(kid)))
        .and_then(|e| e.map(0))
        .and_then(|e| e.bytes(payload))
        .and_then(|e| e.bytes(signature));
    encoder.into_writer()
}

/// Takes a message apart. The signature is not checked here.
pub fn parse(context: Context, bytes: &[u8]) -> Result<Sign1, CoseError> {
    let body = bytes.strip_prefix(context.tag()).ok_or(CoseError::Shape("tag 18 is missing"))?;
    let cbor = |e: minicbor::decode::Error| CoseError::Cbor(CborError(e.to_string()));
    let mut decoder = Decoder::new(body);
    if decoder.array().map_err(cbor)? != Some(4) {
        return Err(CoseError::Shape("four elements are expected"));
    }
    let protected = decoder.bytes().map_err(cbor)?;
    if decoder.map().map_err(cbor)? != Some(0) {
        return Err(CoseError::Shape("the unprotected header must be empty"));
    }
    let payload = decoder.bytes().map_err(cbor)?;
    let signature = decoder.bytes().map_err(cbor)?;
    let signature = signature.try_into().map_err(|_| CoseError::Shape("the signature is not 64 bytes"))?;
    let kid = protected.get(KEY_ID).and_then(|b| b.try_into().ok());
    let kid = kid.ok_or(CoseError::Shape("the protected header is not the profile's"))?;
    // One message has one encoding: another header, longer heads or bytes behind it are not ours.
    if assemble(context, kid, payload, &signature) != bytes {
        return Err(CoseError::Shape("another encoding exists, or the header is not the profile's"));
    }
    Ok(Sign1 { kid, payload: payload.to_vec(), signature, to_be_signed: to_be_signed(context, kid, payload) })
}
