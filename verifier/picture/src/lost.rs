//! Codes of which a corner is lost, under a thumb, a stain, a blot, and codes seen from far aside.
//!
//! Two corners say where the others are only if the code is seen straight from above, and so do three of
//! the fourth. They are looked for around there: where they are right, the dotted lines between the
//! corners' squares are dotted.

use crate::correct::alignment;
use crate::finder::{Corners, Finder, Ink, corners, pairs};
use crate::grid::{CORNER, UNSURE, alike, dotted, grown, near_versions, real, spread, versions};
use crate::plane::{Map, Pair};
use image::GrayImage;

/// The lost corner is looked for so far away, as a part of the code's side.
const REACH: i8 = 8;
/// And the one opposite, by these parts either way; further where it alone is not known.
const OPPOSITE: [[f32; 2]; 5] = [[0.0, 0.0], [0.07, 0.07], [0.07, -0.07], [-0.07, 0.07], [-0.07, -0.07]];
const FURTHER: [f32; 7] = [0.0, 0.05, -0.05, 0.1, -0.1, 0.16, -0.16];
/// So many of the likeliest places are looked at closely.
const PLACES_MAX: usize = 5;
/// Steps of the closer look, in modules.
const STEPS: [f32; 4] = [2.0, 1.0, 0.5, 0.25];

/// Groups of three corners that are looked at.
const CORNERS_MAX: usize = 3;
/// And so much before the corners are where they should be.
const PROMISING: f32 = 0.4;
/// Both dotted lines must be dotted so much (two correlations).
const DOTTED: f32 = 0.8;
/// And the patterns inside be where they should be (with the lines, four correlations).
const LIKE: f32 = 1.7;

/// The texts of such codes, the first that is found.
pub fn read(picture: &GrayImage) -> Vec<String> {
    let ink = Ink::of(picture);
    for three in corners(&ink).into_iter().take(CORNERS_MAX) {
        let found = of_three(picture, &three);
        if found != Found::Nothing {
            return found.text();
        }
    }
    for pair in pairs(&ink) {
        let found = of_pair(picture, pair);
        if found != Found::Nothing {
            return found.text();
        }
    }
    vec![]
}

/// What was found.
#[derive(Debug, PartialEq)]
enum Found {
    /// Its text.
    Text(String),
    /// A code that is spoilt too much.
    Spoilt,
    Nothing,
}

impl Found {
    fn text(self) -> Vec<String> {
        if let Self::Text(text) = self { vec![text] } else { vec![] }
    }

    /// The better of two, the second only sought if need be.
    fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Text(_) => self,
            Self::Spoilt => {
                if let Self::Text(text) = other() {
                    Self::Text(text)
                } else {
                    Self::Spoilt
                }
            }
            Self::Nothing => other(),
        }
    }
}

/// All three corners, of a code that is seen from far aside.
fn of_three(picture: &GrayImage, corners: &Corners) -> Found {
    let module = corners.iter().map(|corner| corner.module).sum::<f32>() / 3.0;
    let version = |version: usize| {
        let code = Code { picture, lost: 3, module, version, side: 17 + 4 * version };
        code.found(corners.map(|corner| [corner.x, corner.y]))
    };
    versions(corners, 0.25).into_iter().fold(Found::Nothing, |found, v| found.or(|| version(v)))
}

/// Along a side or across: the squares in order, and which of them is lost.
fn of_pair(picture: &GrayImage, [a, b]: [Finder; 2]) -> Found {
    let module = f32::midpoint(a.module, b.module);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (half_x, half_y) = (f32::midpoint(dx, dy), f32::midpoint(dy, -dx));
    let at = |x: f32, y: f32| [x, y];
    let (pa, pb) = ([a.x, a.y], [b.x, b.y]);
    let guesses: [([[f32; 2]; 3], usize); 6] = [
        ([pa, pb, at(a.x - dy, a.y + dx)], 2),
        ([pb, pa, at(b.x + dy, b.y - dx)], 2),
        ([pa, at(a.x + dy, a.y - dx), pb], 1),
        ([pb, at(b.x - dy, b.y + dx), pa], 1),
        ([at(a.x + half_x, a.y + half_y), pb, pa], 0),
        ([at(b.x - half_x, b.y - half_y), pa, pb], 0),
    ];
    let found = |(corners, lost): ([[f32; 2]; 3], usize)| {
        let apart = dx.hypot(dy) / if lost == 0 { std::f32::consts::SQRT_2 } else { 1.0 };
        let version =
            |version: usize| Code { picture, lost, module, version, side: 17 + 4 * version }.found(corners);
        let versions = near_versions(apart / module + 7.0, 0.1);
        versions.into_iter().fold(Found::Nothing, |found, v| found.or(|| version(v)))
    };
    guesses.into_iter().fold(Found::Nothing, |so_far, guess| so_far.or(|| found(guess)))
}

/// A code that may be there.
struct Code<'a> {
    picture: &'a GrayImage,
    lost: usize,
    module: f32,
    version: usize,
    side: usize,
}

/// Its four corners: top left, top right, bottom left, bottom right.
type Four = [[f32; 2]; 4];

impl Code<'_> {
    /// Looks for the lost corner around a guess, and reads what fits.
    fn found(&self, corners: [[f32; 2]; 3]) -> Found {
        let mut places = self.places(corners);
        places.retain(|(lines, _)| *lines > PROMISING);
        places.sort_by(|a, b| b.0.total_cmp(&a.0));
        places.truncate(PLACES_MAX);
        let read = |four: Four| {
            let four = self.closer(four);
            match self.map(&four) {
                Some(map) if self.lines(&map) > DOTTED && self.score(&four) > LIKE => {
                    self.read(&four).map_or(Found::Spoilt, Found::Text)
                }
                _ => Found::Nothing,
            }
        };
        places.into_iter().fold(Found::Nothing, |found, (_, four)| found.or(|| read(four)))
    }

    /// Places of the four corners, and how well the dotted lines agree.
    fn places(&self, corners: [[f32; 2]; 3]) -> Vec<(f32, Four)> {
        let side = real(self.side) * self.module;
        let four = fourth(corners);
        let further = || FURTHER.into_iter().flat_map(|y| FURTHER.map(|x| [x, y])).collect();
        let opposite: Vec<[f32; 2]> = if self.lost == 3 { further() } else { OPPOSITE.to_vec() };
        // The line between two corners that are left is dotted, or there is no code.
        let line = |four: &Four| {
            let map = self.map(four)?;
            Some(dotted(self.picture, &map, self.side, self.lost == 1))
        };
        let promising = |apart: &&[f32; 2]| {
            matches!(self.lost, 0 | 3) || line(&moved(four, 3, **apart, side)).is_some_and(|line| line > 0.4)
        };
        let opposite: Vec<[f32; 2]> = opposite.iter().filter(promising).copied().collect();
        let reach = if self.lost == 3 { 0 } else { REACH };
        let step = 0.14 * side / f32::from(REACH);
        let mut places = vec![];
        for (y, x) in (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (y, x))) {
            let mut corners = corners;
            if self.lost < 3 {
                corners[self.lost][0] += f32::from(x) * step;
                corners[self.lost][1] += f32::from(y) * step;
            }
            for apart in &opposite {
                let four = moved(fourth(corners), 3, *apart, side);
                places.extend(self.map(&four).map(|map| (self.lines(&map), four)));
            }
        }
        places
    }

    /// Moves the two unknown corners as long as it helps, in ever smaller steps.
    fn closer(&self, mut four: Four) -> Four {
        let mut best = self.score(&four);
        for step in STEPS.map(|step| step * self.module) {
            let mut better = true;
            while better {
                better = false;
                for corner in [self.lost.min(3), 3] {
                    for (axis, step) in [(0, step), (0, -step), (1, step), (1, -step)] {
                        let mut moved = four;
                        moved[corner][axis] += step;
                        let score = self.score(&moved);
                        if score > best + 0.001 {
                            (best, four, better) = (score, moved, true);
                        }
                    }
                }
            }
        }
        four
    }

    /// Both dotted lines, and the patterns inside the code.
    fn score(&self, four: &Four) -> f32 {
        let Some(map) = self.map(four) else { return f32::MIN };
        let places = alignment(self.version, self.side);
        let (first, last) = (places.first().copied().unwrap_or(0), places.last().copied().unwrap_or(0));
        let (mut sum, mut count) = (0.0, 0.0f32);
        for (u, v) in places.iter().flat_map(|v| places.iter().map(move |u| (*u, *v))) {
            if ![(first, first), (first, last), (last, first)].contains(&(u, v)) {
                sum += alike(self.picture, &map, [real(u) + 0.5, real(v) + 0.5]).max(0.0);
                count += 1.0;
            }
        }
        // The smallest code has none.
        self.lines(&map) + if count > 0.0 { 2.0 * sum / count } else { 1.0 }
    }

    fn lines(&self, map: &Map) -> f32 {
        dotted(self.picture, map, self.side, false) + dotted(self.picture, map, self.side, true)
    }

    fn map(&self, four: &Four) -> Option<Map> {
        Map::fit(&self.pairs(four, 1.0))
    }

    /// The corners as places that are known, the two that were looked for as sure as is said.
    fn pairs(&self, four: &Four, sure: f32) -> Vec<Pair> {
        let far = real(self.side) - CORNER;
        let places = [[CORNER, CORNER], [far, CORNER], [CORNER, far], [far, far]];
        let pair = |(n, (module, pixel)): (usize, ([f32; 2], &[f32; 2]))| {
            (module, *pixel, if n == self.lost || n == 3 { sure } else { 1.0 })
        };
        places.into_iter().zip(four).enumerate().map(pair).collect()
    }

    fn read(&self, four: &Four) -> Option<String> {
        let known = grown(self.picture, self.pairs(four, UNSURE), self.version, self.side, 1.5);
        let found = known.iter().filter(|pair| pair.2 >= 1.0).count();
        (found >= 4).then(|| spread(self.picture, &known, self.side)).flatten()
    }
}

/// With one corner elsewhere, by parts of the side.
fn moved(mut four: Four, corner: usize, [x, y]: [f32; 2], side: f32) -> Four {
    four[corner][0] += x * side;
    four[corner][1] += y * side;
    four
}

/// The corner opposite the first, as it is seen straight from above.
fn fourth([a, b, c]: [[f32; 2]; 3]) -> Four {
    [a, b, c, [b[0] + c[0] - a[0], b[1] + c[1] - a[1]]]
}
