//! What of a message may leave: only words of a closed vocabulary, which tell of nobody. So a name needs
//! no recognising to stay, nor does an address, a card's number or a number nobody thought of.

use crate::grammar::spoken::{sound, spoken};
use mohar_dialogue_model::normalise::{normalise, words};
use mohar_dialogue_model::skeleton::skeleton;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Stands for a word that is not in the vocabulary.
const WORD: &str = "[word]";
/// Stands for a name that the draft knows.
const NAME: &str = "[name]";
/// Stands for a number beyond the twenty-sixth.
const NUMBER: &str = "[number]";
/// As much of a message leaves, in characters.
const LIMIT: usize = 600;
/// So many number words in one message are a number that is spelt out.
const SPELT_OUT: usize = 4;
/// A skeleton this short is that of too many words.
const SKELETON_MIN: usize = 3;

/// A message without what may tell of somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redacted {
    /// What may leave.
    pub text: String,
    /// The numbers, in the order of `[number-a]`, `[number-b]` …; they stay here.
    numbers: Vec<String>,
}

/// Redacts a message. `names` are words that the draft knows as parts of names.
#[must_use]
pub fn redact(said: &str, names: &[&str]) -> Redacted {
    let names: HashSet<String> = names.iter().flat_map(|n| words(&normalise(n))).map(|n| sound(&n)).collect();
    let said: String = normalise(said).chars().take(LIMIT).collect();
    let tokens: Vec<Token> = said.split_whitespace().flat_map(tokens).collect();
    let spelt = tokens.iter().filter(|t| matches!(t, Token::Spelt(_))).count() >= SPELT_OUT;
    let mut redacted = Redacted::default();
    let mut rest = &tokens[..];
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|t| matches!(t, Token::Spelt(_))).count();
        match first {
            Token::Number(number) => redacted.hide(number.clone()),
            Token::Spelt(_) if spelt || run > 1 => {
                redacted.hide(rest[..run].iter().map(Token::text).collect::<Vec<_>>().join(" "));
            }
            Token::Spelt(word) | Token::Word(word) if names.contains(&sound(word)) => redacted.push(NAME),
            Token::Spelt(word) | Token::Word(word) => redacted.push(vocabulary().find(word).unwrap_or(WORD)),
        }
        rest = &rest[if run > 1 { run } else { 1 }..];
    }
    redacted
}

impl Redacted {
    fn hide(&mut self, number: String) {
        let label = u8::try_from(self.numbers.len()).ok().and_then(label);
        self.push(&label.unwrap_or_else(|| NUMBER.to_owned()));
        self.numbers.push(number);
    }

    fn push(&mut self, token: &str) {
        let again = token.starts_with('[') && self.text.ends_with(token);
        if !again {
            let between = if self.text.is_empty() { "" } else { " " };
            self.text = format!("{}{between}{token}", self.text);
        }
    }

    /// Whether anything but placeholders is left.
    pub(crate) fn has_words(&self) -> bool {
        self.text.split(' ').any(|token| !token.is_empty() && !token.starts_with('['))
    }

    /// The numbers put back into what a model made of the message. Nothing where it says a number or a
    /// word that the message does not; months alone may be named.
    #[must_use]
    pub fn restore(&self, made: &str) -> Option<String> {
        let said: HashSet<&str> = self.text.split(' ').collect();
        let mut restored = vec![];
        for token in made.split_whitespace() {
            let token = token.trim_matches([',', '.', ';']).to_lowercase();
            let number = (0_u8..).zip(&self.numbers).find(|(n, _)| label(*n).is_some_and(|l| l == token));
            restored.push(match number {
                Some((_, number)) => number.clone(),
                None if token.starts_with('[') => return None,
                None => {
                    let plain = normalise(&token);
                    let month = spoken().months.contains_key(&sound(&plain));
                    (month || said.contains(plain.as_str())).then_some(plain)?
                }
            });
        }
        (!restored.is_empty()).then(|| restored.join(" "))
    }
}

/// `[number-a]` to `[number-z]`.
fn label(n: u8) -> Option<String> {
    (n < 26).then(|| format!("[number-{}]", char::from(b'a' + n)))
}

enum Token {
    /// Anything with a digit in it: amounts, days, numbers of cards and papers.
    Number(String),
    /// A number word.
    Spelt(String),
    Word(String),
}

impl Token {
    fn text(&self) -> &str {
        let (Self::Number(text) | Self::Spelt(text) | Self::Word(text)) = self;
        text
    }
}

/// The tokens of a piece without spaces.
fn tokens(piece: &str) -> Vec<Token> {
    if piece.chars().any(char::is_numeric) {
        return vec![Token::Number(piece.trim_matches(['(', ')', ',', '.', '!', '?', '।']).to_owned())];
    }
    let letters = words(piece).into_iter().filter(|w| w.chars().any(char::is_alphabetic));
    letters.map(|w| if counts(&w) { Token::Spelt(w) } else { Token::Word(w) }).collect()
}

fn counts(word: &str) -> bool {
    let (spoken, sound) = (spoken(), sound(word));
    // "For" sounds like four, and is said far more often.
    word != "for"
        && (spoken.numbers.contains_key(&sound)
            || spoken.scales.contains_key(&sound)
            || spoken.fractions.contains_key(&sound))
}

/// The words that may leave.
pub(super) struct Vocabulary {
    words: HashSet<&'static str>,
    by_skeleton: HashMap<String, Vec<&'static str>>,
}

impl Vocabulary {
    /// The vocabulary's own spelling of a word, in its own script where there is one: what leaves is never
    /// what was typed.
    fn find(&self, word: &str) -> Option<&'static str> {
        if let Some(exact) = self.words.get(word) {
            return Some(exact);
        }
        let skeleton = skeleton(word);
        let alike = self.by_skeleton.get(&skeleton).filter(|_| skeleton.len() >= SKELETON_MIN)?;
        alike.iter().find(|w| w.is_ascii() == word.is_ascii()).or(alike.first()).copied()
    }

    /// Whether a word is in it.
    #[cfg(test)]
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// What two authors of `schemas/assistant` use at least, without names that are words, too.
pub(super) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
        let words = include_str!(concat!(env!("OUT_DIR"), "/vocabulary.txt")).lines();
        let words = words.filter(|w| !spoken().names.contains(&sound(w)));
        let mut vocabulary = Vocabulary { words: words.collect(), by_skeleton: HashMap::new() };
        let mut sorted: Vec<_> = vocabulary.words.iter().copied().collect();
        sorted.sort_unstable();
        for word in sorted {
            vocabulary.by_skeleton.entry(skeleton(word)).or_default().push(word);
        }
        vocabulary
    });
    &VOCABULARY
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
