//! T1 to T20 of the survey of other people's systems, as far as they show in a verifier's browser: T1, T4, T9,
//! T11, T12, T14, T17, T19. The others are in `peers.rs`.

use image::{GrayImage, Luma};
use mohar_schemas::{tables, verdict};
use mohar_tests::browser::Browser;
use mohar_tests::film::of_picture;
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, checkout, sample};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DAY_MS: i64 = 86_400_000;

fn text(browser: &mut Browser) -> String {
    browser.eval("document.querySelector('main').innerText").as_str().unwrap_or_default().to_owned()
}

fn tone(browser: &mut Browser) -> Value {
    browser.eval("document.getElementById('card').dataset.tone")
}

/// A visit that leaves everything a check needs, and the link of the certificate it checked.
fn visited(browser: &mut Browser, service: &Service, net: &Recorder) -> String {
    let certificate = service.issue(&sample("income"), "visited");
    let qr = certificate["qr"].as_str().expect("qr");
    let link = format!("{}/#{}", net.base_url, qr.split_once('#').expect("a fragment").1);
    browser.open(&link);
    assert_eq!(browser.verdict(), "genuine");
    browser.wait("navigator.serviceWorker.ready.then(() => true)");
    browser.wait("caches.match('/js/later.js').then(Boolean)");
    browser.wait("localStorage.getItem('mohar-lists-2/met')");
    link
}

/// Sets the clock of the pages that are opened from now on.
fn shift_clock(browser: &mut Browser, ms: i64) -> Value {
    let source = format!("{{ const now = Date.now; Date.now = () => now() + {ms}; }}");
    let added = browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": source }));
    added["identifier"].clone()
}

/// How a status of now is called after so many milliseconds: days change at midnight in India.
fn called_after(ms: i64) -> String {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("a clock after 1970").as_millis();
    let now = i64::try_from(since).expect("for a long time") + 19_800_000;
    match (now + ms).div_euclid(DAY_MS) - now.div_euclid(DAY_MS) {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

#[test]
fn t1_offline_and_valid_is_never_called_invalid() {
    let service = Service::start("t1");
    let net = Recorder::start(&service.base_url);
    let mut browser = Browser::start("t1");
    let link = visited(&mut browser, &service, &net);
    let later = service.issue(&sample("caste-sc"), "later");
    let later =
        format!("{}/#{}", net.base_url, later["qr"].as_str().expect("qr").split_once('#').expect("#").1);
    net.cut();
    // Minutes, days and a month later; and with a clock that is a year behind.
    for (ms, verdict) in [
        (60_000, "genuine"),
        (DAY_MS + 3_600_000, "status-stale"),
        (3 * DAY_MS, "status-stale"),
        (30 * DAY_MS, "status-stale"),
        (-365 * DAY_MS, "genuine"),
    ] {
        let behind = || "The clock of this device is wrong".to_owned();
        let said = if ms < 0 { behind() } else { called_after(ms) };
        let clock = shift_clock(&mut browser, ms);
        browser.open(&link);
        assert_eq!(browser.verdict(), verdict, "{ms}");
        assert_ne!(tone(&mut browser), "bad", "{ms}");
        let shown = text(&mut browser);
        assert!(shown.contains(&said), "{said} is not in {shown}");
        browser.open(&later);
        assert_eq!(browser.verdict(), "status-unknown", "issued after the last visit, {ms}");
        assert_ne!(tone(&mut browser), "bad", "{ms}");
        browser.call("Page.removeScriptToEvaluateOnNewDocument", &json!({ "identifier": clock }));
    }
}

#[test]
fn t1_a_clock_that_is_ahead_expires_nothing() {
    let service = Service::start("ahead");
    let net = Recorder::start(&service.base_url);
    let mut browser = Browser::start("ahead");
    // Two years: beyond the year that the income certificate is valid.
    shift_clock(&mut browser, 730 * DAY_MS);
    let link = visited(&mut browser, &service, &net);
    for network in ["with", "without"] {
        browser.open(&link);
        assert_eq!(browser.verdict(), "genuine", "{network} a network");
        let shown = text(&mut browser);
        assert!(shown.contains("The clock of this device is wrong"), "{shown}");
        net.cut();
    }
}

#[test]
fn t4_nothing_of_the_certificate_leaves_the_browser() {
    let service = Service::start("t4");
    let net = Recorder::start(&service.base_url);
    let mut browser = Browser::start("t4");
    let certificate = service.issue(&sample("caste-sc"), "t4");
    let digits = certificate["qr"].as_str().expect("qr").split_once('#').expect("a fragment").1;
    browser.open(&format!("{}/#{digits}", net.base_url));
    assert_eq!(browser.verdict(), "genuine");
    let fields =
        "[...document.querySelectorAll('dd')].flatMap((d) => [...d.childNodes].map((n) => n.textContent))";
    let shown = browser.eval(fields);
    browser.eval("document.getElementById('another').click()");
    browser.wait("document.documentElement.dataset.view === 'home'");
    browser.eval(&format!("document.getElementById('text').value = '{digits}'"));
    browser.eval("document.querySelector('#paste button').click()");
    assert_eq!(browser.verdict(), "genuine");
    browser.wait("localStorage.getItem('mohar-lists-2/met')");
    let sent = net.sent().to_lowercase();
    let shown: Vec<_> = shown.as_array().expect("fields").iter().filter_map(Value::as_str).collect();
    assert!(shown.contains(&"Ravi Kumar") && shown.len() > 12, "{shown:?}");
    for field in shown.into_iter().filter(|f| f.len() > 4) {
        let bytes = field.to_lowercase().into_bytes();
        let escaped: String = bytes.iter().map(|b| format!("%{b:02x}")).collect();
        let spelt = field.to_lowercase();
        for spelling in [spelt.replace(' ', "%20"), spelt.replace(' ', "+"), spelt, escaped] {
            assert!(!sent.contains(&spelling), "{spelling} left the browser");
        }
    }
    for part in digits.as_bytes().windows(12) {
        assert!(!sent.contains(std::str::from_utf8(part).expect("digits")), "the code left the browser");
    }
}

#[test]
fn t9_an_issuer_nobody_knows_is_called_so() {
    let (service, stranger) = (Service::start("t9"), Service::start("t9-stranger"));
    let certificate = stranger.issue(&sample("income"), "a");
    let digits = certificate["qr"].as_str().expect("qr").split_once('#').expect("a fragment").1;
    let mut browser = Browser::start("t9");
    browser.open(&format!("{}/#{digits}", service.base_url));
    assert_eq!(browser.verdict(), "unknown-issuer");
    assert_eq!(tone(&mut browser), "bad");
    assert!(!text(&mut browser).contains("Sunita"), "nothing of it is shown");
}

/// A code drawn as black squares, eight pixels each, on white.
fn code(text: &str) -> GrayImage {
    let code = qrcode::QrCode::new(text).expect("it fits");
    let (side, colors) = (code.width(), code.to_colors());
    let pixels = u32::try_from((side + 8) * 8).expect("small");
    GrayImage::from_fn(pixels, pixels, |x, y| {
        let module = |at: u32| (at as usize / 8).checked_sub(4).filter(|m| *m < side);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| colors[y * side + x] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

#[test]
fn t11_another_code_is_called_what_it_is_and_not_a_lack_of_internet() {
    let service = Service::start("t11");
    let net = Recorder::start(&service.base_url);
    let picture = service.dir.join("upi.png");
    code("upi://pay?pa=shop@bank&pn=Shop&am=20").save(&picture).expect("saved");
    let film = of_picture(&picture, "scale=600:600,pad=1280:720:340:60:gray");
    let mut browser = Browser::with_camera("t11", &film);
    visited(&mut browser, &service, &net);
    for network in ["with", "without"] {
        browser.open(&net.base_url);
        browser.wait("document.documentElement.dataset.view === 'home'");
        browser.eval("document.getElementById('scan').click()");
        assert_eq!(browser.verdict(), "not-a-certificate", "{network} a network");
        let shown = text(&mut browser);
        assert!(shown.contains("payment") && !shown.contains("internet"), "{shown}");
        browser.wait("caches.match('/decoder/reader/zxing_reader.wasm').then(Boolean)");
        net.cut();
    }
}

#[test]
fn t12_every_verdict_can_be_reached_and_speaks_both_languages() {
    let service = Service::start("t12");
    let mut browser = Browser::start("t12");
    browser.open(&service.base_url);
    browser.wait("document.documentElement.dataset.view === 'home'");
    let path = checkout().join("schemas/vectors/vectors.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).expect("vectors")).expect("JSON");
    let script = format!(
        "(async (v) => {{ const m = await import('/package/index.js'); const schemas = await (await fetch('/schemas.json')).json();
        const trust = await m.openTrust(m.fromHex(v.trust_list), m.fromHex(v.root));
        const all = await Promise.all(v.status_lists.map((t) => m.openStatus(m.fromHex(t), trust)));
        const told = {{}};
        for (const c of [...v.positive, ...v.negative]) {{
            const r = m.report(await m.verifyText(c.text, {{ trust, schemas, lists: c.status_lists ? all : [], now: c.at_s }}), schemas, c.at_s);
            told[r.code] = [r.title, r.message, r.advice];
        }}
        return told; }})({vectors})"
    );
    let told = browser.eval(&script);
    let reached: BTreeSet<_> = told.as_object().expect("codes").keys().cloned().collect();
    let all: BTreeSet<_> = verdict::Code::ALL.iter().map(|c| c.id()).collect();
    let missing: Vec<_> = all.difference(&reached).collect();
    // A page that says something else is found where the page is read (`changed_page.rs`); of a picture
    // without a code, the page has a view of its own.
    assert_eq!(missing, ["page-differs", "unreadable-picture"]);

    for (code, sentences) in told.as_object().expect("codes") {
        for sentence in sentences.as_array().expect("three") {
            let (en, hi) =
                (sentence["en"].as_str().expect("English"), sentence["hi"].as_str().expect("Hindi"));
            assert!(!en.contains('{') && !hi.contains('{'), "{code}: {en} {hi}");
            assert!(
                hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)) && en.is_ascii(),
                "{code}: {en} {hi}"
            );
        }
    }
}

#[test]
fn t14_without_word_of_the_status_nothing_is_silently_valid() {
    let service = Service::start("t14");
    let certificate = service.issue(&sample("income"), "a");
    let digits = certificate["qr"].as_str().expect("qr").split_once('#').expect("a fragment").1;
    let mut browser = Browser::start("t14");
    browser.call("Network.setBlockedURLs", &json!({ "urls": ["*/v1/status-*"] }));
    browser.open(&format!("{}/#{digits}", service.base_url));
    assert_eq!(browser.verdict(), "status-unknown");
    assert_eq!(tone(&mut browser), "warn");
    assert!(text(&mut browser).contains("whether it was withdrawn later is not known here"));
}

#[test]
fn t17_the_content_security_policy_lets_all_of_it_work() {
    let service = Service::start("t17");
    let picture = service.dir.join("upi.png");
    code("upi://pay?pa=shop@bank").save(&picture).expect("saved");
    let film = of_picture(&picture, "scale=600:600,pad=1280:720:340:60:gray");
    let mut browser = Browser::with_camera("t17", &film);
    let listen = "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push([e.violatedDirective, e.blockedURI]));";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": listen }));
    let certificate = service.issue(&sample("income"), "a");
    let path = format!("/v1/certificates/{}/status", certificate["id"].as_str().expect("id"));
    service.post(&path, None, br#"{"status":"revoked","reason":"fraud"}"#).expect("an answer");
    let digits = certificate["qr"].as_str().expect("qr").split_once('#').expect("a fragment").1;
    browser.open(&format!("{}/#{digits}", service.base_url));
    // The status came, with its reason.
    assert_eq!(browser.verdict(), "revoked");
    assert!(text(&mut browser).contains("fraud"), "{}", text(&mut browser));
    browser.eval("document.getElementById('rescan').click()");
    assert_eq!(browser.verdict(), "not-a-certificate", "the decoder runs under its own policy");
    assert_eq!(browser.eval("refused"), json!([]));
    let inline = "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); return window.ran ?? null; })()";
    assert_eq!(browser.eval(inline), Value::Null, "the policy is at work: no script but ours runs");
    assert_ne!(browser.eval("refused"), json!([]));
}

#[test]
fn t19_a_certificate_of_an_abolished_office_verifies() {
    let path = checkout().join("schemas/vectors/vectors.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).expect("vectors")).expect("JSON");
    let offices = tables::table("offices").expect("the table");
    let closed: Vec<_> =
        offices.rows.iter().filter(|row| row.until.is_some()).map(|r| r.en.as_str()).collect();
    assert!(!closed.is_empty());
    let of_closed = |case: &&Value| {
        let lines = case["lines"].as_array().expect("lines");
        lines.iter().any(|l| l[0] == "office" && closed.contains(&l[1].as_str().unwrap_or_default()))
    };
    let cases: Vec<_> = vectors["positive"].as_array().expect("cases").iter().filter(of_closed).collect();
    // Every implementation is held to every vector: Rust by `vectors`, JavaScript by `portal`, Python by its own.
    assert!(!cases.is_empty() && cases.iter().all(|c| c["verdict"] == "genuine"));
}
