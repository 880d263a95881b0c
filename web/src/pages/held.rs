//! What a citizen's own valid certificates say already, and what the citizen has proved, so that nobody
//! is asked for it again.

use super::{Failure, today};
use crate::app::App;
use mohar_issuer::application::State as Stage;
use mohar_issuer::application::port::Applications;
use mohar_issuer::ports::Ledger;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{Answers, By};
use mohar_schemas::service::Service;
use mohar_schemas::types;

/// Answers to a service's form from the newest valid certificates of the citizen: fields of the same
/// name and kind that the certificate prints. What they do not say, a proof of identity may.
pub async fn answers(app: &App, who: &str, service: &Service) -> Result<Answers, Failure> {
    let mut answers = Answers::new();
    for application in app.store.of_applicant(who, None).await? {
        let Stage::Issued { certificate: Some(id), .. } = &application.state else { continue };
        let Some(from) = published().service(&application.service) else { continue };
        let Some(record) = app.store.by_id(id).await? else { continue };
        // Whoever corrects or lost a certificate is not tied to what it said.
        if !app.store.marked(record.index, record.index + 1).await?.is_empty() {
            continue;
        }
        let Some(kind) = types::by_id(&record.kind) else { continue };
        for field in service.fields.iter().filter(|f| f.by == By::Citizen) {
            let same = from.field(&field.id).is_some_and(|f| f.kind == field.kind && f.table == field.table);
            let printed = kind.fields.iter().any(|f| f.id == field.id);
            if let Some(answer) = application.answers.get(&field.id).filter(|_| same && printed) {
                answers.entry(field.id.clone()).or_insert_with(|| answer.clone());
            }
        }
    }
    if let Some(person) = app.store.identity(who).await?.as_ref().and_then(|i| i.proof.person()) {
        for (id, value) in person.answers(service, today()) {
            answers.entry(id).or_insert(value);
        }
    }
    Ok(answers)
}
