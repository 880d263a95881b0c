//! Who is at the door: citizens by channel, sessions and one-time codes.

use crate::engine::{Store, on};
use crate::identity;
use crate::rows::driver;
use mohar_issuer::ports::StoreError;

const CITIZEN: &str = "SELECT id FROM citizens WHERE channel = $1 AND handle = $2";
const OTHERWISE: &str = "SELECT citizen FROM handles WHERE channel = $1 AND handle = $2";
const ADD_CITIZEN: &str = "INSERT INTO citizens (id, channel, handle, since_s) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, handle) DO NOTHING";
const ADD_SESSION: &str = "INSERT INTO sessions (hash, kind, who, expires_s) VALUES ($1, $2, $3, $4)";
const SESSION: &str = "SELECT who FROM sessions WHERE hash = $1 AND kind = $2 AND expires_s > $3";
const END_SESSION: &str = "DELETE FROM sessions WHERE hash = $1";
const SWEEP: &str = "DELETE FROM sessions WHERE expires_s <= $1";
const SET_TRY: &str = "INSERT INTO tries (who, hash, count, until_s) VALUES ($1, $2, $3, $4) ON CONFLICT (who) DO UPDATE SET hash = excluded.hash, count = excluded.count, until_s = excluded.until_s";
const TRY: &str = "UPDATE tries SET count = count + 1 WHERE who = $1 RETURNING hash, count, until_s";
const FORGET_TRY: &str = "DELETE FROM tries WHERE who = $1";
const ONE: &str = "SELECT id, channel, handle, language, email FROM citizens WHERE id = $1";
const SET_CITIZEN: &str = "UPDATE citizens SET language = $1, email = $2 WHERE id = $3";
const RELEASE: &str = "UPDATE citizens SET handle = $1, email = NULL WHERE id = $2";

/// A citizen.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Citizen {
    /// Ours.
    pub id: String,
    /// How the citizen came: `web`, `counter`, `api/KEY`.
    pub channel: String,
    /// The channel's own name for the citizen.
    pub handle: String,
    /// `hi` or `en`.
    pub language: String,
    /// Where to write to, if the citizen said so.
    pub email: Option<String>,
}

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
    /// The id of a citizen of a channel, by any of the channel's names for the citizen, who is remembered
    /// under `new` when seen for the first time.
    pub async fn citizen(
        &self,
        channel: &str,
        handle: &str,
        new: &str,
        now_s: i64,
    ) -> Result<String, StoreError> {
        on!(self, write tx => {
            let known: Option<String> = sqlx::query_scalar(OTHERWISE)
                .bind(channel).bind(handle).fetch_optional(&mut *tx).await.map_err(driver)?;
            if let Some(citizen) = known {
                return Ok(citizen);
            }
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

    /// A citizen by id.
    pub async fn citizen_by_id(&self, id: &str) -> Result<Option<Citizen>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(ONE).bind(id).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// Keeps a citizen's language and address.
    pub async fn set_citizen(&self, id: &str, language: &str, email: Option<&str>) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SET_CITIZEN).bind(language).bind(email).bind(id)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Forgets how a citizen can be reached and what the citizen has proved; what the law keeps stays
    /// under the bare id.
    pub async fn release(&self, id: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            for sql in [identity::FORGET, identity::FORGET_HANDLES, identity::FORGET_SIGN_INS] {
                sqlx::query(sql).bind(id).execute(&mut *tx).await.map_err(driver)?;
            }
            sqlx::query(RELEASE).bind(format!("erased/{id}")).bind(id)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }
}
