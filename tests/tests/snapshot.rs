//! The status snapshot and its deltas, as the service serves them.

use mohar_schemas::status::Status;
use mohar_tests::{Service, sample};
use mohar_verifier::{Trust, open_delta, open_snapshot, open_status_list, open_trust_list};
use serde_json::{Value, json};

fn trust(service: &Service) -> Trust {
    let root: Value = serde_json::from_slice(&service.get("/v1/root").1).expect("JSON");
    let root = mohar_keys::file::unhex(root["root"].as_str().expect("hex")).expect("hex");
    open_trust_list(&service.get("/v1/trust-list").1, &root.try_into().expect("32 bytes"))
        .expect("a trust list")
}

fn change(service: &Service, certificate: &Value, status: &str) {
    let path = format!("/v1/certificates/{}/status", certificate["id"].as_str().expect("id"));
    let reason = "issued-in-error";
    let body = json!({ "status": status, "reason": reason }).to_string();
    let (code, answer) = service.post(&path, None, body.as_bytes()).expect("an answer");
    assert_eq!(code, 200, "{answer}");
}

#[test]
fn a_delta_leads_from_the_snapshot_to_what_the_lists_say() {
    let service = Service::start("snapshot");
    let trust = trust(&service);
    let issue = |key: &str| service.issue(&sample("income"), key);
    let (first, second, third) = (issue("a"), issue("b"), issue("c"));
    change(&service, &first, "revoked");
    change(&service, &second, "suspended");
    let bytes = service.get("/v1/status-snapshot").1;
    let snapshot = open_snapshot(&bytes, &trust).expect("a snapshot");
    assert_eq!((snapshot.reach.changes, snapshot.reach.issued, snapshot.len()), (2, 3, 2));
    assert!(open_delta(&bytes, &trust).is_err(), "one is not the other");

    let fourth = issue("d");
    change(&service, &second, "valid");
    change(&service, &third, "revoked");
    let bytes = service.get("/v1/status-deltas/2").1;
    assert!(bytes.len() < 200, "{} bytes", bytes.len());
    let delta = open_delta(&bytes, &trust).expect("a delta");
    let now = snapshot.apply(&delta).expect("it continues the snapshot");
    let list = open_status_list(&service.get("/v1/status-lists/0").1, &trust).expect("a status list");
    for (index, status) in [Status::Revoked, Status::Valid, Status::Revoked, Status::Valid].iter().enumerate()
    {
        let index = index as u64;
        assert_eq!(now.list(0).and_then(|l| l.status(index)), Some(*status), "{index}");
        assert_eq!(list.status(index), Some(*status), "{index}");
    }
    assert_eq!(fourth["number"].as_str().map(|n| n.contains("0000003")), Some(true));
    assert!(now.apply(&delta).is_err(), "it leads on from one state only");
    // Nothing has changed since: the delta says so, and is as fresh as can be.
    let last = open_delta(&service.get("/v1/status-deltas/4").1, &trust).expect("a delta");
    assert!(last.marks.is_empty() && last.reach.issued == 4);
    assert_eq!(service.get("/v1/status-deltas/5").0, 404, "a state that never was");
}

#[test]
fn whoever_has_the_bytes_is_told_so() {
    let service = Service::start("etag");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    for path in ["/v1/status-snapshot", "/v1/status-deltas/0"] {
        let get = |known: &str| {
            let url = format!("{}{path}", service.base_url);
            agent.get(url).header("If-None-Match", known).call().expect("an answer")
        };
        let first = get("\"another\"");
        assert_eq!(first.status().as_u16(), 200);
        assert_eq!(first.headers()["access-control-allow-origin"], "*", "other sites' pages may read it");
        let etag = first.headers()["etag"].to_str().expect("ASCII").to_owned();
        let again = get(&format!("\"x\", W/{etag}"));
        assert_eq!(again.status().as_u16(), 304);
        assert_eq!(again.headers()["etag"].to_str().expect("ASCII"), etag);
    }
}

/// The information bound of the places of `marked` among `all`: all · h(marked ÷ all), in bytes.
fn bound(all: f64, marked: f64) -> f64 {
    let p = marked / all;
    all * -(p * p.log2() + (1.0 - p) * (1.0 - p).log2()) / 8.0
}

#[test]
fn ten_million_certificates_fit_into_sixty_kilobytes() {
    use mohar_schemas::snapshot::{Reach, Snapshot};
    use std::collections::BTreeMap;
    let issued = 10_000_000_u64;
    let mut state = 1_u64;
    let mut random = || {
        // Multiplicative congruential generator (Knuth's MMIX); its high bits are good.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 20
    };
    let mut marks = BTreeMap::new();
    while marks.len() < 50_000 {
        marks.insert(random() % issued, Status::Revoked);
    }
    let reach = Reach { changes: 50_000, issued, issued_at_s: 0, expires_at_s: 86_400 };
    let strewn = Snapshot::new(reach, marks.clone()).encode().len();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let ratio = strewn as f64 / bound(1e7, 5e4);
    assert!(strewn <= 60_000 && ratio <= 1.05, "{strewn} bytes, {ratio} times the bound");
    // An office's work of some days, withdrawn together, is shorter than if it were strewn.
    let run = marks.keys().take(25_000).copied().chain(7_000_000..7_025_000).map(|i| (i, Status::Revoked));
    let together = Snapshot::new(reach, run).encode().len();
    assert!(together < strewn * 6 / 10, "{together} bytes");
}
