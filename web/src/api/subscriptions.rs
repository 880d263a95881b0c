//! `/v1/subscriptions`: a verifier who holds a certificate asks to hear of its status. The holder is asked,
//! and only after an explicit yes, and until it is taken back or its day is over, is anything told.

use super::certificates::{bearer, unauthorized};
use super::problem::Problem;
use super::webhooks::{URL_MAX, is_taken, parsed};
use crate::app::App;
use crate::edge::{now_s, random};
use crate::pages::today;
use crate::subscriptions::settle;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::civil::Date;
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_issuer::request::Fault;
use mohar_issuer::seal::Record;
use mohar_issuer::subscription::{Act, By, State as Stage, Subscription, Verifier, lasts};
use mohar_keys::file::hex;
use mohar_schemas::status::Status;
use mohar_schemas::{purpose, sha256};
use mohar_store::outbox::Webhook;
use mohar_store::subscriptions::{Asked, Holder};
use mohar_verifier::authenticate_text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    code: String,
    purpose: String,
    until: Date,
    url: String,
}

/// Who calls: the verifier behind `Authorization: Bearer …`.
async fn caller(app: &App, headers: &HeaderMap) -> Result<Verifier, Problem> {
    let hash = sha256(bearer(headers).ok_or_else(unauthorized)?.as_bytes());
    let Some(verifier) = app.store.verifier(&hash).await? else {
        if app.store.api_key(&hash).await?.is_none() {
            return Err(unauthorized());
        }
        let detail = "This API key is a department's. Subscriptions are for verifiers, whose name and kind holders are told.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "verifier", detail));
    };
    app.limits.key(&verifier.id)?;
    Ok(verifier)
}

/// Asks the holder; the answer has the secret, once.
pub async fn ask(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let verifier = caller(&app, &headers).await?;
    let new: New = parsed(&body)?;
    let faults = faults(&app, &new);
    if !faults.is_empty() {
        return Err(Problem::faults(faults));
    }
    let record = certificate(&app, &new.code).await?;
    let Some(holder) = app.store.holder(record.index).await? else {
        let detail = "Nobody can be asked: no citizen has applied for this certificate here and can be reached. Only its holder could agree.";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-holder", detail));
    };
    let mut bytes = [0; 40];
    random(&mut bytes);
    let (id, secret) = (hex(&bytes[..8]), hex(&bytes[8..]));
    let subscription = subscription(id.clone(), verifier, &new, record, holder);
    let hook = Webhook {
        id: id.clone(),
        department: subscription.verifier.id.clone(),
        url: new.url,
        secret: secret.clone().into_bytes(),
    };
    let message = json!({ "template": "asked", "subscription": id }).to_string();
    let event = subscription.event(Stage::Asked, &By::Verifier, now_s());
    match app.store.ask(&subscription, &hook, &event, &message).await? {
        Asked::New => {
            tracing::info!(subscription = id, verifier = subscription.verifier.id, "a holder is asked");
            let mut answer = view(&subscription);
            answer["secret"] = secret.into();
            Ok((StatusCode::CREATED, Json(answer)))
        }
        Asked::Already(earlier) => Ok((StatusCode::OK, Json(view(&earlier)))),
        Asked::TooSoon(earlier) => {
            let (state, from) = (earlier.standing(today()).id(), earlier.again_from());
            let detail = format!(
                "You have asked about this certificate before ({state}). Ask again from {from} on, or ask the holder in person."
            );
            Err(Problem::new(StatusCode::CONFLICT, "asked-before", detail))
        }
    }
}

fn faults(app: &App, new: &New) -> Vec<Fault> {
    let mut faults = vec![];
    if purpose::by_id(&new.purpose).is_none() {
        faults.push(Fault::new(
            "purpose",
            "known-purpose",
            "An id of GET /v1/purposes, which the holder reads in words.",
            "GET /v1/purposes की सूची में से कोई एक; धारक उसे शब्दों में पढ़ेंगे।",
        ));
    }
    if !lasts(new.until, today()) {
        faults.push(Fault::new(
            "until",
            "within-a-year",
            "A day after today and at most 365 days from now, such as 2027-03-31.",
            "आज के बाद और 365 दिन के भीतर का कोई दिन, जैसे 2027-03-31।",
        ));
    }
    if !is_taken(app, &new.url) {
        faults.push(Fault::new(
            "url",
            "https",
            format!("An https address of at most {URL_MAX} characters."),
            format!("https से शुरू होने वाला, अधिक से अधिक {URL_MAX} अक्षरों का पता।"),
        ));
    }
    faults
}

/// The certificate that the verifier holds: a genuine code of ours whose status may still change.
async fn certificate(app: &App, code: &str) -> Result<Record, Problem> {
    let fault = || {
        Problem::faults(vec![Fault::new(
            "code",
            "genuine",
            "The text of the QR code on a genuine certificate of ours.",
            "हमारे असली प्रमाण पत्र पर छपे QR कोड का पाठ।",
        )])
    };
    let authentic = authenticate_text(code, &app.trust).map_err(|_| fault())?;
    let index = authentic.credential.index;
    let record = app.store.from(index, 1).await?.pop();
    let record = record.filter(|r| r.index == index && r.number == authentic.credential.number());
    let record = record.ok_or_else(fault)?;
    let marked = app.store.marked(index, index + 1).await?;
    match marked.first() {
        Some((status @ (Status::Revoked | Status::Superseded), _)) => {
            let detail =
                format!("This certificate is {} for good; its status does not change any more.", status.id());
            Err(Problem::new(StatusCode::CONFLICT, "status-final", detail))
        }
        _ => Ok(record),
    }
}

fn subscription(id: String, verifier: Verifier, new: &New, record: Record, holder: Holder) -> Subscription {
    Subscription {
        id,
        verifier,
        index: record.index,
        certificate: record.number,
        kind: record.kind,
        application: holder.application,
        citizen: holder.citizen,
        purpose: new.purpose.clone(),
        until: new.until,
        asked: today(),
        state: Stage::Asked,
    }
}

/// What the verifier sees: nothing of the holder.
fn view(s: &Subscription) -> Value {
    json!({
        "id": s.id, "certificate": s.certificate, "type": s.kind, "purpose": s.purpose,
        "until": s.until.to_string(), "asked": s.asked.to_string(), "state": s.standing(today()).id(),
    })
}

#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

pub async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(After { after }): Query<After>,
) -> Result<Json<Value>, Problem> {
    let verifier = caller(&app, &headers).await?;
    let all = app.store.subscriptions(&verifier.id, &after).await?;
    Ok(Json(json!({ "subscriptions": all.iter().map(view).collect::<Vec<_>>() })))
}

pub async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    Ok(Json(view(&own(&app, &headers, &id).await?)))
}

/// The verifier does not want to hear any more.
pub async fn end(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let subscription = own(&app, &headers, &id).await?;
    if let Some(to) = subscription.after(Act::End, today()) {
        match settle(&app, &subscription, to, &By::Verifier).await {
            // The holder was quicker: it has moved, and is shown as it is.
            Ok(()) | Err(StoreError::Overtaken) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(Json(view(&own(&app, &headers, &id).await?)))
}

/// One of the caller's own; another verifier's does not exist for it.
async fn own(app: &App, headers: &HeaderMap, id: &str) -> Result<Subscription, Problem> {
    let verifier = caller(app, headers).await?;
    let found = app.store.subscription(id).await?;
    found.filter(|s| s.verifier.id == verifier.id).ok_or_else(Problem::not_found)
}
