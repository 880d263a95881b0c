//! `POST /v1/certificates/{id}/status`.

use super::certificates::own;
use super::problem::Problem;
use crate::app::App;
use crate::edge::now_s;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use mohar_issuer::ports::Ledger;
use mohar_issuer::request::Fault;
use mohar_schemas::status::{Detail, Status};
use mohar_schemas::{number, tables};
use mohar_verifier::Evidence;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    status: String,
    reason: String,
    #[serde(default)]
    superseded_by: Option<String>,
}

pub async fn change(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let record = own(&app, &headers, &id).await?;
    let change: Change = serde_json::from_slice(&body).map_err(|e| {
        Problem::new(StatusCode::BAD_REQUEST, "json", format!("The body is not a change: {e}."))
    })?;
    let (status, reason, superseded_by) = read(&change).map_err(|f| Problem::faults(vec![f]))?;
    let since = Evidence { trust: &app.trust, status: &[], now_s: now_s() }.today();
    app.store.set_status(status, Detail { index: record.index, since, reason, superseded_by }).await?;
    app.status_changed().await;
    tracing::info!(index = record.index, status = status.id(), "status changed");
    Ok(Json(json!({ "id": id, "status": status.id(), "since": since.to_string() })))
}

fn read(change: &Change) -> Result<(Status, u16, Option<u64>), Fault> {
    let status = Status::by_id(&change.status).ok_or_else(|| {
        Fault::new(
            "status",
            "known-status",
            "One of valid, revoked, suspended, superseded.",
            "valid, revoked, suspended या superseded में से एक लिखें।",
        )
    })?;
    let reason = tables::table("status-reasons").and_then(|t| t.by_id(&change.reason)).ok_or_else(|| {
        Fault::new(
            "reason",
            "known-code",
            "Not a row of the table “status-reasons”.",
            "सूची में से कोई एक कारण चुनें।",
        )
    })?;
    let by = change.superseded_by.as_deref().map(|text| {
        number::read(text).ok_or_else(|| {
            Fault::new(
                "superseded_by",
                "number",
                "Not a certificate number; check its digits.",
                "यह प्रमाण पत्र संख्या सही नहीं है; अंक जाँच लें।",
            )
        })
    });
    let by = by.transpose()?;
    if (status == Status::Superseded) != by.is_some() {
        return Err(Fault::new(
            "superseded_by",
            "with-superseded",
            "Name the new certificate with the status superseded, and only then.",
            "नया प्रमाण पत्र केवल superseded के साथ बताएँ।",
        ));
    }
    Ok((status, reason.code, by))
}
