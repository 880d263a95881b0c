//! Any text a camera reads.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let mohar_schemas::qr::Scanned::Digits(digits) = mohar_schemas::qr::read(text) {
        if let Ok(bytes) = mohar_schemas::digits::decode(digits) {
            assert_eq!(mohar_schemas::digits::encode(&bytes), digits);
        }
    }
});
