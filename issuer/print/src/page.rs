//! The layout: what stands where, and how sizes give way when there is much to say.

use pdf_writer::types::StructRole;

use crate::{
    PrintError, Row, Sheet,
    block::{BLACK, Block, GREY, Set, draw_all, height, stack},
    canvas::{Align, Canvas, HEIGHT, Ink, Link, WIDTH},
    ornament::{self, BRONZE, NAVY},
};

const LEFT: f32 = 52.0;
const COLUMN: f32 = WIDTH - 2.0 * LEFT;
const TOP: f32 = 40.0;
const BOTTOM: f32 = HEIGHT - 40.0;
/// 42 mm in points.
const QR_SIDE: f32 = 119.06;
/// Sizes of the wording and the table, tried in turn, and whether both languages of a cell share a line.
const SCALES: [(f32, bool); 11] = [
    (1.15, false),
    (1.08, false),
    (1.0, false),
    (0.93, false),
    (0.86, false),
    (0.86, true),
    (0.8, false),
    (0.8, true),
    (0.74, true),
    (0.68, true),
    (0.62, true),
];

/// Cells of a table row: both languages apart, and both on one line.
struct Cells {
    label: [Vec<Block>; 2],
    value: [Vec<Block>; 2],
}

fn cell(hi: &str, en: &str, bold: bool, ink: Ink) -> Result<[Vec<Block>; 2], PrintError> {
    let block = |text: &str, lang, size| Ok(Block::new(text, lang, bold, size)?.ink(ink));
    let (hi, en) = (hi.trim(), en.trim());
    if hi == en || hi.is_empty() || en.is_empty() {
        let text = if hi.is_empty() { en } else { hi };
        let lang = if text == en { Some("en") } else { Some("hi") };
        let one = vec![block(text, lang, 9.6)?];
        return Ok([one.clone(), one]);
    }
    let apart = vec![block(hi, Some("hi"), 9.8)?, block(en, Some("en"), 9.2)?];
    let joined = vec![block(&format!("{hi} / {en}"), None, 9.6)?];
    Ok([apart, joined])
}

fn cells(row: &Row) -> Result<Cells, PrintError> {
    let label = cell(&row.label_hi, &row.label_en, false, GREY)?;
    Ok(Cells { label, value: cell(&row.value_hi, &row.value_en, true, BLACK)? })
}

const LABEL: f32 = COLUMN * 0.36;
const PAD: f32 = 7.0;

/// The part between heading and footer at one scale.
struct Body {
    wording: Vec<Set>,
    table: Vec<(Vec<Set>, Vec<Set>, f32)>,
    scale: f32,
}

impl Body {
    fn new(wording: &[Block], rows: &[Cells], scale: f32, joined: bool) -> Result<Self, PrintError> {
        let form = usize::from(joined);
        let mut table = Vec::with_capacity(rows.len());
        for row in rows {
            let label = stack(&row.label[form], scale, LABEL - 2.0 * PAD)?;
            let value = stack(&row.value[form], scale, COLUMN - LABEL - 2.0 * PAD)?;
            let tall = height(&label).max(height(&value)) + 4.4 * scale;
            table.push((label, value, tall));
        }
        Ok(Self { wording: stack(wording, scale, COLUMN)?, table, scale })
    }

    fn between(&self) -> f32 {
        5.0 * self.scale
    }

    fn rows(&self) -> f32 {
        self.table.iter().map(|row| row.2).sum()
    }

    fn height(&self) -> f32 {
        let gaps: f32 = self.wording.iter().skip(1).map(|_| self.between()).sum();
        height(&self.wording) + gaps + self.rows()
    }

    fn draw(&self, canvas: &mut Canvas, mut y: f32, gap: f32) {
        for set in &self.wording {
            set.draw(canvas, 0, LEFT, y, COLUMN);
            y += set.height() + self.between();
        }
        y += gap - self.between();
        if self.table.is_empty() {
            return;
        }
        let line = [0.72, 0.76, 0.84];
        canvas.artifact();
        canvas.fill([LEFT, y, LABEL, self.rows()], [0.95, 0.96, 0.985]);
        let mut at = y;
        for row in &self.table[..self.table.len() - 1] {
            at += row.2;
            canvas.rule(LEFT, at, COLUMN, 0.4, line);
        }
        canvas.frame([LEFT, y, COLUMN, self.rows()], 0.8, NAVY);
        canvas.close();
        let table = canvas.group(StructRole::Table, 0);
        for (label, value, tall) in &self.table {
            let row = canvas.group(StructRole::TR, table);
            let parts = [(StructRole::TH, label, 0.0, LABEL), (StructRole::TD, value, LABEL, COLUMN - LABEL)];
            for (role, sets, x, width) in parts {
                let parent = canvas.group(role, row);
                let top = y + (tall - height(sets)) / 2.0;
                draw_all(canvas, sets, parent, LEFT + x + PAD, top, width - 2.0 * PAD);
            }
            y += tall;
        }
    }
}

/// Draws the sheet.
pub fn draw(sheet: &Sheet) -> Result<Canvas, PrintError> {
    let mut canvas = Canvas::new();
    canvas.artifact();
    ornament::watermark(&mut canvas);
    ornament::border(&mut canvas);
    canvas.close();

    let head = heading(&mut canvas, sheet)?;
    let foot = Foot::new(sheet)?;
    let room = BOTTOM - foot.height() - head;
    if room <= 0.0 {
        return Err(PrintError::TooLong);
    }
    let justify = |block: Block| block.align(Align::Justify);
    let wording = [
        justify(Block::new(&sheet.wording_hi, Some("hi"), false, 11.0)?),
        justify(Block::new(&sheet.wording_en, Some("en"), false, 10.4)?),
    ];
    let mut rows = sheet.rows.iter().map(cells).collect::<Result<Vec<_>, _>>()?;
    if !(sheet.validity_hi.is_empty() && sheet.validity_en.is_empty()) {
        rows.push(cells(&Row {
            label_en: "Validity".to_owned(),
            label_hi: "वैधता".to_owned(),
            value_en: sheet.validity_en.clone(),
            value_hi: sheet.validity_hi.clone(),
        })?);
    }
    for (scale, joined) in SCALES {
        let body = Body::new(&wording, &rows, scale, joined)?;
        let least = 9.0 * scale;
        let free = room - body.height() - 3.0 * least;
        if free >= 0.0 {
            // what is left is shared out, most of it above the footer
            let extra = (free / 4.0).min(14.0);
            body.draw(&mut canvas, head + least + extra, least + extra);
            foot.draw(&mut canvas, sheet, BOTTOM - foot.height());
            return Ok(canvas);
        }
    }
    Err(PrintError::TooLong)
}

/// Draws everything above the wording and says where it ends.
fn heading(canvas: &mut Canvas, sheet: &Sheet) -> Result<f32, PrintError> {
    let centre = |text: &str, lang, bold, size| -> Result<Block, PrintError> {
        Ok(Block::new(text, Some(lang), bold, size)?.align(Align::Centre))
    };
    let radius = 33.0;
    let middle = TOP + radius;
    canvas.open(StructRole::Figure, 0, Some("en"), Some("Emblem of the certificate service: मोहर, a seal"));
    ornament::seal(canvas, WIDTH / 2.0, middle, radius);
    for line in &centre("मोहर", "hi", true, 11.0)?.set(1.0, 60.0)?.lines {
        canvas.line(line, 11.0, (WIDTH / 2.0 - 30.0, middle + 9.3, 60.0), Align::Centre, NAVY);
    }
    canvas.close();

    let mut y = TOP + 2.0 * radius + 5.0;
    let names = [
        centre(&sheet.government_hi, "hi", true, 15.0)?.ink(NAVY),
        centre(&sheet.government_en, "en", true, 11.5)?.ink(NAVY),
        centre(&sheet.office_hi, "hi", false, 10.6)?,
        centre(&sheet.office_en, "en", false, 9.6)?,
    ];
    let sets = stack(&names, 1.0, COLUMN)?;
    draw_all(canvas, &sets, 0, LEFT, y, COLUMN);
    y += height(&sets) + 5.0;

    let number = [
        Block::new("संख्या / Number", None, false, 7.8)?.ink(GREY),
        Block::new(&sheet.number, Some("en"), true, 10.4)?,
    ];
    let date = [
        Block::new("जारी करने की तिथि / Date of issue", None, false, 7.8)?.ink(GREY),
        Block::new(&sheet.issued_hi, Some("hi"), true, 9.6)?,
        Block::new(&sheet.issued_en, Some("en"), false, 9.2)?,
    ]
    .map(|block| block.align(Align::Right));
    let (half, rest) = (COLUMN * 0.42, COLUMN * 0.55);
    let (number, date) = (stack(&number, 1.0, half)?, stack(&date, 1.0, rest)?);
    canvas.artifact();
    canvas.rule(LEFT, y, COLUMN, 0.6, NAVY);
    canvas.close();
    draw_all(canvas, &number, 0, LEFT, y + 3.0, half);
    draw_all(canvas, &date, 0, LEFT + COLUMN - rest, y + 3.0, rest);
    y += height(&number).max(height(&date)) + 8.0;

    let title = [
        centre(&sheet.title_hi, "hi", true, 21.0)?.ink(NAVY).role(StructRole::H1),
        centre(&sheet.title_en, "en", true, 15.0)?.ink(NAVY).role(StructRole::H1),
    ];
    let law = [
        centre(&sheet.law_hi, "hi", false, 8.8)?.ink(GREY),
        centre(&sheet.law_en, "en", false, 8.4)?.ink(GREY),
    ];
    let (title, law) = (stack(&title, 1.0, COLUMN)?, stack(&law, 1.0, COLUMN * 0.9)?);
    draw_all(canvas, &title, 0, LEFT, y, COLUMN);
    y += height(&title) + 7.0;
    canvas.artifact();
    ornament::flourish(canvas, y);
    canvas.close();
    y += 5.0;
    draw_all(canvas, &law, 0, LEFT + COLUMN * 0.05, y, COLUMN * 0.9);
    Ok(y + height(&law))
}

const NOTES: f32 = 176.0;
const OFFICER: f32 = COLUMN - QR_SIDE - NOTES - 26.0;

/// The footer: QR code, how to check it, and the officer.
struct Foot {
    notes: Vec<Set>,
    officer: Vec<Set>,
    signed: Vec<Set>,
}

impl Foot {
    fn new(sheet: &Sheet) -> Result<Self, PrintError> {
        let notes = [
            Block::new("किसी भी फ़ोन कैमरे से स्कैन करें। केवल यह पता खुलना चाहिए:", Some("hi"), false, 9.0)?
                .then(&sheet.host, true)?,
            Block::new("Scan with any phone camera. It must open", Some("en"), false, 8.6)?
                .then(&sheet.host, true)?,
            Block::new("जाँच: वहाँ दिखे नाम, संख्या और तिथि इस पत्र से मिलाएँ।", Some("hi"), false, 7.8)?.ink(GREY),
            Block::new(
                "To check: name, number and date shown there must match this paper.",
                Some("en"),
                false,
                7.4,
            )?
            .ink(GREY),
        ];
        let officer = [
            Block::new(&sheet.officer_hi, Some("hi"), true, 10.4)?.ink(NAVY),
            Block::new(&sheet.officer_en, Some("en"), true, 9.6)?.ink(NAVY),
        ];
        let signed = [
            Block::new("डिजिटल रूप से हस्ताक्षरित; हस्ताक्षर या मुहर आवश्यक नहीं", Some("hi"), false, 8.4)?,
            Block::new("Digitally signed; no signature or seal needed", Some("en"), false, 8.0)?,
        ];
        let centre = |blocks: [Block; 2]| blocks.map(|block| block.align(Align::Centre));
        let officer = stack(&centre(officer), 1.0, OFFICER)?;
        Ok(Self {
            notes: stack(&notes, 1.0, NOTES)?,
            officer,
            signed: stack(&centre(signed), 1.0, OFFICER - 8.0)?,
        })
    }

    fn officer_height(&self) -> f32 {
        height(&self.officer) + height(&self.signed) + 16.0
    }

    fn height(&self) -> f32 {
        (height(&self.notes) + 6.0).max(self.officer_height()).max(QR_SIDE)
    }

    fn draw(&self, canvas: &mut Canvas, sheet: &Sheet, y: f32) {
        let tall = self.height();
        let alt = format!("QR code that opens {}", sheet.host);
        let top = y + (tall - QR_SIDE) / 2.0;
        let mut parent = 0;
        if !sheet.link.is_empty() {
            parent = canvas.group(StructRole::Link, 0);
            canvas.link = Some(Link { element: parent, area: [LEFT, top, QR_SIDE, QR_SIDE] });
        }
        canvas.open(StructRole::Figure, parent, Some("en"), Some(&alt));
        ornament::qr(canvas, &sheet.qr, (LEFT, top), QR_SIDE);
        canvas.close();
        let x = LEFT + QR_SIDE + 10.0;
        let mut at = y + (tall - height(&self.notes) - 6.0) / 2.0;
        for (index, set) in self.notes.iter().enumerate() {
            at += if index == 2 { 6.0 } else { 0.0 };
            set.draw(canvas, 0, x, at, NOTES);
            at += set.height();
        }
        let x = LEFT + COLUMN - OFFICER;
        let at = y + (tall - self.officer_height()) / 2.0;
        draw_all(canvas, &self.officer, 0, x, at, OFFICER);
        let box_top = at + height(&self.officer) + 6.0;
        canvas.artifact();
        canvas.frame([x, box_top, OFFICER, height(&self.signed) + 8.0], 0.6, BRONZE);
        canvas.close();
        draw_all(canvas, &self.signed, 0, x + 4.0, box_top + 4.0, OFFICER - 8.0);
    }
}
