//! Sets of indices as bits, close to the information bound (credential.md §10.1): the gaps between
//! neighbours in Rice codes whose parameter follows the running mean, so that indices strewn at
//! random and those withdrawn in a row are both short.

/// A longer unary part is cut here and the gap written out.
const UNARY_MAX: u64 = 24;
/// The mean starts as if this many gaps had been seen.
const SEEN_FIRST: u64 = 8;
/// Then the sums are halved, so that the mean forgets.
const SEEN_MAX: u64 = 32;

/// The running mean of the gaps, and the Rice parameter that fits it.
struct Mean {
    sum: u64,
    seen: u64,
}

impl Mean {
    fn of(universe: u64, count: u64) -> Self {
        Self { sum: SEEN_FIRST * (universe / count.max(1)), seen: SEEN_FIRST }
    }

    /// The logarithm of the mean, rounded down.
    fn parameter(&self) -> u32 {
        (self.sum / self.seen).checked_ilog2().unwrap_or(0)
    }

    fn add(&mut self, gap: u64) {
        self.sum += gap;
        self.seen += 1;
        if self.seen == SEEN_MAX {
            self.sum /= 2;
            self.seen /= 2;
        }
    }
}

/// Writes sets of ascending indices below `universe`, one set after the other.
#[must_use]
pub fn write(sets: &[Vec<u64>], universe: u64) -> Vec<u8> {
    let mut bits = Writer::default();
    for set in sets {
        let count = set.len() as u64 + 1;
        bits.ones_then_zero(u64::from(count.ilog2()));
        bits.number(count, count.ilog2());
        let mut mean = Mean::of(universe, set.len() as u64);
        let mut next = 0;
        for index in set {
            write_gap(&mut bits, index - next, mean.parameter(), universe);
            mean.add(index - next + 1);
            next = index + 1;
        }
    }
    bits.bytes
}

fn write_gap(bits: &mut Writer, skipped: u64, parameter: u32, universe: u64) {
    let unary = skipped >> parameter;
    if unary < UNARY_MAX {
        bits.ones_then_zero(unary);
        bits.number(skipped, parameter);
    } else {
        bits.ones(UNARY_MAX);
        bits.number(skipped, width(universe));
    }
}

/// Bits that any index below `universe` fits in.
fn width(universe: u64) -> u32 {
    u64::BITS - universe.saturating_sub(1).leading_zeros()
}

/// Reads `sets` sets back; none where another encoding of them exists or an index is not below
/// `universe`.
#[must_use]
pub fn read(bytes: &[u8], sets: usize, universe: u64) -> Option<Vec<Vec<u64>>> {
    let mut bits = Reader { bytes, at: 0 };
    let read = (0..sets).map(|_| read_set(&mut bits, universe)).collect::<Option<Vec<_>>>()?;
    bits.ends().then_some(read)
}

fn read_set(bits: &mut Reader<'_>, universe: u64) -> Option<Vec<u64>> {
    let width = bits.ones(40)?;
    let count = (1 << width | bits.number(u32::try_from(width).ok()?)?) - 1;
    let mut mean = Mean::of(universe, count);
    let mut next = 0u64;
    // Every index takes a bit at least: a count that the bytes cannot hold is refused unread.
    let mut set = Vec::with_capacity(usize::try_from(count).ok().filter(|n| *n <= bits.left())?);
    for _ in 0..count {
        let skipped = read_gap(bits, mean.parameter(), universe)?;
        let index = next.checked_add(skipped).filter(|i| *i < universe)?;
        mean.add(skipped + 1);
        next = index + 1;
        set.push(index);
    }
    Some(set)
}

fn read_gap(bits: &mut Reader<'_>, parameter: u32, universe: u64) -> Option<u64> {
    let unary = bits.ones(UNARY_MAX)?;
    if unary < UNARY_MAX {
        return Some(unary << parameter | bits.number(parameter)?);
    }
    bits.number(width(universe)).filter(|skipped| skipped >> parameter >= UNARY_MAX)
}

/// Bits, the highest of each byte first; the last byte is filled up with zeros.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    used: u32,
}

impl Writer {
    fn bit(&mut self, bit: bool) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.used % 8);
        }
        self.used = (self.used + 1) % 8;
    }

    fn ones(&mut self, count: u64) {
        (0..count).for_each(|_| self.bit(true));
    }

    fn ones_then_zero(&mut self, count: u64) {
        self.ones(count);
        self.bit(false);
    }

    /// The lowest `width` bits of a number.
    fn number(&mut self, number: u64, width: u32) {
        (0..width).rev().for_each(|place| self.bit(number >> place & 1 == 1));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl Reader<'_> {
    fn bit(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        self.at += 1;
        Some(byte >> (7 - (self.at - 1) % 8) & 1 == 1)
    }

    /// How many ones there are before a zero, which is read, too; after `most` there is none.
    fn ones(&mut self, most: u64) -> Option<u64> {
        let mut count = 0;
        while count < most && self.bit()? {
            count += 1;
        }
        Some(count)
    }

    fn number(&mut self, width: u32) -> Option<u64> {
        (0..width).try_fold(0, |number, _| Some(number << 1 | u64::from(self.bit()?)))
    }

    fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    /// Nothing is left but the zeros that fill up the last byte.
    fn ends(mut self) -> bool {
        self.left() < 8 && (0..self.left()).all(|_| self.bit() == Some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNIVERSE: u64 = 1 << 17;

    #[test]
    fn every_index_of_a_block_in_a_row_takes_a_bit_each() {
        let all = vec![(0..UNIVERSE).collect::<Vec<_>>()];
        let bytes = write(&all, UNIVERSE);
        assert!(bytes.len() < 17_000, "{}", bytes.len());
        assert_eq!(read(&bytes, 1, UNIVERSE), Some(all));
    }

    #[test]
    fn a_lonely_index_after_a_long_row_is_written_out() {
        let sets = vec![(0..1_000).chain([UNIVERSE - 1]).collect::<Vec<_>>(), vec![], vec![5]];
        assert_eq!(read(&write(&sets, UNIVERSE), 3, UNIVERSE), Some(sets));
    }

    #[test]
    fn a_count_that_the_bytes_cannot_hold_takes_no_memory() {
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff], 1, UNIVERSE), None);
    }

    proptest! {
        #[test]
        fn sets_come_back(
            sets in prop::collection::vec(prop::collection::btree_set(0..UNIVERSE, 0..200), 1..4),
            wide in any::<bool>(),
        ) {
            let universe = if wide { 1 << 40 } else { UNIVERSE };
            let sets: Vec<Vec<u64>> = sets.into_iter().map(|s| s.into_iter().collect()).collect();
            prop_assert_eq!(read(&write(&sets, universe), sets.len(), universe), Some(sets));
        }

        #[test]
        fn what_is_read_has_no_other_encoding(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(sets) = read(&bytes, 2, UNIVERSE) {
                prop_assert_eq!(write(&sets, UNIVERSE), bytes);
            }
        }
    }
}
