//! Yes and no, mobile numbers, PIN codes.

use crate::understand::command;
use mohar_dialogue_model::normalise::normalise;

/// Yes or no, in all three writings; nothing for anything else.
#[must_use]
pub fn yes_no(text: &str) -> Option<bool> {
    match command(text)? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A mobile number of India: ten digits from 6 up, with or without +91 or 0.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let digits = only_digits(text, "+-() ")?;
    let own = match digits.len() {
        10 => &digits[..],
        11 => digits.strip_prefix('0')?,
        12 => digits.strip_prefix("91")?,
        _ => return None,
    };
    own.starts_with(['6', '7', '8', '9']).then(|| own.to_owned())
}

/// A PIN code: six digits, not from 0.
#[must_use]
pub fn pin(text: &str) -> Option<String> {
    only_digits(text, "- ").filter(|d| d.len() == 6 && !d.starts_with('0'))
}

fn only_digits(text: &str, between: &str) -> Option<String> {
    let text = normalise(text);
    let text = text.trim();
    let is_right = text.chars().all(|c| c.is_ascii_digit() || between.contains(c));
    is_right.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_nothing_else() {
        for yes in ["हाँ", "haan ji", "yes", "Y", "ok", "👍", "जी हाँ", "theek hai"] {
            assert_eq!(yes_no(yes), Some(true), "{yes}");
        }
        for no in ["नहीं", "nahi", "NO", "n", "जी नहीं", "mat karo"] {
            assert_eq!(yes_no(no), Some(false), "{no}");
        }
        assert_eq!(yes_no("शायद"), None);
        assert_eq!(phone("+91 98765-43210").as_deref(), Some("9876543210"));
        assert_eq!(phone("०९८७६५४३२१०").as_deref(), Some("9876543210"));
        assert_eq!(phone("12345"), None);
        assert_eq!(phone("5876543210"), None);
        assert_eq!(pin("110 001").as_deref(), Some("110001"));
        assert_eq!(pin("११००९२").as_deref(), Some("110092"));
        assert_eq!(pin("1100011"), None);
    }
}
