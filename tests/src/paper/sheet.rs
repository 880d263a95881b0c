//! A printed certificate as a picture, and where its code lies.

use super::chance::{real, whole};
use image::{GrayImage, ImageBuffer, Luma, imageops};
use mohar_schemas::qr::Symbol;
use std::path::Path;
use std::process::Command;

/// A grey picture, 0 black to 1 white.
pub type Plane = ImageBuffer<Luma<f32>, Vec<f32>>;

/// A4 is this many millimetres wide.
const PAGE_MM: f32 = 210.0;
/// Side of the code with its quiet zone, and its distance from the left edge of the page: what
/// `issuer/print` draws, in millimetres (119.06 and 52 points).
const CODE_MM: f32 = 119.06 / 72.0 * 25.4;
const LEFT_MM: f32 = 52.0 / 72.0 * 25.4;
/// Modules of quiet zone on each side.
const QUIET: u32 = 4;

/// A page, or what is left of it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What is seen.
    pub picture: Plane,
    /// Pixels a millimetre of paper.
    pub scale: f32,
    /// Left, top and side of the code with its quiet zone, in pixels.
    pub code: [f32; 3],
    /// Width of the quiet zone, in pixels.
    pub quiet: f32,
}

impl Sheet {
    /// A certificate's PDF as a scanner sees it at so many dots an inch; `symbol` is its code.
    ///
    /// # Panics
    /// Without `pdftoppm`, which `tests/run` installs.
    #[must_use]
    pub fn of_pdf(pdf: &Path, dots: u32, symbol: &Symbol) -> Self {
        let to = pdf.with_extension(format!("{dots}"));
        let done = Command::new("pdftoppm")
            .args(["-r", &dots.to_string(), "-gray", "-png", "-singlefile"])
            .args([pdf, &to])
            .status();
        assert!(done.expect("pdftoppm; tests/run installs it").success());
        let page = image::open(to.with_extension(format!("{dots}.png"))).expect("the page").to_luma8();
        let scale = real(page.width()) / PAGE_MM;
        let (left, side) = (LEFT_MM * scale, CODE_MM * scale);
        let top = find(&page, &symbol.modules, left, side);
        Self { picture: plane(&page), scale, code: [left, top, side], quiet: quiet(&symbol.modules, side) }
    }

    /// The same page with another code of the same size in the same place.
    #[must_use]
    pub fn with_code(&self, modules: &[Vec<bool>]) -> Self {
        let [left, top, side] = self.code;
        let unit = side / real(count(modules) + 2 * QUIET);
        let mut sheet = Self { quiet: quiet(modules, side), ..self.clone() };
        let reach = |from: f32| whole(from.floor())..=whole((from + side).ceil());
        for y in reach(top) {
            for x in reach(left) {
                // Sixteen samples a pixel: edges are as soft as those of the real print.
                let quarters = (0..16u8).map(|n| (f32::from(n % 4) + 0.5, f32::from(n / 4) + 0.5));
                let grey = |(dx, dy): (f32, f32)| {
                    let (u, v) = (real(x) + dx / 4.0 - left, real(y) + dy / 4.0 - top);
                    let inside = (0.0..side).contains(&u) && (0.0..side).contains(&v);
                    let old = self.picture.get_pixel(x, y).0[0];
                    if !inside {
                        old
                    } else if dark(modules, u / unit, v / unit) {
                        0.0
                    } else {
                        1.0
                    }
                };
                sheet.picture.put_pixel(x, y, Luma([quarters.map(grey).sum::<f32>() / 16.0]));
            }
        }
        sheet
    }

    /// The page with so many pixels across it.
    #[must_use]
    pub fn resized(&self, width: f32) -> Self {
        let factor = width / real(self.picture.width());
        let height = whole(real(self.picture.height()) * factor).max(1);
        let picture = imageops::resize(&self.picture, whole(width).max(1), height, imageops::Triangle);
        let code = self.code.map(|length| length * factor);
        Self { picture, scale: self.scale * factor, code, quiet: self.quiet * factor }
    }

    /// A part of the page; what lies beyond its edges is white.
    #[must_use]
    pub fn cut(&self, [left, top]: [f32; 2], [width, height]: [f32; 2]) -> Self {
        let [from_x, from_y] = [left, top].map(f32::round);
        let picture = Plane::from_fn(whole(width).max(1), whole(height).max(1), |x, y| {
            Luma([at(&self.picture, from_x + real(x), from_y + real(y), 1.0)])
        });
        let [x, y, side] = self.code;
        Self { picture, code: [x - from_x, y - from_y, side], ..*self }
    }

    /// The middle of the code.
    #[must_use]
    pub fn middle(&self) -> [f32; 2] {
        let [x, y, side] = self.code;
        [x + side / 2.0, y + side / 2.0]
    }

    /// Changes every pixel by its place and its grey.
    pub fn each(&mut self, mut change: impl FnMut(f32, f32, f32) -> f32) {
        for (x, y, pixel) in self.picture.enumerate_pixels_mut() {
            pixel.0[0] = change(real(x), real(y), pixel.0[0]).clamp(0.0, 1.0);
        }
    }
}

fn count(modules: &[Vec<bool>]) -> u32 {
    u32::try_from(modules.len()).unwrap_or(0)
}

fn quiet(modules: &[Vec<bool>], side: f32) -> f32 {
    side * real(QUIET) / real(count(modules) + 2 * QUIET)
}

/// Whether a place, in modules from the corner of the quiet zone, is dark.
fn dark(modules: &[Vec<bool>], x: f32, y: f32) -> bool {
    let at = |n: f32| whole(n).checked_sub(QUIET).map(|n| n as usize);
    at(y).zip(at(x)).is_some_and(|(y, x)| modules.get(y).and_then(|row| row.get(x)).copied().unwrap_or(false))
}

/// How far down the page the code begins: where the picture agrees best with its modules.
fn find(page: &GrayImage, modules: &[Vec<bool>], left: f32, side: f32) -> f32 {
    let unit = side / real(count(modules) + 2 * QUIET);
    let likeness = |top: u32| {
        let mut sum = 0i64;
        for (row, line) in (QUIET..).zip(modules) {
            for (column, dark) in (QUIET..).zip(line) {
                let place = |n: u32, from: f32| whole(from + (real(n) + 0.5) * unit);
                let grey = i64::from(page.get_pixel(place(column, left), place(row, real(top))).0[0]);
                sum += if *dark { -grey } else { grey };
            }
        }
        sum
    };
    let best = (0..page.height().saturating_sub(whole(side) + 1)).max_by_key(|top| likeness(*top));
    real(best.unwrap_or(0))
}

/// Grey bytes as a plane.
#[must_use]
pub fn plane(grey: &GrayImage) -> Plane {
    Plane::from_fn(grey.width(), grey.height(), |x, y| Luma([f32::from(grey.get_pixel(x, y).0[0]) / 255.0]))
}

/// A plane as grey bytes.
#[must_use]
pub fn grey(plane: &Plane) -> GrayImage {
    let byte = |v: f32| u8::try_from(whole((v * 255.0).round())).unwrap_or(255);
    GrayImage::from_fn(plane.width(), plane.height(), |x, y| Luma([byte(plane.get_pixel(x, y).0[0])]))
}

/// The grey between pixels; `beyond` outside the picture.
#[must_use]
pub fn at(plane: &Plane, x: f32, y: f32, beyond: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let pixel = |x: f32, y: f32| {
        let inside = x >= 0.0 && y >= 0.0 && x < real(plane.width()) && y < real(plane.height());
        if inside { plane.get_pixel(whole(x), whole(y)).0[0] } else { beyond }
    };
    let (u, v) = (x - left, y - top);
    let upper = pixel(left, top) * (1.0 - u) + pixel(left + 1.0, top) * u;
    if v == 0.0 {
        return upper;
    }
    let lower = pixel(left, top + 1.0) * (1.0 - u) + pixel(left + 1.0, top + 1.0) * u;
    upper * (1.0 - v) + lower * v
}
