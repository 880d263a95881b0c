//! Steps 4 and 5: sign, then verify our own output as a stranger would.

use crate::ports::Draft;
use mohar_keys::{SignError, Signer, sign1};
use mohar_schemas::cose::Context;
use mohar_verifier::{Code, Evidence, Trust, ledger_leaf, verify};
use std::collections::BTreeMap;
use std::thread;

/// A certificate as stored. The index is its place in the ledger and in the status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in the ledger, dense from 0.
    pub index: u64,
    /// Its name in the API: the first half of its ledger leaf, in hex. Nobody can guess it.
    pub id: String,
    /// The number printed on it.
    pub number: String,
    /// Id of its type.
    pub kind: String,
    /// The department that issued it.
    pub department: String,
    /// The signed credential.
    pub credential: Vec<u8>,
    /// Its leaf in the ledger.
    pub leaf: [u8; 32],
    /// Who asked for it.
    pub caller: String,
    /// The caller's name for the request.
    pub idempotency_key: String,
    /// SHA-256 of the request.
    pub digest: [u8; 32],
    /// When, in seconds since 1970-01-01 UTC.
    pub issued_at_s: i64,
}

/// Nothing was signed that may be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SealError {
    /// No key for the department.
    #[error("no signing key is loaded for the department {0}")]
    NoKey(String),
    /// The signer.
    #[error("{0}")]
    Sign(String),
    /// Our own verifier did not accept what we signed.
    #[error("our own verifier said {0:?} to a new certificate; nothing was issued")]
    SelfCheck(Code),
}

impl From<SignError> for SealError {
    fn from(e: SignError) -> Self {
        Self::Sign(e.to_string())
    }
}

/// Fewer drafts than this are not worth a thread.
const SHARE_MIN: usize = 16;

/// The department's signers, and the trust list that strangers check them by.
pub struct Sealer {
    signers: BTreeMap<String, Box<dyn Signer>>,
    trust: Trust,
}

impl Sealer {
    /// Signers by department.
    #[must_use]
    pub fn new(signers: BTreeMap<String, Box<dyn Signer>>, trust: Trust) -> Self {
        Self { signers, trust }
    }

    /// Seals a batch under indices from `first` on, on every core.
    pub fn seal_all(&self, drafts: Vec<Draft>, first: u64, now_s: i64) -> Result<Vec<Record>, SealError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = drafts.len().div_ceil(cores).max(SHARE_MIN);
        let mut waiting = drafts.into_iter().zip(first..).peekable();
        let mut shares = vec![];
        while waiting.peek().is_some() {
            shares.push(waiting.by_ref().take(share).collect::<Vec<_>>());
        }
        let seal = |share: Vec<(Draft, u64)>| {
            share.into_iter().map(|(draft, index)| self.seal(draft, index, now_s)).collect()
        };
        let Some(mine) = shares.pop() else { return Ok(vec![]) };
        let sealed: Vec<Result<Vec<Record>, SealError>> = thread::scope(|scope| {
            let others: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| seal(share))).collect();
            let mine = seal(mine);
            let stopped = |_| Err(SealError::Sign("a sealing thread stopped".into()));
            others.into_iter().map(|o| o.join().unwrap_or_else(stopped)).chain([mine]).collect()
        });
        Ok(sealed.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Signs a draft under an index and checks the result.
    pub fn seal(&self, draft: Draft, index: u64, now_s: i64) -> Result<Record, SealError> {
        let department = draft.linted.department().to_owned();
        let key = self.signers.get(&department).ok_or_else(|| SealError::NoKey(department.clone()))?;
        let credential = draft.linted.with_index(index);
        let signed = sign1(key.as_ref(), Context::Certificate, &credential.encode())?;
        let verdict = verify(&signed, &Evidence { trust: &self.trust, status: &[], now_s });
        // Its status cannot be known before it is in the ledger.
        let right = matches!(verdict.code, Code::StatusUnknown | Code::NotYetValid);
        if !right || verdict.credential.as_ref() != Some(&credential) {
            return Err(SealError::SelfCheck(verdict.code));
        }
        let leaf = ledger_leaf(&signed);
        Ok(Record {
            index,
            id: mohar_keys::file::hex(&leaf[..16]),
            number: credential.number(),
            kind: credential.kind.id.clone(),
            department,
            credential: signed,
            leaf,
            caller: draft.caller,
            idempotency_key: draft.idempotency_key,
            digest: draft.digest,
            issued_at_s: now_s,
        })
    }
}
