//! The words of `assistant/words.toml`, found by how they sound.

use mohar_dialogue_model::normalise::{normalise, words};
use mohar_dialogue_model::romanise::romanise;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

/// The words of a text, each as it sounds; digits stay.
pub(crate) fn sounds(text: &str) -> Vec<String> {
    let cut = split_digits(&normalise(text).replace('₹', " ₹ "));
    words(&cut).iter().map(|w| sound(w)).collect()
}

/// Spellings of one sound. Lighter than the model's skeleton: "saat" (7) is not "saath" (60).
pub(crate) fn sound(word: &str) -> String {
    let latin = romanise(word);
    let mut sound = String::with_capacity(latin.len());
    for (from, to) in
        [("aa", "a"), ("ee", "i"), ("oo", "u"), ("ph", "f"), ("w", "v"), ("z", "j"), ("chh", "ch")]
    {
        if latin.contains(from) {
            return self::sound(&latin.replace(from, to));
        }
    }
    for c in latin.chars() {
        if c.is_ascii_digit() || !sound.ends_with(c) {
            sound.push(c);
        }
    }
    sound
}

/// Letters and digits apart: "50k", "15aug".
fn split_digits(text: &str) -> String {
    let mut split = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if (before.is_ascii_digit() && c.is_alphabetic()) || (before.is_alphabetic() && c.is_ascii_digit()) {
            split.push(' ');
        }
        split.push(c);
        before = c;
    }
    split
}

#[derive(Deserialize)]
struct Words {
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    fillers: String,
    numbers: BTreeMap<String, String>,
    scales: BTreeMap<String, String>,
    fractions: BTreeMap<String, String>,
    months: BTreeMap<String, String>,
    currency: Words,
    today: Words,
    not_a_day: Words,
    districts: BTreeMap<String, String>,
    plain_districts: BTreeMap<String, String>,
    little_words: BTreeMap<String, String>,
    names: Words,
    linking_words: BTreeMap<String, String>,
    limiting_words: BTreeMap<String, String>,
}

/// What "साढ़े" and its like do to the number after them, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fraction {
    Times(i64),
    Plus(i64),
}

/// The words by sound.
pub(crate) struct Spoken {
    pub numbers: HashMap<String, u64>,
    pub scales: HashMap<String, u64>,
    pub fractions: HashMap<String, Fraction>,
    pub months: HashMap<String, i8>,
    pub currency: Vec<String>,
    pub today: Vec<String>,
    pub not_a_day: Vec<String>,
    pub fillers: Vec<String>,
    /// Phrases and the district they name, longest first.
    pub districts: Vec<(Vec<String>, String)>,
    pub plain_districts: Vec<(Vec<String>, String)>,
    pub beside_district: Vec<String>,
    /// As typed, not by sound: English and Hindi words that sound alike tell the writing.
    pub little_hindi: Vec<String>,
    pub little_english: Vec<String>,
    /// Names that are everyday words, too.
    pub names: HashSet<String>,
    /// As normalised: what states nothing, in either language.
    pub linking: HashSet<String>,
    /// As normalised: what changes a rule, in either language.
    pub limiting: HashSet<String>,
}

/// The published words.
pub(crate) fn spoken() -> &'static Spoken {
    static SPOKEN: LazyLock<Spoken> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and tests read it.
        load(mohar_schemas::data::SPOKEN).expect("assistant/words.toml is in order")
    });
    &SPOKEN
}

fn load(text: &str) -> Result<Spoken, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut plain_districts = file.plain_districts;
    let beside = plain_districts.remove("beside").unwrap_or_default();
    let little = |writing: &str| {
        let words = file.little_words.get(writing).map(String::as_str).unwrap_or_default();
        words.split_whitespace().map(ToOwned::to_owned).collect()
    };
    Ok(Spoken {
        numbers: by_sound(&file.numbers, |key| key.parse().ok())?,
        scales: by_sound(&file.scales, |key| key.parse().ok())?,
        fractions: by_sound(&file.fractions, fraction)?,
        months: by_sound(&file.months, |key| key.parse().ok())?,
        currency: list(&file.currency.words),
        today: list(&file.today.words),
        not_a_day: list(&file.not_a_day.words),
        fillers: list(&file.fillers),
        districts: phrases(&file.districts),
        plain_districts: phrases(&plain_districts),
        beside_district: list(&beside),
        little_hindi: little("hi-Latn"),
        little_english: little("en"),
        names: list(&file.names.words).into_iter().collect(),
        linking: normalised(&file.linking_words),
        limiting: normalised(&file.limiting_words),
    })
}

fn fraction(key: &str) -> Option<Fraction> {
    let (kind, hundredths) = key.split_once(' ')?;
    let hundredths = hundredths.parse().ok()?;
    match kind {
        "times" => Some(Fraction::Times(hundredths)),
        "plus" => Some(Fraction::Plus(hundredths)),
        _ => None,
    }
}

fn by_sound<T: Copy + PartialEq>(
    lists: &BTreeMap<String, String>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<HashMap<String, T>, String> {
    let mut found = HashMap::new();
    for (key, words) in lists {
        let value = read(key).ok_or_else(|| format!("words.toml: {key}: not a key of this list"))?;
        for word in words.split_whitespace() {
            let sound = sound(&normalise(word));
            if found.insert(sound, value).is_some_and(|other| other != value) {
                return Err(format!("words.toml: {key}: {word} has another meaning, too"));
            }
        }
    }
    Ok(found)
}

fn list(words: &str) -> Vec<String> {
    words.split_whitespace().map(|w| sound(&normalise(w))).collect()
}

fn normalised(lists: &BTreeMap<String, String>) -> HashSet<String> {
    lists.values().flat_map(|list| words(&normalise(list))).collect()
}

fn phrases(lists: &BTreeMap<String, String>) -> Vec<(Vec<String>, String)> {
    let of = |(id, list): (&String, &String)| -> Vec<_> {
        list.split(',').map(|phrase| (sounds(phrase), id.clone())).collect()
    };
    let mut phrases: Vec<_> = lists.iter().flat_map(of).collect();
    phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_words_are_complete() {
        let spoken = spoken();
        for number in 0..=99 {
            assert!(spoken.numbers.values().any(|n| *n == number), "{number}");
        }
        assert!((1..=12).all(|month| spoken.months.values().any(|m| *m == month)));
    }

    #[test]
    fn two_meanings_of_one_sound_are_refused() {
        let lists = [("7".into(), "saat".into()), ("60".into(), "सात".into())].into();
        assert!(by_sound::<u64>(&lists, |k| k.parse().ok()).is_err_and(|e| e.contains("another meaning")));
        assert_ne!(sound("saat"), sound("saath"));
    }
}
