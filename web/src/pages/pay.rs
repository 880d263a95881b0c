//! The fee: to the gateway, back by its signed callback, and by asking it, since callbacks get lost.
//! Money that comes too late goes back.

use super::citizen::own;
use super::desk::{desk, fee, write};
use super::{Failure, Page, html, pages, view};
use crate::app::App;
use crate::edge::{now_s, random};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::act;
use mohar_issuer::application::money::PAISE;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, State as Stage};
use mohar_issuer::ports::StoreError;
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_store::money::Order;
use mohar_verifier::report::rupees;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often is looked for orders that are due to be asked about.
const RECONCILED_EVERY: Duration = Duration::from_secs(2);
/// An order is asked about again after this share of its age, within these bounds.
const AGE_SHARE: i64 = 4;
const ASK_AFTER_S: (i64, i64) = (4, 6 * 3_600);

pub async fn start(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let application = own(&app, &p, &number).await?;
    let Stage::Unpaid { rupees } = application.state else { return Err(Failure::NotFound) };
    let url = checkout(&app, &number, rupees).await?;
    if url.starts_with('/') {
        return Ok(Redirect::to(&url).into_response());
    }
    // A form of ours may not be redirected elsewhere (`form-action`), and gateways lead on to addresses
    // that nobody can list: a page that goes there by itself may.
    let refresh = format!("0; url={url}");
    Ok(([(header::REFRESH, refresh)], html(&view::GatewayAhead { p, url })).into_response())
}

/// The application's order at the gateway, and where the citizen pays it.
pub async fn checkout(app: &App, number: &str, rupees: u32) -> Result<String, Failure> {
    let mut name = [0; 16];
    random(&mut name);
    let order = app.store.order(number, rupees, &hex(&name), now_s()).await?;
    let back = format!("{}/apply/paid", app.base_url);
    let (url, reference) = pages(app).gateway.checkout(&order, back).await.map_err(Failure::Away)?;
    if let Some(reference) = reference.filter(|r| order.reference.as_ref() != Some(r)) {
        app.store.refer(&order.order_id, &reference).await?;
    }
    Ok(url)
}

/// The gateway's callback. It may be lost, repeated or forged: only what it says twice counts.
pub async fn paid(
    State(app): State<Arc<App>>,
    Query(callback): Query<HashMap<String, String>>,
) -> Result<Redirect, Failure> {
    let order = pages(&app).gateway.signed(&callback).ok_or(Failure::NotFound)?;
    let order = app.store.order_by_id(&order).await?.ok_or(Failure::NotFound)?;
    reconcile(&app, &order).await?;
    Ok(Redirect::to(&format!("/apply/a/{}", order.application)))
}

/// Asks the gateway about an application's order; true if the application moved.
pub async fn asked(app: &App, application: &Application) -> Result<bool, Failure> {
    match app.store.order_of(&application.number).await? {
        Some(order) => reconcile(app, &order).await,
        None => Ok(false),
    }
}

/// Asks the gateway, and books what it says; true if something moved.
async fn reconcile(app: &App, order: &Order) -> Result<bool, Failure> {
    let application = app.store.application(&order.application).await?.ok_or(Failure::NotFound)?;
    let desk = desk(&application.service, "gateway")?;
    let gateway = &pages(app).gateway;
    let (id, fee) = (order.order_id.as_str(), fee(&desk, &application, order.rupees));
    let done = match order.state.as_str() {
        "open" if !gateway.has_been_paid(order).await.map_err(Failure::Away)? => {
            let wait_s = ((desk.now_s - order.created_s) / AGE_SHARE).clamp(ASK_AFTER_S.0, ASK_AFTER_S.1);
            app.store.ask_again(id, desk.now_s + wait_s).await?;
            return Ok(false);
        }
        "open" => {
            if let Ok((next, event)) = act::paid(application.clone(), &desk, "gateway") {
                let with = With { order: Some(id), transfers: &[fee.paid(id)], ..With::default() };
                write(app, &desk, &next, &[event], with).await
            } else {
                // Withdrawn while the money was on its way: booked, and owed back.
                let turned = app.store.turn(id, ("open", "refund-due"), Some(0), &fee.paid(id)).await;
                turned.map_err(Failure::from)
            }
        }
        "refund-due" => {
            gateway.refund(order).await.map_err(Failure::Away)?;
            let turned = app.store.turn(id, ("refund-due", "refunded"), None, &fee.refunded(id)).await;
            turned.map_err(Failure::from)
        }
        _ => return Ok(false),
    };
    match done {
        // Somebody else booked it at the same moment.
        Err(Failure::Overtaken) => Ok(true),
        other => other.map(|()| true),
    }
}

/// Asks about orders, again and again: callbacks get lost, and not everybody comes back to look.
pub async fn reconcile_all(app: Arc<App>) {
    loop {
        for order in app.store.orders_to_ask(now_s()).await.unwrap_or_default() {
            if let Err(Failure::Away(what)) = reconcile(&app, &order).await {
                tracing::warn!(what, "a payment was not reconciled; it is tried again");
                let _: Result<(), StoreError> = app.store.ask_again(&order.order_id, now_s() + 30).await;
            }
        }
        tokio::time::sleep(RECONCILED_EVERY).await;
    }
}

/// What moved for an application, as a page to print.
pub async fn receipt(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let application = own(&app, &p, &number).await?;
    receipt_of(&app, p, &application).await
}

/// The receipt of an application, for whoever may see it.
pub async fn receipt_of(app: &App, p: Page, application: &Application) -> Result<Response, Failure> {
    let transfers = app.store.transfers_of(&application.number).await?;
    if transfers.is_empty() {
        return Err(Failure::NotFound);
    }
    let service = published().service(&application.service).ok_or(Failure::NotFound)?;
    let rows = transfers.iter().map(|t| {
        let what = match t.id.split('/').next() {
            Some("refunded") => p.t("receipt_refund"),
            Some("assisted") => p.t("receipt_assisted"),
            Some("cash") => p.t("receipt_cash"),
            _ => p.t("receipt_fee"),
        };
        (super::story::when(t.at_s), what, t.id.clone(), rupees(t.paise / PAISE))
    });
    let rows = rows.collect();
    let (service, number) = (p.w(&service.name).to_owned(), application.number.clone());
    Ok(html(&view::Receipt { p, number, service, rows }))
}
