//! An old trick: a genuine code on a changed page. A really issued PDF is edited as an editor does it,
//! and the line that differs is named.

use mohar_tests::{Service, sample};
use serde_json::Value;
use std::process::Command;

fn judged(service: &Service, pdf: &[u8]) -> Value {
    let (status, answer) = service.post_as("/v1/verify", "application/pdf", pdf).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    answer
}

fn at(text: &[u8], what: &[u8], from: usize) -> usize {
    let found = text[from..].windows(what.len()).position(|w| w == what);
    from + found.unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(what)))
}

/// The page's drawing instructions and the number of their object.
fn content(pdf: &[u8]) -> (u32, Vec<u8>) {
    let mut from = 0;
    loop {
        let start = at(pdf, b"stream\n", from) + 7;
        let end = at(pdf, b"\nendstream", start);
        let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib(&pdf[start..end]).unwrap_or_default();
        if unpacked.windows(3).any(|w| w == b"BT\n") {
            let head = String::from_utf8_lossy(&pdf[..start]);
            let object = head.rsplit_once(" 0 obj").expect("an object").0;
            let number = object.rsplit(|c: char| !c.is_ascii_digit()).next().expect("a number");
            return (number.parse().expect("a number"), unpacked);
        }
        from = end + 10;
    }
}

/// The last run that shows a word in Devanagari: where it begins and ends.
fn last_run(content: &[u8], word: &str) -> (usize, usize) {
    let hex: String = word.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    let text = String::from_utf8_lossy(content).into_owned();
    assert_eq!(text.len(), content.len(), "drawing instructions are ASCII");
    let mark = text.rfind(&format!("<FEFF{hex}>")).expect("the word");
    (text[..mark].rfind("/Span").expect("a span"), at(content, b"EMC\n", mark) + 4)
}

/// Appends a changed object, as the format lets an editor do.
fn updated(pdf: &[u8], object: u32, content: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let before =
        text.rsplit_once("startxref\n").expect("a table").1.lines().next().expect("a place").to_owned();
    let size = text.rsplit_once("/Size ").expect("a size").1.lines().next().expect("a size").to_owned();
    let mut new = pdf.to_vec();
    let place = new.len() + 1;
    new.extend(format!("\n{object} 0 obj\n<< /Length {} >>\nstream\n", content.len()).bytes());
    new.extend(content);
    new.extend(b"\nendstream\nendobj\n");
    let table = new.len();
    new.extend(format!("xref\n{object} 1\n{place:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {before} >>\nstartxref\n{table}\n%%EOF\n").bytes());
    new
}

#[test]
fn the_line_that_was_changed_is_named() {
    let service = Service::start("changed-page");
    let certificate = service.issue(&sample("income"), "a");
    let pdf = service
        .get_as_caller(&format!("/v1/certificates/{}/pdf", certificate["id"].as_str().expect("an id")));
    let (object, drawn) = content(&pdf);
    // The same instructions again, in a new object: still the same page.
    let same = judged(&service, &updated(&pdf, object, &drawn));
    assert_eq!(same["verdict"], "genuine", "{same}");
    let lines = same["printed"].as_array().expect("lines");
    assert!(lines.len() > 10 && lines.iter().all(|l| l["agrees"] == true), "{same}");
    // The father's given name pasted over the holder's.
    let (holder, father) = (last_run(&drawn, "सुनीता"), last_run(&drawn, "राजेश"));
    let changed = [&drawn[..holder.0], &drawn[father.0..father.1], &drawn[holder.1..]].concat();
    let forged = judged(&service, &updated(&pdf, object, &changed));
    assert_eq!(forged["verdict"], "page-differs", "{forged}");
    let differing: Vec<&Value> =
        forged["printed"].as_array().expect("lines").iter().filter(|l| l["agrees"] == false).collect();
    assert_eq!(differing.len(), 1, "{forged}");
    assert_eq!(differing[0]["label"]["en"], "Name of the holder");
    for language in ["en", "hi"] {
        let message = forged["message"][language].as_str().expect("a sentence");
        assert!(
            message.contains("राजेश देवी") && message.contains("Sunita") | message.contains("सुनीता"),
            "{message}"
        );
    }
    // What is beside the glyphs says the signed name, and the glyphs another's: they are believed.
    let text = |run: (usize, usize)| drawn[run.0..run.1].to_vec();
    let (own, other) = (text(holder), text(father));
    let split = |run: &[u8]| at(run, b"BDC\n", 0) + 4;
    let lie = [&own[..split(&own)], &other[split(&other)..]].concat();
    let hidden = [&drawn[..holder.0], &lie, &drawn[holder.1..]].concat();
    let forged = judged(&service, &updated(&pdf, object, &hidden));
    assert_eq!(forged["verdict"], "page-differs", "{forged}");
}

/// As a program that prints a PDF into a PDF does it: Hindi is no text any more.
fn drawn_anew(service: &Service, pdf: &[u8]) -> Vec<u8> {
    let (from, to) = (service.dir.join("from.pdf"), service.dir.join("to.pdf"));
    std::fs::write(&from, pdf).expect("a file");
    let done = Command::new("pdftocairo").arg("-pdf").args([&from, &to]).status();
    assert!(done.expect("pdftocairo; tests/run installs it").success());
    std::fs::read(to).expect("the page drawn anew")
}

#[test]
fn a_page_drawn_anew_is_the_same_page() {
    let service = Service::start("drawn-anew");
    let issue = |request: &Value, key: &str| {
        let id = service.issue(request, key)["id"].as_str().expect("an id").to_owned();
        service.get_as_caller(&format!("/v1/certificates/{id}/pdf"))
    };
    let own = issue(&sample("income"), "a");
    assert_eq!(judged(&service, &drawn_anew(&service, &own))["verdict"], "genuine");
}
