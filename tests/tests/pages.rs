//! The pages in Chromium: accessible by axe-core's judgement in both languages, on a phone and on a
//! desk, and at 200 % zoom; nothing wider than the screen.

use mohar_schemas::catalogue::published;
use mohar_tests::browser::Browser;
use mohar_tests::journey::{apply, citizen, officer, pair};
use mohar_tests::{Service, checkout};
use serde_json::{Value, json};

/// A phone, a desk, and the same desk at 200 %: half as many pixels to the page, each twice as large.
const WIDTHS: [(u32, f64, &str); 3] = [(320, 2.0, "phone"), (1_280, 1.0, "desk"), (640, 2.0, "zoom")];

struct Judge {
    browser: Browser,
    axe: String,
    base_url: String,
    pictures: Option<std::path::PathBuf>,
}

impl Judge {
    fn page(&mut self, name: &str, path: &str) {
        for (width, scale, size) in WIDTHS {
            for language in ["en", "hi"] {
                let at = format!("{name}, {language}, {size}");
                self.browser.resize(width, 900, scale);
                self.browser.open(&format!("{}{path}?lang={language}", self.base_url));
                self.browser.wait("document.readyState === 'complete' && document.querySelector('main')");
                let shown = self.browser.eval("document.documentElement.lang");
                assert_eq!(shown, language, "{at}");
                let wide = self.browser.eval("document.documentElement.scrollWidth - innerWidth");
                assert!(wide.as_i64().is_some_and(|w| w <= 0), "{at}: {wide} pixels too wide");
                self.browser.eval(&self.axe);
                self.browser.eval("window.judged = null; axe.run().then(r => window.judged = JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html)])))");
                let judged = self.browser.wait("window.judged");
                assert_eq!(judged, "[]", "{at}");
                if let Some(folder) = &self.pictures {
                    self.browser.picture(&folder.join(format!("{name}-{language}-{size}.png")));
                }
            }
        }
    }

    fn enter(&mut self, visitor: &mohar_tests::visitor::Visitor) {
        for (name, value) in visitor.jar() {
            let cookie: Value = json!({ "name": name, "value": value, "url": self.base_url });
            self.browser.call("Network.setCookie", &cookie);
        }
    }
}

#[test]
fn every_page_is_accessible_in_both_languages() {
    let running = Service::start("pages");
    let visitor = citizen(&running);
    let axe = checkout().join("target/node/node_modules/axe-core/axe.min.js");
    let mut judge = Judge {
        browser: Browser::start("pages"),
        axe: std::fs::read_to_string(axe).expect("axe-core; tests/run installs it"),
        base_url: running.base_url.clone(),
        // Set to a folder, the test leaves pictures there to look at.
        pictures: std::env::var_os("MOHAR_PICTURES").map(Into::into),
    };
    judge.page("number", "/number");
    judge.page("services", "/apply");
    judge.page("simulator", "/simulator");
    judge.page("service", "/apply/s/caste-sc");
    judge.page("schemes", "/schemes");
    judge.page("scheme", "/schemes/ladli");
    judge.page("sign-in", "/apply/sign-in");
    judge.page("console-sign-in", "/console/sign-in");
    judge.enter(&visitor);
    let service = published().service("surviving-member").expect("a service");
    let (_, page) = visitor.send(&format!("/apply/s/{}", service.id), &[]);
    let number = page.split("/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    visitor.send(&format!("/apply/a/{number}"), &[pair("do", "save"), pair("name.en", "सुनीता")]);
    judge.page("form", &format!("/apply/a/{number}"));
    let with_fee = published().services().iter().find(|s| s.fee.rupees > 0 && s.can_be_applied_for());
    let paid = apply(&visitor, with_fee.expect("a fee"));
    let income = apply(&visitor, published().service("income").expect("a service"));
    judge.page("tracking", &format!("/apply/a/{income}"));
    judge.page("own", "/apply");
    judge.page("me", "/apply/me");
    judge.page("receipt", &format!("/apply/a/{paid}/receipt"));
    judge.enter(&officer(&running, "dealing-assistant"));
    judge.page("inbox", "/console");
    judge.page("file", &format!("/console/a/{income}"));
    judge.enter(&officer(&running, "sdm"));
    judge.page("dashboard", "/console/dashboard");
    let drawn = "[...document.querySelectorAll('svg.chart')].map(c => c.getBoundingClientRect()).filter(r => r.width > 50 && r.height > 5).length";
    let drawn = judge.browser.eval(drawn).as_u64().expect("a count");
    assert!(drawn > 4, "{drawn} charts are seen");
    judge.page("leave", "/console/leave");
    judge.enter(&officer(&running, "administrator"));
    for (name, path) in [("admin", ""), ("officers", "/officers"), ("revocations", "/revocations")] {
        judge.page(name, &format!("/console/admin{path}"));
    }
    judge.enter(&mohar_tests::journey::officer_who_sees(&running, "csc-operator", "Counter"));
    judge.page("counter", "/counter");
}

/// Fills in a form of the page, sends it with its button, and waits for the page it leads to.
fn send(browser: &mut Browser, values: &[(&str, &str)], button: &str, expected: &str) {
    for (name, value) in values {
        let find = format!("document.querySelector('[name=\"{name}\"]')");
        browser.eval(&format!("{find}.value = {}", json!(value)));
    }
    browser.eval(&format!("setTimeout(() => document.querySelector('{button}').click()) && 0"));
    let shown = format!(
        "document.readyState === 'complete' && document.body.innerText.includes({})",
        json!(expected)
    );
    browser.wait(&shown);
}

#[test]
fn forms_are_accepted_from_a_browser_and_refused_from_elsewhere() {
    let running = Service::start("browser-forms");
    let mut browser = Browser::start("browser-forms");
    browser.open(&format!("{}/apply/s/income?lang=en", running.base_url));
    browser.wait("document.querySelector('button.main')");
    send(&mut browser, &[], "button.main", "Mobile number");
    send(&mut browser, &[("phone", "98100 54321")], "button.main", "Six digits");
    let codes = std::fs::read_to_string(running.dir.join("codes.txt")).expect("the codes");
    let code = codes.trim().split(' ').next_back().expect("a code");
    send(&mut browser, &[("code", code)], "button.main", "Start an application");
    send(&mut browser, &[], "main button.main", "Draft");
    send(&mut browser, &[("name.en", "Sunita Devi")], "button[value=save]", "Please mend this first");
    assert_eq!(
        browser.eval("document.querySelector('[name=\"name.en\"]').value"),
        "Sunita Devi",
        "it is kept"
    );
    send(&mut browser, &[], "button[value=withdraw]", "Withdrawn");
    for header in
        [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://look-alike.example"), ("Origin", "null")]
    {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.post(format!("{}/apply/sign-in", running.base_url)).header(header.0, header.1);
        let answer = request.send_form([("phone", "9810012345")]).expect("an answer");
        assert_eq!(answer.status().as_u16(), 403, "{header:?}");
    }
}
