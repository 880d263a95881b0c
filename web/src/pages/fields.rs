//! Forms in HTML: from a field to what is shown, from what a browser sends to answers.

use super::Page;
use jiff::civil::Date;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{Answers, FormField, FormKind};
use mohar_schemas::words::Words;
use mohar_verifier::report::{date, rupees};
use serde_json::{Map, Value, json};

/// A field as the template shows it.
#[derive(Default)]
pub struct FieldView {
    pub id: String,
    pub kind: &'static str,
    pub label: String,
    pub help: Option<String>,
    pub error: Option<String>,
    pub optional: bool,
    pub marked: bool,
    pub max: usize,
    pub value: String,
    pub second: String,
    pub options: Vec<(String, String)>,
    pub people: Vec<[String; 5]>,
}

impl FieldView {
    /// A field with what was entered so far.
    pub fn of(p: &Page, field: &FormField, answers: &Answers, faults: &[Fault], today: Date) -> Self {
        let value = answers.get(&field.id).unwrap_or(&Value::Null);
        let fault = faults.iter().find(|f| f.field == field.id);
        let kind = match field.kind {
            FormKind::Name | FormKind::Text => "both",
            FormKind::Day => "day",
            FormKind::Choice => "choice",
            FormKind::YesNo => "yes-no",
            FormKind::People => "people",
            FormKind::Phone => "tel",
            FormKind::Year | FormKind::Amount | FormKind::Number | FormKind::Pin | FormKind::Account => {
                "numeric"
            }
            FormKind::Ifsc
            | FormKind::Vehicle
            | FormKind::Licence
            | FormKind::Aadhaar
            | FormKind::Reference => "text",
        };
        let choices = field.choices(today);
        Self {
            id: field.id.clone(),
            kind,
            label: p.w(&field.label).to_owned(),
            help: field.help.as_ref().map(|h| p.w(h).to_owned()),
            error: fault.map(|f| p.w(&Words::new(&f.en, &f.hi)).to_owned()),
            optional: field.optional,
            max: field.max.unwrap_or(60),
            value: plain(if kind == "both" && value.is_object() { &value["en"] } else { value }),
            second: plain(&value["hi"]),
            options: choices.iter().map(|(id, w)| ((*id).to_owned(), p.w(w).to_owned())).collect(),
            people: if kind == "people" { people(field, value) } else { vec![] },
            marked: false,
        }
    }

    /// What names the help and the error to a screen reader. Ids come from the catalogue.
    pub fn describes(&self) -> String {
        let help = self.help.is_some().then(|| format!("{}-help", self.id));
        let error = self.error.is_some().then(|| format!("{}-error", self.id));
        let all: Vec<String> = [help, error].into_iter().flatten().collect();
        let invalid = if self.error.is_some() { " aria-invalid=\"true\"" } else { "" };
        if all.is_empty() {
            String::new()
        } else {
            format!(" aria-describedby=\"{}\"{invalid}", all.join(" "))
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        _ => String::new(),
    }
}

/// The persons entered, and two empty rows for more.
fn people(field: &FormField, value: &Value) -> Vec<[String; 5]> {
    let entered = value.as_array().map_or(&[][..], Vec::as_slice);
    let row = |p: &Value| {
        let (name, relation) = (&p["name"], &p["relation"]);
        [&name["en"], &name["hi"], &relation["en"], &relation["hi"], &p["age"]].map(plain)
    };
    let mut rows: Vec<[String; 5]> = entered.iter().map(row).collect();
    let wanted = (rows.len() + 2).max(field.least.unwrap_or(1)).min(field.max.unwrap_or(12));
    rows.resize(wanted.max(rows.len()), <[String; 5]>::default());
    rows
}

/// What a browser sent for these fields: `name.en`, `members.0.age`, ….
pub fn sent<'a>(fields: impl Iterator<Item = &'a FormField>, pairs: &[(String, String)]) -> Answers {
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim());
    let mut answers = Answers::new();
    for field in fields {
        let id = &field.id;
        let both = |name: &str| {
            let mut both = Map::new();
            for language in ["en", "hi"] {
                if let Some(text) = get(&format!("{name}.{language}")).filter(|t| !t.is_empty()) {
                    both.insert(language.to_owned(), json!(text));
                }
            }
            Value::Object(both)
        };
        let value = match field.kind {
            FormKind::Name | FormKind::Text => both(id),
            FormKind::People => {
                let person = |row: usize| {
                    let name = both(&format!("{id}.{row}.name"));
                    let relation = both(&format!("{id}.{row}.relation"));
                    let age = get(&format!("{id}.{row}.age")).unwrap_or_default();
                    let empty = name.as_object().is_some_and(Map::is_empty) && age.is_empty();
                    (!empty).then(|| json!({ "name": name, "relation": relation, "age": age }))
                };
                (0..field.max.unwrap_or(12)).filter_map(person).collect()
            }
            // Never kept whole: what is not an Aadhaar number is not kept at all.
            FormKind::Aadhaar => {
                use mohar_schemas::entry::{Shape, shaped};
                let text = get(id).unwrap_or_default();
                let short = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
                if short {
                    json!(text)
                } else {
                    shaped(id, Shape::Aadhaar, text).map_or(Value::Null, |t| json!(t))
                }
            }
            _ => get(id).map_or(Value::Null, |t| json!(t)),
        };
        answers.insert(id.clone(), value);
    }
    answers
}

/// An answer in words.
pub fn shown(field: &FormField, value: &Value, today: Date) -> Words {
    let both = |v: &Value| {
        let en = plain(&v["en"]);
        let hi = plain(&v["hi"]);
        Words { hi: if hi.is_empty() { en.clone() } else { hi }, en }
    };
    match field.kind {
        FormKind::Name | FormKind::Text if value.is_object() => both(value),
        FormKind::Day => {
            let day = value.as_str().and_then(|t| t.parse::<Date>().ok());
            Words::same(day.map_or_else(|| plain(value), date))
        }
        FormKind::Amount => Words::same(value.as_i64().map_or_else(|| plain(value), rupees)),
        FormKind::Choice => {
            let choices = field.choices(today);
            let known = choices.into_iter().find(|(id, _)| value.as_str() == Some(id));
            known.map_or_else(|| Words::same(plain(value)), |(_, words)| words)
        }
        FormKind::YesNo => match value.as_bool() {
            Some(true) => Words::new("Yes", "हाँ"),
            Some(false) => Words::new("No", "नहीं"),
            None => Words::same(plain(value)),
        },
        FormKind::Aadhaar => Words::same(format!("XXXX XXXX {}", plain(value))),
        FormKind::People => {
            let people = value.as_array().map_or(&[][..], Vec::as_slice);
            let line = |p: &Value| {
                let (name, relation) = (both(&p["name"]), both(&p["relation"]));
                let age = plain(&p["age"]);
                Words::new(
                    format!("{} ({}, {age})", name.en, relation.en),
                    format!("{} ({}, {age})", name.hi, relation.hi),
                )
            };
            let lines: Vec<Words> = people.iter().map(line).collect();
            let join = |of: fn(&Words) -> &str| lines.iter().map(of).collect::<Vec<_>>().join("; ");
            Words::new(join(|w| &w.en), join(|w| &w.hi))
        }
        _ => Words::same(plain(value)),
    }
}
