//! Any bytes as a text: one spelling each.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = mohar_schemas::scsu::decode(bytes) {
        assert_eq!(mohar_schemas::scsu::encode(&text), bytes);
    }
});
