//! Any bytes as a payload: what is read is written the same way again.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(item) = mohar_schemas::cbor::Item::decode(bytes) {
        assert_eq!(item.encode(), bytes);
    }
    if let Ok(credential) = mohar_schemas::credential::Credential::decode(bytes) {
        assert_eq!(credential.encode(), bytes);
    }
});
