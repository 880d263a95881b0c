//! The schemes as people meet them: pages, pictures, films and "am I eligible?", over HTTP and in a
//! browser.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mohar_schemas::scheme::published;
use mohar_tests::browser::Browser;
use mohar_tests::journey::pair;
use mohar_tests::visitor::Visitor;
use mohar_tests::{Service, checkout};
use serde_json::Value;
use std::process::Command;

/// What WhatsApp takes.
const PICTURE_BYTES_MAX: usize = 5 << 20;
const FILM_BYTES_MAX: u64 = 16 << 20;

#[test]
fn every_scheme_has_a_page_and_a_picture_in_both_languages() {
    let running = Service::start("schemes");
    let visitor = Visitor::new(&running.base_url);
    let list = visitor.page("/schemes?lang=hi");
    for scheme in published().schemes() {
        assert!(list.contains(&format!("/schemes/{}\"", scheme.id)), "{}", scheme.id);
        for (language, name) in [("en", &scheme.name.en), ("hi", &scheme.name.hi)] {
            let at = format!("{} {language}", scheme.id);
            let page = visitor.page(&format!("/schemes/{}?lang={language}", scheme.id));
            assert!(page.contains(name.as_str()) && page.contains(&scheme.site), "{at}");
            for service in scheme.needs.iter().flatten() {
                assert!(page.contains(&format!("/apply/s/{service}\"")), "{at}: {service}");
            }
            for question in scheme.questions.iter().filter(|q| q.when.is_none()) {
                assert!(page.contains(&format!("name=\"{}\"", question.id)), "{at}: {}", question.id);
            }
            let (status, picture) = visitor.open(&format!("/schemes/{}/{language}.png", scheme.id));
            assert_eq!(status, 200, "{at}");
            assert!(picture.starts_with(b"\x89PNG") && picture.len() <= PICTURE_BYTES_MAX, "{at}");
        }
    }
    assert!(visitor.page("/apply?lang=en").contains("href=\"/schemes\""));
    assert!(visitor.open("/schemes/ladli/hi-film.png").1.starts_with(b"\x89PNG"));
    for wrong in [
        "/schemes/none",
        "/schemes/none/hi.png",
        "/schemes/ladli/fr.png",
        "/schemes/e-shram/hi.mp4",
        "/schemes/e-shram/hi-film.png",
        "/schemes/ladli/h",
    ] {
        assert_eq!(visitor.open(wrong).0, 404, "{wrong}");
    }
}

#[test]
fn the_answer_depends_on_the_answers_alone() {
    let running = Service::start("scheme-answers");
    let visitor = Visitor::new(&running.base_url);
    let ask = |id: &str, pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| pair(k, v)).collect();
        let (status, page) = visitor.send(&format!("/schemes/{id}"), &pairs);
        assert_eq!(status, 200, "{page}");
        page
    };
    let right = [
        ("born_in_delhi", "yes"),
        ("three_years", "yes"),
        ("income", "1,20,000"),
        ("daughter", "first"),
        ("stage", "baby"),
    ];
    let page = ask("ladli", &right);
    assert!(page.contains("you may be eligible. The department decides."), "{page}");
    assert!(page.contains("as announced in February 2026"), "what is not confirmed is said: {page}");
    let page = ask("ladli", &[("born_in_delhi", "no"), ("income", "500000")]);
    assert!(page.contains("probably not") && page.contains("must have been born in Delhi"), "{page}");
    assert!(page.contains("at most ₹1.2 lakh") && page.contains("ask there before you give up"), "{page}");
    let page = ask("ladli", &right[..3]);
    assert!(page.contains("still open") && page.contains("Which daughter"), "{page}");
    // What is not understood is asked again, with what was written.
    let page = ask("ladli", &[("income", "<b>a lot</b>")]);
    assert!(page.contains("A whole number is expected") && page.contains("&#60;b&#62;a lot"), "{page}");
    assert!(!page.contains("probably not") && !page.contains("may be eligible"), "{page}");
    // A question that follows from another comes with the answer.
    let page = ask("ews-admission", &[("in_delhi", "yes"), ("group", "income"), ("class", "kg")]);
    assert!(page.contains("name=\"age_kg\"") && !page.contains("name=\"age_nursery\""), "{page}");
    assert!(!visitor.page("/schemes/ladli").contains("may be eligible"), "nothing is kept");
    assert!(visitor.jar().keys().all(|name| name == "lang"), "no cookie but the language's");
    assert_eq!(visitor.send("/schemes/none", &[]).0, 404);
}

#[test]
fn films_play_in_whatsapp_and_say_what_the_schemes_say() {
    let running = Service::start("scheme-films");
    for scheme in published().schemes().iter().filter(|s| s.film) {
        for language in ["en", "hi"] {
            let film = checkout().join(format!("schemas/schemes/films/{}-{language}.mp4", scheme.id));
            let probe = Command::new("ffprobe")
                .args(["-v", "error", "-of", "json", "-show_format", "-show_streams"])
                .arg(&film)
                .output()
                .expect("ffprobe; tests/run installs it");
            let probe: Value = serde_json::from_slice(&probe.stdout).unwrap();
            let at = format!("{}: {probe}", film.display());
            let stream = |kind: &str| {
                let streams = probe["streams"].as_array().unwrap();
                streams.iter().find(|s| s["codec_type"] == kind).unwrap_or_else(|| panic!("{at}")).clone()
            };
            let (video, audio) = (stream("video"), stream("audio"));
            assert_eq!((&video["codec_name"], &video["profile"]), (&"h264".into(), &"Main".into()), "{at}");
            assert_eq!((&video["pix_fmt"], &audio["codec_name"]), (&"yuv420p".into(), &"aac".into()), "{at}");
            let number = |key: &str| probe["format"][key].as_str().unwrap().parse::<f64>().unwrap();
            assert!((20.0..=30.5).contains(&number("duration")), "{at}");
            assert!(std::fs::metadata(&film).unwrap().len() <= FILM_BYTES_MAX, "{at}");
            // The comment is the digest of what it says; mohar-card's own test compares it with the data.
            assert_eq!(probe["format"]["tags"]["comment"].as_str().map(str::len), Some(64), "{at}");
            let (status, served) = running.get(&format!("/schemes/{}/{language}.mp4", scheme.id));
            assert!(status == 200 && served == std::fs::read(&film).unwrap(), "{at}");
        }
    }
    let part = ureq::get(format!("{}/schemes/ladli/hi.mp4", running.base_url)).header("Range", "bytes=4-7");
    let mut answer = part.call().unwrap();
    assert_eq!(answer.status().as_u16(), 206);
    assert!(answer.headers()["content-range"].to_str().unwrap().starts_with("bytes 4-7/"));
    assert_eq!(answer.body_mut().read_to_vec().unwrap(), b"ftyp");
}

#[test]
fn a_browser_asks_and_sees_picture_and_film() {
    let running = Service::start("scheme-browser");
    let mut browser = Browser::start("scheme-browser");
    browser.open(&format!("{}/schemes/women-bus-travel?lang=hi", running.base_url));
    browser.wait(
        "document.readyState === 'complete' && document.querySelector('img.card').naturalWidth === 1080",
    );
    browser.eval("document.querySelector('video').load() || 0");
    browser.wait(
        "document.querySelector('video').error === null && document.querySelector('video').duration > 20",
    );
    for (name, value) in [("gender", "woman"), ("age", "34")] {
        browser.eval(&format!("document.querySelector('[name={name}]').value = '{value}'"));
    }
    browser.eval("document.querySelector('[name=in_delhi][value=yes]').checked = true");
    browser.eval("setTimeout(() => document.querySelector('#eligible button').click()) && 0");
    browser.wait("document.readyState === 'complete' && document.querySelector('.verdict.likely')");
    let said = browser.eval("document.querySelector('.verdict').innerText");
    assert!(said.as_str().unwrap().contains("निर्णय विभाग करता है"), "{said}");
    assert_eq!(browser.eval("document.querySelector('[name=age]').value"), "34");
    assert_eq!(browser.eval("location.search"), "", "no answer stands in the address");
}
