//! The defects of other people's systems, each as a test that ours has not: T1 to T20 of the survey.
//!
//! T18 does not apply: we sign no PDF with a certificate authority's key, the code on it is the signature.
//! T20 does not apply: nothing is pushed to DigiLocker, so no request of theirs has a code to check.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, GrayImage, Luma};
use mohar_keys::file::{hex, unhex};
use mohar_schemas::cbor::Item;
use mohar_schemas::status::{Packed, Status, StatusList};
use mohar_schemas::{digits, qr};
use mohar_tests::{Service, checkout, mohar, sample};
use mohar_verifier::{Code, Evidence, Trust, open_status_list, open_trust_list, verify_text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

/// The verdict in an answer; empty where there is none.
fn verdict(answer: &Value) -> &str {
    answer["verdict"].as_str().unwrap_or_default()
}

fn change(service: &Service, certificate: &Value, status: &str, by: Option<&Value>) {
    let path = format!("/v1/certificates/{}/status", certificate["id"].as_str().unwrap());
    let mut body = json!({ "status": status, "reason": "issued-in-error" });
    if let Some(by) = by {
        body["superseded_by"] = by["number"].clone();
    }
    let (code, answer) = service.post(&path, None, body.to_string().as_bytes()).unwrap();
    assert_eq!(code, 200, "{answer}");
}

fn trust(service: &Service) -> Trust {
    let root: Value = serde_json::from_slice(&service.get("/v1/root").1).unwrap();
    let root = unhex(root["root"].as_str().unwrap()).unwrap().try_into().unwrap();
    open_trust_list(&service.get("/v1/trust-list").1, &root).unwrap()
}

/// The code alone, as a small picture: `scale` pixels a module, with its quiet zone.
fn picture(text: &str, scale: u32) -> Vec<u8> {
    let symbol = qr::symbol(text).unwrap();
    let side = u32::try_from(symbol.modules.len()).unwrap() + 8;
    let dark = |x: u32, y: u32| {
        let at = |v: u32| (v / scale).checked_sub(4).map(|v| v as usize);
        at(y).zip(at(x)).and_then(|(y, x)| symbol.modules.get(y)?.get(x).copied()).unwrap_or(false)
    };
    let image =
        GrayImage::from_fn(side * scale, side * scale, |x, y| Luma([if dark(x, y) { 0 } else { 255 }]));
    let mut bytes = vec![];
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::NoFilter);
    DynamicImage::ImageLuma8(image).write_with_encoder(encoder).unwrap();
    bytes
}

/// Every way of checking that the service describes. Who adds one, adds it to [`answers`], too.
#[test]
fn t2_every_verify_route_is_known_here() {
    let description: Value =
        serde_json::from_slice(&std::fs::read(checkout().join("web/openapi.json")).unwrap()).unwrap();
    let paths = description["paths"].as_object().unwrap().keys();
    let routes: Vec<_> = paths.filter(|path| path.contains("verify")).collect();
    assert_eq!(routes, ["/v1/verify", "/v1/verify/batch", "/v1/verify/number"]);
}

/// What each way of checking says of a certificate.
fn answers(service: &Service, certificate: &Value) -> Vec<(&'static str, String)> {
    let qr = certificate["qr"].as_str().unwrap();
    let code = qr.split_once('#').unwrap().1;
    let pdf = service.get_as_caller(&format!("/v1/certificates/{}/pdf", certificate["id"].as_str().unwrap()));
    let ask = |kind: &str, body: &[u8]| {
        let (status, answer) = service.post_as("/v1/verify", kind, body).unwrap();
        if status == 200 { verdict(&answer).to_owned() } else { format!("refused: {status}") }
    };
    let text = |text: &str| ask("application/json", json!({ "qr": text }).to_string().as_bytes());
    let raw = digits::decode(code).unwrap();
    let by_number = json!({
        "number": certificate["number"],
        "fact": { "kind": "name", "value": sample("caste-sc")["fields"]["name"]["en"] },
    });
    let other = |path: &str, kind: &str, body: &str| {
        let answer = service.post_as(path, kind, body.as_bytes()).unwrap().1;
        verdict(answer.get("report").unwrap_or(&answer)).to_owned()
    };
    vec![
        ("a list", other("/v1/verify/batch", "application/x-ndjson", &format!("{}\n", json!(qr)))),
        ("the number", other("/v1/verify/number", "application/json", &by_number.to_string())),
        ("the link", text(qr)),
        ("the digits", text(code)),
        ("another host", text(&format!("https://look-alike.example/#{code}"))),
        ("the PDF", ask("application/pdf", &pdf)),
        ("the PDF, called something else", ask("application/octet-stream", &pdf)),
        ("a picture", ask("image/png", &picture(qr, 4))),
        ("the raw credential", ask("application/cose", &raw)),
        ("the raw credential as JSON", text(&hex(&raw))),
        ("the command line", at_the_command_line(service, qr)),
        ("the Python package", in_python(service, qr)),
    ]
}

fn at_the_command_line(service: &Service, qr: &str) -> String {
    let keys = service.dir.join("keys");
    let (trust, root) = (keys.join("trust-list.cbor"), keys.join("root.pub"));
    let status = format!("{}/v1/status-lists/0", service.base_url);
    let files = [trust.to_str().unwrap(), root.to_str().unwrap()];
    let output =
        mohar(&["verify", "--json", "--trust", files[0], "--root", files[1], "--status", &status, qr]);
    verdict(&serde_json::from_slice(&output.stdout).unwrap()).to_owned()
}

fn in_python(service: &Service, qr: &str) -> String {
    let root = service.dir.join("keys/root.pub");
    let output = Command::new(checkout().join("target/python/bin/python"))
        .args(["-m", "mohar_verify", "--format", "json", "--service", &service.base_url, "--root"])
        .args([&root, &PathBuf::from("--cache"), &service.dir.join("python"), &PathBuf::from(qr)])
        .current_dir(checkout().join("verifier/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    verdict(&rows[0]).to_owned()
}

#[test]
fn t2_revoked_is_never_valid_on_any_route() {
    let service = Service::start("peers-t2");
    let issue = |key: &str| service.issue(&sample("caste-sc"), key);
    let newer = issue("newer");
    for status in ["revoked", "suspended", "superseded"] {
        let certificate = issue(status);
        let before = answers(&service, &certificate);
        change(&service, &certificate, status, (status == "superseded").then_some(&newer));
        // Its own list is kept for some minutes by whoever keeps lists.
        let _ = std::fs::remove_dir_all(service.dir.join("python"));
        for ((route, was), (_, is)) in before.into_iter().zip(answers(&service, &certificate)) {
            if route.starts_with("the raw credential") {
                assert!(is.starts_with("refused") || is == "not-a-certificate", "{route}: {is}");
            } else {
                assert_eq!((was.as_str(), is.as_str()), ("genuine", status), "{route}");
            }
        }
    }
}

#[test]
fn t10_a_picture_of_two_kilobytes_is_accepted() {
    let service = Service::start("peers-t10");
    for kind in ["caste-sc", "income", "marriage-hindu"] {
        let certificate = service.issue(&sample(kind), kind);
        let png = picture(certificate["qr"].as_str().unwrap(), 3);
        assert!(png.len() <= 2_048, "{kind}: {} bytes", png.len());
        let (status, answer) = service.post_as("/v1/verify", "image/png", &png).unwrap();
        assert_eq!((status, verdict(&answer)), (200, "genuine"), "{kind}: {answer}");
    }
}

/// An example of the draft of the IETF: its last block of hex lines.
fn example(name: &str) -> Option<Packed> {
    let path = checkout().join("../shared/vectors/status-list").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is absent", path.display());
        return None;
    };
    let is_hex = |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_hexdigit());
    let mut block: Vec<_> = text.lines().rev().skip_while(|l| l.is_empty()).take_while(is_hex).collect();
    block.reverse();
    let map = Item::decode(&unhex(&block.concat()).unwrap()).unwrap();
    let width = map.get_text("bits").and_then(Item::as_int).unwrap();
    Some(Packed::inflate(width, map.get_text("lst").and_then(Item::as_bytes).unwrap()).unwrap())
}

#[test]
fn t13_the_first_entry_stands_in_the_lowest_bits() {
    let Some(one) = example("status_list_encoding_cbor.md") else { return };
    let bits: Vec<u8> = (0..16).map(|i| one.get(i).unwrap()).collect();
    assert_eq!(bits, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    assert_eq!(Packed::of(1, bits), one);
    let two = example("status_list_encoding2_cbor.md").unwrap();
    let pairs: Vec<u8> = (0..12).map(|i| two.get(i).unwrap()).collect();
    assert_eq!(pairs, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!(Packed::of(2, pairs), two);
    // Of 2^20 entries each, all but these are zero.
    let four = example("status_list_encoding4_cbor.md").unwrap();
    let marked = |list: &Packed| -> Vec<(u64, u8)> {
        (0..1 << 20).filter_map(|i| list.get(i).filter(|v| *v != 0).map(|v| (i, v))).collect()
    };
    let places = [
        (0, 1),
        (1_993, 2),
        (35_460, 3),
        (459_495, 4),
        (595_669, 5),
        (754_353, 6),
        (845_645, 7),
        (923_232, 8),
        (924_445, 9),
        (934_534, 10),
        (1_000_345, 12),
        (1_004_534, 11),
        (1_030_203, 13),
        (1_030_204, 14),
        (1_030_205, 15),
    ];
    assert_eq!(marked(&four), places);
    let eight = marked(&example("status_list_encoding8_cbor.md").unwrap());
    let values: BTreeSet<u8> = eight.iter().map(|(_, v)| *v).collect();
    assert_eq!((eight.len(), values.len()), (255, 255), "each value but zero once");
}

/// `MOHAR_BULK=100000` issues as many certificates; without it there are 4,000.
#[test]
fn t15_bulk_issue_and_revocation_at_once_keep_every_index() {
    const CALLERS: usize = 4;
    const BATCH: usize = 500;
    let total: usize = std::env::var("MOHAR_BULK").map_or(4_000, |n| n.parse().unwrap());
    let service = Service::start("peers-t15");
    let line = format!("{}\n", sample("income"));
    let issued: Mutex<BTreeMap<u64, String>> = Mutex::default();
    let revoked: Mutex<BTreeSet<u64>> = Mutex::default();
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (service, line, issued, revoked) = (&service, &line, &issued, &revoked);
            scope.spawn(move || {
                for batch in 0..total / CALLERS / BATCH {
                    let body = line.repeat(BATCH);
                    let answer = service.batch(body.as_bytes(), &format!("{caller}-{batch}")).unwrap();
                    let certificates: Vec<Value> =
                        answer.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
                    assert_eq!(certificates.len(), BATCH);
                    for certificate in &certificates {
                        let index = certificate["index"].as_u64().unwrap_or_else(|| panic!("{certificate}"));
                        let qr = certificate["qr"].as_str().unwrap().to_owned();
                        assert!(
                            issued.lock().unwrap().insert(index, qr).is_none(),
                            "{index} was issued twice"
                        );
                    }
                    // While the others go on issuing.
                    for certificate in certificates.iter().step_by(50) {
                        change(service, certificate, "revoked", None);
                        revoked.lock().unwrap().insert(certificate["index"].as_u64().unwrap());
                    }
                }
            });
        }
    });
    let (issued, revoked) = (issued.into_inner().unwrap(), revoked.into_inner().unwrap());
    assert!(issued.keys().copied().eq(0..total as u64), "indices are dense: {}", issued.len());
    assert_eq!(revoked.len(), total / 50);
    every_status_is_right(&service, &issued, &revoked);
    let audit = mohar(&["audit", "--data", service.dir.to_str().unwrap()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}

fn every_status_is_right(service: &Service, issued: &BTreeMap<u64, String>, revoked: &BTreeSet<u64>) {
    let trust = trust(service);
    let token = service.get("/v1/status-lists/0").1;
    let list: StatusList = open_status_list(&token, &trust).unwrap();
    let now_s = list.issued_at_s;
    let evidence = Evidence { trust: &trust, status: &[list], now_s };
    assert_eq!(evidence.status[0].issued, issued.len() as u64);
    for (index, qr) in issued {
        let withdrawn = revoked.contains(index);
        let status = if withdrawn { Status::Revoked } else { Status::Valid };
        assert_eq!(evidence.status[0].status(*index), Some(status), "{index}");
        let verdict = verify_text(qr, &evidence);
        assert_eq!(verdict.code, if withdrawn { Code::Revoked } else { Code::Genuine }, "{index}");
        assert_eq!(verdict.credential.map(|c| c.index), Some(*index));
    }
}
