//! The published test vectors, `schemas/vectors/vectors.json`: generated here, compared with the
//! file, and judged by the verifier. `UPDATE=1` rewrites the file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod negative;
mod positive;
mod snapshots;
mod world;

use mohar_keys::Signer;
use mohar_keys::file::{hex, unhex};
use mohar_schemas::status::StatusList;
use mohar_verifier::{Code, Evidence, Report, Trust, verify, verify_text};
use serde_json::{Value, json};
use std::sync::LazyLock;

static LISTS: LazyLock<(Trust, Vec<StatusList>)> = LazyLock::new(|| {
    let trust = mohar_verifier::open_trust_list(&world::trust_list(), &world::key("root").public_key());
    let trust = trust.unwrap();
    let open = |token: &Vec<u8>| mohar_verifier::open_status_list(token, &trust).unwrap();
    let status = world::status_lists().iter().map(open).collect();
    (trust, status)
});

fn evidence(case: &Value) -> Evidence<'static> {
    let status = if case["status_lists"] == true { LISTS.1.as_slice() } else { &[] };
    Evidence { trust: &LISTS.0, status, now_s: case["at_s"].as_i64().unwrap() }
}

/// Adds what the verifier reads, so that other implementations can compare the lines, too.
fn judged(mut case: Value) -> Value {
    let report = Report::of(&verify_text(case["text"].as_str().unwrap(), &evidence(&case)));
    assert_eq!(report.verdict.id(), case["verdict"].as_str().unwrap(), "{}", case["name"]);
    let words = |l: &mohar_verifier::report::Line| json!([l.id, l.value.en, l.value.hi]);
    case["number"] = json!(report.number);
    case["lines"] = report.fields.iter().map(words).collect();
    case
}

fn vectors() -> Value {
    let names = world::LISTED.iter().copied().chain(["root", "outsider"]);
    let public = names.map(|n| (n.to_owned(), json!(hex(&world::key(n).public_key()))));
    json!({
        "root": hex(&world::key("root").public_key()),
        "public_keys": public.collect::<serde_json::Map<_, _>>(),
        "trust_list": hex(&world::trust_list()),
        "status_lists": world::status_lists().iter().map(|t| hex(t)).collect::<Vec<_>>(),
        "positive": positive::cases().iter().map(|c| judged(c.vector())).collect::<Vec<_>>(),
        "negative": negative::cases().into_iter().map(judged).collect::<Vec<_>>(),
        "snapshots": snapshots::good_ones(&LISTS.0),
        "refused_snapshots": snapshots::refused_ones(&LISTS.0),
    })
}

#[test]
fn published_vectors_are_what_the_code_makes() {
    let text = format!("{}\n", serde_json::to_string_pretty(&vectors()).unwrap());
    let path = mohar_tests::checkout().join("schemas/vectors/vectors.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap() == text, "UPDATE=1 rewrites {}", path.display());
}

#[test]
fn there_are_enough_of_each_kind() {
    let vectors = vectors();
    let of = |kind: &str| vectors[kind].as_array().unwrap().clone();
    assert!(of("positive").len() >= 12 && of("negative").len() >= 40);
    let given: Vec<_> =
        of("positive").into_iter().chain(of("negative")).map(|c| c["verdict"].clone()).collect();
    // Only a picture or a page gives these.
    for code in Code::ALL.into_iter().filter(|c| !matches!(c, Code::UnreadablePicture | Code::PageDiffers)) {
        assert!(given.contains(&json!(code)), "no vector gives {code:?}");
    }
}

#[test]
fn a_flipped_bit_is_never_genuine() {
    for case in positive::cases() {
        let vector = case.vector();
        let good = unhex(vector["cose"].as_str().unwrap()).unwrap();
        let evidence = evidence(&vector);
        assert_eq!(verify(&good, &evidence).code, Code::Genuine, "{}", case.name);
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let code = verify(&bytes, &evidence).code;
            let seen = matches!(code, Code::Altered | Code::Damaged | Code::UnknownIssuer);
            assert!(seen, "{} bit {bit}: {code:?}", case.name);
        }
    }
}

#[test]
fn any_host_and_bare_digits_are_the_same_certificate() {
    let vector = positive::cases()[0].vector();
    let digits = vector["digits"].as_str().unwrap();
    for text in
        [digits.to_owned(), format!("https://look-alike.example/?x=1#{digits}"), format!(" {digits}\n")]
    {
        assert_eq!(verify_text(&text, &evidence(&vector)).code, Code::Genuine);
    }
}
