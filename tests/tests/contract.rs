//! The main job over HTTP and the command line: issue, verify, alter, revoke.

use mohar_tests::{Service, mohar, sample};
use serde_json::{Value, json};

#[test]
fn each_type_is_issued_and_genuine_everywhere() {
    let service = Service::start("contract");
    let (keys, status) = (service.dir.join("keys"), format!("{}/v1/status-lists/0", service.base_url));
    for (n, name) in ["caste-sc", "income", "marriage-hindu"].into_iter().enumerate() {
        let answer = service.issue(&sample(name), name);
        assert_eq!(answer["index"], n);
        let qr = answer["qr"].as_str().unwrap();
        assert_eq!(service.verdict(qr), "genuine", "{name}");
        assert_eq!(service.verdict(qr.split('#').nth(1).unwrap()), "genuine", "bare digits");
        let symbol = mohar_schemas::qr::symbol(qr).unwrap();
        assert!(symbol.version <= 13, "{name}: version {}", symbol.version);
        let trust = keys.join("trust-list.cbor").display().to_string();
        let root = keys.join("root.pub").display().to_string();
        let out = mohar(&["verify", qr, "--json", "--trust", &trust, "--root", &root, "--status", &status]);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(report["number"], answer["number"]);
        let altered = alter(qr);
        let out = mohar(&["verify", &altered, "--trust", &trust, "--root", &root, "--status", &status]);
        assert_eq!(out.status.code(), Some(1));
    }
    let audit = mohar(&["audit", "--data", &service.dir.display().to_string()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}

/// Changes one digit within the signature.
fn alter(qr: &str) -> String {
    let at = qr.len() - 20;
    let digit = if qr.as_bytes()[at] == b'0' { "1" } else { "0" };
    format!("{}{digit}{}", &qr[..at], &qr[at + 1..])
}

#[test]
fn an_altered_digit_is_altered() {
    let service = Service::start("altered");
    let qr = service.issue(&sample("income"), "a")["qr"].as_str().unwrap().to_owned();
    assert_eq!(service.verdict(&alter(&qr)), "altered");
    assert_eq!(service.verdict(&qr[..qr.len() - 1]), "damaged");
    assert_eq!(service.verdict("upi://pay?pa=x@y"), "not-a-certificate");
}

#[test]
fn the_same_key_gives_the_same_certificate_and_another_request_is_refused() {
    let service = Service::start("idempotency");
    let first = service.issue(&sample("income"), "once");
    assert_eq!(service.issue(&sample("income"), "once"), first);
    let (status, problem) =
        service.post("/v1/certificates", Some("once"), sample("caste-sc").to_string().as_bytes()).unwrap();
    assert_eq!((status, &problem["type"]), (409, &json!("urn:mohar:problem:idempotency-conflict")));
}

#[test]
fn a_status_shows_at_once_and_final_is_final() {
    let service = Service::start("status");
    let old = service.issue(&sample("income"), "old");
    let new = service.issue(&sample("income"), "new");
    let path = format!("/v1/certificates/{}/status", old["id"].as_str().unwrap());
    let change = |body: Value| service.post(&path, None, body.to_string().as_bytes()).unwrap();
    let verdict = || service.verdict(old["qr"].as_str().unwrap());
    assert_eq!(verdict(), "genuine");
    assert_eq!(change(json!({"status": "suspended", "reason": "inquiry-pending"})).0, 200);
    assert_eq!(verdict(), "suspended");
    assert_eq!(change(json!({"status": "valid", "reason": "other"})).0, 200);
    assert_eq!(verdict(), "genuine");
    let supersede = json!({"status": "superseded", "reason": "correction", "superseded_by": new["number"]});
    assert_eq!(change(supersede).0, 200);
    assert_eq!(verdict(), "superseded");
    assert_eq!(change(json!({"status": "valid", "reason": "other"})).0, 409);
    assert_eq!(change(json!({"status": "gone", "reason": "other"})).0, 422);
    assert_eq!(service.verdict(new["qr"].as_str().unwrap()), "genuine");
}

#[test]
fn bad_input_is_named_and_nothing_is_stored() {
    let service = Service::start("bad");
    let refused = |body: &[u8]| {
        let (status, problem) = service.post("/v1/certificates", Some("k"), body).unwrap();
        (status, problem["faults"][0]["field"].as_str().unwrap_or_default().to_owned())
    };
    let with = |field: &str, value: Value| {
        let mut request = sample("income");
        request["fields"][field] = value;
        request.to_string().into_bytes()
    };
    assert_eq!(refused(b"{"), (400, String::new()));
    assert_eq!(refused(&with("name", json!("x".repeat(61)))), (422, "name".into()));
    assert_eq!(refused(&with("name", json!("रवि"))), (422, "name".into()));
    assert_eq!(refused(&with("sub_division", json!("atlantis"))), (422, "sub_division".into()));
    assert_eq!(refused(&with("nmae", json!("x"))), (422, "nmae".into()));
    assert_eq!(refused(&vec![b' '; 70_000]).0, 413);
    assert_eq!(service.post("/v1/certificates", None, b"{}").unwrap().0, 400);
    assert_eq!(service.issue(&sample("income"), "k")["index"], 0);
}
