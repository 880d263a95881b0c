//! The certificates of those who sign Aadhaar codes, as UIDAI publishes them.

use crate::der::{BIT_STRING, CONTEXT_0, INTEGER, OBJECT_ID, SEQUENCE, element, expect, time};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// rsaEncryption, 1.2.840.113549.1.1.1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];

/// Why a file gives no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is none in it.
    #[error("no X.509 certificate, as PEM or DER")]
    None,
    /// It is cut short, or something else.
    #[error("not a whole X.509 certificate with an RSA key")]
    Broken,
}

/// A key that signs, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// `RSAPublicKey` (RFC 8017, A.1.1).
    key: Vec<u8>,
    from_s: i64,
    until_s: i64,
}

impl Certificate {
    /// The certificates in a file, PEM or DER. Who signed them is not asked: whoever configures the file
    /// vouches for it.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, Unfit> {
        if file.first() == Some(&SEQUENCE) {
            return Ok(vec![Self::read(file).ok_or(Unfit::Broken)?]);
        }
        let all = CertificateDer::pem_slice_iter(file);
        let all: Result<Vec<_>, _> =
            all.map(|der| der.ok().and_then(|der| Self::read(&der)).ok_or(Unfit::Broken)).collect();
        all.and_then(|all| if all.is_empty() { Err(Unfit::None) } else { Ok(all) })
    }

    /// RFC 5280, 4.1.
    fn read(der: &[u8]) -> Option<Self> {
        let (certificate, _) = expect(der, SEQUENCE)?;
        let (mut rest, _) = expect(certificate, SEQUENCE)?;
        if let Some((_, behind)) = expect(rest, CONTEXT_0) {
            rest = behind;
        }
        // Serial number, algorithm, issuer.
        for tag in [INTEGER, SEQUENCE, SEQUENCE] {
            (_, rest) = expect(rest, tag)?;
        }
        let (validity, rest) = expect(rest, SEQUENCE)?;
        let (from_s, until) = time(validity)?;
        let (until_s, _) = time(until)?;
        // Subject.
        let (_, rest) = expect(rest, SEQUENCE)?;
        let (key_info, _) = expect(rest, SEQUENCE)?;
        let (algorithm, key) = expect(key_info, SEQUENCE)?;
        let (algorithm, _) = expect(algorithm, OBJECT_ID)?;
        let (key, _) = expect(key, BIT_STRING)?;
        let (unused, key) = key.split_first()?;
        let right = algorithm == RSA && *unused == 0 && element(key)?.0 == SEQUENCE;
        right.then(|| Self { key: key.to_vec(), from_s, until_s })
    }

    /// Whether its key signed this.
    pub(crate) fn signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.key).verify(bytes, signature).is_ok()
    }

    /// Whether it was to sign at a time, in seconds since 1970-01-01 UTC.
    pub(crate) fn valid_at(&self, at_s: i64) -> bool {
        (self.from_s..=self.until_s).contains(&at_s)
    }
}
