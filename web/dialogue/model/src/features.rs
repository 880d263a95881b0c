//! Features of a message: hashed character n-grams over its skeleton and over the consonants
//! of it, words and pairs of words.

use crate::skeleton::{consonants, skeletons};

/// Buckets, a power of two.
pub const BUCKETS: u32 = 1 << 18;

/// The buckets of a message, each once, in order.
#[must_use]
pub fn features(text: &str) -> Vec<u32> {
    features_of(&skeletons(text))
}

/// The same of a message whose words are skeletons already.
#[must_use]
pub fn features_of(words: &[String]) -> Vec<u32> {
    let keys: Vec<_> = words.iter().map(|w| consonants(w)).collect();
    let mut buckets = vec![];
    if words.is_empty() {
        return buckets;
    }
    for (kind, words) in [(b'g', words), (b'c', &keys)] {
        let line: Vec<char> = format!("_{}_", words.join("_")).chars().collect();
        for n in 2..=4 {
            buckets.extend(line.windows(n).map(|gram| bucket(kind, gram.iter().copied())));
        }
    }
    for (kind, pair, words) in [(b'w', b'p', words), (b'k', b'q', &keys)] {
        buckets.extend(words.iter().map(|w| bucket(kind, w.chars())));
        buckets.extend(words.windows(2).map(|two| bucket(pair, two.join(" ").chars())));
    }
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// FNV-1a, its high bits folded in.
fn bucket(kind: u8, chars: impl Iterator<Item = char>) -> u32 {
    let step = |hash: u32, value: u32| (hash ^ value).wrapping_mul(0x0100_0193);
    let hash = chars.fold(step(0x811c_9dc5, u32::from(kind)), |hash, c| step(hash, c as u32));
    (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d) >> (32 - BUCKETS.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_meaning_in_three_spellings_shares_most_features() {
        let one = features("जाति प्रमाण पत्र");
        for other in ["jaati pramaan patra", "jati parman patar", "Jati-praman patra!"] {
            let other = features(other);
            let shared = one.iter().filter(|f| other.contains(f)).count();
            assert!(shared * 5 > one.len() * 2, "{shared} of {}", one.len());
        }
        assert!(features("").is_empty() && features(" ?! ").is_empty());
        assert!(one.iter().all(|f| *f < BUCKETS));
    }
}
