//! Step 1: what a department sends.

pub use mohar_schemas::entry::Fault;
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
