//! Follows which certificates' holders want to be told: only what is new is read, from wishes that have
//! changed and certificates that were issued since.

use crate::app::App;
use mohar_issuer::ports::{Ledger, StoreError};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// A wish counts on every node within this.
const EVERY: Duration = Duration::from_secs(2);

/// How far it has been read.
struct Read {
    /// Changes of wishes.
    change: i64,
    /// Certificates.
    size: u64,
}

/// Keeps the set as the store has it, again and again.
pub async fn follow(app: Arc<App>) {
    let mut read = None;
    loop {
        if let Err(e) = go_on(&app, &mut read).await {
            tracing::warn!(error = %e, "wishes to be told were not read; it is tried again");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn go_on(app: &App, read: &mut Option<Read>) -> Result<(), StoreError> {
    let size = app.store.size().await?;
    // What was issued before the first look comes with the wishes.
    let read = read.get_or_insert(Read { change: 0, size });
    let wanted = || app.told.wanted.write().unwrap_or_else(PoisonError::into_inner);
    loop {
        let wishes = app.store.wishes_since(read.change).await?;
        if wishes.is_empty() {
            break;
        }
        for (citizen, wish, change) in wishes {
            let held = app.store.held_by(&citizen).await?;
            let mut wanted = wanted();
            for index in held {
                let _ = if wish { wanted.insert(index) } else { wanted.remove(&index) };
            }
            read.change = change;
        }
    }
    if read.size < size {
        let issued = app.store.wanted_between(read.size, size).await?;
        wanted().extend(issued);
        read.size = size;
    }
    Ok(())
}
