//! The secure QR code that UIDAI prints on Aadhaar letters, cards and e-Aadhaar, checked without a network.
//!
//! It is one decimal number. Big-endian bytes of it are a gzip stream; unpacked, that is texts in
//! ISO-8859-1 which end with the byte 255, then a photograph, and in the last 256 bytes an RSA
//! signature (PKCS#1 v1.5, SHA-256) over everything before. Source: UIDAI, “User manual for QR Code
//! Reader”, 15-03-2019; since version 2 the texts begin with the version (`V2`, `V5` …).
//!
//! [`read`] is a pure function of the text and the certificates. It says what the paper says: that it is
//! genuine, not that whoever shows it is the person on it.

mod certificate;
mod der;
mod payload;

pub use certificate::{Certificate, Unfit};
use mohar_schemas::identity::Person;
use payload::Payload;

/// Why nobody's identity follows from a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The old code of before 2018: XML that nobody signed.
    #[error("the old Aadhaar code carries no signature")]
    Unsigned,
    /// It begins as it should and does not go on so.
    #[error("the Aadhaar code is damaged")]
    Damaged,
    /// None of the keys that we know signed this.
    #[error("the signature of the Aadhaar code is not by a key we know")]
    Forged,
    /// A key that we know signed it, at a time when it was not to sign.
    #[error("the Aadhaar code was signed outside the validity of the certificate")]
    OutOfTime,
}

/// Whether a scanned text is an Aadhaar code, signed or old.
#[must_use]
pub fn is_aadhaar(text: &str) -> bool {
    payload::is_old(text) || payload::packed(text).is_some()
}

/// Who a code is about, if one of the certificates' keys signed it while its certificate was valid.
///
/// The time that counts is the one in the signed reference: cards outlive the certificates of those who
/// signed them.
pub fn read(text: &str, certificates: &[Certificate]) -> Result<Person, Refusal> {
    if payload::is_old(text) {
        return Err(Refusal::Unsigned);
    }
    let bytes = payload::unpacked(text).ok_or(Refusal::Damaged)?;
    let payload = Payload::read(&bytes).ok_or(Refusal::Damaged)?;
    // The signature first: nothing that nobody signed is worth a closer look.
    let by = certificates.iter().filter(|c| c.signed(payload.signed, payload.signature));
    let mut by = by.peekable();
    by.peek().ok_or(Refusal::Forged)?;
    let said = payload.person().ok_or(Refusal::Damaged)?;
    if by.any(|c| c.valid_at(said.made_s)) { Ok(said.person) } else { Err(Refusal::OutOfTime) }
}
