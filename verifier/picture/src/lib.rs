//! Pictures in, texts out: a PNG, a JPEG or a PDF, and the texts of the QR codes in it.
//!
//! [`read`] is the only way in, for the API, the chat and the command line alike. Three readers look
//! ([`chain`]), because cameras, copiers and printers spoil codes in different ways. What a file may cost
//! is counted in pixels, not seconds: the same file gives the same answer on every machine.

mod attachment;
mod chain;
mod correct;
mod field;
mod filter;
mod finder;
mod grid;
mod intake;
mod lost;
mod pdf;
mod plane;
mod printed;
mod readers;
mod region;

pub use attachment::{Unfit, attachment};
pub use mohar_schemas::picture::Unread;
pub use printed::page_text;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pictures longer than this are refused unread (10 MiB, a phone's photograph).
pub const PICTURE_BYTES_MAX: usize = 10 << 20;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG or JPEG.
    Picture,
    /// PDF.
    Pdf,
}

/// What was read in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The texts of its codes, at least one, each once; those that may be certificates come first.
    Codes(Vec<String>),
    /// No code, and why.
    Unread(Unread),
}

/// Tells the format by the first bytes; names and headers lie.
#[must_use]
pub fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(Format::Picture);
    }
    // Readers accept a PDF whose header stands a little later.
    let start = bytes.get(..1_024).unwrap_or(bytes);
    start.windows(5).any(|w| w == b"%PDF-").then_some(Format::Pdf)
}

/// Names the pictures that people send and that are not read here.
#[must_use]
pub fn unread_format(bytes: &[u8]) -> Option<Unread> {
    let brand = bytes.get(4..12).unwrap_or_default();
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(Unread::Webp)
    } else if bytes.starts_with(b"GIF8") {
        Some(Unread::Gif)
    } else if [b"ftyphei", b"ftyphev", b"ftypmif", b"ftypmsf", b"ftypavi"]
        .iter()
        .any(|b| brand.starts_with(*b))
    {
        Some(Unread::Heic)
    } else {
        None
    }
}

/// Reads the QR codes in a picture or a PDF.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Reading::Unread(Unread::TooLarge);
    }
    // The decoders are other people's and see anybody's bytes: a panic there is a file unread.
    let read = || match format(bytes) {
        Some(Format::Picture) => intake::picture(bytes).map(|p| chain::codes(&p)).and_then(some),
        Some(Format::Pdf) => pdf::codes(bytes),
        None => Err(unread_format(bytes).unwrap_or(Unread::NotAPicture)),
    };
    let result = catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Unread::Broken));
    result.map_or_else(Reading::Unread, Reading::Codes)
}

fn some(texts: Vec<String>) -> Result<Vec<String>, Unread> {
    if texts.is_empty() { Err(Unread::NoCode) } else { Ok(texts) }
}
