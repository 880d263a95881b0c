//! Every view of the portal, in both languages, on a small phone, a desk, at 200 % zoom and in the dark:
//! nothing wider than the screen, accessible by axe-core's judgement, usable by keyboard, read aloud.
//! `MOHAR_PICTURES` set to a folder, the test leaves pictures there to look at.

use mohar_tests::browser::Browser;
use mohar_tests::film::{HELD_IN_HAND, of_page};
use mohar_tests::{Service, checkout, sample};
use serde_json::{Value, json};

/// Width in the page's pixels, how many of the screen make one, and whether it is dark.
const SCREENS: [(u32, f64, bool, &str); 4] = [
    (320, 2.0, false, "phone"),
    (320, 2.0, true, "phone-dark"),
    (1_280, 1.0, false, "desk"),
    (640, 2.0, false, "zoom"),
];

struct Views {
    browser: Browser,
    axe: String,
    pictures: Option<std::path::PathBuf>,
}

impl Views {
    /// Judges what the page shows now on every screen in both languages.
    fn judge(&mut self, name: &str) {
        for (width, scale, dark, screen) in SCREENS {
            let scheme = if dark { "dark" } else { "light" };
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            self.browser.call("Emulation.setEmulatedMedia", &media);
            self.browser.resize(width, 800, scale);
            for language in ["en", "hi"] {
                if self.browser.eval("document.documentElement.lang") != language {
                    self.browser.eval("document.getElementById('toggle').click()");
                }
                self.page(&format!("portal-{name}-{language}-{screen}"));
            }
        }
    }

    fn page(&mut self, at: &str) {
        let wide = self.browser.eval("document.documentElement.scrollWidth - innerWidth");
        assert!(wide.as_i64().is_some_and(|w| w <= 0), "{at}: {wide} pixels too wide");
        let small = "[...document.querySelectorAll('button, input, select, textarea')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5).map((e) => e.id)";
        assert_eq!(self.browser.eval(small), json!([]), "{at}: too small for a thumb");
        self.browser.eval("window.judged = null; axe.run().then((r) => window.judged = JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))");
        assert_eq!(self.browser.wait("window.judged"), "[]", "{at}");
        if let Some(folder) = &self.pictures {
            self.browser.picture(&folder.join(format!("{at}.png")));
        }
    }

    fn open(&mut self, url: &str, view: &str) {
        self.browser.open(url);
        self.browser.wait(&format!("document.documentElement.dataset.view === '{view}'"));
        let axe = self.axe.clone();
        self.browser.eval(&axe);
    }

    fn click(&mut self, id: &str, view: &str) {
        self.browser.eval(&format!("document.getElementById('{id}').click()"));
        self.browser.wait(&format!("document.documentElement.dataset.view === '{view}'"));
    }
}

fn altered(digits: &str) -> String {
    let (head, tail) = digits.split_at(digits.len() - 40);
    let other = if tail.starts_with('1') { '2' } else { '1' };
    format!("{head}{other}{}", &tail[1..])
}

#[test]
fn every_view_is_accessible_in_both_languages() {
    let service = Service::start("views");
    let issue = |name: &str| service.issue(&sample(name), name);
    let (caste, income) = (issue("caste-sc"), issue("income"));
    let digits = |c: &Value| c["qr"].as_str().expect("qr").split_once('#').expect("a fragment").1.to_owned();
    let path = format!("/v1/certificates/{}/status", income["id"].as_str().expect("id"));
    service.post(&path, None, br#"{"status":"revoked","reason":"false-declaration"}"#).expect("an answer");
    let pdf = service.dir.join("caste.pdf");
    let id = caste["id"].as_str().expect("id");
    std::fs::write(&pdf, service.get_as_caller(&format!("/v1/certificates/{id}/pdf"))).expect("written");
    let axe = checkout().join("target/node/node_modules/axe-core/axe.min.js");
    let mut views = Views {
        browser: Browser::with_camera("views", &of_page(&pdf, HELD_IN_HAND)),
        axe: std::fs::read_to_string(axe).expect("axe-core; tests/run installs it"),
        pictures: std::env::var_os("MOHAR_PICTURES").map(Into::into),
    };
    let base = service.base_url.clone();
    views.open(&base, "home");
    views.browser.wait("document.getElementById('offline').textContent");
    views.judge("home");
    views.open(&format!("{base}/#{}", digits(&caste)), "verdict");
    views.judge("genuine");
    views.open(&format!("{base}/#{}", digits(&income)), "verdict");
    views.judge("revoked");
    views.open(&format!("{base}/#{}", altered(&digits(&caste))), "verdict");
    views.judge("altered");
    views.open(&format!("{base}/#upi"), "verdict");
    views.judge("not-a-certificate");
    views.open(&base, "home");
    views.click("post", "scan");
    views.browser.wait("document.querySelector('#passed h2')");
    views.judge("post");
    views.browser.wait("document.getElementById('hint').textContent");
    let code = service.dir.join("no-code.png");
    image::GrayImage::from_pixel(300, 300, image::Luma([200])).save(&code).expect("saved");
    views.open(&base, "home");
    views.browser.choose("#file", &code);
    views.browser.wait("document.documentElement.dataset.view === 'unread'");
    views.judge("unread");
    let lacks = "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))";
    let lacks = views.browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": lacks }));
    views.open(&format!("{base}/#{}", digits(&caste)), "cannot");
    views.judge("cannot");
    let known = json!({ "identifier": lacks["identifier"] });
    views.browser.call("Page.removeScriptToEvaluateOnNewDocument", &known);
    let denied =
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))";
    views.browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": denied }));
    views.open(&base, "home");
    views.click("scan", "failed");
    views.judge("denied");
}

/// Keys as a keyboard sends them.
fn press(browser: &mut Browser, key: &str, text: &str) {
    let mut event = json!({ "type": "keyDown", "key": key, "code": key, "text": text });
    if key == "Tab" {
        event["windowsVirtualKeyCode"] = json!(9);
    }
    if key == "Enter" {
        event["windowsVirtualKeyCode"] = json!(13);
    }
    browser.call("Input.dispatchKeyEvent", &event);
    event["type"] = json!("keyUp");
    browser.call("Input.dispatchKeyEvent", &event);
}

#[test]
fn a_check_needs_nothing_but_a_keyboard() {
    let service = Service::start("keyboard");
    let certificate = service.issue(&sample("income"), "a");
    let mut browser = Browser::start("keyboard");
    browser.open(&service.base_url);
    browser.wait("document.documentElement.dataset.view === 'home'");
    let focused = "document.activeElement.id";
    let mut order = vec![];
    for _ in 0..5 {
        press(&mut browser, "Tab", "");
        order.push(browser.eval(focused));
    }
    assert_eq!(order, ["toggle", "scan", "post", "file", "text"]);
    browser.call("Input.insertText", &json!({ "text": certificate["qr"] }));
    press(&mut browser, "Tab", "");
    press(&mut browser, "Enter", "\r");
    assert_eq!(browser.verdict(), "genuine");
    browser.wait("document.activeElement.id === 'title'");
    let mut order = vec![];
    for _ in 0..3 {
        press(&mut browser, "Tab", "");
        order.push(browser.eval(focused));
    }
    assert_eq!(order, ["aloud", "rescan", "another"], "from the verdict on");
}

#[test]
fn a_verdict_is_read_aloud_in_the_readers_language() {
    let service = Service::start("aloud");
    let certificate = service.issue(&sample("income"), "a");
    let mut browser = Browser::start("aloud");
    // Chromium has no voices here: two are put in their place, which note what they are given.
    let voices = "window.spoken = []; const voices = [{ lang: 'en-US', localService: true }, { lang: 'en-IN', localService: true }, { lang: 'hi-IN', localService: false }];
        Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => voices, cancel: () => spoken.push('silence'), speak: (u) => spoken.push([u.lang, u.text]) } });
        window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": voices }));
    browser.open(certificate["qr"].as_str().expect("qr"));
    assert_eq!(browser.verdict(), "genuine");
    for (language, start, part) in
        [("en-IN", "Genuine.", "Name of the holder: Sunita Devi."), ("hi-IN", "असली.", "सुनीता देवी")]
    {
        browser.eval("document.getElementById('aloud').click()");
        assert_eq!(browser.eval("document.getElementById('aloud').getAttribute('aria-pressed')"), "true");
        let said = browser.eval("spoken.at(-1)");
        assert_eq!(said[0], language);
        let text = said[1].as_str().expect("a text");
        assert!(text.starts_with(start) && text.contains(part), "{text}");
        // Another language: silence until it is asked for again.
        browser.eval("document.getElementById('toggle').click()");
        assert_eq!(browser.eval("spoken.at(-1)"), "silence");
        assert_eq!(browser.eval("document.getElementById('aloud').getAttribute('aria-pressed')"), "false");
    }
}
