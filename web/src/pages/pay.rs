//! The fee: to the gateway, back by its signed callback, and by asking it, since callbacks get lost.

use super::citizen::{desk, own, with};
use super::{Failure, Page, pages};
use crate::app::App;
use crate::edge::{now_s, random};
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use mohar_issuer::application::act;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, State as Stage};
use mohar_keys::file::hex;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How often open orders are asked about.
const RECONCILED_EVERY: Duration = Duration::from_secs(5);

pub async fn start(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Redirect, Failure> {
    let application = own(&app, &p, &number).await?;
    let Stage::Unpaid { rupees } = application.state else { return Err(Failure::NotFound) };
    let mut name = [0; 16];
    random(&mut name);
    let order = app.store.order(&number, rupees, &hex(&name), now_s()).await?;
    Ok(Redirect::to(&format!("/gateway/{}", order.order_id)))
}

#[derive(Deserialize)]
pub struct Callback {
    order: String,
    signature: String,
}

/// The gateway's callback. It may be lost, repeated or forged: only what it says twice counts.
pub async fn paid(
    State(app): State<Arc<App>>,
    Query(callback): Query<Callback>,
) -> Result<Redirect, Failure> {
    if !pages(&app).gateway.signed(&callback.order, &callback.signature) {
        return Err(Failure::NotFound);
    }
    let order = app.store.order_by_id(&callback.order).await?.ok_or(Failure::NotFound)?;
    let application = app.store.application(&order.application).await?.ok_or(Failure::NotFound)?;
    reconcile(&app, &application).await?;
    Ok(Redirect::to(&format!("/apply/a/{}", order.application)))
}

/// Asks the gateway, and moves a paid application on; true if it moved.
pub async fn reconcile(app: &App, application: &Application) -> Result<bool, Failure> {
    let Stage::Unpaid { rupees } = application.state else { return Ok(false) };
    let order = app.store.order(&application.number, rupees, &application.number, now_s()).await?;
    if order.state != "paid" && !pages(app).gateway.has_been_paid(&order.order_id) {
        return Ok(false);
    }
    let desk = desk(&application.service)?;
    let Ok((next, event)) = act::paid(application.clone(), &desk) else { return Ok(false) };
    let with = With { order: Some(&order.order_id), ..with(&desk, &next, Some(&event)) };
    app.store.write(&next, with).await?;
    Ok(true)
}

/// Asks the gateway about every open order, again and again: callbacks get lost, and not everybody
/// comes back to look.
pub async fn reconcile_all(app: Arc<App>) {
    loop {
        if let Ok(orders) = app.store.open_orders().await {
            for order in orders {
                if let Ok(Some(application)) = app.store.application(&order.application).await
                    && let Err(Failure::Away(what)) = reconcile(&app, &application).await
                {
                    tracing::warn!(what, "a payment was not reconciled; it is tried again");
                }
            }
        }
        tokio::time::sleep(RECONCILED_EVERY).await;
    }
}
