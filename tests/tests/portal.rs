//! The portal in a real browser.

use mohar_tests::browser::Browser;
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, checkout, sample};
use serde_json::{Value, json};

fn digits(qr: &str) -> &str {
    qr.split_once('#').map(|(_, d)| d).expect("a fragment")
}

/// The digits of a new certificate, and the certificate as the API shows it.
fn issued(service: &Service, name: &str) -> (String, Value) {
    let certificate = service.issue(&sample(name), name);
    (digits(certificate["qr"].as_str().expect("qr")).to_owned(), certificate)
}

fn altered(digits: &str) -> String {
    let (head, tail) = digits.split_at(digits.len() - 40);
    let other = if tail.starts_with('1') { '2' } else { '1' };
    format!("{head}{other}{}", &tail[1..])
}

fn text(browser: &mut Browser) -> String {
    browser.eval("document.querySelector('main').innerText").as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_scanned_link_is_judged_in_the_browser_and_nothing_of_it_is_sent() {
    let service = Service::start("portal");
    let net = Recorder::start(&service.base_url);
    let (digits, certificate) = issued(&service, "caste-sc");
    let mut browser = Browser::start("portal");
    let link = format!("{}/#{digits}", net.base_url);

    browser.open(&link);
    assert_eq!(browser.verdict(), "genuine");
    assert_eq!(browser.eval("location.href"), json!(format!("{}/", net.base_url)));
    assert_eq!(browser.eval("history.length <= 3"), true);
    let english = text(&mut browser);
    for wanted in
        ["Genuine", "Ravi Kumar", "रवि कुमार", certificate["number"].as_str().expect("number"), "15-08-2001"]
    {
        assert!(english.contains(wanted), "{wanted} is not in {english}");
    }
    browser.eval("document.getElementById('toggle').click()");
    let hindi = text(&mut browser);
    assert!(hindi.contains("असली") && hindi.contains("रवि कुमार") && hindi.contains("धारक का नाम"), "{hindi}");
    assert_eq!(browser.eval("document.documentElement.lang"), "hi");
    browser.eval("document.getElementById('toggle').click()");

    browser.open(&format!("{}/#{}", net.base_url, altered(&digits)));
    assert_eq!(browser.verdict(), "altered");
    assert!(!text(&mut browser).contains("Ravi"), "an altered code shows no fields");

    let path = format!("/v1/certificates/{}/status", certificate["id"].as_str().expect("id"));
    let revoke = json!({"status": "revoked", "reason": "fraud"}).to_string();
    let status = service.post(&path, None, revoke.as_bytes()).expect("an answer");
    assert_eq!(status.0, 200, "{}", status.1);
    browser.open(&link);
    assert_eq!(browser.verdict(), "revoked");

    // No twelve digits of the fragment in a row, in any request, header or body.
    let sent = net.sent();
    let first = |what: &str| sent.find(what).unwrap_or_else(|| panic!("no {what}"));
    // What the answer needs comes before what works offline later.
    assert!(first("GET /v1/status-lists/0") < first("GET /sw.js"));
    assert!(!sent.contains("GET /favicon.ico") && !sent.contains("GET /package/"), "one page has it all");
    for part in digits.as_bytes().windows(12) {
        let part = std::str::from_utf8(part).expect("digits");
        assert!(!sent.contains(part), "{part} left the browser");
    }
    let elsewhere = browser.events.iter().filter_map(|e| e["params"]["request"]["url"].as_str());
    let elsewhere: Vec<_> = elsewhere.filter(|u| !u.starts_with(&net.base_url)).collect();
    assert!(elsewhere.is_empty(), "requests to others: {elsewhere:?}");
}

#[test]
fn offline_after_a_first_visit_the_answer_is_honest() {
    let service = Service::start("offline");
    let net = Recorder::start(&service.base_url);
    let (first, _) = issued(&service, "income");
    let mut browser = Browser::start("offline");
    browser.open(&format!("{}/#{first}", net.base_url));
    assert_eq!(browser.verdict(), "genuine");
    browser.wait(
        "navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)",
    );
    browser.wait("caches.match('/js/later.js').then(Boolean)");
    // The snapshot comes after the first verdict.
    browser.wait("localStorage.getItem('mohar-lists-2/status')");
    let (second, _) = issued(&service, "marriage-hindu");
    net.cut();

    // The list it keeps is fresh for a day and says so.
    browser.open(&format!("{}/#{first}", net.base_url));
    assert_eq!(browser.verdict(), "genuine");
    assert!(text(&mut browser).contains("Status as of"));
    // Issued after that list was signed: nothing is known of its status.
    browser.open(&format!("{}/#{second}", net.base_url));
    assert_eq!(browser.verdict(), "status-unknown");
    browser.open(&format!("{}/#{}", net.base_url, altered(&first)));
    assert_eq!(browser.verdict(), "altered");
    // Two days later the list it keeps is stale.
    let later = "(() => { const now = Date.now; Date.now = () => now() + 2 * 86400000; })()";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": later }));
    browser.open(&format!("{}/#{first}", net.base_url));
    assert_eq!(browser.verdict(), "status-stale");
}

#[test]
fn what_the_home_links_is_served() {
    let service = Service::start("links");
    let mut browser = Browser::start("links");
    browser.open(&service.base_url);
    browser.wait("document.documentElement.dataset.view === 'home'");
    let links = browser.eval("[...document.querySelectorAll('main a')].map((a) => a.pathname + a.search)");
    let links: Vec<_> = links.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(links.contains(&"/number?lang=en"), "{links:?}");
    for link in links {
        assert_eq!(service.get(link).0, 200, "{link}");
    }
}

#[test]
fn an_answer_is_not_called_changed_where_the_statuses_of_all_do_not_come() {
    let service = Service::start("no-snapshot");
    let (digits, _) = issued(&service, "income");
    let mut browser = Browser::start("no-snapshot");
    browser.call("Network.setBlockedURLs", &json!({ "urls": ["*/v1/status-snapshot"] }));
    // Once the answer has been looked at again, the page is drawn again.
    let count = "window.drawn = 0; addEventListener('DOMContentLoaded', () => new MutationObserver(() => drawn++).observe(document.getElementById('lines'), { childList: true }));";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": count }));
    browser.open(&format!("{}/#{digits}", service.base_url));
    assert_eq!(browser.verdict(), "genuine");
    browser.wait("drawn >= 2");
    assert_eq!(browser.verdict(), "genuine");
    assert_eq!(browser.eval("document.getElementById('changed').textContent"), "");
}

#[test]
fn offline_on_a_first_visit_says_nothing_about_the_certificate() {
    let service = Service::start("first");
    let mut browser = Browser::start("first");
    let (digits, _) = issued(&service, "income");
    let block = json!({ "urls": ["*/v1/*", "*/schemas.json"] });
    browser.call("Network.setBlockedURLs", &block);
    browser.open(&format!("{}/#{digits}", service.base_url));
    browser.wait("document.documentElement.dataset.view === 'first'");
    assert!(text(&mut browser).contains("This says nothing about the certificate"));
}

#[test]
fn without_ed25519_it_says_so_and_asks_before_it_sends() {
    let service = Service::start("lacks");
    let net = Recorder::start(&service.base_url);
    let mut browser = Browser::start("lacks");
    let lacks = "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))";
    browser.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": lacks }));
    let (digits, _) = issued(&service, "income");
    browser.open(&format!("{}/#{digits}", net.base_url));
    browser.wait("document.documentElement.dataset.view === 'cannot'");
    assert!(!net.sent().contains(&digits));
    browser.eval("document.getElementById('server').click()");
    assert_eq!(browser.verdict(), "genuine");
    assert!(net.sent().contains(&digits));
}

#[test]
fn the_browser_agrees_with_every_vector() {
    let service = Service::start("agree");
    let mut browser = Browser::start("agree");
    browser.open(&format!("{}/", service.base_url));
    browser.wait("document.documentElement.dataset.view === 'home'");
    let path = checkout().join("schemas/vectors/vectors.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).expect("vectors")).expect("JSON");
    let (_, compare) = include_str!("../js/vectors.mjs").split_once("export default ").expect("a function");
    let compare = compare.trim_end().trim_end_matches(';');
    let script = format!(
        "(async () => ({compare})(await import('/package/index.js'), await (await fetch('/schemas.json')).json(), {vectors}))()"
    );
    assert_eq!(browser.eval(&script), json!([]));
}
