//! What a message says beside what it wants: numbers, days, amounts, places.

use crate::grammar::{amount_spoken, day_spoken, district_spoken};
use jiff::civil::Date;
use mohar_dialogue_model::normalise::{normalise, words};
use mohar_schemas::{number, types};
use serde::Serialize;

/// What was found; each only if it is certain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Slots {
    /// The service spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The scheme spoken of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// An application number whose check digit is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// A certificate number whose check digit is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// A day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<u64>,
    /// A row of the table `districts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<&'static str>,
}

/// All but the service and the scheme, which the intents tell.
pub(super) fn slots(text: &str, today: Date) -> Slots {
    let numbers: Vec<_> = numbers(text, 12);
    let application = numbers.iter().find_map(|(prefix, digits)| application(prefix, digits));
    let certificate = numbers.iter().find_map(|(prefix, digits)| certificate(prefix, digits));
    let has_number = application.is_some() || certificate.is_some();
    Slots {
        application,
        certificate,
        date: day_spoken(text, today),
        amount: (!has_number).then(|| amount_spoken(text)).flatten(),
        district: district_spoken(text),
        ..Slots::default()
    }
}

/// Letters with digits after them, however they are spaced: "a 2026 0000123 4".
fn numbers(text: &str, least: usize) -> Vec<(String, String)> {
    let words = words(&normalise(text));
    let mut numbers = vec![];
    for (i, word) in words.iter().enumerate() {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let mut digits = word[letters.len()..].to_owned();
        for next in &words[i + 1..] {
            if digits.len() >= 12 || !next.bytes().all(|b| b.is_ascii_digit()) {
                break;
            }
            digits.push_str(next);
        }
        if !letters.is_empty() && (least..=20).contains(&digits.len()) {
            numbers.push((letters.to_owned(), digits));
        }
    }
    numbers
}

/// Only after its letter: twelve digits alone may be somebody's Aadhaar, which has the same check.
fn application(prefix: &str, digits: &str) -> Option<String> {
    if !matches!(prefix, "a" | "ए" | "अ") {
        return None;
    }
    let (year, count) = year_and_count(digits)?;
    let right = number::application(year, count);
    (right.bytes().filter(u8::is_ascii_digit).eq(digits.bytes())).then_some(right)
}

fn certificate(prefix: &str, digits: &str) -> Option<String> {
    let prefix = prefix.to_ascii_uppercase();
    let kind = types::all().iter().find(|t| t.prefix == prefix)?;
    let (year, index) = year_and_count(digits)?;
    let right = number::write(kind, year, index);
    (right.bytes().filter(u8::is_ascii_digit).eq(digits.bytes())).then_some(right)
}

/// A number that is meant as a certificate's, but whose check digit does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slip;

/// The fewest digits behind a certificate's letters that are meant as its number.
const DIGITS_MIN: usize = 8;

/// The certificate number in a message, in the form it is printed in.
///
/// # Errors
/// If there is one with a slip in it.
#[must_use]
pub fn certificate_number(text: &str) -> Option<Result<String, Slip>> {
    let numbers: Vec<_> = numbers(text, DIGITS_MIN);
    // Licences and vehicles have some of the same letters, but no year behind them.
    let meant = |(prefix, digits): &&(String, String)| {
        digits.starts_with("20") && types::all().iter().any(|t| t.prefix.eq_ignore_ascii_case(prefix))
    };
    let found = numbers.iter().find_map(|(prefix, digits)| certificate(prefix, digits));
    found.map(Ok).or_else(|| numbers.iter().find(meant).map(|_| Err(Slip)))
}

fn year_and_count(digits: &str) -> Option<(i16, u64)> {
    let year = digits.get(..4)?.parse().ok()?;
    Some((year, digits.get(4..digits.len() - 1)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 25);

    #[test]
    fn numbers_as_people_type_them() {
        let right = number::application(2026, 123);
        let check = right.chars().last().unwrap();
        for text in [
            right.clone(),
            right.to_lowercase(),
            format!("a 2026 0000123 {check} ka kya hua"),
            format!("A20260000123{check}"),
            format!("मेरा A-२०२६-००००१२३-{check} कहाँ है"),
            format!("status a-2026-0000123{check}"),
        ] {
            assert_eq!(slots(&text, TODAY).application.as_deref(), Some(right.as_str()), "{text}");
        }
        let wrong = (check.to_digit(10).unwrap() + 1) % 10;
        assert_eq!(slots(&format!("A-2026-0000123-{wrong}"), TODAY).application, None);
        assert_eq!(slots(&format!("2026 0000123{check}"), TODAY).application, None);
    }

    #[test]
    fn certificates_dates_amounts_and_districts() {
        let kind = types::by_id("income").unwrap();
        let right = number::write(kind, 2026, 42);
        assert_eq!(slots(&right.to_lowercase(), TODAY).certificate, Some(right));
        let slots = slots("15/8/90 ko janm, aay dedh lakh, south delhi", TODAY);
        assert_eq!(slots.date, Some(Date::constant(1990, 8, 15)));
        assert_eq!(slots.amount, Some(150_000));
        assert_eq!(slots.district, Some("south"));
    }
}
