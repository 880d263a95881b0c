//! Step 3: groups what waits into one transaction, so that durability costs one sync for many.

use crate::ports::{Draft, Ledger, Outcome, StoreError};
use crate::seal::Sealer;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The most requests in one transaction.
const BATCH_MAX: usize = 256;
/// The most requests that wait; beyond, callers wait for a place.
const QUEUE_MAX: usize = 4_096;

type Waiting = (Draft, oneshot::Sender<Result<Outcome, StoreError>>);

/// The way into the ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sequencer(mpsc::Sender<Waiting>);

impl Sequencer {
    /// Starts a sequencer on the current runtime; it ends when the last handle is dropped.
    pub fn start<L: Ledger>(ledger: Arc<L>, sealer: Arc<Sealer>, clock: fn() -> i64) -> Self {
        let (sender, mut queue) = mpsc::channel(QUEUE_MAX);
        tokio::spawn(async move {
            let mut waiting: Vec<Waiting> = Vec::with_capacity(BATCH_MAX);
            while queue.recv_many(&mut waiting, BATCH_MAX).await > 0 {
                commit(ledger.as_ref(), &sealer, clock(), std::mem::take(&mut waiting)).await;
            }
        });
        Self(sender)
    }

    /// Issues one certificate; answers when it is durable.
    pub async fn issue(&self, draft: Draft) -> Result<Outcome, StoreError> {
        let stopped = || StoreError::Driver("the sequencer has stopped".into());
        let (answer, answered) = oneshot::channel();
        self.0.send((draft, answer)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn commit<L: Ledger>(ledger: &L, sealer: &Sealer, now_s: i64, waiting: Vec<Waiting>) {
    let (drafts, answers): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
    let result = ledger.append(drafts, |drafts, first| sealer.seal_all(drafts, first, now_s)).await;
    match result {
        // A caller that went away finds its certificate by its idempotency key.
        Ok(outcomes) => {
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                drop(answer.send(Ok(outcome)));
            }
        }
        Err(e) => {
            tracing::error!(error = %e, requests = answers.len(), "a batch was not issued");
            for answer in answers {
                drop(answer.send(Err(e.clone())));
            }
        }
    }
}
