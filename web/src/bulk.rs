//! Many certificates at once: what is said of each, for the command line and the API alike. A row is
//! written as a line of a table (CSV) or of a report (PDF).

use jiff::tz::Offset;
use mohar_print::{PrintError, Report as Sheet, ReportRow};
use mohar_schemas::bulk::{Totals, texts};
use mohar_schemas::verdict::{Code, Tone};
use mohar_schemas::words::Words;
use mohar_verifier::Report;
use mohar_verifier::bulk::Conclusion;
use mohar_verifier::report::moment;
use std::io::Write;

/// Rows of one PDF: some hundreds of pages.
pub const PDF_ROWS_MAX: usize = 10_000;

/// A row of the report.
pub struct Row {
    name: String,
    /// The id of the verdict; `unread` where there is none, `report` for a report of ours.
    verdict: String,
    /// 0 genuine, 1 not, 2 cannot tell.
    pub exit: u8,
    tone: Tone,
    title: Words,
    message: Words,
    number: String,
    /// The id of the certificate's type, and its title.
    kind: (String, Words),
    holder: Words,
    /// The purpose that was asked about, and whether the certificate serves it.
    purpose: Option<(&'static str, bool)>,
}

impl Row {
    /// What was found.
    pub fn of(name: String, report: &Report) -> Self {
        let said = report.purpose.as_ref().map_or(&report.message, |answer| &answer.message);
        Self {
            name,
            verdict: report.verdict.id(),
            exit: report.exit(),
            tone: if report.exit() == 1 { Tone::Bad } else { report.verdict.message().tone },
            title: report.title.clone(),
            message: said.clone(),
            number: report.number.clone().unwrap_or_default(),
            kind: (report.kind.clone().unwrap_or_default(), report.certificate.clone().unwrap_or_default()),
            holder: holder(report),
            purpose: report.purpose.as_ref().map(|answer| (answer.id, answer.current)),
        }
    }

    /// Nothing was found, and why.
    pub fn unread(name: String, why: Words) -> Self {
        Self {
            name,
            verdict: "unread".into(),
            exit: 2,
            tone: Tone::Warn,
            title: texts().not_read.clone(),
            message: why,
            number: String::new(),
            kind: Default::default(),
            holder: Words::default(),
            purpose: None,
        }
    }

    /// What was found is a report like this one.
    pub fn of_report(name: String, conclusion: &Conclusion) -> Self {
        let (title, message) = conclusion.words();
        let exit = conclusion.exit();
        let tone = if exit == 0 { Tone::Good } else { Tone::Bad };
        let verdict = if exit == 0 { "report" } else { "report-altered" };
        Self { verdict: verdict.into(), exit, tone, title, ..Self::unread(name, message) }
    }

    /// The row on paper: what is good needs no more words.
    fn printed(self) -> ReportRow {
        let genuine = self.verdict == Code::Genuine.id();
        let unfit = matches!(self.purpose, Some((_, false))) && self.exit == 1 && genuine;
        ReportRow {
            name: self.name,
            tone: self.tone,
            result: if unfit { texts().other_purpose.clone() } else { self.title },
            message: if genuine && !unfit { Words::default() } else { self.message },
            number: self.number,
            certificate: self.kind.1,
            holder: self.holder,
        }
    }
}

/// Fields that say whose a certificate is; a marriage is two people's.
const HOLDERS: [&str; 4] = ["name", "groom_name", "bride_name", "deceased_name"];

fn holder(report: &Report) -> Words {
    let lines = report.fields.iter().filter(|line| HOLDERS.contains(&line.id.as_str()));
    let (en, hi): (Vec<&str>, Vec<&str>) =
        lines.map(|line| (line.value.en.as_str(), line.value.hi.as_str())).unzip();
    Words::new(en.join(", "), hi.join(", "))
}

/// Names of the columns.
const COLUMNS: [&str; 12] = [
    "name",
    "verdict",
    "title",
    "title_hi",
    "number",
    "certificate",
    "holder",
    "holder_hi",
    "purpose",
    "current",
    "message",
    "message_hi",
];

/// Rows as CSV, written as they come.
pub struct Table<W: Write>(csv::Writer<W>);

impl<W: Write> Table<W> {
    /// A table with its heading.
    pub fn new(out: W) -> csv::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS)?;
        Ok(Self(csv))
    }

    /// Writes a row.
    pub fn write(&mut self, row: &Row) -> csv::Result<()> {
        let (purpose, current) =
            row.purpose.map_or_else(Default::default, |(id, current)| (id, current.to_string()));
        let cells: [&str; 12] = [
            &row.name,
            &row.verdict,
            &row.title.en,
            &row.title.hi,
            &row.number,
            &row.kind.0,
            &row.holder.en,
            &row.holder.hi,
            purpose,
            &current,
            &row.message.en,
            &row.message.hi,
        ];
        self.0.write_record(cells.map(harmless))
    }

    /// Writes what is still held.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// A cell that begins like a formula would be run by a spreadsheet; file names are anybody's.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// What a report says of itself, beside its rows.
pub struct Head {
    /// The service that will sign it; none: nobody does.
    pub service: Option<String>,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub made_at_s: i64,
    /// The purpose that was asked about for all rows.
    pub purpose: Option<Words>,
}

/// Rows as a PDF, not yet signed, and how many there are of each kind.
pub fn pdf(head: Head, rows: Vec<Row>) -> Result<(Vec<u8>, Totals), PrintError> {
    let mut totals = Totals::default();
    for row in &rows {
        totals.count(row.exit);
    }
    let sheet = Sheet {
        service: head.service,
        made_at: moment(head.made_at_s),
        purpose: head.purpose,
        totals,
        rows: rows.into_iter().map(Row::printed).collect(),
        created: day(head.made_at_s),
    };
    Ok((mohar_print::report(&sheet)?, totals))
}

/// The day in India.
fn day(seconds: i64) -> [u16; 3] {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    let ist = Offset::from_seconds(19_800).unwrap_or(Offset::UTC);
    let day = ist.to_datetime(time).date();
    let part = |n: i8| u16::try_from(n).unwrap_or(1);
    [u16::try_from(day.year()).unwrap_or(0), part(day.month()), part(day.day())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use mohar_verifier::Verdict;

    fn rows(n: usize) -> Vec<Row> {
        let name = |n: usize| format!("folder/{n} — 漢字 🙂 \u{7} {}.pdf", "long name ".repeat(n % 40));
        let codes = [Code::Genuine, Code::Altered, Code::StatusUnknown];
        (0..n).map(|n| Row::of(name(n), &Report::of(&Verdict::bare(codes[n % 3])))).collect()
    }

    fn head(service: Option<&str>) -> Head {
        Head { service: service.map(str::to_owned), made_at_s: 1_795_500_000, purpose: None }
    }

    #[test]
    fn a_report_has_every_row_whatever_it_is_called() {
        for n in [0, 1, 3, 400] {
            let (pdf, totals) = pdf(head(Some("https://v.example")), rows(n)).unwrap();
            assert_eq!(totals.rows(), n as u64);
            assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF"), "{n}");
            let again = super::pdf(head(Some("https://v.example")), rows(n)).unwrap().0;
            assert_eq!(pdf, again, "the same rows are the same file");
        }
    }

    #[test]
    fn what_nobody_signs_says_so_and_has_no_seal() {
        let page = |service| mohar_picture::page_text(&pdf(head(service), rows(3)).unwrap().0).unwrap();
        let (signed, unsigned) = (page(Some("https://v.example")), page(None));
        assert!(unsigned.contains("Nobody has signed this list") && unsigned.contains("(not signed)"));
        assert!(signed.contains("This file is signed") && !signed.contains("Nobody has signed"));
        assert!(signed.contains("मोहर") && !unsigned.contains("मोहर"), "the seal's word");
    }

    #[test]
    fn every_certificate_is_somebodys() {
        for kind in mohar_schemas::types::all() {
            assert!(kind.fields.iter().any(|f| HOLDERS.contains(&f.id.as_str())), "{}", kind.id);
        }
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("a=1"), "a=1");
    }
}
