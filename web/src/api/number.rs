//! `POST /v1/verify/number`: `{"number": …, "fact": {"kind": "date-of-birth" | "name", "value": …}}`.

use super::problem::Problem;
use super::verify::{Asked, counted};
use crate::app::App;
use crate::by_number::{self, Question};
use crate::limits::Caller;
use crate::told::Checker;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use mohar_verifier::Report;
use std::sync::Arc;

pub async fn verify(
    State(app): State<Arc<App>>,
    Caller(caller): Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Report>, Problem> {
    let purpose = asked.purpose()?;
    // What was sent is personal: the answer says where it is wrong, and quotes nothing.
    let question: Question = serde_json::from_slice(&body).map_err(|e| {
        let detail = format!(
            "Send {{\"number\": …, \"fact\": {{\"kind\": \"date-of-birth\" or \"name\", \"value\": …}}}}; line {}, column {} does not fit.",
            e.line(),
            e.column()
        );
        Problem::new(StatusCode::BAD_REQUEST, "json", detail)
    })?;
    let report = by_number::answer(&app, &caller, &question, purpose, Checker::Request(&headers)).await?;
    Ok(counted(&app, report))
}
