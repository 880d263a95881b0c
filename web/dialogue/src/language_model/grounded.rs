//! Whether a rephrasing says only what the approved answer says. Refusing too much costs nothing: the
//! approved answer is said instead.

use crate::grammar::spoken::spoken;
use mohar_dialogue_model::normalise::{normalise, words};
use mohar_schemas::words::length;
use std::collections::{BTreeMap, HashSet};

/// Signs that may stand between words; whatever links, marks up or hides has others.
const SIGNS: &str = " \n.,;:!?()'\"“”‘’-–—/₹%·।&";

/// Whether every sentence of a rephrasing is backed by one statement of the approved passage:
///
/// - its words are of that statement or of the passage's first line (what it is about), or only link words;
/// - its numbers stand before the same words as there;
/// - words that change a rule (no, only, if, or, …) are exactly those of the statement.
///
/// It is not longer than the passage, not in a script that the passage does not have, and has no signs that could be a link, an address or mark-up.
#[must_use]
pub fn grounded(passage: &str, wording: &str) -> bool {
    let plain = |c: char| c.is_alphabetic() || c.is_ascii_digit() || is_devanagari(c) || SIGNS.contains(c);
    let devanagari = |text: &str| text.chars().any(is_devanagari);
    let alien = devanagari(wording) && !devanagari(passage);
    if alien || length(wording) > length(passage) || !wording.chars().all(plain) {
        return false;
    }
    let title: HashSet<String> = passage.lines().next().into_iter().flat_map(tokens).collect();
    let statements: Vec<Vec<String>> = parts(passage).map(tokens).collect();
    let mut sentences = parts(wording).map(tokens).filter(|s| !s.is_empty()).peekable();
    sentences.peek().is_some()
        && sentences.all(|sentence| statements.iter().any(|statement| backs(statement, &title, &sentence)))
}

fn backs(statement: &[String], title: &HashSet<String>, sentence: &[String]) -> bool {
    let spoken = spoken();
    let said = |word: &String| statement.contains(word);
    let known = |word: &String| {
        said(word) || ((spoken.linking.contains(word) || title.contains(word)) && !is_number(word))
    };
    let says_something = sentence.iter().any(|w| said(w) && !spoken.linking.contains(w));
    says_something
        && sentence.iter().all(known)
        && limits(statement) == limits(sentence)
        && numbers(sentence).all(|number| numbers(statement).any(|of| of == number))
}

/// The words that change a rule, and how often each is said.
fn limits(words: &[String]) -> BTreeMap<&str, usize> {
    let mut limits = BTreeMap::new();
    for word in words.iter().filter(|w| spoken().limiting.contains(*w)) {
        *limits.entry(word.as_str()).or_default() += 1;
    }
    limits
}

/// Each number with the word after it: "14 working" is not "14 days". An amount needs none.
fn numbers(words: &[String]) -> impl Iterator<Item = (&str, &str)> {
    let next = words.iter().skip(1).map(String::as_str).chain([""]);
    let pairs = words.iter().map(String::as_str).zip(next);
    pairs.filter(|(word, _)| is_number(word)).map(|(n, next)| (n, if n.contains('₹') { "" } else { next }))
}

fn is_number(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// Devanagari with its vowel signs, nasals and virama; no joiners, which nobody sees.
fn is_devanagari(c: char) -> bool {
    ('\u{900}'..='\u{94f}').contains(&c) || ('०'..='९').contains(&c)
}

/// Sentences and statements.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', '·', ';', '।', '!', '?']);
    lines.flat_map(|line| line.split(". ")).map(|part| part.trim().trim_end_matches('.'))
}

/// Words, normalised; a piece with a digit or with a dot inside stays whole.
fn tokens(part: &str) -> Vec<String> {
    let mut tokens = vec![];
    for piece in normalise(part).split_whitespace() {
        let piece = piece.trim_matches(|c: char| c == '*' || (SIGNS.contains(c) && c != '₹' && c != '%'));
        if is_number(piece) || piece.contains(['.', '/']) {
            tokens.push(piece.to_owned());
        } else {
            tokens.extend(words(piece));
        }
    }
    tokens
}

#[cfg(test)]
#[path = "grounded_tests.rs"]
mod tests;
