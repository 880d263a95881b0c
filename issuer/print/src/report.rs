//! The report of many checks: who checked when, how many of each kind, and a row each.

use std::ops::Range;

use mohar_schemas::bulk::{Texts, Totals, texts};
use mohar_schemas::verdict::Tone;
use mohar_schemas::words::Words;
use pdf_writer::types::StructRole;

use crate::{
    PrintError,
    block::{BLACK, Block, GREY, Set, draw_all, height, stack, write_all},
    canvas::{Align, Canvas, HEIGHT, Ink, WIDTH},
    file::{self, Info},
    ornament::{self, NAVY},
    text::printable,
};

const LEFT: f32 = 44.0;
const COLUMN: f32 = WIDTH - 2.0 * LEFT;
const TOP: f32 = 40.0;
const BOTTOM: f32 = HEIGHT - 44.0;
/// Widths of the columns: number, name, result, certificate, holder.
const COLUMNS: [f32; 5] = [28.0, 132.0, 112.0, 123.0, COLUMN - 395.0];
const PAD: f32 = 4.0;
/// Of a longer name the end is printed: paths begin alike.
const NAME_CHARS: usize = 90;
const LINE: Ink = [0.72, 0.76, 0.84];

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The service that will sign it, by its address; none: nobody signs it, and the page says so.
    pub service: Option<String>,
    /// When it was made, as people write it.
    pub made_at: String,
    /// The purpose that was asked about for all rows.
    pub purpose: Option<Words>,
    /// The rows, counted.
    pub totals: Totals,
    /// The rows, in order.
    pub rows: Vec<ReportRow>,
    /// Year, month and day written as the dates of the PDF file.
    pub created: [u16; 3],
}

/// What was found of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// What the row is called; anybody's text.
    pub name: String,
    /// How the result is shown.
    pub tone: Tone,
    /// The result in a few words.
    pub result: Words,
    /// What it means; empty where the result says all.
    pub message: Words,
    /// The number of the certificate.
    pub number: String,
    /// Its title.
    pub certificate: Words,
    /// Whose it is.
    pub holder: Words,
}

/// Prints a report as a PDF file of as many A4 pages as it needs.
pub fn report(report: &Report) -> Result<Vec<u8>, PrintError> {
    let texts = texts();
    let title = if report.service.is_some() { &texts.title } else { &texts.title_unsigned };
    let mut canvas = Canvas::new();
    let top = head(&mut canvas, report, title, texts)?;
    body(&mut canvas, report, texts, top)?;
    let id = format!("{} {} {:?}", report.made_at, report.rows.len(), report.totals);
    let info = Info {
        title: format!("{} / {} – {}", title.hi, title.en, report.made_at),
        author: report.service.clone().unwrap_or_default(),
        subject: &title.en,
        created: report.created,
        id: &id,
        link: (String::new(), ""),
    };
    file::assemble(&info, canvas)
}

fn tone(tone: Tone) -> Ink {
    match tone {
        Tone::Good => [0.04, 0.42, 0.23],
        Tone::Warn => [0.48, 0.29, 0.0],
        Tone::Bad => [0.63, 0.1, 0.1],
    }
}

/// Both languages under each other, once where they are the same.
fn both(words: &Words, bold: bool, size: f32, ink: Ink) -> Result<Vec<Block>, PrintError> {
    let block = |text: &str, lang, size| Ok(Block::new(&printable(text), lang, bold, size)?.ink(ink));
    let mut blocks = vec![];
    if words.hi != words.en && !words.hi.is_empty() {
        blocks.push(block(&words.hi, Some("hi"), size)?);
    }
    if !words.en.is_empty() {
        blocks.push(block(&words.en, Some("en"), size - 0.4)?);
    }
    Ok(blocks)
}

/// Draws what stands above the rows and says where it ends.
fn head(canvas: &mut Canvas, report: &Report, title: &Words, texts: &Texts) -> Result<f32, PrintError> {
    let mut y = TOP;
    if report.service.is_some() {
        let radius = 26.0;
        canvas.open(
            StructRole::Figure,
            0,
            Some("en"),
            Some("Emblem of the certificate service: मोहर, a seal"),
        );
        ornament::seal(canvas, WIDTH / 2.0, y + radius, radius);
        for line in &Block::new("मोहर", Some("hi"), true, 9.0)?.align(Align::Centre).set(1.0, 60.0)?.lines
        {
            canvas.line(line, 9.0, (WIDTH / 2.0 - 30.0, y + radius + 7.6, 60.0), Align::Centre, NAVY);
        }
        canvas.close();
        y += 2.0 * radius + 6.0;
    }
    let titles = [
        Block::new(&title.hi, Some("hi"), true, 17.0)?.ink(NAVY),
        Block::new(&title.en, Some("en"), true, 13.0)?.ink(NAVY),
    ];
    let titles = titles.map(|block| block.align(Align::Centre).role(StructRole::H1));
    let titles = stack(&titles, 1.0, COLUMN)?;
    draw_all(canvas, &titles, 0, LEFT, y, COLUMN);
    y += height(&titles) + 8.0;
    for (label, value) in facts(report, texts) {
        let label = Block::new(&format!("{} / {}:", label.hi, label.en), None, false, 9.0)?.ink(GREY);
        let set = label.then(&printable(&value), true)?.align(Align::Centre).set(1.0, COLUMN)?;
        set.draw(canvas, 0, LEFT, y, COLUMN);
        y += set.height();
    }
    y = boxes(canvas, report.totals, texts, y + 8.0)?;
    notes(canvas, report, texts, y + 8.0)
}

fn facts<'a>(report: &Report, texts: &'a Texts) -> Vec<(&'a Words, String)> {
    let service = report.service.iter().map(|s| (&texts.service, s.clone()));
    let purpose = report.purpose.iter().map(|p| (&texts.purpose, format!("{} / {}", p.hi, p.en)));
    service.chain([(&texts.made_at, report.made_at.clone())]).chain(purpose).collect()
}

/// The counts, each in a box of its colour.
fn boxes(canvas: &mut Canvas, totals: Totals, texts: &Texts, y: f32) -> Result<f32, PrintError> {
    let (gap, tall) = (8.0, 46.0);
    let width = (COLUMN - 2.0 * gap) / 3.0;
    let counts = [
        (totals.genuine, &texts.genuine, Tone::Good),
        (totals.refused, &texts.refused, Tone::Bad),
        (totals.undecided, &texts.undecided, Tone::Warn),
    ];
    let mut x = LEFT;
    for (count, words, kind) in counts {
        let ink = tone(kind);
        canvas.artifact();
        canvas.frame([x, y, width, tall], 1.0, ink);
        canvas.close();
        let lines = [
            Block::new(&count.to_string(), None, true, 15.0)?.ink(ink),
            Block::new(&format!("{} / {}", words.hi, words.en), None, false, 9.0)?,
        ];
        let lines = stack(&lines.map(|block| block.align(Align::Centre)), 1.0, width)?;
        draw_all(canvas, &lines, 0, x, y + (tall - height(&lines)) / 2.0, width);
        x += width + gap;
    }
    Ok(y + tall)
}

/// How it is checked, or that nobody vouches for it.
fn notes(canvas: &mut Canvas, report: &Report, texts: &Texts, mut y: f32) -> Result<f32, PrintError> {
    let sentences = match &report.service {
        Some(service) => {
            let how = |text: &str| text.replace("{service}", service);
            vec![Words::new(how(&texts.how.en), how(&texts.how.hi)), texts.codes_only.clone()]
        }
        None => vec![texts.unsigned.clone()],
    };
    let ink = if report.service.is_some() { BLACK } else { tone(Tone::Bad) };
    for words in sentences {
        let sets = stack(&both(&words, report.service.is_none(), 8.8, ink)?, 1.0, COLUMN)?;
        draw_all(canvas, &sets, 0, LEFT, y, COLUMN);
        y += height(&sets) + 4.0;
    }
    Ok(y + 4.0)
}

/// A row, broken into lines.
struct Laid {
    cells: [Vec<Set>; 5],
    message: Vec<Set>,
    tone: Tone,
}

/// Where a column begins.
fn start(column: usize) -> f32 {
    LEFT + COLUMNS[..column].iter().sum::<f32>()
}

impl Laid {
    fn new(n: usize, row: &ReportRow) -> Result<Self, PrintError> {
        let name = printable(&row.name);
        let skipped = name.chars().count().saturating_sub(NAME_CHARS);
        let tail: String = name.chars().skip(skipped).collect();
        let name = if skipped > 0 { format!("…{tail}") } else { name };
        let mut certificate = both(&row.certificate, false, 7.6, BLACK)?;
        if !row.number.is_empty() {
            certificate.push(Block::new(&printable(&row.number), Some("en"), true, 7.6)?);
        }
        let columns = [
            vec![Block::new(&(n + 1).to_string(), None, false, 7.6)?.ink(GREY)],
            vec![Block::new(&name, None, false, 7.8)?],
            both(&row.result, true, 8.2, tone(row.tone))?,
            certificate,
            both(&row.holder, false, 8.2, BLACK)?,
        ];
        let mut cells: [Vec<Set>; 5] = Default::default();
        for (index, blocks) in columns.iter().enumerate() {
            let mark = if index == 2 { MARK } else { 0.0 };
            cells[index] = stack(blocks, 1.0, COLUMNS[index] - 2.0 * PAD - mark)?;
        }
        let message =
            stack(&both(&row.message, false, 7.4, GREY)?, 1.0, LEFT + COLUMN - start(1) - 2.0 * PAD)?;
        Ok(Self { cells, message, tone: row.tone })
    }

    fn upper(&self) -> f32 {
        self.cells.iter().map(|sets| height(sets)).fold(0.0, f32::max)
    }

    fn height(&self) -> f32 {
        let below = if self.message.is_empty() { 0.0 } else { height(&self.message) + 2.0 };
        self.upper() + below + 5.0
    }

    fn draw(&self, canvas: &mut Canvas, table: usize, y: f32) {
        canvas.artifact();
        canvas.rule(LEFT, y, COLUMN, 0.4, LINE);
        mark(canvas, self.tone, start(2) + PAD + 4.5, y + 8.5);
        canvas.close();
        let row = canvas.group(StructRole::TR, table);
        for (index, sets) in self.cells.iter().enumerate() {
            let indent = if index == 2 { MARK } else { 0.0 };
            canvas.open(StructRole::TD, row, None, None);
            let width = COLUMNS[index] - 2.0 * PAD - indent;
            write_all(canvas, sets, start(index) + PAD + indent, y + 2.0, width);
            canvas.close();
        }
        if !self.message.is_empty() {
            canvas.open(StructRole::TD, row, None, None);
            let (x, top) = (start(1) + PAD, y + self.upper() + 4.0);
            write_all(canvas, &self.message, x, top, LEFT + COLUMN - x - PAD);
            canvas.close();
        }
    }
}

/// Room for the sign before a result.
const MARK: f32 = 13.0;

/// A tick, a cross or an exclamation mark in a disc, so that colour is not all that tells results apart.
fn mark(canvas: &mut Canvas, kind: Tone, x: f32, y: f32) {
    ornament::disc(canvas, x, y, 4.6, tone(kind));
    let strokes: &[[f32; 4]] = match kind {
        Tone::Good => &[[-2.2, 0.1, -0.6, 1.8], [-0.6, 1.8, 2.3, -1.6]],
        Tone::Bad => &[[-1.8, -1.8, 1.8, 1.8], [-1.8, 1.8, 1.8, -1.8]],
        Tone::Warn => &[[0.0, -2.5, 0.0, 0.6], [0.0, 1.9, 0.0, 2.5]],
    };
    canvas.content.set_stroke_rgb(1.0, 1.0, 1.0).set_line_width(1.1);
    for [x1, y1, x2, y2] in strokes {
        canvas.content.move_to(x + x1, HEIGHT - y - y1).line_to(x + x2, HEIGHT - y - y2).stroke();
    }
}

/// The rows, on as many pages as they need. Each is laid out twice, to be measured and to be drawn: all at
/// once they would take more memory than the file.
fn body(canvas: &mut Canvas, report: &Report, texts: &Texts, top: f32) -> Result<(), PrintError> {
    let heading = Heading::new(texts)?;
    let table = canvas.group(StructRole::Table, 0);
    let measured = report.rows.iter().enumerate().map(|(n, row)| Ok(Laid::new(n, row)?.height()));
    let heights = measured.collect::<Result<Vec<f32>, PrintError>>()?;
    let pages = paged(&heights, top + heading.height(), TOP + heading.height());
    let mut y = top;
    for (page, rows) in pages.iter().enumerate() {
        if page > 0 {
            canvas.turn();
            y = TOP;
        }
        heading.draw(canvas, table, y, page == 0);
        y += heading.height();
        for n in rows.clone() {
            Laid::new(n, &report.rows[n])?.draw(canvas, table, y);
            y += heights[n];
        }
        foot(canvas, texts, page + 1, pages.len())?;
    }
    Ok(())
}

/// The rows of each page; at least one page, and at least one row on all pages but the first.
fn paged(heights: &[f32], first: f32, others: f32) -> Vec<Range<usize>> {
    let (mut pages, mut from, mut y) = (vec![], 0, first);
    for (at, height) in heights.iter().enumerate() {
        if y + height > BOTTOM && (at > from || pages.is_empty()) {
            pages.push(from..at);
            (from, y) = (at, others);
        }
        y += height;
    }
    pages.push(from..heights.len());
    pages
}

/// The names of the columns, again on every page.
struct Heading([Vec<Set>; 5]);

impl Heading {
    fn new(texts: &Texts) -> Result<Self, PrintError> {
        let number = Words::same("#");
        let names = [&number, &texts.name, &texts.verdict, &texts.certificate, &texts.holder];
        let mut cells: [Vec<Set>; 5] = Default::default();
        for (index, name) in names.into_iter().enumerate() {
            cells[index] = stack(&both(name, true, 8.2, NAVY)?, 1.0, COLUMNS[index] - 2.0 * PAD)?;
        }
        Ok(Self(cells))
    }

    fn height(&self) -> f32 {
        self.0.iter().map(|sets| height(sets)).fold(0.0, f32::max) + 6.0
    }

    /// On later pages it is decoration: the table has its heading once.
    fn draw(&self, canvas: &mut Canvas, table: usize, y: f32, first: bool) {
        canvas.artifact();
        canvas.fill([LEFT, y, COLUMN, self.height()], [0.95, 0.96, 0.985]);
        canvas.rule(LEFT, y, COLUMN, 0.8, NAVY);
        canvas.close();
        let row = if first { canvas.group(StructRole::TR, table) } else { table };
        for (index, sets) in self.0.iter().enumerate() {
            if first {
                canvas.open(StructRole::TH, row, None, None);
            } else {
                canvas.artifact();
            }
            write_all(canvas, sets, start(index) + PAD, y + 3.0, COLUMNS[index] - 2.0 * PAD);
            canvas.close();
        }
    }
}

fn foot(canvas: &mut Canvas, texts: &Texts, page: usize, pages: usize) -> Result<(), PrintError> {
    let filled =
        |text: &str| text.replace("{pages}", &pages.to_string()).replace("{page}", &page.to_string());
    let text = format!("{}  ·  {}", filled(&texts.page.hi), filled(&texts.page.en));
    let set = Block::new(&text, None, false, 7.6)?.ink(GREY).align(Align::Centre).set(1.0, COLUMN)?;
    canvas.artifact();
    write_all(canvas, &[set], LEFT, HEIGHT - 38.0, COLUMN);
    canvas.close();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_lost_between_pages_or_runs_off_one() {
        let heights: Vec<f32> = (0..300_u16).map(|n| 20.0 + f32::from(n * 7 % 60)).collect();
        let pages = paged(&heights, 300.0, 70.0);
        assert_eq!(pages.iter().cloned().flatten().collect::<Vec<_>>(), (0..300).collect::<Vec<_>>());
        for (n, rows) in pages.iter().enumerate() {
            let top = if n == 0 { 300.0 } else { 70.0 };
            assert!(top + heights[rows.clone()].iter().sum::<f32>() <= BOTTOM, "page {n}");
            assert!(!rows.is_empty(), "page {n}");
        }
        assert_eq!(
            paged(&[], 300.0, 70.0),
            std::iter::once(0..0).collect::<Vec<_>>(),
            "a report of nothing has a page"
        );
        assert_eq!(paged(&[9_000.0, 9_000.0], 300.0, 70.0).len(), 3, "what fits nowhere stands alone");
    }
}
