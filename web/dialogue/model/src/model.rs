//! The trained model: which buckets count, and what each says for each intent, in eight bits.

use crate::features::{BUCKETS, features_of};
use crate::lexicon::Lexicon;
use crate::skeleton::skeletons;

const MAGIC: &[u8; 8] = b"MOHARE02";
const WORDS: usize = BUCKETS as usize / 64;

/// A model, read from the bytes that training wrote.
#[derive(Debug, Clone)]
pub struct Model {
    intents: Vec<String>,
    biases: Vec<f32>,
    scales: Vec<f32>,
    /// Divides the scores before they become probabilities.
    temperature: f32,
    thresholds: Thresholds,
    lexicon: Lexicon,
    /// A bit for each bucket that has a row, and the rows before each word of bits.
    known: Vec<u64>,
    before: Vec<u32>,
    /// A row of weights for each known bucket, an intent a column.
    rows: Vec<i8>,
}

/// From which confidence on a guess is acted on; found on utterances of authors held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Opens what was understood.
    pub open: f32,
    /// Offers up to three.
    pub offer: f32,
}

/// Bytes that are no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoModel;

impl std::fmt::Display for NoModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("these bytes are no model of this version")
    }
}

impl std::error::Error for NoModel {}

/// What a model is made of, before it is made small.
pub struct Parts {
    /// The intents, a column each.
    pub intents: Vec<String>,
    /// A bias for each intent.
    pub biases: Vec<f32>,
    /// The known buckets, in order.
    pub buckets: Vec<u32>,
    /// Weights: a row for each bucket.
    pub rows: Vec<f32>,
    /// The words it was trained on.
    pub lexicon: Lexicon,
}

impl Model {
    /// Makes weights small: one scale an intent, eight bits a weight.
    #[must_use]
    pub fn quantised(parts: Parts, temperature: f32, thresholds: Thresholds) -> Self {
        let columns = parts.intents.len();
        let mut scales = vec![f32::MIN_POSITIVE; columns];
        for row in parts.rows.chunks_exact(columns) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs() / 127.0);
            }
        }
        let small = parts.rows.iter().enumerate().map(|(i, w)| to_i8(w / scales[i % columns])).collect();
        let mut known = vec![0; WORDS];
        for bucket in parts.buckets {
            known[bucket as usize / 64] |= 1 << (bucket % 64);
        }
        let before = ranks(&known);
        let Parts { intents, biases, lexicon, .. } = parts;
        Self { intents, biases, scales, temperature, thresholds, lexicon, known, before, rows: small }
    }

    /// The same weights with another calibration.
    #[must_use]
    pub fn calibrated(self, temperature: f32, thresholds: Thresholds) -> Self {
        Self { temperature, thresholds, ..self }
    }

    /// The intents.
    #[must_use]
    pub fn intents(&self) -> &[String] {
        &self.intents
    }

    /// From where on a guess is acted on.
    #[must_use]
    pub const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The score of each intent, before calibration: the mean of what the message says as typed and
    /// with its slips mended, for what is mended may have been right.
    #[must_use]
    pub fn scores(&self, text: &str) -> Vec<f32> {
        let typed = skeletons(text);
        let scores = self.scores_of(&typed);
        let Some(mended) = self.lexicon.mended(&typed) else { return scores };
        scores.into_iter().zip(self.scores_of(&mended)).map(|(a, b)| f32::midpoint(a, b)).collect()
    }

    /// Features nobody was trained on weaken all.
    fn scores_of(&self, words: &[String]) -> Vec<f32> {
        let buckets = features_of(words);
        let columns = self.intents.len();
        let mut sums = vec![0_i32; columns];
        for row in buckets.iter().filter_map(|b| self.row(*b)) {
            for (sum, weight) in sums.iter_mut().zip(&self.rows[row * columns..][..columns]) {
                *sum += i32::from(*weight);
            }
        }
        let length = value(buckets.len());
        let column = |(i, sum): (usize, i32)| self.biases[i] + small(sum) * self.scales[i] * length;
        sums.into_iter().enumerate().map(column).collect()
    }

    /// Every intent with its probability, the likeliest first.
    #[must_use]
    pub fn ranked(&self, text: &str) -> Vec<(&str, f32)> {
        let probabilities = softmax(&self.scores(text), self.temperature);
        let mut ranked: Vec<_> = self.intents.iter().map(String::as_str).zip(probabilities).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }

    fn row(&self, bucket: u32) -> Option<usize> {
        let (word, bit) = (bucket as usize / 64, bucket % 64);
        let below = self.known[word] & ((1 << bit) - 1);
        (self.known[word] >> bit & 1 == 1).then(|| (self.before[word] + below.count_ones()) as usize)
    }

    /// Writes the model down.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let mut float = |f: f32| bytes.extend(f.to_le_bytes());
        [self.temperature, self.thresholds.open, self.thresholds.offer].into_iter().for_each(&mut float);
        let count = u32::try_from(self.intents.len()).unwrap_or(u32::MAX);
        bytes.extend(count.to_le_bytes());
        for ((name, bias), scale) in self.intents.iter().zip(&self.biases).zip(&self.scales) {
            bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            bytes.extend(name.bytes().take(255));
            bytes.extend(bias.to_le_bytes());
            bytes.extend(scale.to_le_bytes());
        }
        let words = self.lexicon.to_text();
        bytes.extend(u32::try_from(words.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(words.as_bytes());
        bytes.extend(self.known.iter().flat_map(|w| w.to_le_bytes()));
        bytes.extend(self.rows.iter().map(|w| w.cast_unsigned()));
        bytes
    }

    /// Reads what [`Model::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoModel> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(NoModel);
        }
        let temperature = reader.float()?;
        let thresholds = Thresholds { open: reader.float()?, offer: reader.float()? };
        let count = reader.number()? as usize;
        let (mut intents, mut biases, mut scales) = (vec![], vec![], vec![]);
        for _ in 0..count {
            let length = usize::from(reader.take(1)?[0]);
            intents.push(String::from_utf8(reader.take(length)?.to_vec()).map_err(|_| NoModel)?);
            biases.push(reader.float()?);
            scales.push(reader.float()?);
        }
        let length = reader.number()? as usize;
        let words = std::str::from_utf8(reader.take(length)?).map_err(|_| NoModel)?;
        let lexicon = Lexicon::from_text(words);
        let word = |w: &[u8]| w.try_into().map(u64::from_le_bytes).map_err(|_| NoModel);
        let known = reader.take(WORDS * 8)?.chunks_exact(8).map(word).collect::<Result<Vec<_>, _>>()?;
        let rows: Vec<i8> = reader.0.iter().map(|b| b.cast_signed()).collect();
        let expected: u32 = known.iter().map(|w: &u64| w.count_ones()).sum();
        if count == 0 || rows.len() != expected as usize * count {
            return Err(NoModel);
        }
        let before = ranks(&known);
        Ok(Self { intents, biases, scales, temperature, thresholds, lexicon, known, before, rows })
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], NoModel> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(NoModel)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, NoModel> {
        self.take(4)?.try_into().map(u32::from_le_bytes).map_err(|_| NoModel)
    }

    fn float(&mut self) -> Result<f32, NoModel> {
        self.number().map(f32::from_bits)
    }
}

/// What each of `count` features weighs, so that long messages do not shout.
#[expect(clippy::cast_precision_loss, reason = "at most some thousands")]
pub(crate) fn value(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

/// Probabilities from scores.
#[must_use]
pub fn softmax(scores: &[f32], temperature: f32) -> Vec<f32> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = scores.iter().map(|s| ((s - most) / temperature).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

fn ranks(known: &[u64]) -> Vec<u32> {
    let running = known.iter().scan(0, |sum, word| {
        let before = *sum;
        *sum += word.count_ones();
        Some(before)
    });
    running.collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a float saturates when it becomes an integer")]
const fn to_i8(weight: f32) -> i8 {
    weight.round() as i8
}

#[expect(clippy::cast_precision_loss, reason = "sums of a few thousand eight-bit weights are exact")]
const fn small(sum: i32) -> f32 {
    sum as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_survives_its_bytes_and_junk_is_refused() {
        let buckets = crate::features::features("income");
        let lexicon = Lexicon::of(["inkam", "inkam"].map(ToOwned::to_owned));
        let rows: Vec<f32> = buckets.iter().flat_map(|_| [1.0, -0.5]).collect();
        let parts =
            Parts { intents: vec!["a".into(), "b".into()], biases: vec![0.0, 0.1], buckets, rows, lexicon };
        let model = Model::quantised(parts, 1.0, Thresholds { open: 0.8, offer: 0.3 });
        let bytes = model.to_bytes();
        let again = Model::from_bytes(&bytes).unwrap();
        assert_eq!(again.to_bytes(), bytes);
        assert_eq!(again.ranked("income")[0].0, "a");
        assert_eq!(again.ranked("inkm")[0].0, "a");
        assert_eq!(again.ranked("")[0].0, "b");
        for cut in [0, 7, 20, bytes.len() - 1] {
            assert_eq!(Model::from_bytes(&bytes[..cut]).unwrap_err(), NoModel);
        }
    }
}
