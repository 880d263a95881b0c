//! What other transactions write beside their own: an act into the chained log, a message into the
//! outbox. Macros, because a transaction has another type on each engine. Whoever takes both counters
//! writes messages first: so nobody waits for somebody who waits for them.

pub const COUNT: &str = "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value";
pub const ADD_MESSAGE: &str = "INSERT INTO outbox (id, queue, kind, recipient, body, state, attempts, due_s) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0)";
pub const LAST_HASH: &str = "SELECT hash FROM events WHERE place = $1";
pub const ADD_EVENT: &str =
    "INSERT INTO events (place, application, body, hash, note) VALUES ($1, $2, $3, $4, $5)";

/// Appends an act to the log: the counter's row lock orders the chain, on every node.
macro_rules! chained {
    ($tx:ident, $event:expr) => {{
        let event: &mohar_issuer::application::event::Event = $event;
        let place: i64 = sqlx::query_scalar($crate::log::COUNT)
            .bind("events")
            .fetch_one(&mut *$tx)
            .await
            .map_err($crate::rows::driver)?;
        let before: Option<Vec<u8>> = sqlx::query_scalar($crate::log::LAST_HASH)
            .bind(place - 1)
            .fetch_optional(&mut *$tx)
            .await
            .map_err($crate::rows::driver)?;
        let genesis = mohar_issuer::application::event::GENESIS;
        let before = before.map_or(Ok(genesis), |b| b.as_slice().try_into());
        let before = before.map_err(|_| mohar_issuer::ports::StoreError::Inconsistent {
            table: "events",
            row: (place - 1).to_string(),
            what: "hash is not 32 bytes",
        })?;
        // Texts and numbers always serialise.
        let body = serde_json::to_string(event).unwrap_or_default();
        sqlx::query($crate::log::ADD_EVENT)
            .bind(place)
            .bind(&event.application)
            .bind(body)
            .bind(&event.hash(&before)[..])
            .bind(event.note.text())
            .execute(&mut *$tx)
            .await
            .map_err($crate::rows::driver)?;
    }};
}
pub(crate) use chained;

/// Puts a message into the outbox; those of one recipient about one thing go in order.
macro_rules! queued {
    ($tx:ident, $kind:expr, $recipient:expr, $about:expr, $body:expr) => {{
        let (recipient, about): (&str, &str) = ($recipient, $about);
        let id: i64 = sqlx::query_scalar($crate::log::COUNT)
            .bind("outbox")
            .fetch_one(&mut *$tx)
            .await
            .map_err($crate::rows::driver)?;
        sqlx::query($crate::log::ADD_MESSAGE)
            .bind(id)
            .bind(format!("{recipient}/{about}"))
            .bind($kind)
            .bind(recipient)
            .bind($body)
            .execute(&mut *$tx)
            .await
            .map_err($crate::rows::driver)?;
    }};
}
pub(crate) use queued;
