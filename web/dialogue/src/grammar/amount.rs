//! Amounts of money: 1,50,000 · "डेढ़ लाख" · "dhai lakh" · "pachas hazaar" · "2.5 lakh".

use super::spoken::{Fraction, sounds, spoken};
use mohar_dialogue_model::normalise::normalise;

/// A thousand crores; nobody's answer is more.
const MOST: u64 = 10_000_000_000;

/// The one amount in an answer, in whole rupees. Two amounts are none.
#[must_use]
pub fn amount(text: &str) -> Option<u64> {
    match &runs(text)[..] {
        [run] => run.rupees,
        _ => None,
    }
}

/// The amount that a sentence speaks of: with a word for money or a scale, or grouped in thousands.
#[must_use]
pub fn amount_spoken(text: &str) -> Option<u64> {
    let runs = runs(text);
    let mut sure = runs.iter().filter(|r| r.is_money);
    match (sure.next(), sure.next()) {
        (Some(run), None) => run.rupees,
        _ => None,
    }
}

/// Words that together are one number.
#[derive(Debug, Default)]
struct Run {
    rupees: Option<u64>,
    is_money: bool,
}

fn runs(text: &str) -> Vec<Run> {
    let plain = ungrouped(&normalise(text));
    let words = sounds(&plain);
    let mut runs = vec![];
    let mut i = 0;
    while i < words.len() {
        let Some((hundredths, length, has_scale)) = number_at(&words[i..]) else {
            i += 1;
            continue;
        };
        let is_currency = |at: Option<usize>| {
            at.and_then(|at| words.get(at)).is_some_and(|w| spoken().currency.contains(w))
        };
        let is_money = has_scale || is_currency(i.checked_sub(1)) || is_currency(Some(i + length));
        let rupees = (hundredths / 100 <= MOST && hundredths > 0).then_some(hundredths / 100);
        runs.push(Run { rupees, is_money });
        i += length;
    }
    runs
}

/// Commas between digits go; a point between digits becomes a word of its own, "2.5" is "2 . 5".
fn ungrouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_digit = |i: Option<usize>| i.and_then(|i| letters.get(i)).is_some_and(char::is_ascii_digit);
    let mut plain = String::with_capacity(text.len());
    for (i, c) in letters.iter().enumerate() {
        let between = is_digit(i.checked_sub(1)) && is_digit(Some(i + 1));
        match c {
            ',' if between => {}
            '.' if between => plain.push_str(" point "),
            '/' if letters.get(i + 1) == Some(&'-') => {}
            c => plain.push(*c),
        }
    }
    plain
}

/// The number that starts here: its value in hundredths, how many words it takes, whether a scale
/// from a hundred up was named.
pub(super) fn number_at(words: &[String]) -> Option<(u64, usize, bool)> {
    let spoken = spoken();
    let (mut total, mut current): (u64, Option<u64>) = (0, None);
    let mut pending = None;
    let mut at = 0;
    let mut scaled = false;
    let mut last_was_word = false;
    while let Some(word) = words.get(at) {
        if let Some((value, length)) = digits(&words[at..]) {
            if current.is_some() {
                break;
            }
            (current, last_was_word) = (Some(value), false);
            at += length;
        } else if let Some(value) = spoken.numbers.get(word).map(|n| n * 100) {
            current = match current {
                None => Some(value),
                // "twenty five", "do sau pachas"
                Some(c) if last_was_word && (c / 100 % 10 == 0) && c >= 2_000 && value < 1_000 => {
                    Some(c + value)
                }
                Some(c) if scaled && c >= 10_000 && value < 10_000 => Some(c + value),
                Some(_) => break,
            };
            last_was_word = true;
            at += 1;
        } else if let Some(scale) = spoken.scales.get(word) {
            let many = current.unwrap_or(100);
            let many = match pending.take() {
                Some(Fraction::Times(t)) if current.is_none() => t.unsigned_abs(),
                Some(Fraction::Plus(p)) => many.saturating_add_signed(p),
                _ => many,
            };
            let value = many.checked_mul(*scale)?;
            // "pachas hazaar" adds up; "do sau" may still be multiplied: "do sau crore".
            if *scale == 100 {
                current = Some(value);
            } else {
                (total, current) = (total.checked_add(value)?, None);
            }
            scaled = true;
            last_was_word = false;
            at += 1;
        } else if let Some(fraction) = spoken.fractions.get(word).filter(|_| current.is_none()) {
            // Only before a scale, or before a number and a scale.
            let follows = |n: usize, is: &dyn Fn(&String) -> bool| words.get(at + n).is_some_and(is);
            let is_scale = |w: &String| spoken.scales.contains_key(w);
            let is_number =
                |w: &String| spoken.numbers.contains_key(w) || w.bytes().all(|b| b.is_ascii_digit());
            if !(follows(1, &is_scale) || (follows(1, &is_number) && follows(2, &is_scale))) {
                break;
            }
            pending = Some(*fraction);
            at += 1;
        } else {
            break;
        }
    }
    (at > 0).then(|| (total + current.unwrap_or(0), at, scaled))
}

/// Digits, and "point" with more of them: hundredths, and how many words that takes.
fn digits(words: &[String]) -> Option<(u64, usize)> {
    let is_digits = |w: &&String| !w.is_empty() && w.len() <= 11 && w.bytes().all(|b| b.is_ascii_digit());
    let whole: u64 = words.first().filter(is_digits)?.parse().ok()?;
    let hundredths = whole.checked_mul(100)?;
    match (words.get(1).map(String::as_str), words.get(2).filter(is_digits)) {
        (Some("point"), Some(part)) => {
            let two: String = part.chars().chain("00".chars()).take(2).collect();
            Some((hundredths + two.parse::<u64>().ok()?, 3))
        }
        _ => Some((hundredths, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_type_them() {
        for (text, rupees) in [
            ("1,50,000", 150_000),
            ("₹ 1,50,000/-", 150_000),
            ("१,५०,०००", 150_000),
            ("150000 rupaye", 150_000),
            ("डेढ़ लाख", 150_000),
            ("dhai lakh", 250_000),
            ("ढाई लाख रुपये", 250_000),
            ("पचास हज़ार", 50_000),
            ("pachas hazaar", 50_000),
            ("50k", 50_000),
            ("2.5 lakh", 250_000),
            ("2 lakh 40 hazar", 240_000),
            ("एक लाख बीस हजार पाँच सौ", 120_500),
            ("sadhe teen lakh", 350_000),
            ("पौने दो लाख", 175_000),
            ("sava lakh", 125_000),
            ("सवा करोड़", 12_500_000),
            ("two lakh fifty thousand", 250_000),
            ("do sau pachas", 250),
            ("twenty five thousand", 25_000),
            ("meri aay saal ki 80000 hai", 80_000),
            ("पिन्यानवे", 0),
            ("lakh", 100_000),
            ("sau", 100),
            ("saath hazaar", 60_000),
            ("saat hazaar", 7_000),
        ] {
            assert_eq!(amount(text).unwrap_or(0), rupees, "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_or_two_is_none() {
        for text in ["", "kitne paise", "2 ya 3 lakh", "dedh", "99999999999999999999", "हाँ", "sava", "0"]
        {
            assert_eq!(amount(text), None, "{text}");
        }
        assert_eq!(amount_spoken("मेरी उम्र 45 है और आय डेढ़ लाख"), Some(150_000));
        assert_eq!(amount_spoken("hum do bhai hain"), None);
    }
}
