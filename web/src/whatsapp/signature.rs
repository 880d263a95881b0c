//! `X-Hub-Signature-256`: HMAC-SHA256 of the raw bytes under the app's secret.

use hmac::{Hmac, KeyInit, Mac};
use mohar_keys::file::{hex, unhex};
use sha2::Sha256;

/// The header's name.
pub const HEADER: &str = "x-hub-signature-256";

fn mac(secret: &str, body: &[u8]) -> Hmac<Sha256> {
    // Unwrap safety: a key of any length is taken.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    mac
}

/// What the header says of a body.
pub fn sign(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex(&mac(secret, body).finalize().into_bytes()))
}

/// Whether the header belongs to exactly these bytes; compared in constant time.
pub fn is_signed(secret: &str, header: Option<&str>, body: &[u8]) -> bool {
    let tag = header.and_then(|h| h.strip_prefix("sha256=")).and_then(unhex);
    tag.is_some_and(|tag| mac(secret, body).verify_slice(&tag).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_bytes_under_the_right_secret_pass() {
        let header = sign("secret", b"{\"a\":1}");
        assert!(is_signed("secret", Some(&header), b"{\"a\":1}"));
        assert!(!is_signed("secret", Some(&header), b"{\"a\": 1}"));
        assert!(!is_signed("other", Some(&header), b"{\"a\":1}"));
        let plain = header.trim_start_matches("sha256=");
        for wrong in [None, Some(""), Some("sha256="), Some("sha256=zz"), Some(plain), Some("sha1=00")] {
            assert!(!is_signed("secret", wrong, b"{\"a\":1}"), "{wrong:?}");
        }
    }

    #[test]
    fn rfc_4231_test_case_2() {
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sign("Jefe", b"what do ya want for nothing?"), expected);
    }
}
