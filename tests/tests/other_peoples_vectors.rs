//! Other projects' test data, read from `../shared/vectors` beside the checkout. Where that folder
//! is absent each test says so and does nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mohar_keys::file::unhex;
use mohar_schemas::cbor::Item;
use mohar_schemas::status::Packed;
use mohar_verifier::verify_strict;
use serde_json::Value;
use std::path::PathBuf;

fn vectors(folder: &str) -> Option<PathBuf> {
    let path = mohar_tests::checkout().join("../shared/vectors").join(folder);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    unhex(&value.as_str().unwrap().to_lowercase()).unwrap()
}

#[test]
fn wycheproof_ed25519() {
    let Some(folder) = vectors("ed25519") else { return };
    let file = json(folder.join("wycheproof-ed25519.json"));
    let mut tests = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key: [u8; 32] = bytes(&group["publicKey"]["pk"]).try_into().unwrap();
        for test in group["tests"].as_array().unwrap() {
            let signature: Result<[u8; 64], _> = bytes(&test["sig"]).try_into();
            let right = signature.is_ok_and(|s| verify_strict(&key, &bytes(&test["msg"]), &s));
            assert_eq!(right, test["result"] == "valid", "tcId {}: {}", test["tcId"], test["comment"]);
            tests += 1;
        }
    }
    assert_eq!(tests, file["numberOfTests"].as_u64().unwrap());
    assert!(tests >= 150);
}

#[test]
fn cose_eddsa() {
    let Some(folder) = vectors("cose") else { return };
    for (file, single) in
        [("eddsa-examples-eddsa-sig-01.json", true), ("eddsa-examples-eddsa-01.json", false)]
    {
        let case = json(folder.join(file));
        let body = if single { &case["input"]["sign0"] } else { &case["input"]["sign"]["signers"][0] };
        let key: [u8; 32] = bytes(&body["key"]["x_hex"]).try_into().unwrap();
        let steps = &case["intermediates"];
        let signed =
            bytes(if single { &steps["ToBeSign_hex"] } else { &steps["signers"][0]["ToBeSign_hex"] });
        let message = bytes(&case["output"]["cbor"]);
        // Both messages end with the signature.
        let signature: [u8; 64] = message[message.len() - 64..].try_into().unwrap();
        assert!(verify_strict(&key, &signed, &signature), "{file}");
        for bit in 0..512 {
            let mut altered = signature;
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify_strict(&key, &signed, &altered), "{file} with bit {bit} flipped");
        }
    }
    // Ed448 is not ours: such a message is refused before any arithmetic.
    for file in ["eddsa-examples-eddsa-sig-02.json", "eddsa-examples-eddsa-02.json"] {
        let message = bytes(&json(folder.join(file))["output"]["cbor"]);
        assert!(mohar_schemas::cose::parse(mohar_schemas::cose::Context::Certificate, &message).is_err());
    }
}

/// The hex of an example: its last block of hex lines.
fn example(folder: &std::path::Path, name: &str) -> Option<Packed> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let hex: String =
        text.lines().filter(|l| l.len() > 8 && l.bytes().all(|b| b.is_ascii_hexdigit())).collect();
    let last = text.lines().last().unwrap_or_default();
    let hex = if last.len() <= 8 && last.bytes().all(|b| b.is_ascii_hexdigit()) { hex + last } else { hex };
    let map = Item::decode(&unhex(&hex)?).unwrap();
    let width = map.get_text("bits").and_then(Item::as_int).unwrap();
    Some(Packed::inflate(width, map.get_text("lst").and_then(Item::as_bytes).unwrap()).unwrap())
}

#[test]
fn status_lists_of_the_draft() {
    let Some(folder) = vectors("status-list") else { return };
    let short = example(&folder, "status_list_encoding2_cbor.md").unwrap();
    let entries: Vec<u8> = (0..12).map(|i| short.get(i).unwrap()).collect();
    assert_eq!(entries, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!(short.get(12), None);
    assert_eq!(Packed::of(2, entries), short, "we pack the same way");
    // The draft's long lists of 2^20 entries: all zero but these.
    let two_bits = [
        (0, 1),
        (1993, 2),
        (25460, 1),
        (159_495, 3),
        (495_669, 1),
        (554_353, 1),
        (645_645, 2),
        (723_232, 1),
        (854_545, 1),
        (934_534, 2),
        (1_000_345, 3),
    ];
    for (name, mask) in [("status_list_encoding2_long_cbor.md", 3), ("status_list_encoding1_long_cbor.md", 1)]
    {
        let long = example(&folder, name).unwrap();
        for at in 0..1 << 20 {
            let listed =
                two_bits.iter().find(|(i, _)| *i == at).map_or(0, |(_, v)| if mask == 1 { 1 } else { *v });
            assert_eq!(long.get(at), Some(listed), "{name} entry {at}");
        }
    }
}

#[test]
fn the_signed_example_of_the_draft_parses() {
    let Some(folder) = vectors("status-list") else { return };
    let text = std::fs::read_to_string(folder.join("status_list_cwt.md")).unwrap();
    let message = unhex(text.lines().collect::<String>().trim()).unwrap();
    let item = Item::decode(&message[1..]).unwrap();
    let claims = Item::decode(item.as_array().unwrap()[2].as_bytes().unwrap()).unwrap();
    let list = claims.get(65_533).unwrap();
    let packed = Packed::inflate(1, list.get_text("lst").and_then(Item::as_bytes).unwrap()).unwrap();
    assert_eq!(
        (0..16).map(|i| packed.get(i).unwrap()).collect::<Vec<_>>(),
        [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    );
}
