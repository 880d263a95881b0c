//! Many certificates at once: those an officer had a hand in between two days. One administrator sees
//! what it would be and proposes it, another confirms; every certificate gets its entry in the log.

use super::super::desk::{desk, write};
use super::super::{Failure, Page, html, today, view};
use super::{ADMINISTRATOR, administrator};
use crate::app::App;
use crate::edge::{now_s, random};
use axum::extract::{Form, State};
use axum::response::Response;
use jiff::civil::Date;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Officer, State as Stage, act};
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_keys::file::hex;
use mohar_schemas::status::{Detail, Status};
use mohar_schemas::tables;
use mohar_schemas::words::Words;
use mohar_store::office::Proposal;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is proposed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Plan {
    officer: String,
    from: Date,
    until: Date,
    reason: String,
    /// The applications whose certificates are withdrawn.
    numbers: Vec<String>,
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(rename = "do")]
    act: String,
    #[serde(default)]
    officer: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    page(&app, p, None, None).await
}

pub async fn change(
    State(app): State<Arc<App>>,
    p: Page,
    Form(wish): Form<Wish>,
) -> Result<Response, Failure> {
    let me = administrator(&app, &p).await?;
    if let Some(id) = wish.act.strip_prefix("confirm:") {
        let message = confirm(&app, &me, id).await?;
        return page(&app, p, Some(message), None).await;
    }
    let days = wish.from.parse::<Date>().ok().zip(wish.until.parse::<Date>().ok()).filter(|(a, b)| a <= b);
    let reason = tables::table("status-reasons").and_then(|t| t.by_id(&wish.reason));
    let (Some((from, until)), Some(reason)) = (days, reason) else {
        return page(&app, p, Some("revocation_wrong"), None).await;
    };
    let officer = wish.officer.trim().to_owned();
    let numbers = found(&app, &me, &officer, from, until).await?;
    let plan = Plan { officer, from, until, reason: reason.id.clone(), numbers };
    if wish.act != "propose" || plan.numbers.is_empty() {
        return page(&app, p, None, Some(plan)).await;
    }
    let mut bytes = [0; 8];
    random(&mut bytes);
    let body = serde_json::to_string(&plan).map_err(|e| Failure::Away(e.to_string()))?;
    tracing::warn!(by = %me.id, officer = %plan.officer, count = plan.numbers.len(), "a mass revocation is proposed");
    app.store.propose(&Proposal { id: hex(&bytes), by_officer: me.id, body, at_s: now_s() }).await?;
    page(&app, p, Some("revocation_proposed"), None).await
}

/// Issued applications that an officer recommended or approved, at the administrator's offices.
async fn found(
    app: &App,
    me: &Officer,
    officer: &str,
    from: Date,
    until: Date,
) -> Result<Vec<String>, Failure> {
    let (mut numbers, mut after) = (vec![], String::new());
    loop {
        let page = app.store.in_state("issued", &after).await?;
        let Some(last) = page.last() else { return Ok(numbers) };
        after.clone_from(&last.number);
        let theirs = |a: &&Application| match &a.state {
            Stage::Issued { by, on, certificate: Some(_) } => {
                me.is(ADMINISTRATOR, &a.office)
                    && (from..=until).contains(on)
                    && by.iter().flatten().any(|b| b == officer)
            }
            _ => false,
        };
        numbers.extend(page.iter().filter(theirs).map(|a| a.number.clone()));
    }
}

/// Carries a proposal out. One that was broken off is confirmed again: what is withdrawn stays so.
async fn confirm(app: &App, me: &Officer, id: &str) -> Result<&'static str, Failure> {
    let Some(proposal) = app.store.proposals().await?.into_iter().find(|p| p.id == id) else {
        return Err(Failure::NotFound);
    };
    if proposal.by_officer == me.id {
        return Ok("revocation_same");
    }
    let plan: Plan = serde_json::from_str(&proposal.body).map_err(|e| Failure::Away(e.to_string()))?;
    let reason =
        tables::table("status-reasons").and_then(|t| t.by_id(&plan.reason)).ok_or(Failure::NotFound)?;
    for number in &plan.numbers {
        let Some(application) = app.store.application(number).await? else { continue };
        let Stage::Issued { certificate: Some(id), .. } = &application.state else { continue };
        let Some(record) = app.store.by_id(id).await? else { continue };
        let marked = app.store.marked(record.index, record.index + 1).await?;
        if !marked.first().map_or(Status::Valid, |(now, _)| *now).may_become(Status::Revoked) {
            continue;
        }
        let desk = desk(&application.service, "console")?;
        let event = act::status(&application, &desk, me, Status::Revoked, &reason.en);
        write(app, &desk, &application, &[event], With::default()).await?;
        let detail = Detail { index: record.index, since: today(), reason: reason.code, superseded_by: None };
        match app.store.set_status(Status::Revoked, detail).await {
            Ok(()) | Err(StoreError::Transition(..)) => {}
            Err(e) => return Err(e.into()),
        }
    }
    app.status_changed().await;
    app.store.confirmed(id).await?;
    tracing::warn!(by = %me.id, count = plan.numbers.len(), "a mass revocation is carried out");
    Ok("revocation_done")
}

async fn page(
    app: &App,
    p: Page,
    message: Option<&'static str>,
    preview: Option<Plan>,
) -> Result<Response, Failure> {
    let me = administrator(app, &p).await?;
    let reasons = tables::table("status-reasons").map_or(&[][..], |t| t.rows.as_slice()).iter();
    let reasons = reasons.map(|r| (r.id.clone(), p.w(&Words::new(&r.en, &r.hi)).to_owned())).collect();
    let line = |plan: &Plan| format!("{} · {} – {}", plan.officer, plan.from, plan.until);
    let open = app.store.proposals().await?.into_iter().filter_map(|proposal| {
        let plan: Plan = serde_json::from_str(&proposal.body).ok()?;
        Some((proposal.id, line(&plan), plan.numbers.len(), proposal.by_officer != me.id))
    });
    let open = open.collect();
    let preview = preview.map(|plan| view::Preview {
        officer: plan.officer,
        from: plan.from.to_string(),
        until: plan.until.to_string(),
        reason: plan.reason,
        numbers: plan.numbers,
    });
    Ok(html(&view::Revocations { p, message, reasons, open, preview }))
}
