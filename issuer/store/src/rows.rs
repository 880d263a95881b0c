//! Rows as they lie in the tables, and the typed errors for those that cannot be.

use mohar_issuer::ports::StoreError;
use mohar_issuer::seal::Record;
use mohar_schemas::credential::day;
use mohar_schemas::status::{Detail, Status};

/// A caller of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its name, which may be logged.
    pub id: String,
    /// The department it acts for.
    pub department: String,
    /// The ids of the types it may issue.
    pub types: Vec<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct CertificateRow {
    place: i64,
    id: String,
    number: String,
    kind: String,
    department: String,
    credential: Vec<u8>,
    leaf: Vec<u8>,
    caller: String,
    idempotency_key: String,
    digest: Vec<u8>,
    issued_at_s: i64,
}

impl TryFrom<CertificateRow> for Record {
    type Error = StoreError;

    fn try_from(row: CertificateRow) -> Result<Self, StoreError> {
        let wrong =
            |what| StoreError::Inconsistent { table: "certificates", row: row.place.to_string(), what };
        Ok(Self {
            index: place(row.place)?,
            leaf: row.leaf.as_slice().try_into().map_err(|_| wrong("leaf is not 32 bytes"))?,
            digest: row.digest.as_slice().try_into().map_err(|_| wrong("digest is not 32 bytes"))?,
            id: row.id,
            number: row.number,
            kind: row.kind,
            department: row.department,
            credential: row.credential,
            caller: row.caller,
            idempotency_key: row.idempotency_key,
            issued_at_s: row.issued_at_s,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct StatusRow {
    place: i64,
    status: String,
    reason: i64,
    since_day: i64,
    superseded_by: Option<i64>,
}

impl StatusRow {
    pub(crate) fn read(self) -> Result<(Status, Detail), StoreError> {
        let wrong = |what| StoreError::Inconsistent { table: "statuses", row: self.place.to_string(), what };
        let detail = Detail {
            index: place(self.place)?,
            since: day(self.since_day).map_err(|_| wrong("since_day is no day"))?,
            reason: u16::try_from(self.reason).map_err(|_| wrong("reason is no code"))?,
            superseded_by: self.superseded_by.map(place).transpose()?,
        };
        Ok((Status::by_id(&self.status).ok_or_else(|| wrong("status is unknown"))?, detail))
    }
}

/// An index as the engines store it: both have signed integers only.
pub(crate) fn signed(index: u64) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

pub(crate) fn place(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::Inconsistent {
        table: "certificates",
        row: stored.to_string(),
        what: "a negative place",
    })
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn driver(e: sqlx::Error) -> StoreError {
    StoreError::Driver(e.to_string())
}
