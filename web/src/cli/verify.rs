//! `mohar verify`: one certificate or many.

mod bulk;
mod progress;
mod sources;

use super::{Error, file_or_url};
use crate::edge::now_s;
use crate::reader::Seen;
use clap::Args;
use clap::builder::PossibleValuesParser;
use mohar_keys::file::unhex;
use mohar_picture::{Reading, Unread};
use mohar_schemas::purpose::{self, Purpose};
use mohar_schemas::status::StatusList;
use mohar_verifier::bulk::Conclusion;
use mohar_verifier::{Evidence, Report, Trust, open_status_list, open_trust_list, verify_text};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `mohar verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// QR text, bare digits, or a file: a text, a picture (PNG, JPEG) or a PDF. For many at once: a
    /// folder, a ZIP archive, or a CSV list with a column `code`, and perhaps `id` and `purpose`; the
    /// answer is then a report as CSV, a row each.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Print one JSON report a line.
    #[arg(long)]
    json: bool,
    /// Judge as at this time (RFC 3339), not now.
    #[arg(long)]
    at: Option<jiff::Timestamp>,
    /// The signed trust list.
    #[arg(long, default_value = "demo-data/keys/trust-list.cbor", value_name = "FILE|URL")]
    trust: String,
    /// The root's public key in hex, or a file that holds it.
    #[arg(long, default_value = "demo-data/keys/root.pub", value_name = "HEX|FILE")]
    root: String,
    /// A status list; may be given more than once. Left out: the answer says that it is unknown.
    #[arg(long, value_name = "FILE|URL")]
    status: Vec<String>,
    /// Also say whether it is current for a purpose; if not, the exit code is 1.
    #[arg(long, value_parser = PossibleValuesParser::new(purpose::all().iter().map(|p| p.id.as_str())))]
    purpose: Option<String>,
    /// Write the report of many here, not to the standard output. Where the name ends in .pdf it is a
    /// list for reading, which nobody has signed: only a service signs (POST /v1/verify/batch).
    #[arg(long, value_name = "FILE.csv|FILE.pdf")]
    report: Option<PathBuf>,
}

/// Judges every input; the exit code is the worst of them.
pub fn run(options: &Verify) -> Result<ExitCode, Error> {
    let trust = open_trust_list(&file_or_url(&options.trust)?, &root(&options.root)?)?;
    let open =
        |place: &String| -> Result<StatusList, Error> { Ok(open_status_list(&file_or_url(place)?, &trust)?) };
    let status = options.status.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let now_s = options.at.map_or_else(now_s, jiff::Timestamp::as_second);
    let purpose = options.purpose.as_deref().and_then(purpose::by_id);
    let evidence = Evidence { trust: &trust, status: &status, now_s };
    if options.report.is_some() || options.inputs.iter().any(|input| sources::is_many(input)) {
        let out = bulk::Out::of(options.report.as_deref());
        return Ok(ExitCode::from(bulk::run(&options.inputs, &evidence, purpose, &out)?));
    }
    let mut worst = 0;
    for input in &options.inputs {
        let exit = match about(input, &trust)? {
            About::Report(conclusion) => show_report(input, &conclusion, options.json),
            About::Certificate(given) => show(input, &judge(&given, &evidence, purpose), options.json)?,
        };
        worst = worse(worst, exit);
    }
    Ok(ExitCode::from(worst))
}

/// Not genuine outweighs cannot tell, and that genuine.
fn worse(worst: u8, exit: u8) -> u8 {
    if exit == 1 || worst == 1 { 1 } else { worst.max(exit) }
}

/// What was given.
enum Given {
    /// A text: of a code, or digits.
    Text(String),
    /// What was seen in a picture or PDF.
    Seen(Seen),
}

/// What a file is about.
enum About {
    /// Perhaps a certificate.
    Certificate(Given),
    /// The report of a bulk check, which a service signed.
    Report(Conclusion),
}

fn about(input: &str, trust: &Trust) -> Result<About, Error> {
    if input.len() < 1_000 && Path::new(input).is_file() {
        return Ok(in_file(file_or_url(input)?, trust)?);
    }
    Ok(About::Certificate(Given::Text(input.to_owned())))
}

/// A report, the text in a file, or what is seen in a picture or PDF.
fn in_file(bytes: Vec<u8>, trust: &Trust) -> std::io::Result<About> {
    match mohar_verifier::bulk::judge(&bytes, trust) {
        Some(conclusion) => Ok(About::Report(conclusion)),
        None => given(bytes).map(About::Certificate),
    }
}

fn given(bytes: Vec<u8>) -> std::io::Result<Given> {
    if mohar_picture::format(&bytes).is_some() || mohar_picture::unread_format(&bytes).is_some() {
        return crate::reader::read(&bytes).map(Given::Seen);
    }
    let unread = || Given::Seen(Seen { reading: Reading::Unread(Unread::NotAPicture), page: None });
    Ok(String::from_utf8(bytes).map_or_else(|_| unread(), Given::Text))
}

fn judge(given: &Given, evidence: &Evidence<'_>, purpose: Option<&'static Purpose>) -> Report {
    let report = |text: &str, page: Option<&str>| {
        let verdict = verify_text(text, evidence);
        let report = Report::for_purpose(&verdict, purpose, evidence.today());
        match page {
            Some(page) => report.with_page(&verdict, page),
            None => report,
        }
    };
    match given {
        Given::Text(text) => report(text, None),
        Given::Seen(seen) => match &seen.reading {
            Reading::Unread(reason) => Report::unread(*reason),
            Reading::Codes(texts) => {
                Report::of_several(texts.iter().map(|text| report(text, seen.page_of(text))).collect())
            }
        },
    }
}

/// Says what a bulk report is worth; gives the exit code.
fn show_report(input: &str, conclusion: &Conclusion, json: bool) -> u8 {
    if json {
        println!("{}", serde_json::json!({ "report": conclusion }));
        return conclusion.exit();
    }
    let (title, message) = conclusion.words();
    println!("{}\n  {} · {}\n  {}\n  {}", name(input), title.en, title.hi, message.en, message.hi);
    conclusion.exit()
}

fn name(input: &str) -> String {
    input.chars().take(60).collect()
}

/// Says what was found; gives the exit code.
fn show(input: &str, report: &Report, json: bool) -> Result<u8, Error> {
    if json {
        println!("{}", serde_json::to_string(report)?);
        return Ok(report.exit());
    }
    println!("{}", name(input));
    if let Some(note) = &report.note {
        println!("  {}\n  {}", note.en, note.hi);
    }
    say(report);
    for other in &report.others {
        println!();
        say(other);
    }
    Ok(report.exit())
}

fn say(report: &Report) {
    println!("  {} · {}", report.title.en, report.title.hi);
    println!("  {}\n  {}", report.message.en, report.message.hi);
    println!("  {}\n  {}", report.advice.en, report.advice.hi);
    if let Some(purpose) = &report.purpose {
        println!("  {}\n  {}", purpose.message.en, purpose.message.hi);
    }
    for line in &report.fields {
        println!(
            "  {:28} {}  {}",
            line.label.en,
            line.value.en,
            if line.value.hi == line.value.en { "" } else { &line.value.hi }
        );
    }
}

fn root(place: &str) -> Result<[u8; 32], Error> {
    let text = std::fs::read_to_string(place).unwrap_or_else(|_| place.to_owned());
    let bytes = unhex(text.trim()).and_then(|b| b.try_into().ok());
    bytes.ok_or_else(|| format!("--root: {place} is neither a file nor 64 hex digits").into())
}
