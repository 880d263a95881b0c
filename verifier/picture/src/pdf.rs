//! The pages of a PDF as pictures.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::GrayImage;

/// Only the first pages are looked at: a certificate has one.
const PAGES_MAX: usize = 4;
/// Pixels of the longer side of a page: about 200 a inch on A4.
const SIDE: f32 = 2_300.0;

/// The first pages in grey, one after the other; none where the file is broken or encrypted.
pub fn pages(bytes: &[u8]) -> impl Iterator<Item = GrayImage> {
    let pdf = Pdf::new(bytes.to_vec()).ok();
    let count = pdf.as_ref().map_or(0, |pdf| pdf.pages().len().min(PAGES_MAX));
    (0..count).filter_map(move |n| page(pdf.as_ref()?, n))
}

fn page(pdf: &Pdf, number: usize) -> Option<GrayImage> {
    let page = pdf.pages().get(number)?;
    let (width, height) = page.render_dimensions();
    let scale = SIDE / width.max(height);
    // A page of no size, or one so thin that a side vanishes.
    if !scale.is_finite() || width.min(height) * scale < 1.0 {
        return None;
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let (cache, fonts) = (RenderCache::new(), InterpreterSettings::default());
    let pixels = render(page, &cache, &fonts, &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    let grey = pixels.data_as_u8_slice().chunks_exact(4).map(|p| {
        let sum = u16::from(p[0]) + u16::from(p[1]) + u16::from(p[2]);
        u8::try_from(sum / 3).unwrap_or(255)
    });
    GrayImage::from_raw(width, height, grey.collect())
}

const WHITE: hayro::vello_cpu::color::AlphaColor<hayro::vello_cpu::color::Srgb> =
    hayro::vello_cpu::color::palette::css::WHITE;
