//! What is logged of a proof of identity.

use super::{Application, Desk, Event, done};
use mohar_schemas::identity::{Identity, Proof};

/// What the citizen has proved when the application is handed in: how, and when.
#[must_use]
pub fn identity(application: &Application, desk: &Desk<'_>, identity: &Identity) -> Event {
    let actor = match &identity.proof {
        Proof::Counter { operator } => format!("operator/{operator}"),
        Proof::AadhaarQr(_) | Proof::Digilocker(_) => "citizen".to_owned(),
    };
    let note = format!("{} {}", identity.proof.id(), identity.on);
    done(application.clone(), desk, &actor, "identity", application.state.clone(), &note).1
}
