//! Where on a page codes may lie: where dark and light are most and most evenly mixed, in a square.
//!
//! A code covers a thirtieth of its page. What costs much is done there alone.

use crate::finder::Corners;
use image::{GrayImage, imageops};

/// Cells along the longer side of a page; the smallest code that is looked for has six.
const CELLS: usize = 96;
const CELLS_MIN: usize = 6;
/// Only so many parts of a page are looked at closely.
const REGIONS_MAX: usize = 3;
/// So many of them are found by their greys.
const MIXED_MAX: usize = 2;
/// The paper around a code that is looked at with it, as a part of the code's side.
const MARGIN: f32 = 0.22;

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// Its middle, as parts of the page's longer side.
    middle: [f32; 2],
    /// Half its side, likewise.
    half: f32,
}

impl Region {
    /// That part of a picture of the page, of whatever size.
    pub fn of(&self, picture: &GrayImage) -> GrayImage {
        let longest = length(picture.width().max(picture.height()));
        let [left, top] = self.middle.map(|m| (m - self.half) * longest);
        let [right, bottom] = self.middle.map(|m| (m + self.half) * longest);
        let (left, top) = (count(left), count(top));
        let (right, bottom) = (count(right).min(picture.width()), count(bottom).min(picture.height()));
        let (wide, high) = (right.saturating_sub(left), bottom.saturating_sub(top));
        imageops::crop_imm(picture, left, top, wide, high).to_image()
    }

    /// Whether another is almost the same.
    fn like(&self, other: &Self) -> bool {
        self.apart(other) < 0.25 && (0.7..1.4).contains(&(self.half / other.half))
    }

    /// Whether the code in another is most likely the one in this.
    pub fn shows_the_same(&self, other: &Self) -> bool {
        // One that is much larger may show two codes.
        self.apart(other) < 1.0 && (0.6..1.4).contains(&(self.half / other.half))
    }

    /// How far their middles lie apart along a side, as a part of half the other's.
    fn apart(&self, other: &Self) -> f32 {
        let [x, y] = [0, 1].map(|n| (self.middle[n] - other.middle[n]).abs());
        x.max(y) / other.half
    }
}

/// The parts of a page where codes may be: those with their corners, and those that are mixed like one.
pub fn regions(page: &GrayImage, corners: &[Corners]) -> Vec<Region> {
    let mut found: Vec<Region> = vec![];
    let longest = length(page.width().max(page.height()));
    let cornered = corners.iter().take(REGIONS_MAX).map(|corners| around(corners, longest));
    for region in mixed(page).into_iter().chain(cornered) {
        if found.len() < REGIONS_MAX && !found.iter().any(|known| known.like(&region)) {
            found.push(region);
        }
    }
    found
}

/// The square around three corners' squares.
fn around([corner, right, below]: &Corners, longest: f32) -> Region {
    let middle = [f32::midpoint(right.x, below.x) / longest, f32::midpoint(right.y, below.y) / longest];
    // From the middle to a corner it is half a diagonal, and the squares' centres lie further in.
    let side = (right.x - below.x).hypot(right.y - below.y) / std::f32::consts::SQRT_2 + 7.0 * corner.module;
    Region { middle, half: side * (0.5 + 1.5 * MARGIN) / longest }
}

/// Squares in which the greys differ most, best first.
fn mixed(page: &GrayImage) -> Vec<Region> {
    let longest = page.width().max(page.height()) as usize;
    let cell = longest.div_ceil(CELLS).max(2);
    let (across, down) = (page.width() as usize / cell, page.height() as usize / cell);
    if across.min(down) < CELLS_MIN {
        return vec![];
    }
    let mut cells = spreads(page, cell, across, down);
    let mut found = vec![];
    for _ in 0..MIXED_MAX {
        let Some((x, y, side)) = square(&cells, across, down) else { break };
        let part = |cells: f32| {
            cells * length(u32::try_from(cell).unwrap_or(1)) / length(page.width().max(page.height()))
        };
        let [left, top, wide] = [x, y, side].map(|n| length(u32::try_from(n).unwrap_or(0)));
        let middle = [part(left + wide / 2.0), part(top + wide / 2.0)];
        found.push(Region { middle, half: part(wide * (0.5 + MARGIN) + 1.0) });
        for row in y..y + side {
            cells[row * across + x..][..side].fill(0.0);
        }
    }
    found
}

/// How much the greys of each cell differ (their standard deviation), noise left out.
fn spreads(page: &GrayImage, size: usize, across: usize, down: usize) -> Vec<f32> {
    let width = page.width() as usize;
    let mut cells = Vec::with_capacity(across * down);
    for y in 0..down {
        let (mut sums, mut squares) = (vec![0u32; across], vec![0u32; across]);
        for row in page.as_raw()[y * size * width..].chunks_exact(width).take(size) {
            for (x, greys) in row.chunks_exact(size).take(across).enumerate() {
                for grey in greys {
                    let grey = u32::from(*grey);
                    sums[x] += grey;
                    squares[x] += grey * grey;
                }
            }
        }
        let all = length(u32::try_from(size * size).unwrap_or(u32::MAX));
        let spread = |(sum, squares): (&u32, &u32)| {
            let mean = length(*sum) / all;
            (length(*squares) / all - mean * mean).max(0.0)
        };
        cells.extend(sums.iter().zip(&squares).map(spread));
    }
    // A quarter of a page is blank: what differs there is noise, and it is everywhere.
    let mut sorted = cells.clone();
    sorted.sort_by(f32::total_cmp);
    let noise = sorted[sorted.len() / 4];
    cells.iter().map(|spread| (spread - noise).max(0.0).sqrt()).collect()
}

/// The square that has most above what is usual: its left, top and side in cells.
fn square(cells: &[f32], across: usize, down: usize) -> Option<(usize, usize, usize)> {
    let sums = |usual: f32| {
        let mut sums = vec![0.0f32; (across + 1) * (down + 1)];
        for y in 0..down {
            let mut sum = 0.0;
            for x in 0..across {
                sum += cells[y * across + x] - usual;
                sums[(y + 1) * (across + 1) + x + 1] = sums[y * (across + 1) + x + 1] + sum;
            }
        }
        sums
    };
    let best = |sums: &[f32], sides: std::ops::RangeInclusive<usize>| {
        let mut best = (0.0, (0, 0, 0));
        for side in sides {
            for y in 0..=down - side {
                for x in 0..=across - side {
                    let at = |x: usize, y: usize| sums[y * (across + 1) + x];
                    let sum = at(x + side, y + side) + at(x, y) - at(x, y + side) - at(x + side, y);
                    if sum > best.0 {
                        best = (sum, (x, y, side));
                    }
                }
            }
        }
        best
    };
    let (most, _) = best(&sums(0.0), CELLS_MIN..=CELLS_MIN);
    let usual = 0.6 * most / length(u32::try_from(CELLS_MIN * CELLS_MIN).unwrap_or(1));
    let (sum, place) = best(&sums(usual), CELLS_MIN..=across.min(down));
    (sum > 0.0).then_some(place)
}

#[expect(clippy::cast_precision_loss, reason = "sums of a cell's greys need no more than a float")]
const fn length(count: u32) -> f32 {
    count as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates as it is cast"
)]
const fn count(length: f32) -> u32 {
    length as u32
}
