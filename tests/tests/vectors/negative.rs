//! Codes that are not genuine, each with the verdict it must give.

use crate::positive;
use crate::world::{ISSUED, NOW_S, STOLEN_FROM, key, secret};
use jiff::civil::date;
use mohar_keys::{Signer, sign1};
use mohar_schemas::cbor::Item;
use mohar_schemas::cose::{self, Context};
use mohar_schemas::credential::{Credential, Value as Field};
use mohar_schemas::{digits, qr};
use mohar_tests::cases::signing::Forger;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;

struct Cases(Vec<Value>);

impl Cases {
    fn text(&mut self, name: &str, text: &str, verdict: &str) -> &mut Value {
        let case =
            json!({ "name": name, "text": text, "at_s": NOW_S, "status_lists": true, "verdict": verdict });
        self.0.push(case);
        self.0.last_mut().unwrap()
    }

    fn bytes(&mut self, name: &str, bytes: &[u8], verdict: &str) -> &mut Value {
        self.text(name, &qr::text("https://v.delhi.gov.in", bytes), verdict)
    }

    /// A payload that the department did sign.
    fn payload(&mut self, name: &str, items: &[Item], verdict: &str) {
        self.bytes(name, &signed("revenue", &Item::Array(items.to_vec()).encode()), verdict);
    }

    fn credential(&mut self, name: &str, signer: &str, c: &Credential, verdict: &str) -> &mut Value {
        self.bytes(name, &signed(signer, &c.encode()), verdict)
    }
}

fn signed(signer: &str, payload: &[u8]) -> Vec<u8> {
    sign1(&key(signer), Context::Certificate, payload).unwrap()
}

/// A COSE message of any shape around a payload.
fn wrapped(protected: &Item, unprotected: Item, payload: Item, signature: Vec<u8>) -> Vec<u8> {
    Item::Array(vec![Item::Bytes(protected.encode()), unprotected, payload, Item::Bytes(signature)]).encode()
}

fn credential(name: &str) -> Credential {
    positive::cases().iter().find(|c| c.name == name).unwrap().credential()
}

/// Every case.
pub fn cases() -> Vec<Value> {
    let mut cases = Cases(vec![]);
    foreign(&mut cases);
    transport(&mut cases);
    envelope(&mut cases);
    signature(&mut cases);
    payload(&mut cases);
    newer(&mut cases);
    keys(&mut cases);
    status_and_time(&mut cases);
    cases.0
}

fn foreign(cases: &mut Cases) {
    let big = "9".repeat(3_170);
    for (what, text) in [
        ("web-link", "https://edistrict.delhigovt.nic.in/verify?id=90500012345678"),
        ("upi", "upi://pay?pa=someone@bank&pn=Someone&am=20"),
        ("aadhaar", big.as_str()),
        ("aadhaar", "<?xml version=\"1.0\"?><PrintLetterBarcodeData uid=\"0\"/>"),
        ("contact", "BEGIN:VCARD\nN:Kumar;Ravi\nEND:VCARD"),
        ("wifi", "WIFI:T:WPA;S:office;P:secret;;"),
        ("eu-health", "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC"),
        ("text", "90500012345678"),
        ("text", ""),
    ] {
        let name = format!("not-ours-{}-{}", what, text.len());
        cases.text(&name, text, "not-a-certificate")["foreign"] = json!(what);
    }
}

fn transport(cases: &mut Cases) {
    let good = digits::encode(&signed("revenue", &credential("income-bilingual").encode()));
    let link = |digits: &str| format!("https://v.delhi.gov.in/#{digits}");
    let cut = &good[..good.len() - 17];
    cases.text("digits-of-no-whole-bytes", &link(&good[..=good.len() - good.len() % 17]), "damaged");
    cases.text("digits-cut-by-one-group", &link(cut), "damaged");
    cases.text("digits-group-too-large", &link(&format!("{}{}", "9".repeat(17), &good[17..])), "damaged");
    cases.text("digits-one-more-byte", &link(&format!("{cut}00000")), "damaged");
    cases.text("digits-with-a-letter", &link(&good.replacen('1', "l", 1)), "not-a-certificate")["foreign"] =
        json!("web-link");
    cases.bytes("all-zero", &[0; 120], "damaged");
    cases.bytes("all-ones", &[0xff; 120], "damaged");
}

fn envelope(cases: &mut Cases) {
    let payload = credential("income-bilingual").encode();
    let good = signed("revenue", &payload);
    let signature = good[good.len() - 64..].to_vec();
    let kid = key("revenue").kid().to_vec();
    let head =
        |alg, kid: Vec<u8>| Item::Map(vec![(Item::Int(1), Item::Int(alg)), (Item::Int(4), Item::Bytes(kid))]);
    let right = head(-8, kid.clone());
    let empty = || Item::Map(vec![]);
    let body = || Item::Bytes(payload.clone());
    cases.bytes("cose-tag-18", &[&[0xd2], good.as_slice()].concat(), "damaged");
    cases.bytes("cose-byte-after-the-end", &[good.as_slice(), &[0]].concat(), "damaged");
    let more = Item::Map(vec![(Item::Int(4), Item::Bytes(kid.clone()))]);
    cases.bytes("cose-unprotected-header", &wrapped(&right, more, body(), signature.clone()), "damaged");
    cases.bytes(
        "cose-algorithm-es256",
        &wrapped(&head(-7, kid.clone()), empty(), body(), signature.clone()),
        "damaged",
    );
    let short = head(-8, kid[..3].to_vec());
    cases.bytes(
        "cose-key-id-of-three-bytes",
        &wrapped(&short, empty(), body(), signature.clone()),
        "damaged",
    );
    let extra = Item::Map(vec![
        (Item::Int(1), Item::Int(-8)),
        (Item::Int(2), Item::Array(vec![Item::Int(16)])),
        (Item::Int(4), Item::Bytes(kid)),
    ]);
    cases.bytes("cose-critical-header", &wrapped(&extra, empty(), body(), signature.clone()), "damaged");
    cases.bytes("cose-detached-payload", &wrapped(&right, empty(), Item::Null, signature.clone()), "damaged");
    cases.bytes(
        "cose-signature-of-63-bytes",
        &wrapped(&right, empty(), body(), signature[1..].to_vec()),
        "damaged",
    );
    let long_head = [&[0x98, 0x04], &good[1..]].concat();
    cases.bytes("cose-longer-array-head", &long_head, "damaged");
    cases.bytes("cose-indefinite-array", &[&[0x9f], &good[1..], &[0xff]].concat(), "damaged");
}

fn signature(cases: &mut Cases) {
    let c = credential("income-bilingual");
    let (signer, payload) = (key("revenue"), c.encode());
    let good = signed("revenue", &payload);
    let flip = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    cases.bytes("payload-bit-flipped", &flip(40), "altered");
    cases.bytes("signature-bit-flipped-in-r", &flip(good.len() - 60), "altered");
    cases.bytes("signature-bit-flipped-in-s", &flip(good.len() - 20), "altered");
    let around =
        |signature: [u8; 64]| cose::assemble(Context::Certificate, signer.kid(), &payload, &signature);
    let wrong = |context| {
        let message = cose::to_be_signed(context, signer.kid(), &payload);
        around(signer.sign(&message).unwrap())
    };
    cases.bytes("signed-for-the-trust-list", &wrong(Context::TrustList), "altered");
    let no_aad = Item::Array(vec![
        Item::Text("Signature1".into()),
        Item::Bytes(good[2..13].to_vec()),
        Item::Bytes(vec![]),
        Item::Bytes(payload.clone()),
    ]);
    cases.bytes("signed-without-the-context", &around(signer.sign(&no_aad.encode()).unwrap()), "altered");
    let stranger = key("outsider").sign(&cose::to_be_signed(Context::Certificate, signer.kid(), &payload));
    cases.bytes("signed-by-a-stranger-under-our-key-id", &around(stranger.unwrap()), "altered");
    cases.bytes("signature-zero", &around([0; 64]), "altered");
    let forger = Forger::honest(&secret("revenue"));
    let message = cose::to_be_signed(Context::Certificate, signer.kid(), &payload);
    cases.bytes(
        "signature-right-only-with-the-cofactor",
        &around(forger.sign_twisted(&message, 1)),
        "altered",
    );
    cases.bytes("signature-s-plus-order", &around(second_form(&good)), "altered");
    let mut richer = c;
    richer.values[5] = Field::Amount(100_000);
    let copied: [u8; 64] = good[good.len() - 64..].try_into().unwrap();
    let moved = cose::assemble(Context::Certificate, signer.kid(), &richer.encode(), &copied);
    cases.bytes("signature-moved-to-another-income", &moved, "altered");
}

/// The same signature with the group order added to S: sloppy verifiers accept it.
fn second_form(credential: &[u8]) -> [u8; 64] {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut signature: [u8; 64] = credential[credential.len() - 64..].try_into().unwrap();
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    signature
}

fn items(c: &Credential) -> Vec<Item> {
    Item::decode(&c.encode()).unwrap().as_array().unwrap().to_vec()
}

fn payload(cases: &mut Cases) {
    let good = items(&credential("income-bilingual"));
    let with = |at: usize, item: Item| {
        let mut items = good.clone();
        items[at] = item;
        items
    };
    let text = |t: &str| Item::Text(t.into());
    cases.payload("payload-empty-array", &[], "damaged");
    cases.bytes("payload-is-a-map", &signed("revenue", &[0xa0]), "damaged");
    cases.bytes("payload-is-empty", &signed("revenue", &[]), "damaged");
    cases.payload("field-missing", &good[..good.len() - 1], "damaged");
    cases.payload("field-too-many", &[good.as_slice(), &[Item::Null]].concat(), "damaged");
    cases.payload("name-is-a-number", &with(8, Item::Int(5)), "damaged");
    cases.payload("name-is-null", &with(8, Item::Null), "damaged");
    cases.payload("name-in-three-scripts", &with(8, Item::Array(vec![text("A"); 3])), "damaged");
    cases.payload("text-in-utf-8-where-scsu-is-shorter", &with(8, text("रवि")), "damaged");
    cases.payload("text-in-scsu-that-saves-nothing", &with(8, Item::Bytes(b"Ravi".to_vec())), "damaged");
    cases.payload(
        "text-scsu-window-selected-twice",
        &with(8, Item::Bytes(vec![0x14, 0x14, 0xb0, 0xb1, 0xb2])),
        "damaged",
    );
    cases.payload("text-scsu-cut-in-a-quote", &with(8, Item::Bytes(vec![0x14, 0xb0, 0x0e, 0x20])), "damaged");
    cases.payload("income-negative", &with(13, Item::Int(-1)), "damaged");
    cases.payload("income-beyond-the-limit", &with(13, Item::Int(1_000_000_000_001)), "damaged");
    cases.payload("financial-year-1899", &with(14, Item::Int(1_899)), "damaged");
    cases.payload("index-negative", &with(3, Item::Int(-1)), "damaged");
    cases.payload("index-beyond-the-limit", &with(3, Item::Int(1 << 40)), "damaged");
    cases.payload("valid-before-issued", &with(6, Item::Int(-1)), "damaged");
    cases.payload("validity-negative", &with(7, Item::Int(-1)), "damaged");
    cases.payload("validity-beyond-the-limit", &with(7, Item::Int(40_001)), "damaged");
    cases.payload("issued-before-1800", &with(5, Item::Int(-62_092)), "damaged");
    let canonical = Item::Array(good.clone()).encode();
    let longer = [&canonical[..1], &[0x18, 0x01], &canonical[2..]].concat();
    cases.bytes("payload-number-in-two-bytes", &signed("revenue", &longer), "damaged");
    let float = [&canonical[..canonical.len() - 1], &[0xf9, 0, 0]].concat();
    cases.bytes("payload-with-a-float", &signed("revenue", &float), "damaged");
}

fn newer(cases: &mut Cases) {
    let good = items(&credential("caste-sc-bilingual"));
    for (name, at, value) in [
        ("newer-profile", 0, 2),
        ("newer-type", 1, 999),
        ("newer-revision", 2, 2),
        ("newer-office", 4, 60_000),
        ("newer-caste", 13, 60_000),
    ] {
        let mut items = good.clone();
        items[at] = Item::Int(value);
        cases.payload(name, &items, "newer-version");
    }
}

fn keys(cases: &mut Cases) {
    let caste = credential("caste-sc-bilingual");
    cases.credential("key-not-on-the-list", "outsider", &caste, "unknown-issuer");
    cases.credential("key-of-status-lists", "status", &caste, "unknown-issuer");
    cases.credential("root-key-signs-no-certificate", "root", &caste, "unknown-issuer");
    cases.credential("key-for-other-types", "narrow", &caste, "key-not-allowed");
    cases.credential("key-of-another-department", "transport", &caste, "key-not-allowed");
    cases.credential("issued-after-the-key-ended", "old", &caste, "key-not-allowed");
    let early = Credential { issued: date(2025, 12, 24), valid_from: date(2025, 12, 24), ..caste.clone() };
    cases.credential("issued-before-the-key-began", "revenue", &early, "key-not-allowed");
    let stolen = |index| Credential { index, ..caste.clone() };
    cases.credential("first-index-after-the-theft", "stolen", &stolen(STOLEN_FROM), "key-compromised");
    cases.credential("later-index-after-the-theft", "stolen", &stolen(900), "key-compromised");
}

fn status_and_time(cases: &mut Cases) {
    let income = credential("income-bilingual");
    let at = |index| Credential { index, ..income.clone() };
    cases.credential("revoked", "revenue", &at(101), "revoked");
    cases.credential("suspended", "revenue", &at(102), "suspended");
    cases.credential("superseded", "revenue", &at(103), "superseded");
    cases.credential("not-yet-in-the-list", "revenue", &at(1_000), "status-unknown");
    cases.credential("list-not-at-hand", "revenue", &at(10_000_000), "status-unknown");
    cases.credential("no-list-at-all", "revenue", &at(42), "status-unknown")["status_lists"] = json!(false);
    cases.credential("list-a-day-old", "revenue", &at(42), "status-stale")["at_s"] = json!(NOW_S + DAY_S);
    cases.credential("revoked-by-an-old-list", "revenue", &at(101), "revoked")["at_s"] = json!(NOW_S + DAY_S);
    let expired = NOW_S + 400 * DAY_S;
    cases.credential("expired", "revenue", &at(42), "expired")["at_s"] = json!(expired);
    cases.credential("revoked-and-expired", "revenue", &at(105), "revoked")["at_s"] = json!(expired);
    let future =
        Credential { valid_from: date(2026, 12, 1), valid_until: Some(date(2027, 11, 30)), ..at(42) };
    cases.credential("not-yet-valid", "revenue", &future, "not-yet-valid");
    let last = Credential { valid_until: Some(ISSUED), ..at(42) };
    cases.credential("expired-the-day-after", "revenue", &last, "expired")["at_s"] = json!(NOW_S - 3 * DAY_S);
}
