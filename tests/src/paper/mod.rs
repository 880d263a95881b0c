//! Bad paper: a printed certificate, spoilt in the ways that paper and pictures are spoilt.
//!
//! `tests/paper/kinds.toml` has the kinds and their parameters, decided before anything was measured.

pub mod chance;
pub mod formats;
pub mod marks;
pub mod optics;
pub mod sheet;
pub mod suite;

use chance::{Chance, Range};
use optics::Pose;
use serde::Deserialize;
use sheet::Sheet;
use std::sync::LazyLock;

/// A way in which a certificate is spoilt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name in the table.
    pub name: String,
    /// Dots an inch of the print it starts from: 150, 200 or 300.
    pub dots: u32,
    /// What is done, one after another.
    pub steps: Vec<Step>,
}

/// One thing that is done; lengths in millimetres of paper or pixels of the picture, as their names say.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, tag = "do")]
#[expect(missing_docs, reason = "the data file has a word on each")]
pub enum Step {
    Photocopy { times: Range, soft_mm: Range, gain: Range, dirt_cm2: Range },
    Fold { times: Range, shift_mm: Range, shade: Range, wear_mm: Range },
    Stain { times: Range, radius_mm: Range, darkness: Range },
    Blot { part: Range },
    Cover { part: Range },
    Fade { black: Range, streaks: Range, blotches: Range },
    Scribble { strokes: Range, width_mm: Range },
    Shrink { part: Range },
    Halftone { lines: Range, tone: Range },
    Screen { pitch_px: Range, depth: Range },
    Invert,
    Crop { quiet_mm: Range },
    Width { page_px: Range },
    Photograph { page_px: Range, tilt: Range, turn: Range },
    CloseUp { code_px: Range, tilt: Range },
    Blur { sigma_px: Range },
    Move { length_px: Range },
    Light { fall: Range, shadow: Range },
    Glare { radius_mm: Range, strength: Range },
    Sensor { light: Range, noise: Range },
    Jpeg { quality: Range },
}

/// Every kind.
///
/// # Panics
/// If the data file is wrong.
#[must_use]
pub fn kinds() -> &'static [Kind] {
    #[derive(Deserialize)]
    struct File {
        kind: Vec<Kind>,
    }
    static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../paper/kinds.toml")).expect("kinds.toml");
        file.kind
    });
    &KINDS
}

/// The file that a person sends: the sheet, spoilt. The same kind and seed spoil every sheet alike.
///
/// # Panics
/// If a kind has no steps.
#[must_use]
pub fn spoilt(sheet: &Sheet, kind: &Kind, seed: u64) -> Vec<u8> {
    let name = kind.name.bytes().fold(0u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut chance = Chance::new(name ^ seed.wrapping_mul(0x5851_f42d_4c95_7f2d));
    let (last, before) = kind.steps.split_last().expect("a kind has steps");
    let mut sheet = sheet.clone();
    for step in before {
        take(step, &mut sheet, &mut chance);
    }
    if let Step::Jpeg { quality } = last {
        return optics::jpeg(&sheet, percent(&mut chance, *quality));
    }
    take(last, &mut sheet, &mut chance);
    optics::png(&sheet)
}

fn percent(chance: &mut Chance, quality: Range) -> u8 {
    u8::try_from(chance.whole(quality)).unwrap_or(100)
}

fn take(step: &Step, sheet: &mut Sheet, chance: &mut Chance) {
    match step {
        Step::Photocopy { times, soft_mm, gain, dirt_cm2 } => {
            let times = chance.whole(*times);
            marks::photocopy(sheet, chance, times, *soft_mm, *gain, *dirt_cm2);
        }
        Step::Fold { times, shift_mm, shade, wear_mm } => {
            let times = chance.whole(*times);
            marks::fold(sheet, chance, times, *shift_mm, *shade, *wear_mm);
        }
        Step::Stain { times, radius_mm, darkness } => {
            let times = chance.whole(*times);
            marks::stain(sheet, chance, times, *radius_mm, *darkness);
        }
        Step::Blot { part } => marks::blot(sheet, chance, *part),
        Step::Cover { part } => marks::cover(sheet, chance, *part),
        Step::Fade { black, streaks, blotches } => {
            let (streaks, blotches) = (chance.whole(*streaks), chance.whole(*blotches));
            marks::fade(sheet, chance, *black, streaks, blotches);
        }
        Step::Scribble { strokes, width_mm } => {
            let strokes = chance.whole(*strokes);
            marks::scribble(sheet, chance, strokes, *width_mm);
        }
        Step::Shrink { part } => *sheet = marks::shrunk(sheet, chance.within(*part)),
        Step::Halftone { lines, tone } => marks::halftone(sheet, chance, *lines, *tone),
        Step::Screen { pitch_px, depth } => marks::screen(sheet, chance, *pitch_px, *depth),
        Step::Invert => marks::invert(sheet),
        Step::Crop { quiet_mm } => *sheet = marks::cropped(sheet, chance.within(*quiet_mm)),
        Step::Width { page_px } => *sheet = sheet.resized(chance.within(*page_px)),
        other => see(other, sheet, chance),
    }
}

/// The steps of a camera.
fn see(step: &Step, sheet: &mut Sheet, chance: &mut Chance) {
    match step {
        Step::Photograph { page_px, tilt, turn } => {
            let flat = sheet.resized(chance.within(*page_px));
            let pose = pose(chance, *tilt, *turn);
            *sheet = optics::photograph(&flat, pose, chance.within([0.15, 0.6]));
        }
        Step::CloseUp { code_px, tilt } => {
            let near = optics::close_up(sheet, chance.within(*code_px), [1_280.0, 720.0]);
            let pose = pose(chance, *tilt, [-10.0, 10.0]);
            *sheet = optics::photograph(&near, pose, 0.4);
        }
        Step::Blur { sigma_px } => sheet.picture = optics::blur(&sheet.picture, chance.within(*sigma_px)),
        Step::Move { length_px } => {
            let (length, angle) = (chance.within(*length_px), chance.angle());
            sheet.picture = optics::moved(&sheet.picture, length, angle);
        }
        Step::Light { fall, shadow } => optics::light(sheet, chance, *fall, *shadow),
        Step::Glare { radius_mm, strength } => optics::glare(sheet, chance, *radius_mm, *strength),
        Step::Sensor { light, noise } => optics::sensor(sheet, chance, *light, *noise),
        Step::Jpeg { quality } => optics::recompress(sheet, percent(chance, *quality)),
        _ => {}
    }
}

fn pose(chance: &mut Chance, tilt: Range, turn: Range) -> Pose {
    Pose { tilt: chance.within(tilt), towards: chance.angle(), turn: chance.within(turn).to_radians() }
}
