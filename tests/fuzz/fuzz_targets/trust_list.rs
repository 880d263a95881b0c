//! Any bytes as a trust list.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = mohar_schemas::trust::TrustList::decode(bytes) {
        assert_eq!(list.encode(), bytes);
    }
});
