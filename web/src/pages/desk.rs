//! What citizens, operators and officers have in common: the desk of a service, and writing what an act
//! came to.

use super::{Failure, today};
use crate::app::App;
use crate::edge::now_s;
use mohar_issuer::application::Application;
use mohar_issuer::application::act::Desk;
use mohar_issuer::application::event::Event;
use mohar_issuer::application::message::{self, Message};
use mohar_issuer::application::money::Fee;
use mohar_issuer::application::port::{Applications, With};
use mohar_schemas::catalogue::published;

/// The desk of an application's service, reached by a channel.
pub fn desk(service: &str, channel: &'static str) -> Result<Desk<'static>, Failure> {
    let service = published().service(service).ok_or(Failure::NotFound)?;
    let workflow = published().workflow(service).ok_or(Failure::NotFound)?;
    Ok(Desk { service, workflow, channel, now_s: now_s(), today: today() })
}

/// Who is to hear of acts.
pub fn messages(desk: &Desk<'_>, next: &Application, events: &[Event]) -> Vec<Message> {
    events.iter().flat_map(|event| message::of(next, desk.service, event)).collect()
}

/// The fee of an application that moves now.
pub fn fee<'a>(desk: &'a Desk<'_>, application: &'a Application, rupees: i64) -> Fee<'a> {
    let department = &desk.service.department;
    Fee { application: &application.number, department, rupees, at_s: desk.now_s }
}

/// Writes what acts came to, with the money that moves; those who are to hear of it are told.
pub async fn write(
    app: &App,
    desk: &Desk<'_>,
    next: &Application,
    events: &[Event],
    with: With<'_>,
) -> Result<(), Failure> {
    // The role that acts next is what inboxes are found by.
    let role = next.state.step().and_then(|s| desk.workflow.step(s)).map(|s| s.role.as_str());
    let messages = messages(desk, next, events);
    Ok(app.store.write(next, With { role, events, messages: &messages, ..with }).await?)
}
