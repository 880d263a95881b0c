//! The key registry: a folder with the root key, the issuing keys and the signed trust list.
//!
//! ```text
//! root.key           private, encrypted; belongs offline
//! root.pub           its public key in hex; verifiers pin it
//! <kid>.key          an issuing or status key, private, encrypted
//! registry.cbor      the trust list as it is to be signed next
//! trust-list.cbor    the signed trust list, for everybody
//! ```

use crate::file::{self, KeyFileError, Passphrase, Random, hex};
use crate::{MemoryKey, SignError, Signer, sign1};
use jiff::civil::Date;
use mohar_schemas::cose::{Context, KeyId};
use mohar_schemas::trust::{KeyState, Role, TrustError, TrustList, TrustedKey};
use mohar_schemas::types;
use std::path::{Path, PathBuf};

/// How long a trust list is due to last: 30 days.
pub const TRUST_LIST_LASTS_S: i64 = 30 * 86_400;

/// Why the registry refuses.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A key file.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// The list.
    #[error(transparent)]
    List(#[from] TrustError),
    /// The signer.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A file.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// No such key.
    #[error("no key {0} in the registry; `mohar keys list` shows them")]
    NoKey(String),
    /// The key's state does not allow it.
    #[error("the key {0} is not active")]
    NotActive(String),
    /// The certificate type does not exist.
    #[error("there is no certificate type {0}")]
    NoType(String),
}

/// The registry in a folder.
#[derive(Debug)]
pub struct Registry {
    dir: PathBuf,
    /// The list as it stands.
    pub list: TrustList,
}

impl Registry {
    /// Creates the root key and an empty list.
    pub fn create(
        dir: &Path,
        passphrase: &Passphrase<'_>,
        random: Random<'_>,
    ) -> Result<Self, RegistryError> {
        std::fs::create_dir_all(dir).map_err(|e| RegistryError::Io(dir.display().to_string(), e))?;
        let root = file::create(&dir.join("root.key"), passphrase, None, random)?;
        let public = dir.join("root.pub");
        std::fs::write(&public, hex(&root.public_key()))
            .map_err(|e| RegistryError::Io(public.display().to_string(), e))?;
        let list =
            TrustList { version: 0, issued_at_s: 0, next_update_s: 0, keys: vec![], digests: digests() };
        let registry = Self { dir: dir.to_owned(), list };
        registry.save()?;
        Ok(registry)
    }

    /// Opens the registry in a folder.
    pub fn open(dir: &Path) -> Result<Self, RegistryError> {
        let path = dir.join("registry.cbor");
        let bytes = std::fs::read(&path).map_err(|e| RegistryError::Io(path.display().to_string(), e))?;
        Ok(Self { dir: dir.to_owned(), list: TrustList::decode(&bytes)? })
    }

    /// Adds a key for a department; `types` are ids of certificate types.
    pub fn add(
        &mut self,
        (department, role): (&str, Role),
        type_ids: &[String],
        today: Date,
        passphrase: &Passphrase<'_>,
        random: Random<'_>,
    ) -> Result<KeyId, RegistryError> {
        let code =
            |id: &String| types::by_id(id).map(|t| t.code).ok_or_else(|| RegistryError::NoType(id.clone()));
        let types = type_ids.iter().map(code).collect::<Result<_, _>>()?;
        let new = self.dir.join("new.key");
        let public_key =
            file::create(&new, passphrase, Some(&self.dir.join("root.key")), random)?.public_key();
        let key = TrustedKey {
            public_key,
            role,
            department: department.to_owned(),
            types,
            signs_from: today,
            signs_until: None,
            state: KeyState::Active,
        };
        let kid = key.kid();
        let path = self.key_path(kid);
        std::fs::rename(&new, &path).map_err(|e| RegistryError::Io(path.display().to_string(), e))?;
        self.list.keys.push(key);
        self.save()?;
        Ok(kid)
    }

    /// Makes a new key with the duties of an active one, which is retired from today.
    pub fn rotate(
        &mut self,
        kid: KeyId,
        today: Date,
        passphrase: &Passphrase<'_>,
        random: Random<'_>,
    ) -> Result<KeyId, RegistryError> {
        let old = self.active(kid)?.clone();
        let ids: Vec<_> =
            types::all().iter().filter(|t| old.types.contains(&t.code)).map(|t| t.id.clone()).collect();
        let new = self.add((&old.department, old.role), &ids, today, passphrase, random)?;
        self.retire(kid, today)?;
        Ok(new)
    }

    /// Ends a key's signing; what it signed stays good.
    pub fn retire(&mut self, kid: KeyId, today: Date) -> Result<(), RegistryError> {
        let key = self.active(kid)?;
        (key.state, key.signs_until) = (KeyState::Retired, Some(today));
        self.save()
    }

    /// Marks a key as known to somebody else; certificates from `from_index` on are refused.
    pub fn compromise(&mut self, kid: KeyId, from_index: u64) -> Result<(), RegistryError> {
        let key = self.list.keys.iter_mut().find(|k| k.kid() == kid);
        key.ok_or_else(|| RegistryError::NoKey(hex(&kid)))?.state = KeyState::Compromised { from_index };
        self.save()
    }

    /// Signs the list with the root key and writes `trust-list.cbor`.
    pub fn publish(&mut self, passphrase: &Passphrase<'_>, now_s: i64) -> Result<Vec<u8>, RegistryError> {
        let root = file::open(&self.dir.join("root.key"), passphrase)?;
        self.list.version += 1;
        self.list.issued_at_s = now_s;
        self.list.next_update_s = now_s + TRUST_LIST_LASTS_S;
        self.list.digests = digests();
        let signed = sign1(&root, Context::TrustList, &self.list.encode())?;
        self.save()?;
        self.write("trust-list.cbor", &signed)?;
        Ok(signed)
    }

    /// The active key of a department and role, opened.
    pub fn signer(
        &self,
        department: &str,
        role: Role,
        passphrase: &Passphrase<'_>,
    ) -> Result<MemoryKey, RegistryError> {
        let active =
            |k: &&TrustedKey| k.department == department && k.role == role && k.state == KeyState::Active;
        let key = self.list.keys.iter().rev().find(active);
        let kid = key.ok_or_else(|| RegistryError::NoKey(department.to_owned()))?.kid();
        Ok(file::open(&self.key_path(kid), passphrase)?)
    }

    /// The root's public key, which verifiers pin.
    pub fn root(&self, passphrase: &Passphrase<'_>) -> Result<[u8; 32], RegistryError> {
        Ok(file::open(&self.dir.join("root.key"), passphrase)?.public_key())
    }

    fn active(&mut self, kid: KeyId) -> Result<&mut TrustedKey, RegistryError> {
        let key = self.list.keys.iter_mut().find(|k| k.kid() == kid);
        let key = key.ok_or_else(|| RegistryError::NoKey(hex(&kid)))?;
        if key.state == KeyState::Active { Ok(key) } else { Err(RegistryError::NotActive(hex(&kid))) }
    }

    fn key_path(&self, kid: KeyId) -> PathBuf {
        self.dir.join(format!("{}.key", hex(&kid)))
    }

    fn save(&self) -> Result<(), RegistryError> {
        self.write("registry.cbor", &self.list.encode())
    }

    /// Whole or not at all: a crash leaves the old file.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RegistryError> {
        let (path, part) = (self.dir.join(name), self.dir.join(format!("{name}.part")));
        std::fs::write(&part, bytes)
            .and_then(|()| std::fs::File::open(&part)?.sync_all())
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(|e| RegistryError::Io(path.display().to_string(), e))
    }
}

/// Digests of every published type and of each table, which the root signs with the keys.
#[must_use]
pub fn digests() -> Vec<(String, [u8; 32])> {
    let types = types::all().iter().map(|t| (format!("type/{}/{}", t.id, t.revision), types::digest(t)));
    let tables = mohar_schemas::tables::all().iter().map(|t| {
        let json = serde_json::to_vec(t).unwrap_or_default();
        (format!("table/{}", t.id), mohar_schemas::sha256(&json))
    });
    types.chain(tables).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_rotated_retired_and_the_list_grows() {
        let dir = std::env::temp_dir().join(format!("mohar-keys-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let right = Passphrase::new("right");
        let mut next = 0u8;
        let mut random = |buffer: &mut [u8]| {
            next += 1;
            buffer.fill(next);
        };
        let today = jiff::civil::date(2026, 11, 24);
        let mut r = Registry::create(&dir, &right, &mut random).unwrap();
        let first =
            r.add(("revenue", Role::Certificates), &["income".into()], today, &right, &mut random).unwrap();
        let second = r.rotate(first, today, &right, &mut random).unwrap();
        assert!(matches!(r.retire(first, today), Err(RegistryError::NotActive(_))));
        r.compromise(first, 7).unwrap();
        r.publish(&right, 1_000).unwrap();
        let again = Registry::open(&dir).unwrap();
        assert_eq!(again.list, r.list);
        assert_eq!(again.list.version, 1);
        assert_eq!(again.signer("revenue", Role::Certificates, &right).unwrap().kid(), second);
        assert!(matches!(
            again.signer("revenue", Role::Certificates, &Passphrase::new("wrong")),
            Err(RegistryError::Key(KeyFileError::Passphrase(_)))
        ));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
