//! The chain: which reader looks at which view of a picture, cheap and likely attempts first.

use crate::filter::{Filter, filtered, scaled, stretched};
use crate::finder::{self, Ink};
use crate::region::{Region, regions};
use crate::{grid, lost, readers};
use image::GrayImage;
use mohar_schemas::qr::{self, Scanned};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pixels that readers may look at for one picture, with their weights: about a second. Of the pictures
/// of the suite of bad paper that are read, none takes more than 68 million and 99 of 100 less than 35.
const WORK_MAX: u64 = 80_000_000;

/// A reader and what a pixel costs it, beside the cheapest.
type Reader = (fn(&GrayImage) -> Vec<String>, u64);

const GRID: Reader = (grid::read, 2);
const LOST: Reader = (lost::read, 40);
const THOROUGH: Reader = (readers::thorough, 1);
const QUICK: Reader = (readers::quick, 4);

/// How large the view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// As it is, or smaller if it is larger than is needed.
    Fit,
    /// Half of that, which heals noise.
    Half,
    /// Twice as large, for small codes.
    Double,
    /// As it is, however large, for small codes on large pages.
    Whole,
}

/// A view and its readers.
type Attempt = (Size, Filter, &'static [Reader]);

/// Longer sides of a page's view, in pixels: 2.6 a module of a code as we print it.
const PAGE: u32 = 1_500;
/// And of a part of a page with a code in it.
const PART: u32 = 800;
/// The smallest code has so many modules a side.
const SMALLEST: u32 = 21;
/// The longest of all views.
const WHOLE: u32 = 3_000;

/// At the whole page at first: what most pages need.
const FIRST: &[Attempt] = &[(Size::Fit, Filter::Plain, &[GRID, THOROUGH])];

/// At the parts of it where a code may be.
const CLOSE: &[Attempt] = &[
    (Size::Fit, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Double, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Fit, Filter::Inverted, &[GRID, THOROUGH]),
    (Size::Fit, Filter::Clear, &[GRID]),
    (Size::Fit, Filter::Soft, &[GRID, LOST]),
    (Size::Fit, Filter::Plain, &[LOST]),
    (Size::Double, Filter::Clear, &[GRID]),
    (Size::Double, Filter::Sharp, &[GRID]),
    (Size::Half, Filter::Plain, &[GRID, THOROUGH, QUICK]),
    (Size::Fit, Filter::Median, &[GRID, THOROUGH]),
    (Size::Fit, Filter::Clear, &[LOST]),
    (Size::Double, Filter::Plain, &[LOST, QUICK]),
    (Size::Double, Filter::Inverted, &[GRID, THOROUGH]),
];

/// At the whole page again, where nothing was read.
const AGAIN: &[Attempt] = &[
    (Size::Whole, Filter::Plain, &[GRID, THOROUGH]),
    (Size::Fit, Filter::Inverted, &[GRID, THOROUGH]),
    (Size::Half, Filter::Plain, &[GRID, THOROUGH, QUICK]),
    (Size::Double, Filter::Plain, &[GRID]),
];

/// The texts of the codes in a picture, each once, those that may be certificates first.
pub fn codes(picture: &GrayImage) -> Vec<String> {
    if !large_enough(picture) {
        return vec![];
    }
    let mut look = Look::default();
    let page = scaled(picture, Size::Fit.side(picture, PAGE).unwrap_or(PAGE));
    if look.over(FIRST, &mut [Part::of(page.clone())], PAGE) {
        return look.texts;
    }
    let regions = regions(&page, &finder::corners(&Ink::of(&page)));
    let part = |region| Part { region: Some(region), ..Part::of(stretched(region.of(picture))) };
    let mut parts: Vec<Part> = regions.into_iter().map(part).filter(|p| large_enough(&p.picture)).collect();
    if !look.over(CLOSE, &mut parts, PART) && look.texts.is_empty() {
        look.over(AGAIN, &mut [Part::of(picture.clone())], PAGE);
    }
    look.texts
}

/// Whether a code would fit.
fn large_enough(picture: &GrayImage) -> bool {
    picture.width().min(picture.height()) >= SMALLEST
}

/// A part of a page, and whether what is in it was read.
struct Part {
    picture: GrayImage,
    region: Option<Region>,
    read: bool,
}

impl Part {
    const fn of(picture: GrayImage) -> Self {
        Self { picture, region: None, read: false }
    }
}

/// What was read so far, and at what cost.
#[derive(Default)]
struct Look {
    texts: Vec<String>,
    work: u64,
}

impl Look {
    /// Attempts one after another, each at all parts; ends with the view in which a certificate is read.
    fn over(&mut self, attempts: &[Attempt], parts: &mut [Part], fit: u32) -> bool {
        for (size, filter, readers) in attempts {
            for n in 0..parts.len() {
                let part = &mut parts[n];
                let Some(side) = size.side(&part.picture, fit).filter(|_| !part.read) else { continue };
                let view = filtered(&scaled(&part.picture, side), *filter);
                for (reader, weight) in *readers {
                    self.work += u64::from(view.width()) * u64::from(view.height()) * weight;
                    if self.work > WORK_MAX {
                        return false;
                    }
                    part.read |= add(&mut self.texts, *reader, &view);
                }
                if let Some(region) = part.region.filter(|_| part.read) {
                    for other in &mut *parts {
                        other.read |= other.region.is_some_and(|other| other.shows_the_same(&region));
                    }
                }
                if self.texts.iter().any(|text| ours(text)) {
                    return true;
                }
            }
        }
        false
    }
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

/// Adds what a reader reads and is not known yet, and says whether it read anything; one that panics
/// found nothing, the others may.
fn add(texts: &mut Vec<String>, reader: impl Fn(&GrayImage) -> Vec<String>, picture: &GrayImage) -> bool {
    let read = catch_unwind(AssertUnwindSafe(|| reader(picture))).unwrap_or_default();
    let some = !read.is_empty();
    for text in read {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.sort_by_key(|text| !ours(text));
    some
}

/// Whether a text has the form of our digits.
pub fn ours(text: &str) -> bool {
    matches!(qr::read(text), Scanned::Digits(_))
}

impl Size {
    /// The longer side of a view; none where another size gives the same.
    fn side(self, picture: &GrayImage, fit: u32) -> Option<u32> {
        let longest = picture.width().max(picture.height());
        let fitting = longest.min(fit);
        match self {
            Self::Fit => Some(fitting),
            Self::Half => Some(fitting / 2).filter(|side| *side >= 150),
            Self::Double => Some((2 * fitting).min(2 * longest)),
            Self::Whole => Some(longest.min(WHOLE)).filter(|side| *side > fitting),
        }
    }
}
