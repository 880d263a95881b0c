//! Reading answers: each field by its kind, then the rules. Everything wrong is said at once.

use super::{By, FormField, FormKind, rules};
use crate::credential::AMOUNT_MAX;
use crate::entry::{Fault, Script, Shape, date, devanagari, latin, shaped};
use crate::service::Service;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Answers by field, in the order of the form.
pub type Answers = Map<String, Value>;

/// The most letters of a name in a list of persons.
pub const PERSON_NAME_MAX: usize = 60;
/// The most letters of what a person of a list is to the applicant.
pub const RELATION_MAX: usize = 30;

/// Days to come are within ten years: a date beyond is a slip of the hand.
const AHEAD_DAYS_MAX: i32 = 3_653;

/// Reads what was answered. `who` says whose fields are asked for: a citizen's answers may lack what
/// an officer fills in later, an officer's must be complete.
pub fn read(service: &Service, given: &Answers, who: By, today: Date) -> Result<Answers, Vec<Fault>> {
    let mut faults: Vec<Fault> = unknown(service, given, who).take(20).collect();
    let mut answers = Answers::new();
    for field in &service.fields {
        let value = given.get(&field.id).filter(|v| !is_empty(v));
        match value {
            // A question that is not asked has no answer, whatever was sent.
            _ if !field.asked(&answers) => {}
            None if field.optional || field.by == By::Officer && who == By::Citizen => {}
            None => {
                faults.push(Fault::new(&field.id, "required", "This is needed.", "यह जानकारी देना ज़रूरी है।"));
            }
            Some(value) => match answer(field, value, today) {
                Ok(value) => drop(answers.insert(field.id.clone(), value)),
                Err(fault) => faults.push(fault),
            },
        }
    }
    faults.extend(service.rules.iter().filter_map(|rule| rules::broken(rule, &answers, today)));
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

fn unknown<'a>(service: &'a Service, given: &'a Answers, who: By) -> impl Iterator<Item = Fault> + 'a {
    let known = move |id: &str| service.field(id).is_some_and(|f| who == By::Officer || f.by == By::Citizen);
    given.keys().filter(move |id| !known(id)).map(|id| {
        let short: String = id.chars().filter(|c| !c.is_control()).take(40).collect();
        Fault::new(&short, "known-field", "This form has no such field.", "इस फ़ॉर्म में यह खाना नहीं है।")
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(both) => both.values().all(is_empty),
        _ => false,
    }
}

/// Reads one answer by the kind of its field, into the form that is kept.
pub fn answer(field: &FormField, value: &Value, today: Date) -> Result<Value, Fault> {
    let id = field.id.as_str();
    let shape = |shape| text_of(id, value).and_then(|t| shaped(id, shape, t)).map(Value::String);
    match field.kind {
        FormKind::Name => both_scripts(id, Script { name: true, max: field.max.unwrap_or(60) }, value),
        FormKind::Text => both_scripts(id, Script { name: false, max: field.max.unwrap_or(80) }, value),
        FormKind::Day => {
            let day = date(id, text_of(id, value)?)?;
            if day > today && !field.future {
                let (en, hi) = ("The day lies in the future.", "यह तारीख आगे की है।");
                return Err(Fault::new(id, "not-in-future", en, hi));
            }
            if (day - today).get_days() > AHEAD_DAYS_MAX {
                let (en, hi) = ("The day lies more than ten years ahead.", "यह तारीख दस साल से भी आगे की है।");
                return Err(Fault::new(id, "not-so-far", en, hi));
            }
            Ok(Value::String(day.to_string()))
        }
        FormKind::Year => {
            let year = number(id, value).map_err(|_| a_year(id))?;
            let right = (1950..=i64::from(today.year())).contains(&year);
            if right { Ok(json!(year)) } else { Err(a_year(id)) }
        }
        FormKind::Amount | FormKind::Number => {
            let n = number(id, value)?;
            let right = (0..=AMOUNT_MAX).contains(&n);
            if right { Ok(json!(n)) } else { Err(a_number(id)) }
        }
        FormKind::Choice => {
            let text = text_of(id, value)?;
            let known = field.choices(today).iter().any(|(option, _)| *option == text);
            let (en, hi) = ("Choose one of the list.", "सूची में से कोई एक चुनें।");
            if known { Ok(json!(text)) } else { Err(Fault::new(id, "known-choice", en, hi)) }
        }
        FormKind::YesNo => match value {
            Value::Bool(yes) => Ok(json!(yes)),
            Value::String(text) if text == "yes" => Ok(json!(true)),
            Value::String(text) if text == "no" => Ok(json!(false)),
            _ => Err(Fault::new(id, "yes-or-no", "Answer with yes or no.", "हाँ या नहीं में उत्तर दें।")),
        },
        FormKind::People => people(field, value),
        FormKind::Phone => shape(Shape::Phone),
        FormKind::Pin => shape(Shape::Pin),
        FormKind::Account => shape(Shape::Account),
        FormKind::Ifsc => shape(Shape::Ifsc),
        FormKind::Vehicle => shape(Shape::Vehicle),
        FormKind::Licence => shape(Shape::Licence),
        // Already reduced: an answer that was read before is read again when something is mended.
        FormKind::Aadhaar => match value {
            Value::String(t) if t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit()) => Ok(value.clone()),
            _ => shape(Shape::Aadhaar),
        },
        FormKind::Reference => {
            let script = Script { name: false, max: field.max.unwrap_or(60) };
            let text = text_of(id, value)?.trim();
            if text.bytes().any(|b| b.is_ascii_alphabetic()) {
                return latin(id, script, text).map(Value::String);
            }
            // A number without letters is a reference, too.
            let right =
                text.len() <= script.max && text.chars().all(|c| c.is_ascii_digit() || " /.-".contains(c));
            let (en, hi) = ("Write it in English letters and digits.", "इसे अंग्रेज़ी अक्षरों और अंकों में लिखें।");
            if right { Ok(json!(text)) } else { Err(Fault::new(id, "reference", en, hi)) }
        }
    }
}

fn text_of<'a>(id: &str, value: &'a Value) -> Result<&'a str, Fault> {
    let text = value.as_str().map(str::trim);
    text.ok_or_else(|| Fault::new(id, "text", "A text is expected.", "यहाँ शब्दों में लिखें।"))
}

fn a_year(id: &str) -> Fault {
    Fault::new(id, "year", "A year such as 2025 is expected.", "2025 जैसा वर्ष लिखें।")
}

fn a_number(id: &str) -> Fault {
    Fault::new(
        id,
        "number",
        "A whole number is expected, without commas or signs.",
        "पूरी संख्या लिखें, बिना अल्पविराम या चिह्न के।",
    )
}

/// A number, or digits as forms send them, with Indian grouping allowed.
fn number(id: &str, value: &Value) -> Result<i64, Fault> {
    let read = match value {
        Value::Number(n) => n.as_i64(),
        Value::String(text) => {
            let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '₹')).collect();
            plain.parse().ok().filter(|_| plain.bytes().all(|b| b.is_ascii_digit()))
        }
        _ => None,
    };
    read.ok_or_else(|| a_number(id))
}

/// Both scripts as entered: `{"en": …, "hi": …}`, or English alone.
fn both_scripts(id: &str, script: Script, value: &Value) -> Result<Value, Fault> {
    let (en, hi) = match value {
        Value::String(en) => (Some(en.as_str()), None),
        Value::Object(both) if both.keys().all(|k| k == "en" || k == "hi") => {
            let text = |key: &str| both.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
            (text("en"), text("hi"))
        }
        _ => (None, None),
    };
    let Some(en) = en else {
        return Err(Fault::new(
            id,
            "in-english",
            "Write it in English letters; Hindi may stand beside it.",
            "इसे अंग्रेज़ी अक्षरों में लिखें; साथ में हिन्दी भी लिख सकते हैं।",
        ));
    };
    let en = latin(id, script, en.trim())?;
    match hi {
        None => Ok(json!({ "en": en })),
        Some(hi) => Ok(json!({ "en": en, "hi": devanagari(id, script, hi.trim())? })),
    }
}

/// Persons: `{"name": both scripts, "relation": a text, "age": years}` each.
fn people(field: &FormField, value: &Value) -> Result<Value, Fault> {
    let id = field.id.as_str();
    let (least, max) = (field.least.unwrap_or(1), field.max.unwrap_or(12));
    let wrong = || {
        let en = format!("{least} to {max} persons, each with name, relation and age.");
        Fault::new(id, "people", en, format!("{least} से {max} व्यक्ति, हर एक का नाम, संबंध और आयु।"))
    };
    let list = value.as_array().filter(|l| (least..=max).contains(&l.len())).ok_or_else(wrong)?;
    let person = |person: &Value| {
        let known = person
            .as_object()
            .is_some_and(|p| p.keys().all(|k| ["name", "relation", "age"].contains(&k.as_str())));
        if !known {
            return Err(wrong());
        }
        let name = both_scripts(id, Script { name: true, max: PERSON_NAME_MAX }, &person["name"])?;
        let relation = both_scripts(id, Script { name: false, max: RELATION_MAX }, &person["relation"])?;
        let age = number(id, &person["age"])?;
        if age > 125 { Err(wrong()) } else { Ok(json!({ "name": name, "relation": relation, "age": age })) }
    };
    list.iter().map(person).collect::<Result<Vec<_>, _>>().map(Value::Array)
}
