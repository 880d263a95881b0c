//! From answers to the request for a certificate.

use super::Application;
use crate::request::Request;
use mohar_schemas::service::Service;
use mohar_schemas::types;
use serde_json::{Map, Value, json};

/// The request for the certificate of a service; none where none comes out. The form and the
/// certificate use the same names, which the catalogue has checked.
#[must_use]
pub fn request(service: &Service, application: &Application) -> Option<Request> {
    let kind = types::by_id(service.outcome.certificate.as_ref()?)?;
    let mut fields = Map::new();
    for field in &kind.fields {
        if let Some(answer) = application.answers.get(&field.id) {
            fields.insert(field.id.clone(), printed(answer));
        }
    }
    Some(Request { kind: kind.id.clone(), office: application.office.clone(), valid_from: None, fields })
}

/// A list of persons becomes one text; everything else is as answered.
fn printed(answer: &Value) -> Value {
    let Some(people) = answer.as_array() else { return answer.clone() };
    let line = |language: &str| -> Option<String> {
        let one = |person: &Value| {
            let text = |key: &str| person[key][language].as_str();
            Some(format!("{} ({}, {})", text("name")?, text("relation")?, person["age"]))
        };
        people.iter().map(one).collect::<Option<Vec<_>>>().map(|all| all.join(", "))
    };
    match (line("en"), line("hi")) {
        (en, Some(hi)) => json!({ "en": en, "hi": hi }),
        (en, None) => json!({ "en": en }),
    }
}
