//! The schemes' pictures and films, drawn from their data: no system font, no file, no clock, and the
//! same bytes every time.

mod canvas;
pub mod film;
mod icons;
mod picture;
mod text;

use mohar_schemas::scheme::{Scheme, published};
use mohar_schemas::words::Language;
use std::sync::{LazyLock, OnceLock};

/// The width and height of a picture, in pixels.
pub const SIZE: (u32, u32) = (1_080, 1_350);

/// A scheme's picture in a language, as a PNG file; none for a scheme there is not. The first call draws
/// it, for some milliseconds; it is kept for the next.
#[must_use]
pub fn picture(scheme: &str, language: Language) -> Option<&'static [u8]> {
    static DRAWN: LazyLock<Vec<[OnceLock<Vec<u8>>; 2]>> =
        LazyLock::new(|| published().schemes().iter().map(|_| Default::default()).collect());
    let place = published().schemes().iter().position(|s| s.id == scheme)?;
    let drawn = &DRAWN[place][usize::from(language == Language::Hindi)];
    Some(drawn.get_or_init(|| draw(&published().schemes()[place], language)))
}

fn draw(scheme: &Scheme, language: Language) -> Vec<u8> {
    picture::draw(published(), scheme, language).png()
}

#[cfg(test)]
mod tests;
