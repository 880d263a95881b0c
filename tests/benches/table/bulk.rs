//! Many at once, through the release program: a folder of printed certificates, a list of codes, and lines
//! over HTTP.

use crate::{Line, seconds};
use ed25519_dalek::{Signer, SigningKey};
use mohar_tests::{Service, mohar, sample};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const PDFS: u32 = 1_000;
/// Rows of the list: the program's start must not be what is measured.
const CODES: u32 = 50_000;
/// Lines of one batch over HTTP, the most there may be.
const BATCH: u32 = 10_000;

pub fn measure(lines: &mut Vec<Line>) {
    eprintln!("bulk: {PDFS} printed certificates …");
    let service = Service::start("bench-bulk");
    let codes = print(&service);
    let cores = u32::try_from(std::thread::available_parallelism().map_or(1, usize::from)).unwrap_or(1);
    // What the cores could do with nothing but signatures.
    let limit = f64::from(cores) / bare();
    let name = |what: &str| format!("bulk: {what} a second ÷ (cores ÷ bare strict verification)");

    let took = verify(&service, &service.dir.join("pdfs"), PDFS);
    lines.push(Line::most("bulk: 1,000 PDFs, from a folder", took, " s", 30.0, "≤ 30 s"));
    lines.push(Line::plain("bulk: PDFs a second", format!("{:.0}", f64::from(PDFS) / took)));

    let list = service.dir.join("list.csv");
    let rows: String = codes.iter().cycle().take(CODES as usize).map(|code| format!("{code}\n")).collect();
    std::fs::write(&list, rows).expect("written");
    let rate = f64::from(CODES) / verify(&service, &list, CODES);
    lines.push(Line::plain(name("rows of a list"), format!("{:.2}", rate / limit)));
    lines.push(Line::plain("bulk: rows of a list a second", format!("{rate:.0}")));

    let body: String =
        codes.iter().cycle().take(BATCH as usize).map(|code| format!("{}\n", json!(code))).collect();
    let ask = |kind: &str| {
        let start = Instant::now();
        let (status, _, answer) = service.batch_as("/v1/verify/batch", kind, body.as_bytes());
        assert!(status == 200 && answer.len() > BATCH as usize);
        start.elapsed().as_secs_f64()
    };
    let rate = f64::from(BATCH) / ask("application/x-ndjson");
    lines.push(Line::plain(name("lines over HTTP"), format!("{:.2}", rate / limit)));
    lines.push(Line::plain("bulk: lines over HTTP a second", format!("{rate:.0}")));
    lines.push(Line::plain("bulk: signed report of 10,000 rows", format!("{:.2} s", ask("application/pdf"))));
}

/// Issues and prints; gives the codes.
fn print(service: &Service) -> Vec<String> {
    let folder = service.dir.join("pdfs");
    std::fs::create_dir_all(&folder).expect("made");
    let kinds = ["caste-sc", "income", "marriage-hindu"].map(sample);
    let body: String = kinds.iter().cycle().take(PDFS as usize).map(|kind| format!("{kind}\n")).collect();
    let answer = service.batch(body.as_bytes(), "bench-bulk").expect("an answer");
    let certificates = answer.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let text = |certificate: &Value, key: &str| certificate[key].as_str().expect("a text").to_owned();
    let print = |certificate: Value| {
        let id = text(&certificate, "id");
        let pdf = service.get_as_caller(&format!("/v1/certificates/{id}/pdf"));
        std::fs::write(folder.join(format!("{id}.pdf")), pdf).expect("written");
        text(&certificate, "qr")
    };
    certificates.map(print).collect()
}

/// Seconds that `mohar verify` takes; all are genuine.
fn verify(service: &Service, input: &Path, rows: u32) -> f64 {
    let path = |name: &str| service.dir.join(name).display().to_string();
    let (trust, root, report) = (path("keys/trust-list.cbor"), path("keys/root.pub"), path("report.csv"));
    let status = format!("{}/v1/status-lists/0", service.base_url);
    let input = input.display().to_string();
    let start = Instant::now();
    let done = mohar(&[
        "verify", "--trust", &trust, "--root", &root, "--status", &status, "--report", &report, &input,
    ]);
    let took = start.elapsed().as_secs_f64();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let report = std::fs::read_to_string(report).expect("a report");
    assert_eq!(report.matches(",genuine,").count(), rows as usize);
    took
}

/// Seconds of a bare strict verification.
fn bare() -> f64 {
    let key = SigningKey::from_bytes(&[7; 32]);
    let (public, message) = (key.verifying_key(), [5; 250]);
    let signature = key.sign(&message);
    seconds(|| assert!(public.verify_strict(&message, &signature).is_ok()))
}
