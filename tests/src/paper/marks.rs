//! What happens to the paper itself: printing, copying, folding, staining, writing on it.

use super::chance::{Chance, Range, real, whole};
use super::optics::blur;
use super::sheet::{Sheet, at};

/// Copied so many times: each time softened, its contrast raised, with toner where none belongs and
/// none where it does.
pub fn photocopy(
    sheet: &mut Sheet,
    chance: &mut Chance,
    times: u32,
    soft_mm: Range,
    gain: Range,
    dirt: Range,
) {
    for _ in 0..times {
        sheet.picture = blur(&sheet.picture, chance.within(soft_mm) * sheet.scale);
        let (gain, middle) = (chance.within(gain), chance.within([0.4, 0.6]));
        sheet.each(|_, _, grey| (grey - middle) * gain + 0.5);
        speckle(sheet, chance, dirt);
    }
}

/// Specks a fifth to half a millimetre wide, black and white; `dirt` a square centimetre.
fn speckle(sheet: &mut Sheet, chance: &mut Chance, dirt: Range) {
    let (width, height) = (real(sheet.picture.width()), real(sheet.picture.height()));
    let area = width * height / (sheet.scale * sheet.scale) / 100.0;
    for _ in 0..whole(chance.within(dirt) * area) {
        let centre = [chance.part() * width, chance.part() * height];
        let radius = chance.within([0.1, 0.25]) * sheet.scale;
        let grey = if chance.part() < 0.6 { 0.05 } else { 0.97 };
        disc(sheet, centre, radius, |_, _| grey);
    }
}

/// Paints a round area; the brush gets the grey and the distance from the centre (1 at the rim).
fn disc(sheet: &mut Sheet, [x, y]: [f32; 2], radius: f32, brush: impl Fn(f32, f32) -> f32) {
    let reach = |from: f32, length: u32| whole(from - radius - 1.0)..whole(from + radius + 2.0).min(length);
    let (width, height) = sheet.picture.dimensions();
    for row in reach(y, height) {
        for column in reach(x, width) {
            let distance = (real(column) - x).hypot(real(row) - y) / radius.max(0.5);
            if distance <= 1.0 {
                let pixel = sheet.picture.get_pixel_mut(column, row);
                pixel.0[0] = brush(pixel.0[0], distance).clamp(0.0, 1.0);
            }
        }
    }
}

/// A place on the code.
fn on_code(sheet: &Sheet, chance: &mut Chance) -> [f32; 2] {
    let [left, top, side] = sheet.code;
    [left + side * chance.part(), top + side * chance.part()]
}

/// Folded so many times across the code: the paper beyond a crease lies a little elsewhere and in
/// other light, and along it the print is worn off.
pub fn fold(
    sheet: &mut Sheet,
    chance: &mut Chance,
    times: u32,
    shift_mm: Range,
    shade: Range,
    wear_mm: Range,
) {
    for _ in 0..times {
        let [x0, y0] = on_code(sheet, chance);
        // Paper is folded along its sides, seldom exactly.
        let angle = chance.within([-0.12, 0.12])
            + if chance.part() < 0.5 { 0.0 } else { std::f32::consts::FRAC_PI_2 };
        let (sin, cos) = angle.sin_cos();
        let shift = chance.within(shift_mm) * sheet.scale;
        let slide = chance.within([-0.5, 0.5]) * shift;
        let (shade, wear) = (chance.within(shade), chance.within(wear_mm) * sheet.scale);
        let reach = 8.0 * sheet.scale;
        let old = sheet.picture.clone();
        let mut fray = chance.clone();
        sheet.each(|x, y, _| {
            let across = (y - y0) * cos - (x - x0) * sin;
            // The displacement fades away from the crease, as the paper lies flat again.
            let near = (1.0 - across.abs() / (6.0 * reach)).max(0.0) * if across > 0.0 { 1.0 } else { 0.0 };
            let grey = at(
                &old,
                x + slide * near * cos - shift * near * sin,
                y + shift * near * cos + slide * near * sin,
                1.0,
            );
            let dark = shade * (1.0 - across / reach).clamp(0.0, 1.0) * if across > 0.0 { 1.0 } else { 0.25 };
            let worn = if across.abs() < wear / 2.0 { 0.55 + 0.45 * fray.part() } else { 0.0 };
            let paper = grey + (0.92 - grey) * worn;
            paper * (1.0 - dark)
        });
    }
}

/// Tea, oil or ink: so many stains on and beside the code, darker at the rim.
pub fn stain(sheet: &mut Sheet, chance: &mut Chance, times: u32, radius_mm: Range, darkness: Range) {
    for _ in 0..times {
        let centre = on_code(sheet, chance);
        let radius = chance.within(radius_mm) * sheet.scale;
        let strength = chance.within(darkness);
        disc(sheet, centre, radius, |grey, distance| {
            let rim = if distance > 0.9 { 1.25 } else { 0.75 + 0.25 * distance };
            grey * (1.0 - strength * rim)
        });
    }
}

/// Patches of nothing (white, or the black of ink) that together cover a part of the code.
pub fn blot(sheet: &mut Sheet, chance: &mut Chance, part: Range) {
    let [_, _, side] = sheet.code;
    let mut left = chance.within(part) * side * side;
    while left > 0.0 {
        let centre = on_code(sheet, chance);
        let radius = chance.within([0.02, 0.06]) * side;
        let grey = if chance.part() < 0.5 { 0.0 } else { 1.0 };
        disc(sheet, centre, radius, |_, _| grey);
        left -= std::f32::consts::PI * radius * radius;
    }
}

/// A thumb or a staple over one corner of the code, so far in from the edge of its quiet zone (as a
/// part of its side).
pub fn cover(sheet: &mut Sheet, chance: &mut Chance, part: Range) {
    let [left, top, side] = sheet.code;
    let depth = chance.within(part) * side;
    let (right, lower) = (chance.part() < 0.5, chance.part() < 0.5);
    let corner = [if right { left + side } else { left }, if lower { top + side } else { top }];
    let grey = chance.within([0.25, 0.7]);
    // A round tip: it reaches `depth` along the diagonal's both sides.
    let away = depth * 0.4;
    let centre = [corner[0] + if right { away } else { -away }, corner[1] + if lower { away } else { -away }];
    disc(sheet, centre, depth + away * 1.2, |_, distance| grey * (1.1 - 0.2 * distance));
}

/// The toner runs out: the black is grey, with pale streaks down the page and blotches without toner.
pub fn fade(sheet: &mut Sheet, chance: &mut Chance, black: Range, streaks: u32, blotches: u32) {
    let black = chance.within(black);
    sheet.each(|_, _, grey| black + grey * (1.0 - black));
    let [left, top, side] = sheet.code;
    for _ in 0..streaks {
        let (x0, half) = (left + side * chance.part(), chance.within([0.4, 2.0]) * sheet.scale);
        let strength = chance.within([0.3, 0.8]);
        sheet.each(|x, _, grey| grey + (1.0 - grey) * strength * (1.0 - (x - x0).abs() / half).max(0.0));
    }
    for _ in 0..blotches {
        let centre = [left + side * chance.part(), top + side * chance.part()];
        let strength = chance.within([0.4, 0.9]);
        disc(sheet, centre, chance.within([1.0, 3.0]) * sheet.scale, |grey, distance| {
            grey + (1.0 - grey) * strength * (1.0 - distance * distance)
        });
    }
}

/// Strokes of a pen across the code.
pub fn scribble(sheet: &mut Sheet, chance: &mut Chance, strokes: u32, width_mm: Range) {
    for _ in 0..strokes {
        let (from, bend, to) = (on_code(sheet, chance), on_code(sheet, chance), on_code(sheet, chance));
        let radius = chance.within(width_mm) * sheet.scale / 2.0;
        let ink = chance.within([0.05, 0.35]);
        for n in 0..=600u16 {
            let t = f32::from(n) / 600.0;
            let along =
                |i: usize| (1.0 - t) * (1.0 - t) * from[i] + 2.0 * t * (1.0 - t) * bend[i] + t * t * to[i];
            disc(sheet, [along(0), along(1)], radius.max(0.5), |grey, _| grey.min(ink));
        }
    }
}

/// Printed at a part of its size on a page of the usual size.
#[must_use]
pub fn shrunk(sheet: &Sheet, part: f32) -> Sheet {
    let (width, height) = (real(sheet.picture.width()), real(sheet.picture.height()));
    let small = sheet.resized(width * part);
    let mut page = small.cut([width * (part - 1.0) / 2.0, height * (part - 1.0) / 2.0], [width, height]);
    page.scale = sheet.scale;
    page
}

/// Printed in dots of a screen with so many lines a inch, at an angle, as offset print and cheap
/// copiers do.
pub fn halftone(sheet: &mut Sheet, chance: &mut Chance, lines: Range, tone: Range) {
    let pitch = 25.4 / chance.within(lines) * sheet.scale;
    let (sin, cos) = chance.angle().sin_cos();
    let tone = chance.within(tone);
    sheet.each(|x, y, grey| {
        // Black is a dark tone and white a light one: dots and holes of the screen.
        let level = tone + grey * (0.97 - tone);
        let (u, v) = ((x * cos + y * sin) / pitch, (y * cos - x * sin) / pitch);
        let spot = ((u * std::f32::consts::TAU).cos() + (v * std::f32::consts::TAU).cos()) / 4.0 + 0.5;
        ((level - spot) * 4.0 + 0.5).clamp(0.0, 1.0)
    });
}

/// A picture of a screen: its rows and columns of dots beat with those of the camera.
pub fn screen(sheet: &mut Sheet, chance: &mut Chance, pitch_px: Range, depth: Range) {
    let (pitch, depth) = (chance.within(pitch_px), chance.within(depth));
    let (sin, cos) = chance.within([-0.2, 0.2]).sin_cos();
    sheet.each(|x, y, grey| {
        let wave = |u: f32| 0.5 + 0.5 * (u / pitch * std::f32::consts::TAU).cos();
        let rows = wave(x * cos + y * sin);
        let columns = wave(y * cos - x * sin);
        grey * (1.0 - depth * (0.6 * rows + 0.4 * columns))
    });
}

/// Black is white.
pub fn invert(sheet: &mut Sheet) {
    sheet.each(|_, _, grey| 1.0 - grey);
}

/// Only the code, with so many millimetres of its quiet zone.
#[must_use]
pub fn cropped(sheet: &Sheet, quiet_mm: f32) -> Sheet {
    let [left, top, side] = sheet.code;
    let inset = (sheet.quiet - quiet_mm * sheet.scale).max(0.0);
    sheet.cut([left + inset, top + inset], [side - 2.0 * inset, side - 2.0 * inset])
}
