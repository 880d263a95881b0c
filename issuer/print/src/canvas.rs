//! The pages' content streams: tagged text, glyph numbering, lines and boxes.

use std::collections::BTreeMap;

use pdf_writer::{Content, Name, Str, TextStr, types::StructRole};
use subsetter::GlyphRemapper;

use crate::text::{FONTS, Line, Run, fonts};

/// Height of an A4 page in points; the layout measures downwards from the top edge.
pub const HEIGHT: f32 = 841.89;
/// Width of an A4 page in points.
pub const WIDTH: f32 = 595.28;

/// A colour as red, green and blue.
pub type Ink = [f32; 3];

/// Where a line stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Flush left.
    Left,
    /// Flush right.
    Right,
    /// Centred.
    Centre,
    /// Flush on both sides but for the last line of a paragraph.
    Justify,
}

/// The language of an element, for screen readers.
pub type Lang = Option<&'static str>;

/// A node of the structure tree.
pub struct Element {
    /// Its role.
    pub role: StructRole,
    /// Its language, when it differs from the document's.
    pub lang: Lang,
    /// Index of its parent; the first element is the document itself.
    pub parent: usize,
    /// The page it stands on, from 0.
    pub page: usize,
    /// The marked content it stands for, numbered within its page.
    pub content: Option<i32>,
    /// Words for a picture.
    pub alt: Option<String>,
}

/// An area that opens an address.
pub struct Link {
    /// Its element in the structure tree.
    pub element: usize,
    /// Its box, measured downwards from the top edge: left, top, width, height.
    pub area: [f32; 4],
}

/// What the page uses of one font.
pub struct Usage {
    /// Old glyph numbers to new.
    pub glyphs: GlyphRemapper,
    /// New glyph numbers to the text they stand for.
    pub unicode: BTreeMap<u16, String>,
}

/// Pages being drawn, one after another.
pub struct Canvas {
    /// Operators written so far on the page at hand.
    pub content: Content,
    /// The pages before it.
    pub before: Vec<Content>,
    /// The structure tree, parents first.
    pub elements: Vec<Element>,
    /// Where the code is a link.
    pub link: Option<Link>,
    /// Glyphs in use, font by font.
    pub used: [Usage; FONTS],
    marks: i32,
}

/// Rounds to what a printer can tell apart, so that files stay small and equal everywhere.
pub fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

impl Canvas {
    /// An empty page.
    pub fn new() -> Self {
        let document =
            Element { role: StructRole::Document, lang: None, parent: 0, page: 0, content: None, alt: None };
        let usage = || Usage { glyphs: GlyphRemapper::new(), unicode: BTreeMap::new() };
        Self {
            content: Content::new(),
            before: vec![],
            elements: vec![document],
            link: None,
            used: std::array::from_fn(|_| usage()),
            marks: 0,
        }
    }

    /// Turns to the next page.
    pub fn turn(&mut self) {
        self.before.push(std::mem::replace(&mut self.content, Content::new()));
        self.marks = 0;
    }

    /// Adds a grouping element to the structure tree.
    pub fn group(&mut self, role: StructRole, parent: usize) -> usize {
        let page = self.before.len();
        self.elements.push(Element { role, lang: None, parent, page, content: None, alt: None });
        self.elements.len() - 1
    }

    /// Opens content that stands for a new element.
    pub fn open(&mut self, role: StructRole, parent: usize, lang: Lang, alt: Option<&str>) {
        let content = Some(self.marks);
        let (page, alt) = (self.before.len(), alt.map(str::to_owned));
        self.elements.push(Element { role, lang, parent, page, content, alt });
        let name = role.to_name();
        self.content.begin_marked_content_with_properties(name).properties().identify(self.marks);
        self.marks += 1;
    }

    /// Opens decoration that a reader skips.
    pub fn artifact(&mut self) {
        self.content.begin_marked_content(Name(b"Artifact"));
    }

    /// Closes what was opened last.
    pub fn close(&mut self) {
        self.content.end_marked_content();
    }

    /// Fills a box given by its top left corner.
    pub fn fill(&mut self, [x, y, w, h]: [f32; 4], [r, g, b]: Ink) {
        self.content.set_fill_rgb(r, g, b);
        self.content.rect(round(x), round(HEIGHT - y - h), round(w), round(h)).fill_nonzero();
    }

    /// Draws the outline of a box given by its top left corner.
    pub fn frame(&mut self, [x, y, w, h]: [f32; 4], line: f32, [r, g, b]: Ink) {
        self.content.set_stroke_rgb(r, g, b).set_line_width(line);
        self.content.rect(round(x), round(HEIGHT - y - h), round(w), round(h)).stroke();
    }

    /// Draws a horizontal line.
    pub fn rule(&mut self, x: f32, y: f32, width: f32, line: f32, [r, g, b]: Ink) {
        self.content.set_stroke_rgb(r, g, b).set_line_width(line);
        let y = round(HEIGHT - y);
        self.content.move_to(round(x), y).line_to(round(x + width), y).stroke();
    }

    /// Writes one line with its baseline at `y`.
    pub fn line(&mut self, line: &Line, size: f32, (x, y, width): (f32, f32, f32), align: Align, ink: Ink) {
        let free = width - line.width * size;
        let ends = line.words.last().is_none_or(|word| word.last);
        let gaps = line.words.len().saturating_sub(1);
        let mut stretch = 0.0;
        let start = match align {
            Align::Left => x,
            Align::Right => x + free,
            Align::Centre => x + free / 2.0,
            Align::Justify => {
                if !ends && gaps > 0 && free < width * 0.25 {
                    stretch = free / size / f32::from(u16::try_from(gaps).unwrap_or(u16::MAX));
                }
                x
            }
        };
        self.content.begin_text().set_fill_rgb(ink[0], ink[1], ink[2]);
        self.content.next_line(round(start), round(HEIGHT - y));
        let mut current = None;
        for (index, word) in line.words.iter().enumerate() {
            for run in &word.runs {
                self.select(&mut current, run.font, size);
                self.run(run, size);
            }
            // the space that ends a line keeps words apart for readers
            if index < gaps || !ends {
                let font = word.space().0;
                self.select(&mut current, font, size);
                self.space(font, if index < gaps { stretch } else { 0.0 });
            }
        }
        self.content.end_text();
    }

    fn select(&mut self, current: &mut Option<usize>, font: usize, size: f32) {
        if *current != Some(font) {
            self.content.set_font(Name(format!("F{font}").as_bytes()), round(size));
            *current = Some(font);
        }
    }

    fn number(&mut self, font: usize, glyph: u16) -> u16 {
        self.used[font].glyphs.remap(glyph)
    }

    fn space(&mut self, font: usize, stretch: f32) {
        let glyph = fonts()[font].face.glyph_index(' ').map_or(0, |glyph| glyph.0);
        let number = self.number(font, glyph);
        self.used[font].unicode.entry(number).or_insert_with(|| " ".to_owned());
        let mut show = self.content.show_positioned();
        let mut items = show.items();
        items.show(Str(&number.to_be_bytes()));
        if stretch.abs() > 0.0005 {
            items.adjust(round(-stretch * 1000.0));
        }
    }

    /// Writes a run; Devanagari carries its source text, since its glyphs are not in reading order.
    fn run(&mut self, run: &Run, size: f32) {
        let font = &fonts()[run.font];
        let numbers: Vec<u16> = run.glyphs.iter().map(|glyph| self.number(run.font, glyph.id)).collect();
        self.learn(run, &numbers);
        let actual = run.font >= 2;
        if actual {
            let mut mark = self.content.begin_marked_content_with_properties(Name(b"Span"));
            let mut list = mark.properties();
            list.pair(Name(b"Lang"), TextStr("hi"));
            list.pair(Name(b"ActualText"), TextStr(&run.text));
        }
        let mut at = 0;
        while at < run.glyphs.len() {
            let rise = run.glyphs[at].offset.1;
            let same = run.glyphs[at..].iter().take_while(|glyph| glyph.offset.1.to_bits() == rise.to_bits());
            let end = at + same.count();
            if rise != 0.0 {
                self.content.set_rise(round(rise * size));
            }
            let mut show = self.content.show_positioned();
            let mut items = show.items();
            let mut codes = Vec::new();
            // what the pen still owes, in thousandths of an em, before the next glyph
            let mut owed = 0.0;
            for (glyph, number) in run.glyphs[at..end].iter().zip(&numbers[at..end]) {
                let before = owed - glyph.offset.0 * 1000.0;
                if before.abs() > 0.05 {
                    if !codes.is_empty() {
                        items.show(Str(&codes));
                        codes.clear();
                    }
                    items.adjust(round(before));
                }
                codes.extend(number.to_be_bytes());
                owed = (font.advance(glyph.id) - glyph.advance + glyph.offset.0) * 1000.0;
            }
            items.show(Str(&codes));
            if owed.abs() > 0.05 {
                items.adjust(round(owed));
            }
            drop(items);
            drop(show);
            if rise != 0.0 {
                self.content.set_rise(0.0);
            }
            at = end;
        }
        if actual {
            self.content.end_marked_content();
        }
    }

    /// Remembers what a glyph stands for, wherever a cluster is a single glyph.
    fn learn(&mut self, run: &Run, numbers: &[u16]) {
        for (index, glyph) in run.glyphs.iter().enumerate() {
            let same = run.glyphs.iter().filter(|other| other.cluster == glyph.cluster);
            if same.count() != 1 {
                continue;
            }
            let later = run.glyphs.iter().map(|other| other.cluster).filter(|&c| c > glyph.cluster).min();
            let text = &run.text[glyph.cluster..later.unwrap_or(run.text.len())];
            self.used[run.font].unicode.entry(numbers[index]).or_insert_with(|| text.to_owned());
        }
    }
}
