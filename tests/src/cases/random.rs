//! A seeded source of choices (SplitMix64, Steele et al. 2014): the same on every machine.

use std::ops::RangeInclusive;

/// The source.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap_or(0)
    }

    pub fn between(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (first, last) = range.into_inner();
        let choices = last.abs_diff(first) + 1;
        first.wrapping_add((self.next() % choices).cast_signed())
    }

    /// True in `percent` of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// As many bytes as the range has it.
    pub fn bytes(&mut self, lengths: RangeInclusive<usize>) -> Vec<u8> {
        let length = lengths.start() + self.below(lengths.end() - lengths.start() + 1);
        (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    pub fn secret(&mut self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret.fill_with(|| self.next().to_le_bytes()[0]);
        secret
    }
}
