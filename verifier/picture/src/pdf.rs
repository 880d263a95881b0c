//! The pages of a PDF as pictures, one after another.

use crate::{Unread, chain, intake};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::Stream;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{Filter, LoadPdfError, Pdf};
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::GrayImage;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Only so many pages are looked at.
const PAGES_MAX: usize = 200;
/// Pixels of the longer side of a page at first: 2.7 a module of a code as we print it.
const SIDE: f32 = 1_500.0;
/// And of pages that are looked at again, for scans within.
const SIDE_AGAIN: f32 = 2_400.0;
/// So many pages are looked at again, with all that the chain has.
const AGAIN_MAX: usize = 3;

/// So many things on a page are looked through for scans, and so many scans are read.
const OBJECTS_MAX: usize = 50;
const SCANS_MAX: usize = 3;
/// A smaller picture is an emblem or a photograph of somebody.
const SCAN_MIN: u32 = 300;

/// The codes of the first page that has a certificate's; else those of all pages.
pub fn codes(bytes: &[u8]) -> Result<Vec<String>, Unread> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unread::Encrypted,
        LoadPdfError::Invalid => Unread::Broken,
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(Unread::Broken);
    }
    let mut others: Vec<String> = vec![];
    let mut promising = vec![];
    for page in pages.iter().take(PAGES_MAX) {
        for picture in drawn(page, SIDE).into_iter().chain(scans(page)) {
            let glance = chain::glance(&picture);
            if glance.texts.iter().any(|text| chain::ours(text)) {
                return Ok(glance.texts);
            }
            if glance.corners && glance.texts.is_empty() && promising.len() < AGAIN_MAX {
                promising.push(page);
            }
            others.extend(glance.texts);
        }
    }
    // A scan whose squares are not even found is most likely the first page.
    let first = pages.first().filter(|_| promising.is_empty());
    for page in promising.into_iter().chain(first) {
        let scan = scans(page).next();
        let picture = scan.or_else(|| drawn(page, SIDE_AGAIN));
        let texts = picture.map(|picture| chain::codes(&picture)).unwrap_or_default();
        if texts.iter().any(|text| chain::ours(text)) {
            return Ok(texts);
        }
        others.extend(texts);
    }
    let mut seen = std::collections::BTreeSet::new();
    others.retain(|text| seen.insert(text.clone()));
    match others.is_empty() {
        false => Ok(others),
        true if pages.len() > PAGES_MAX => Err(Unread::NoCodeInPages),
        true => Err(Unread::NoCode),
    }
}

/// The JPEGs on a page as they were scanned: a page drawn anew from them has lost some of their grey.
fn scans<'a>(page: &'a Page<'a>) -> impl Iterator<Item = GrayImage> + 'a {
    let objects = &page.resources().x_objects;
    let streams = objects.keys().take(OBJECTS_MAX).filter_map(|name| objects.get::<Stream<'_>>(name));
    let scans = streams.filter(|stream| matches!(stream.filters()[..], [Filter::DctDecode]));
    let open = |stream: Stream<'_>| {
        let open = || intake::picture(&stream.raw_data()).ok();
        catch_unwind(AssertUnwindSafe(open)).ok().flatten()
    };
    scans.take(SCANS_MAX).filter_map(open).filter(|picture| picture.width().min(picture.height()) >= SCAN_MIN)
}

/// The first page that has a certificate's code; of a file of one page, that page.
pub fn page_of_code<'p, 'a>(pages: &'p [Page<'a>]) -> Option<&'p Page<'a>> {
    if let [page] = pages {
        return Some(page);
    }
    let has_code = |page: &&Page<'_>| {
        drawn(page, SIDE).is_some_and(|picture| chain::glance(&picture).texts.iter().any(|t| chain::ours(t)))
    };
    pages.iter().take(PAGES_MAX).find(has_code)
}

/// A page in grey on white; none where it has no size or its drawing fails.
fn drawn(page: &Page<'_>, side: f32) -> Option<GrayImage> {
    let (width, height) = page.render_dimensions();
    let scale = side / width.max(height);
    // A page of no size, or one so thin that a side vanishes.
    if !scale.is_finite() || width.min(height) * scale < 21.0 {
        return None;
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let (cache, fonts) = (RenderCache::new(), InterpreterSettings::default());
    let draw = || render(page, &cache, &fonts, &RenderSettings::default(), &settings);
    let pixels = catch_unwind(AssertUnwindSafe(draw)).ok()?;
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    let grey = pixels.data_as_u8_slice().chunks_exact(4).map(|p| {
        let sum = u16::from(p[0]) + u16::from(p[1]) + u16::from(p[2]);
        u8::try_from(sum / 3).unwrap_or(255)
    });
    GrayImage::from_raw(width, height, grey.collect())
}

const WHITE: hayro::vello_cpu::color::AlphaColor<hayro::vello_cpu::color::Srgb> =
    hayro::vello_cpu::color::palette::css::WHITE;
