//! What is done to a picture before it is read again.

use image::imageops::{FilterType, fast_blur, resize, unsharpen};
use image::{GrayImage, Luma};

/// The blur that sharpening takes back, in pixels (the standard deviation of a Gaussian).
const BLUR_HEALED: f32 = 2.0;

/// A way to prepare a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// As it is.
    Plain,
    /// Light on dark.
    Inverted,
    /// Sharpened, against blur.
    Sharp,
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
