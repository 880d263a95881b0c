//! How citizens prove who they are: what is configured for it, and what is done with a proof.

pub mod digilocker;

use crate::api::verify::{judge_seen, read};
use crate::app::App;
use crate::cli::Error;
use crate::pages::{Failure, today};
use crate::reader::Seen;
use crate::told::Checker;
use axum::body::Bytes;
use mohar_aadhaar::{Certificate, Refusal, is_aadhaar};
use mohar_issuer::ports::StoreError;
use mohar_picture::{Reading, Unread};
use mohar_schemas::identity::{Identity, Person, Proof};
use mohar_verifier::Report;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `[identity]` of the configuration.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Files with the certificates of those who sign Aadhaar codes; without any, codes are not checked.
    #[serde(default)]
    pub aadhaar: Vec<PathBuf>,
    /// Sign-in to DigiLocker; left out, it is not offered.
    pub digilocker: Option<digilocker::Config>,
}

/// What proofs are checked with.
#[derive(Default)]
pub struct Proofs {
    aadhaar: Vec<Certificate>,
    /// Where citizens may sign in.
    pub digilocker: Option<digilocker::Config>,
}

/// What a file says of somebody's identity.
pub enum Look {
    /// An Aadhaar code, and who it is about.
    Aadhaar(Result<Person, Refusal>),
    /// An Aadhaar code, where none can be checked.
    Unchecked,
    /// Nothing that can be read.
    Unread(Unread),
    /// Something else.
    Other,
}

impl Config {
    /// Reads the certificates.
    ///
    /// # Errors
    /// If a file cannot be read, or has none in it: a service that is to check codes and cannot does not
    /// start.
    pub fn open(self) -> Result<Proofs, Error> {
        let mut aadhaar = vec![];
        for file in &self.aadhaar {
            aadhaar.extend(certificates(file)?);
        }
        Ok(Proofs { aadhaar, digilocker: self.digilocker })
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Error> {
    let wrong = |e: &dyn std::fmt::Display| format!("[identity] aadhaar: {}: {e}", file.display());
    let bytes = std::fs::read(file).map_err(|e| wrong(&e))?;
    Ok(Certificate::read_all(&bytes).map_err(|e| wrong(&e))?)
}

impl Proofs {
    /// Whether Aadhaar codes can be checked.
    pub fn checks_aadhaar(&self) -> bool {
        !self.aadhaar.is_empty()
    }

    /// What was seen in a file, as far as it is about an identity.
    fn look(&self, seen: &Seen) -> Look {
        let texts = match &seen.reading {
            Reading::Codes(texts) => texts,
            Reading::Unread(why) => return Look::Unread(*why),
        };
        // On a letter the code stands twice, on some beside one of another kind: any that is right will do.
        let codes: Vec<_> = texts.iter().filter(|text| is_aadhaar(text)).collect();
        if codes.is_empty() {
            return Look::Other;
        }
        if !self.checks_aadhaar() {
            return Look::Unchecked;
        }
        let mut found = codes.into_iter().map(|text| mohar_aadhaar::read(text, &self.aadhaar));
        let first = found.next().unwrap_or(Err(Refusal::Damaged));
        Look::Aadhaar(if first.is_ok() { first } else { found.find(Result::is_ok).unwrap_or(first) })
    }
}

/// Looks at a file for an Aadhaar code.
pub async fn look(app: &App, bytes: Bytes) -> Result<Look, Failure> {
    let seen = read(bytes).await.map_err(|_| Failure::Away("no reader for pictures".into()))?;
    Ok(app.proofs.look(&seen))
}

/// Looks at a file for a certificate or an Aadhaar code, whichever it has.
pub async fn look_or_judge(
    app: &App,
    bytes: Bytes,
    by: Checker<'_>,
) -> Result<Result<Look, Report>, Failure> {
    let seen = read(bytes).await.map_err(|_| Failure::Away("no reader for pictures".into()))?;
    match app.proofs.look(&seen) {
        Look::Unread(_) | Look::Other => {
            let report = judge_seen(app, &seen, by).await;
            Ok(Err(report.map_err(|_| Failure::Away("the status of a certificate".into()))?))
        }
        look => Ok(Ok(look)),
    }
}

/// Keeps a proof with a citizen; false if another person's is kept.
pub async fn keep(app: &App, citizen: &str, proof: Proof) -> Result<bool, StoreError> {
    let means = proof.id();
    let kept = app.store.prove(citizen, &Identity { proof, on: today() }).await?;
    tracing::info!(means, kept, "a citizen proved who they are");
    Ok(kept)
}
