//! A citizen's own data: how to be told, everything in one file, and being forgotten (Digital Personal
//! Data Protection Act 2023, sections 11 and 12).

use super::desk::{desk, write};
use super::{Failure, Page, consents, html, pages, today, view};
use crate::app::App;
use crate::post::is_address;
use crate::subscriptions::withdraw_all;
use axum::extract::{Form, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use mohar_issuer::application::act;
use mohar_issuer::application::port::{Applications, With};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    page(&app, p, None).await
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(rename = "do")]
    act: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    sure: String,
}

pub async fn change(
    State(app): State<Arc<App>>,
    p: Page,
    Form(wish): Form<Wish>,
) -> Result<Response, Failure> {
    let who = p.who()?.to_owned();
    if let Some(message) = consents::change(&app, &p, &wish.act).await? {
        return page(&app, p, Some(message)).await;
    }
    let message = match wish.act.as_str() {
        "erase" if wish.sure == "yes" => {
            erase(&app, &who).await?;
            p.t("erased")
        }
        "erase" => p.t("erase_unsure"),
        _ => {
            let email = wish.email.trim();
            let language = if wish.language == "en" { "en" } else { "hi" };
            if !email.is_empty() && !is_address(email) {
                p.t("email_wrong")
            } else {
                app.store.set_citizen(&who, language, Some(email).filter(|e| !e.is_empty())).await?;
                p.t("saved")
            }
        }
    };
    page(&app, p, Some(message)).await
}

pub async fn page(app: &App, p: Page, message: Option<&'static str>) -> Result<Response, Failure> {
    let citizen = app.store.citizen_by_id(p.who()?).await?.ok_or(Failure::NotFound)?;
    let email = citizen.email.unwrap_or_default();
    let consents = consents::shown(app, &p).await?;
    let identity = app.store.identity(&citizen.id).await?.map(|i| super::identity::words(&p, &i));
    let aadhaar = app.proofs.checks_aadhaar();
    let digilocker = app.proofs.digilocker.is_some();
    Ok(html(&view::Me {
        language: citizen.language,
        email,
        identity,
        aadhaar,
        digilocker,
        consents,
        message,
        p,
    }))
}

/// Everything the service holds about the citizen who asks.
pub async fn export(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let who = p.who()?;
    let mut applications = vec![];
    for number in numbers(&app, who).await? {
        let Some(a) = app.store.application(&number).await? else { continue };
        let history = app.store.events(&number).await?;
        let history: Vec<_> = history
            .iter()
            .map(|e| json!({ "at": e.at_s, "by": e.actor, "act": e.act, "from": e.from, "to": e.to, "note": e.note.text() }))
            .collect();
        let money: Vec<_> = app.store.transfers_of(&number).await?;
        let money: Vec<_> =
            money.iter().map(|t| json!({ "id": t.id, "paise": t.paise, "at": t.at_s })).collect();
        applications.push(json!({
            "number": a.number, "service": a.service, "office": a.office, "state": a.state,
            "submitted": a.submitted, "answers": a.answers, "documents": a.documents, "history": history,
            "money": money,
        }));
    }
    let citizen = app.store.citizen_by_id(who).await?.map(
        |c| json!({ "channel": c.channel, "handle": c.handle, "language": c.language, "email": c.email }),
    );
    let identity = app.store.identity(who).await?;
    let subscriptions: Vec<_> = app.store.asked_of(who).await?;
    let subscriptions: Vec<_> = subscriptions
        .iter()
        .map(|s| json!({ "verifier": s.verifier.name, "kind": s.verifier.kind, "certificate": s.certificate, "purpose": s.purpose, "asked": s.asked.to_string(), "until": s.until.to_string(), "state": s.standing(today()).id() }))
        .collect();
    let all = json!({
        "citizen": citizen, "identity": identity, "applications": applications, "subscriptions": subscriptions,
        "told_of_checks": app.store.wants_checks(who).await?,
    });
    let body = serde_json::to_vec_pretty(&all).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mohar.json\""),
    ];
    Ok((headers, body).into_response())
}

/// The numbers of all of a citizen's applications, newest first.
async fn numbers(app: &App, who: &str) -> Result<Vec<String>, Failure> {
    let mut numbers: Vec<String> = vec![];
    loop {
        let before = numbers.last().cloned();
        let page = app.store.of_applicant(who, before.as_deref()).await?;
        if page.is_empty() {
            return Ok(numbers);
        }
        numbers.extend(page.into_iter().map(|a| a.number));
    }
}

/// Forgets what no law asks to keep: answers and documents first, then how the citizen is reached.
async fn erase(app: &App, who: &str) -> Result<(), Failure> {
    withdraw_all(app, who).await?;
    let mut kept = false;
    for number in numbers(app, who).await? {
        let Some(application) = app.store.application(&number).await? else { continue };
        let desk = desk(&application.service, "web")?;
        let Ok((next, event)) = act::erase(application, &desk) else {
            kept = true;
            continue;
        };
        write(app, &desk, &next, &[event], With { erase: true, ..With::default() }).await?;
        pages(app).files.erase(&number).map_err(|e| Failure::Away(e.to_string()))?;
    }
    app.store.forget_identity(who).await?;
    // Whoever still waits for the department must be able to sign in.
    if !kept {
        app.store.release(who).await?;
    }
    Ok(())
}
