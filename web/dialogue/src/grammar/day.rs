//! Days, day first: 15/8/90 · 15.08.1990 · "15 अगस्त 1990" · "pandrah august unnis sau nabbe".

use super::amount::number_at;
use super::spoken::{sounds, spoken};
use jiff::civil::Date;
use mohar_dialogue_model::normalise::normalise;

/// The day that an answer names. "कल" is none: it is yesterday and tomorrow. A year of two digits
/// is the latest that is not after `today`.
#[must_use]
pub fn day(text: &str, today: Date) -> Option<Date> {
    day_spoken(text, today).or_else(|| bare(text, today)).or_else(|| {
        let words = sounds(text);
        let is_today = words.iter().any(|w| spoken().today.contains(w));
        (is_today && !says_no_day(&words)).then_some(today)
    })
}

/// The day that a sentence names with a month's name or with strokes, dots or dashes.
#[must_use]
pub fn day_spoken(text: &str, today: Date) -> Option<Date> {
    let words = sounds(text);
    if says_no_day(&words) {
        return None;
    }
    numeric(&normalise(text), today).or_else(|| with_month(&words, today))
}

fn says_no_day(words: &[String]) -> bool {
    words.iter().any(|w| spoken().not_a_day.contains(w))
}

/// `15/8/1990`, or `1990-08-15` as machines write it.
fn numeric(text: &str, today: Date) -> Option<Date> {
    let is_of_date = |c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '-');
    text.split(|c| !is_of_date(c)).find_map(|piece| {
        let parts: Vec<&str> =
            piece.trim_matches(|c: char| !c.is_ascii_digit()).split(['/', '.', '-']).collect();
        match parts[..] {
            [year, month, day] if year.len() == 4 && day.len() <= 2 => date(day, month, year, today),
            [day, month, year] => date(day, month, year, today),
            _ => None,
        }
    })
}

/// Nothing but three numbers, or eight digits in a row.
fn bare(text: &str, today: Date) -> Option<Date> {
    let text = normalise(text);
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let only_digits = !text.chars().any(char::is_alphabetic);
    match parts[..] {
        [day, month, year] if only_digits => date(day, month, year, today),
        [all] if only_digits && all.len() == 8 => date(&all[..2], &all[2..4], &all[4..], today),
        _ => None,
    }
}

fn date(day: &str, month: &str, year: &str, today: Date) -> Option<Date> {
    let short = |s: &str| (1..=2).contains(&s.len());
    if !short(day) || !short(month) || !(year.len() == 2 || year.len() == 4) {
        return None;
    }
    Date::new(full_year(year.parse().ok()?, year.len() == 2, today), month.parse().ok()?, day.parse().ok()?)
        .ok()
}

fn full_year(year: i16, is_short: bool, today: Date) -> i16 {
    let century = today.year() / 100 * 100;
    match year + century {
        _ if !is_short => year,
        full if full > today.year() => full - 100,
        full => full,
    }
}

/// "15 august 1990", "august 15 1990", and all of it in words.
fn with_month(words: &[String], today: Date) -> Option<Date> {
    // "15th", "1st", "15 तारीख"
    let words: Vec<String> = words
        .iter()
        .filter(|w| !["th", "st", "nd", "rd", "tarikh", "san", "ko"].contains(&w.as_str()))
        .cloned()
        .collect();
    let at = words.iter().position(|w| spoken().months.contains_key(w))?;
    let month = spoken().months[&words[at]];
    let (mut year_at, mut day) = (at + 1, None);
    if let Some(before) = at.checked_sub(1) {
        day = whole(&words[before..at]).map(|(n, _)| n);
    }
    if day.is_none() {
        let (n, length) = whole(&words[at + 1..])?;
        (day, year_at) = (Some(n), at + 1 + length);
    }
    let (year, length) = year(&words[year_at..])?;
    let is_short = length == 1 && year < 100;
    let year = i16::try_from(year).ok().filter(|y| is_short || (1_800..=2_200).contains(y))?;
    Date::new(full_year(year, is_short, today), month, i8::try_from(day?).ok()?).ok()
}

fn whole(words: &[String]) -> Option<(u64, usize)> {
    let (hundredths, length, _) = number_at(words)?;
    Some((hundredths / 100, length))
}

/// "1990", "unnis sau nabbe", "nineteen ninety", "do hazaar paanch".
fn year(words: &[String]) -> Option<(u64, usize)> {
    let (first, length) = whole(words)?;
    match (first, words.get(length).and_then(|_| whole(&words[length..]))) {
        (19 | 20, Some((rest, more))) if rest < 100 => Some((first * 100 + rest, length + more)),
        _ => Some((first, length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 25);

    #[test]
    fn day_first_in_every_way() {
        let independence = Date::constant(1990, 8, 15);
        for text in [
            "15/8/90",
            "15/08/1990",
            "15-8-1990",
            "15.8.90",
            "15 8 1990",
            "15081990",
            "१५/८/१९९०",
            "15 अगस्त 1990",
            "15 aug 1990",
            "15aug1990",
            "15th August, 1990",
            "august 15 1990",
            "१५ अगस्त १९९०",
            "1990-08-15",
            "pandrah august unnis sau nabbe",
            "पंद्रह अगस्त उन्नीस सौ नब्बे",
            "janm 15/08/1990 ko hua",
            "15 august nineteen ninety",
        ] {
            assert_eq!(day(text, TODAY), Some(independence), "{text}");
        }
        assert_eq!(day("5 march 2005", TODAY), day("paanch march do hazaar paanch", TODAY));
        assert_eq!(day("1/2/26", TODAY), Some(Date::constant(2026, 2, 1)));
        assert_eq!(day("1/2/27", TODAY), Some(Date::constant(1927, 2, 1)));
        assert_eq!(day("आज", TODAY), Some(TODAY));
    }

    #[test]
    fn never_a_guess() {
        for text in [
            "कल",
            "kal",
            "31/2/1990",
            "15/13/1990",
            "august",
            "15 august",
            "",
            "1990",
            "kal 15/8/1990",
            "A-2026-0000123-4",
        ] {
            assert_eq!(day(text, TODAY), None, "{text}");
        }
    }
}
