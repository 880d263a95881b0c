//! Who a citizen is: the names a channel has for the citizen, and what the citizen has proved.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::ports::StoreError;
use mohar_schemas::identity::Identity;

const BY_HANDLE: &str = "SELECT id FROM citizens WHERE channel = $1 AND handle = $2";
const BY_OTHER: &str = "SELECT citizen FROM handles WHERE channel = $1 AND handle = $2";
const ADD: &str = "INSERT INTO citizens (id, channel, handle, since_s) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, handle) DO NOTHING";
const LINK: &str = "INSERT INTO handles (channel, handle, citizen) VALUES ($1, $2, $3) ON CONFLICT (channel, handle) DO UPDATE SET citizen = excluded.citizen";
const CALL: &str = "UPDATE citizens SET handle = $1 WHERE id = $2";
const READDRESS: &str =
    "UPDATE chat_outbox SET handle = $1 WHERE channel = $2 AND handle = $3 AND state IN ('waiting', 'held')";
const HAND_OVER: &str = "UPDATE applications SET applicant = $1 WHERE applicant = $2";
const HAND_OVER_PROOF: &str = "UPDATE identities SET citizen = $1 WHERE citizen = $2";
const END_TALK: &str = "DELETE FROM chat_states WHERE citizen = $1";
const IDENTITY: &str = "SELECT body FROM identities WHERE citizen = $1";
const PROVE: &str = "INSERT INTO identities (citizen, body) VALUES ($1, $2) ON CONFLICT (citizen) DO UPDATE SET body = excluded.body";
pub(crate) const FORGET: &str = "DELETE FROM identities WHERE citizen = $1";
pub(crate) const FORGET_HANDLES: &str = "DELETE FROM handles WHERE citizen = $1";
pub(crate) const FORGET_SIGN_INS: &str = "DELETE FROM sign_ins WHERE citizen = $1";
const BEGIN_SIGN_IN: &str =
    "INSERT INTO sign_ins (hash, citizen, verifier, expires_s) VALUES ($1, $2, $3, $4)";
const SWEEP: &str = "DELETE FROM sign_ins WHERE expires_s <= $1";
const TAKE_SIGN_IN: &str =
    "DELETE FROM sign_ins WHERE hash = $1 AND expires_s > $2 RETURNING citizen, verifier";

/// The identity that is kept, read from its row.
fn read(body: Option<String>, citizen: &str) -> Result<Option<Identity>, StoreError> {
    let wrong = |_| StoreError::Inconsistent {
        table: "identities",
        row: citizen.to_owned(),
        what: "the body is no identity",
    };
    body.map(|body| serde_json::from_str(&body).map_err(wrong)).transpose()
}

/// The citizen of a name, whether it is the one to write to or another.
macro_rules! found {
    ($tx:ident, $channel:expr, $handle:expr) => {{
        let own: Option<String> = sqlx::query_scalar(BY_HANDLE)
            .bind($channel)
            .bind($handle)
            .fetch_optional(&mut *$tx)
            .await
            .map_err(driver)?;
        match own {
            Some(id) => Some((id, true)),
            None => {
                let other: Option<String> = sqlx::query_scalar(BY_OTHER)
                    .bind($channel)
                    .bind($handle)
                    .fetch_optional(&mut *$tx)
                    .await
                    .map_err(driver)?;
                other.map(|id| (id, false))
            }
        }
    }};
}

/// The identity that is kept of a citizen.
macro_rules! kept {
    ($tx:ident, $citizen:expr) => {{
        let body: Option<String> =
            sqlx::query_scalar(IDENTITY).bind($citizen).fetch_optional(&mut *$tx).await.map_err(driver)?;
        read(body, $citizen)?
    }};
}

impl Store {
    /// The citizen whom a channel calls by an opaque id and, in the same breath, by another name (a phone
    /// number): one citizen, whichever of the two was known before, and whatever was begun under either.
    /// A citizen who is new is remembered under `new`.
    ///
    /// Numbers change hands. One that belongs to somebody whom the channel calls by another opaque id, or
    /// who has proved to be another person, is taken from them and nothing else is.
    pub async fn citizen_known_as(
        &self,
        channel: &str,
        handle: &str,
        also: &str,
        new: &str,
        now_s: i64,
    ) -> Result<String, StoreError> {
        on!(self, write tx => {
            let named = found!(tx, channel, handle);
            let numbered = found!(tx, channel, also);
            let citizen = match (named, &numbered) {
                (Some((citizen, _)), _) => citizen,
                // Known by the number alone so far: from now on by the opaque id.
                (None, Some((citizen, true))) => {
                    sqlx::query(CALL).bind(handle).bind(citizen).execute(&mut *tx).await.map_err(driver)?;
                    sqlx::query(READDRESS).bind(handle).bind(channel).bind(also)
                        .execute(&mut *tx).await.map_err(driver)?;
                    citizen.clone()
                }
                _ => {
                    sqlx::query(ADD).bind(new).bind(channel).bind(handle).bind(now_s)
                        .execute(&mut *tx).await.map_err(driver)?;
                    sqlx::query_scalar(BY_HANDLE).bind(channel).bind(handle)
                        .fetch_one(&mut *tx).await.map_err(driver)?
                }
            };
            if let Some((other, true)) = numbered.filter(|(other, _)| *other != citizen) {
                let (mine, theirs) = (kept!(tx, &citizen), kept!(tx, &other));
                let persons = mine.as_ref().and_then(|i| i.proof.person()).zip(theirs.as_ref().and_then(|i| i.proof.person()));
                if persons.is_none_or(|(mine, theirs)| mine.may_be(theirs)) {
                    sqlx::query(HAND_OVER).bind(&citizen).bind(&other).execute(&mut *tx).await.map_err(driver)?;
                    if mine.is_none() {
                        sqlx::query(HAND_OVER_PROOF).bind(&citizen).bind(&other)
                            .execute(&mut *tx).await.map_err(driver)?;
                    }
                    sqlx::query(FORGET).bind(&other).execute(&mut *tx).await.map_err(driver)?;
                    sqlx::query(END_TALK).bind(&other).execute(&mut *tx).await.map_err(driver)?;
                    sqlx::query(READDRESS).bind(handle).bind(channel).bind(also)
                        .execute(&mut *tx).await.map_err(driver)?;
                }
                sqlx::query(CALL).bind(format!("left/{other}")).bind(&other)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            sqlx::query(LINK).bind(channel).bind(also).bind(&citizen).execute(&mut *tx).await.map_err(driver)?;
            Ok(citizen)
        })
    }

    /// What a citizen has proved.
    pub async fn identity(&self, citizen: &str) -> Result<Option<Identity>, StoreError> {
        on!(self, read read => { Ok(kept!(read, citizen)) })
    }

    /// Keeps what a citizen has proved; false if it names another person than the proof that is kept.
    /// A proof that names a person is not replaced by one that names nobody.
    pub async fn prove(&self, citizen: &str, identity: &Identity) -> Result<bool, StoreError> {
        let body = serde_json::to_string(identity).map_err(|e| StoreError::Driver(e.to_string()))?;
        on!(self, write tx => {
            let before = kept!(tx, citizen);
            match (before.as_ref().and_then(|i| i.proof.person()), identity.proof.person()) {
                (Some(kept), Some(new)) if !kept.may_be(new) => return Ok(false),
                (Some(_), None) => return Ok(true),
                _ => {}
            }
            sqlx::query(PROVE).bind(citizen).bind(&body).execute(&mut *tx).await.map_err(driver)?;
            Ok(true)
        })
    }

    /// Forgets what a citizen has proved.
    pub async fn forget_identity(&self, citizen: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(FORGET).bind(citizen).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Remembers a sign-in elsewhere that a citizen begins, under the SHA-256 of its state, and forgets
    /// those that have ended.
    pub async fn begin_sign_in(
        &self,
        hash: &[u8; 32],
        citizen: &str,
        verifier: &str,
        now_s: i64,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SWEEP).bind(now_s).execute(&mut *tx).await.map_err(driver)?;
            sqlx::query(BEGIN_SIGN_IN).bind(&hash[..]).bind(citizen).bind(verifier).bind(expires_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// The citizen and the verifier of a sign-in that comes back, once.
    pub async fn take_sign_in(
        &self,
        hash: &[u8; 32],
        now_s: i64,
    ) -> Result<Option<(String, String)>, StoreError> {
        on!(self, write tx => {
            sqlx::query_as(TAKE_SIGN_IN).bind(&hash[..]).bind(now_s)
                .fetch_optional(&mut *tx).await.map_err(driver)
        })
    }
}
