//! Error correction that knows where the errors are.
//!
//! A stain, a blot or a thumb makes many modules alike; a code's own modules never are. Codewords there
//! count as missing rather than wrong, and Reed and Solomon's code mends twice as many of those.

use crate::field;
use crate::plane::Sums;

/// Codewords of correction in a block, by level and version (ISO/IEC 18004, table 9).
const CORRECTION: [[usize; 40]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
    ],
];

/// Blocks, by level and version (ISO/IEC 18004, table 9).
const BLOCKS: [[usize; 40]; 4] = [
    [
        1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16,
        17, 18, 19, 19, 20, 21, 22, 24, 25,
    ],
    [
        1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28,
        29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
    ],
    [
        1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35,
        38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
    ],
    [
        1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42,
        45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
    ],
];

/// What is laid over the format, so that it is never all light.
const FORMAT_MASK: u16 = 0x5412;

/// What the two bits of the format say of the level: M, L, H, Q.
const LEVELS: [usize; 4] = [1, 0, 3, 2];

/// So many codewords of correction are left over where some count as missing, or what comes out may be
/// made up: one in 255⁵ by chance.
const LEFT_OVER: usize = 5;

/// Alignment patterns stand at these modules in both directions (ISO/IEC 18004, annex E).
pub fn alignment(version: usize, side: usize) -> Vec<usize> {
    if version == 1 {
        return vec![];
    }
    let count = version / 7 + 2;
    let step = if version == 32 { 26 } else { (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2 };
    let mut places: Vec<usize> = (0..count - 1).map(|n| side - 7 - n * step).collect();
    places.push(6);
    places.reverse();
    places
}

/// What is surely known of each module: whether it is dark.
pub type Known = Vec<Option<bool>>;

/// Mends the modules of a code: `levels` (dark below nothing) to what is surely known of them. Blocks of
/// which more is spoilt than can be mended stay unknown, but for what was `known` before.
pub fn mended(levels: &[f32], known: &Known, side: usize) -> Known {
    let version = (side - 17) / 4;
    let (format, mask) = format(levels, side);
    let level = LEVELS[usize::from((format ^ FORMAT_MASK) >> 13)];
    let path = path(version, side);
    let (blocks, correction) = (BLOCKS[level][version - 1], CORRECTION[level][version - 1]);
    let doubts = doubts(levels, known, side);
    let words: Vec<(u8, f32)> = path
        .chunks_exact(8)
        .map(|eight| {
            let bit = |n: &usize| known[*n].unwrap_or(levels[*n] < 0.0) != masked(mask, n % side, n / side);
            let word = eight.iter().fold(0u8, |word, n| word << 1 | u8::from(bit(n)));
            (word, 1.0 - eight.iter().map(|n| 1.0 - doubts[*n]).product::<f32>())
        })
        .collect();
    let mut out = known.clone();
    for block in blocks_of(words.len(), blocks, correction) {
        let Some(right) = block_mended(&block, &words, correction) else { continue };
        for (word, n) in right.into_iter().zip(block) {
            for (bit, n) in path[8 * n..][..8].iter().enumerate() {
                out[*n] = Some((word >> (7 - bit) & 1 == 1) != masked(mask, n % side, n / side));
            }
        }
    }
    for (bit, place) in format_places(side) {
        out[place] = Some(format >> bit & 1 == 1);
    }
    out
}

/// A block without its errors: the more doubtful half of its codewords count as missing two by two, until
/// it can be mended (generalised minimum distance; Forney, 1966).
fn block_mended(block: &[usize], words: &[(u8, f32)], correction: usize) -> Option<Vec<u8>> {
    let values: Vec<u8> = block.iter().map(|n| words[*n].0).collect();
    let mut doubted: Vec<usize> = (0..block.len()).collect();
    doubted.sort_by(|a, b| words[block[*b]].1.total_cmp(&words[block[*a]].1));
    let missing = (0..=correction.saturating_sub(LEFT_OVER)).step_by(2);
    missing.map(|n| &doubted[..n]).find_map(|missing| {
        let left_over = if missing.is_empty() { 0 } else { LEFT_OVER };
        field::corrected(&values, missing, correction, left_over)
    })
}

/// The modules of the codewords, and those of the format: all that must be known to read a code.
pub fn needed(side: usize) -> Vec<usize> {
    let path = path((side - 17) / 4, side);
    let whole = path.len() / 8 * 8;
    path.into_iter().take(whole).collect()
}

/// The format that both its copies are most like, and its mask.
fn format(levels: &[f32], side: usize) -> (u16, u8) {
    let likeness = |format: u16| {
        let of = |(bit, place): (usize, usize)| {
            if format >> bit & 1 == 1 { -levels[place] } else { levels[place] }
        };
        format_places(side).map(of).sum::<f32>()
    };
    let formats = (0..32u16).map(|data| {
        let remainder = (0..10).fold(data, |rest, _| (rest << 1) ^ ((rest >> 9) * 0x537));
        (data << 10 | remainder) ^ FORMAT_MASK
    });
    let best = formats.zip(0u16..).max_by(|a, b| likeness(a.0).total_cmp(&likeness(b.0))).unwrap_or((0, 0));
    (best.0, u8::try_from(best.1 & 7).unwrap_or(0))
}

/// Bits of the format and the modules of both copies.
fn format_places(side: usize) -> impl Iterator<Item = (usize, usize)> {
    let first = (0..15).map(|bit| match bit {
        0..=5 => (8, bit),
        6 => (8, 7),
        7 => (8, 8),
        8 => (7, 8),
        _ => (14 - bit, 8),
    });
    let second = (0..15).map(move |bit| if bit < 8 { (side - 1 - bit, 8) } else { (8, side - 15 + bit) });
    let place = move |(x, y): (usize, usize)| y * side + x;
    (0..15).chain(0..15).zip(first.chain(second).map(place))
}

/// Whether a mask turns a module over.
const fn masked(mask: u8, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (x / 3 + y / 2).is_multiple_of(2),
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + x * y % 3).is_multiple_of(2),
    }
}

/// The modules of the codewords, bit by bit: up and down in columns of two from the right.
fn path(version: usize, side: usize) -> Vec<usize> {
    let places = alignment(version, side);
    let last = places.last().copied().unwrap_or(0);
    let near = |n: usize, place: usize| n.abs_diff(place) <= 2;
    let fixed = |x: usize, y: usize| {
        let (right, below) = (x >= side - 8, y >= side - 8);
        let corner = (y < 9 && (x < 9 || right)) || (x < 9 && below);
        let versions = version >= 7 && ((x < 6 && y >= side - 11) || (y < 6 && x >= side - 11));
        let aligned = places.iter().any(|u| {
            near(x, *u)
                && places.iter().any(|v| {
                    near(y, *v)
                        && !matches!((*u, *v), (6, 6))
                        && (*u, *v) != (6, last)
                        && (*u, *v) != (last, 6)
                })
        });
        corner || versions || aligned || x == 6 || y == 6
    };
    let mut path = Vec::with_capacity(side * side);
    let columns =
        (0..side / 2).map(|n| side - 1 - 2 * n).map(|right| if right <= 6 { right - 1 } else { right });
    for (n, right) in columns.enumerate() {
        for step in 0..side {
            let y = if n.is_multiple_of(2) { side - 1 - step } else { step };
            path.extend([right, right - 1].into_iter().filter(|x| !fixed(*x, y)).map(|x| y * side + x));
        }
    }
    path
}

/// The codewords of each block, in the order in which a block has them.
fn blocks_of(words: usize, blocks: usize, correction: usize) -> Vec<Vec<usize>> {
    let (short, short_blocks) = (words / blocks - correction, blocks - words % blocks);
    let mut all = vec![vec![]; blocks];
    let mut next = 0..words;
    for n in 0..=short {
        let from = if n == short { short_blocks } else { 0 };
        for block in &mut all[from..] {
            block.extend(next.next());
        }
    }
    for _ in 0..correction {
        for block in &mut all {
            block.extend(next.next());
        }
    }
    all
}

/// How likely each module is wrong: where all around it are alike, where others turned out to be wrong,
/// and where its level is neither dark nor light.
fn doubts(levels: &[f32], known: &Known, side: usize) -> Vec<f32> {
    let counts = Sums::of(side, |_| 1.0);
    let mean = |sums: &Sums, n: usize| sums.around(n, 2) / counts.around(n, 2);
    let signs = Sums::of(side, |n| if levels[n] < 0.0 { -1.0 } else { 1.0 });
    let alike: Vec<f32> = (0..side * side).map(|n| mean(&signs, n).abs()).collect();
    let wrong = |n: usize| known[n].is_some_and(|dark| dark != (levels[n] < 0.0));
    let wrong = Sums::of(side, |n| if wrong(n) { 1.0 } else { 0.0 });
    let doubt = |n: usize| {
        if known[n].is_some() {
            return 0.0;
        }
        let (x, y) = (n % side, n / side);
        // The edge of a spot is as doubtful as its middle.
        let mut most = 0.0f32;
        for v in y.saturating_sub(2)..(y + 3).min(side) {
            for u in x.saturating_sub(2)..(x + 3).min(side) {
                most = most.max(alike[v * side + u]);
            }
        }
        let spot = ((most - 0.6) * 1.5).clamp(0.0, 0.5);
        let near = (mean(&wrong, n) * 2.0).min(0.5);
        let faint = 1.0 / (1.0 + (8.0 * levels[n].abs()).exp());
        spot.max(near).max(faint)
    };
    (0..side * side).map(doubt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::{Color, EcLevel, QrCode, Version};

    fn is_mended(levels: &[f32], right: &[bool], side: usize) -> bool {
        let known = mended(levels, &vec![None; side * side], side);
        needed(side).into_iter().all(|n| known[n] == Some(right[n]))
    }

    #[test]
    fn every_version_is_mended_where_it_is_spoilt() {
        for version in 1..=40i16 {
            for level in [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H] {
                let code = QrCode::with_version(b"12345678", Version::Normal(version), level).unwrap();
                let side = code.width();
                let right: Vec<bool> = code.to_colors().iter().map(|c| *c == Color::Dark).collect();
                let mut levels: Vec<f32> = right.iter().map(|dark| if *dark { -1.0 } else { 1.0 }).collect();
                assert!(is_mended(&levels, &right, side), "{version} {level:?}");
                // A codeword's worth of wrong modules.
                for n in 0..3 {
                    let place = (side - 5) * side + side - 1 - n;
                    levels[place] = -levels[place];
                }
                assert!(is_mended(&levels, &right, side), "{version} {level:?} with errors");
            }
        }
    }

    #[test]
    fn a_blot_is_mended_as_missing() {
        let code = QrCode::with_version([b'7'; 600], Version::Normal(13), EcLevel::M).unwrap();
        let side = code.width();
        let right: Vec<bool> = code.to_colors().iter().map(|c| *c == Color::Dark).collect();
        let mut levels: Vec<f32> = right.iter().map(|dark| if *dark { -1.0 } else { 1.0 }).collect();
        // 19 modules square: 7.6 % of the code, more than errors alone allow.
        for y in 38..57 {
            for x in 38..57 {
                levels[y * side + x] = -1.0;
            }
        }
        assert!(is_mended(&levels, &right, side), "not mended");
    }
}
