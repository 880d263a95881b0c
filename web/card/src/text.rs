//! Text as paths: shaped, broken where a reader would pause, and never larger than its place.

use crate::canvas::{Canvas, Ink};
use mohar_print::text::{Line, OutlineBuilder, Word, fonts, shape, wrap};
use std::rc::Rc;
use tiny_skia::PathBuilder;

/// How a text is set.
#[derive(Clone, Copy)]
pub struct Style {
    /// Pixels to an em, where there is room.
    pub size: f32,
    /// The smallest it may become.
    pub least: f32,
    /// Strong letters.
    pub bold: bool,
    /// The most lines.
    pub lines: usize,
    /// From baseline to baseline, in ems.
    pub leading: f32,
    /// The colour.
    pub ink: Ink,
    /// Whether it stands in the middle.
    pub centred: bool,
}

/// A text in lines, measured.
pub struct Block {
    lines: Vec<Line>,
    style: Style,
    /// Pixels to an em.
    size: f32,
    width: f32,
}

/// From the top of a line to its baseline, as a part of the leading.
const ASCENT: f32 = 0.76;
/// How many ems of unevenness a break at a comma or a bracket is worth.
const PAUSE: f32 = 5.0;

impl Block {
    /// Sets a text in a width; a text that does not fit at the smallest size keeps that size.
    ///
    /// # Panics
    /// On a character that no font has; a test draws every text there is.
    pub fn new(text: &str, width: f32, style: Style) -> Self {
        let words = shape(&bound(text), style.bold).expect("the fonts have every character");
        let longest = words.iter().map(|w| w.width).fold(0.0, f32::max);
        let mut size = style.size;
        let mut lines = broken(&words, width / size);
        while (lines.len() > style.lines || longest * size > width) && size > style.least {
            size -= 1.0;
            lines = broken(&words, width / size);
        }
        let lines = even(&words, lines.len(), width / size).unwrap_or(lines);
        Self { lines, style, size, width }
    }

    /// Pixels from top to bottom.
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    pub fn height(&self) -> f32 {
        self.lines.len() as f32 * self.size * self.style.leading
    }

    /// Whether it fits its place.
    #[cfg(test)]
    pub fn fits(&self) -> bool {
        let widest = self.lines.iter().map(|l| l.width * self.size).fold(0.0, f32::max);
        self.lines.len() <= self.style.lines && widest <= self.width + 0.5
    }

    /// Writes it from a top left corner.
    pub fn draw(&self, canvas: &mut Canvas, (x, y): (f32, f32), alpha: f32) {
        let mut baseline = y + self.size * self.style.leading * ASCENT;
        for line in &self.lines {
            let free = self.width - line.width * self.size;
            let start = if self.style.centred { x + free / 2.0 } else { x };
            // One path a line: letters that touch are one surface, however faint the ink.
            let path = self.path(line, start, baseline).finish();
            canvas.fill(path.as_ref(), self.style.ink.faint(alpha));
            baseline += self.size * self.style.leading;
        }
    }

    fn path(&self, line: &Line, start: f32, baseline: f32) -> PathBuilder {
        let mut path = PathBuilder::new();
        let mut pen = start;
        for word in &line.words {
            for run in &word.runs {
                let font = &fonts()[run.font];
                let scale = font.ems(1) * self.size;
                for glyph in &run.glyphs {
                    let at = (pen + glyph.offset.0 * self.size, baseline - glyph.offset.1 * self.size);
                    font.outline(glyph.id, &mut Outline { path: &mut path, at, scale });
                    pen += glyph.advance * self.size;
                }
            }
            pen += word.space().1 * self.size;
        }
        path
    }
}

fn broken(words: &[Rc<Word>], limit: f32) -> Vec<Line> {
    wrap(words, limit).expect("the fonts have every character")
}

/// So many lines of about the same length, rather broken where a comma or a bracket stands; none where
/// words are longer than a line.
fn even(words: &[Rc<Word>], lines: usize, limit: f32) -> Option<Vec<Line>> {
    let all = splits(words, lines, limit).into_iter();
    all.min_by(|a, b| unevenness(a).total_cmp(&unevenness(b)))
}

/// Every way to break words into so many lines that fit.
fn splits(words: &[Rc<Word>], lines: usize, limit: f32) -> Vec<Vec<Line>> {
    if lines == 1 {
        let line = line_of(words);
        return if line.width <= limit { vec![vec![line]] } else { vec![] };
    }
    let mut all = vec![];
    for at in 1..words.len() {
        let first = line_of(&words[..at]);
        if first.width > limit {
            break;
        }
        for mut rest in splits(&words[at..], lines - 1, limit) {
            rest.insert(0, line_of(&words[..at]));
            all.push(rest);
        }
    }
    all
}

fn line_of(words: &[Rc<Word>]) -> Line {
    let spaces: f32 = words.split_last().map_or(0.0, |(_, w)| w.iter().map(|w| w.space().1).sum());
    Line { words: words.to_vec(), width: spaces + words.iter().map(|w| w.width).sum::<f32>() }
}

fn unevenness(lines: &[Line]) -> f32 {
    let widest = lines.iter().map(|l| l.width).fold(0.0, f32::max);
    let short: f32 = lines.iter().map(|l| widest - l.width).sum();
    let pauses = |pair: &&[Line]| {
        let ends = pair[0].words.last().and_then(|w| w.runs.last()).map_or("", |r| r.text.as_str());
        let begins = pair[1].words.first().and_then(|w| w.runs.first()).map_or("", |r| r.text.as_str());
        ends.ends_with([',', ';', ':', '।']) || begins.starts_with('(')
    };
    lines.windows(2).filter(pauses).fold(short, |short, _| short - PAUSE)
}

/// The text with every sum bound to its unit: `₹1 lakh` is not torn apart.
fn bound(text: &str) -> String {
    let mut words = text.split(' ').peekable();
    let mut out = String::new();
    while let Some(word) = words.next() {
        out.push_str(word);
        if words.peek().is_some() {
            let sum = word.starts_with('₹') && !word.ends_with([',', ';']);
            out.push(if sum { '\u{a0}' } else { ' ' });
        }
    }
    out
}

/// Puts a glyph's outline at its place.
struct Outline<'a> {
    path: &'a mut PathBuilder,
    at: (f32, f32),
    scale: f32,
}

impl Outline<'_> {
    fn x(&self, x: f32) -> f32 {
        self.at.0 + x * self.scale
    }

    fn y(&self, y: f32) -> f32 {
        self.at.1 - y * self.scale
    }
}

impl OutlineBuilder for Outline<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x(x), self.y(y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x(x), self.y(y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x(x1), self.y(y1), self.x(x), self.y(y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x(x1), self.y(y1), self.x(x2), self.y(y2), self.x(x), self.y(y));
    }

    fn close(&mut self) {
        self.path.close();
    }
}
