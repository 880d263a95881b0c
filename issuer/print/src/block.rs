//! Blocks of text: shaped, broken into lines, and set one under another.

use std::rc::Rc;

use pdf_writer::types::StructRole;

use crate::{
    PrintError,
    canvas::{Align, Canvas, Ink, Lang},
    text::{Line, Word, shape, wrap},
};

/// Colour of what is read first.
pub const BLACK: Ink = [0.08, 0.08, 0.1];
/// Colour of labels and notes.
pub const GREY: Ink = [0.33, 0.36, 0.42];

/// A text in one style, ready to be set.
#[derive(Clone)]
pub struct Block {
    words: Vec<Rc<Word>>,
    size: f32,
    leading: f32,
    align: Align,
    ink: Ink,
    role: StructRole,
    lang: Lang,
}

/// A block broken into lines.
pub struct Set {
    block: Block,
    /// The lines, to be drawn elsewhere than in a column.
    pub lines: Vec<Line>,
}

impl Set {
    /// How tall it stands, in points.
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|_| self.block.size * self.block.leading).sum()
    }

    /// Draws it with its top left corner at a place, as a child of an element.
    pub fn draw(&self, canvas: &mut Canvas, parent: usize, x: f32, y: f32, width: f32) {
        if self.lines.is_empty() {
            return;
        }
        canvas.open(self.block.role, parent, self.block.lang, None);
        self.write(canvas, x, y, width);
        canvas.close();
    }

    fn write(&self, canvas: &mut Canvas, x: f32, y: f32, width: f32) {
        let block = &self.block;
        let mut baseline = y + block.size * (block.leading / 2.0 + 0.33);
        for line in &self.lines {
            canvas.line(line, block.size, (x, baseline, width), block.align, block.ink);
            baseline += block.size * block.leading;
        }
    }
}

impl Block {
    /// A text in one size, in points.
    pub fn new(text: &str, lang: Lang, bold: bool, size: f32) -> Result<Self, PrintError> {
        let leading = if lang == Some("en") { 1.3 } else { 1.46 };
        let words = shape(text, bold)?;
        Ok(Self { words, size, leading, align: Align::Left, ink: BLACK, role: StructRole::P, lang })
    }

    /// Stands elsewhere in its column.
    pub fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// In another colour.
    pub fn ink(mut self, ink: Ink) -> Self {
        self.ink = ink;
        self
    }

    /// As another element for screen readers.
    pub fn role(mut self, role: StructRole) -> Self {
        self.role = role;
        self
    }

    /// Appends words of another weight to the same paragraph.
    pub fn then(mut self, text: &str, bold: bool) -> Result<Self, PrintError> {
        if let Some(word) = self.words.last_mut() {
            Rc::make_mut(word).last = false;
        }
        self.words.extend(shape(text, bold)?);
        Ok(self)
    }

    /// Breaks it into lines of a width in points.
    pub fn set(&self, scale: f32, width: f32) -> Result<Set, PrintError> {
        let mut block = self.clone();
        block.size *= scale;
        let lines = wrap(&block.words, width / block.size)?;
        Ok(Set { block, lines })
    }
}

/// Blocks under each other in a column.
pub fn stack(blocks: &[Block], scale: f32, width: f32) -> Result<Vec<Set>, PrintError> {
    blocks.iter().map(|block| block.set(scale, width)).collect()
}

/// How tall they stand together, in points.
pub fn height(sets: &[Set]) -> f32 {
    sets.iter().map(Set::height).sum()
}

/// Draws them under each other.
pub fn draw_all(canvas: &mut Canvas, sets: &[Set], parent: usize, x: f32, mut y: f32, width: f32) {
    for set in sets {
        set.draw(canvas, parent, x, y, width);
        y += set.height();
    }
}

/// Writes them under each other inside whatever is open.
pub fn write_all(canvas: &mut Canvas, sets: &[Set], x: f32, mut y: f32, width: f32) {
    for set in sets {
        set.write(canvas, x, y, width);
        y += set.height();
    }
}
