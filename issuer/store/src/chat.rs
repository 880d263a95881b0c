//! Conversations: what citizens sent, where each conversation stands, and what is to be said. Events of
//! one citizen are taken one at a time, in order; any node may take them, and a claim that runs out
//! comes back. An event is done in the same transaction that stores its answers: a kill loses nothing
//! and answers nothing twice.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::ports::StoreError;

const COUNT: &str = "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value";
const COUNT_MANY: &str = "UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value";
const KEEP: &str = "INSERT INTO chat_events (place, channel, id, handle, body, state, sent_s, received_s, attempts, due_s) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, 0, 0) ON CONFLICT (channel, id) DO NOTHING";
/// The first of each citizen, unless one of theirs is being worked on.
const DUE: &str = "SELECT place, channel, id, handle, body, received_s, attempts FROM chat_events e WHERE state = 'waiting' AND due_s <= $1 AND NOT EXISTS (SELECT 1 FROM chat_events b WHERE b.channel = e.channel AND b.handle = e.handle AND b.state = 'waiting' AND b.due_s > $1) AND NOT EXISTS (SELECT 1 FROM chat_events b WHERE b.channel = e.channel AND b.handle = e.handle AND b.state = 'waiting' AND (b.sent_s, b.place) < (e.sent_s, e.place)) ORDER BY due_s, place LIMIT 50";
const CLAIM: &str = "UPDATE chat_events SET due_s = $1, attempts = attempts + 1 WHERE place = $2 AND attempts = $3 AND state = 'waiting'";
const END: &str =
    "UPDATE chat_events SET state = $1, due_s = $2 WHERE place = $3 AND attempts = $4 AND state = 'waiting'";
const RESUME: &str = "UPDATE chat_events SET due_s = $1 WHERE state = 'waiting' AND due_s > $1";
const STATE: &str = "SELECT body, version FROM chat_states WHERE citizen = $1";
const BEGIN: &str =
    "INSERT INTO chat_states (citizen, body, version) VALUES ($1, $2, 1) ON CONFLICT (citizen) DO NOTHING";
const GO_ON: &str =
    "UPDATE chat_states SET body = $1, version = version + 1 WHERE citizen = $2 AND version = $3";
const SAY: &str = "INSERT INTO chat_outbox (id, channel, handle, about, body, state, attempts, due_s, progress) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, 0)";
const PASSED_ON: &str = "UPDATE outbox SET state = 'sent', error = NULL WHERE id = $1 AND state = 'waiting'";
const RELEASE: &str = "UPDATE chat_outbox SET state = 'waiting', due_s = 0, attempts = 0 WHERE channel = $1 AND handle = $2 AND state = 'held'";
const OUT_DUE: &str = "SELECT id, channel, handle, about, body, attempts FROM chat_outbox o WHERE state = 'waiting' AND due_s <= $1 AND NOT EXISTS (SELECT 1 FROM chat_outbox b WHERE b.channel = o.channel AND b.handle = o.handle AND b.state = 'waiting' AND b.id < o.id) ORDER BY due_s, id LIMIT 50";
const OUT_CLAIM: &str = "UPDATE chat_outbox SET due_s = $1, attempts = attempts + 1 WHERE id = $2 AND attempts = $3 AND state = 'waiting'";
const OUT_RESUME: &str = "UPDATE chat_outbox SET due_s = $1 WHERE state = 'waiting' AND due_s > $1";
const OUT_SENT: &str = "UPDATE chat_outbox SET state = 'sent', error = NULL, message_id = $1 WHERE id = $2 AND state = 'waiting'";
const OUT_LATER: &str = "UPDATE chat_outbox SET state = 'waiting', due_s = $1, attempts = $2, error = $3, message_id = NULL WHERE id = $4 AND state IN ('waiting', 'sent') AND progress < 3";
const OUT_END: &str = "UPDATE chat_outbox SET state = $1, error = $2, message_id = NULL WHERE id = $3 AND state IN ('waiting', 'sent')";
const BY_MESSAGE: &str = "SELECT id FROM chat_outbox WHERE message_id = $1";
const BY_ID: &str =
    "SELECT id, channel, handle, about, body, attempts FROM chat_outbox WHERE id = $1 AND channel = $2";
const PROGRESS: &str = "UPDATE chat_outbox SET progress = $1, state = 'sent', error = NULL, message_id = $2 WHERE id = $3 AND progress < $1";
const PROGRESS_OF: &str = "SELECT progress FROM chat_outbox WHERE id = $1";
const TRY_ANEW: &str =
    "UPDATE chat_outbox SET state = 'waiting', due_s = 0, attempts = 0 WHERE id = $1 AND state = 'dead'";
const UNSENT: &str = "SELECT id, error FROM chat_outbox WHERE state = 'dead' ORDER BY due_s, id LIMIT 100";

/// How long an event is somebody's: longer than any answer takes.
const CLAIM_S: i64 = 30;
/// How long a message is somebody's: longer than the channel may take, with a file to bring.
const OUT_CLAIM_S: i64 = 60;
/// How long what may have been sent already waits for its news when a node takes over, lest it is sent
/// twice: longer than a platform takes to tell again what it could not tell a node that was away.
const NEWS_S: i64 = 5;
/// From this progress on (delivered), a message has not failed.
const DELIVERED: i64 = 3;

/// What a channel brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The channel's own id of it: kept once.
    pub id: String,
    /// The channel's own name for the citizen: what shares it goes in order.
    pub handle: String,
    /// As it came, JSON.
    pub body: String,
    /// When it was sent, in seconds since 1970-01-01 UTC.
    pub sent_s: i64,
}

/// An event that is ours to work on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ChatEvent {
    /// Its place among all events.
    pub place: i64,
    /// Such as `whatsapp`.
    pub channel: String,
    /// The channel's id of it.
    pub id: String,
    /// Who sent it.
    pub handle: String,
    /// As it came, JSON.
    pub body: String,
    /// When it came, in seconds since 1970-01-01 UTC.
    pub received_s: i64,
    /// How often it has been taken up, this time included.
    pub attempts: i64,
}

/// What an event led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Whose conversation.
    pub citizen: String,
    /// Where it stands now, JSON.
    pub state: String,
    /// The version it was before; 0 where there was none.
    pub version: i64,
    /// What is to be said, JSON each.
    pub says: Vec<String>,
}

/// A message to a citizen.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Outgoing {
    /// Its place in the outbox.
    pub id: i64,
    /// Such as `whatsapp`.
    pub channel: String,
    /// To whom: what shares it goes in order.
    pub handle: String,
    /// The event that it answers; empty where it answers none.
    pub about: String,
    /// JSON.
    pub body: String,
    /// How often it has been tried, this time included.
    pub attempts: i64,
}

impl Store {
    /// Keeps what arrived, all or nothing; what is known already stays as it is. Gives how many are new.
    pub async fn keep_events(
        &self,
        channel: &str,
        arrivals: &[Arrival],
        now_s: i64,
    ) -> Result<u64, StoreError> {
        on!(self, write tx => {
            let count = i64::try_from(arrivals.len()).unwrap_or(i64::MAX);
            let last: i64 = sqlx::query_scalar(COUNT_MANY)
                .bind("chat-events").bind(count).fetch_one(&mut *tx).await.map_err(driver)?;
            let mut new = 0;
            // Places order what is kept; those of what is known already stay empty.
            for (place, a) in (last - count + 1..).zip(arrivals) {
                let done = sqlx::query(KEEP)
                    .bind(place).bind(channel).bind(&a.id).bind(&a.handle).bind(&a.body).bind(a.sent_s)
                    .bind(now_s).execute(&mut *tx).await.map_err(driver)?;
                new += done.rows_affected();
            }
            Ok(new)
        })
    }

    /// Claims events that wait, at most 50, the first of each citizen.
    pub async fn claim_events(&self, now_s: i64) -> Result<Vec<ChatEvent>, StoreError> {
        let due: Vec<ChatEvent> = on!(self, read read => {
            sqlx::query_as(DUE).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })?;
        if due.is_empty() {
            return Ok(due);
        }
        on!(self, write tx => {
            let mut claimed = vec![];
            for event in due {
                let done = sqlx::query(CLAIM).bind(now_s + CLAIM_S).bind(event.place).bind(event.attempts)
                    .execute(&mut *tx).await.map_err(driver)?;
                if done.rows_affected() == 1 {
                    claimed.push(ChatEvent { attempts: event.attempts + 1, ..event });
                }
            }
            Ok(claimed)
        })
    }

    /// A node begins: where no other can be at work, what an earlier one had claimed need not wait until
    /// its claims run out.
    pub async fn take_over_claims(&self, now_s: i64) -> Result<(), StoreError> {
        if self.has_other_nodes() {
            return Ok(());
        }
        on!(self, write tx => {
            sqlx::query(RESUME).bind(now_s).execute(&mut *tx).await.map_err(driver)?;
            sqlx::query(OUT_RESUME).bind(now_s + NEWS_S).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Where a citizen's conversation stands, and its version.
    pub async fn chat_state(&self, citizen: &str) -> Result<Option<(String, i64)>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(STATE).bind(citizen).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// An event is done: its answers, the state of the conversation and the end of the event, together.
    /// What was held back until the citizen wrote again goes first.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if the claim ran out and somebody else has it, or the conversation went
    /// on meanwhile; then nothing is stored.
    pub async fn finish_event(&self, event: &ChatEvent, turn: Option<&Turn>) -> Result<(), StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(END).bind("done").bind(0_i64).bind(event.place).bind(event.attempts)
                .execute(&mut *tx).await.map_err(driver)?;
            let mut fits = done.rows_affected() == 1;
            if let Some(turn) = turn {
                let written = if turn.version == 0 {
                    sqlx::query(BEGIN).bind(&turn.citizen).bind(&turn.state).execute(&mut *tx).await.map_err(driver)?
                        .rows_affected()
                } else {
                    sqlx::query(GO_ON).bind(&turn.state).bind(&turn.citizen).bind(turn.version)
                        .execute(&mut *tx).await.map_err(driver)?.rows_affected()
                };
                fits &= written == 1;
                sqlx::query(RELEASE).bind(&event.channel).bind(&event.handle)
                    .execute(&mut *tx).await.map_err(driver)?;
                for say in &turn.says {
                    let id: i64 =
                        sqlx::query_scalar(COUNT).bind("chat-outbox").fetch_one(&mut *tx).await.map_err(driver)?;
                    sqlx::query(SAY).bind(id).bind(&event.channel).bind(&event.handle).bind(&event.id).bind(say)
                        .execute(&mut *tx).await.map_err(driver)?;
                }
            }
            if fits { Ok(()) } else { Err(StoreError::Overtaken) }
        })
    }

    /// An event was not worked off: it waits until a time, or is given up where none is given.
    pub async fn put_event_back(&self, event: &ChatEvent, again_s: Option<i64>) -> Result<(), StoreError> {
        let state = if again_s.is_some() { "waiting" } else { "dead" };
        on!(self, write tx => {
            sqlx::query(END).bind(state).bind(again_s.unwrap_or(0)).bind(event.place).bind(event.attempts)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Something to say that answers nothing, such as news of an application.
    pub async fn say(&self, channel: &str, handle: &str, body: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            let id: i64 =
                sqlx::query_scalar(COUNT).bind("chat-outbox").fetch_one(&mut *tx).await.map_err(driver)?;
            sqlx::query(SAY).bind(id).bind(channel).bind(handle).bind("").bind(body)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// A notice of the outbox becomes messages of a channel, both or neither: whatever is killed, it is
    /// said once. One that was sent already says nothing more.
    pub async fn pass_on(
        &self,
        notice: i64,
        (channel, handle): (&str, &str),
        bodies: &[String],
    ) -> Result<(), StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(PASSED_ON).bind(notice).execute(&mut *tx).await.map_err(driver)?;
            for body in bodies.iter().filter(|_| done.rows_affected() == 1) {
                let id: i64 =
                    sqlx::query_scalar(COUNT).bind("chat-outbox").fetch_one(&mut *tx).await.map_err(driver)?;
                sqlx::query(SAY).bind(id).bind(channel).bind(handle).bind("").bind(body)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            Ok(())
        })
    }

    /// Claims messages to citizens, at most 50, the first of each citizen.
    pub async fn claim_says(&self, now_s: i64) -> Result<Vec<Outgoing>, StoreError> {
        let due: Vec<Outgoing> = on!(self, read read => {
            sqlx::query_as(OUT_DUE).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })?;
        if due.is_empty() {
            return Ok(due);
        }
        on!(self, write tx => {
            let mut claimed = vec![];
            for out in due {
                let done = sqlx::query(OUT_CLAIM).bind(now_s + OUT_CLAIM_S).bind(out.id).bind(out.attempts)
                    .execute(&mut *tx).await.map_err(driver)?;
                if done.rows_affected() == 1 {
                    claimed.push(Outgoing { attempts: out.attempts + 1, ..out });
                }
            }
            Ok(claimed)
        })
    }

    /// The channel has taken a message, under a name of its own.
    pub async fn said(&self, id: i64, message_id: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(OUT_SENT).bind(message_id).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// A message waits until a time. `attempts` is how often it counts as tried.
    pub async fn say_later(&self, id: i64, due_s: i64, attempts: i64, why: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(OUT_LATER).bind(due_s).bind(attempts).bind(why).bind(id)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// A message is given up, and the administrators see it.
    pub async fn say_never(&self, id: i64, why: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(OUT_END).bind("dead").bind(why).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// A message is held until the citizen writes again; the invitation to do so, if any, goes instead.
    pub async fn hold(&self, out: &Outgoing, invitation: Option<&str>, why: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(OUT_END).bind("held").bind(why).bind(out.id).execute(&mut *tx).await.map_err(driver)?;
            if let Some(body) = invitation {
                let id: i64 =
                    sqlx::query_scalar(COUNT).bind("chat-outbox").fetch_one(&mut *tx).await.map_err(driver)?;
                sqlx::query(SAY).bind(id).bind(&out.channel).bind(&out.handle).bind("").bind(body)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            Ok(())
        })
    }

    /// A message by the channel's name for it.
    pub async fn said_as(&self, message_id: &str) -> Result<Option<i64>, StoreError> {
        on!(self, read read => {
            sqlx::query_scalar(BY_MESSAGE).bind(message_id).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// A message of a channel by its place in the outbox.
    pub async fn outgoing(&self, channel: &str, id: i64) -> Result<Option<Outgoing>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(BY_ID).bind(id).bind(channel).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// A message got this far; progress only grows, in whatever order the news comes.
    pub async fn said_progress(&self, id: i64, message_id: &str, progress: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(PROGRESS).bind(progress).bind(message_id).bind(id)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Whether a message has reached the citizen, as far as is known.
    pub async fn has_arrived(&self, id: i64) -> Result<bool, StoreError> {
        on!(self, read read => {
            let progress: Option<i64> =
                sqlx::query_scalar(PROGRESS_OF).bind(id).fetch_optional(&mut *read).await.map_err(driver)?;
            Ok(progress.is_some_and(|p| p >= DELIVERED))
        })
    }

    /// Tries one that was given up again.
    pub async fn try_anew(&self, id: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(TRY_ANEW).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Messages that were given up, at most 100: their places in the outbox, and why.
    pub async fn unsent(&self) -> Result<Vec<(i64, Option<String>)>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(UNSENT).fetch_all(&mut *read).await.map_err(driver)
        })
    }
}
