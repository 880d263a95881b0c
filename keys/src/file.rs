//! Key files: a private key encrypted under a passphrase (argon2id, then XChaCha20-Poly1305).

use crate::{MemoryKey, Signer};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::path::Path;
use zeroize::Zeroizing;

/// Memory the passphrase costs, in KiB (OWASP's first choice for argon2id is 46 MiB and one pass).
const MEMORY_KIB: u32 = 47_104;
const PASSES: u32 = 1;
const LANES: u32 = 1;

/// A key file as stored: JSON, numbers in hex.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    format: String,
    /// The public key, so that it can be read without the passphrase.
    pub public_key: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    secret: String,
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("key file {0}: {1}")]
    Io(String, std::io::Error),
    /// The file is not a key file.
    #[error("{0} is not a Mohar key file")]
    Format(String),
    /// The passphrase is wrong, or the file was altered.
    #[error("the passphrase does not open {0}, or the file was altered")]
    Passphrase(String),
}

/// Fills a buffer with unpredictable bytes; the operating system's generator outside tests.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);

/// A passphrase and what was last derived from it: the keys of one registry share a salt, so that
/// opening all of them costs one derivation.
pub struct Passphrase<'a> {
    text: &'a str,
    derived: RefCell<Option<Derived>>,
}

/// Salt, memory, passes, and the key they gave.
type Derived = ([u8; 16], u32, u32, Zeroizing<[u8; 32]>);

impl<'a> Passphrase<'a> {
    /// Nothing is derived yet.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, derived: RefCell::default() }
    }

    fn cipher(&self, salt: [u8; 16], memory_kib: u32, passes: u32) -> Option<XChaCha20Poly1305> {
        let mut derived = self.derived.borrow_mut();
        if let Some((.., key)) = derived.as_ref().filter(|d| (d.0, d.1, d.2) == (salt, memory_kib, passes)) {
            return XChaCha20Poly1305::new_from_slice(&**key).ok();
        }
        let params = Params::new(memory_kib, passes, LANES, Some(32)).ok()?;
        let mut key = Zeroizing::new([0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.text.as_bytes(), &salt, &mut *key)
            .ok()?;
        let cipher = XChaCha20Poly1305::new_from_slice(&*key).ok();
        *derived = Some((salt, memory_kib, passes, key));
        cipher
    }
}

/// Creates a key and writes its file, under the salt of another file of the registry or a new one.
/// Refuses to overwrite a file.
pub fn create(
    path: &Path,
    passphrase: &Passphrase<'_>,
    beside: Option<&Path>,
    random: Random<'_>,
) -> Result<MemoryKey, KeyFileError> {
    let mut secret = Zeroizing::new([0u8; 32]);
    let (mut salt, mut nonce) = ([0u8; 16], [0u8; 24]);
    random(&mut *secret);
    random(&mut salt);
    random(&mut nonce);
    if let Some(beside) = beside {
        salt = parts(&read(beside)?).ok_or_else(|| format_error(beside))?.1;
    }
    let key = MemoryKey::from_secret(&secret);
    let public_key = key.public_key();
    let cipher = passphrase.cipher(salt, MEMORY_KIB, PASSES).ok_or_else(|| format_error(path))?;
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: &*secret, aad: &public_key })
        .map_err(|_| format_error(path))?;
    let file = KeyFile {
        format: "mohar-key/1".into(),
        public_key: hex(&public_key),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: hex(&salt),
        nonce: hex(&nonce),
        secret: hex(&sealed),
    };
    let json = serde_json::to_string_pretty(&file).map_err(|_| format_error(path))?;
    write_private(path, json.as_bytes()).map_err(|e| io_error(path, e))?;
    Ok(key)
}

/// Opens a key file.
pub fn open(path: &Path, passphrase: &Passphrase<'_>) -> Result<MemoryKey, KeyFileError> {
    let file = read(path)?;
    let (public_key, salt, nonce, sealed) = parts(&file).ok_or_else(|| format_error(path))?;
    // A file cannot make us spend more than a gigabyte or ten passes on it.
    if file.format != "mohar-key/1" || file.memory_kib > 1 << 20 || file.passes > 10 {
        return Err(format_error(path));
    }
    let wrong = || KeyFileError::Passphrase(path.display().to_string());
    let cipher = passphrase.cipher(salt, file.memory_kib, file.passes).ok_or_else(|| format_error(path))?;
    let opened = cipher.decrypt(&XNonce::from(nonce), Payload { msg: &sealed, aad: &public_key });
    let secret = Zeroizing::new(opened.map_err(|_| wrong())?);
    let secret: Zeroizing<[u8; 32]> = Zeroizing::new(secret.as_slice().try_into().map_err(|_| wrong())?);
    let key = MemoryKey::from_secret(&secret);
    if key.public_key() == public_key { Ok(key) } else { Err(wrong()) }
}

fn read(path: &Path) -> Result<KeyFile, KeyFileError> {
    let json = std::fs::read(path).map_err(|e| io_error(path, e))?;
    serde_json::from_slice(&json).map_err(|_| format_error(path))
}

type Parts = ([u8; 32], [u8; 16], [u8; 24], Vec<u8>);

fn parts(file: &KeyFile) -> Option<Parts> {
    Some((
        unhex(&file.public_key)?.try_into().ok()?,
        unhex(&file.salt)?.try_into().ok()?,
        unhex(&file.nonce)?.try_into().ok()?,
        unhex(&file.secret)?,
    ))
}

/// Writes a new file that only its owner can read, whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn io_error(path: &Path, e: std::io::Error) -> KeyFileError {
    KeyFileError::Io(path.display().to_string(), e)
}

fn format_error(path: &Path) -> KeyFileError {
    KeyFileError::Format(path.display().to_string())
}

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// Hex as bytes.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}
