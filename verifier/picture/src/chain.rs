//! The chain: which reader looks at which view of a picture, cheap and likely attempts first.

use crate::filter::{Filter, filtered, scaled};
use crate::finder::{self, Ink};
use crate::{grid, readers};
use image::GrayImage;
use mohar_schemas::qr::{self, Scanned};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pixels that readers may look at for one picture, with their weights: about half a second. Of what is
/// ever read in bad paper, 99 % takes less than 40 million.
const WORK_MAX: u64 = 60_000_000;

/// A reader and what a pixel costs it, beside the cheapest.
type Reader = (fn(&GrayImage) -> Vec<String>, u64);

const GRID: Reader = (grid::read, 2);
const PAIRS: Reader = (grid::read_pairs, 3);
const THOROUGH: Reader = (readers::thorough, 1);
const QUICK: Reader = (readers::quick, 4);

/// How large the view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// As it is, or smaller if it is larger than a page needs.
    Page,
    /// Half of that, which heals noise.
    Half,
    /// Twice as large, for small codes.
    Double,
    /// As it is, however large, for small codes on large pages.
    Whole,
}

/// Longer sides of a page's view, in pixels: 2.6 a module of a code as we print it.
const PAGE: u32 = 1_500;
/// The smallest code has so many modules a side.
const SMALLEST: u32 = 21;
/// The longest of all views.
const WHOLE: u32 = 3_000;

/// In order; the first that reads a certificate ends it.
const ATTEMPTS: &[(Size, Filter, &[Reader])] = &[
    (Size::Page, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Page, Filter::Inverted, &[GRID]),
    (Size::Double, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Page, Filter::Sharp, &[GRID]),
    (Size::Page, Filter::Plain, &[PAIRS]),
    (Size::Whole, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Half, Filter::Plain, &[GRID, THOROUGH, QUICK]),
    (Size::Page, Filter::Median, &[GRID, THOROUGH]),
    (Size::Page, Filter::Plain, &[QUICK]),
    (Size::Double, Filter::Sharp, &[GRID]),
    (Size::Double, Filter::Plain, &[PAIRS]),
    (Size::Page, Filter::Soft, &[GRID, THOROUGH]),
    (Size::Page, Filter::Inverted, &[THOROUGH, QUICK]),
    (Size::Double, Filter::Inverted, &[GRID]),
    (Size::Double, Filter::Plain, &[QUICK]),
    (Size::Whole, Filter::Sharp, &[GRID, THOROUGH]),
];

/// The texts of the codes in a picture, each once, those that may be certificates first.
pub fn codes(picture: &GrayImage) -> Vec<String> {
    let mut texts: Vec<String> = vec![];
    if picture.width().min(picture.height()) < SMALLEST {
        return texts;
    }
    let mut work = 0;
    let mut seen = vec![];
    for (size, filter, readers) in ATTEMPTS {
        let Some(side) = side(picture, *size) else { continue };
        let mut view = None;
        for (reader, weight) in *readers {
            if seen.contains(&(side, *filter, *reader as usize)) {
                continue;
            }
            seen.push((side, *filter, *reader as usize));
            let view = view.get_or_insert_with(|| filtered(&scaled(picture, side), *filter));
            work += u64::from(view.width()) * u64::from(view.height()) * weight;
            if work > WORK_MAX {
                return texts;
            }
            add(&mut texts, *reader, view);
            if texts.iter().any(|text| ours(text)) {
                // Another code beside it may be one that this reader does not read.
                add(&mut texts, THOROUGH.0, view);
                return texts;
            }
        }
    }
    texts
}

/// What a first look at a page finds.
pub struct Glance {
    /// The texts of its codes, those that may be certificates first.
    pub texts: Vec<String>,
    /// Whether there is something like the corners of a code.
    pub corners: bool,
}

/// Looks once, with the cheap readers.
pub fn glance(picture: &GrayImage) -> Glance {
    let places = finder::corners(&Ink::of(picture));
    let mut texts = vec![];
    if !places.is_empty() {
        add(&mut texts, |picture| grid::read_at(picture, &places), picture);
        add(&mut texts, readers::thorough, picture);
    }
    Glance { texts, corners: !places.is_empty() }
}

/// Adds what a reader reads and is not known yet; one that panics found nothing, the others may.
fn add(texts: &mut Vec<String>, reader: impl Fn(&GrayImage) -> Vec<String>, picture: &GrayImage) {
    for text in catch_unwind(AssertUnwindSafe(|| reader(picture))).unwrap_or_default() {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.sort_by_key(|text| !ours(text));
}

/// Whether a text has the form of our digits.
pub fn ours(text: &str) -> bool {
    matches!(qr::read(text), Scanned::Digits(_))
}

/// The longer side of a view; none where another size gives the same.
fn side(picture: &GrayImage, size: Size) -> Option<u32> {
    let longest = picture.width().max(picture.height());
    let page = longest.min(PAGE);
    match size {
        Size::Page => Some(page),
        Size::Half => Some(page / 2).filter(|side| *side >= 300),
        Size::Double => Some((page * 2).min(2 * longest)),
        Size::Whole => Some(longest.min(WHOLE)).filter(|side| *side > page),
    }
}
