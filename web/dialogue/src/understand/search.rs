//! Search over services and schemes (BM25 on skeleton words and their trigrams), for what no
//! intent claims.

use mohar_dialogue_model::skeleton::skeletons;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Saturation of repeated terms, and how much length counts: the usual values.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// A trigram is worth a part of a word.
const TRIGRAM: f32 = 0.2;

/// An index of titles and words for them.
pub struct Index {
    intents: Vec<String>,
    /// For each term the entries that have it, with its saturated frequency.
    postings: HashMap<String, Vec<(usize, f32)>>,
    rarity: HashMap<String, f32>,
    unknown: f32,
    /// Skeletons of words that say nothing about what is searched.
    little: BTreeSet<String>,
}

impl Index {
    /// Indexes entries: an intent, and texts about it. Little words are not searched for.
    #[expect(clippy::cast_precision_loss, reason = "some dozens of entries of some hundred terms")]
    pub fn new<'a>(
        entries: impl IntoIterator<Item = (String, Vec<&'a str>)>,
        little: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let little: BTreeSet<String> = little.into_iter().flat_map(skeletons).collect();
        let mut intents = vec![];
        let mut counts: Vec<BTreeMap<String, f32>> = vec![];
        for (intent, texts) in entries {
            let mut terms: BTreeMap<String, f32> = BTreeMap::new();
            for term in texts.iter().flat_map(|t| terms_of(t, &little)) {
                *terms.entry(term).or_default() += 1.0;
            }
            intents.push(intent);
            counts.push(terms);
        }
        let lengths: Vec<f32> = counts.iter().map(|c| c.values().sum()).collect();
        let mean = lengths.iter().sum::<f32>() / lengths.len().max(1) as f32;
        let mut postings: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (entry, terms) in counts.into_iter().enumerate() {
            let longer = K1 * (1.0 - B + B * lengths[entry] / mean);
            for (term, count) in terms {
                postings.entry(term).or_default().push((entry, count * (K1 + 1.0) / (count + longer)));
            }
        }
        let total = intents.len() as f32;
        let rarity = |with: f32| ((total - with + 0.5) / (with + 0.5)).ln_1p();
        let of =
            |(term, entries): (&String, &Vec<_>)| (term.clone(), rarity(entries.len() as f32) * worth(term));
        Self { rarity: postings.iter().map(of).collect(), unknown: rarity(0.0), intents, postings, little }
    }

    /// The best entries with the share of the question that they answer, best first.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<(&str, f32)> {
        let terms = terms_of(text, &self.little);
        let mut scores = vec![0.0_f32; self.intents.len()];
        let mut possible = f32::MIN_POSITIVE;
        for term in &terms {
            let rarity = self.rarity.get(term).copied().unwrap_or(self.unknown * worth(term));
            possible += rarity * 1.2;
            for (entry, frequency) in self.postings.get(term).into_iter().flatten() {
                scores[*entry] += rarity * frequency;
            }
        }
        let mut found: Vec<_> = scores.into_iter().enumerate().filter(|(_, s)| *s > 0.0).collect();
        // Stable: entries of the same score stay in the order of the menus.
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.into_iter().map(|(i, s)| (self.intents[i].as_str(), (s / possible).min(1.0))).collect()
    }
}

fn worth(term: &str) -> f32 {
    if term.starts_with('#') { TRIGRAM } else { 1.0 }
}

fn terms_of(text: &str, little: &BTreeSet<String>) -> Vec<String> {
    let mut terms = vec![];
    for word in skeletons(text).into_iter().filter(|w| !little.contains(w)) {
        let letters: Vec<char> = format!("_{word}_").chars().collect();
        terms.extend(letters.windows(3).map(|three| format!("#{}", three.iter().collect::<String>())));
        terms.push(word);
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_title_is_first_in_any_script() {
        let entries = [
            ("income".to_owned(), vec!["Income certificate", "आय प्रमाण पत्र"]),
            ("water".to_owned(), vec!["New water connection", "नया पानी का कनेक्शन"]),
        ];
        let index = Index::new(entries, ["ka", "the"]);
        for text in ["pani ka conection", "पानी", "water"] {
            assert_eq!(index.search(text)[0].0, "water", "{text}");
        }
        assert!(index.search("").is_empty());
        assert!(index.search("ayy praman")[0].0 == "income");
    }
}
