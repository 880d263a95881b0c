//! Any bytes as a PDF.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = mohar_picture::read(&[b"%PDF-1.7\n", bytes].concat());
});
