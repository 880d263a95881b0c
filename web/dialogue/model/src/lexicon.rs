//! The words that were learnt, by which a slip is mended: a word that nobody wrote, one letter away
//! from one that somebody did, was probably meant to be that one.

use std::collections::BTreeMap;

/// Words of fewer letters are left as they are: too many others are one letter away.
const LETTERS_MIN: usize = 4;
/// A word that was written so often is no slip itself.
const WRITTEN_MIN: u32 = 2;
/// So many words of a message are looked at; the rest of a very long one stays as it is.
const MENDED_MAX: usize = 100;

/// Skeletons of words, the most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    words: Vec<String>,
}

impl Lexicon {
    /// The lexicon of what was written, word by word.
    #[must_use]
    pub fn of(written: impl IntoIterator<Item = String>) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for word in written {
            *counts.entry(word).or_default() += 1;
        }
        let mut words: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= WRITTEN_MIN).collect();
        // Stable: words of the same frequency stay in the order of the alphabet.
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Self { words: words.into_iter().map(|(word, _)| word).collect() }
    }

    /// The words as they were probably meant; none where there was nothing to mend.
    #[must_use]
    pub fn mended(&self, words: &[String]) -> Option<Vec<String>> {
        let mended: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(i, word)| self.meant(word).filter(|_| i < MENDED_MAX).unwrap_or(word).to_owned())
            .collect();
        (mended != words).then_some(mended)
    }

    /// The most frequent word that one slip makes of this one.
    fn meant(&self, word: &str) -> Option<&str> {
        let is_number = word.starts_with('9');
        if word.len() < LETTERS_MIN || is_number || self.words.iter().any(|w| w == word) {
            return None;
        }
        let near = |other: &&String| other.len() + 1 >= LETTERS_MIN && is_one_slip(word, other);
        self.words.iter().find(near).map(String::as_str)
    }

    /// The words, a line each.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.words.join("\n")
    }

    /// Reads what [`Lexicon::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self { words: text.lines().map(ToOwned::to_owned).collect() }
    }
}

/// Whether one letter more, one less, another one or two swapped is all the difference.
fn is_one_slip(a: &str, b: &str) -> bool {
    // A letter has at most four bytes: most words are told apart by their length alone.
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let before: usize = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let (mut a, mut b) = (a[before..].chars(), b[before..].chars());
    while a.clone().next_back().is_some_and(|last| b.clone().next_back() == Some(last)) {
        a.next_back();
        b.next_back();
    }
    match (a.next(), a.next(), a.next(), b.next(), b.next(), b.next()) {
        (_, None, _, _, None, _) => true,
        (first, second, None, other_first, other_second, None) => {
            first == other_second && second == other_first
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let written = "ai praman patr ai praman patr inkam sartifikit inkam sartifikit praman onkr";
        Lexicon::of(written.split(' ').map(ToOwned::to_owned))
    }

    fn mended(said: &str) -> Option<String> {
        let words: Vec<String> = said.split(' ').map(ToOwned::to_owned).collect();
        lexicon().mended(&words).map(|w| w.join(" "))
    }

    #[test]
    fn one_slip_is_mended_and_what_is_known_or_short_or_far_stays() {
        for slip in ["inkm", "innkam", "inkom", "iknam", "nkam", "inka", "inkams"] {
            assert_eq!(mended(&format!("ai {slip}")).as_deref(), Some("ai inkam"), "{slip}");
        }
        for right in ["inkam sartifikit", "aj", "patrakar", "99999", "onkr", ""] {
            assert_eq!(mended(right), None, "{right}");
        }
    }

    #[test]
    fn the_most_frequent_is_meant_and_the_text_brings_it_back() {
        assert_eq!(lexicon().words[0], "praman");
        assert_eq!(Lexicon::from_text(&lexicon().to_text()), lexicon());
        assert!(is_one_slip("पत्र", "पत्") && !is_one_slip("ab", "ba c") && is_one_slip("ab", "ba"));
    }
}
