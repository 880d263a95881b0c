//! Signing keys. A private key exists only in this crate; the rest of the system holds a [`Signer`].
//!
//! A hardware module implements [`Signer`] and nothing else changes.

pub mod file;
pub mod registry;

use ed25519_dalek::Signer as _;
use mohar_schemas::cose::{self, Context, KeyId};

/// Something that signs with one Ed25519 key.
pub trait Signer: Send + Sync {
    /// Its public key.
    fn public_key(&self) -> [u8; 32];
    /// Signs a message (RFC 8032: the same message gives the same signature).
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
    /// The short id of its key.
    fn kid(&self) -> KeyId {
        cose::key_id(&self.public_key())
    }
}

/// The signer did not sign.
#[derive(Debug, thiserror::Error)]
#[error("the signing device did not sign: {0}")]
pub struct SignError(pub String);

/// Signs a payload and puts the message together.
pub fn sign1(signer: &dyn Signer, context: Context, payload: &[u8]) -> Result<Vec<u8>, SignError> {
    let kid = signer.kid();
    let signature = signer.sign(&cose::to_be_signed(context, kid, payload))?;
    Ok(cose::assemble(context, kid, payload, &signature))
}

/// A key held in memory; zeroised when dropped.
pub struct MemoryKey(ed25519_dalek::SigningKey);

impl MemoryKey {
    /// The key of a 32-byte secret.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret))
    }
}

impl std::fmt::Debug for MemoryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryKey({:02x?})", self.kid())
    }
}

impl Signer for MemoryKey {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.sign(message).to_bytes())
    }
}
