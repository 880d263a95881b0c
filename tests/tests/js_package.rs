//! The JavaScript package in `web/package`: its types hold, it keeps and takes what it should, it agrees with
//! the Rust verifier on made-up certificates under Node, and its element works on other people's pages. That
//! it agrees on every vector in a browser, too, is in `portal.rs`.
//!
//! `MOHAR_CASES=100000` judges as many cases; without it there are 5,000.

use mohar_tests::browser::Browser;
use mohar_tests::{Service, cases, checkout, sample};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

fn node(arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.args(arguments).current_dir(checkout());
    command
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().expect("it starts; tests/run installs it");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn it_agrees_on_made_up_certificates() {
    let service = Service::start("js-agrees");
    let schemas = service.dir.join("schemas.json");
    std::fs::write(&schemas, service.get("/schemas.json").1).expect("written");
    let count = std::env::var("MOHAR_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(5_000);
    let mut node = node(&["tests/js/agree.mjs", schemas.to_str().expect("UTF-8")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node; tests/run installs npm");
    let mut lines = std::io::BufWriter::new(node.stdin.take().expect("its input"));
    let writer = std::thread::spawn(move || cases::write(count, 1, &mut lines).expect("written"));
    let output = node.wait_with_output().expect("it ends");
    writer.join().expect("it wrote all");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.ends_with(&format!("{count} cases, 0 disagreements\n")),
        "{said}"
    );
}

#[test]
fn it_never_goes_back_and_keeps_what_it_needs() {
    succeeds(&mut node(&["tests/js/evidence.mjs", "schemas/vectors/vectors.json"]));
}

#[test]
fn its_types_hold_and_name_every_export() {
    let compiler = "target/node/node_modules/typescript/bin/tsc";
    let library = ["--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable"];
    succeeds(node(&[compiler, "--noEmit", "--strict"]).args(library).arg("tests/js/types.ts"));
    let names = "import('./web/package/index.js').then((m) => console.log(Object.keys(m).join(' ')))";
    let exported = succeeds(&mut node(&["-e", names]));
    let types = std::fs::read_to_string(checkout().join("web/package/index.d.ts")).expect("the types");
    let typed = types.lines().filter_map(|line| {
        let rest = line.strip_prefix("export function ").or_else(|| line.strip_prefix("export class "))?;
        rest.split(['(', '<', ' ']).next()
    });
    assert_eq!(typed.collect::<BTreeSet<_>>(), exported.split_whitespace().collect::<BTreeSet<_>>());
    let own = std::fs::read_to_string(checkout().join("web/package/package.json")).expect("package.json");
    let own: Value = serde_json::from_str(&own).expect("JSON");
    assert!(own["dependencies"].is_null(), "it depends on nothing");
}

#[test]
fn the_decoder_is_the_one_that_the_lock_file_names() {
    succeeds(Command::new("web/portal/decoder/vendor.sh").arg("--check").current_dir(checkout()));
}

/// Another site: one page, on an address of its own.
fn another_site(page: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let request = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|l| !l.is_empty());
            drop(request.collect::<Vec<_>>());
            let head =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n";
            // A browser that has gone does not want it any more.
            let _ = stream.write_all(format!("{head}{page}").as_bytes());
        }
    });
    address
}

fn shadow(browser: &mut Browser, id: &str) -> String {
    let text = format!("document.getElementById('{id}')?.shadowRoot?.textContent ?? ''");
    browser.eval(&text).as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_element_checks_on_another_site_in_both_languages() {
    let service = Service::start("element");
    let certificate = service.issue(&sample("caste-sc"), "a");
    let qr = certificate["qr"].as_str().expect("qr");
    let altered = format!("{}7", &qr[..qr.len() - 1]);
    let origin = &service.base_url;
    let page = format!(
        "<!doctype html><meta charset=utf-8><script type=module src='{origin}/package/element.js'></script>
        <script>var codes = []; document.addEventListener('verdict', (e) => codes.push(e.detail.code));</script>
        <mohar-verify id=en text='{qr}'></mohar-verify>
        <mohar-verify id=hi lang=hi service='{origin}' text='{qr}'></mohar-verify>
        <mohar-verify id=bad lang=hi text='{altered}'></mohar-verify>
        <mohar-verify id=pinned root='{}' text='{qr}'></mohar-verify>",
        "ab".repeat(32)
    );
    let mut browser = Browser::start("element");
    browser.open(&another_site(page));
    browser.wait("codes.length === 3");
    let (en, hi, bad) = (shadow(&mut browser, "en"), shadow(&mut browser, "hi"), shadow(&mut browser, "bad"));
    assert!(en.contains("Genuine") && en.contains("Ravi Kumar") && en.contains("today"), "{en}");
    assert!(hi.contains("असली") && hi.contains("रवि कुमार"), "{hi}");
    assert!(!bad.contains("असली") && !bad.contains("रवि"), "{bad}");
    browser.wait("document.getElementById('pinned').shadowRoot.textContent.includes('This says nothing')");
}

#[test]
fn the_element_asks_where_it_is_given_nothing() {
    let service = Service::start("element-form");
    let certificate = service.issue(&sample("income"), "a");
    let mut browser = Browser::start("element-form");
    browser.open(&format!("{}/package/example.html", service.base_url));
    browser.wait("document.getElementById('hi')?.shadowRoot?.querySelector('form')");
    let fill = format!(
        "(() => {{ const root = document.getElementById('hi').shadowRoot; root.querySelector('textarea').value = {}; root.querySelector('button').click(); }})()",
        json!(certificate["qr"])
    );
    browser.eval(&fill);
    browser.wait("document.getElementById('event').textContent.startsWith('genuine INC-')");
    assert!(shadow(&mut browser, "hi").contains("सुनीता देवी"));
    let axe = std::fs::read_to_string(checkout().join("target/node/node_modules/axe-core/axe.min.js"));
    browser.eval(&axe.expect("axe-core; tests/run installs it"));
    browser.eval("window.judged = null; axe.run().then((r) => window.judged = JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))");
    assert_eq!(browser.wait("window.judged"), "[]");
}
