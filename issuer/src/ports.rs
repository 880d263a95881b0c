//! What issuing needs from outside, in its own words.

use crate::lint::Linted;
use crate::seal::{Record, SealError};
use mohar_schemas::status::{Detail, Status};
use std::future::Future;

/// A request on its way into the ledger.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What is to be signed.
    pub linted: Linted,
    /// Who asked: the id of an API key.
    pub caller: String,
    /// The caller's own name for the request; sent again, it gives the same certificate.
    pub idempotency_key: String,
    /// SHA-256 of the request, to notice another request under the same name.
    pub digest: [u8; 32],
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new certificate.
    Issued(Record),
    /// The certificate issued earlier for the same request.
    Replayed(Record),
    /// The idempotency key names another request.
    Conflict,
}

/// The store failed; nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The engine is away or refuses.
    #[error("the database does not answer: {0}")]
    Driver(String),
    /// What was read cannot be.
    #[error("table {table}, row {row}: {what}")]
    Inconsistent {
        /// Where.
        table: &'static str,
        /// Which.
        row: String,
        /// What is wrong.
        what: &'static str,
    },
    /// A status may not follow another.
    #[error("a certificate that is {0} cannot become {1}")]
    Transition(&'static str, &'static str),
    /// Nothing of that name.
    #[error("there is no such certificate")]
    NotFound,
    /// Somebody else wrote it in between.
    #[error("somebody else has changed this meanwhile; look at it again")]
    Overtaken,
    /// No API key of that id.
    #[error("there is no API key {0}; `mohar api-keys list` shows them")]
    NoKey(String),
    /// The signature was not made.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// How far ledger and statuses have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How many certificates there are: the next index.
    pub size: u64,
    /// How often a status was changed.
    pub changes: u64,
}

/// The append-only ledger and its certificates.
pub trait Ledger: Send + Sync + 'static {
    /// Appends a batch in one transaction: takes the next indices, seals the drafts that are new
    /// (`seal` gets them with the index of the first), stores all. If the seal fails, nothing is
    /// stored and no index is spent.
    fn append<S>(
        &self,
        batch: Vec<Draft>,
        seal: S,
    ) -> impl Future<Output = Result<Vec<Outcome>, StoreError>> + Send
    where
        S: Fn(Vec<Draft>, u64) -> Result<Vec<Record>, SealError> + Send + Sync;
    /// How many certificates there are: the next index.
    fn size(&self) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// A certificate by its public id.
    fn by_id(&self, id: &str) -> impl Future<Output = Result<Option<Record>, StoreError>> + Send;
    /// Certificates from an index on, in order.
    fn from(&self, index: u64, limit: u32) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;
    /// Changes a status. Revoked and superseded are final.
    fn set_status(
        &self,
        status: Status,
        detail: Detail,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Those of a range of indices that are not valid, in order.
    fn marked(
        &self,
        from: u64,
        to: u64,
    ) -> impl Future<Output = Result<Vec<(Status, Detail)>, StoreError>> + Send;
    /// How far ledger and statuses have come.
    fn extent(&self) -> impl Future<Output = Result<Extent, StoreError>> + Send;
    /// What changed after a count of changes, earliest first, at most `limit`: each place once, as it
    /// is now, which may be valid again.
    fn changed(
        &self,
        since: u64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<(Status, Detail)>, StoreError>> + Send;
}
