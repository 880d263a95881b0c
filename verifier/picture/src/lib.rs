//! Pictures in, texts out: a PNG, a JPEG or a PDF, and the texts of the QR codes in it.
//!
//! Two readers look, because cameras, scanners and printers spoil codes in different ways; the second
//! is slower and is only asked where the first finds nothing.

mod attachment;
mod pdf;
mod printed;

pub use attachment::{Unfit, attachment};
pub use printed::{Reading, read};

use image::imageops::unsharpen;
use image::{DynamicImage, GrayImage, ImageReader, Limits};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pictures longer than this are refused unread (10 MiB, a phone's photograph).
pub const PICTURE_BYTES_MAX: usize = 10 << 20;
/// Pixels a side; a larger claim in a header is refused before anything is allocated.
const SIDE_MAX: u32 = 12_000;
/// Memory a decoder may take: a 48-megapixel photograph in colour.
const MEMORY_MAX: u64 = 200 << 20;
/// Longer sides than this only slow the readers down.
const SIDE_ENOUGH: u32 = 2_400;

/// The blur that sharpening takes back, in pixels (the standard deviation of a Gaussian).
const BLUR_HEALED: f32 = 2.0;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG or JPEG.
    Picture,
    /// PDF.
    Pdf,
}

/// Tells the format by the first bytes; names and headers lie.
#[must_use]
pub fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(Format::Picture);
    }
    // Readers accept a PDF whose header stands a little later.
    let start = bytes.get(..1_024).unwrap_or(bytes);
    start.windows(5).any(|w| w == b"%PDF-").then_some(Format::Pdf)
}

/// The texts of the QR codes in a picture or a PDF; none where it holds none or cannot be read.
#[must_use]
pub fn texts(bytes: &[u8]) -> Vec<String> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return vec![];
    }
    // The decoders are other people's and see anybody's bytes: a panic there is a picture unread.
    let read = || match format(bytes) {
        Some(Format::Picture) => picture(bytes).map_or_else(Vec::new, |p| in_picture(&p)),
        Some(Format::Pdf) => pdf::pages(bytes).find_map(|page| some(in_picture(&page))).unwrap_or_default(),
        None => vec![],
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}

fn picture(bytes: &[u8]) -> Option<GrayImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(SIDE_MAX), Some(SIDE_MAX));
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    Some(flat(&reader.decode().ok()?))
}

/// Grey on white: what is transparent would come out black.
fn flat(picture: &DynamicImage) -> GrayImage {
    let mut rgba = picture.to_rgba8();
    for pixel in rgba.pixels_mut() {
        let [r, g, b, a] = pixel.0;
        let over = |c: u8| {
            let mixed = u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a));
            u8::try_from(mixed / 255).unwrap_or(255)
        };
        pixel.0 = [over(r), over(g), over(b), 255];
    }
    DynamicImage::ImageRgba8(rgba).into_luma8()
}

/// As it is, smaller (which also heals noise) and larger (for small codes); then the same with its
/// edges sharpened (which heals blur).
fn in_picture(picture: &GrayImage) -> Vec<String> {
    let longest = picture.width().max(picture.height());
    let mut sides: Vec<u32> = vec![];
    for side in [longest.min(SIDE_ENOUGH), 1_200, 800, (longest * 2).min(SIDE_ENOUGH)] {
        if side >= longest / 4 && !sides.contains(&side) {
            sides.push(side);
        }
    }
    let plain = sides.iter().map(|side| scaled(picture, *side));
    let sharp = sides.iter().map(|side| unsharpen(&scaled(picture, *side), BLUR_HEALED, 0));
    plain.chain(sharp).find_map(|picture| in_scaled(&picture)).unwrap_or_default()
}

fn in_scaled(picture: &GrayImage) -> Option<Vec<String>> {
    // A reader that panics found nothing; the other may.
    let calm = |read: fn(&GrayImage) -> Vec<String>| {
        catch_unwind(AssertUnwindSafe(|| read(picture))).unwrap_or_default()
    };
    [first_reader, second_reader].into_iter().find_map(|read| some(calm(read)))
}

fn some(texts: Vec<String>) -> Option<Vec<String>> {
    if texts.is_empty() { None } else { Some(texts) }
}

fn scaled(picture: &GrayImage, side: u32) -> GrayImage {
    let longest = picture.width().max(picture.height()).max(1);
    if side == longest {
        return picture.clone();
    }
    let to = |length: u32| {
        u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side).max(1)
    };
    let filter = image::imageops::FilterType::Triangle;
    image::imageops::resize(picture, to(picture.width()), to(picture.height()), filter)
}

fn first_reader(picture: &GrayImage) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare(picture.clone());
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn second_reader(picture: &GrayImage) -> Vec<String> {
    let (luma, width, height) = (picture.as_raw().clone(), picture.width(), picture.height());
    let format = Some(rxing::BarcodeFormat::QR_CODE);
    let result = rxing::helpers::detect_in_luma(luma, width, height, format);
    result.map(|found| found.getText().to_owned()).into_iter().collect()
}
