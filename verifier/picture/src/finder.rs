//! Where codes may be: the three squares in their corners.

use image::GrayImage;

/// A square that looks like a finder pattern.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    /// Its centre, in pixels.
    pub x: f32,
    /// Its centre, in pixels.
    pub y: f32,
    /// Pixels a module.
    pub module: f32,
    seen: u32,
}

/// The squares of one code in order: top left, top right, bottom left.
pub type Corners = [Finder; 3];

/// Only so many squares are combined: text and tables look like some.
const FINDERS_MAX: usize = 24;
/// Only so many are paired where a corner is lost.
const PAIRED_MAX: usize = 4;
/// Only the likeliest combinations are looked at.
const CORNERS_MAX: usize = 40;
/// Runs of black and white across the middle of a square, in modules.
const RUNS: [f32; 5] = [1.0, 1.0, 3.0, 1.0, 1.0];

/// Black and white: dark is what is darker than its neighbourhood (Bradley and Roth, 2007).
pub struct Ink {
    dark: Vec<bool>,
    width: usize,
    height: usize,
}

/// A pixel this much darker than the mean around it is ink, in percent.
const DARKER_PERCENT: u64 = 8;

impl Ink {
    /// Looks at each pixel beside the mean of a window around it.
    pub fn of(picture: &GrayImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let half = (width.max(height) / 24).clamp(8, 80);
        let sums = sums(picture.as_raw(), width);
        let mut dark = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(half), (y + half + 1).min(height));
            let row = &picture.as_raw()[y * width..][..width];
            for (x, grey) in row.iter().enumerate() {
                let (left, right) = (x.saturating_sub(half), (x + half + 1).min(width));
                let at = |x: usize, y: usize| u64::from(sums[y * (width + 1) + x]);
                let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
                let count = ((right - left) * (bottom - top)) as u64;
                dark.push(u64::from(*grey) * count * 100 < sum * (100 - DARKER_PERCENT));
            }
        }
        Self { dark, width, height }
    }

    fn at(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.width + x]
    }
}

/// Sums of all pixels above and left of each; 2³² is enough for sixteen million white pixels.
fn sums(grey: &[u8], width: usize) -> Vec<u32> {
    let mut sums = vec![0u32; (width + 1) * (grey.len() / width.max(1) + 1)];
    for (y, row) in grey.chunks_exact(width.max(1)).enumerate() {
        let mut sum = 0u32;
        for (x, grey) in row.iter().enumerate() {
            sum += u32::from(*grey);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + sum;
        }
    }
    sums
}

/// Groups of three squares that may be the corners of a code, likeliest first.
pub fn corners(ink: &Ink) -> Vec<Corners> {
    let finders = finders(ink, in_ratio);
    let mut found: Vec<(f32, Corners)> = vec![];
    for (i, a) in finders.iter().enumerate() {
        for (j, b) in finders.iter().enumerate().skip(i + 1) {
            for c in finders.iter().skip(j + 1) {
                found.extend(fits([*a, *b, *c]));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, corners)| corners).take(CORNERS_MAX).collect()
}

/// Pairs of squares that may be corners of a code whose third is lost, most often seen first.
pub fn pairs(ink: &Ink) -> Vec<[Finder; 2]> {
    let finders = finders(ink, in_ratio_inside);
    // The middle of a square is three modules high.
    let likely = finders.iter().filter(|f| real(f.seen as usize) > 1.5 * f.module).take(PAIRED_MAX);
    let likely: Vec<Finder> = likely.copied().collect();
    let mut found = vec![];
    for (i, a) in likely.iter().enumerate() {
        for b in &likely[i + 1..] {
            let modules = (a.x - b.x).hypot(a.y - b.y) / f32::midpoint(a.module, b.module);
            if (a.module / b.module).ln().abs() < 0.3 && (13.0..250.0).contains(&modules) {
                found.push([*a, *b]);
            }
        }
    }
    found
}

/// How badly three squares fit a code's corners, and their order, in every order in which they may.
fn fits(three: [Finder; 3]) -> impl Iterator<Item = (f32, Corners)> {
    let distance = |a: Finder, b: Finder| (a.x - b.x).hypot(a.y - b.y);
    let [a, b, c] = three;
    let opposite = [(distance(b, c), [a, b, c]), (distance(a, c), [b, a, c]), (distance(a, b), [c, a, b])];
    let longest = opposite.iter().map(|(length, _)| *length).fold(0.0, f32::max);
    // The first corner lies opposite the longest side, or what is the longest if seen from far aside.
    opposite
        .into_iter()
        .filter(move |(length, _)| *length > 0.85 * longest)
        .filter_map(|(length, order)| fit(order, length))
}

/// The same with the first corner given, and the length of the side opposite.
fn fit([corner, p, q]: [Finder; 3], longest: f32) -> Option<(f32, Corners)> {
    let sizes = [corner, p, q].map(|f| f.module);
    let (least, most) =
        (sizes.iter().copied().fold(f32::MAX, f32::min), sizes.iter().copied().fold(0.0, f32::max));
    if most > 1.8 * least {
        return None;
    }
    let distance = |a: Finder, b: Finder| (a.x - b.x).hypot(a.y - b.y);
    let (one, other) = (distance(corner, p), distance(corner, q));
    let module = (sizes[0] + sizes[1] + sizes[2]) / 3.0;
    // 14 modules lie between the centres in version 1, 170 in version 40.
    if one.min(other) < 10.0 * least || one.max(other) > 200.0 * most || one.max(other) > 2.2 * one.min(other)
    {
        return None;
    }
    let cos = (one * one + other * other - longest * longest) / (2.0 * one * other);
    if cos.abs() > 0.65 {
        return None;
    }
    let cross = (p.x - corner.x) * (q.y - corner.y) - (p.y - corner.y) * (q.x - corner.x);
    let order = if cross > 0.0 { [corner, p, q] } else { [corner, q, p] };
    let seen: u32 = order.iter().map(|f| f.seen.min(30)).sum();
    let uneven = (one / other).ln().abs() + (most / least).ln() + cos.abs();
    // A square seen on many rows is more of one than a letter's.
    let weak = 3.0 / (1.0 + f32::from(u16::try_from(seen).unwrap_or(90)) / module.max(1.0));
    Some((uneven + weak, order))
}

/// What five runs of black and white must be like; gives the module in pixels.
type Ratio = fn([f32; 5]) -> Option<f32>;

/// Squares with a core of three modules in a ring of one, in any direction.
fn finders(ink: &Ink, ratio: Ratio) -> Vec<Finder> {
    let mut found: Vec<Finder> = vec![];
    let mut runs: Vec<(usize, usize)> = vec![];
    for y in 0..ink.height {
        lengths(ink, y, &mut runs);
        // Runs alternate and the first is white: windows of five that begin with black.
        for five in runs.windows(5).skip(1).step_by(2) {
            let lengths = [five[0].1, five[1].1, five[2].1, five[3].1, five[4].1].map(real);
            if let Some(finder) =
                ratio(lengths).and_then(|_| cross_check(ink, five[2].0 + five[2].1 / 2, y, ratio))
            {
                add(&mut found, finder);
            }
        }
    }
    found.retain(|f| f.seen >= 2);
    found.sort_by(|a, b| {
        (b.seen, b.module).partial_cmp(&(a.seen, a.module)).unwrap_or(std::cmp::Ordering::Equal)
    });
    found.truncate(FINDERS_MAX);
    found
}

/// Start and length of the runs of a row, white first.
fn lengths(ink: &Ink, y: usize, runs: &mut Vec<(usize, usize)>) {
    runs.clear();
    let (mut dark, mut start) = (false, 0);
    for x in 0..ink.width {
        if ink.at(x, y) != dark {
            runs.push((start, x - start));
            (dark, start) = (!dark, x);
        }
    }
    runs.push((start, ink.width - start));
}

/// The module in pixels, where five runs are as a square's.
fn in_ratio(lengths: [f32; 5]) -> Option<f32> {
    let module = lengths.iter().sum::<f32>() / 7.0;
    // Half a module of tolerance, and the pixel that sampling takes or gives.
    let near = |(length, modules): (f32, f32)| {
        (length - modules * module).abs() <= 0.5 * modules.sqrt() * module + 0.6
    };
    (module >= 1.0 && lengths.into_iter().zip(RUNS).all(near)).then_some(module)
}

/// The same where something dark may touch the square from outside.
fn in_ratio_inside([before, gap, core, other_gap, after]: [f32; 5]) -> Option<f32> {
    let module = (gap + core + other_gap) / 5.0;
    in_ratio([before.min(module), gap, core, other_gap, after.min(module)])
}

/// Looks from the middle of a run of black down, across and along the diagonal.
fn cross_check(ink: &Ink, x: usize, y: usize, ratio: Ratio) -> Option<Finder> {
    let (_, dy, tall) = through(ink, [x, y], [0, 1], ratio)?;
    let y = moved(y, dy);
    let (dx, _, wide) = through(ink, [x, y], [1, 0], ratio).map(|(d, _, m)| (d, 0, m))?;
    let x_mid = real(x) + dx + 0.5;
    let (_, dy2, _) = through(ink, [moved(x, dx), y], [0, 1], ratio)?;
    let y_mid = real(y) + dy2 + 0.5;
    through(ink, [moved(x, dx), y], [1, 1], ratio)?;
    (tall < 2.0 * wide && wide < 2.0 * tall).then_some(Finder {
        x: x_mid,
        y: y_mid,
        module: f32::midpoint(tall, wide),
        seen: 1,
    })
}

/// The five runs through a place: how far its middle lies along x or y, and the module.
fn through(ink: &Ink, [x, y]: [usize; 2], [dx, dy]: [usize; 2], ratio: Ratio) -> Option<(f32, f32, f32)> {
    let length = |mut n: usize, forward: bool, dark: bool| {
        let from = n;
        loop {
            let place = if forward {
                Some((x + n * dx, y + n * dy))
            } else {
                x.checked_sub(n * dx).zip(y.checked_sub(n * dy))
            };
            match place {
                Some((x, y)) if x < ink.width && y < ink.height && ink.at(x, y) == dark => n += 1,
                _ => return n - from,
            }
        }
    };
    if !ink.at(x, y) {
        return None;
    }
    let side = |forward: bool| {
        let core = length(1, forward, true);
        let gap = length(1 + core, forward, false);
        [core, gap, length(1 + core + gap, forward, true)]
    };
    let (before, after) = (side(false), side(true));
    let lengths = [before[2], before[1], before[0] + after[0] + 1, after[1], after[2]].map(real);
    let module = ratio(lengths)?;
    let middle = (real(after[0]) - real(before[0])) / 2.0;
    Some((middle, middle, module))
}

fn add(found: &mut Vec<Finder>, finder: Finder) {
    let same = |f: &&mut Finder| {
        (f.x - finder.x).hypot(f.y - finder.y) < 2.0 * f.module && (f.module / finder.module).ln().abs() < 0.5
    };
    if let Some(known) = found.iter_mut().find(same) {
        let n = real(known.seen as usize);
        let mean = |a: f32, b: f32| (a * n + b) / (n + 1.0);
        known.x = mean(known.x, finder.x);
        known.y = mean(known.y, finder.y);
        known.module = mean(known.module, finder.module);
        known.seen += 1;
    } else if found.len() < 400 {
        found.push(finder);
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths in a picture are far below sixteen million")]
const fn real(length: usize) -> f32 {
    length as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates as it is cast"
)]
fn moved(from: usize, by: f32) -> usize {
    (real(from) + by).round().max(0.0) as usize
}
