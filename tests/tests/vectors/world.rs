//! The keys, lists and moments that every vector shares. All secrets here are published.

use jiff::civil::{Date, date};
use mohar_keys::{MemoryKey, Signer, sign1};
use mohar_schemas::cose::Context;
use mohar_schemas::sha256;
use mohar_schemas::status::{Detail, Status, StatusList};
use mohar_schemas::trust::{KeyState, Role, TrustList, TrustedKey};

/// 2026-11-24 06:00 UTC, the moment at which vectors are judged unless they say otherwise.
pub const NOW_S: i64 = 1_795_500_000;
/// The day most vectors were issued.
pub const ISSUED: Date = date(2026, 11, 20);
/// The first index that the stolen key is not trusted for.
pub const STOLEN_FROM: u64 = 500;
/// Certificates issued in list 0 and in list 1.
const SIZES: [u64; 2] = [1_000, 50];

/// A key by the name it has in the vectors.
pub fn key(name: &str) -> MemoryKey {
    MemoryKey::from_secret(&secret(name))
}

/// Its secret.
pub fn secret(name: &str) -> [u8; 32] {
    // Two seeds found by search whose public keys share their first four digest bytes.
    let text = match name {
        "twin-a" => "mohar twin 9411".to_owned(),
        "twin-b" => "mohar twin 37243".to_owned(),
        other => format!("mohar test key {other}"),
    };
    sha256(text.as_bytes())
}

/// Names of the keys on the trust list.
pub const LISTED: [&str; 8] =
    ["revenue", "old", "stolen", "narrow", "transport", "twin-a", "twin-b", "status"];

fn trusted(name: &str) -> TrustedKey {
    let base = TrustedKey {
        public_key: key(name).public_key(),
        role: Role::Certificates,
        department: "revenue".into(),
        types: vec![1, 6, 16],
        signs_from: date(2025, 12, 25),
        signs_until: None,
        state: KeyState::Active,
    };
    match name {
        "old" => TrustedKey {
            signs_from: date(2023, 1, 1),
            signs_until: Some(date(2025, 12, 24)),
            state: KeyState::Retired,
            ..base
        },
        "stolen" => TrustedKey { state: KeyState::Compromised { from_index: STOLEN_FROM }, ..base },
        "narrow" => TrustedKey { types: vec![6], ..base },
        "transport" => TrustedKey { department: "transport".into(), ..base },
        "status" => TrustedKey { role: Role::StatusLists, types: vec![], ..base },
        _ => base,
    }
}

/// The trust list, signed by the root key.
pub fn trust_list() -> Vec<u8> {
    let list = TrustList {
        version: 7,
        issued_at_s: NOW_S - 86_400,
        next_update_s: NOW_S + 20 * 86_400,
        keys: LISTED.map(trusted).to_vec(),
        digests: vec![],
    };
    sign1(&key("root"), Context::TrustList, &list.encode()).unwrap()
}

/// The two status lists, signed ten minutes before [`NOW_S`] and fresh for a day.
pub fn status_lists() -> Vec<Vec<u8>> {
    let marks = [
        (Status::Revoked, 101, 3, None),
        (Status::Suspended, 102, 6, None),
        (Status::Superseded, 103, 7, Some(104)),
        (Status::Revoked, 105, 2, None),
    ];
    let detail = |index, reason, superseded_by| Detail { index, since: ISSUED, reason, superseded_by };
    let marked = marks.map(|(status, index, reason, by)| (status, detail(index, reason, by)));
    let sign = |number: usize, marked| {
        let uri = format!("https://v.example/v1/status-lists/{number}");
        let (issued, expires) = (NOW_S - 600, NOW_S - 600 + 86_400);
        let list = StatusList::build(uri, number as u64, (issued, expires), SIZES[number], marked);
        sign1(&key("status"), Context::StatusList, &list.encode()).unwrap()
    };
    vec![sign(0, marked.to_vec()), sign(1, vec![])]
}
