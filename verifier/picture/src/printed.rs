//! The text on a page of a PDF, in the order in which it is drawn: what a reader of the file sees, for
//! comparison with what is signed.
//!
//! It is the file's own word for what its glyphs mean. Devanagari glyphs do not stand in reading order,
//! so such runs carry their text beside them (`ActualText`); it is believed only as far as the glyphs
//! say nothing else.

use crate::{Format, format, pdf};
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, String as PdfString};
use hayro::kurbo::{Affine, BezPath, Rect};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A certificate says less than this; the rest of a longer page is not looked at.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// Points by which the pen moves up or down only for a new line.
const LINE: f64 = 3.0;

/// The text of the page of a PDF that has a certificate's code; none where it has no text.
#[must_use]
pub fn page_text(bytes: &[u8]) -> Option<String> {
    if format(bytes) != Some(Format::Pdf) {
        return None;
    }
    // The interpreter is other people's: a panic there is a page without text.
    let page = catch_unwind(AssertUnwindSafe(|| text(bytes))).unwrap_or_default();
    page.filter(|text| !text.trim().is_empty())
}

fn text(bytes: &[u8]) -> Option<String> {
    let file = Pdf::new(bytes.to_vec()).ok()?;
    let page = pdf::page_of_code(file.pages())?;
    let (cache, settings) = (InterpreterCache::new(), InterpreterSettings::default());
    let (width, height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(Affine::IDENTITY, target, &cache, page.xref(), settings);
    let mut writer = Writer::default();
    interpret_page(page, &mut context, &mut writer);
    Some(writer.text)
}

/// A run that carries its text.
struct Span {
    actual: String,
    drawn: String,
}

impl Span {
    /// The text beside it, if the glyphs whose meaning is known are all in it.
    fn meaning(self) -> String {
        let mut left: Vec<char> = self.actual.chars().collect();
        let all = self
            .drawn
            .chars()
            .filter(|c| !c.is_whitespace())
            .all(|drawn| left.iter().position(|c| *c == drawn).map(|at| left.swap_remove(at)).is_some());
        if all { self.actual } else { self.drawn }
    }
}

/// Draws nothing and writes down what it would say.
#[derive(Default)]
struct Writer {
    text: String,
    /// Marked content that is open; the runs that carry their text are spans.
    open: Vec<Option<Span>>,
    height: f64,
}

impl Writer {
    fn write(&mut self, text: &str) {
        let out = match self.open.iter_mut().rev().find_map(Option::as_mut) {
            Some(span) => &mut span.drawn,
            None => &mut self.text,
        };
        if out.len() + text.len() <= TEXT_BYTES_MAX {
            out.push_str(text);
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'_>) {
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => self.write(c.encode_utf8(&mut [0; 4])),
            Some(BfString::String(text)) => self.write(&text),
            None => {}
        }
    }
}

impl<'a> Device<'a> for Writer {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for positioned in run.glyphs() {
            let height = (props.transform * positioned.transform()).translation().y;
            if (height - self.height).abs() > LINE && self.open.iter().all(Option::is_none) {
                self.write("\n");
            }
            self.height = height;
            self.glyph(positioned);
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let actual = properties.and_then(|p| p.get::<PdfString<'_>>(b"ActualText".as_slice()));
        let actual = actual.map(|text| text_string(text.as_bytes()));
        self.open.push(actual.map(|actual| Span { actual, drawn: String::new() }));
    }

    fn end_marked_content(&mut self) {
        if let Some(Some(span)) = self.open.pop() {
            self.write(&span.meaning());
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// A text string of PDF: UTF-16 or UTF-8 with their marks, else taken as Latin.
fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_beside_glyphs_is_believed_only_where_they_do_not_contradict_it() {
        let span = |actual: &str, drawn: &str| Span { actual: actual.into(), drawn: drawn.into() }.meaning();
        assert_eq!(span("सुनीता", "सनत"), "सुनीता");
        assert_eq!(span("सुनीता", "रमश"), "रमश");
        assert_eq!(span("Sunita", "Ramesh"), "Ramesh");
    }

    #[test]
    fn text_strings_have_three_forms() {
        assert_eq!(text_string(b"\xfe\xff\x09\x15\x00A"), "कA");
        assert_eq!(text_string("\u{feff}क".as_bytes()), "क");
        assert_eq!(text_string(b"A"), "A");
    }
}
