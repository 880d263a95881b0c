//! What we add to a bare signature.

use crate::{Line, seconds};
use ed25519_dalek::{Signature, Signer, SigningKey};
use jiff::civil::date;
use mohar_issuer::lint::lint;
use mohar_issuer::ports::Draft;
use mohar_issuer::request::Request;
use mohar_issuer::seal::Sealer;
use mohar_keys::MemoryKey;
use mohar_schemas::cose::{self, Context};
use mohar_schemas::qr;
use mohar_schemas::trust::{KeyState, Role, TrustList, TrustedKey};
use mohar_tests::sample;
use mohar_verifier::{Code, Evidence, Trust, verify};
use std::collections::BTreeMap;
use std::hint::black_box;

const NOW_S: i64 = 1_795_500_000;

/// Seconds of a bare signature and a bare verification together.
pub fn measure(lines: &mut Vec<Line>) -> f64 {
    eprintln!("signatures …");
    let secret = [7; 32];
    let (bare_key, key) = (SigningKey::from_bytes(&secret), MemoryKey::from_secret(&secret));
    let today = date(2026, 11, 24);
    let trusted = TrustedKey {
        public_key: bare_key.verifying_key().to_bytes(),
        role: Role::Certificates,
        department: "revenue".into(),
        types: vec![1, 6, 16],
        signs_from: today,
        signs_until: None,
        state: KeyState::Active,
    };
    let trust = Trust::new(TrustList {
        version: 1,
        issued_at_s: 0,
        next_update_s: i64::MAX,
        keys: vec![trusted],
        digests: vec![],
    });
    let sealer = Sealer::new(BTreeMap::from([("revenue".to_owned(), Box::new(key) as _)]), trust.clone());
    let request: Request = serde_json::from_value(sample("caste-sc")).expect("the sample");
    let issue = || {
        let linted = lint(&request, today).expect("the sample passes");
        let draft = Draft { linted, caller: "bench".into(), idempotency_key: "k".into(), digest: [0; 32] };
        let record = sealer.seal(draft, 7, NOW_S).expect("sealed");
        (qr::text("https://v.delhi.gov.in", &record.credential), record)
    };
    let (_, record) = issue();
    let message = cose::parse(Context::Certificate, &record.credential).expect("our own");
    let signature = Signature::from_bytes(&message.signature);
    // The key is unpacked once on both sides: the barest there is.
    let key = bare_key.verifying_key();
    let bare_verify = || {
        assert!(key.verify_strict(&message.to_be_signed, &signature).is_ok());
    };
    let evidence = Evidence { trust: &trust, status: &[], now_s: NOW_S };
    let whole = || assert_eq!(black_box(verify(&record.credential, &evidence)).code, Code::StatusUnknown);
    // Side by side, so that a change of clock or neighbours hits both.
    let mut ratios: Vec<f64> = (0..5).map(|_| seconds(whole) / seconds(bare_verify)).collect();
    ratios.sort_by(f64::total_cmp);
    lines.push(Line::most("decode and verify ÷ bare strict verification", ratios[2], "", 1.15, "≤ 1.15"));
    let sign = || {
        black_box(bare_key.sign(&message.to_be_signed));
    };
    let bare = seconds(sign) + seconds(bare_verify);
    let mut ratios: Vec<f64> = (0..5)
        .map(|_| seconds(|| drop(black_box(issue()))) / (seconds(sign) + seconds(bare_verify)))
        .collect();
    ratios.sort_by(f64::total_cmp);
    lines.push(Line::most("issue in memory ÷ (bare sign + bare verify)", ratios[2], "", 1.5, "≤ 1.5"));
    lines.push(Line::plain("bare sign + bare verify", format!("{:.0} µs", bare * 1e6)));
    bare
}
