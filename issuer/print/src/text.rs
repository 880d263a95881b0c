//! Shaping and line breaking: text becomes words of positioned glyphs, measured in ems.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::OnceLock;

use rustybuzz::{Direction, Face, Feature, Language, ShapePlan, UnicodeBuffer, script, ttf_parser::Tag};

pub use rustybuzz::ttf_parser::OutlineBuilder;

use crate::PrintError;

/// How many fonts a page can use: two scripts, two weights.
pub const FONTS: usize = 4;
const SOURCES: [&[u8]; FONTS] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("../fonts/NotoSansDevanagari-Bold.ttf"),
];
/// `PostScript` names, in the order of the fonts.
pub const NAMES: [&str; FONTS] =
    ["NotoSans-Regular", "NotoSans-Bold", "NotoSansDevanagari-Regular", "NotoSansDevanagari-Bold"];

/// A parsed font with the shaping plan of its script.
pub struct Font {
    /// The whole font file.
    pub data: &'static [u8],
    /// The parsed tables.
    pub face: Face<'static>,
    plan: ShapePlan,
    /// Width of a space, in ems.
    pub space: f32,
}

impl Font {
    fn load(index: usize) -> Self {
        let data = SOURCES[index];
        let face = Face::from_slice(data, 0).expect("the fonts are part of the crate and tested");
        let (script, language) = if index >= 2 { (script::DEVANAGARI, "hi") } else { (script::LATIN, "en") };
        let language: Option<Language> = language.parse().ok();
        // one glyph a letter in Latin text keeps its Unicode map exact
        let features = [Feature::new(Tag::from_bytes(b"liga"), u32::from(index >= 2), ..)];
        let plan = ShapePlan::new(&face, Direction::LeftToRight, Some(script), language.as_ref(), &features);
        let mut font = Self { data, face, plan, space: 0.26 };
        if let Some(glyph) = font.face.glyph_index(' ') {
            font.space = font.advance(glyph.0);
        }
        font
    }

    /// Draws a glyph's outline, in font units, upwards; a unit is [`Font::ems`] of one.
    pub fn outline(&self, glyph: u16, into: &mut dyn OutlineBuilder) {
        self.face.outline_glyph(rustybuzz::ttf_parser::GlyphId(glyph), into);
    }

    /// The nominal advance of a glyph, in ems.
    #[must_use]
    pub fn advance(&self, glyph: u16) -> f32 {
        self.ems(i32::from(self.face.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph)).unwrap_or(0)))
    }

    /// Font units as ems.
    #[must_use]
    pub fn ems(&self, units: i32) -> f32 {
        let clamped = i16::try_from(units).unwrap_or(i16::MAX);
        f32::from(clamped) / f32::from(u16::try_from(self.face.units_per_em()).unwrap_or(1000))
    }
}

/// The fonts, parsed once in the life of the process.
#[must_use]
pub fn fonts() -> &'static [Font; FONTS] {
    static PARSED: OnceLock<[Font; FONTS]> = OnceLock::new();
    PARSED.get_or_init(|| std::array::from_fn(Font::load))
}

/// One glyph of a shaped run; lengths in ems.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// Index in the whole font.
    pub id: u16,
    /// Byte offset of its cluster in the run's text.
    pub cluster: usize,
    /// How far the pen moves.
    pub advance: f32,
    /// Displacement of the drawing from the pen.
    pub offset: (f32, f32),
}

/// Text of one script in one font.
#[derive(Clone, Debug)]
pub struct Run {
    /// Index into [`fonts`].
    pub font: usize,
    /// The source text.
    pub text: String,
    /// Its shaped form.
    pub glyphs: Vec<Glyph>,
}

/// What stands between two places where a line may break.
#[derive(Clone, Debug)]
pub struct Word {
    /// The runs, left to right.
    pub runs: Vec<Run>,
    /// Sum of the advances, in ems.
    pub width: f32,
    /// Whether a paragraph ends after this word.
    pub last: bool,
}

impl Word {
    /// Font and width of the space after this word.
    #[must_use]
    pub fn space(&self) -> (usize, f32) {
        let font = self.runs.last().map_or(0, |run| run.font);
        (font, fonts()[font].space)
    }
}

fn devanagari(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{97F}' | '\u{A8E0}'..='\u{A8FF}' | '\u{1CD0}'..='\u{1CFF}')
}

fn joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Bytes of the text that are characters of the Devanagari script, joiners counted with their neighbours.
fn split(text: &str, bold: bool) -> Result<Vec<(usize, String)>, PrintError> {
    let fonts = fonts();
    let mut runs: Vec<(usize, String)> = Vec::new();
    for c in text.chars() {
        let deva = 2 + usize::from(bold);
        let latin = usize::from(bold);
        let previous = runs.last().map(|run| run.0);
        let font = if joiner(c) {
            previous.unwrap_or(deva)
        } else if c.is_control() {
            return Err(PrintError::Glyph(c));
        } else if devanagari(c) {
            deva
        } else if fonts[latin].face.glyph_index(c).is_some() {
            latin
        } else {
            deva
        };
        if !joiner(c) && fonts[font].face.glyph_index(c).is_none() {
            return Err(PrintError::Glyph(c));
        }
        match runs.last_mut() {
            Some(run) if run.0 == font => run.1.push(c),
            _ => runs.push((font, c.to_string())),
        }
    }
    Ok(runs)
}

/// A text of which every character can be shaped: what no font has becomes a question mark.
#[must_use]
pub fn printable(text: &str) -> String {
    let fonts = fonts();
    let known = |c: char| fonts.iter().step_by(2).any(|font| font.face.glyph_index(c).is_some());
    let kept = |c: char| match c {
        c if c.is_control() || c.is_whitespace() => ' ',
        c if joiner(c) || known(c) => c,
        _ => '?',
    };
    let kept: String = text.chars().map(kept).collect();
    // A letter of one script behind one of the other may still find no glyph for the two together.
    if shape(&kept, false).is_ok() && shape(&kept, true).is_ok() {
        kept
    } else {
        kept.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
    }
}

fn shape_run(font: usize, text: String) -> Result<Run, PrintError> {
    let source = &fonts()[font];
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(if font >= 2 { script::DEVANAGARI } else { script::LATIN });
    let shaped = rustybuzz::shape_with_plan(&source.face, &source.plan, buffer);
    let mut glyphs = Vec::with_capacity(shaped.len());
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let cluster = info.cluster as usize;
        let id = u16::try_from(info.glyph_id).unwrap_or(0);
        if id == 0 {
            return Err(PrintError::Glyph(text[cluster..].chars().next().unwrap_or('\u{FFFD}')));
        }
        let advance = source.ems(position.x_advance);
        let offset = (source.ems(position.x_offset), source.ems(position.y_offset));
        glyphs.push(Glyph { id, cluster, advance, offset });
    }
    Ok(Run { font, text, glyphs })
}

fn shape_word(text: &str, bold: bool) -> Result<Word, PrintError> {
    let mut runs = Vec::new();
    for (font, piece) in split(text, bold)? {
        runs.push(shape_run(font, piece)?);
    }
    let width = runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.advance).sum();
    Ok(Word { runs, width, last: false })
}

thread_local! {
    /// Words shaped before, regular and bold: labels and wordings say the same words on every page.
    static SHAPED: [RefCell<HashMap<String, Rc<Word>>>; 2] = Default::default();
}

/// When so many words are remembered, all are forgotten: a few hundred kilobytes a thread.
const SHAPED_MAX: usize = 2_048;

fn shaped(text: &str, bold: bool) -> Result<Rc<Word>, PrintError> {
    SHAPED.with(|shaped| {
        let mut known = shaped[usize::from(bold)].borrow_mut();
        if let Some(word) = known.get(text) {
            return Ok(Rc::clone(word));
        }
        let word = Rc::new(shape_word(text, bold)?);
        if known.len() >= SHAPED_MAX {
            known.clear();
        }
        known.insert(text.to_owned(), Rc::clone(&word));
        Ok(word)
    })
}

/// Shapes a text; every line of it is a paragraph. The words are shared between the layouts tried.
pub fn shape(text: &str, bold: bool) -> Result<Vec<Rc<Word>>, PrintError> {
    let mut words: Vec<Rc<Word>> = Vec::new();
    for paragraph in text.split(['\n', '\r']) {
        let before = words.len();
        for word in paragraph.split(|c: char| c.is_whitespace() && c != '\u{A0}').filter(|w| !w.is_empty()) {
            words.push(shaped(word, bold)?);
        }
        if words.len() > before
            && let Some(word) = words.last_mut()
        {
            Rc::make_mut(word).last = true;
        }
    }
    Ok(words)
}

/// The places inside a word where it may be cut when it is wider than a whole line.
fn cut(word: &Word, limit: f32) -> Result<Vec<Word>, PrintError> {
    let mut parts: Vec<Word> = vec![Word { runs: Vec::new(), width: 0.0, last: false }];
    for run in &word.runs {
        let bold = run.font % 2 == 1;
        let mut starts: Vec<usize> = run.glyphs.iter().map(|glyph| glyph.cluster).collect();
        starts.sort_unstable();
        starts.dedup();
        starts.push(run.text.len());
        let mut from = 0;
        let mut used = parts.last().map_or(0.0, |part| part.width);
        for pair in starts.windows(2) {
            let glyphs = run.glyphs.iter().filter(|glyph| glyph.cluster == pair[0]);
            let width: f32 = glyphs.map(|glyph| glyph.advance).sum();
            if used + width > limit && used > 0.0 {
                extend(&mut parts, &run.text[from..pair[0]], bold)?;
                parts.push(Word { runs: Vec::new(), width: 0.0, last: false });
                from = pair[0];
                used = 0.0;
            }
            used += width;
        }
        extend(&mut parts, &run.text[from..], bold)?;
    }
    if let Some(part) = parts.last_mut() {
        part.last = word.last;
    }
    Ok(parts)
}

fn extend(parts: &mut [Word], text: &str, bold: bool) -> Result<(), PrintError> {
    if let (Some(part), false) = (parts.last_mut(), text.is_empty()) {
        let piece = shape_word(text, bold)?;
        part.width += piece.width;
        part.runs.extend(piece.runs);
    }
    Ok(())
}

/// Words of one line and their natural width in ems, spaces included.
#[derive(Debug)]
pub struct Line {
    /// The words, left to right.
    pub words: Vec<Rc<Word>>,
    /// Natural width.
    pub width: f32,
}

/// Breaks words into lines no wider than `limit` ems.
pub fn wrap(words: &[Rc<Word>], limit: f32) -> Result<Vec<Line>, PrintError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    for word in words {
        let cut = if word.width > limit { cut(word, limit)? } else { vec![] };
        let whole = cut.is_empty().then(|| Rc::clone(word));
        for (index, piece) in cut.into_iter().map(Rc::new).chain(whole).enumerate() {
            let last = piece.last;
            match lines.last_mut().filter(|_| open && index == 0) {
                Some(line) => {
                    let space = line.words.last().map_or(0.0, |word| word.space().1);
                    if line.width + space + piece.width <= limit + 0.001 {
                        line.width += space + piece.width;
                        line.words.push(piece);
                    } else {
                        lines.push(Line { width: piece.width, words: vec![piece] });
                    }
                }
                None => lines.push(Line { width: piece.width, words: vec![piece] }),
            }
            open = !last;
        }
    }
    Ok(lines)
}
