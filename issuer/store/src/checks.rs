//! Holders who want to be told when somebody checks their certificates, and the checks they are still to
//! hear of. A check stays until it is told; what remains for the rest of the day is that something was.

use crate::engine::{Store, on};
use crate::log::{self, COUNT};
use crate::rows::{driver, place, signed};
use mohar_issuer::ports::StoreError;

const WISH: &str = "SELECT wanted FROM wishes WHERE citizen = $1";
const SET_WISH: &str = "INSERT INTO wishes (citizen, wanted, change, told_day, told) VALUES ($1, $2, $3, 0, 0) ON CONFLICT (citizen) DO UPDATE SET wanted = excluded.wanted, change = excluded.change";
const FORGET_CHECKS: &str = "DELETE FROM checks WHERE citizen = $1";
const WISHES: &str = "SELECT citizen, wanted, change FROM wishes WHERE change > $1 ORDER BY change LIMIT 500";
const HELD: &str = "SELECT x.place FROM applications a JOIN certificates x ON x.caller = 'console' AND x.idempotency_key = a.number WHERE a.applicant = $1";
const ISSUED: &str = "SELECT x.place FROM certificates x JOIN applications a ON a.number = x.idempotency_key JOIN wishes w ON w.citizen = a.applicant WHERE x.place >= $1 AND x.place < $2 AND x.caller = 'console' AND w.wanted = 1";
const CHECKED: &str = "INSERT INTO checks (place, kind, citizen, purpose, first_s, count, due_s) SELECT x.place, $2, a.applicant, $3, $4, $5, $4 FROM certificates x JOIN applications a ON a.number = x.idempotency_key JOIN wishes w ON w.citizen = a.applicant WHERE x.place = $1 AND x.caller = 'console' AND w.wanted = 1 AND w.citizen <> $6 ON CONFLICT (place, kind) DO UPDATE SET purpose = CASE WHEN checks.count = 0 THEN excluded.purpose ELSE checks.purpose END, first_s = CASE WHEN checks.count = 0 THEN excluded.first_s ELSE checks.first_s END, count = checks.count + excluded.count";
const SWEEP: &str = "DELETE FROM checks WHERE due_s <= $1 AND count = 0";
const TOO_OLD: &str = "DELETE FROM checks WHERE due_s <= $1";
const DUE: &str = "SELECT citizen FROM checks WHERE due_s <= $1 ORDER BY due_s, citizen LIMIT 50";
const OF: &str = "SELECT k.place, k.kind, k.purpose, k.first_s, k.count, k.due_s, x.number, x.kind AS type FROM checks k JOIN certificates x ON x.place = k.place WHERE k.citizen = $1 AND k.due_s <= $2 AND k.count > 0 ORDER BY k.place, k.kind";
const MAY_TELL: &str = "UPDATE wishes SET told = CASE WHEN told_day = $1 THEN told + 1 ELSE 1 END, told_day = $1 WHERE citizen = $2 AND wanted = 1 AND (told_day <> $1 OR told < $3)";
const TOLD: &str = "UPDATE checks SET count = count - $1, purpose = '', first_s = $2, due_s = $3 WHERE place = $4 AND kind = $5 AND due_s = $6";
const LATER: &str = "UPDATE checks SET due_s = $1 WHERE place = $2 AND kind = $3 AND due_s = $4";
const SAY: &str = "INSERT INTO chat_outbox (id, channel, handle, about, body, state, attempts, due_s, progress) VALUES ($1, $2, $3, 'check', $4, 'waiting', 0, $5, 0)";
const FORGET_MAIL: &str = "DELETE FROM outbox WHERE id = $1";
const FORGET_DEAD: &str = "DELETE FROM outbox WHERE state = 'dead' AND due_s <= $1 AND queue LIKE '%/check'";
/// The row stays, so that late news of the channel finds it.
const FORGET_SAID: &str = "UPDATE chat_outbox SET body = '', about = '' WHERE about = 'check' AND state = 'sent' AND (progress >= 3 OR due_s <= $1)";
const FORGET_UNSAID: &str =
    "DELETE FROM chat_outbox WHERE about = 'check' AND state IN ('held', 'dead') AND due_s <= $1";

/// Messages of checks to one holder in a day.
pub const MESSAGES_A_DAY: i64 = 3;
/// What was not told within this is forgotten, in seconds: thirty days.
pub const KEPT_S: i64 = 30 * 86_400;

/// Checks of one certificate by callers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The certificate's place in the ledger.
    pub index: u64,
    /// An id of `mohar_schemas::checker`.
    pub kind: String,
    /// An id of `mohar_schemas::purpose`; empty where none was said.
    pub purpose: String,
    /// The first of them, in seconds since 1970-01-01 UTC.
    pub first_s: i64,
    /// How many.
    pub count: i64,
    /// The citizen who checked, where that is known; empty where it is not. Nobody is told of their own.
    pub by: String,
}

/// What a holder is to hear.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Untold {
    place: i64,
    /// An id of `mohar_schemas::checker`.
    pub kind: String,
    /// An id of `mohar_schemas::purpose`; empty where none was said.
    pub purpose: String,
    /// The first of them, in seconds since 1970-01-01 UTC.
    pub first_s: i64,
    /// How many.
    pub count: i64,
    due_s: i64,
    /// The certificate's number.
    pub number: String,
    /// The certificate's type.
    pub r#type: String,
}

/// How a holder is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way<'a> {
    /// In a chat: the channel, and the citizen's name there.
    Chat(&'a str, &'a str),
    /// By text message or e-mail.
    Post,
}

impl Store {
    /// Whether a citizen wants to be told.
    pub async fn wants_checks(&self, citizen: &str) -> Result<bool, StoreError> {
        on!(self, read read => {
            let wanted: Option<i64> =
                sqlx::query_scalar(WISH).bind(citizen).fetch_optional(&mut *read).await.map_err(driver)?;
            Ok(wanted == Some(1))
        })
    }

    /// Keeps a citizen's wish; with a no, what was not told yet is forgotten.
    pub async fn wish_checks(&self, citizen: &str, wanted: bool) -> Result<(), StoreError> {
        on!(self, write tx => {
            let change: i64 =
                sqlx::query_scalar(COUNT).bind("wishes").fetch_one(&mut *tx).await.map_err(driver)?;
            sqlx::query(SET_WISH).bind(citizen).bind(i64::from(wanted)).bind(change)
                .execute(&mut *tx).await.map_err(driver)?;
            if !wanted {
                sqlx::query(FORGET_CHECKS).bind(citizen).execute(&mut *tx).await.map_err(driver)?;
            }
            Ok(())
        })
    }

    /// Wishes after a count of changes, in order, at most 500: citizen, wish and count.
    pub async fn wishes_since(&self, change: i64) -> Result<Vec<(String, bool, i64)>, StoreError> {
        on!(self, read read => {
            let rows: Vec<(String, i64, i64)> =
                sqlx::query_as(WISHES).bind(change).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(|(citizen, wanted, change)| (citizen, wanted == 1, change)).collect())
        })
    }

    /// The certificates of a citizen, by their places in the ledger.
    pub async fn held_by(&self, citizen: &str) -> Result<Vec<u64>, StoreError> {
        on!(self, read read => {
            let rows: Vec<i64> =
                sqlx::query_scalar(HELD).bind(citizen).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(place).collect()
        })
    }

    /// Certificates between two places whose holders want to be told.
    pub async fn wanted_between(&self, from: u64, to: u64) -> Result<Vec<u64>, StoreError> {
        on!(self, read read => {
            let rows: Vec<i64> = sqlx::query_scalar(ISSUED)
                .bind(signed(from)).bind(signed(to)).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(place).collect()
        })
    }

    /// Keeps checks of certificates whose holders want to hear of them; nothing of any other.
    pub async fn keep_checks(&self, checks: &[Check]) -> Result<(), StoreError> {
        on!(self, write tx => {
            for c in checks {
                sqlx::query(CHECKED)
                    .bind(signed(c.index)).bind(&c.kind).bind(&c.purpose).bind(c.first_s).bind(c.count).bind(&c.by)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            Ok(())
        })
    }

    /// Citizens to be told now, at most 50, one perhaps several times.
    pub async fn to_be_told(&self, now_s: i64) -> Result<Vec<String>, StoreError> {
        on!(self, read read => {
            sqlx::query_scalar(DUE).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// What a citizen is to be told now.
    pub async fn untold(&self, citizen: &str, now_s: i64) -> Result<Vec<Untold>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(OF).bind(citizen).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Tells a citizen, in one message; or, where there were enough of them on this day, leaves it for
    /// later. What comes until `next_s` is told then. Gives whether it was told now.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if another node has told it.
    pub async fn tell_checks(
        &self,
        citizen: &str,
        untold: &[Untold],
        (way, body): (Way<'_>, &str),
        (now_s, today, next_s): (i64, i64, i64),
    ) -> Result<bool, StoreError> {
        on!(self, write tx => {
            let may = sqlx::query(MAY_TELL).bind(today).bind(citizen).bind(MESSAGES_A_DAY)
                .execute(&mut *tx).await.map_err(driver)?;
            let now = may.rows_affected() == 1;
            match way {
                Way::Chat(channel, handle) if now => {
                    let id: i64 =
                        sqlx::query_scalar(COUNT).bind("chat-outbox").fetch_one(&mut *tx).await.map_err(driver)?;
                    sqlx::query(SAY).bind(id).bind(channel).bind(handle).bind(body).bind(now_s)
                        .execute(&mut *tx).await.map_err(driver)?;
                }
                Way::Post if now => log::queued!(tx, "citizen", citizen, "check", body),
                _ => {}
            }
            for u in untold {
                let query = if now {
                    sqlx::query(TOLD).bind(u.count).bind(now_s)
                } else {
                    sqlx::query(LATER)
                };
                let done = query.bind(next_s).bind(u.place).bind(&u.kind).bind(u.due_s)
                    .execute(&mut *tx).await.map_err(driver)?;
                if done.rows_affected() != 1 {
                    return Err(StoreError::Overtaken);
                }
            }
            Ok(now)
        })
    }

    /// Forgets what was told: rows whose day is over, messages that have arrived, and what could not be
    /// told for thirty days.
    pub async fn forget_told(&self, now_s: i64) -> Result<(), StoreError> {
        let old_s = now_s - KEPT_S;
        on!(self, write tx => {
            for (statement, until_s) in
                [(SWEEP, now_s), (TOO_OLD, old_s), (FORGET_DEAD, old_s), (FORGET_SAID, old_s), (FORGET_UNSAID, old_s)]
            {
                sqlx::query(statement).bind(until_s).execute(&mut *tx).await.map_err(driver)?;
            }
            Ok(())
        })
    }

    /// Forgets a message of the outbox that has been sent.
    pub async fn forget_mail(&self, id: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(FORGET_MAIL).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }
}
