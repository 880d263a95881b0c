//! Verifiers, and what they hear of a certificate's status with the holder's consent. Every step is one
//! transaction with its entry in the log; a change of status tells those who are subscribed in its own.

use crate::engine::{Store, on};
use crate::log;
use crate::outbox::Webhook;
use crate::rows::{driver, place, signed};
use mohar_issuer::application::event::Event;
use mohar_issuer::ports::StoreError;
use mohar_issuer::subscription::{State, Subscription, Verifier, news};
use mohar_schemas::credential::{day, day_number};
use mohar_schemas::status::Status;

const ADD_VERIFIER: &str = "INSERT INTO verifiers (id, name, kind, hash) VALUES ($1, $2, $3, $4)";
const VERIFIER: &str = "SELECT id, name, kind FROM verifiers WHERE hash = $1";
const VERIFIERS: &str = "SELECT id, name, kind FROM verifiers ORDER BY id";
pub(crate) const DROP_VERIFIER: &str = "DELETE FROM verifiers WHERE id = $1";
/// Only who can be asked: a citizen who signed in or writes to us, and has not been forgotten.
const HOLDER: &str = "SELECT a.number, a.applicant FROM certificates x JOIN applications a ON a.number = x.idempotency_key JOIN citizens c ON c.id = a.applicant WHERE x.place = $1 AND x.caller = 'console' AND c.channel IN ('web', 'whatsapp') AND c.handle NOT LIKE 'erased/%'";
/// Waits for everybody who writes messages, and writes none: questions of one verifier come one by one.
const WAIT: &str = "UPDATE counters SET value = value + 0 WHERE name = 'outbox' RETURNING value";
/// Waits for changes of status, as they do for one another.
const HOLD_STATUS: &str = "UPDATE ledger SET size = size + 0 WHERE id = 1 RETURNING size";
const STATUS: &str = "SELECT status, since_day FROM statuses WHERE place = $1";
const ADD: &str = "INSERT INTO subscriptions (id, verifier, name, kind, place, application, citizen, purpose, url, secret, state, asked_day, until_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'asked', $11, $12)";
const MOVE: &str = "UPDATE subscriptions SET state = $1 WHERE id = $2 AND state = $3";
const ONE: &str = "SELECT s.id, s.verifier, s.name, s.kind, s.place, x.number, x.kind AS type, s.application, s.citizen, s.purpose, s.until_day, s.asked_day, s.state FROM subscriptions s JOIN certificates x ON x.place = s.place WHERE s.id = $1";
const LATEST: &str = "SELECT s.id, s.verifier, s.name, s.kind, s.place, x.number, x.kind AS type, s.application, s.citizen, s.purpose, s.until_day, s.asked_day, s.state FROM subscriptions s JOIN certificates x ON x.place = s.place WHERE s.verifier = $1 AND s.place = $2 ORDER BY s.asked_day DESC LIMIT 1";
const OF_VERIFIER: &str = "SELECT s.id, s.verifier, s.name, s.kind, s.place, x.number, x.kind AS type, s.application, s.citizen, s.purpose, s.until_day, s.asked_day, s.state FROM subscriptions s JOIN certificates x ON x.place = s.place WHERE s.verifier = $1 AND s.id > $2 ORDER BY s.id LIMIT 100";
const OF_CITIZEN: &str = "SELECT s.id, s.verifier, s.name, s.kind, s.place, x.number, x.kind AS type, s.application, s.citizen, s.purpose, s.until_day, s.asked_day, s.state FROM subscriptions s JOIN certificates x ON x.place = s.place WHERE s.citizen = $1 ORDER BY s.asked_day DESC, s.id DESC LIMIT 100";
/// Whose key is taken away hears nothing any more.
pub(crate) const TO_TELL: &str = "SELECT s.id, x.number FROM subscriptions s JOIN certificates x ON x.place = s.place WHERE s.place = $1 AND s.state = 'active' AND s.until_day >= $2 AND EXISTS (SELECT 1 FROM verifiers v WHERE v.id = s.verifier) ORDER BY s.id";
const HOOK: &str = "SELECT s.id, s.verifier AS department, s.url, s.secret FROM subscriptions s WHERE s.id = $1 AND s.state = 'active' AND EXISTS (SELECT 1 FROM verifiers v WHERE v.id = s.verifier)";

/// Who can be asked about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The application that it came from.
    pub application: String,
    /// The citizen's id.
    pub citizen: String,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The holder is asked.
    New,
    /// The same verifier has asked before, and it is open or active.
    Already(Subscription),
    /// The same verifier has asked before, too short a time ago: this came of it.
    TooSoon(Subscription),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    verifier: String,
    name: String,
    kind: String,
    place: i64,
    number: String,
    r#type: String,
    application: String,
    citizen: String,
    purpose: String,
    until_day: i64,
    asked_day: i64,
    state: String,
}

impl TryFrom<Row> for Subscription {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let wrong = |what| StoreError::Inconsistent { table: "subscriptions", row: row.id.clone(), what };
        Ok(Self {
            index: place(row.place)?,
            until: day(row.until_day).map_err(|_| wrong("until_day is no day"))?,
            asked: day(row.asked_day).map_err(|_| wrong("asked_day is no day"))?,
            state: State::by_id(&row.state).ok_or_else(|| wrong("state is unknown"))?,
            verifier: Verifier { id: row.verifier, name: row.name, kind: row.kind },
            certificate: row.number,
            kind: row.r#type,
            application: row.application,
            citizen: row.citizen,
            purpose: row.purpose,
            id: row.id,
        })
    }
}

fn verifier((id, name, kind): (String, String, String)) -> Verifier {
    Verifier { id, name, kind }
}

impl Store {
    /// Records a verifier by the SHA-256 of its key; the key itself is never stored.
    pub async fn add_verifier(&self, verifier: &Verifier, hash: &[u8; 32]) -> Result<(), StoreError> {
        let v = verifier;
        on!(self, write tx => {
            sqlx::query(ADD_VERIFIER).bind(&v.id).bind(&v.name).bind(&v.kind).bind(&hash[..])
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// The verifier whose key has a SHA-256.
    pub async fn verifier(&self, hash: &[u8; 32]) -> Result<Option<Verifier>, StoreError> {
        on!(self, read read => {
            let row: Option<(String, String, String)> =
                sqlx::query_as(VERIFIER).bind(&hash[..]).fetch_optional(&mut *read).await.map_err(driver)?;
            Ok(row.map(verifier))
        })
    }

    /// Every verifier, by id.
    pub async fn verifiers(&self) -> Result<Vec<Verifier>, StoreError> {
        on!(self, read read => {
            let rows: Vec<(String, String, String)> =
                sqlx::query_as(VERIFIERS).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(verifier).collect())
        })
    }

    /// Who can be asked about a certificate; none where no citizen of ours holds it.
    pub async fn holder(&self, index: u64) -> Result<Option<Holder>, StoreError> {
        on!(self, read read => {
            let row: Option<(String, String)> =
                sqlx::query_as(HOLDER).bind(signed(index)).fetch_optional(&mut *read).await.map_err(driver)?;
            Ok(row.map(|(application, citizen)| Holder { application, citizen }))
        })
    }

    /// Asks the holder: the subscription, its entry in the log, and the message to the holder.
    pub async fn ask(
        &self,
        new: &Subscription,
        hook: &Webhook,
        event: &Event,
        message: &str,
    ) -> Result<Asked, StoreError> {
        on!(self, write tx => {
            let _: i64 = sqlx::query_scalar(WAIT).fetch_one(&mut *tx).await.map_err(driver)?;
            let latest: Option<Row> = sqlx::query_as(LATEST)
                .bind(&new.verifier.id).bind(signed(new.index)).fetch_optional(&mut *tx).await.map_err(driver)?;
            if let Some(latest) = latest.map(Subscription::try_from).transpose()? {
                match latest.standing(new.asked) {
                    State::Asked | State::Active => return Ok(Asked::Already(latest)),
                    _ if new.asked < latest.again_from() => return Ok(Asked::TooSoon(latest)),
                    _ => {}
                }
            }
            sqlx::query(ADD)
                .bind(&new.id).bind(&new.verifier.id).bind(&new.verifier.name).bind(&new.verifier.kind)
                .bind(signed(new.index)).bind(&new.application).bind(&new.citizen).bind(&new.purpose)
                .bind(&hook.url).bind(&hook.secret).bind(day_number(new.asked)).bind(day_number(new.until))
                .execute(&mut *tx).await.map_err(driver)?;
            log::queued!(tx, "citizen", &new.citizen, &new.id, message);
            log::chained!(tx, event);
            Ok(Asked::New)
        })
    }

    /// Moves a subscription on. When the holder agrees, the verifier hears at once how the certificate
    /// stands: no change between question and answer is missed.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if it does not stand any more as it is given here.
    pub async fn settle(&self, now: &Subscription, to: State, event: &Event) -> Result<(), StoreError> {
        on!(self, write tx => {
            if to == State::Active {
                let _: i64 = sqlx::query_scalar(HOLD_STATUS).fetch_one(&mut *tx).await.map_err(driver)?;
            }
            let done = sqlx::query(MOVE).bind(to.id()).bind(&now.id).bind(now.state.id())
                .execute(&mut *tx).await.map_err(driver)?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Overtaken);
            }
            if to == State::Active {
                let marked: Option<(String, i64)> = sqlx::query_as(STATUS)
                    .bind(signed(now.index)).fetch_optional(&mut *tx).await.map_err(driver)?;
                let marked = marked.and_then(|(status, since)| Some((Status::by_id(&status)?, day(since).ok()?)));
                let (status, since) = marked.unwrap_or((Status::Valid, now.asked));
                let body = news(&now.id, &now.certificate, status, since);
                log::queued!(tx, "webhook", &now.id, &now.certificate, body);
            }
            log::chained!(tx, event);
            Ok(())
        })
    }

    /// A subscription by its name.
    pub async fn subscription(&self, id: &str) -> Result<Option<Subscription>, StoreError> {
        on!(self, read read => {
            let row: Option<Row> =
                sqlx::query_as(ONE).bind(id).fetch_optional(&mut *read).await.map_err(driver)?;
            row.map(Subscription::try_from).transpose()
        })
    }

    /// A verifier's subscriptions from behind one on, at most 100.
    pub async fn subscriptions(&self, verifier: &str, after: &str) -> Result<Vec<Subscription>, StoreError> {
        on!(self, read read => {
            let rows: Vec<Row> = sqlx::query_as(OF_VERIFIER)
                .bind(verifier).bind(after).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(Subscription::try_from).collect()
        })
    }

    /// What a holder has been asked, the latest first, at most 100.
    pub async fn asked_of(&self, citizen: &str) -> Result<Vec<Subscription>, StoreError> {
        on!(self, read read => {
            let rows: Vec<Row> =
                sqlx::query_as(OF_CITIZEN).bind(citizen).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(Subscription::try_from).collect()
        })
    }

    /// Where a verifier is told; none where the holder has not agreed, or not any more.
    pub async fn subscription_hook(&self, id: &str) -> Result<Option<Webhook>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(HOOK).bind(id).fetch_optional(&mut *read).await.map_err(driver)
        })
    }
}
