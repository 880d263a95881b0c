//! The running service: what its handlers share.

use crate::edge::now_s;
use crate::identity::Proofs;
use crate::limits::{Limits, Settings};
use crate::metrics::Metrics;
use crate::model::Helpers;
use crate::pages::Pages;
use crate::simulator::Simulator;
use crate::snapshots::{Signed, Snapshots};
use crate::told::Told;
use crate::whatsapp::{Keeper, Whatsapp};
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_issuer::seal::Sealer;
use mohar_issuer::sequencer::Sequencer;
use mohar_keys::{MemoryKey, SignError, Signer, sign1};
use mohar_schemas::cose::Context;
use mohar_schemas::status::{LIST_SIZE, StatusList};
use mohar_store::engine::Store;
use mohar_verifier::Trust;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a status list counts as fresh.
const STATUS_LASTS_S: i64 = 86_400;
/// How long a signed status list is served again: other nodes' changes show within this.
const STATUS_CACHED: Duration = Duration::from_millis(500);

/// A status list as it was last made.
#[derive(Clone)]
struct Made {
    at: Instant,
    /// The size of the ledger then.
    size: u64,
    list: Arc<StatusList>,
    /// The same, signed.
    token: Arc<Vec<u8>>,
}

/// What the handlers share.
pub struct App {
    pub store: Arc<Store>,
    pub sequencer: Sequencer,
    /// The way in for what channels bring.
    pub keeper: Keeper,
    pub trust: Trust,
    pub trust_bytes: Vec<u8>,
    pub root: [u8; 32],
    /// Scheme and host of the links in QR codes.
    pub origin: String,
    /// Stands before `/v1/…` in status list addresses.
    pub base_url: String,
    pub limits: Limits,
    pub metrics: Metrics,
    /// Holders who want to know who checks.
    pub told: Told,
    /// The citizens' and officers' pages, where they are served.
    pub pages: Option<Pages>,
    /// The channel, where a number is configured.
    pub whatsapp: Option<Whatsapp>,
    /// What helps the conversation, where it is configured.
    pub helpers: Helpers,
    /// How citizens prove who they are.
    pub proofs: Proofs,
    /// The demo's own double of the platform.
    pub simulator: Option<Arc<Simulator>>,
    status_key: MemoryKey,
    /// By number.
    lists: Mutex<HashMap<u64, Made>>,
    snapshots: Snapshots,
}

/// What it needs to start.
pub struct Parts {
    pub store: Store,
    pub signers: BTreeMap<String, Box<dyn Signer>>,
    pub status_key: MemoryKey,
    pub trust: Trust,
    pub trust_bytes: Vec<u8>,
    pub root: [u8; 32],
    pub origin: String,
    pub base_url: String,
    pub limits: Settings,
    pub pages: Option<Pages>,
    pub whatsapp: Option<Whatsapp>,
    pub helpers: Helpers,
    pub proofs: Proofs,
    pub simulator: Option<Arc<Simulator>>,
}

impl App {
    pub fn start(parts: Parts) -> Arc<Self> {
        let store = Arc::new(parts.store);
        let sealer = Arc::new(Sealer::new(parts.signers, parts.trust.clone()));
        Arc::new(Self {
            sequencer: Sequencer::start(Arc::clone(&store), sealer, now_s),
            keeper: Keeper::start(Arc::clone(&store)),
            store,
            trust: parts.trust,
            trust_bytes: parts.trust_bytes,
            root: parts.root,
            origin: parts.origin,
            base_url: parts.base_url,
            limits: Limits::new(parts.limits),
            metrics: Metrics::default(),
            told: Told::default(),
            pages: parts.pages,
            whatsapp: parts.whatsapp,
            helpers: parts.helpers,
            proofs: parts.proofs,
            simulator: parts.simulator,
            status_key: parts.status_key,
            lists: Mutex::default(),
            snapshots: Snapshots::default(),
        })
    }

    /// The signed status list of a number; none where no certificate has been issued yet.
    pub async fn status_token(&self, number: u64) -> Result<Option<Arc<Vec<u8>>>, StoreError> {
        let size = self.store.size().await?;
        // A certificate issued a moment ago is already in the list.
        let made = self.status_list(number, |made| made.size == size).await?;
        Ok(made.map(|made| made.token))
    }

    /// Signs what is no certificate.
    pub fn sign(&self, context: Context, payload: &[u8]) -> Result<Vec<u8>, SignError> {
        sign1(&self.status_key, context, payload)
    }

    /// The signed status snapshot.
    pub async fn snapshot(&self) -> Result<Arc<Signed>, StoreError> {
        self.snapshots.snapshot(&self.store, &self.status_key).await
    }

    /// The signed delta that continues the state after a count of changes, where there is one.
    pub async fn delta(&self, from: u64) -> Result<Option<Arc<Signed>>, StoreError> {
        self.snapshots.delta(from, &self.store, &self.status_key).await
    }

    /// The status list that has a certificate.
    pub async fn status_of(&self, index: u64) -> Result<Option<Arc<StatusList>>, StoreError> {
        let made = self.status_list(index / LIST_SIZE, |made| made.list.status(index).is_some()).await?;
        Ok(made.map(|made| made.list))
    }

    /// A list, made anew where the one at hand is old or is not enough.
    async fn status_list(
        &self,
        number: u64,
        enough: impl Fn(&Made) -> bool,
    ) -> Result<Option<Made>, StoreError> {
        let mut lists = self.lists.lock().await;
        if let Some(made) = lists.get(&number).filter(|m| m.at.elapsed() < STATUS_CACHED && enough(m)) {
            return Ok(Some(made.clone()));
        }
        let at = Instant::now();
        let size = self.store.size().await?;
        let Some(first) = number.checked_mul(LIST_SIZE).filter(|first| number == 0 || *first < size) else {
            return Ok(None);
        };
        let issued = (size - first).min(LIST_SIZE);
        let marked = self.store.marked(first, first + issued).await?;
        let now = now_s();
        let uri = format!("{}/v1/status-lists/{number}", self.base_url);
        let list = StatusList::build(uri, number, (now, now + STATUS_LASTS_S), issued, marked);
        let token = sign1(&self.status_key, Context::StatusList, &list.encode())
            .map_err(|e| StoreError::Driver(e.to_string()))?;
        let made = Made { at, size, token: Arc::new(token), list: Arc::new(list) };
        lists.insert(number, made.clone());
        Ok(Some(made))
    }

    /// Forgets the lists, so that a change on this node shows at once.
    pub async fn status_changed(&self) {
        self.lists.lock().await.clear();
    }
}
