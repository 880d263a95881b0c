//! Proofs of identity in the chat: what the conversation asks about them, and what becomes of the file.

use super::answering::folder;
use crate::app::App;
use crate::identity::{self, Look};
use crate::pages::{self, Failure, digilocker};
use mohar_aadhaar::Refusal;
use mohar_dialogue::conversation::{Card, Standing, Told};
use mohar_schemas::identity::{Person, Proof};
use mohar_schemas::words::Language;

/// Where a citizen stands with it.
pub async fn standing(app: &App, citizen: &str) -> Result<Told, Failure> {
    Ok(Told::Identity(match app.store.identity(citizen).await? {
        Some(identity) => Standing::Proved(identity),
        None => Standing::Open { digilocker: digilocker::link(app, citizen).await? },
    }))
}

/// Looks at a file that may be an Aadhaar.
pub async fn look(
    app: &App,
    citizen: &str,
    key: &str,
    bytes: Vec<u8>,
    language: Language,
) -> Result<Told, Failure> {
    let look = identity::look(app, bytes.into()).await?;
    card(app, citizen, key, look, language).await
}

/// What is told of what was seen. Whatever an Aadhaar comes to, its picture is not kept.
pub async fn card(
    app: &App,
    citizen: &str,
    key: &str,
    look: Look,
    language: Language,
) -> Result<Told, Failure> {
    if matches!(look, Look::Aadhaar(_) | Look::Unchecked) {
        let gone = pages::pages(app).files.remove(&folder(citizen), key);
        gone.map_err(|e| Failure::Away(e.to_string()))?;
    }
    let card = match look {
        Look::Aadhaar(Ok(person)) => {
            let kept = app.store.identity(citizen).await?;
            match kept.as_ref().and_then(|identity| identity.proof.person()) {
                Some(kept) if !kept.may_be(&person) => Card::Another,
                _ => Card::Genuine(person),
            }
        }
        Look::Aadhaar(Err(why)) => {
            tracing::info!(%why, "an Aadhaar code was refused");
            match why {
                Refusal::Unsigned => Card::Unsigned,
                Refusal::Damaged => Card::Damaged,
                Refusal::Forged => Card::Forged,
                Refusal::OutOfTime => Card::OutOfTime,
            }
        }
        Look::Unchecked => Card::Unchecked,
        Look::Unread(why) => {
            let m = why.message();
            Card::Unread(match language {
                Language::English => format!("{} {}", m.en, m.do_en),
                Language::Hindi => format!("{} {}", m.hi, m.do_hi),
            })
        }
        Look::Other => Card::Other,
    };
    Ok(Told::Card(key.to_owned(), card))
}

/// The citizen says yes to what was read.
pub async fn prove(app: &App, citizen: &str, person: &Person) -> Result<Told, Failure> {
    Ok(Told::Proved(identity::keep(app, citizen, Proof::AadhaarQr(person.clone())).await?))
}
