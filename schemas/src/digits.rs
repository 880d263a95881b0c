//! Bytes as decimal digits: 7 bytes, little endian, as 17 digits (credential.md §6; the transport
//! of CTAP 2.2 §11.5 hybrid QR codes).

use std::fmt::Write;

/// Digits written for a tail of 0 to 7 bytes.
const WIDTH: [usize; 8] = [0, 3, 5, 8, 10, 13, 15, 17];

/// Digits longer than this are refused unread; no QR holds more (version 40-L: 7,089).
pub const DIGITS_MAX: usize = 7_089;

/// Why digits are not bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigitsError {
    /// The number of digits cannot come from whole bytes.
    #[error("{0} digits do not make whole bytes")]
    Length(usize),
    /// Something else than 0-9.
    #[error("not a digit at position {0}")]
    NotADigit(usize),
    /// A group exceeds the value of its bytes.
    #[error("the digits at position {0} are too large")]
    TooLarge(usize),
}

/// Writes bytes as digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 17 / 7 + 17);
    for group in bytes.chunks(7) {
        let mut le = [0u8; 8];
        le[..group.len()].copy_from_slice(group);
        let width = WIDTH[group.len()];
        // Writing to a String cannot fail.
        let _ = write!(out, "{:0width$}", u64::from_le_bytes(le));
    }
    out
}

/// Reads digits as bytes; exactly one digit string stands for each byte string.
pub fn decode(digits: &str) -> Result<Vec<u8>, DigitsError> {
    if digits.len() > DIGITS_MAX {
        return Err(DigitsError::Length(digits.len()));
    }
    let mut out = Vec::with_capacity(digits.len() * 7 / 17 + 7);
    for (n, group) in digits.as_bytes().chunks(17).enumerate() {
        let size = WIDTH.iter().position(|w| *w == group.len()).ok_or(DigitsError::Length(digits.len()))?;
        let mut value = 0u64;
        for (i, digit) in group.iter().enumerate() {
            if !digit.is_ascii_digit() {
                return Err(DigitsError::NotADigit(n * 17 + i));
            }
            value = value * 10 + u64::from(digit - b'0');
        }
        if value >> (8 * size) != 0 {
            return Err(DigitsError::TooLarge(n * 17));
        }
        out.extend_from_slice(&value.to_le_bytes()[..size]);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths_match_the_profile() {
        assert_eq!(encode(&[0xff]), "255");
        assert_eq!(encode(&[0xff; 7]), "72057594037927935");
        assert_eq!(decode("256"), Err(DigitsError::TooLarge(0)));
        assert_eq!(decode("1234"), Err(DigitsError::Length(4)));
        assert_eq!(decode("12a"), Err(DigitsError::NotADigit(2)));
    }

    proptest! {
        #[test]
        fn every_byte_string_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
        }
        #[test]
        fn any_text_is_an_answer_and_digits_are_unique(text in "[0-9]{0,60}|.{0,60}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
