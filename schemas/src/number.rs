//! Certificate numbers: `SC-2026-0000042-7`, with a check digit that catches every single wrong
//! digit and every swap of neighbours (Verhoeff 1969).

use crate::types::CertificateType;

/// The number printed on a certificate.
#[must_use]
pub fn write(kind: &CertificateType, year: i16, index: u64) -> String {
    let check = check_digit(&format!("{}{year}{index:07}", kind.code));
    format!("{}-{year}-{index:07}-{check}", kind.prefix)
}

/// Digits of Devanagari as those of ASCII.
#[must_use]
pub fn ascii_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '०'..='९' => char::from_digit(u32::from(c) - u32::from('०'), 10).unwrap_or(c),
        other => other,
    };
    text.chars().map(digit).collect()
}

/// A number in the one form it is printed in: capitals, dashes, digits of ASCII.
#[must_use]
pub fn printed(text: &str) -> String {
    ascii_digits(text.trim()).to_ascii_uppercase().replace([' ', '–', '—'], "-")
}

/// Reads a number as people type it: any case, spaces or dashes. Gives the index in the ledger.
#[must_use]
pub fn read(text: &str) -> Option<u64> {
    let text = printed(text);
    let mut parts = text.split('-').filter(|p| !p.is_empty());
    let (prefix, year, index) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
    let kind = crate::types::all().iter().find(|t| t.prefix == prefix)?;
    (write(kind, year.parse().ok()?, index) == text).then_some(index)
}

/// The number of an application, which a person can read out: `A-2026-0000123-4`.
#[must_use]
pub fn application(year: i16, count: u64) -> String {
    let check = check_digit(&format!("{year}{count:07}"));
    format!("A-{year}-{count:07}-{check}")
}

/// The Verhoeff check digit of a string of digits.
#[must_use]
pub fn check_digit(digits: &str) -> u8 {
    let state = digits
        .bytes()
        .rev()
        .filter(u8::is_ascii_digit)
        .enumerate()
        .fold(0, |state, (i, digit)| multiply(state, permute(i + 1, digit - b'0')));
    (0..10).find(|d| multiply(state, *d) == 0).unwrap_or(0)
}

/// The dihedral group of order ten.
const fn multiply(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

fn permute(times: usize, digit: u8) -> u8 {
    const P: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..times % 8).fold(digit, |d, _| P[usize::from(d)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_hold() {
        let ours = write(crate::types::by_id("caste-sc").unwrap(), 2026, 42);
        assert!(include_str!("../credential.md").contains(&format!("`{ours}`")), "{ours}");
        assert_eq!(check_digit("236"), 3);
        assert_eq!(check_digit("12345"), 1);
    }

    #[test]
    fn one_wrong_digit_or_a_swap_is_noticed() {
        let kind = &crate::types::all()[0];
        let right = write(kind, 2026, 1_204_042);
        assert_eq!(read(&right), Some(1_204_042));
        assert_eq!(read(&right.to_lowercase().replace('-', " ")), Some(1_204_042));
        assert_eq!(read(&right.replace('2', "२").replace('-', "–")), Some(1_204_042));
        for at in 0..right.len() {
            for digit in b'0'..=b'9' {
                let mut wrong = right.clone().into_bytes();
                if wrong[at].is_ascii_digit() && wrong[at] != digit {
                    wrong[at] = digit;
                    assert_eq!(read(&String::from_utf8(wrong).unwrap()), None);
                }
            }
        }
    }
}
