//! The trust list, opened: its keys ready to verify with.

use ed25519_dalek::VerifyingKey;
use mohar_schemas::cose::KeyId;
use mohar_schemas::trust::{Role, TrustList, TrustedKey};

/// A trust list that may be relied on. Each key is unpacked once, not for every certificate.
#[derive(Debug, Clone)]
pub struct Trust {
    /// What it says.
    pub list: TrustList,
    /// Beside each key of the list: its id, and the point, unless the bytes are none.
    keys: Vec<(KeyId, Option<VerifyingKey>)>,
}

impl Trust {
    /// Relies on a list. Whose signature has been checked, or whose maker is the caller.
    #[must_use]
    pub fn new(list: TrustList) -> Self {
        let key = |k: &TrustedKey| (k.kid(), VerifyingKey::from_bytes(&k.public_key).ok());
        let keys = list.keys.iter().map(key).collect();
        Self { list, keys }
    }

    /// The keys of a role that share a key id.
    pub(crate) fn keys_of(
        &self,
        role: Role,
        kid: KeyId,
    ) -> impl Iterator<Item = (&TrustedKey, Option<&VerifyingKey>)> {
        let both = self.list.keys.iter().zip(&self.keys);
        both.filter(move |(k, (id, _))| k.role == role && *id == kid).map(|(k, (_, key))| (k, key.as_ref()))
    }
}
