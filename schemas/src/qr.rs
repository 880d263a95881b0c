//! The QR code: an `https` link whose fragment is the credential in digits (credential.md §6).

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// What a scanned text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned<'a> {
    /// Digits that may hold a certificate. Whatever host came before them says nothing.
    Digits(&'a str),
    /// Something else; the id is a row of `messages/foreign-codes.toml`.
    Foreign(&'static str),
}

/// The text of the QR code of a signed credential; `origin` is `https://` and a lower-case host
/// (only a demonstration on one machine has `http://`).
#[must_use]
pub fn text(origin: &str, credential: &[u8]) -> String {
    format!("{origin}/#{}", crate::digits::encode(credential))
}

/// Finds the digits in a scanned text, or says what the text is instead.
#[must_use]
pub fn read(text: &str) -> Scanned<'_> {
    let text = text.trim();
    let digits = match text.split_once('#') {
        Some((link, fragment)) if is_web_link(link) => fragment,
        _ => text,
    };
    // Fewer digits than a signature has cannot be ours: a phone or certificate number, a price.
    if digits.len() >= 64 && digits.bytes().all(|b| b.is_ascii_digit()) {
        // The Aadhaar code is one decimal number of more than 3,000 digits.
        return if digits.len() > 2_500 { Scanned::Foreign("aadhaar") } else { Scanned::Digits(digits) };
    }
    Scanned::Foreign(foreign(text))
}

fn is_web_link(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.starts_with("https://") || text.starts_with("http://")
}

fn foreign(text: &str) -> &'static str {
    const STARTS: &[(&str, &str)] = &[
        ("upi:", "upi"),
        ("begin:vcard", "contact"),
        ("mecard:", "contact"),
        ("wifi:", "wifi"),
        ("mailto:", "email"),
        ("tel:", "phone"),
        ("geo:", "location"),
        ("hc1:", "eu-health"),
        ("shc:/", "smart-health"),
        ("mdoc:", "driving-licence-mdoc"),
        ("<?xml", "aadhaar"),
        ("<printletterbarcodedata", "aadhaar"),
    ];
    let lower: String = text.chars().take(40).collect::<String>().to_ascii_lowercase();
    let known = STARTS.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, id)| *id);
    known.unwrap_or(if is_web_link(&lower) { "web-link" } else { "text" })
}

/// A finished symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// QR version, 1 to 40; `17 + 4 * version` modules a side.
    pub version: i16,
    /// Error correction: `'Q'` or `'M'`.
    pub correction: char,
    /// Rows of modules, dark = true, without the quiet zone.
    pub modules: Vec<Vec<bool>>,
}

/// The largest symbol that every camera we measured still reads.
pub const VERSION_AIM: i16 = 13;

/// No symbol holds the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit a QR code")]
pub struct TooLong;

/// Draws a QR text: the link up to `#` as bytes, the digits as numbers. Correction Q where that
/// stays within version 13, else M, never L.
pub fn symbol(text: &str) -> Result<Symbol, TooLong> {
    let split = text.find('#').map_or(0, |at| at + 1);
    let (link, digits) = text.split_at(split);
    let candidates = (1..=VERSION_AIM)
        .map(|v| (v, EcLevel::Q))
        .chain((1..=VERSION_AIM).map(|v| (v, EcLevel::M)))
        .chain((VERSION_AIM + 1..=40).map(|v| (v, EcLevel::M)));
    for (version, level) in candidates {
        if let Some(code) = draw(link, digits, Version::Normal(version), level) {
            let colors = code.to_colors();
            let modules = colors.chunks(code.width()).map(|r| r.iter().map(|c| *c == Color::Dark).collect());
            let correction = if level == EcLevel::Q { 'Q' } else { 'M' };
            return Ok(Symbol { version, correction, modules: modules.collect() });
        }
    }
    Err(TooLong)
}

fn draw(link: &str, digits: &str, version: Version, level: EcLevel) -> Option<QrCode> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(link.as_bytes()).ok()?;
    bits.push_numeric_data(digits.as_bytes()).ok()?;
    bits.push_terminator(level).ok()?;
    QrCode::with_bits(bits, level).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_host_does_not_matter_and_bare_digits_work() {
        let digits = "1".repeat(300);
        for link in ["https://v.delhi.gov.in/#", "https://look-alike.example/x?y#", ""] {
            assert_eq!(read(&format!("{link}{digits}")), Scanned::Digits(&digits));
        }
        assert_eq!(read("upi://pay?pa=x@y"), Scanned::Foreign("upi"));
        assert_eq!(read("https://example.org"), Scanned::Foreign("web-link"));
        assert_eq!(read("BEGIN:VCARD\nN:X"), Scanned::Foreign("contact"));
        assert_eq!(read(&"3".repeat(3_170)), Scanned::Foreign("aadhaar"));
        assert_eq!(read("9876543210"), Scanned::Foreign("text"));
    }

    #[test]
    fn the_measured_capacities_hold() {
        let fit = |bytes: usize| {
            let s = symbol(&text("https://v.delhi.gov.in", &vec![0xa5; bytes])).unwrap();
            (s.version, s.correction, s.modules.len())
        };
        assert_eq!(fit(212), (13, 'Q', 69));
        assert_eq!(fit(213), (11, 'M', 61));
        assert_eq!(fit(301), (13, 'M', 69));
        assert_eq!(fit(302), (14, 'M', 73));
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
