//! The third reader: samples the modules of a code one by one, and judges each beside its neighbours.
//!
//! Where the others make the whole picture black and white first, this one keeps the greys to the end:
//! the squares in the corners say where the code lies, its alignment patterns how the paper bends, and
//! a module is dark when it is darker than those around it, after what they shine into it is taken away.

use crate::correct::{Known, alignment, mended, needed};
use crate::finder::{Corners, Finder, Ink, corners};
use crate::plane::{Map, Pair, Sums, grey, weights};
use image::GrayImage;
use rqrr::{Grid, SimpleGrid};

/// Modules from the edge to the centre of a corner's square.
pub const CORNER: f32 = 3.5;
/// How like an alignment pattern a place must be (correlation).
const ALIKE: f32 = 0.55;

/// How sure a place is that was only guessed.
pub const UNSURE: f32 = 0.01;
/// Rounds of judging and mending.
const ROUNDS: usize = 6;
/// So many groups of corners that are no code's are tried.
const MISSES_MAX: usize = 6;

/// The texts of the codes in the picture.
pub fn read(picture: &GrayImage) -> Vec<String> {
    read_at(picture, &corners(&Ink::of(picture)))
}

/// The texts of the codes whose corners are known.
pub fn read_at(picture: &GrayImage, places: &[Corners]) -> Vec<String> {
    let (mut texts, mut used, mut misses): (Vec<String>, Vec<Finder>, usize) = (vec![], vec![], 0);
    for corners in places {
        let known = |corner: &Finder| {
            used.iter().any(|u| u.x.to_bits() == corner.x.to_bits() && u.y.to_bits() == corner.y.to_bits())
        };
        if misses == MISSES_MAX || corners.iter().any(known) {
            continue;
        }
        match versions(corners, 0.1).into_iter().find_map(|version| code(picture, corners, version)) {
            Some(text) => {
                used.extend(corners);
                texts.push(text);
            }
            None => misses += 1,
        }
    }
    texts
}

/// Versions that the distance between the corners allows, likeliest first.
pub fn versions([corner, right, below]: &Corners, part: f32) -> Vec<usize> {
    let along =
        |to: &Finder| (to.x - corner.x).hypot(to.y - corner.y) / f32::midpoint(to.module, corner.module);
    near_versions(f32::midpoint(along(right), along(below)) + 7.0, part)
}

/// Versions of about so many modules a side, likeliest first.
pub fn near_versions(modules: f32, part: f32) -> Vec<usize> {
    let near = ((modules - 17.0) / 4.0).clamp(1.0, 40.0);
    let mut versions: Vec<u8> =
        (1..=40).filter(|v| (f32::from(*v) - near).abs() < 1.2 + near * part).collect();
    versions.sort_by(|a, b| (f32::from(*a) - near).abs().total_cmp(&(f32::from(*b) - near).abs()));
    versions.into_iter().map(usize::from).collect()
}

fn code(picture: &GrayImage, corners: &Corners, version: usize) -> Option<String> {
    let side = 17 + 4 * version;
    let map = locate(picture, corners, version, side)?;
    let far = real(side) - CORNER;
    let squares = [[CORNER, CORNER], [far, CORNER], [CORNER, far]];
    let mut known: Vec<Pair> = squares.into_iter().zip(corners).map(|(m, f)| (m, [f.x, f.y], 1.0)).collect();
    // What the map says of the fourth corner keeps it where no alignment pattern is found.
    known.push(([far, far], map.at([far, far]), UNSURE));
    spread(picture, &grown(picture, known, version, side, 1.5), side)
}

/// The map of a flat code: three corners, and the alignment pattern opposite the first.
fn locate(picture: &GrayImage, corners: &Corners, version: usize, side: usize) -> Option<Map> {
    let far = real(side) - CORNER;
    let [a, b, c] = corners.map(|f| [f.x, f.y]);
    let three = [([CORNER, CORNER], a, 1.0), ([far, CORNER], b, 1.0), ([CORNER, far], c, 1.0)];
    let guess = [b[0] + c[0] - a[0], b[1] + c[1] - a[1]];
    let flat = Map::fit(&[three[0], three[1], three[2], ([far, far], guess, 1.0)])?;
    let mut candidates = vec![flat];
    if version > 1 {
        let centre = [real(side) - 6.5; 2];
        let reach = (real(side) * 0.11).clamp(2.0, 9.0);
        for (offset, _) in search(picture, &flat, centre, reach, 0.5).into_iter().take(4) {
            let place = flat.at([centre[0] + offset[0], centre[1] + offset[1]]);
            candidates.extend(Map::fit(&[three[0], three[1], three[2], (centre, place, 1.0)]));
        }
    }
    let scored = candidates.into_iter().map(|map| (timing(picture, &map, side), map));
    let (score, map) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (score > 0.35).then_some(map)
}

/// How well the dotted lines between the corners are where the map says (correlation).
fn timing(picture: &GrayImage, map: &Map, side: usize) -> f32 {
    f32::midpoint(dotted(picture, map, side, false), dotted(picture, map, side, true))
}

/// One of them: each module beside those before and after it.
pub fn dotted(picture: &GrayImage, map: &Map, side: usize, down: bool) -> f32 {
    let place = |n: usize| if down { [6.5, real(n) + 0.5] } else { [real(n) + 0.5, 6.5] };
    let greys: Vec<f32> = (8..side - 8).map(|n| grey(picture, map.at(place(n)))).collect();
    let (mut sum, mut all) = (0.0, 0.0f32);
    for (n, three) in greys.windows(3).enumerate() {
        let step = f32::midpoint(three[0], three[2]) - three[1];
        // The ninth module is dark, and the window begins one before its middle.
        sum += if n % 2 == 1 { step } else { -step };
        all += step.abs();
    }
    sum / all.max(1.0)
}

/// How far the paper lies from where a flat map says, in modules.
type Bend = ([f32; 2], [f32; 2]);

/// Finds every alignment pattern, those near what is known first, and fits the map anew with each; gives
/// all that is known in the end.
pub fn grown(
    picture: &GrayImage,
    mut known: Vec<Pair>,
    version: usize,
    side: usize,
    reach: f32,
) -> Vec<Pair> {
    let places = alignment(version, side);
    let last = places.last().copied().unwrap_or(0);
    let all = places.iter().flat_map(|v| places.iter().map(move |u| (*u, *v)));
    let free = all.filter(|place| ![(6, 6), (6, last), (last, 6)].contains(place));
    let mut centres: Vec<[f32; 2]> = free.map(|(u, v)| [real(u) + 0.5, real(v) + 0.5]).collect();
    while let Some(next) = nearest(&known, &centres) {
        let centre = centres.swap_remove(next);
        let Some(map) = Map::fit(&known) else { break };
        let step = if reach > 2.0 { 0.5 } else { 0.25 };
        let best = search(picture, &map, centre, reach, step).into_iter().next();
        if let Some((offset, _)) = best.filter(|(_, alike)| *alike > ALIKE) {
            known.push((centre, map.at([centre[0] + offset[0], centre[1] + offset[1]]), 1.0));
        }
    }
    known
}

/// The centre that lies nearest to what is surely known.
fn nearest(known: &[Pair], centres: &[[f32; 2]]) -> Option<usize> {
    let distance = |[u, v]: [f32; 2]| {
        let sure = known.iter().filter(|pair| pair.2 >= 1.0);
        sure.map(|([x, y], ..)| (x - u).hypot(y - v)).fold(f32::MAX, f32::min)
    };
    (0..centres.len()).min_by(|a, b| distance(centres[*a]).total_cmp(&distance(centres[*b])))
}

/// The text of a code of which so much is known.
pub fn spread(picture: &GrayImage, known: &[Pair], side: usize) -> Option<String> {
    let map = Map::fit(known)?;
    let bends: Vec<Bend> = known
        .iter()
        .filter(|pair| pair.2 >= 1.0)
        .map(|(module, pixel, _)| {
            let [x, y] = map.at(*module);
            (*module, [pixel[0] - x, pixel[1] - y])
        })
        .collect();
    decode(&sample(picture, &map, &bends, side), side)
}

/// Where around a place the picture is most like an alignment pattern: offsets in modules with their
/// correlation, best first, none beside a better one.
fn search(picture: &GrayImage, map: &Map, centre: [f32; 2], reach: f32, step: f32) -> Vec<([f32; 2], f32)> {
    let steps = (0..).map(|n: u8| f32::from(n) * step - reach).take_while(|offset| *offset <= reach);
    let offsets: Vec<f32> = steps.collect();
    let mut found: Vec<([f32; 2], f32)> = vec![];
    for dy in &offsets {
        for dx in &offsets {
            found.push(([*dx, *dy], alike(picture, map, [centre[0] + dx, centre[1] + dy])));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut best: Vec<([f32; 2], f32)> = vec![];
    for (offset, alike) in found.into_iter().take(60) {
        if best.iter().all(|(b, _)| (b[0] - offset[0]).abs().max((b[1] - offset[1]).abs()) > 1.0) {
            best.push((offset, alike));
        }
    }
    best
}

/// Correlation of a place with a dark module in a light ring in a dark ring.
pub fn alike(picture: &GrayImage, map: &Map, centre: [f32; 2]) -> f32 {
    let (mut sum, mut squares, mut with) = (0.0, 0.0, 0.0);
    for y in -2i8..=2 {
        for x in -2i8..=2 {
            // 17 of the 25 modules are dark: weights that add up to nothing.
            let expected = if x.abs().max(y.abs()) == 1 { 17.0 } else { -8.0 };
            let value = grey(picture, map.at([centre[0] + f32::from(x), centre[1] + f32::from(y)]));
            sum += value;
            squares += value * value;
            with += value * expected;
        }
    }
    let spread = (squares - sum * sum / 25.0).max(1.0);
    // 8 · 17² + 17 · 8² = 3,400.
    with / (spread * 3_400.0).sqrt()
}

/// The grey of every module, row by row.
fn sample(picture: &GrayImage, map: &Map, bends: &[Bend], side: usize) -> Vec<f32> {
    const TAPS: [[f32; 2]; 5] = [[0.0, 0.0], [0.22, 0.0], [-0.22, 0.0], [0.0, 0.22], [0.0, -0.22]];
    let mut greys = Vec::with_capacity(side * side);
    for v in 0..side {
        for u in 0..side {
            let centre = [real(u) + 0.5, real(v) + 0.5];
            let [dx, dy] = bent(bends, centre);
            let tap = |[x, y]: [f32; 2]| {
                let [x, y] = map.at([centre[0] + x, centre[1] + y]);
                grey(picture, [x + dx, y + dy])
            };
            greys.push(TAPS.into_iter().map(tap).sum::<f32>() / 5.0);
        }
    }
    greys
}

/// The bend of the paper at a place: that of the patterns around it, the nearer the more (Shepard, 1968).
fn bent(bends: &[Bend], [u, v]: [f32; 2]) -> [f32; 2] {
    let (mut sum, mut all) = ([0.0; 2], 0.0);
    for ([x, y], [dx, dy]) in bends {
        let near = 1.0 / ((x - u).powi(2) + (y - v).powi(2) + 4.0).powi(2);
        sum[0] += dx * near;
        sum[1] += dy * near;
        all += near;
    }
    sum.map(|s| s / all)
}

/// Judges the modules in several ways until one of them is a code.
fn decode(greys: &[f32], side: usize) -> Option<String> {
    let needed = needed(side);
    for reach in [5, 2] {
        let seen = even(greys, side, reach);
        let (mut levels, mut known) = (seen.clone(), vec![None; side * side]);
        for round in 0..ROUNDS {
            known = mended(&levels, &known, side);
            if needed.iter().all(|n| known[*n].is_some()) {
                let dark = |n: usize| known[n].unwrap_or(levels[n] < 0.0);
                let grid = SimpleGrid::from_func(side, |x, y| dark(y * side + x));
                return Grid::new(grid).decode().ok().map(|(_, text)| text);
            }
            // Where not one block is mended, something else is wrong.
            if round > 1 && needed.iter().all(|n| known[*n].is_none()) {
                break;
            }
            // What neighbours shine into a module is measured on the code itself and taken away; the
            // more blocks are mended, the better it is known.
            levels = clear(&seen, &levels, &known, side)?;
        }
    }
    None
}

/// Greys as levels from about -1 (dark) to 1 (light): each between the dark and the light around it.
fn even(greys: &[f32], side: usize, reach: usize) -> Vec<f32> {
    let (all, counts) = (Sums::of(side, |n| greys[n]), Sums::of(side, |_| 1.0));
    let means: Vec<f32> = (0..side * side).map(|n| all.around(n, reach) / counts.around(n, reach)).collect();
    let dark = |n: usize| greys[n] < means[n];
    let darks = Sums::of(side, |n| if dark(n) { 1.0 } else { 0.0 });
    let dark_greys = Sums::of(side, |n| if dark(n) { greys[n] } else { 0.0 });
    let level = |n: usize| {
        let (count, darks) = (counts.around(n, reach), darks.around(n, reach));
        let (sum, dark_sum) = (all.around(n, reach), dark_greys.around(n, reach));
        let dark = if darks > 0.5 { dark_sum / darks } else { means[n] };
        let light = if count - darks > 0.5 { (sum - dark_sum) / (count - darks) } else { means[n] };
        let half = ((light - dark) / 2.0).max(1.0);
        ((greys[n] - f32::midpoint(dark, light)) / half).clamp(-2.0, 2.0)
    };
    (0..side * side).map(level).collect()
}

/// Fits what each module and its eight neighbours add to a level, as now judged, and takes the
/// neighbours' part away (a decision-feedback equaliser).
fn clear(seen: &[f32], levels: &[f32], known: &Known, side: usize) -> Option<Vec<f32>> {
    let dark = |n: usize| known[n].unwrap_or(levels[n] < 0.0);
    let judged = |u: usize, v: usize| if dark(v * side + u) { -1.0f32 } else { 1.0 };
    let nine = |u: usize, v: usize| {
        let mut out = [1.0f32; 10];
        for (n, value) in out.iter_mut().take(9).enumerate() {
            // Beyond the edge lies the quiet zone.
            let place = (u + n % 3).checked_sub(1).zip((v + n / 3).checked_sub(1));
            *value = place.filter(|(u, v)| *u < side && *v < side).map_or(1.0, |(u, v)| judged(u, v));
        }
        out
    };
    let mut sums = [[0.0f64; 11]; 10];
    for v in 0..side {
        for u in 0..side {
            let row = nine(u, v);
            for i in 0..10 {
                for j in 0..10 {
                    sums[i][j] += f64::from(row[i] * row[j]);
                }
                sums[i][10] += f64::from(row[i] * seen[v * side + u]);
            }
        }
    }
    let weights = weights(&sums)?;
    let own = weights[4].max(0.2);
    let places = (0..side * side).map(|n| (n % side, n / side));
    let cleared = places.map(|(u, v)| {
        let row = nine(u, v);
        let others: f32 = (0..10).filter(|n| *n != 4).map(|n| weights[n] * row[n]).sum();
        (seen[v * side + u] - others) / own
    });
    Some(cleared.collect())
}

#[expect(clippy::cast_precision_loss, reason = "a code has at most 177 modules a side")]
pub const fn real(count: usize) -> f32 {
    count as f32
}
