//! The outbox: messages wait here until they are sent, each recipient's about one application in order.
//! Any node may send: a message is claimed before, and comes back when its claim runs out.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::ports::StoreError;

const DUE: &str = "SELECT id, queue, kind, recipient, body, attempts, error FROM outbox o WHERE state = 'waiting' AND due_s <= $1 AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.queue = o.queue AND b.state = 'waiting' AND b.id < o.id) ORDER BY due_s, id LIMIT 50";
const CLAIM: &str = "UPDATE outbox SET due_s = $1, attempts = attempts + 1 WHERE id = $2 AND attempts = $3 AND state = 'waiting'";
const SENT: &str = "UPDATE outbox SET state = 'sent', error = NULL WHERE id = $1";
const LATER: &str = "UPDATE outbox SET state = $1, due_s = $2, error = $3 WHERE id = $4";
const DEAD: &str = "SELECT id, queue, kind, recipient, body, attempts, error FROM outbox WHERE state = 'dead' ORDER BY due_s, id LIMIT 100";
const REVIVE: &str =
    "UPDATE outbox SET state = 'waiting', due_s = 0, attempts = 0 WHERE id = $1 AND state = 'dead'";
const ADD_WEBHOOK: &str = "INSERT INTO webhooks (id, department, url, secret) VALUES ($1, $2, $3, $4)";
const WEBHOOK: &str = "SELECT id, department, url, secret FROM webhooks WHERE id = $1";
const WEBHOOKS_OF: &str =
    "SELECT id, department, url, secret FROM webhooks WHERE department = $1 ORDER BY id";
const DROP_WEBHOOK: &str = "DELETE FROM webhooks WHERE id = $1 AND department = $2";
const REPLAY: &str = "UPDATE outbox SET state = 'waiting', due_s = 0, attempts = 0 WHERE recipient = $1 AND id >= $2 AND state <> 'waiting'";

/// How long a claim lasts.
const CLAIM_S: i64 = 60;

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Mail {
    /// Its place in the outbox.
    pub id: i64,
    /// Recipient and application: what shares a queue goes in order.
    pub queue: String,
    /// `citizen` or `webhook`.
    pub kind: String,
    /// A citizen's id, or a webhook's.
    pub recipient: String,
    /// JSON.
    pub body: String,
    /// How often it has been tried.
    pub attempts: i64,
    /// Why it was not taken the last time.
    pub error: Option<String>,
}

/// Where a department wants to hear of acts.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Webhook {
    /// Its name.
    pub id: String,
    /// Whose.
    pub department: String,
    /// Where to.
    pub url: String,
    /// Signs what is sent.
    pub secret: Vec<u8>,
}

impl Store {
    /// Claims what is due, at most 50, the oldest of each queue.
    pub async fn claim(&self, now_s: i64) -> Result<Vec<Mail>, StoreError> {
        let due: Vec<Mail> = on!(self, read read => {
            sqlx::query_as(DUE).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })?;
        if due.is_empty() {
            return Ok(due);
        }
        on!(self, write tx => {
            let mut claimed = vec![];
            for mail in due {
                let done = sqlx::query(CLAIM).bind(now_s + CLAIM_S).bind(mail.id).bind(mail.attempts)
                    .execute(&mut *tx).await.map_err(driver)?;
                if done.rows_affected() == 1 {
                    claimed.push(Mail { attempts: mail.attempts + 1, ..mail });
                }
            }
            Ok(claimed)
        })
    }

    /// It has been taken.
    pub async fn sent(&self, id: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SENT).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// It was not taken: tried again at a time, or given up where none is given.
    pub async fn not_sent(
        &self,
        id: i64,
        again_s: Option<i64>,
        now_s: i64,
        why: &str,
    ) -> Result<(), StoreError> {
        let state = if again_s.is_some() { "waiting" } else { "dead" };
        on!(self, write tx => {
            sqlx::query(LATER).bind(state).bind(again_s.unwrap_or(now_s)).bind(why).bind(id)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// What was given up, at most 100.
    pub async fn dead_letters(&self) -> Result<Vec<Mail>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(DEAD).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Tries one that was given up again.
    pub async fn revive(&self, id: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(REVIVE).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Sends everything to a webhook again, from a place in the outbox on.
    pub async fn replay(&self, webhook: &str, from: i64) -> Result<u64, StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(REPLAY).bind(webhook).bind(from).execute(&mut *tx).await.map_err(driver)?;
            Ok(done.rows_affected())
        })
    }

    /// Subscribes a department.
    pub async fn add_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        let w = webhook;
        on!(self, write tx => {
            sqlx::query(ADD_WEBHOOK).bind(&w.id).bind(&w.department).bind(&w.url).bind(&w.secret)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// A subscription by its name.
    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(WEBHOOK).bind(id).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// The subscriptions of a department.
    pub async fn webhooks(&self, department: &str) -> Result<Vec<Webhook>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(WEBHOOKS_OF).bind(department).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Ends a subscription; false if there is none.
    pub async fn drop_webhook(&self, id: &str, department: &str) -> Result<bool, StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(DROP_WEBHOOK).bind(id).bind(department)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(done.rows_affected() == 1)
        })
    }
}
