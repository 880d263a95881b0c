//! Training: softmax regression by Adagrad, an utterance at a time, as written and misspelt.

use crate::corpus::{Utterance, intents};
use crate::features::{BUCKETS, features};
use crate::lexicon::Lexicon;
use crate::model::{Model, Parts, Thresholds, softmax, value};
use crate::noise::{CARE, Dice, misspell};
use crate::skeleton::skeletons;

/// How to train.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often every utterance is seen, two times of three misspelt.
    pub rounds: usize,
    /// The first step.
    pub rate: f32,
    /// At most so many buckets get a row: size is rows × intents bytes.
    pub rows: usize,
    /// Of the misspellings and the order.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rounds: 12, rate: 2.0, rows: 36_000, seed: 2026 }
    }
}

/// Trains on the utterances; not yet calibrated.
#[must_use]
pub fn train(utterances: &[Utterance], settings: Settings) -> Model {
    let intents = intents(utterances);
    let lessons: Vec<(Vec<u32>, usize)> = utterances
        .iter()
        .map(|u| (features(&u.text), intents.binary_search(&u.intent).unwrap_or(0)))
        .collect();
    let mut learner = Learner::new(intents, frequent(&lessons, settings.rows), settings.rate);
    let mut dice = Dice::new(settings.seed);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    for round in 0..settings.rounds {
        dice.shuffle(&mut order);
        for i in &order {
            let (clean, intent) = &lessons[*i];
            if round % 3 == 0 {
                learner.learn(clean, *intent);
            } else {
                learner.learn(&features(&misspell(&utterances[*i].text, CARE, &mut dice)), *intent);
            }
        }
    }
    let parts = Parts {
        intents: learner.intents,
        biases: learner.biases,
        buckets: learner.buckets,
        rows: learner.weights,
        lexicon: Lexicon::of(utterances.iter().flat_map(|u| skeletons(&u.text))),
    };
    Model::quantised(parts, 1.0, Thresholds { open: 1.0, offer: 1.0 })
}

/// The buckets of most utterances, in order of their number; those of one utterance say nothing.
fn frequent(lessons: &[(Vec<u32>, usize)], rows: usize) -> Vec<u32> {
    let mut counts = vec![0_u32; BUCKETS as usize];
    for bucket in lessons.iter().flat_map(|(buckets, _)| buckets) {
        counts[*bucket as usize] += 1;
    }
    let mut buckets: Vec<u32> = (0..BUCKETS).filter(|b| counts[*b as usize] > 1).collect();
    // Stable: buckets of the same frequency stay in order.
    buckets.sort_by_key(|b| std::cmp::Reverse(counts[*b as usize]));
    buckets.truncate(rows);
    buckets.sort_unstable();
    buckets
}

struct Learner {
    intents: Vec<String>,
    buckets: Vec<u32>,
    /// The row of each bucket.
    row: Vec<Option<u32>>,
    biases: Vec<f32>,
    weights: Vec<f32>,
    /// Squares of the gradients so far, a row each: rare features take larger steps.
    squares: Vec<f32>,
    rate: f32,
}

impl Learner {
    fn new(intents: Vec<String>, buckets: Vec<u32>, rate: f32) -> Self {
        let mut row = vec![None; BUCKETS as usize];
        for (i, bucket) in buckets.iter().enumerate() {
            row[*bucket as usize] = u32::try_from(i).ok();
        }
        let columns = intents.len();
        Self {
            biases: vec![0.0; columns],
            weights: vec![0.0; columns * buckets.len()],
            squares: vec![0.01; buckets.len()],
            intents,
            buckets,
            row,
            rate,
        }
    }

    fn learn(&mut self, features: &[u32], intent: usize) {
        let columns = self.intents.len();
        let value = value(features.len());
        let rows: Vec<usize> =
            features.iter().filter_map(|f| self.row[*f as usize]).map(|r| r as usize).collect();
        let mut scores = vec![0.0_f32; columns];
        for row in &rows {
            for (score, weight) in scores.iter_mut().zip(&self.weights[row * columns..][..columns]) {
                *score += weight;
            }
        }
        for (score, bias) in scores.iter_mut().zip(&self.biases) {
            *score = *score * value + bias;
        }
        let mut errors = softmax(&scores, 1.0);
        errors[intent] -= 1.0;
        let square: f32 = errors.iter().map(|e| e * e).sum();
        for row in rows {
            self.squares[row] += square * value * value;
            let step = self.rate * value / self.squares[row].sqrt();
            for (weight, error) in self.weights[row * columns..][..columns].iter_mut().zip(&errors) {
                *weight -= step * error;
            }
        }
        for (bias, error) in self.biases.iter_mut().zip(&errors) {
            *bias -= 0.002 * error;
        }
    }
}
