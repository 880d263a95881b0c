//! Proofs of identity on the pages: what is logged with an application, what its reader is told, the
//! citizen's own page, and what an operator has seen at the counter.

use super::checks::Check;
use super::counter::operator;
use super::desk::{desk, write};
use super::{Failure, Page, me};
use crate::app::App;
use crate::identity::{Look, keep, look};
use axum::extract::{Form, Multipart, State};
use axum::response::Response;
use mohar_aadhaar::Refusal;
use mohar_issuer::application::Application;
use mohar_issuer::application::act::{self, Desk};
use mohar_issuer::application::event::Event;
use mohar_issuer::application::port::{Applications, With};
use mohar_schemas::identity::{Identity, Person, Proof};
use mohar_verifier::report::date;
use serde::Deserialize;
use std::sync::Arc;

/// What the log says of the applicant's identity when an application is handed in.
pub async fn proof(app: &App, application: &Application, desk: &Desk<'_>) -> Result<Option<Event>, Failure> {
    let identity = app.store.identity(&application.applicant).await?;
    Ok(identity.map(|identity| act::identity(application, desk, &identity)))
}

/// The note of the log in words: how, and when.
pub fn logged(p: &Page, note: &str) -> String {
    let (means, on) = note.split_once(' ').unwrap_or((note, ""));
    let on = on.parse().map_or_else(|_| on.to_owned(), date);
    format!("{} {on}", p.t(&format!("proof_{means}")))
}

/// How somebody has proved who they are, whom they have proved to be, and when.
pub fn words(p: &Page, identity: &Identity) -> String {
    let how = format!("{} {}", p.t(&format!("proof_{}", identity.proof.id())), date(identity.on));
    let who = identity.proof.person().map(|person| {
        let parts = [person.name.clone(), person.born.map(date).unwrap_or_default(), person.masked()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    });
    std::iter::once(how).chain(who).collect::<Vec<_>>().join(": ")
}

/// What an officer is told of it. What the citizen has erased since stands in the log without the person.
pub async fn check(
    app: &App,
    p: &Page,
    desk: &Desk<'_>,
    application: &Application,
    history: &[Event],
) -> Result<Check, Failure> {
    let Some(identity) = app.store.identity(&application.applicant).await? else {
        let logged_before = history.iter().rev().find(|e| e.act == "identity");
        return Ok(match logged_before {
            Some(event) => (logged(p, event.note.text()), true),
            None => (p.t("identity_unproved").to_owned(), false),
        });
    };
    let differ = identity.proof.person().map(|person| differing(p, desk, application, person));
    let differ = differ.unwrap_or_default();
    let words = words(p, &identity);
    Ok(if differ.is_empty() {
        (words, true)
    } else {
        (format!("{words}. {} {}", p.t("identity_differs"), differ.join(", ")), false)
    })
}

/// The fields that say something else than the proof.
fn differing(p: &Page, desk: &Desk<'_>, application: &Application, person: &Person) -> Vec<String> {
    let plain = |v: &serde_json::Value| {
        let text = v.get("en").unwrap_or(v).as_str().unwrap_or_default();
        text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let proved = person.answers(desk.service, desk.today);
    let others = proved
        .iter()
        .filter(|(id, value)| application.answers.get(*id).is_some_and(|given| plain(given) != plain(value)));
    let fields = others.filter_map(|(id, _)| desk.service.field(id));
    fields.map(|field| p.w(&field.label).to_owned()).collect()
}

/// The citizen sends a picture of an Aadhaar code and says that it is their own. The picture is kept
/// nowhere.
pub async fn send(State(app): State<Arc<App>>, p: Page, mut form: Multipart) -> Result<Response, Failure> {
    let who = p.who()?.to_owned();
    let (mut sure, mut file) = (false, axum::body::Bytes::new());
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("sure") => sure = field.bytes().await.is_ok_and(|b| &b[..] == b"yes"),
            Some("file") => file = field.bytes().await.unwrap_or_default(),
            _ => {}
        }
    }
    let message = if !sure {
        "identity_unsure"
    } else if file.is_empty() {
        "file_missing"
    } else {
        match look(&app, file).await? {
            Look::Aadhaar(Ok(person)) => {
                let kept = keep(&app, &who, Proof::AadhaarQr(person)).await?;
                if kept { "identity_kept" } else { "identity_another" }
            }
            Look::Aadhaar(Err(Refusal::Unsigned)) => "identity_unsigned",
            Look::Aadhaar(Err(Refusal::Damaged)) => "identity_damaged",
            Look::Aadhaar(Err(Refusal::Forged)) => "identity_forged",
            Look::Aadhaar(Err(Refusal::OutOfTime)) => "identity_out_of_time",
            Look::Unchecked => return Err(Failure::NotFound),
            Look::Unread(_) | Look::Other => "identity_unread",
        }
    };
    let message = Some(p.t(message));
    me::page(&app, p, message).await
}

#[derive(Deserialize)]
pub struct Sight {
    number: String,
    #[serde(default)]
    seen: String,
}

/// An operator has seen the applicant and a document: logged with the application, under the operator's
/// name. This is how those prove who they are who apply in the chat and have no Aadhaar at hand.
pub async fn seen(
    State(app): State<Arc<App>>,
    p: Page,
    Form(sight): Form<Sight>,
) -> Result<Response, Failure> {
    let operator = operator(&app, &p).await?;
    let number = sight.number.trim().to_uppercase();
    let message = match app.store.application(&number).await? {
        _ if sight.seen != "yes" => "seen_unsure",
        None => "seen_number",
        Some(application) => {
            let desk = desk(&application.service, "counter")?;
            let proof = Proof::Counter { operator };
            let event =
                act::identity(&application, &desk, &Identity { proof: proof.clone(), on: desk.today });
            // Logged before it counts.
            write(&app, &desk, &application, &[event], With::default()).await?;
            keep(&app, &application.applicant, proof).await?;
            "seen_kept"
        }
    };
    super::counter::page(&app, p, Some(message)).await
}
