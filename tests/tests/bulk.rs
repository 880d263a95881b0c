//! Many certificates at once: a folder, an archive and a list become a report with a row each, in order.

use mohar_tests::{Service, mohar, sample};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
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
    assert!(rows[4]["message"].contains("10 MiB") && said.contains("6 checked"));
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
    let altered = format!("{}1", &it.code[..it.code.len() - 1]);
    let altered = if altered == it.code { format!("{}2", &it.code[..it.code.len() - 1]) } else { altered };
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
}
