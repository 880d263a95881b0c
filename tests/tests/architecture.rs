//! The import rules of the house, read from `cargo metadata`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// What each room may use of the others.
const MAY_USE: &[(&str, &[&str])] = &[
    ("mohar-schemas", &[]),
    ("mohar-keys", &["mohar-schemas"]),
    ("mohar-verifier", &["mohar-schemas"]),
    ("mohar-issuer", &["mohar-schemas", "mohar-keys", "mohar-verifier"]),
    ("mohar-store", &["mohar-issuer", "mohar-schemas"]),
    ("mohar-print", &["mohar-issuer", "mohar-schemas"]),
    ("mohar-picture", &["mohar-schemas"]),
    ("mohar-aadhaar", &["mohar-schemas"]),
    ("mohar-card", &["mohar-print", "mohar-schemas"]),
    ("mohar-dialogue-model", &[]),
    ("mohar-dialogue", &["mohar-schemas", "mohar-dialogue-model"]),
    (
        "mohar",
        &[
            "mohar-schemas",
            "mohar-keys",
            "mohar-verifier",
            "mohar-picture",
            "mohar-aadhaar",
            "mohar-issuer",
            "mohar-store",
            "mohar-print",
            "mohar-card",
            "mohar-dialogue",
        ],
    ),
];

/// Which rooms alone may use a package.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["mohar-store"]),
    ("pdf-writer", &["mohar-print"]),
    ("image", &["mohar-picture"]),
    ("ring", &["mohar-aadhaar"]),
    ("tiny-skia", &["mohar-card"]),
    ("axum", &["mohar"]),
    ("tokio", &["mohar-issuer", "mohar"]),
    ("getrandom", &["mohar"]),
];

fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(mohar_tests::checkout())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let normal = |p: &Value| {
        let all = p["dependencies"].as_array().unwrap().iter();
        all.filter(|d| d["kind"].is_null()).map(|d| d["name"].as_str().unwrap().to_owned()).collect()
    };
    packages.map(|p| (p["name"].as_str().unwrap().to_owned(), normal(p))).collect()
}

#[test]
fn arrows_point_one_way() {
    for (room, uses) in dependencies() {
        if room == "mohar-tests" {
            continue;
        }
        let (_, may) =
            MAY_USE.iter().find(|(r, _)| *r == room).unwrap_or_else(|| panic!("{room} is not in the plan"));
        for used in uses {
            assert!(!used.starts_with("mohar") || may.contains(&used.as_str()), "{room} must not use {used}");
            if let Some((_, only)) = ONLY_IN.iter().find(|(p, _)| *p == used) {
                assert!(only.contains(&room.as_str()), "{room} must not use {used}");
            }
        }
    }
}

#[test]
fn private_keys_stay_in_keys() {
    for room in ["schemas", "verifier", "issuer", "web"] {
        let grep = Command::new("grep")
            .args(["-rln", "--include=*.rs", "SigningKey", room])
            .current_dir(mohar_tests::checkout())
            .output()
            .unwrap();
        // Tests in a file's last part may make keys of their own.
        let found = String::from_utf8_lossy(&grep.stdout).into_owned();
        for file in found.lines() {
            let source = std::fs::read_to_string(mohar_tests::checkout().join(file)).unwrap();
            let product = source.split("#[cfg(test)]").next().unwrap();
            assert!(!product.contains("SigningKey"), "a private key outside keys/: {file}");
        }
    }
}
