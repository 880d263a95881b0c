//! Certificates that are genuine, with every layer.

use crate::world::{ISSUED, NOW_S, STOLEN_FROM, key};
use jiff::civil::{Date, date};
use mohar_issuer::lint::lint;
use mohar_keys::Signer;
use mohar_keys::file::hex;
use mohar_schemas::cose::{self, Context};
use mohar_schemas::credential::Credential;
use mohar_schemas::{digits, qr};
use mohar_tests::sample;
use serde_json::{Value, json};

/// A request, and who signed it when and where in the ledger.
pub struct Case {
    pub name: &'static str,
    request: Value,
    pub signer: &'static str,
    issued: Date,
    index: u64,
    at_s: i64,
}

impl Case {
    fn of(name: &'static str, request: Value) -> Self {
        Self { name, request, signer: "revenue", issued: ISSUED, index: 42, at_s: NOW_S }
    }

    /// The credential as the issuer makes it.
    pub fn credential(&self) -> Credential {
        let request = serde_json::from_value(self.request.clone()).unwrap();
        let linted = lint(&request, self.issued).unwrap_or_else(|f| panic!("{}: {f:?}", self.name));
        linted.with_index(self.index)
    }

    /// Every layer, from the fields to the verdict.
    pub fn vector(&self) -> Value {
        let (signer, payload) = (key(self.signer), self.credential().encode());
        let to_be_signed = cose::to_be_signed(Context::Certificate, signer.kid(), &payload);
        let signature = signer.sign(&to_be_signed).unwrap();
        let credential = cose::assemble(Context::Certificate, signer.kid(), &payload, &signature);
        let text = qr::text("https://v.delhi.gov.in", &credential);
        let symbol = qr::symbol(&text).unwrap();
        json!({
            "name": self.name,
            "request": self.request,
            "issued": self.issued.to_string(),
            "index": self.index,
            "signer": self.signer,
            "payload": hex(&payload),
            "to_be_signed": hex(&to_be_signed),
            "cose": hex(&credential),
            "digits": digits::encode(&credential),
            "text": text,
            "qr_version": symbol.version,
            "qr_correction": symbol.correction.to_string(),
            "at_s": self.at_s,
            "status_lists": true,
            "verdict": "genuine",
        })
    }
}

fn english(name: &str) -> Value {
    let mut request = sample(name);
    for value in request["fields"].as_object_mut().unwrap().values_mut() {
        if let Some(en) = value.get("en").cloned() {
            *value = json!({ "en": en });
        }
    }
    request
}

fn with(name: &str, changes: &[(&str, Value)]) -> Value {
    let mut request = sample(name);
    for (field, value) in changes {
        request["fields"][field] = value.clone();
    }
    request
}

/// The longest text of a field in both scripts; `turn` makes each person another.
fn long(turn: usize, length: usize) -> Value {
    let fill = |words: &str| {
        let text: String = words.chars().cycle().skip(turn).take(length).collect();
        // A text neither begins nor ends with a space.
        text.strip_suffix(' ').map_or(text.clone(), |t| format!("{t}{}", words.chars().nth(1).unwrap()))
    };
    json!({ "en": fill("Venkatanarasimharajuvaripeta Subrahmanyam "), "hi": fill("वेंकटनरसिम्हराजुवारिपेटा सुब्रह्मण्यम ") })
}

/// Every case.
pub fn cases() -> Vec<Case> {
    let mut income_without = sample("income");
    income_without["fields"].as_object_mut().unwrap().remove("purpose");
    let mut older = sample("caste-sc");
    older["office"] = json!("sdm-civil-lines");
    older["fields"]["sub_division"] = json!("civil-lines");
    let mut later = sample("income");
    later["valid_from"] = json!("2026-11-23");
    let edges = [
        ("place", json!({"en": "Ram-Sita Mandir (Sector 4)", "hi": "रामक्‍षेत्र मंदिर (सेक्टर 4)"})),
        ("groom_name", json!({"en": "Raksha Krishnan", "hi": "रक्षा कृष्णन्"})),
        ("bride_name", json!({"en": "D'Souza Mary", "hi": "डिसूज़ा मैरी"})),
    ];
    vec![
        Case::of("caste-sc-bilingual", sample("caste-sc")),
        Case::of("caste-sc-english-only", english("caste-sc")),
        Case::of(
            "caste-sc-longest",
            with(
                "caste-sc",
                &[("name", long(0, 60)), ("parent_name", long(3, 60)), ("address", long(0, 80))],
            ),
        ),
        Case {
            signer: "old",
            issued: date(2025, 12, 1),
            index: 7,
            ..Case::of("caste-sc-older-office-retired-key", older)
        },
        Case::of("income-bilingual", sample("income")),
        Case::of("income-english-only", english("income")),
        Case::of("income-optional-field-left-out", income_without),
        Case::of("income-none", with("income", &[("annual_income", json!(0))])),
        Case {
            at_s: NOW_S - 86_400 + 45_000,
            ..Case::of("income-first-valid-day-begins-at-midnight-in-india", later)
        },
        Case { index: 131_072 + 3, ..Case::of("income-second-status-list", sample("income")) },
        Case::of("marriage-bilingual", sample("marriage-hindu")),
        Case::of("marriage-english-only", english("marriage-hindu")),
        Case::of(
            "marriage-longest",
            with(
                "marriage-hindu",
                &[
                    ("place", long(0, 60)),
                    ("groom_name", long(0, 60)),
                    ("groom_father", long(2, 60)),
                    ("bride_name", long(4, 60)),
                    ("bride_father", long(6, 60)),
                ],
            ),
        ),
        Case::of("marriage-signs-outside-the-window", with("marriage-hindu", &edges)),
        Case {
            signer: "stolen",
            index: STOLEN_FROM - 1,
            ..Case::of("signed-before-the-key-was-stolen", sample("income"))
        },
        Case { signer: "twin-a", ..Case::of("two-keys-one-key-id-first", sample("income")) },
        Case { signer: "twin-b", ..Case::of("two-keys-one-key-id-second", sample("income")) },
    ]
}
