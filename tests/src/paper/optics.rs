//! What happens between the paper and the file: light, lens, hand, sensor and compression.

use super::chance::{Chance, Range, real, whole};
use super::sheet::{Plane, Sheet, at, grey, plane};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, Luma};

/// Out of focus by a Gaussian of this standard deviation in pixels.
///
/// # Panics
/// Never: the picture keeps its size.
#[must_use]
pub fn blur(picture: &Plane, sigma: f32) -> Plane {
    if sigma < 0.05 {
        return picture.clone();
    }
    let reach = (sigma * 3.0).ceil();
    let weights: Vec<f32> = (0..=whole(2.0 * reach))
        .map(|n| (-(real(n) - reach).powi(2) / (2.0 * sigma * sigma)).exp())
        .collect();
    let sum: f32 = weights.iter().sum();
    let weights: Vec<f32> = weights.into_iter().map(|weight| weight / sum).collect();
    let (width, half) = (picture.width() as usize, weights.len() / 2);
    // Across, row by row: each row with its ends drawn out.
    let mut across = vec![0.0; picture.as_raw().len()];
    let mut long = vec![0.0; width + 2 * half];
    for (row, out) in picture.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        long[..half].fill(row[0]);
        long[half..][..width].copy_from_slice(row);
        long[half + width..].fill(row[width - 1]);
        for (n, weight) in weights.iter().enumerate() {
            add(out, &long[n..], *weight);
        }
    }
    // Down: whole rows at once.
    let rows: Vec<&[f32]> = across.chunks_exact(width).collect();
    let mut down = vec![0.0; across.len()];
    for (y, out) in down.chunks_exact_mut(width).enumerate() {
        for (n, weight) in weights.iter().enumerate() {
            add(out, rows[(y + n).saturating_sub(half).min(rows.len() - 1)], *weight);
        }
    }
    Plane::from_raw(picture.width(), picture.height(), down).expect("as many pixels as before")
}

fn add(out: &mut [f32], row: &[f32], weight: f32) {
    for (out, grey) in out.iter_mut().zip(row) {
        *out += grey * weight;
    }
}

/// The hand moves so many pixels in one direction while the shutter is open.
#[must_use]
pub fn moved(picture: &Plane, length: f32, angle: f32) -> Plane {
    let (sin, cos) = angle.sin_cos();
    let steps = whole(length * 2.0).max(1);
    let (way, middle) = (length / real(steps), real(steps) / 2.0);
    let (right, bottom) = (real(picture.width()) - 1.0, real(picture.height()) - 1.0);
    Plane::from_fn(picture.width(), picture.height(), |x, y| {
        let mut total = 0.0;
        for n in 0..=steps {
            let step = (real(n) - middle) * way;
            let (u, v) = (real(x) + cos * step, real(y) + sin * step);
            total += at(picture, u.clamp(0.0, right), v.clamp(0.0, bottom), 1.0);
        }
        Luma([total / real(steps + 1)])
    })
}

/// How a photograph is taken.
#[derive(Debug, Clone, Copy)]
pub struct Pose {
    /// Degrees between the paper and the plane of the picture.
    pub tilt: f32,
    /// The direction of the tilt in radians.
    pub towards: f32,
    /// Radians that the paper is turned in the picture.
    pub turn: f32,
}

/// The sheet lying on a table, seen from a place; the scale in its middle stays the same.
#[must_use]
pub fn photograph(sheet: &Sheet, pose: Pose, table: f32) -> Sheet {
    let (width, height) = (real(sheet.picture.width()), real(sheet.picture.height()));
    let middle = [width / 2.0, height / 2.0];
    // The camera is so far away that the page fills an ordinary phone's picture.
    let camera = Camera::new(pose, 1.4 * width.max(height));
    let view = |x: f32, y: f32| camera.project([x - middle[0], y - middle[1]]);
    let corners = [view(0.0, 0.0), view(width, 0.0), view(0.0, height), view(width, height)];
    let least = |i: usize| corners.iter().map(|c| c[i]).fold(f32::MAX, f32::min);
    let most = |i: usize| corners.iter().map(|c| c[i]).fold(f32::MIN, f32::max);
    let margin = 0.03 * width;
    let (left, top) = (least(0) - margin, least(1) - margin);
    let (wide, high) = (most(0) - left + margin, most(1) - top + margin);
    let picture = Plane::from_fn(whole(wide), whole(high), |x, y| {
        let [u, v] = camera.unproject([real(x) + left, real(y) + top]);
        Luma([at(&sheet.picture, u + middle[0], v + middle[1], table)])
    });
    let [x, y, side] = sheet.code;
    let [x, y] = view(x + side / 2.0, y + side / 2.0);
    Sheet { picture, code: [x - left - side / 2.0, y - top - side / 2.0, side], ..*sheet }
}

/// A pose with its sines and cosines.
struct Camera {
    far: f32,
    tilt: [f32; 2],
    towards: [f32; 2],
    rest: [f32; 2],
}

impl Camera {
    fn new(pose: Pose, far: f32) -> Self {
        let [tilt, towards, rest] =
            [pose.tilt.to_radians(), pose.towards, pose.turn - pose.towards].map(|a| a.sin_cos().into());
        Self { far, tilt, towards, rest }
    }

    /// A point of the page to the picture: turned, tilted about an axis, and seen from afar.
    fn project(&self, place: [f32; 2]) -> [f32; 2] {
        let ([x, y], [sin, cos]) = (turned(place, self.rest), self.tilt);
        let depth = self.far + x * sin;
        turned([x * cos * self.far / depth, y * self.far / depth], self.towards)
    }

    /// And back.
    fn unproject(&self, place: [f32; 2]) -> [f32; 2] {
        let ([x, y], [sin, cos]) = (turned(place, back(self.towards)), self.tilt);
        let u = x * self.far / (cos * self.far - x * sin);
        turned([u, y * (self.far + u * sin) / self.far], back(self.rest))
    }
}

/// By an angle of which sine and cosine are given.
fn turned([x, y]: [f32; 2], [sin, cos]: [f32; 2]) -> [f32; 2] {
    [x * cos - y * sin, x * sin + y * cos]
}

/// The other way round.
fn back([sin, cos]: [f32; 2]) -> [f32; 2] {
    [-sin, cos]
}

/// Light that falls off to one side, and the shadow of whoever takes the picture.
pub fn light(sheet: &mut Sheet, chance: &mut Chance, fall: Range, shadow: Range) {
    let (sin, cos) = chance.angle().sin_cos();
    let (fall, shadow) = (chance.within(fall), chance.within(shadow));
    let [x0, y0] = sheet.middle();
    // The code lies halfway down the slope, so that one side of it is darker than the other.
    let slope = sheet.code[2] * 1.5;
    let (edge, soft) = (chance.angle(), chance.within([0.5, 3.0]) * sheet.scale);
    let (edge_sin, edge_cos) = edge.sin_cos();
    sheet.each(|x, y, grey| {
        let along = (((x - x0) * cos + (y - y0) * sin) / slope + 0.5).clamp(0.0, 1.0);
        let across = ((x - x0) * edge_cos + (y - y0) * edge_sin) / soft;
        let shade = shadow / (1.0 + (-across.clamp(-30.0, 30.0)).exp());
        grey * (1.0 - fall * along) * (1.0 - shade)
    });
}

/// The lamp in the laminate: a bright spot on the code that eats the print.
pub fn glare(sheet: &mut Sheet, chance: &mut Chance, radius_mm: Range, strength: Range) {
    let [left, top, side] = sheet.code;
    let (x0, y0) = (left + side * chance.part(), top + side * chance.part());
    let (radius, strength) = (chance.within(radius_mm) * sheet.scale, chance.within(strength));
    let longer = chance.within([1.0, 2.0]);
    sheet.each(|x, y, grey| {
        let distance = ((x - x0) / longer).hypot(y - y0) / radius;
        grey + strength * (-distance * distance).exp()
    });
}

/// What the sensor makes of it: so much of the light, and noise.
pub fn sensor(sheet: &mut Sheet, chance: &mut Chance, light: Range, noise: Range) {
    let (light, noise) = (chance.within(light), chance.within(noise));
    let black = chance.within([0.0, 0.06]);
    sheet.each(|_, _, grey| black + grey * light * (1.0 - black) + chance.bell() * noise);
}

/// A part of the picture in which the code is so many pixels wide, as a camera close to it sees it.
#[must_use]
pub fn close_up(sheet: &Sheet, code_px: f32, frame: [f32; 2]) -> Sheet {
    let near = sheet.resized(real(sheet.picture.width()) * code_px / sheet.code[2]);
    let [x, y] = near.middle();
    near.cut([x - frame[0] / 2.0, y - frame[1] / 2.0], frame)
}

/// Through JPEG and back.
///
/// # Panics
/// Never: what was just written is read.
pub fn recompress(sheet: &mut Sheet, quality: u8) {
    let read = image::load_from_memory(&jpeg(sheet, quality)).expect("our own");
    sheet.picture = plane(&read.to_luma8());
}

/// As a JPEG of this quality.
///
/// # Panics
/// Never: memory takes it.
#[must_use]
pub fn jpeg(sheet: &Sheet, quality: u8) -> Vec<u8> {
    let (picture, mut bytes) = (grey(&sheet.picture), vec![]);
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&picture).expect("encoded");
    bytes
}

/// As a PNG.
///
/// # Panics
/// Never: memory takes it.
#[must_use]
pub fn png(sheet: &Sheet) -> Vec<u8> {
    let (picture, mut bytes) = (grey(&sheet.picture), vec![]);
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Sub)
        .write_image(&picture, picture.width(), picture.height(), ExtendedColorType::L8)
        .expect("encoded");
    bytes
}
