//! The local gateway, for the demo and the tests. Its page can be as unkind as a real one: it loses,
//! repeats and delays callbacks on request.

use super::super::{Failure, Page, html, pages, view};
use super::Gateway;
use crate::app::App;
use axum::extract::{Form, Path, State};
use axum::response::{Redirect, Response};
use hmac::{Hmac, KeyInit, Mac};
use mohar_keys::file::{hex, unhex};
use mohar_verifier::report::rupees;
use serde::Deserialize;
use sha2::Sha256;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How late a payment comes that is delayed.
const DELAYED: Duration = Duration::from_secs(3);

/// The gateway's own books, a file with an order a line (`refund ORDER` for money given back), and the
/// secret it shares with us.
pub struct Local {
    secret: [u8; 32],
    books: PathBuf,
}

impl Local {
    pub fn new(secret: [u8; 32], books: PathBuf) -> Self {
        Self { secret, books }
    }

    /// What was paid stays paid, whatever happens to either side afterwards.
    pub fn book(&self, line: &str) -> std::io::Result<()> {
        let mut books = OpenOptions::new().append(true).create(true).open(&self.books)?;
        books.write_all(format!("{line}\n").as_bytes())?;
        books.sync_all()
    }

    fn booked(&self, line: &str) -> bool {
        let books = std::fs::read_to_string(&self.books).unwrap_or_default();
        books.lines().any(|l| l == line)
    }

    fn mac(&self, order: &str) -> Hmac<Sha256> {
        // Unwrap safety: a key of any length is taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("a key of any length");
        mac.update(order.as_bytes());
        mac
    }

    /// The order of a callback that we signed.
    pub fn signed(&self, callback: &HashMap<String, String>) -> Option<String> {
        let order = callback.get("order")?;
        let signature = unhex(callback.get("signature")?)?;
        self.mac(order).verify_slice(&signature).is_ok().then(|| order.clone())
    }

    /// Whether an order has been paid.
    pub fn has_been_paid(&self, order: &str) -> bool {
        self.booked(order)
    }

    /// Gives it back, once.
    pub fn refund(&self, order: &str) -> Result<(), String> {
        let line = format!("refund {order}");
        if self.booked(&line) { Ok(()) } else { self.book(&line).map_err(|e| e.to_string()) }
    }
}

fn local(app: &App) -> Result<Arc<Local>, Failure> {
    match &pages(app).gateway {
        Gateway::Local(local) => Ok(Arc::clone(local)),
        Gateway::Hosted(_) => Err(Failure::NotFound),
    }
}

/// The gateway's page.
pub async fn show(
    State(app): State<Arc<App>>,
    p: Page,
    Path(order): Path<String>,
) -> Result<Response, Failure> {
    local(&app)?;
    let order = app.store.order_by_id(&order).await?.ok_or(Failure::NotFound)?;
    let (application, rupees) = (order.application, rupees(order.rupees));
    Ok(html(&view::Gateway { p, application, rupees, order: order.order_id }))
}

/// What becomes of the callback.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    /// The browser carries it back.
    #[default]
    Kindly,
    /// It never comes.
    Lost,
    /// Money and callback come later, when the browser is back already.
    Late,
    /// The citizen changes their mind.
    Declined,
}

#[derive(Deserialize)]
pub struct Payment {
    #[serde(default)]
    how: How,
}

/// The citizen pays.
pub async fn pay(
    State(app): State<Arc<App>>,
    Path(order): Path<String>,
    Form(payment): Form<Payment>,
) -> Result<Redirect, Failure> {
    let gateway = local(&app)?;
    let order = app.store.order_by_id(&order).await?.ok_or(Failure::NotFound)?;
    let book = |gateway: &Local, order: &str| gateway.book(order).map_err(|e| Failure::Away(e.to_string()));
    let home = format!("/apply/a/{}", order.application);
    match payment.how {
        How::Kindly => {
            book(&gateway, &order.order_id)?;
            let signature = hex(&gateway.mac(&order.order_id).finalize().into_bytes());
            Ok(Redirect::to(&format!("/apply/paid?order={}&signature={signature}", order.order_id)))
        }
        How::Lost => {
            book(&gateway, &order.order_id)?;
            Ok(Redirect::to(&home))
        }
        How::Late => {
            tokio::spawn(async move {
                tokio::time::sleep(DELAYED).await;
                // Nobody is told: who asks will see it.
                let _ = gateway.book(&order.order_id);
            });
            Ok(Redirect::to(&home))
        }
        How::Declined => Ok(Redirect::to(&home)),
    }
}
