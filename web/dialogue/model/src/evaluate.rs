//! How well a model does on authors it has never read, and the calibration that follows from it.

use crate::OUT_OF_SCOPE;
use crate::corpus::{Utterance, authors};
use crate::model::{Model, Thresholds, softmax};
use crate::noise::{CARE, Dice, HASTE, misspell};
use crate::train::{Settings, train};
use std::collections::{BTreeMap, BTreeSet};

/// What a model said to an utterance of an author held out.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// What was asked.
    pub asked: &'a Utterance,
    /// The score of each intent.
    pub scores: Vec<f32>,
    /// The place of the intent it took.
    pub best: usize,
    /// The score of each intent when the utterance was misspelt.
    pub misspelt: Vec<f32>,
    /// The place of the intent it took when it was typed in haste.
    pub hasty: usize,
}

/// The answers of models that never read the author.
#[derive(Debug)]
pub struct Answers<'a> {
    /// The intents, in the order of the scores.
    pub intents: Vec<String>,
    /// An answer to every utterance.
    pub answers: Vec<Answer<'a>>,
}

/// Trains without each author in turn and asks what that author wrote.
#[must_use]
pub fn held_out(utterances: &[Utterance], settings: Settings) -> Answers<'_> {
    let authors = authors(utterances);
    let one = |author: &String| {
        let others: Vec<_> = utterances.iter().filter(|u| u.author != *author).cloned().collect();
        let model = train(&others, settings);
        let own: Vec<_> = utterances.iter().filter(|u| u.author == *author).collect();
        let answers = ask(&model, &own);
        (model.intents().to_vec(), answers)
    };
    // A fold depends on nothing but its author: in parallel they give the same.
    let folds: Vec<_> = std::thread::scope(|scope| {
        let folds: Vec<_> = authors.iter().map(|a| scope.spawn(move || one(a))).collect();
        folds.into_iter().filter_map(|f| f.join().ok()).collect()
    });
    let intents = folds.first().map(|f| f.0.clone()).unwrap_or_default();
    Answers { intents, answers: folds.into_iter().flat_map(|f| f.1).collect() }
}

fn ask<'a>(model: &Model, utterances: &[&'a Utterance]) -> Vec<Answer<'a>> {
    let (mut dice, mut hasty_dice) = (Dice::new(77), Dice::new(78));
    let answer = |asked: &&'a Utterance| {
        let scores = model.scores(&asked.text);
        let misspelt = model.scores(&misspell(&asked.text, CARE, &mut dice));
        let hasty = best(&model.scores(&misspell(&asked.text, HASTE, &mut hasty_dice)));
        Answer { asked, best: best(&scores), scores, misspelt, hasty }
    };
    utterances.iter().map(answer).collect()
}

fn best(scores: &[f32]) -> usize {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of utterances are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

impl Answers<'_> {
    /// The mean over intents of F1, for one writing.
    #[must_use]
    pub fn macro_f1(&self, writing: &str) -> f64 {
        // right, said, meant
        let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
        for answer in self.answers.iter().filter(|a| a.asked.writing == writing) {
            let said = self.intents[answer.best].as_str();
            counts.entry(said).or_default().1 += 1;
            let meant = counts.entry(&answer.asked.intent).or_default();
            meant.2 += 1;
            meant.0 += usize::from(said == answer.asked.intent);
        }
        let f1 = counts.values().map(|(right, said, meant)| ratio(2 * right, said + meant));
        f1.sum::<f64>() / ratio(counts.len(), 1)
    }

    /// How often a misspelling changes the answer.
    #[must_use]
    pub fn flip_rate(&self) -> f64 {
        ratio(self.answers.iter().filter(|a| a.best != best(&a.misspelt)).count(), self.answers.len())
    }

    /// How often a misspelling changes an answer that was right.
    #[must_use]
    pub fn right_flip_rate(&self) -> f64 {
        let right = self.answers.iter().filter(|a| self.intents[a.best] == a.asked.intent);
        let (changed, right): (Vec<_>, Vec<_>) = right.partition(|a| a.best != best(&a.misspelt));
        ratio(changed.len(), changed.len() + right.len())
    }

    /// How often an answer changes under slips that the training never saw so many of.
    #[must_use]
    pub fn hasty_flip_rate(&self) -> f64 {
        ratio(self.answers.iter().filter(|a| a.best != a.hasty).count(), self.answers.len())
    }

    /// How often a misspelt utterance is opened (at `threshold`) as something else than the clean one.
    #[must_use]
    pub fn opens_another(&self, temperature: f32, threshold: f32) -> f64 {
        let another = |a: &&Answer<'_>| {
            let misspelt = best(&a.misspelt);
            misspelt != a.best && softmax(&a.misspelt, temperature)[misspelt] >= threshold
        };
        ratio(self.answers.iter().filter(another).count(), self.answers.len())
    }

    /// How surely the likeliest intent of ours tells what is ours from what is not (AUROC).
    #[must_use]
    pub fn auroc(&self, temperature: f32) -> f64 {
        let outside = self.intents.iter().position(|i| i == OUT_OF_SCOPE);
        let ours = |answer: &Answer<'_>| {
            let probabilities = softmax(&answer.scores, temperature).into_iter().enumerate();
            probabilities.filter(|(i, _)| Some(*i) != outside).map(|(_, p)| p).fold(0.0, f32::max)
        };
        let mut ranked: Vec<_> =
            self.answers.iter().map(|a| (ours(a), a.asked.intent == OUT_OF_SCOPE)).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut outside_below, mut pairs, mut inside) = (0, 0, 0);
        for (_, is_outside) in ranked {
            if is_outside {
                outside_below += 1;
            } else {
                inside += 1;
                pairs += outside_below;
            }
        }
        ratio(pairs, inside * outside_below)
    }

    /// The temperature under which the right intents are likeliest.
    #[must_use]
    pub fn temperature(&self) -> f32 {
        let steps = (20..=300_u16).step_by(5).map(|t| f32::from(t) / 100.0);
        let surprise = |temperature: f32| -> f64 {
            let of = |answer: &Answer<'_>| {
                let right = self.intents.iter().position(|i| *i == answer.asked.intent);
                let probability = right.map_or(0.0, |r| softmax(&answer.scores, temperature)[r]);
                -f64::from(probability.max(1e-9)).ln()
            };
            self.answers.iter().map(of).sum()
        };
        let tried = steps.map(|t| (t, surprise(t)));
        tried.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1.0, |(t, _)| t)
    }

    /// Thresholds that keep two promises: of what is opened, a share of `open` is right; of what is
    /// not even offered, the right one would have been among three less often than `offer`.
    #[must_use]
    pub fn thresholds(&self, temperature: f32, open: f64, offer: f64) -> Thresholds {
        let mut judged = self.judged(temperature);
        judged.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let (mut worthless, mut hits) = (0.0, 0);
        for (i, answer) in judged.iter().enumerate() {
            hits += usize::from(answer.rank < 3);
            if ratio(hits, i + 1) < offer {
                worthless = answer.confidence;
            }
        }
        let (mut certain, mut right) = (1.0, 0);
        for (i, answer) in judged.iter().rev().enumerate() {
            right += usize::from(answer.rank == 0);
            if ratio(right, i + 1) >= open {
                certain = answer.confidence;
            }
        }
        Thresholds { open: certain, offer: worthless.min(certain) }
    }

    /// Each answer's confidence and how many intents stood before the right one.
    #[must_use]
    pub fn judged(&self, temperature: f32) -> Vec<Judged<'_>> {
        let judge = |answer: &'_ Answer<'_>| {
            let probabilities = softmax(&answer.scores, temperature);
            let right = self.intents.iter().position(|i| *i == answer.asked.intent);
            let before = |r: usize| probabilities.iter().filter(|p| **p > probabilities[r]).count();
            (probabilities[answer.best], right.map_or(usize::MAX, before))
        };
        let judged = self.answers.iter().map(|a| (a, judge(a)));
        judged.map(|(a, (confidence, rank))| Judged { asked: a.asked, confidence, rank }).collect()
    }

    /// Intents that are taken for one another most often: (meant, said, times).
    #[must_use]
    pub fn confusions(&self) -> Vec<(String, String, usize)> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for answer in &self.answers {
            let said = self.intents[answer.best].as_str();
            if said != answer.asked.intent {
                *counts.entry((&answer.asked.intent, said)).or_default() += 1;
            }
        }
        let mut counts: Vec<_> =
            counts.into_iter().map(|((m, s), n)| (m.to_owned(), s.to_owned(), n)).collect();
        counts.sort_by_key(|c| std::cmp::Reverse(c.2));
        counts
    }

    /// The writings of the corpus.
    #[must_use]
    pub fn writings(&self) -> BTreeSet<&str> {
        self.answers.iter().map(|a| a.asked.writing.as_str()).collect()
    }
}

/// An answer, judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// What was asked.
    pub asked: &'a Utterance,
    /// The probability of the intent it took.
    pub confidence: f32,
    /// How many intents stood before the right one.
    pub rank: usize,
}
