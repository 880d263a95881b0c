//! Paper certificates: one A4 PDF page in Hindi and English, with a QR code that any phone can read; and
//! reports of many checks, of as many pages as they need.
//!
//! A file is a pure function of its [`Sheet`] or [`Report`]: no clock, no randomness, the same bytes every
//! time.

mod block;
mod canvas;
mod file;
mod ornament;
mod page;
mod report;
pub mod text;

use file::Info;
pub use report::{Report, ReportRow, report};

/// Everything a printed certificate says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Title of the certificate, in English.
    pub title_en: String,
    /// Title of the certificate, in Hindi.
    pub title_hi: String,
    /// The government, in English.
    pub government_en: String,
    /// The government, in Hindi.
    pub government_hi: String,
    /// The issuing office, in English.
    pub office_en: String,
    /// The issuing office, in Hindi.
    pub office_hi: String,
    /// Number of the certificate.
    pub number: String,
    /// The certifying words in English, a paragraph a line.
    pub wording_en: String,
    /// The certifying words in Hindi, a paragraph a line.
    pub wording_hi: String,
    /// Details, in the order of the table.
    pub rows: Vec<Row>,
    /// Designation of the officer, in English.
    pub officer_en: String,
    /// Designation of the officer, in Hindi.
    pub officer_hi: String,
    /// The law or order it is issued under, in English.
    pub law_en: String,
    /// The law or order it is issued under, in Hindi.
    pub law_hi: String,
    /// Date of issue in words, in English.
    pub issued_en: String,
    /// Date of issue in words, in Hindi.
    pub issued_hi: String,
    /// Validity in words, in English.
    pub validity_en: String,
    /// Validity in words, in Hindi.
    pub validity_hi: String,
    /// The only host the QR code may open, printed beside it.
    pub host: String,
    /// What the QR code says; touched on a screen it opens. Empty: no link.
    pub link: String,
    /// Modules of the QR code, row by row, `true` for dark, without the quiet zone.
    pub qr: Vec<Vec<bool>>,
    /// Year, month and day written as the dates of the PDF file.
    pub created: [u16; 3],
    /// Seed of the identifier of the PDF file.
    pub id: String,
}

/// One line of the table of details; a value equal in both languages is printed once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Label in English.
    pub label_en: String,
    /// Label in Hindi.
    pub label_hi: String,
    /// Value in English.
    pub value_en: String,
    /// Value in Hindi.
    pub value_hi: String,
}

/// Why a sheet cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The texts do not fit one page at the smallest size that can still be read.
    #[error("the texts do not fit on one page")]
    TooLong,
    /// No font of the crate has this character.
    #[error("no glyph for {0:?}")]
    Glyph(char),
    /// The QR code is not a square of 21 to 177 modules.
    #[error("the QR code is not a square of 21 to 177 modules")]
    Qr,
    /// The creation date is not a date.
    #[error("the creation date is not a date")]
    Date,
    /// A font could not be reduced to the glyphs in use.
    #[error("font {0} cannot be subset")]
    Font(&'static str),
}

/// Prints a certificate as a PDF file of one A4 page.
pub fn certificate(sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
    let side = sheet.qr.len();
    if !(21..=177).contains(&side) || sheet.qr.iter().any(|row| row.len() != side) {
        return Err(PrintError::Qr);
    }
    let [year, month, day] = sheet.created;
    if year > 9999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(PrintError::Date);
    }
    let info = Info {
        title: format!("{} / {} – {}", sheet.title_hi, sheet.title_en, sheet.number),
        author: format!("{} / {}", sheet.office_hi, sheet.office_en),
        subject: &sheet.law_en,
        created: sheet.created,
        id: &sheet.id,
        link: (format!("{} / जाँचें", sheet.host), &sheet.link),
    };
    file::assemble(&info, page::draw(sheet)?)
}
