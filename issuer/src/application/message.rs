//! What citizens and departments hear of: written with the act itself, sent later from the outbox.

use super::event::Event;
use super::{Application, State};
use mohar_schemas::service::Service;
use serde_json::json;

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A citizen, by id; the channel is looked up when it is sent.
    Citizen(String),
    /// The subscribers of a department.
    Department(String),
}

/// One message; those about one application reach one recipient in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who is told.
    pub to: Recipient,
    /// The application.
    pub about: String,
    /// JSON: `{"template", "application", "service"}` to citizens, the act to departments. No names, no
    /// numbers of phones.
    pub body: String,
}

/// What an act gives to tell.
#[must_use]
pub fn of(next: &Application, service: &Service, event: &Event) -> Vec<Message> {
    let department = json!({
        "application": next.number, "service": service.id, "state": next.state.id(), "act": event.act,
        "from": event.from, "to": event.to, "at": event.at_s,
    });
    let message =
        |to, body: serde_json::Value| Message { to, about: next.number.clone(), body: body.to_string() };
    let mut all = vec![message(Recipient::Department(service.department.clone()), department)];
    if let Some(template) = template(next, event) {
        let body = json!({ "template": template, "application": next.number, "service": service.id });
        all.push(message(Recipient::Citizen(next.applicant.clone()), body));
    }
    all
}

/// The template for what a citizen should hear of; none for what the citizen sees while doing it.
fn template(next: &Application, event: &Event) -> Option<&'static str> {
    match (event.act.as_str(), &next.state) {
        ("submit" | "paid", State::InWork { .. }) => Some("submitted"),
        ("send-back", _) => Some("returned"),
        ("reject", _) => Some("rejected"),
        ("approve", _) => Some("issued"),
        (
            "certificate-revoked" | "certificate-suspended" | "certificate-superseded" | "certificate-valid",
            _,
        ) => Some("certificate"),
        _ => None,
    }
}
