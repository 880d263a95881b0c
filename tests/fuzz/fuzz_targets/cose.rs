//! Any bytes as a signed certificate; without keys none is genuine.

#![no_main]

use libfuzzer_sys::fuzz_target;

use mohar_schemas::trust::TrustList;
use mohar_verifier::Trust;
use mohar_verifier::{Code, Evidence, verify};

fuzz_target!(|bytes: &[u8]| {
    let trust = Trust::new(TrustList { version: 1, issued_at_s: 0, next_update_s: 0, keys: vec![], digests: vec![] });
    let verdict = verify(bytes, &Evidence { trust: &trust, status: &[], now_s: 0 });
    assert!(matches!(verdict.code, Code::Damaged | Code::UnknownIssuer));
});
