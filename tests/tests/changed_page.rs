//! An old trick: a genuine code on a changed page. A really issued PDF is edited as an editor does it,
//! and the line that differs is named.

use mohar_tests::forge::{at, content, drawn_anew, updated};
use mohar_tests::{Service, sample};
use serde_json::Value;

fn judged(service: &Service, pdf: &[u8]) -> Value {
    let (status, answer) = service.post_as("/v1/verify", "application/pdf", pdf).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    answer
}

/// The last run that shows a word in Devanagari: where it begins and ends.
fn last_run(content: &[u8], word: &str) -> (usize, usize) {
    let hex: String = word.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    let text = String::from_utf8_lossy(content).into_owned();
    assert_eq!(text.len(), content.len(), "drawing instructions are ASCII");
    let mark = text.rfind(&format!("<FEFF{hex}>")).expect("the word");
    (text[..mark].rfind("/Span").expect("a span"), at(content, b"EMC\n", mark) + 4)
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

#[test]
fn a_page_drawn_anew_is_the_same_page() {
    let service = Service::start("drawn-anew");
    let issue = |request: &Value, key: &str| {
        let id = service.issue(request, key)["id"].as_str().expect("an id").to_owned();
        service.get_as_caller(&format!("/v1/certificates/{id}/pdf"))
    };
    let own = issue(&sample("income"), "a");
    assert_eq!(judged(&service, &drawn_anew(&service.dir, &own))["verdict"], "genuine");
}
