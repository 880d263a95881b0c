//! A grievance: the citizen complains that the law's time has passed. It moves nothing, but it stands in
//! the file and in the log, and the officers and those above them see it.

use super::act::{Desk, Refusal, done, short};
use super::clock::Clock;
use super::event::Event;
use super::{Application, State};

/// Files a grievance about the delay, once for an application, with what the citizen wrote; may be empty.
///
/// # Errors
/// If no office has the application, its time has not passed, or there is a grievance already.
pub fn file(application: Application, desk: &Desk<'_>, note: &str) -> Result<(Application, Event), Refusal> {
    if !matches!(application.state, State::InWork { .. }) {
        return Err(Refusal::State(application.state.id()));
    }
    if application.grieved.is_some() {
        return Err(Refusal::Incomplete("There is a grievance about this delay already."));
    }
    let clock = application.submitted.zip(desk.service.time_limit.as_ref());
    let late = clock.is_some_and(|(day, limit)| Clock::of(day, limit.days, desk.today).over > 0);
    if !late {
        return Err(Refusal::Incomplete("The time that the law gives the office has not passed."));
    }
    let (state, note) = (application.state.clone(), short(note)?.to_owned());
    let next = Application { grieved: Some(desk.today), ..application };
    Ok(done(next, desk, "citizen", "grievance", state, &note))
}
