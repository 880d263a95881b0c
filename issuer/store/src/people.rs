//! Who is at the door: citizens by channel, sessions, one-time codes, and payments.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::ports::StoreError;

const CITIZEN: &str = "SELECT id FROM citizens WHERE channel = $1 AND handle = $2";
const ADD_CITIZEN: &str = "INSERT INTO citizens (id, channel, handle, since_s) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, handle) DO NOTHING";
const ADD_SESSION: &str = "INSERT INTO sessions (hash, kind, who, expires_s) VALUES ($1, $2, $3, $4)";
const SESSION: &str = "SELECT who FROM sessions WHERE hash = $1 AND kind = $2 AND expires_s > $3";
const END_SESSION: &str = "DELETE FROM sessions WHERE hash = $1";
const SWEEP: &str = "DELETE FROM sessions WHERE expires_s <= $1";
const SET_TRY: &str = "INSERT INTO tries (who, hash, count, until_s) VALUES ($1, $2, $3, $4) ON CONFLICT (who) DO UPDATE SET hash = excluded.hash, count = excluded.count, until_s = excluded.until_s";
const TRY: &str = "UPDATE tries SET count = count + 1 WHERE who = $1 RETURNING hash, count, until_s";
const FORGET_TRY: &str = "DELETE FROM tries WHERE who = $1";
const ORDER: &str = "INSERT INTO payments (order_id, application, rupees, state, created_s) VALUES ($1, $2, $3, 'open', $4) ON CONFLICT (application) DO NOTHING";
const ORDER_OF: &str = "SELECT order_id, application, rupees, state FROM payments WHERE application = $1";
const BY_ORDER: &str = "SELECT order_id, application, rupees, state FROM payments WHERE order_id = $1";
const OPEN_ORDERS: &str = "SELECT order_id, application, rupees, state FROM payments WHERE state = 'open' ORDER BY created_s, order_id LIMIT 200";

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A citizen's.
    Citizen,
    /// An officer's.
    Officer,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Officer => "officer",
        }
    }
}

/// An order at the payment gateway.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Order {
    /// Its name at the gateway.
    pub order_id: String,
    /// What is paid for.
    pub application: String,
    /// Whole rupees.
    pub rupees: i64,
    /// `open` or `paid`.
    pub state: String,
}

/// A secret that is being tried: a one-time code, or a password.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Try {
    /// SHA-256 of the right answer; empty for passwords.
    pub hash: Vec<u8>,
    /// Attempts so far, this one included.
    pub count: i64,
    /// When it ends, in seconds since 1970-01-01 UTC.
    pub until_s: i64,
}

impl Store {
    /// The id of a citizen of a channel, who is remembered under `new` when seen for the first time.
    pub async fn citizen(
        &self,
        channel: &str,
        handle: &str,
        new: &str,
        now_s: i64,
    ) -> Result<String, StoreError> {
        on!(self, write tx => {
            sqlx::query(ADD_CITIZEN).bind(new).bind(channel).bind(handle).bind(now_s)
                .execute(&mut *tx).await.map_err(driver)?;
            sqlx::query_scalar(CITIZEN).bind(channel).bind(handle).fetch_one(&mut *tx).await.map_err(driver)
        })
    }

    /// Starts a session under the SHA-256 of its token, and forgets those that have ended.
    pub async fn add_session(
        &self,
        hash: &[u8; 32],
        kind: Kind,
        who: &str,
        now_s: i64,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SWEEP).bind(now_s).execute(&mut *tx).await.map_err(driver)?;
            sqlx::query(ADD_SESSION).bind(&hash[..]).bind(kind.id()).bind(who).bind(expires_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Whose session a token's SHA-256 is, while it lasts.
    pub async fn session(
        &self,
        hash: &[u8; 32],
        kind: Kind,
        now_s: i64,
    ) -> Result<Option<String>, StoreError> {
        on!(self, read read => {
            sqlx::query_scalar(SESSION).bind(&hash[..]).bind(kind.id()).bind(now_s)
                .fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// Ends a session.
    pub async fn end_session(&self, hash: &[u8; 32]) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(END_SESSION).bind(&hash[..]).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Remembers a secret to be tried until a time, with no attempt so far.
    pub async fn set_try(&self, who: &str, hash: &[u8], until_s: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SET_TRY).bind(who).bind(hash).bind(0i64).bind(until_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Counts an attempt before it is judged, so that attempts at the same time all count.
    pub async fn attempt(&self, who: &str) -> Result<Option<Try>, StoreError> {
        on!(self, write tx => {
            sqlx::query_as(TRY).bind(who).fetch_optional(&mut *tx).await.map_err(driver)
        })
    }

    /// Forgets it, after success.
    pub async fn forget_try(&self, who: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(FORGET_TRY).bind(who).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// The order for an application; made under `new` if there is none.
    pub async fn order(
        &self,
        application: &str,
        rupees: u32,
        new: &str,
        now_s: i64,
    ) -> Result<Order, StoreError> {
        on!(self, write tx => {
            sqlx::query(ORDER).bind(new).bind(application).bind(i64::from(rupees)).bind(now_s)
                .execute(&mut *tx).await.map_err(driver)?;
            sqlx::query_as(ORDER_OF).bind(application).fetch_one(&mut *tx).await.map_err(driver)
        })
    }

    /// An order by its name.
    pub async fn order_by_id(&self, order: &str) -> Result<Option<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(BY_ORDER).bind(order).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// Orders that are not booked yet, oldest first, at most 200.
    pub async fn open_orders(&self) -> Result<Vec<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(OPEN_ORDERS).fetch_all(&mut *read).await.map_err(driver)
        })
    }
}
