//! Many certificates at once: a folder, an archive and a list become a report with a row each, in order.

use mohar_tests::{Service, mohar, sample};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

struct Folder {
    service: Service,
    pdf: Vec<u8>,
    other_pdf: Vec<u8>,
    code: String,
}

impl Folder {
    fn new(name: &str) -> Self {
        let service = Service::start(name);
        let certificate = service.issue(&sample("income"), "a");
        let other = service.issue(&sample("caste-sc"), "b");
        let pdf = |id: &serde_json::Value| {
            service.get_as_caller(&format!("/v1/certificates/{}/pdf", id["id"].as_str().expect("an id")))
        };
        let (pdf, other_pdf) = (pdf(&certificate), pdf(&other));
        Self { pdf, other_pdf, code: certificate["qr"].as_str().expect("a code").to_owned(), service }
    }

    /// Runs `mohar verify` on inputs; gives exit code, report, and what was said beside it.
    fn verify(
        &self,
        inputs: &[&Path],
        more: &[&str],
    ) -> (Option<i32>, Vec<BTreeMap<String, String>>, String) {
        let keys = self.service.dir.join("keys");
        let status = format!("{}/v1/status-lists/0", self.service.base_url);
        let (trust, root) = (keys.join("trust-list.cbor"), keys.join("root.pub"));
        let mut arguments = vec!["verify", "--status", &status, "--trust", trust.to_str().expect("a path")];
        arguments.extend(["--root", root.to_str().expect("a path")]);
        arguments.extend(more);
        arguments.extend(inputs.iter().map(|p| p.to_str().expect("a path")));
        let done = mohar(&arguments);
        let mut reader = csv::Reader::from_reader(done.stdout.as_slice());
        let rows = reader.deserialize().collect::<Result<_, _>>().expect("rows");
        (done.status.code(), rows, String::from_utf8_lossy(&done.stderr).into_owned())
    }
}

impl Folder {
    /// A report that the service signed, of rows with these codes.
    fn report(&self, codes: &[&str]) -> Vec<u8> {
        let line =
            |(n, code): (usize, &&str)| format!("{}\n", json!({ "id": format!("row-{n}"), "code": code }));
        let lines: String = codes.iter().enumerate().map(line).collect();
        let (status, kind, pdf) =
            self.service.batch_as("/v1/verify/batch", "application/pdf", lines.as_bytes());
        assert_eq!((status, kind.as_str()), (200, "application/pdf"));
        pdf
    }

    /// What `mohar verify` says of a file, and its exit code.
    fn said(&self, name: &str, bytes: &[u8]) -> (Option<i32>, String) {
        let (path, keys) = (self.at(name), self.service.dir.join("keys"));
        fs::write(&path, bytes).expect("written");
        let trust = keys.join("trust-list.cbor").display().to_string();
        let root = keys.join("root.pub").display().to_string();
        let done = mohar(&["verify", "--trust", &trust, "--root", &root, &path.display().to_string()]);
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.service.dir.join(name)
    }
}

/// What a reader of a PDF finds in it.
fn text_of(pdf: &Path) -> String {
    let done = Command::new("pdftotext").args(["-layout"]).arg(pdf).arg("-").output();
    let done = done.expect("pdftotext; tests/run installs it");
    String::from_utf8(done.stdout).expect("a text")
}

/// Another code than the given one: its last digit is another.
fn altered(code: &str) -> String {
    let (head, last) = code.split_at(code.len() - 1);
    format!("{head}{}", if last == "1" { '2' } else { '1' })
}

fn column<'a>(rows: &'a [BTreeMap<String, String>], name: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[name].as_str()).collect()
}

#[test]
fn a_folder_gives_a_row_a_file_in_order() {
    let it = Folder::new("bulk-folder");
    let folder = it.service.dir.join("many");
    fs::create_dir_all(folder.join("inside")).expect("made");
    fs::write(folder.join("a.pdf"), &it.pdf).expect("written");
    fs::write(folder.join("b.txt"), &it.code).expect("written");
    fs::write(folder.join("c.txt"), b"upi://pay").expect("written");
    fs::write(folder.join("d.pdf"), &it.pdf[..it.pdf.len() / 3]).expect("written");
    fs::write(folder.join("e.jpg"), vec![0; (10 << 20) + 1]).expect("written");
    fs::write(folder.join("inside/f.pdf"), &it.other_pdf).expect("written");
    std::os::unix::fs::symlink(&folder, folder.join("round")).expect("linked");
    let (exit, rows, said) = it.verify(&[&folder], &["--purpose", "scholarship-2026-27"]);
    let verdicts = column(&rows, "verdict");
    let expected = ["genuine", "genuine", "not-a-certificate", "unreadable-picture", "unread", "genuine"];
    assert_eq!(verdicts, expected, "{said}");
    assert_eq!(exit, Some(2), "nothing is wrong, and not everything could be told");
    assert!(rows[0]["name"].ends_with("a.pdf") && rows[5]["name"].ends_with("f.pdf"));
    assert_eq!((rows[0]["holder"].as_str(), rows[0]["holder_hi"].as_str()), ("Sunita Devi", "सुनीता देवी"));
    assert_eq!(column(&rows, "current"), ["true", "true", "", "", "", "true"]);
    assert!(
        rows[4]["message"].contains("10 MiB")
            && rows[4]["message_hi"].contains("10 एमबी")
            && said.contains("6 checked")
    );
    let report = it.service.dir.join("report.csv");
    let (_, none, _) = it.verify(&[&folder], &["--report", report.to_str().expect("a path")]);
    assert!(none.is_empty(), "it goes to the file");
    assert_eq!(fs::read_to_string(report).expect("a report").lines().count(), 7);
}

#[test]
fn an_archive_is_read_within_limits() {
    let it = Folder::new("bulk-archive");
    let path = it.service.dir.join("many.zip");
    let mut zip = ZipWriter::new(fs::File::create(&path).expect("made"));
    let bomb = vec![0; 5 << 20];
    let huge = vec![0; 11 << 20];
    let entries: [(&str, &[u8]); 5] = [
        ("=cmd|calc!A1.pdf", &it.pdf),
        ("../../outside.pdf", &it.other_pdf),
        ("bomb.txt", &bomb),
        ("huge.txt", &huge),
        ("code.txt", it.code.as_bytes()),
    ];
    for (name, bytes) in entries {
        zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("packed");
    let (_, rows, said) = it.verify(&[&path], &[]);
    assert_eq!(column(&rows, "verdict"), ["genuine", "genuine", "unread", "unread", "genuine"], "{said}");
    assert!(!it.service.dir.parent().expect("a parent").join("outside.pdf").exists(), "nothing is unpacked");
    fs::write(&path, b"PK\x03\x04 and no archive").expect("written");
    let (exit, rows, said) = it.verify(&[&path], &[]);
    assert!(exit == Some(2) && rows.is_empty() && said.contains("many.zip"), "{said}");
}

#[test]
fn a_list_names_codes_purposes_and_rows() {
    let it = Folder::new("bulk-list");
    let path = it.service.dir.join("many.csv");
    let altered = altered(&it.code);
    let mut text = format!("id,code,purpose\nfirst,{},job\n=2+2,{altered},\n", it.code);
    text += &format!("third,{},nothing\n", it.code);
    fs::write(&path, &text).expect("written");
    let (exit, rows, said) = it.verify(&[&path], &[]);
    assert_eq!(column(&rows, "name"), ["first", "'=2+2", "third"], "{said}");
    assert_eq!(rows[0]["current"], "false", "income is not asked for by an employer");
    assert_ne!(rows[1]["verdict"], "genuine");
    assert_eq!((exit, rows[2]["verdict"].as_str()), (Some(1), "unread"));
    // Without a heading the code comes first; and the API says the same of the same list.
    fs::write(&path, format!("{}\n{altered}\n", it.code)).expect("written");
    let (_, rows, _) = it.verify(&[&path], &[]);
    let lines = format!("{}\n{}\n", json!(it.code), json!(altered));
    let answers = it.service.batch_of("/v1/verify/batch", lines.as_bytes());
    let answers = answers.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON"));
    let verdicts: Vec<String> =
        answers.map(|a| a["report"]["verdict"].as_str().expect("a verdict").to_owned()).collect();
    assert_eq!(column(&rows, "verdict"), verdicts);
    // As a table the API writes what the command line writes; rows without a name have their number.
    let (status, kind, csv) = it.service.batch_as("/v1/verify/batch", "text/csv", lines.as_bytes());
    assert_eq!((status, kind.as_str()), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let same: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().expect("rows");
    assert_eq!(column(&same, "name"), ["1", "2"]);
    let without = |rows: &[BTreeMap<String, String>]| -> Vec<Vec<String>> {
        let cells = |row: &BTreeMap<String, String>| {
            let kept = row.iter().filter(|(column, _)| *column != "name" && !column.starts_with("message"));
            kept.map(|(_, cell)| cell.clone()).collect()
        };
        rows.iter().map(cells).collect()
    };
    assert_eq!(without(&same), without(&rows));
}

#[test]
fn a_report_that_would_be_too_long_ends_the_run_with_a_word() {
    let it = Folder::new("bulk-long");
    let list = it.at("many.csv");
    fs::write(&list, format!("{}\n", it.code).repeat(12_000)).expect("written");
    let report = it.at("many.pdf");
    let (exit, _, said) = it.verify(&[&list], &["--report", report.to_str().expect("a path")]);
    assert!(exit == Some(2) && said.contains("at most 10000 rows"), "{said}");
    assert!(!report.exists(), "nothing that would look whole");
}

#[test]
fn a_signed_report_is_known_and_one_that_was_changed_is_found() {
    let it = Folder::new("bulk-report");
    let other = altered(&it.code);
    let report = it.report(&[&it.code, &other, "upi://pay"]);
    let (exit, said) = it.said("report.pdf", &report);
    assert_eq!(exit, Some(0), "{said}");
    let counts = "3 rows, of which 1 genuine, 1 not accepted, 1 not decided";
    assert!(said.contains("Report, unaltered") && said.contains(counts), "{said}");
    assert!(said.contains(&it.service.base_url) && said.contains("3 पंक्तियाँ"), "{said}");
    let shown = text_of(&it.at("report.pdf"));
    for wanted in ["row-0", "row-2", "Sunita Devi", "Altered", "mohar verify", "Page 1 of 1"] {
        assert!(shown.contains(wanted), "{wanted} is not in {shown}");
    }
    let sound = Command::new("qpdf").arg("--check").arg(it.at("report.pdf")).output().expect("qpdf");
    assert!(sound.status.success(), "{}", String::from_utf8_lossy(&sound.stdout));

    // One row says something else: the pages of one report, the signature of another.
    let line = |bytes: &[u8]| bytes.windows(19).rposition(|w| w == b"%mohar-bulk-report ").expect("a line");
    let better = it.report(&[&it.code, &it.code, "upi://pay"]);
    let forged = [&better[..line(&better)], &report[line(&report)..]].concat();
    let (exit, said) = it.said("forged.pdf", &forged);
    assert!(exit == Some(1) && said.contains("Report, altered"), "{said}");
    let longer = [report.as_slice(), b"1 0 obj << >> endobj\n"].concat();
    assert_eq!(it.said("longer.pdf", &longer).0, Some(1), "something was added behind it");
    let plain = &report[..line(&report)];
    let (exit, said) = it.said("plain.pdf", plain);
    assert!(exit == Some(2) && !said.contains("Report"), "without its line it is no report: {said}");

    // A folder in which a report lies among the certificates.
    let folder = it.at("lot");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("a.pdf"), &it.pdf).expect("written");
    fs::write(folder.join("b.pdf"), &report).expect("written");
    fs::write(folder.join("c.pdf"), &forged).expect("written");
    let (exit, rows, _) = it.verify(&[&folder], &[]);
    assert_eq!(column(&rows, "verdict"), ["genuine", "report", "report-altered"]);
    assert_eq!(exit, Some(1));

    // What the command line writes without a key says that nobody signed it.
    let list = it.at("list.pdf");
    let (_, rows, said) = it.verify(&[&folder], &["--report", list.to_str().expect("a path")]);
    assert!(rows.is_empty() && said.contains("3 checked") && !said.contains('\r'), "{said}");
    let shown = text_of(&list);
    assert!(shown.contains("Nobody has signed this list") && shown.contains("Sunita Devi"), "{shown}");
    assert_eq!(it.said("again.pdf", &fs::read(&list).expect("read")).0, Some(2), "it is no report");
    if let Some(folder) = std::env::var_os("MOHAR_PICTURES").map(PathBuf::from) {
        for name in ["report", "list"] {
            let mut draw = Command::new("pdftoppm");
            draw.args(["-r", "80", "-png", "-singlefile"]).arg(it.at(&format!("{name}.pdf")));
            let drawn = draw.arg(folder.join(format!("bulk-{name}"))).status();
            assert!(drawn.is_ok_and(|s| s.success()), "pdftoppm; tests/run installs it");
        }
    }
}
