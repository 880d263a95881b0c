//! Problem documents. Inside there are typed errors; only here do they become HTTP.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_issuer::ports::StoreError;
use mohar_issuer::request::Fault;
use serde::Serialize;

/// What went wrong, and what to do.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:mohar:problem:{kind}"),
            title: kind.replace('-', " "),
            status: status.as_u16(),
            detail: detail.into(),
            faults: vec![],
        }
    }

    pub fn faults(faults: Vec<Fault>) -> Self {
        let detail = "The request was not accepted and nothing was stored. Mend what “faults” names and send it again.";
        Self { faults, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-request", detail) }
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is nothing here. The API is described at /openapi.json.",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::NotFound => Self::not_found(),
            StoreError::Transition(..) => Self::new(StatusCode::CONFLICT, "status-transition", e.to_string()),
            // What is inside stays inside: the log has it.
            _ => {
                tracing::error!(error = %e, "a request failed");
                let again =
                    "The service could not do this now. Nothing was stored; send the same request again.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", again)
            }
        }
    }
}
