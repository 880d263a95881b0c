//! Keeps what the webhook brings in groups: one sync makes many calls durable that come together.

use super::CHANNEL;
use crate::edge::now_s;
use mohar_issuer::ports::StoreError;
use mohar_store::chat::Arrival;
use mohar_store::engine::Store;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The most calls in one transaction.
const GROUP_MAX: usize = 256;
/// The most calls that wait; beyond, callers wait for a place.
const QUEUE_MAX: usize = 4_096;

type Call = (Vec<Arrival>, oneshot::Sender<Result<(), StoreError>>);

/// The way in for events. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Keeper(mpsc::Sender<Call>);

impl Keeper {
    /// Starts one on the current runtime; it ends when the last handle is dropped.
    pub fn start(store: Arc<Store>) -> Self {
        let (sender, mut queue) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(async move {
            let mut calls: Vec<Call> = Vec::with_capacity(GROUP_MAX);
            while queue.recv_many(&mut calls, GROUP_MAX).await > 0 {
                keep(&store, std::mem::take(&mut calls)).await;
            }
        });
        Self(sender)
    }

    /// Keeps the events of a call, all or nothing; answers when they are durable.
    pub async fn keep(&self, arrivals: Vec<Arrival>) -> Result<(), StoreError> {
        let stopped = || StoreError::Driver("the keeper of events has stopped".into());
        let (answer, answered) = oneshot::channel();
        self.0.send((arrivals, answer)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn keep(store: &Store, calls: Vec<Call>) {
    let all: Vec<Arrival> = calls.iter().flat_map(|(arrivals, _)| arrivals.iter().cloned()).collect();
    let together = store.keep_events(CHANNEL, &all, now_s()).await.is_ok();
    for (arrivals, answer) in calls {
        // What the store does not take of one call is no other's fault: each has its own try.
        let kept =
            if together { Ok(()) } else { store.keep_events(CHANNEL, &arrivals, now_s()).await.map(drop) };
        // A platform that went away tells it again.
        let _ = answer.send(kept);
    }
}
