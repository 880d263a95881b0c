//! Spellings folded into one skeleton: जाति, jaati, jati and jaatee are all "jati".

use crate::normalise::{normalise, words};
use crate::romanise::romanise;

/// Letters that are written two ways; the first that fits is taken, longer ones first.
const FOLDS: &[(&str, &str)] = &[
    ("chh", "c"),
    ("ch", "c"),
    ("sh", "s"),
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("th", "t"),
    ("dh", "d"),
    ("bh", "b"),
    ("jh", "j"),
    ("rh", "r"),
    ("wh", "v"),
    ("ck", "k"),
    ("ce", "si"),
    ("ci", "si"),
    ("cy", "si"),
    ("tion", "san"),
    ("sion", "san"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("z", "j"),
    ("aa", "a"),
    ("ai", "i"),
    ("ay", "i"),
    ("au", "u"),
    ("ea", "i"),
    ("ee", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("oo", "u"),
    ("ou", "u"),
    ("ow", "u"),
    ("e", "i"),
    ("y", "i"),
    ("o", "u"),
];

/// The words of a message as typed, each as its skeleton; a number is a row of nines, by its length.
#[must_use]
pub fn skeletons(text: &str) -> Vec<String> {
    words(&normalise(text)).iter().map(|w| skeleton(w)).collect()
}

/// The skeleton of one normalised word.
#[must_use]
pub fn skeleton(word: &str) -> String {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return "9".repeat(word.len().min(5));
    }
    let latin = romanise(word);
    let mut folded = fold(&latin);
    // The nasal at the end comes and goes: hai, hain; hu, hoon.
    if folded.len() > 2 && folded.ends_with('n') {
        folded.pop();
    }
    folded
}

fn fold(latin: &str) -> String {
    let mut folded = String::with_capacity(latin.len());
    let mut rest = latin;
    while let Some(first) = rest.chars().next() {
        let (from, to) = FOLDS.iter().find(|(from, _)| rest.starts_with(from)).copied().unwrap_or(("", ""));
        rest = &rest[if from.is_empty() { first.len_utf8() } else { from.len() }..];
        let mut own = [0; 4];
        let to = if from.is_empty() { &*first.encode_utf8(&mut own) } else { to };
        for c in to.chars() {
            // Breath inside a word comes and goes, and so do doubled letters.
            let is_breath = c == 'h' && !folded.is_empty();
            if !is_breath && !folded.ends_with(c) {
                folded.push(c);
            }
        }
    }
    folded
}

/// The consonants of a skeleton: what is left when every vowel is wrong.
#[must_use]
pub fn consonants(skeleton: &str) -> String {
    let mut kept = String::new();
    for (i, c) in skeleton.char_indices() {
        if (i == 0 || !matches!(c, 'a' | 'i' | 'u')) && !kept.ends_with(c) {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_come_together() {
        for same in [
            &["जाति", "jaati", "jati", "jaatee", "Jathi"][..],
            &["प्रमाण", "pramaan", "praman", "PRAMAAN"],
            &["चाहिए", "chahiye", "chaahie", "chahie", "chahiyee"],
            &["विवाह", "vivaah", "wiwah", "vivah"],
            &["फ़ीस", "phees", "fees", "fis"],
            &["ज़मीन", "zameen", "jamin", "jameen"],
            &["हूँ", "hoon", "hun", "huun"],
            &["शादी", "shaadi", "shadi", "sadi", "shaadee"],
        ] {
            let first = skeletons(same[0]);
            for other in same {
                assert_eq!(skeletons(other), first, "{other}");
            }
        }
        assert_eq!(consonants("sirtifikiti"), consonants("sartifikit"));
    }
}
