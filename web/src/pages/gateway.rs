//! Payment gateways: an order, a page where the citizen pays, a signed callback, and an answer to "has
//! it been paid?", since callbacks get lost.

mod hosted;
mod local;

pub use hosted::Hosted;
pub use local::{Local, pay, show};

use mohar_store::money::Order;
use std::collections::HashMap;
use std::sync::Arc;

/// What the gateway was asked and did not answer.
pub type Away = String;

/// Who takes the fees.
#[derive(Clone)]
pub enum Gateway {
    /// Ours, for the demo and the tests.
    Local(Arc<Local>),
    /// A hosted checkout.
    Hosted(Arc<Hosted>),
}

impl Gateway {
    /// Where the citizen pays, and the gateway's own name for the order.
    pub async fn checkout(&self, order: &Order, back: String) -> Result<(String, Option<String>), Away> {
        match self {
            Self::Local(_) => Ok((format!("/gateway/{}", order.order_id), None)),
            Self::Hosted(hosted) => {
                let (hosted, order) = (Arc::clone(hosted), order.clone());
                let (url, reference) = blocking(move || hosted.checkout(&order, &back)).await?;
                Ok((url, Some(reference)))
            }
        }
    }

    /// The order a callback speaks of, if the gateway signed it.
    pub fn signed(&self, callback: &HashMap<String, String>) -> Option<String> {
        match self {
            Self::Local(local) => local.signed(callback),
            Self::Hosted(hosted) => hosted.signed(callback),
        }
    }

    /// Whether an order has been paid.
    pub async fn has_been_paid(&self, order: &Order) -> Result<bool, Away> {
        match self {
            Self::Local(local) => Ok(local.has_been_paid(&order.order_id)),
            Self::Hosted(hosted) => {
                let (hosted, order) = (Arc::clone(hosted), order.clone());
                blocking(move || hosted.has_been_paid(&order)).await
            }
        }
    }

    /// Books an order as paid, for the demo's invented citizens.
    pub fn take(&self, order: &Order) -> std::io::Result<()> {
        match self {
            Self::Local(local) => local.book(&order.order_id),
            Self::Hosted(_) => Err(std::io::Error::other("only the demo's own gateway invents payments")),
        }
    }

    /// Gives the money back; asked again, it gives nothing more.
    pub async fn refund(&self, order: &Order) -> Result<(), Away> {
        match self {
            Self::Local(local) => local.refund(&order.order_id),
            Self::Hosted(hosted) => {
                let (hosted, order) = (Arc::clone(hosted), order.clone());
                blocking(move || hosted.refund(&order)).await
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, Away> + Send + 'static,
) -> Result<T, Away> {
    tokio::task::spawn_blocking(ask).await.map_err(|e| e.to_string())?
}
