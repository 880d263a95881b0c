//! Any bytes as a status list.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = mohar_schemas::status::StatusList::decode(bytes) {
        let _ = list.status(0);
    }
});
