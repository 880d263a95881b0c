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
        let key = |k: &TrustedKey| (k.kid(), verifying_key(&k.public_key));
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

/// The point of a public key, unless the bytes are no canonical encoding: the library reads others, too.
pub(crate) fn verifying_key(bytes: &[u8; 32]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    (key.to_edwards().compress().as_bytes() == bytes).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// y and y plus the prime 2^255 - 19 are the same number, written twice.
    #[test]
    fn a_key_has_one_encoding() {
        let second = |y: u8| {
            let mut bytes = [0xff; 32];
            (bytes[0], bytes[31]) = (0xed + y, 0x7f);
            bytes
        };
        let read: Vec<_> = (0..19).filter(|y| VerifyingKey::from_bytes(&second(*y)).is_ok()).collect();
        assert!(read.len() > 2, "the library reads some");
        assert!(read.iter().all(|y| verifying_key(&second(*y)).is_none()));
        let first = |y: u8| std::array::from_fn(|i| if i == 0 { y } else { 0 });
        assert!(read.iter().all(|y| verifying_key(&first(*y)).is_some()));
    }
}
