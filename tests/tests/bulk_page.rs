//! The page for many, in Chromium: archives, pictures and lists are read and judged on the device, as the
//! command line judges them; nothing leaves it but what the reader asks to be signed.

use mohar_tests::browser::Browser;
use mohar_tests::recorder::Recorder;
use mohar_tests::{Service, checkout, mohar, sample};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

struct Lot {
    service: Service,
    net: Recorder,
    browser: Browser,
    /// Codes by the name of their sample.
    codes: BTreeMap<&'static str, String>,
}

impl Lot {
    fn new(name: &str) -> Self {
        let service = Service::start(name);
        let net = Recorder::start(&service.base_url);
        let issue = |kind| service.issue(&sample(kind), kind)["qr"].as_str().expect("qr").to_owned();
        let codes = ["caste-sc", "income", "marriage-hindu"].map(|kind| (kind, issue(kind))).into();
        let mut browser = Browser::start(name);
        let downloads = json!({ "behavior": "allow", "downloadPath": service.dir.join("downloads") });
        browser.call("Browser.setDownloadBehavior", &downloads);
        let mut lot = Self { service, net, browser, codes };
        lot.open();
        lot
    }

    fn open(&mut self) {
        self.browser.open(&format!("{}/bulk", self.net.base_url));
        self.browser.wait("document.querySelectorAll('#purpose option').length > 1");
    }

    fn at(&self, name: &str) -> PathBuf {
        self.service.dir.join(name)
    }

    /// The printed certificate of a sample.
    fn pdf(&self, kind: &str) -> Vec<u8> {
        let certificate = self.service.issue(&sample(kind), kind);
        let id = certificate["id"].as_str().expect("an id");
        self.service.get_as_caller(&format!("/v1/certificates/{id}/pdf"))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.at(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// Chooses files and waits until they are checked.
    fn check(&mut self, path: &Path) {
        self.browser.choose("#files", path);
        self.browser.wait(
            "document.documentElement.dataset.view === 'results' && !document.getElementById('done').hidden",
        );
    }

    fn click(&mut self, selector: &str) {
        self.browser.eval(&format!("document.querySelector({selector:?}).click()"));
    }

    /// Names and results of the rows that are shown.
    fn shown(&mut self) -> Vec<(String, String)> {
        let rows = "[...document.querySelectorAll('#rows tr')].map((r) => [r.cells[0].innerText, r.querySelector('.result').innerText])";
        serde_json::from_value(self.browser.eval(rows)).expect("rows")
    }

    fn text(&mut self, id: &str) -> String {
        let text = self.browser.eval(&format!("document.getElementById({id:?}).innerText"));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks, and gives what was downloaded.
    fn downloaded(&mut self, selector: &str, name: &str) -> Vec<u8> {
        let path = self.at("downloads").join(name);
        let _ = std::fs::remove_file(&path);
        self.click(selector);
        for _ in 0..300 {
            if let Ok(bytes) = std::fs::read(&path) {
                return bytes;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("{name} was not downloaded");
    }

    /// No twelve digits in a row of a code, in any request, header or body.
    fn assert_nothing_left(&self) {
        let sent = self.net.sent();
        assert!(!sent.contains("POST"), "something was posted");
        for digits in self.codes.values().filter_map(|code| code.split_once('#')).map(|(_, digits)| digits) {
            for part in digits.as_bytes().windows(12) {
                let part = std::str::from_utf8(part).expect("digits");
                assert!(!sent.contains(part), "{part} left the browser");
            }
        }
    }
}

fn archive(entries: &[(&str, Vec<u8>, CompressionMethod)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    zip.add_directory("papers", SimpleFileOptions::default()).expect("a folder");
    for (name, bytes, method) in entries {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(*method)).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("packed").into_inner()
}

/// The same PDF with another code in its link.
fn altered(pdf: &[u8], code: &str) -> Vec<u8> {
    let digits = code.split_once('#').expect("a fragment").1.as_bytes();
    let at = pdf.windows(digits.len()).position(|w| w == digits).expect("the link") + digits.len() - 30;
    let mut other = pdf.to_vec();
    other[at] = if other[at] == b'1' { b'2' } else { b'1' };
    other
}

/// A picture of the code of a payment, as a PNG.
fn foreign() -> Vec<u8> {
    let code = qrcode::QrCode::new("upi://pay?pa=somebody@bank").expect("it fits");
    let (side, colors) = (code.width(), code.to_colors());
    let pixels = u32::try_from((side + 8) * 6).expect("small");
    let picture = image::GrayImage::from_fn(pixels, pixels, |x, y| {
        let module = |at: u32| (at as usize / 6).checked_sub(4).filter(|m| *m < side);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| colors[y * side + x] == qrcode::Color::Dark);
        image::Luma([if dark { 0 } else { 255 }])
    });
    let mut png = Cursor::new(vec![]);
    picture.write_to(&mut png, image::ImageFormat::Png).expect("written");
    png.into_inner()
}

#[test]
fn an_archive_is_judged_on_the_device() {
    use CompressionMethod::{Deflated, Stored};
    let mut lot = Lot::new("bulk-page");
    let (caste, income) = (lot.pdf("caste-sc"), lot.pdf("income"));
    let entries = [
        ("papers/a.pdf", caste.clone(), Deflated),
        ("papers/b.pdf", income.clone(), Stored),
        ("papers/c.pdf", altered(&income, &lot.codes["income"]), Deflated),
        ("papers/d.png", foreign(), Deflated),
        ("papers/e.pdf", caste[..2_000].to_vec(), Deflated),
        ("papers/f.txt", lot.codes["marriage-hindu"].clone().into_bytes(), Deflated),
        ("papers/g.bin", vec![0; 21 << 20], Deflated),
        ("__MACOSX/papers/._a.pdf", vec![1; 10], Stored),
    ];
    let zip = lot.write("lot.zip", &archive(&entries));
    lot.check(&zip);
    let expected = [
        ("a.pdf", "Genuine"),
        ("b.pdf", "Genuine"),
        ("c.pdf", "Altered"),
        ("d.png", "Not a certificate"),
        ("e.pdf", "Not read"),
        ("f.txt", "Genuine"),
        ("g.bin", "Not read"),
    ];
    let expected: Vec<_> =
        expected.map(|(name, result)| (format!("lot.zip/papers/{name}"), result.to_owned())).into();
    assert_eq!(lot.shown(), expected);
    assert_eq!(lot.text("said"), "7 checked: 3 genuine, 1 not accepted, 3 not decided.");
    lot.click("input[value=refused]");
    assert_eq!(lot.shown(), expected[2..3]);
    lot.click("input[value=genuine]");
    assert_eq!(lot.shown().len(), 3);
    lot.click("#toggle");
    let hindi = lot.text("rows");
    assert!(hindi.contains("असली") && hindi.contains("रवि कुमार"), "{hindi}");
    lot.click("#toggle");
    lot.assert_nothing_left();

    // What is asked to be signed is sent, and only that.
    let report = lot.downloaded("#signed", "report.pdf");
    let sent = lot.net.sent();
    assert!(sent.contains("POST /v1/verify/batch") && !sent.contains("%PDF"), "codes, no files");
    let report = lot.write("signed.pdf", &report);
    lot.click("#another");
    lot.check(&report);
    let title = "Report, unaltered".to_owned();
    assert_eq!(lot.shown(), [("signed.pdf".to_owned(), title)]);
    assert!(lot.text("rows").contains("5 rows, of which 3 genuine, 1 not accepted, 1 not decided"));
    let mut changed = std::fs::read(&report).expect("read");
    changed[100] ^= 1;
    let changed = lot.write("changed.pdf", &changed);
    lot.click("#another");
    lot.check(&changed);
    assert_eq!(lot.shown()[0].1, "Report, altered");

    // What is no archive, and an archive cut short.
    for bytes in [b"PK\x03\x04 and no archive".to_vec(), std::fs::read(&zip).expect("read")[..9_000].to_vec()]
    {
        let path = lot.write("spoilt.zip", &bytes);
        lot.click("#another");
        lot.browser.choose("#files", &path);
        lot.browser
            .wait("document.getElementById('problem').textContent.includes('spoilt.zip cannot be opened')");
        lot.browser.wait("document.documentElement.dataset.view === 'home'");
    }
}

#[test]
fn a_list_is_judged_as_the_command_line_judges_it() {
    let mut lot = Lot::new("bulk-page-list");
    let revoked = lot.service.issue(&sample("income"), "other");
    let path = format!("/v1/certificates/{}/status", revoked["id"].as_str().expect("an id"));
    lot.service.post(&path, None, br#"{"status":"revoked","reason":"fraud"}"#).expect("an answer");
    let purposes: Value = serde_json::from_slice(&lot.service.get("/v1/purposes").1).expect("JSON");
    let purposes = purposes.as_array().expect("purposes").iter().map(|p| p["id"].as_str().expect("an id"));
    let mut text = "\u{feff}id,code,purpose\r\n".to_owned();
    let others = [revoked["qr"].as_str().expect("qr").to_owned(), "upi://pay".to_owned()];
    let codes: Vec<String> = lot.codes.values().cloned().chain(others).collect();
    for purpose in purposes.chain(["", "nothing"]) {
        for (n, code) in codes.iter().enumerate() {
            text += &format!("\"=row, {purpose} \"\"{n}\"\"\",{code},{purpose}\r\n");
        }
    }
    let list = lot.write("list.csv", text.as_bytes());
    lot.check(&list);
    let csv = lot.downloaded("#csv", "report.csv");
    let csv = csv.strip_prefix("\u{feff}".as_bytes()).expect("the mark by which spreadsheets know Hindi");
    let rows = |bytes: &[u8]| -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_reader(bytes).deserialize().collect::<Result<_, _>>().expect("rows")
    };
    let keys = lot.at("keys");
    let [trust, root] = ["trust-list.cbor", "root.pub"].map(|name| keys.join(name).display().to_string());
    let status = format!("{}/v1/status-lists/0", lot.service.base_url);
    let list = list.display().to_string();
    let done = mohar(&["verify", "--trust", &trust, "--root", &root, "--status", &status, &list]);
    let (page, command) = (rows(csv), rows(&done.stdout));
    let all = text.lines().count() - 1;
    assert_eq!((page.len(), command.len()), (all, all));
    for (on_page, in_shell) in page.iter().zip(&command) {
        // The sentences tell the time of the status, which is not the same moment.
        let kept = |row: &BTreeMap<String, String>| {
            let mut row = row.clone();
            if row["purpose"].is_empty() && row["verdict"] != "unread" {
                row.retain(|column, _| !column.starts_with("message"));
            }
            row
        };
        assert_eq!(kept(on_page), kept(in_shell));
    }
    lot.assert_nothing_left();

    // The reader's own purpose is asked about where a row has none.
    lot.click("#another");
    lot.browser.eval("document.getElementById('purpose').value = 'loan'");
    let plain = lot.write("plain.csv", format!("{}\n", lot.codes["marriage-hindu"]).as_bytes());
    lot.check(&plain);
    assert_eq!(lot.shown(), [("plain.csv: 1".to_owned(), "Not for this purpose".to_owned())]);
}

#[test]
fn it_can_be_stopped_and_nothing_is_lost() {
    let mut lot = Lot::new("bulk-page-stop");
    let many = format!("{}\n", lot.codes["income"]).repeat(9_000);
    let list = lot.write("many.csv", many.as_bytes());
    lot.browser.choose("#files", &list);
    lot.browser.wait("document.getElementById('bar').value > 0");
    lot.click("#cancel");
    lot.browser.wait("!document.getElementById('done').hidden");
    assert_eq!(lot.text("title"), "Stopped");
    let counted = lot.browser.eval("document.querySelectorAll('#filter b')[0].textContent");
    let done: usize = counted.as_str().and_then(|n| n.parse().ok()).expect("a count");
    assert!(done > 0 && done < 9_000, "{done}");
    let said = lot.text("said");
    assert!(said.contains(&format!("{} were not checked", 9_000 - done)), "{said}");
    assert_eq!(lot.shown().len(), done.min(200), "the first of them");
    let csv = lot.downloaded("#csv", "report.csv");
    assert_eq!(csv.iter().filter(|b| **b == b'\n').count(), done + 1);
    let too_many = lot.write("more.csv", many.repeat(2).as_bytes());
    lot.click("#another");
    lot.browser.choose("#files", &too_many);
    lot.browser.wait("document.getElementById('problem').textContent.includes('more than 10,000')");
}

/// Width in the page's pixels, how many of the screen make one, and whether it is dark.
const SCREENS: [(u32, f64, bool, &str); 4] = [
    (320, 2.0, false, "phone"),
    (320, 2.0, true, "phone-dark"),
    (1_280, 1.0, false, "desk"),
    (640, 2.0, false, "zoom"),
];

#[test]
fn the_page_is_accessible_in_both_languages() {
    let mut lot = Lot::new("bulk-page-views");
    let pictures = std::env::var_os("MOHAR_PICTURES").map(PathBuf::from);
    let axe = checkout().join("target/node/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core; tests/run installs it");
    let judge = |lot: &mut Lot, name: &str| {
        lot.browser.eval(&axe);
        for (width, scale, dark, screen) in SCREENS {
            let scheme = if dark { "dark" } else { "light" };
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
            lot.browser.call("Emulation.setEmulatedMedia", &media);
            lot.browser.resize(width, 800, scale);
            for language in ["en", "hi"] {
                if lot.browser.eval("document.documentElement.lang") != language {
                    lot.click("#toggle");
                }
                let at = format!("bulk-{name}-{language}-{screen}");
                let wide = lot.browser.eval("document.documentElement.scrollWidth - innerWidth");
                assert!(wide.as_i64().is_some_and(|w| w <= 0), "{at}: {wide} pixels too wide");
                let small = "[...document.querySelectorAll('button, input, select, summary')].filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML)";
                assert_eq!(lot.browser.eval(small), json!([]), "{at}: too small for a thumb");
                lot.browser.eval("window.judged = null; axe.run().then((r) => window.judged = JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))");
                assert_eq!(lot.browser.wait("window.judged"), "[]", "{at}");
                if let Some(folder) = &pictures {
                    lot.browser.picture(&folder.join(format!("{at}.png")));
                }
            }
        }
    };
    judge(&mut lot, "home");
    lot.browser.eval("document.querySelector('details').open = true");
    judge(&mut lot, "help");
    let income = lot.pdf("income");
    let entries = [
        (
            "papers of the first lot/roll-0017 Sunita Devi income.pdf",
            income.clone(),
            CompressionMethod::Stored,
        ),
        ("roll-0018.pdf", altered(&income, &lot.codes["income"]), CompressionMethod::Stored),
        ("roll-0019.png", foreign(), CompressionMethod::Stored),
        ("roll-0020.pdf", lot.pdf("marriage-hindu"), CompressionMethod::Stored),
        ("roll-0021.pdf", b"%PDF-1.7\n".to_vec(), CompressionMethod::Stored),
    ];
    let zip = lot.write("lot.zip", &archive(&entries));
    lot.browser.eval("document.getElementById('purpose').value = 'scholarship-2026-27'");
    lot.check(&zip);
    judge(&mut lot, "results");
}
