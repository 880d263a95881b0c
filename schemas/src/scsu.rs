//! The subset of SCSU (Unicode Technical Standard #6) that certificates use: ASCII as itself,
//! Devanagari at one byte a letter through dynamic window 4, everything else quoted. Any full SCSU
//! decoder reads it; this one refuses the rest, so that a text has exactly one encoding.

/// Single-byte mode: select dynamic window 4, whose initial offset is U+0900.
const SC4: u8 = 0x14;
/// Quote one character of static window 4, U+2000 (joiners, dashes, quotation marks).
const SQ4: u8 = 0x05;
/// Quote one character of static window 5, U+2080 (the rupee sign).
const SQ5: u8 = 0x06;
/// Quote one UTF-16 code unit, high byte first.
const SQU: u8 = 0x0e;

/// The bytes are not SCSU in the profile's subset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a text in the profile's subset of SCSU at byte {0}")]
pub struct ScsuError(pub usize);

/// Compresses a text.
#[must_use]
pub fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut devanagari = false;
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        match unit {
            0x20..=0x7f => out.push(low),
            0x0900..=0x097f => {
                if !devanagari {
                    out.push(SC4);
                    devanagari = true;
                }
                out.push(0x80 | (low & 0x7f));
            }
            0x2000..=0x207f => out.extend([SQ4, low & 0x7f]),
            0x2080..=0x20ff => out.extend([SQ5, low & 0x7f]),
            _ => out.extend([SQU, high, low]),
        }
    }
    out
}

/// Restores a text; refuses what [`encode`] would not have written.
pub fn decode(bytes: &[u8]) -> Result<String, ScsuError> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut devanagari = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = |n: usize| bytes.get(at + n).copied().ok_or(ScsuError(at));
        let (unit, used) = match byte {
            0x20..=0x7f => (u16::from(byte), 1),
            SC4 if !devanagari => {
                devanagari = true;
                at += 1;
                continue;
            }
            0x80.. if devanagari => (0x0900 + u16::from(byte & 0x7f), 1),
            SQ4 => (0x2000 + u16::from(next(1)?), 2),
            SQ5 => (0x2080 + u16::from(next(1)?), 2),
            SQU => (u16::from_be_bytes([next(1)?, next(2)?]), 3),
            _ => return Err(ScsuError(at)),
        };
        units.push(unit);
        at += used;
    }
    let text = String::from_utf16(&units).map_err(|_| ScsuError(bytes.len()))?;
    if encode(&text) == bytes { Ok(text) } else { Err(ScsuError(bytes.len())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn devanagari_costs_one_byte_a_letter() {
        assert_eq!(encode("राम"), [SC4, 0xb0, 0xbe, 0xae]);
        assert_eq!(encode("क्‍ष").len(), 1 + 2 + 2 + 1); // the joiner is quoted
        assert_eq!(encode("₹5"), [SQ5, 0x39, b'5']);
    }

    #[test]
    fn a_second_spelling_is_refused() {
        assert!(decode(&[SQU, 0x00, 0x41]).is_err(), "a quoted A");
        assert!(decode(&[SC4, SC4, 0xb0]).is_err(), "a window selected twice");
        assert!(decode(&[b'a', SC4]).is_err(), "a window selected for nothing");
        assert!(decode(&[0xb0]).is_err(), "Latin-1 by the initial window");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "\\PC{0,80}") {
            prop_assert_eq!(decode(&encode(&text)).unwrap(), text);
        }
        #[test]
        fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(text) = decode(&bytes) {
                prop_assert_eq!(encode(&text), bytes);
            }
        }
    }
}
