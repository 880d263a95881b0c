//! What is done to a picture before it is read again.

use image::imageops::{FilterType, fast_blur, resize, unsharpen};
use image::{GrayImage, Luma};

/// The blur that sharpening takes back, in pixels (the standard deviation of a Gaussian).
const BLUR_HEALED: f32 = 2.0;
/// So often it is taken back.
const ROUNDS: usize = 4;

/// A way to prepare a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// As it is.
    Plain,
    /// Light on dark.
    Inverted,
    /// Sharpened, against blur.
    Sharp,
    /// Its blur taken back, as far as noise allows.
    Clear,
    /// The median of each pixel's neighbourhood, against specks and thin strokes.
    Median,
    /// Blurred, against dots of screens and noise.
    Soft,
}

/// The picture prepared.
pub fn filtered(picture: &GrayImage, filter: Filter) -> GrayImage {
    match filter {
        Filter::Plain => picture.clone(),
        Filter::Inverted => {
            let mut inverted = picture.clone();
            image::imageops::invert(&mut inverted);
            inverted
        }
        Filter::Sharp => unsharpen(picture, BLUR_HEALED, 0),
        Filter::Clear => clear(picture),
        Filter::Median => median(picture),
        Filter::Soft => fast_blur(picture, 1.2),
    }
}

/// The picture with so many pixels along its longer side.
pub fn scaled(picture: &GrayImage, side: u32) -> GrayImage {
    let longest = picture.width().max(picture.height()).max(1);
    if side == longest {
        return picture.clone();
    }
    let to = |length: u32| {
        u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side).max(1)
    };
    let filter = if side > longest { FilterType::CatmullRom } else { FilterType::Triangle };
    resize(picture, to(picture.width()), to(picture.height()), filter)
}

/// Adds what blurring the guess anew leaves of the picture, several times over (van Cittert, 1931).
fn clear(picture: &GrayImage) -> GrayImage {
    let mut guess = picture.clone();
    for _ in 0..ROUNDS {
        let blurred = fast_blur(&guess, BLUR_HEALED);
        for ((guess, seen), blurred) in guess.iter_mut().zip(picture.iter()).zip(blurred.iter()) {
            let better = i16::from(*guess) + i16::from(*seen) - i16::from(*blurred);
            *guess = u8::try_from(better.clamp(0, 255)).unwrap_or(0);
        }
    }
    guess
}

/// The greys drawn out, so that a fiftieth of the pixels is black and as many are white.
pub fn stretched(mut picture: GrayImage) -> GrayImage {
    let mut counts = [0usize; 256];
    for grey in picture.iter() {
        counts[usize::from(*grey)] += 1;
    }
    let few = picture.len() / 50;
    let (mut dark, mut light) = (0, 0);
    let black = (0..256)
        .find(|grey| {
            dark += counts[*grey];
            dark > few
        })
        .unwrap_or(0);
    let white = (0..256)
        .rev()
        .find(|grey| {
            light += counts[*grey];
            light > few
        })
        .unwrap_or(255)
        .max(black + 1);
    let drawn: Vec<u8> = (0..256usize)
        .map(|grey| {
            u8::try_from((grey.saturating_sub(black) * 255 / (white - black)).min(255)).unwrap_or(255)
        })
        .collect();
    for grey in picture.iter_mut() {
        *grey = drawn[usize::from(*grey)];
    }
    picture
}

/// Of five: each pixel and its four neighbours.
fn median(picture: &GrayImage) -> GrayImage {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let at = |x: u32, y: u32| picture.get_pixel(x, y).0[0];
        let mut five = [
            at(x, y),
            at(x.saturating_sub(1), y),
            at((x + 1).min(right), y),
            at(x, y.saturating_sub(1)),
            at(x, (y + 1).min(bottom)),
        ];
        five.sort_unstable();
        Luma([five[2]])
    })
}
