//! Problem documents. Inside there are typed errors; only here do they become HTTP.

use crate::limits::retry_after;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_issuer::ports::StoreError;
use mohar_issuer::request::Fault;
use mohar_schemas::verdict;
use mohar_schemas::words::Words;
use serde::Serialize;
use std::borrow::Cow;
use std::num::NonZeroU32;

/// What went wrong, and what to do.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: Box<str>,
    title: Box<str>,
    status: u16,
    detail: Box<str>,
    detail_hi: Cow<'static, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<Fault>,
    #[serde(skip)]
    pub retry_after_s: Option<NonZeroU32>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:mohar:problem:{kind}").into(),
            title: kind.replace('-', " ").into(),
            status: status.as_u16(),
            detail: detail.into().into(),
            detail_hi: verdict::problem_hi(kind).into(),
            faults: vec![],
            retry_after_s: None,
        }
    }

    /// With a sentence of its own in Hindi, too.
    pub fn in_hindi(self, detail_hi: String) -> Self {
        Self { detail_hi: detail_hi.into(), ..self }
    }

    /// What went wrong, in both languages.
    pub fn detail(&self) -> Words {
        Words::new(self.detail.as_ref(), self.detail_hi.as_ref())
    }

    /// Whether more was sent than is read.
    pub fn is_too_large(&self) -> bool {
        self.status == StatusCode::PAYLOAD_TOO_LARGE.as_u16()
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

impl Problem {
    pub fn too_large(bytes: usize) -> Self {
        let detail = format!("The body is too large: at most {} KiB are read here.", bytes / 1024);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    }

    /// What the layers below us answer in plain text.
    fn of_status(status: StatusCode) -> Option<Self> {
        let (kind, detail) = match status {
            StatusCode::PAYLOAD_TOO_LARGE => {
                ("too-large", "The body is too large: 64 KiB for a request, 10 MiB for a picture.")
            }
            StatusCode::REQUEST_TIMEOUT => ("timeout", "The request took too long. Send it again."),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method", "This address does not take this method. The API is described at /openapi.json.")
            }
            StatusCode::BAD_REQUEST => {
                ("bad-request", "The request could not be read. The API is described at /openapi.json.")
            }
            StatusCode::INTERNAL_SERVER_ERROR => {
                ("internal", "Something went wrong here. Nothing was stored; send the same request again.")
            }
            _ => return None,
        };
        Some(Self::new(status, kind, detail))
    }
}

/// Every refusal is a problem document, whoever refused.
pub async fn in_our_form(answer: Response) -> Response {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    // What says why in JSON says it in a form of its own: the simulator's refusals are Meta's.
    let ours = kind.is_some_and(|kind| kind == PROBLEM || kind == "application/json");
    if ours {
        return answer;
    }
    Problem::of_status(answer.status()).map_or(answer, IntoResponse::into_response)
}

const PROBLEM: &str = "application/problem+json";

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let answer = (status, [(header::CONTENT_TYPE, PROBLEM)], body);
        match self.retry_after_s {
            Some(wait_s) => ([retry_after(wait_s)], answer).into_response(),
            None => answer.into_response(),
        }
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
