//! The verdict: a pure function of (what was scanned, trust list, status lists, time).
//!
//! Order of the checks is normative (credential.md §11): shape, signature, and only then content.
//! [`authenticate`] says who signed what; [`Authentic::judge`] whether it counts now.

pub mod bulk;
pub mod fact;
pub mod printed;
pub mod purpose;
pub mod report;
mod trust;

use ed25519_dalek::{Signature, VerifyingKey};
use jiff::civil::Date;
use mohar_schemas::cose::{self, Context, CoseError, Sign1};
use mohar_schemas::credential::{Credential, CredentialError, day, day_number};
use mohar_schemas::qr::{self, Scanned};
use mohar_schemas::snapshot::{self, Delta, Snapshot, SnapshotError};
use mohar_schemas::status::{Detail, Status, StatusError, StatusList};
use mohar_schemas::trust::{KeyState, Role, TrustError, TrustList, TrustedKey};
pub use mohar_schemas::verdict::Code;
use mohar_schemas::{digits, sha256};
pub use report::Report;
pub use trust::Trust;

/// India Standard Time is 5 h 30 min ahead of UTC, all year.
const IST_AHEAD_S: i64 = 19_800;

/// What a verifier knows when it decides.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The keys it trusts.
    pub trust: &'a Trust,
    /// The status lists it holds; those of other indices do no harm.
    pub status: &'a [StatusList],
    /// Now, in seconds since 1970-01-01 UTC.
    pub now_s: i64,
}

impl Evidence<'_> {
    /// Today in India.
    #[must_use]
    pub fn today(&self) -> Date {
        day(self.day_number()).unwrap_or(Date::MAX)
    }

    /// The number of the day in India, which may lie beyond every date on paper.
    fn day_number(&self) -> i64 {
        self.now_s.saturating_add(IST_AHEAD_S).div_euclid(86_400)
    }

    fn trust_list_is_old(&self) -> bool {
        self.now_s > self.trust.list.next_update_s
    }
}

/// What it concludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The conclusion.
    pub code: Code,
    /// What the certificate says; only ever present when the signature is right.
    pub credential: Option<Credential>,
    /// When the status it was judged by was signed, in seconds since 1970-01-01 UTC.
    pub status_as_of_s: Option<i64>,
    /// Why and since when it is not valid.
    pub detail: Option<Detail>,
    /// What the code is, where it is not a certificate's.
    pub foreign: Option<&'static str>,
    /// The trust list is past its time: worth a warning, never a refusal.
    pub trust_list_is_old: bool,
}

impl Verdict {
    /// A verdict about something of which nothing else is known.
    #[must_use]
    pub fn bare(code: Code) -> Self {
        Self {
            code,
            credential: None,
            status_as_of_s: None,
            detail: None,
            foreign: None,
            trust_list_is_old: false,
        }
    }
}

/// Judges what a camera read or a person typed: a QR text or bare digits.
#[must_use]
pub fn verify_text(text: &str, evidence: &Evidence<'_>) -> Verdict {
    conclude(authenticate_text(text, evidence.trust), evidence)
}

/// Judges the bytes of a signed credential.
#[must_use]
pub fn verify(bytes: &[u8], evidence: &Evidence<'_>) -> Verdict {
    conclude(authenticate(bytes, evidence.trust), evidence)
}

fn conclude(authentic: Result<Authentic<'_>, Refusal>, evidence: &Evidence<'_>) -> Verdict {
    match authentic {
        Ok(authentic) => authentic.judge(evidence),
        Err(refusal) => refusal.judge(evidence),
    }
}

/// A credential whose signature is right, and the key that made it.
#[derive(Debug, Clone)]
pub struct Authentic<'a> {
    /// What it says.
    pub credential: Credential,
    key: &'a TrustedKey,
}

/// Why something is not the work of a key we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The conclusion.
    pub code: Code,
    /// What the code is, where it is not a certificate's.
    pub foreign: Option<&'static str>,
}

impl Refusal {
    fn of(code: Code) -> Self {
        Self { code, foreign: None }
    }

    /// The verdict it comes to.
    #[must_use]
    pub fn judge(self, evidence: &Evidence<'_>) -> Verdict {
        Verdict {
            foreign: self.foreign,
            trust_list_is_old: evidence.trust_list_is_old(),
            ..Verdict::bare(self.code)
        }
    }
}

/// Finds out who signed a QR text or bare digits; the error says why it is nobody we know.
pub fn authenticate_text<'a>(text: &str, trust: &'a Trust) -> Result<Authentic<'a>, Refusal> {
    match qr::read(text) {
        Scanned::Foreign(kind) => Err(Refusal { code: Code::NotACertificate, foreign: Some(kind) }),
        Scanned::Digits(digits) => {
            let bytes = digits::decode(digits).map_err(|_| Refusal::of(Code::Damaged))?;
            authenticate(&bytes, trust)
        }
    }
}

/// Finds out who signed the bytes of a credential; the error says why it is nobody we know.
pub fn authenticate<'a>(bytes: &[u8], trust: &'a Trust) -> Result<Authentic<'a>, Refusal> {
    let message = cose::parse(Context::Certificate, bytes).map_err(|_| Refusal::of(Code::Damaged))?;
    let mut known = trust.keys_of(Role::Certificates, message.kid).peekable();
    if known.peek().is_none() {
        return Err(Refusal::of(Code::UnknownIssuer));
    }
    let signer = known.find(|(_, key)| key.is_some_and(|key| signed_by(key, &message)));
    let Some((key, _)) = signer else { return Err(Refusal::of(Code::Altered)) };
    match Credential::decode(&message.payload) {
        Err(CredentialError::Newer(_)) => Err(Refusal::of(Code::NewerVersion)),
        Err(CredentialError::Malformed(_)) => Err(Refusal::of(Code::Damaged)),
        Ok(credential) => Ok(Authentic { credential, key }),
    }
}

impl Authentic<'_> {
    /// Everything after the signature: may this key sign this, is it withdrawn, is it current?
    #[must_use]
    pub fn judge(self, evidence: &Evidence<'_>) -> Verdict {
        let credential = self.credential;
        let list = evidence.status.iter().filter(|l| l.status(credential.index).is_some());
        let list = list.max_by_key(|l| l.issued_at_s);
        let status = list.and_then(|l| l.status(credential.index));
        let today = evidence.day_number();
        let code = if let Some(code) = key_objection(&credential, self.key) {
            code
        } else {
            match status {
                Some(Status::Revoked) => Code::Revoked,
                Some(Status::Superseded) => Code::Superseded,
                Some(Status::Suspended) => Code::Suspended,
                _ if today < day_number(credential.valid_from) => Code::NotYetValid,
                _ if credential.valid_until.is_some_and(|until| day_number(until) < today) => Code::Expired,
                None => Code::StatusUnknown,
                Some(Status::Valid) if list.is_some_and(|l| l.expires_at_s < evidence.now_s) => {
                    Code::StatusStale
                }
                Some(Status::Valid) => Code::Genuine,
            }
        };
        Verdict {
            status_as_of_s: list.map(|l| l.issued_at_s),
            detail: list.and_then(|l| l.detail(credential.index)).cloned(),
            credential: Some(credential),
            trust_list_is_old: evidence.trust_list_is_old(),
            ..Verdict::bare(code)
        }
    }
}

fn key_objection(credential: &Credential, key: &TrustedKey) -> Option<Code> {
    let in_time =
        key.signs_from <= credential.issued && key.signs_until.is_none_or(|until| credential.issued <= until);
    if !key.types.contains(&credential.kind.code)
        || credential.office.department.as_ref() != Some(&key.department)
        || !in_time
    {
        return Some(Code::KeyNotAllowed);
    }
    match key.state {
        KeyState::Compromised { from_index } if credential.index >= from_index => Some(Code::KeyCompromised),
        _ => None,
    }
}

fn signed_by(key: &VerifyingKey, message: &Sign1) -> bool {
    key.verify_strict(&message.to_be_signed, &Signature::from_bytes(&message.signature)).is_ok()
}

/// Ed25519 as RFC 8032 with the strict rules: no small-order key, no second form of a signature.
#[must_use]
pub fn verify_strict(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    trust::verifying_key(public_key)
        .is_some_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

/// The place of a certificate in the ledger's tree: nobody can compute it without holding it.
#[must_use]
pub fn ledger_leaf(credential: &[u8]) -> [u8; 32] {
    sha256(&[&[0u8][..], credential].concat())
}

/// Why a list is not to be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not a signed message.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// Signed by nobody we trust.
    #[error("the list is not signed by a trusted key")]
    Signature,
    /// Not a trust list.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// Not a status list.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// Not a status snapshot or delta.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Longer than a list can be.
    #[error("the list is too long")]
    TooLong,
}

/// Opens a trust list signed by the pinned root key.
pub fn open_trust_list(bytes: &[u8], root: &[u8; 32]) -> Result<Trust, ListError> {
    if bytes.len() > mohar_schemas::trust::TRUST_LIST_BYTES_MAX {
        return Err(ListError::TooLong);
    }
    let message = cose::parse(Context::TrustList, bytes)?;
    let signed = verify_strict(root, &message.to_be_signed, &message.signature);
    if message.kid != cose::key_id(root) || !signed {
        return Err(ListError::Signature);
    }
    Ok(Trust::new(TrustList::decode(&message.payload)?))
}

/// Opens a status list signed by a key that the trust list allows to.
pub fn open_status_list(bytes: &[u8], trust: &Trust) -> Result<StatusList, ListError> {
    let payload = status_payload(bytes, Context::StatusList, mohar_schemas::status::TOKEN_BYTES_MAX, trust)?;
    Ok(StatusList::decode(&payload)?)
}

/// Opens a status snapshot signed by a key that the trust list allows to.
pub fn open_snapshot(bytes: &[u8], trust: &Trust) -> Result<Snapshot, ListError> {
    Ok(Snapshot::decode(&status_payload(bytes, Context::Snapshot, snapshot::SNAPSHOT_BYTES_MAX, trust)?)?)
}

/// Opens a status delta signed by a key that the trust list allows to.
pub fn open_delta(bytes: &[u8], trust: &Trust) -> Result<Delta, ListError> {
    Ok(Delta::decode(&status_payload(bytes, Context::Delta, snapshot::DELTA_BYTES_MAX, trust)?)?)
}

fn status_payload(bytes: &[u8], context: Context, most: usize, trust: &Trust) -> Result<Vec<u8>, ListError> {
    if bytes.len() > most {
        return Err(ListError::TooLong);
    }
    let message = cose::parse(context, bytes)?;
    let mut keys = trust.keys_of(Role::StatusLists, message.kid);
    let signed = keys.any(|(trusted, key)| {
        let safe = !matches!(trusted.state, KeyState::Compromised { .. });
        safe && key.is_some_and(|key| signed_by(key, &message))
    });
    if signed { Ok(message.payload) } else { Err(ListError::Signature) }
}
