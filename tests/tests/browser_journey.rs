//! In Chromium, from the first page to the certificate: apply, pay, inspect, send back, mend, recommend,
//! approve by a second officer, download, verify. One officer doing both is refused.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_schemas::service::Service;
use mohar_tests::Service as Running;
use mohar_tests::browser::Browser;
use mohar_tests::journey::{PNG, citizen, form, officer, officer_as};
use mohar_tests::visitor::Visitor;
use serde_json::json;
use std::collections::BTreeMap;
use std::process::Command;

const SERVICES: [&str; 6] =
    ["caste-sc", "income", "marriage-hindu", "domicile", "birth-certificate", "driving-licence"];

/// Enters values into the fields of these names; gives how many fields were there.
const FILL: &str = "(pairs => pairs.reduce((n, [name, value]) => n + [...document.getElementsByName(name)].map(e => { \
    if (['radio', 'checkbox'].includes(e.type)) e.checked = e.value === value; else e.value = value; }).length, 0))";
/// Puts a picture into the file field of a kind of document, as a phone's camera does.
const ATTACH: &str = "((kind, photo) => { const form = document.querySelector(`form[action$=\"/files/${kind}\"]`); if (!form) return false; \
    const files = new DataTransfer(); files.items.add(new File([new Uint8Array(photo)], 'photo.png')); \
    form.querySelector('input[type=file]').files = files.files; setTimeout(() => form.querySelector('button').click()); return true; })";

struct Walk<'a> {
    browser: Browser,
    running: &'a Running,
    officers: BTreeMap<String, Visitor>,
}

impl Walk<'_> {
    fn open(&mut self, path: &str) {
        self.browser.open(&format!(
            "{}{path}{}lang=en",
            self.running.base_url,
            if path.contains('?') { '&' } else { '?' }
        ));
        self.browser.wait("document.readyState === 'complete' && document.querySelector('main')");
    }

    fn fill(&mut self, pairs: &[(String, String)]) -> u64 {
        self.browser.eval(&format!("{FILL}({})", json!(pairs))).as_u64().expect("a count")
    }

    /// Clicks, and waits for a page that says something.
    fn click(&mut self, button: &str, expected: &str) {
        self.browser.eval("window.before = true");
        self.browser
            .eval(&format!("setTimeout(() => document.querySelector({}).click()) && 0", json!(button)));
        self.browser.wait(&format!(
            "!window.before && document.readyState === 'complete' && document.body.innerText.includes({})",
            json!(expected)
        ));
    }

    fn enter(&mut self, visitor: &Visitor) {
        for (name, value) in visitor.jar() {
            let cookie = json!({ "name": name, "value": value, "url": self.running.base_url });
            self.browser.call("Network.setCookie", &cookie);
        }
    }

    /// From here on, the officer of this name is signed in.
    fn officer(&mut self, name: &str) {
        if !self.officers.contains_key(name) {
            let visitor = if name == "both" {
                officer_as(self.running, name, "sdm")
            } else {
                officer(self.running, name)
            };
            self.officers.insert(name.to_owned(), visitor);
        }
        let cookies = self.officers[name].jar();
        for (name, value) in cookies {
            let cookie = json!({ "name": name, "value": value, "url": self.running.base_url });
            self.browser.call("Network.setCookie", &cookie);
        }
    }

    fn apply(&mut self, service: &Service) -> String {
        self.open(&format!("/apply/s/{}", service.id));
        self.click("main button.main", "Draft");
        let number =
            self.browser.eval("location.pathname.split('/').pop()").as_str().expect("a number").to_owned();
        // Some questions open only when others are answered.
        let answers = form(service, By::Citizen);
        self.fill(&answers);
        self.click("button[value=save]", "Documents");
        self.fill(&answers);
        self.click("button[value=save]", "Saved.");
        for document in &service.documents {
            self.browser.eval("window.before = true");
            if self.browser.eval(&format!("{ATTACH}({}, {})", json!(document.kind), json!(PNG))) == true {
                self.browser.wait("!window.before && document.readyState === 'complete'");
            }
        }
        self.submit(if service.fee.rupees > 0 { "The fee is due" } else { "With the office" });
        if service.fee.rupees > 0 {
            self.click("form[action$=\"/pay\"] button", "No money moves here");
            self.click("main button.main", "With the office");
        }
        number
    }

    fn submit(&mut self, expected: &str) {
        self.browser.eval("document.querySelector('[name=consent]').checked = true");
        self.click("button[value=submit]", expected);
    }

    /// The first officer sends it back; the citizen mends it and hands it in again.
    fn sent_back(&mut self, service: &Service, number: &str, role: &str) {
        self.officer(role);
        self.open(&format!("/console/a/{number}"));
        self.browser.eval("document.querySelector('[name=note]').value = 'Please look at this again'");
        self.browser.eval("document.querySelector('[name=mend]').checked = true");
        self.click("button[value=send-back]", "Inbox");
        self.open(&format!("/apply/a/{number}"));
        let marked = self.browser.eval("document.body.innerText.includes('Please look at this again')");
        assert_eq!(marked, true, "{}", service.id);
        self.fill(&form(service, By::Citizen));
        self.click("button[value=save]", "Saved.");
        self.submit("With the office");
    }

    /// One step of the workflow by an officer; gives the move that was made.
    fn step(&mut self, service: &Service, number: &str, name: &str, expected: &str) -> String {
        self.officer(name);
        self.open(&format!("/console/a/{number}"));
        self.fill(&form(service, By::Officer));
        let act = self.browser.eval("document.querySelector('button[value^=\"move:\"]').value");
        self.click("button[value^=\"move:\"]", expected);
        act.as_str().expect("a move").to_owned()
    }
}

#[test]
fn six_services_from_the_first_page_to_a_certificate_that_verifies() {
    let running = Running::start("walk");
    let sql = "INSERT INTO officers SELECT 'both', 'Both', (SELECT '[' || group_concat(substr(posts, 2, length(posts) - 2)) || ']' FROM officers), password, totp FROM officers WHERE id = 'sdm'";
    let done = Command::new("sqlite3").arg(running.dir.join("mohar.db")).arg(sql).status();
    assert!(done.expect("sqlite3; tests/run installs it").success());
    let visitor = citizen(&running);
    let mut walk = Walk { browser: Browser::start("walk"), running: &running, officers: BTreeMap::new() };
    walk.enter(&visitor);
    for id in SERVICES {
        let service = published().service(id).expect("a service");
        let workflow = published().workflow(service).expect("a workflow");
        let number = walk.apply(service);
        let first = workflow.states.first().expect("a state");
        walk.sent_back(service, &number, &first.role);
        let mut step = first;
        loop {
            let recommends = step.actions.iter().any(|a| a.id == mohar_schemas::workflow::Move::Recommend);
            let name = if recommends { "both" } else { step.role.as_str() };
            let approves = step.actions.iter().any(|a| a.to.is_none());
            if approves {
                walk.step(service, &number, "both", "another officer approves it");
            }
            let act = walk.step(service, &number, name, "Inbox");
            match act.strip_prefix("move:") {
                Some("") | None => break,
                Some(to) => step = workflow.step(to).expect("the next state"),
            }
        }
        walk.open(&format!("/apply/a/{number}"));
        let href = walk.browser.eval("document.querySelector('a.button.main').getAttribute('href')");
        let (status, pdf) = visitor.open(href.as_str().expect("a link"));
        assert_eq!(status, 200, "{id}");
        let (_, report) = running.post("/v1/verify", None, &pdf).expect("an answer");
        assert_eq!(report["verdict"], "genuine", "{id}: {report}");
    }
}
