//! Step 1: what a department sends.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of `POST /v1/certificates`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Id of the certificate type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Id of the issuing office.
    pub office: String,
    /// The first valid day, `YYYY-MM-DD`; left out: the day of issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// The fields of the type.
    pub fields: Map<String, Value>,
}

/// One thing wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field, `office` or `type`.
    pub field: String,
    /// The rule that is broken; a stable name.
    pub rule: &'static str,
    /// In English.
    pub en: String,
    /// In Hindi.
    pub hi: String,
}

impl Fault {
    /// A fault of a field.
    #[must_use]
    pub fn new(field: &str, rule: &'static str, en: impl Into<String>, hi: impl Into<String>) -> Self {
        Self { field: field.to_owned(), rule, en: en.into(), hi: hi.into() }
    }
}
