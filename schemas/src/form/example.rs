//! A right answer for any field, from the form alone: for samples, documentation and tests that walk
//! through every service.

use super::{FormField, FormKind, Rule};
use crate::number::check_digit;
use crate::service::Service;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde_json::{Value, json};

/// Names of different persons.
const NAMES: [(&str, &str); 6] = [
    ("Sunita Devi", "सुनीता देवी"),
    ("Rajesh Singh", "राजेश सिंह"),
    ("Pooja Verma", "पूजा वर्मा"),
    ("Vinod Sharma", "विनोद शर्मा"),
    ("Amit Kumar", "अमित कुमार"),
    ("Meena Gupta", "मीना गुप्ता"),
];

/// An answer to a field that the service's rules accept together with the other examples.
#[must_use]
pub fn example(service: &Service, field: &FormField, today: Date) -> Value {
    let rules = || service.rules.iter().filter(|r| r.field() == field.id);
    match field.kind {
        FormKind::Name => {
            let names = service.fields.iter().filter(|f| f.kind == FormKind::Name);
            let place = names.take_while(|f| f.id != field.id).count();
            let (en, hi) = NAMES[place % NAMES.len()];
            json!({ "en": en, "hi": hi })
        }
        FormKind::Text => json!({ "en": "12 Dev Nagar", "hi": "12 देव नगर" }),
        FormKind::Day => json!(day(service, &field.id, today).to_string()),
        FormKind::Year => json!(today.year() - 1),
        FormKind::Amount | FormKind::Number => json!(rules().fold(60, |n, rule| match rule {
            Rule::AtLeast { least, .. } => n.max(*least),
            Rule::AtMost { most, .. } => n.min(*most),
            _ => n,
        })),
        FormKind::Choice => {
            let right = |id: &str| {
                rules().all(|rule| match rule {
                    Rule::OneOf { values, .. } => values.iter().any(|v| v == id),
                    Rule::NotOneOf { values, .. } => values.iter().all(|v| v != id),
                    _ => true,
                })
            };
            let choices = field.choices(today);
            json!(choices.iter().map(|(id, _)| *id).find(|id| right(id)))
        }
        FormKind::YesNo => json!(rules().any(|r| matches!(r, Rule::Yes { .. }))),
        FormKind::People => {
            let person = json!({
                "name": { "en": "Mohan Lal", "hi": "मोहन लाल" },
                "relation": { "en": "husband", "hi": "पति" },
                "age": 41,
            });
            json!(vec![person; field.least.unwrap_or(1)])
        }
        FormKind::Phone => json!("9810012345"),
        FormKind::Pin => json!("110005"),
        FormKind::Account => json!("123456789012"),
        FormKind::Ifsc => json!("SBIN0001234"),
        FormKind::Vehicle => json!("DL01AA0101"),
        FormKind::Licence => json!("DL0420110149646"),
        FormKind::Aadhaar => json!(format!("23456789012{}", check_digit("23456789012"))),
        FormKind::Reference => json!("A1234"),
    }
}

fn day(service: &Service, id: &str, today: Date) -> Date {
    let back = |day: Date, span: Span| day.checked_sub(span).unwrap_or(day);
    let rule = service.rules.iter().find(|r| r.field() == id);
    match rule {
        Some(Rule::Age { on, least, most, .. }) => {
            let on = on.as_ref().map_or(today, |on| day(service, on, today));
            let age = least.map_or(30, |l| l + 8).min(most.unwrap_or(i16::MAX));
            back(on, age.years().days(40))
        }
        Some(Rule::Before { day, .. }) => back(day.parse().unwrap_or(today), 6.years()),
        Some(Rule::YearsAgo { least, .. }) => back(today, (*least + 1).years()),
        Some(Rule::DaysAgo { least, .. }) => back(today, (*least + 10).days()),
        _ if service.field(id).is_some_and(|f| f.future) => today.checked_add(14.days()).unwrap_or(today),
        _ if id.ends_with("born") => back(today, 30.years()),
        _ => back(today, 3.months()),
    }
}
