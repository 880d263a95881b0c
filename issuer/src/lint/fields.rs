//! Reading the fields of a type: kind, script, length, table. Everything wrong is said at once.

use crate::request::Fault;
use jiff::civil::Date;
use mohar_schemas::credential::{AMOUNT_MAX, Value};
use mohar_schemas::entry::{Script, date, devanagari, latin};
use mohar_schemas::tables;
use mohar_schemas::types::{CertificateType, Field, Kind};
use serde_json::{Map, Value as Json};

/// The values of a type's fields, in its order.
pub fn read(
    kind: &CertificateType,
    given: &Map<String, Json>,
    today: Date,
) -> Result<Vec<Value>, Vec<Fault>> {
    let unknown = given.keys().filter(|k| !kind.fields.iter().any(|f| f.id == **k)).map(|k| {
        Fault::new(
            &super::short(k),
            "known-field",
            "This type has no such field.",
            "इस प्रकार में यह खाना नहीं है।",
        )
    });
    let mut faults: Vec<Fault> = unknown.take(20).collect();
    let mut values = vec![];
    for field in &kind.fields {
        match value(field, given.get(&field.id).unwrap_or(&Json::Null), today) {
            Ok(value) => values.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

/// The first valid day of a request.
pub fn valid_from(given: Option<&str>, today: Date) -> Result<Date, Fault> {
    let Some(text) = given else { return Ok(today) };
    let day = date("valid_from", text)?;
    let year_ahead = today.checked_add(jiff::Span::new().days(366)).unwrap_or(Date::MAX);
    if (today..=year_ahead).contains(&day) {
        Ok(day)
    } else {
        Err(Fault::new(
            "valid_from",
            "within-a-year",
            "Must lie between today and a year ahead.",
            "आज से एक वर्ष के भीतर की तारीख दें।",
        ))
    }
}

fn value(field: &Field, given: &Json, today: Date) -> Result<Value, Fault> {
    let id = field.id.as_str();
    match (field.kind, given) {
        (_, Json::Null) if field.optional => Ok(Value::Absent),
        (_, Json::Null) => {
            Err(Fault::new(id, "required", "This field is required.", "यह जानकारी देना ज़रूरी है।"))
        }
        (Kind::Name | Kind::Text, Json::String(en)) => {
            Ok(Value::Text { en: latin(&field.id, script(field), en)?, hi: None })
        }
        (Kind::Name | Kind::Text, Json::Object(both)) => both_scripts(field, both),
        (Kind::Day, Json::String(text)) => date(id, text).map(Value::Day),
        (Kind::Year, Json::Number(n)) => {
            let year = n.as_i64().and_then(|n| i16::try_from(n).ok());
            let year = year.filter(|y| (1900..=today.year() + 1).contains(y));
            year.map(Value::Year).ok_or_else(|| {
                Fault::new(id, "year", "A year such as 2025 is expected.", "2025 जैसा वर्ष लिखें।")
            })
        }
        (Kind::Amount, Json::Number(n)) => {
            n.as_i64().filter(|n| (0..=AMOUNT_MAX).contains(n)).map(Value::Amount).ok_or_else(|| {
                Fault::new(id, "amount", "A whole number of rupees is expected.", "पूरे रुपयों में राशि लिखें।")
            })
        }
        (Kind::Code, Json::String(row)) => {
            let table = field.table.as_deref().and_then(tables::table);
            let row = table.and_then(|t| t.by_id(row)).filter(|r| r.in_use_on(today));
            row.map(Value::Code).ok_or_else(|| {
                let table = field.table.as_deref().unwrap_or_default();
                Fault::new(
                    id,
                    "known-code",
                    format!("Not a current row of the table “{table}”."),
                    "सूची में से कोई एक मान चुनें।",
                )
            })
        }
        _ => Err(Fault::new(
            id,
            "kind",
            format!("A value of another kind is expected: {:?}.", field.kind).to_lowercase(),
            "यहाँ दूसरे प्रकार की जानकारी चाहिए।",
        )),
    }
}

fn both_scripts(field: &Field, both: &Map<String, Json>) -> Result<Value, Fault> {
    let text = |key: &str| both.get(key).and_then(Json::as_str);
    let known = both.keys().all(|k| k == "en" || k == "hi");
    let (Some(en), true) = (text("en"), known) else {
        return Err(Fault::new(
            &field.id,
            "both-scripts",
            "Give “en”, and “hi” where it is known.",
            "“en” दें, और मालूम हो तो “hi” भी।",
        ));
    };
    let hi = match both.get("hi") {
        None | Some(Json::Null) => None,
        Some(Json::String(hi)) => Some(devanagari(&field.id, script(field), hi)?),
        Some(_) => {
            return Err(Fault::new(
                &field.id,
                "both-scripts",
                "“hi” must be a text.",
                "“hi” शब्दों में होना चाहिए।",
            ));
        }
    };
    Ok(Value::Text { en: latin(&field.id, script(field), en)?, hi })
}

fn script(field: &Field) -> Script {
    Script { name: field.kind == Kind::Name, max: field.max.unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;
    use serde_json::json;

    #[test]
    fn fails_on() {
        let name = |v: serde_json::Value| broken("income", move |r| r.fields["name"] = v.clone());
        assert_eq!(name(json!("रवि")), ["latin-script"]);
        assert_eq!(name(json!({"en": "Ravi", "hi": "Ravi"})), ["devanagari-script"]);
        assert_eq!(name(json!({"hi": "रवि"})), ["both-scripts"]);
        assert_eq!(name(json!("x".repeat(500))), ["length"]);
        assert_eq!(name(json!(" Ravi")), ["spaces"]);
        assert_eq!(name(json!(7)), ["kind"]);
        assert_eq!(broken("income", |r| drop(r.fields.remove("name"))), ["required"]);
        assert_eq!(broken("income", |r| drop(r.fields.insert("nmae".into(), json!("x")))), ["known-field"]);
        assert_eq!(broken("caste-sc", |r| r.fields["born"] = json!("2001-02-30")), ["date"]);
        assert_eq!(broken("caste-sc", |r| r.fields["caste"] = json!("brahmin")), ["known-code"]);
        assert_eq!(broken("income", |r| r.fields["annual_income"] = json!(-1)), ["amount"]);
        assert_eq!(broken("income", |r| r.valid_from = Some("2020-01-01".into())), ["within-a-year"]);
    }
}
