//! Answers that are none, made from what is asked: for every kind of question, with what a citizen must
//! be told.

use crate::journey::today;
use crate::talk::{Does, Open, open_part};
use jiff::ToSpan;
use mohar_schemas::form::{FormField, FormKind, Rule};
use mohar_schemas::service::Service;
use serde_json::{Value, json};

/// A wrong answer.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// What the citizen does.
    pub does: Does,
    /// What the answer says in Hindi, and in English.
    pub told: (String, String),
    /// Whether it counts as a miss; a file that is kept, or a tap on an old button, does not.
    pub is_a_miss: bool,
}

const LATIN: (&str, &str) = ("अंग्रेज़ी अक्षरों", "English letters");
const NO_DIGITS: (&str, &str) = ("नाम में अंक नहीं होते", "A name has no digits");
const DEVANAGARI: (&str, &str) = ("देवनागरी अक्षरों", "Devanagari letters");
const TOO_LONG: (&str, &str) = ("अभी 4096 हैं", "it has 4096");
const NO_DAY: (&str, &str) = ("कोई सही तारीख नहीं मिली", "day of the calendar");
const ONE_AMOUNT: (&str, &str) = ("एक ही रकम", "one amount in rupees");
const A_NUMBER: (&str, &str) = ("पूरी संख्या", "whole number");
const AN_AGE: (&str, &str) = ("उम्र पूरे सालों में", "age in whole years");
const YES_OR_NO: (&str, &str) = ("हाँ या नहीं", "yes or no");
const USELESS: (&str, &str) = ("इससे यहाँ कुछ नहीं हो सकता", "Nothing can be done with this here");
const A_PHOTO: (&str, &str) = ("फ़ोटो या PDF चाहिए", "A photo or a PDF");
const HAND_IN: (&str, &str) = ("जमा करने के लिए “हाँ” लिखें", "Write “yes” to hand it in");
const KEPT: (&str, &str) = ("आपकी फ़ाइल रख ली है", "have kept your file");
const NO_PAPER: (&str, &str) = ("कोई कागज़ बाकी नहीं", "No paper is missing");
const STALE: (&str, &str) = ("पिछले सवाल का था", "an earlier question");

fn says(text: impl Into<String>, (hi, en): (&str, &str)) -> Wrong {
    Wrong { does: Does::Says(text.into()), told: (hi.into(), en.into()), is_a_miss: true }
}

/// Everything wrong that can be done where this is asked.
#[must_use]
pub fn wrongs(service: &Service, state: &Value, open: &Open<'_>) -> Vec<Wrong> {
    let draft = &state["draft"];
    let mut all = match open {
        Open::Field(field) => match open_part(field, draft) {
            "" => of_field(service, field),
            "name" | "en" => letters(true),
            "relation" => letters(false),
            "age" => ["200", "old", "-1", "12.5"].map(|t| says(t, AN_AGE)).into(),
            "more" => ["maybe", "शायद", "2"].map(|t| says(t, YES_OR_NO)).into(),
            _ => vec![
                says("Sunita Devi", DEVANAGARI),
                says("12", DEVANAGARI),
                says("क".repeat(4_096), TOO_LONG),
            ],
        },
        Open::Document(_) => of_paper(),
        Open::ReadBack => vec![says("हो सकता है", HAND_IN), says("perhaps tomorrow", HAND_IN)],
    };
    all.extend(anywhere(service, draft, open));
    all
}

/// What is no answer to any question: signs, kinds nobody knows, taps on what is gone, files too early.
fn anywhere(service: &Service, draft: &Value, open: &Open<'_>) -> Vec<Wrong> {
    let sends = |message: Value| Wrong {
        does: Does::Sends(message),
        told: (USELESS.0.into(), USELESS.1.into()),
        is_a_miss: true,
    };
    let not_a_miss =
        |does: Does, (hi, en): (&str, &str)| Wrong { does, told: (hi.into(), en.into()), is_a_miss: false };
    let mut all = vec![
        sends(
            json!({ "type": "sticker", "sticker": { "id": "1", "mime_type": "image/webp", "animated": true } }),
        ),
        sends(json!({ "type": "reaction", "reaction": { "message_id": "wamid.x", "emoji": "👍" } })),
        sends(json!({ "type": "unsupported", "errors": [{ "code": 131_051 }] })),
        sends(json!({ "type": "a kind of next year", "a kind of next year": { "body": ["?"] } })),
        not_a_miss(Does::Taps("0:a:yes".into()), STALE),
    ];
    if !matches!(open, Open::Document(_)) {
        let answers = draft["answers"].as_object().cloned().unwrap_or_default();
        let wanted = service.documents.iter().any(|d| {
            let there = draft["documents"].as_array().is_some_and(|l| l.iter().any(|k| k == d.kind.as_str()));
            !there && d.when.as_ref().is_none_or(|w| w.holds(&answers))
        });
        let said = if wanted { KEPT } else { NO_PAPER };
        all.push(not_a_miss(Does::Attaches("image/png", crate::journey::PNG.to_vec()), said));
    }
    all
}

fn letters(name: bool) -> Vec<Wrong> {
    let mut all = vec![
        says("سنیتا دیوی", LATIN),
        says("🙏🙏", LATIN),
        says("\u{202e}\u{200d}\u{200b}", LATIN),
        says("<script>alert(1)</script>", LATIN),
        says("12345", if name { NO_DIGITS } else { LATIN }),
        says("x".repeat(4_096), TOO_LONG),
    ];
    if name {
        all.push(says("R2 D2", NO_DIGITS));
    }
    all
}

fn of_field(service: &Service, field: &FormField) -> Vec<Wrong> {
    let all = |texts: &[&str], told| texts.iter().map(|t| says(*t, told)).collect::<Vec<_>>();
    let mut wrongs = match field.kind {
        FormKind::Name | FormKind::People => letters(true),
        FormKind::Text => letters(false),
        FormKind::Day => days(field),
        FormKind::Amount => {
            all(&["-5000", "₹ -1", "5000 to 6000", "99999999999999999", "बहुत", "🙏"], ONE_AMOUNT)
        }
        FormKind::Number => all(&["-3", "some", "3.5", "99999999999999999999"], A_NUMBER),
        FormKind::Year => all(&["1800", "3000", "soon", "25"], ("जैसा वर्ष", "year such as")),
        FormKind::Phone => {
            all(&["12345", "1234567890", "98100 1234x"], ("दस अंकों का मोबाइल", "mobile number of ten digits"))
        }
        FormKind::Pin => {
            all(&["11000", "201301", "1100055", "pin"], ("दिल्ली का पिन कोड", "PIN code of Delhi"))
        }
        FormKind::Choice => all(&["Atlantis", "999", "🙏", "अटलांटिस"], ("सूची में से कोई एक", "one of the list")),
        FormKind::YesNo => all(&["maybe", "शायद", "1990"], YES_OR_NO),
        FormKind::Account => all(&["12", "1234567890123456789", "A1"], ("9 से 18 अंक", "9 to 18 digits")),
        FormKind::Ifsc => all(&["SBIN1001234", "SBIN", "एसबीआई"], ("ग्यारह अक्षर", "eleven characters")),
        FormKind::Vehicle => all(&["एबी 12", "DL", "123456"], ("DL01AA0101", "DL01AA0101")),
        FormKind::Licence => all(&["12", "DL 1"], ("DL0420110149646", "DL0420110149646")),
        FormKind::Aadhaar => all(
            &["2345 6789 0120", "123", "1234", "12 digits"],
            ("आधार में 12 अंक होते हैं", "An Aadhaar number has 12 digits"),
        ),
        FormKind::Reference => all(&["संख्या", "🙏"], ("अंग्रेज़ी अक्षरों और अंकों", "English letters and digits")),
    };
    wrongs.extend(service.rules.iter().filter(|r| r.field() == field.id).filter_map(broken));
    wrongs
}

fn days(field: &FormField) -> Vec<Wrong> {
    let texts = ["31/02/1990", "30 February 1990", "15/13/1990", "1/1/1700", "कल", "in my childhood", "1990"];
    let mut all: Vec<Wrong> = texts.map(|t| says(t, NO_DAY)).into();
    let first = |day: jiff::civil::Date| format!("{}/{}/{}", day.day(), day.month(), day.year());
    let ahead = today().saturating_add(1.years());
    let far = today().saturating_add(30.years());
    if field.future {
        all.push(says(first(far), ("दस साल से भी आगे", "more than ten years ahead")));
    } else {
        all.push(says(first(ahead), ("यह तारीख आगे की है", "lies in the future")));
    }
    all
}

/// An answer in order that breaks a rule of the service.
fn broken(rule: &Rule) -> Option<Wrong> {
    let text = match rule {
        Rule::AtLeast { least, .. } if *least > 0 => (least - 1).to_string(),
        Rule::AtMost { most, .. } => (most + 1).to_string(),
        Rule::Yes { .. } => "no".to_owned(),
        Rule::No { .. } => "yes".to_owned(),
        Rule::NotOneOf { values, .. } => values.first()?.clone(),
        Rule::YearsAgo { .. } | Rule::DaysAgo { .. } => {
            let day = today();
            format!("{}/{}/{}", day.day(), day.month(), day.year())
        }
        _ => return None,
    };
    Some(says(text, (&rule.message().hi, &rule.message().en)))
}

/// What no paper is.
fn of_paper() -> Vec<Wrong> {
    let attaches = |kind, bytes: Vec<u8>, (hi, en): (&str, &str)| Wrong {
        does: Does::Attaches(kind, bytes),
        told: (hi.into(), en.into()),
        is_a_miss: true,
    };
    let damaged = [&crate::journey::PNG[..200], &[0; 300]].concat();
    vec![
        says("here it is", A_PHOTO),
        says("भेज दिया", A_PHOTO),
        attaches("image/png", damaged, ("यह ख़राब है", "it is damaged")),
        attaches("application/pdf", b"%PDF-1.7 cut".to_vec(), ("यह ख़राब है", "it is damaged")),
        attaches("image/png", b"GIF89a".to_vec(), ("माँगे गए रूप में नहीं", "not one of the formats")),
        attaches("audio/ogg", b"OggS spoken".to_vec(), ("सुने नहीं जाते", "cannot be heard here yet")),
    ]
}
