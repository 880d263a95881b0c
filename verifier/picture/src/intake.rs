//! PNG and JPEG to grey, within limits on pixels and memory that hold before anything is allocated.

use crate::Unread;
use image::GrayImage;
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// More pixels are refused: phones with more make smaller pictures of them.
const PIXELS_MAX: u64 = 64_000_000;
/// Larger pictures are averaged down as they come in: the code on a page that fills one keeps more than
/// four pixels a module.
const PIXELS_KEPT: u64 = 9_000_000;
/// A side of nothing, or a ribbon, is no photograph of a page.
const SIDE_MAX: usize = 20_000;

/// The picture in grey, on white.
pub fn picture(bytes: &[u8]) -> Result<GrayImage, Unread> {
    if bytes.starts_with(b"\x89PNG") { png(bytes) } else { jpeg(bytes) }
}

fn jpeg(bytes: &[u8]) -> Result<GrayImage, Unread> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_strict_mode(false)
        .set_max_width(SIDE_MAX)
        .set_max_height(SIDE_MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| Unread::Broken)?;
    let (width, height) = decoder.dimensions().ok_or(Unread::Broken)?;
    let mut down = Down::new(width, height)?;
    let grey = decoder.decode().map_err(|_| Unread::Broken)?;
    for row in grey.chunks_exact(width) {
        down.row(row.iter().copied());
    }
    down.finish()
}

fn png(bytes: &[u8]) -> Result<GrayImage, Unread> {
    let limits = png::Limits { bytes: 64 << 20 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|e| of_png(&e))?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut down = Down::new(width, height)?;
    let samples = reader.output_color_type().0.samples();
    if reader.info().interlaced {
        // Its rows come several times over; such a picture must fit in memory whole.
        let size = reader.output_buffer_size().filter(|size| *size <= 64 << 20).ok_or(Unread::TooLarge)?;
        let mut whole = vec![0; size];
        reader.next_frame(&mut whole).map_err(|e| of_png(&e))?;
        for row in whole.chunks_exact(width * samples) {
            down.row(row.chunks_exact(samples).map(on_white));
        }
    } else {
        while let Some(row) = reader.next_row().map_err(|e| of_png(&e))? {
            down.row(row.data().chunks_exact(samples).map(on_white));
        }
    }
    down.finish()
}

fn of_png(error: &png::DecodingError) -> Unread {
    match error {
        png::DecodingError::LimitsExceeded => Unread::TooLarge,
        _ => Unread::Broken,
    }
}

/// The grey of a pixel; what is transparent would come out black.
fn on_white(pixel: &[u8]) -> u8 {
    let luma = |r: u8, g: u8, b: u8| (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1_000;
    let (grey, alpha) = match *pixel {
        [grey] => return grey,
        [grey, alpha] => (u32::from(grey), alpha),
        [r, g, b] => (luma(r, g, b), 255),
        [r, g, b, alpha] => (luma(r, g, b), alpha),
        _ => return 255,
    };
    let alpha = u32::from(alpha);
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
}

/// Averages squares of pixels as rows come in.
struct Down {
    factor: usize,
    width: usize,
    height: usize,
    sums: Vec<u32>,
    rows: usize,
    grey: Vec<u8>,
}

impl Down {
    fn new(width: usize, height: usize) -> Result<Self, Unread> {
        let pixels = width as u64 * height as u64;
        if pixels > PIXELS_MAX || width > SIDE_MAX || height > SIDE_MAX {
            return Err(Unread::TooLarge);
        }
        let factor = (1..=4).find(|f| pixels / (f * f) <= PIXELS_KEPT).unwrap_or(4);
        let factor = usize::try_from(factor).unwrap_or(1);
        let (wide, high) = (width / factor, height / factor);
        if wide == 0 || high == 0 {
            return Err(Unread::Broken);
        }
        Ok(Self {
            factor,
            width: wide,
            height: high,
            sums: vec![0; wide],
            rows: 0,
            grey: Vec::with_capacity(wide * high),
        })
    }

    fn row(&mut self, row: impl Iterator<Item = u8>) {
        if self.grey.len() == self.width * self.height {
            return;
        }
        for (x, grey) in row.enumerate() {
            if let Some(sum) = self.sums.get_mut(x / self.factor) {
                *sum += u32::from(grey);
            }
        }
        self.rows += 1;
        if self.rows == self.factor {
            let area = u32::try_from(self.factor * self.factor).unwrap_or(1);
            self.grey.extend(self.sums.iter().map(|sum| u8::try_from(sum / area).unwrap_or(255)));
            self.sums.fill(0);
            self.rows = 0;
        }
    }

    fn finish(self) -> Result<GrayImage, Unread> {
        let side = |n: usize| u32::try_from(n).map_err(|_| Unread::TooLarge);
        GrayImage::from_raw(side(self.width)?, side(self.height)?, self.grey).ok_or(Unread::Broken)
    }
}
