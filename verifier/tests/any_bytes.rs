//! Any bytes at all, and good ones spoiled: an answer, never a panic, never a wrong “genuine”.

use mohar_schemas::cose::{self, Context};
use mohar_schemas::credential::Credential;
use mohar_schemas::status::StatusList;
use mohar_schemas::trust::TrustList;
use mohar_verifier::{Code, Evidence, Trust, open_status_list, open_trust_list, verify, verify_text};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

struct World {
    trust: Trust,
    /// Signed certificates, the trust list and a status list.
    good: Vec<Vec<u8>>,
    root: [u8; 32],
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let text = include_str!("../../schemas/vectors/vectors.json");
    let vectors: Value = serde_json::from_str(text).expect("the vectors");
    let bytes = |v: &Value| -> Vec<u8> {
        let hex = v.as_str().expect("hex");
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex")).collect()
    };
    let root = bytes(&vectors["root"]).try_into().expect("32 bytes");
    let trust = open_trust_list(&bytes(&vectors["trust_list"]), &root).expect("the trust list");
    let mut good: Vec<_> =
        vectors["positive"].as_array().expect("cases").iter().map(|c| bytes(&c["cose"])).collect();
    let payloads: Vec<_> = good.iter().filter_map(|b| cose::parse(Context::Certificate, b).ok()).collect();
    good.extend(payloads.into_iter().map(|message| message.payload));
    good.push(bytes(&vectors["trust_list"]));
    good.push(bytes(&vectors["status_lists"][0]));
    World { trust, good, root }
});

const NOW_S: i64 = 1_795_500_000;

fn every_decoder(bytes: &[u8]) -> Code {
    one_encoding(bytes);
    let _ = TrustList::decode(bytes);
    let _ = StatusList::decode(bytes);
    let _ = open_trust_list(bytes, &WORLD.root);
    let _ = open_status_list(bytes, &WORLD.trust);
    for context in [Context::Certificate, Context::TrustList, Context::StatusList] {
        if let Ok(message) = cose::parse(context, bytes) {
            one_encoding(&message.payload);
            let _ = TrustList::decode(&message.payload);
            let _ = StatusList::decode(&message.payload);
        }
    }
    verify(bytes, &Evidence { trust: &WORLD.trust, status: &[], now_s: NOW_S }).code
}

/// What says the same is the same bytes: what is read is what would be written.
fn one_encoding(payload: &[u8]) {
    if let Ok(credential) = Credential::decode(payload) {
        assert_eq!(credential.encode(), payload);
    }
}

/// What follows a right signature.
fn accepted(code: Code) -> bool {
    !matches!(code, Code::Damaged | Code::Altered | Code::UnknownIssuer)
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(!accepted(every_decoder(&bytes)));
    }

    #[test]
    fn good_bytes_spoiled(
        which in any::<prop::sample::Index>(),
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4),
    ) {
        let good = which.get(&WORLD.good);
        let mut bytes = good.clone();
        for (place, act, value) in cuts {
            let at = place.index(bytes.len().max(1));
            match act {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), value),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => if let Some(byte) = bytes.get_mut(at) { *byte ^= value },
            }
        }
        let code = every_decoder(&bytes);
        prop_assert!(&bytes == good || !accepted(code), "{code:?}");
        // A payload alone is spoiled more often into another that reads.
        one_encoding(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC{0,80}|https://[a-z.]{1,9}/#[0-9]{0,900}|[0-9]{0,900}") {
        let verdict = verify_text(&text, &Evidence { trust: &WORLD.trust, status: &[], now_s: NOW_S });
        prop_assert!(!accepted(verdict.code) || verdict.code == Code::NotACertificate);
    }
}
