//! The local payment gateway, for the demo and the tests: a hosted page, a signed callback, and an
//! answer to "has it been paid?", since callbacks get lost. A real gateway takes its place here.

use super::{Failure, Page, html, pages, view};
use crate::app::App;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use hmac::{Hmac, KeyInit, Mac};
use mohar_keys::file::{hex, unhex};
use mohar_verifier::report::rupees;
use sha2::Sha256;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// The gateway's own books, a file with an order a line, and the secret it shares with us.
pub struct Local {
    secret: [u8; 32],
    books: PathBuf,
}

impl Local {
    pub fn new(secret: [u8; 32], books: PathBuf) -> Self {
        Self { secret, books }
    }

    /// What was paid stays paid, whatever happens to either side afterwards.
    fn book(&self, order: &str) -> std::io::Result<()> {
        let mut books = OpenOptions::new().append(true).create(true).open(&self.books)?;
        books.write_all(format!("{order}\n").as_bytes())?;
        books.sync_all()
    }

    fn mac(&self, order: &str) -> Hmac<Sha256> {
        // Unwrap safety: a key of any length is taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("a key of any length");
        mac.update(order.as_bytes());
        mac
    }

    /// Whether a callback was signed by the gateway.
    pub fn signed(&self, order: &str, signature: &str) -> bool {
        unhex(signature).is_some_and(|s| self.mac(order).verify_slice(&s).is_ok())
    }

    /// Asks the gateway whether an order has been paid.
    pub fn has_been_paid(&self, order: &str) -> bool {
        let books = std::fs::read_to_string(&self.books).unwrap_or_default();
        books.lines().any(|line| line == order)
    }
}

/// The gateway's page.
pub async fn show(
    State(app): State<Arc<App>>,
    p: Page,
    Path(order): Path<String>,
) -> Result<Response, Failure> {
    let order = app.store.order_by_id(&order).await?.ok_or(Failure::NotFound)?;
    let (application, rupees) = (order.application, rupees(order.rupees));
    Ok(html(&view::Gateway { p, application, rupees, order: order.order_id }))
}

/// The citizen pays; the browser carries the signed callback back.
pub async fn pay(State(app): State<Arc<App>>, Path(order): Path<String>) -> Result<Redirect, Failure> {
    let order = app.store.order_by_id(&order).await?.ok_or(Failure::NotFound)?.order_id;
    let gateway = &pages(&app).gateway;
    gateway.book(&order).map_err(|e| Failure::Away(e.to_string()))?;
    let signature = hex(&gateway.mac(&order).finalize().into_bytes());
    Ok(Redirect::to(&format!("/apply/paid?order={order}&signature={signature}")))
}
