//! The shared language of Mohar: what a certificate says, how it is written down, and the lists
//! that let anyone check it. Pure: no clock, no file, no network.
//!
//! `credential.md` beside this crate is normative; each module names the section it implements.
//!
//! To add a certificate type: write `types/<id>.toml` and run the tests with `UPDATE=1` to lock its
//! digest. To add a code: append a row to its table. To add a service: write `services/<id>.toml`;
//! to add a scheme: `schemes/<id>.toml`.

pub mod bulk;
pub mod catalogue;
pub mod cbor;
pub mod charges;
pub mod checker;
pub mod consent;
pub mod cose;
pub mod credential;
pub mod data;
pub mod digits;
pub mod entry;
pub mod form;
pub mod identity;
pub mod number;
pub mod picture;
pub mod place;
pub mod purpose;
pub mod qr;
pub mod scheme;
pub mod scsu;
pub mod service;
pub mod snapshot;
pub mod status;
pub mod tables;
pub mod trust;
pub mod types;
pub mod verdict;
pub mod words;
pub mod workflow;

use sha2::{Digest, Sha256};

/// SHA-256 of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
