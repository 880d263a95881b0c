//! Any bytes as a PNG or a JPEG.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = mohar_picture::read(&[b"\x89PNG\r\n\x1a\n", bytes].concat());
    let _ = mohar_picture::read(&[b"\xff\xd8\xff", bytes].concat());
});
