//! The only SQL. One text per operation, run on both engines; what differs between them stands in
//! [`engine`]. Column types are portable: TEXT, BIGINT, BLOB/BYTEA; times in seconds, days as numbers.

mod applications;
mod batch;
pub mod chat;
pub mod checks;
pub mod engine;
pub mod identity;
mod log;
pub mod money;
pub mod office;
pub mod outbox;
pub mod people;
mod rows;
pub mod subscriptions;

use engine::{Store, on};
use mohar_issuer::ports::{Draft, Extent, Ledger, Outcome, StoreError};
use mohar_issuer::seal::{Record, SealError};
use mohar_issuer::subscription::news;
use mohar_schemas::credential::day_number;
use mohar_schemas::status::{Detail, Status};
pub use rows::ApiKey;
use rows::{CertificateRow, StatusRow, driver, place, signed};
use subscriptions::{DROP_VERIFIER, TO_TELL};

/// Takes the ledger for this transaction: the row lock orders every node that issues.
const TAKE: &str = "UPDATE ledger SET size = size + 0 WHERE id = 1 RETURNING size";
const GROW: &str = "UPDATE ledger SET size = $1 WHERE id = 1";
const SIZE: &str = "SELECT size FROM ledger WHERE id = 1";
const BY_ID: &str = "SELECT place, id, number, kind, department, credential, leaf, caller, idempotency_key, digest, issued_at_s FROM certificates WHERE id = $1";
const FROM: &str = "SELECT place, id, number, kind, department, credential, leaf, caller, idempotency_key, digest, issued_at_s FROM certificates WHERE place >= $1 ORDER BY place LIMIT $2";
const STATUS: &str = "SELECT place, status, reason, since_day, superseded_by FROM statuses WHERE place = $1";
const SET_STATUS: &str = "INSERT INTO statuses (place, status, reason, since_day, superseded_by, change) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (place) DO UPDATE SET status = excluded.status, reason = excluded.reason, since_day = excluded.since_day, superseded_by = excluded.superseded_by, change = excluded.change";
/// Takes the ledger as [`TAKE`] does: changes of status are counted in the order they happen in.
const CHANGE: &str = "UPDATE ledger SET changes = changes + 1 WHERE id = 1 RETURNING size, changes";
const EXTENT: &str = "SELECT size, changes FROM ledger WHERE id = 1";
const CHANGED: &str = "SELECT place, status, reason, since_day, superseded_by FROM statuses WHERE change > $1 ORDER BY change LIMIT $2";
const MARKED: &str = "SELECT place, status, reason, since_day, superseded_by FROM statuses WHERE place >= $1 AND place < $2 AND status <> 'valid' ORDER BY place";
const ADD_KEY: &str = "INSERT INTO api_keys (id, department, types, hash) VALUES ($1, $2, $3, $4)";
const KEYS: &str = "SELECT id, department, types FROM api_keys ORDER BY id";
const DROP_KEY: &str = "DELETE FROM api_keys WHERE id = $1";
const KEY: &str = "SELECT id, department, types FROM api_keys WHERE hash = $1";

impl Ledger for Store {
    async fn append<S>(&self, drafts: Vec<Draft>, seal: S) -> Result<Vec<Outcome>, StoreError>
    where
        S: Fn(Vec<Draft>, u64) -> Result<Vec<Record>, SealError> + Send + Sync,
    {
        on!(self, write tx => {
            let first: i64 = sqlx::query_scalar(TAKE).fetch_one(&mut *tx).await.map_err(driver)?;
            let mut found: Vec<CertificateRow> = vec![];
            for (caller, keys) in batch::requests(&drafts) {
                let mut query = sqlx::query_as(batch::by_requests_of(keys.len())).bind(caller);
                for key in keys {
                    query = query.bind(key);
                }
                found.extend(query.fetch_all(&mut *tx).await.map_err(driver)?);
            }
            let sealed = batch::Sorted::of(drafts, found)?.seal(first, seal)?;
            for records in batch::statements(&sealed.records) {
                let mut query = sqlx::query(batch::insert_of(records.len()));
                for r in records {
                    query = query
                        .bind(signed(r.index)).bind(&r.id).bind(&r.number).bind(&r.kind).bind(&r.department)
                        .bind(&r.credential).bind(&r.leaf[..]).bind(&r.caller).bind(&r.idempotency_key)
                        .bind(&r.digest[..]).bind(r.issued_at_s);
                }
                query.execute(&mut *tx).await.map_err(driver)?;
            }
            let size = first + i64::try_from(sealed.records.len()).unwrap_or(i64::MAX);
            sqlx::query(GROW).bind(size).execute(&mut *tx).await.map_err(driver)?;
            Ok(sealed.outcomes())
        })
    }

    async fn size(&self) -> Result<u64, StoreError> {
        on!(self, read read => {
            let size: i64 = sqlx::query_scalar(SIZE).fetch_one(&mut *read).await.map_err(driver)?;
            place(size)
        })
    }

    async fn by_id(&self, id: &str) -> Result<Option<Record>, StoreError> {
        on!(self, read read => {
            let row: Option<CertificateRow> =
                sqlx::query_as(BY_ID).bind(id).fetch_optional(&mut *read).await.map_err(driver)?;
            row.map(Record::try_from).transpose()
        })
    }

    async fn from(&self, index: u64, limit: u32) -> Result<Vec<Record>, StoreError> {
        on!(self, read read => {
            let rows: Vec<CertificateRow> = sqlx::query_as(FROM)
                .bind(signed(index)).bind(i64::from(limit)).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(Record::try_from).collect()
        })
    }

    async fn set_status(&self, status: Status, detail: Detail) -> Result<(), StoreError> {
        on!(self, write tx => {
            let (size, change): (i64, i64) = sqlx::query_as(CHANGE).fetch_one(&mut *tx).await.map_err(driver)?;
            let exists = |n: u64| n < size.cast_unsigned();
            if !exists(detail.index) || detail.superseded_by.is_some_and(|n| !exists(n) || n == detail.index) {
                return Err(StoreError::NotFound);
            }
            let now: Option<StatusRow> = sqlx::query_as(STATUS)
                .bind(signed(detail.index)).fetch_optional(&mut *tx).await.map_err(driver)?;
            let now = now.map(StatusRow::read).transpose()?.map_or(Status::Valid, |(s, _)| s);
            if !now.may_become(status) {
                return Err(StoreError::Transition(now.id(), status.id()));
            }
            sqlx::query(SET_STATUS)
                .bind(signed(detail.index)).bind(status.id()).bind(i64::from(detail.reason))
                .bind(day_number(detail.since)).bind(detail.superseded_by.map(signed)).bind(change)
                .execute(&mut *tx).await.map_err(driver)?;
            let subscribed: Vec<(String, String)> = sqlx::query_as(TO_TELL)
                .bind(signed(detail.index)).bind(day_number(detail.since))
                .fetch_all(&mut *tx).await.map_err(driver)?;
            for (id, number) in subscribed {
                let body = news(&id, &number, status, detail.since);
                log::queued!(tx, "webhook", &id, &number, body);
            }
            Ok(())
        })
    }

    async fn marked(&self, from: u64, to: u64) -> Result<Vec<(Status, Detail)>, StoreError> {
        on!(self, read read => {
            let rows: Vec<StatusRow> = sqlx::query_as(MARKED)
                .bind(signed(from)).bind(signed(to)).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(StatusRow::read).collect()
        })
    }

    async fn extent(&self) -> Result<Extent, StoreError> {
        on!(self, read read => {
            let (size, changes): (i64, i64) =
                sqlx::query_as(EXTENT).fetch_one(&mut *read).await.map_err(driver)?;
            Ok(Extent { size: place(size)?, changes: place(changes)? })
        })
    }

    async fn changed(&self, since: u64, limit: u32) -> Result<Vec<(Status, Detail)>, StoreError> {
        on!(self, read read => {
            let rows: Vec<StatusRow> = sqlx::query_as(CHANGED)
                .bind(signed(since)).bind(i64::from(limit)).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(StatusRow::read).collect()
        })
    }
}

impl Store {
    /// Records an API key by its SHA-256; the key itself is never stored.
    pub async fn add_api_key(&self, key: &ApiKey, hash: &[u8; 32]) -> Result<(), StoreError> {
        let types = key.types.join(" ");
        on!(self, write tx => {
            sqlx::query(ADD_KEY).bind(&key.id).bind(&key.department).bind(&types).bind(&hash[..])
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// The API key with a SHA-256. A hash is compared, never the key: timing tells nothing of use.
    pub async fn api_key(&self, hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        on!(self, read read => {
            let row: Option<(String, String, String)> =
                sqlx::query_as(KEY).bind(&hash[..]).fetch_optional(&mut *read).await.map_err(driver)?;
            Ok(row.map(api_key))
        })
    }

    /// Every API key, by id.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        on!(self, read read => {
            let rows: Vec<(String, String, String)> =
                sqlx::query_as(KEYS).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(api_key).collect())
        })
    }

    /// Takes an API key away, a department's or a verifier's; from the next request on it is refused.
    pub async fn revoke_api_key(&self, id: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            let mut gone = 0;
            for statement in [DROP_KEY, DROP_VERIFIER] {
                let done = sqlx::query(statement).bind(id).execute(&mut *tx).await.map_err(driver)?;
                gone += done.rows_affected();
            }
            if gone == 0 { Err(StoreError::NoKey(id.to_owned())) } else { Ok(()) }
        })
    }
}

fn api_key((id, department, types): (String, String, String)) -> ApiKey {
    ApiKey { id, department, types: types.split(' ').map(str::to_owned).collect() }
}
