//! Chance that repeats: a seed gives the same picture on every machine.

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, and good enough for dirt on paper.
#[derive(Debug, Clone)]
pub struct Chance(u64);

/// A parameter drawn evenly between two bounds.
pub type Range = [f32; 2];

impl Chance {
    /// The same seed, the same chance.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Sixty-four bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    pub fn part(&mut self) -> f32 {
        // Sixteen bits are exact in a float and finer than anything drawn from them.
        f32::from(u16::try_from(self.bits() >> 48).unwrap_or(0)) / 65_536.0
    }

    /// Between two bounds.
    pub fn within(&mut self, [low, high]: Range) -> f32 {
        low + (high - low) * self.part()
    }

    /// A whole number between two bounds, both of which may come.
    pub fn whole(&mut self, [low, high]: Range) -> u32 {
        whole(self.within([low, high + 0.999]).floor())
    }

    /// One of some.
    pub fn pick<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[usize::try_from(self.bits() % some.len() as u64).unwrap_or(0)]
    }

    /// An angle in radians.
    pub fn angle(&mut self) -> f32 {
        self.part() * std::f32::consts::TAU
    }

    /// From a bell curve around nothing with a standard deviation of one (twelve even throws).
    pub fn bell(&mut self) -> f32 {
        // Four throws of sixteen bits from each sixty-four.
        let four = |bits: u64| {
            (0..4).map(|n| real(u32::try_from(bits >> (16 * n) & 0xffff).unwrap_or(0))).sum::<f32>()
        };
        let sum: f32 = (0..3).map(|_| four(self.bits())).sum();
        sum / 65_536.0 - 6.0
    }
}

/// A length in pixels as a count; what lies below nothing is nothing.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates as it is cast"
)]
pub const fn whole(length: f32) -> u32 {
    length as u32
}

/// A count as a length.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "pictures have fewer than sixteen million pixels a side")]
pub const fn real(count: u32) -> f32 {
    count as f32
}
