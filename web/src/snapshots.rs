//! The status snapshot of this node and its deltas, signed. Made anew from what changed, never from
//! the whole ledger again.

use crate::edge::now_s;
use mohar_issuer::ports::{Extent, Ledger, StoreError};
use mohar_keys::file::hex;
use mohar_keys::{MemoryKey, sign1};
use mohar_schemas::cose::Context;
use mohar_schemas::sha256;
use mohar_schemas::snapshot::{Delta, Reach, Snapshot};
use mohar_store::engine::Store;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a snapshot or delta counts as fresh: as long as a status list.
const LASTS_S: i64 = 86_400;
/// How long a snapshot is served again although something has changed: deltas bridge the time.
const SNAPSHOT_SERVED: Duration = Duration::from_mins(60);
/// How long a delta is served again while nothing changes.
const DELTA_SERVED: Duration = Duration::from_secs(60);
/// Whoever is further behind fetches the snapshot: some 10 KB.
const DELTA_MARKS_MAX: u32 = 4_096;
/// Different states that callers may continue from; more are forgotten together.
const DELTAS_KEPT: usize = 1_024;

/// Something signed, and the name of exactly these bytes.
#[derive(Debug)]
pub struct Signed {
    pub bytes: Vec<u8>,
    pub etag: String,
}

struct Made {
    at: Instant,
    extent: Extent,
    signed: Arc<Signed>,
}

#[derive(Default)]
struct State {
    snapshot: Option<(Snapshot, Made)>,
    /// By the count of changes that they continue.
    deltas: HashMap<u64, Made>,
}

/// What this node has made.
#[derive(Default)]
pub struct Snapshots(Mutex<State>);

impl Snapshots {
    /// The snapshot: at most an hour behind, and signed in this half of its time.
    pub async fn snapshot(&self, store: &Store, key: &MemoryKey) -> Result<Arc<Signed>, StoreError> {
        let mut state = self.0.lock().await;
        let extent = store.extent().await?;
        let lasts = Duration::from_secs(LASTS_S.unsigned_abs() / 2);
        let good =
            |made: &Made| made.at.elapsed() < if made.extent == extent { lasts } else { SNAPSHOT_SERVED };
        if let Some((_, made)) = state.snapshot.as_ref().filter(|(_, made)| good(made)) {
            return Ok(Arc::clone(&made.signed));
        }
        let snapshot = match &state.snapshot {
            Some((old, _)) => continued(store, old, extent).await?,
            None => whole(store, extent).await?,
        };
        let signed = sign(key, Context::Snapshot, &snapshot.encode())?;
        let made = Made { at: Instant::now(), extent, signed: Arc::clone(&signed) };
        state.snapshot = Some((snapshot, made));
        Ok(signed)
    }

    /// What changed since a count of changes; none where there is no such state, or too much changed.
    pub async fn delta(
        &self,
        from: u64,
        store: &Store,
        key: &MemoryKey,
    ) -> Result<Option<Arc<Signed>>, StoreError> {
        let mut state = self.0.lock().await;
        let extent = store.extent().await?;
        let good = |made: &&Made| made.extent == extent && made.at.elapsed() < DELTA_SERVED;
        if let Some(made) = state.deltas.get(&from).filter(good) {
            return Ok(Some(Arc::clone(&made.signed)));
        }
        if from > extent.changes {
            return Ok(None);
        }
        let changed = store.changed(from, DELTA_MARKS_MAX + 1).await?;
        if changed.len() > DELTA_MARKS_MAX as usize {
            return Ok(None);
        }
        // One issued and marked since the extent was read comes with the next delta.
        let marks = changed.into_iter().map(|(status, detail)| (detail.index, status));
        let marks: BTreeMap<_, _> = marks.filter(|(index, _)| *index < extent.size).collect();
        let delta = Delta { from, reach: reach(extent), marks };
        let signed = sign(key, Context::Delta, &delta.encode())?;
        if state.deltas.len() >= DELTAS_KEPT {
            state.deltas.clear();
        }
        state.deltas.insert(from, Made { at: Instant::now(), extent, signed: Arc::clone(&signed) });
        Ok(Some(signed))
    }
}

async fn whole(store: &Store, extent: Extent) -> Result<Snapshot, StoreError> {
    let marked = store.marked(0, extent.size).await?;
    Ok(Snapshot::new(reach(extent), marked.into_iter().map(|(status, detail)| (detail.index, status))))
}

/// The snapshot after another, from what changed in between.
async fn continued(store: &Store, old: &Snapshot, extent: Extent) -> Result<Snapshot, StoreError> {
    let changed = store.changed(old.reach.changes, u32::MAX).await?;
    let marks = changed.into_iter().map(|(status, detail)| (detail.index, status)).collect();
    match old.apply(&Delta { from: old.reach.changes, reach: reach(extent), marks }) {
        Ok(next) => Ok(next),
        // The clock of this machine, or its database, was set back.
        Err(_) => whole(store, extent).await,
    }
}

fn reach(extent: Extent) -> Reach {
    let now = now_s();
    Reach { changes: extent.changes, issued: extent.size, issued_at_s: now, expires_at_s: now + LASTS_S }
}

fn sign(key: &MemoryKey, context: Context, payload: &[u8]) -> Result<Arc<Signed>, StoreError> {
    let bytes = sign1(key, context, payload).map_err(|e| StoreError::Driver(e.to_string()))?;
    let etag = format!("\"{}\"", hex(&sha256(&bytes)[..8]));
    Ok(Arc::new(Signed { bytes, etag }))
}
