//! What a citizen has here: certificates, what offices have, what may be wrong. Everything is looked up by
//! citizen; a number of somebody else's finds nothing.

use super::CHANNEL;
use super::answering::begun;
use crate::app::App;
use crate::pages::{self, Failure};
use mohar_dialogue::conversation::{Held, HeldBy, Mistake, Time, Told, Waiting};
use mohar_issuer::application::act::{Desk, Refusal};
use mohar_issuer::application::clock::Clock;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, State as Stage, grievance};
use mohar_issuer::ports::Ledger;
use mohar_schemas::form::By;
use mohar_schemas::status::Status;

/// The citizen's applications, the newest first; or the one of a number.
async fn all(app: &App, citizen: &str, number: Option<&str>) -> Result<Vec<Application>, Failure> {
    let mut all = app.store.of_applicant(citizen, None).await?;
    all.retain(|a| number.is_none_or(|n| a.number == n));
    Ok(all)
}

async fn one(app: &App, citizen: &str, number: &str) -> Result<Application, Failure> {
    all(app, citizen, Some(number)).await?.pop().ok_or(Failure::NotFound)
}

/// The citizen's certificates; of a service, where there are any of it.
pub async fn certificates(
    app: &App,
    citizen: &str,
    number: Option<&str>,
    service: Option<&str>,
) -> Result<Told, Failure> {
    let mut held = vec![];
    for application in all(app, citizen, number).await? {
        let Stage::Issued { certificate: Some(id), on, .. } = &application.state else { continue };
        let Some(record) = app.store.by_id(id).await? else { continue };
        let marked = app.store.marked(record.index, record.index + 1).await?;
        let counts = marked.first().is_none_or(|(status, _)| *status == Status::Valid);
        held.push(Held { application: application.number, service: application.service, on: *on, counts });
    }
    if held.iter().any(|h| service == Some(&h.service)) {
        held.retain(|h| service == Some(&h.service));
    }
    Ok(Told::Certificates(held))
}

/// What offices have of the citizen, with the clock of each.
pub async fn delays(app: &App, citizen: &str, number: Option<&str>) -> Result<Told, Failure> {
    let mut waiting = vec![];
    for application in all(app, citizen, number).await? {
        let (Stage::InWork { .. }, Some(since)) = (&application.state, application.submitted) else {
            continue;
        };
        let desk = pages::desk(&application.service, CHANNEL)?;
        let time = desk.service.time_limit.as_ref().map(|limit| {
            let clock = Clock::of(since, limit.days, desk.today);
            let (due, used, over) = (clock.due, clock.used, clock.over);
            Time { due, limit: limit.days, used, over, owed: clock.compensation() }
        });
        waiting.push(Waiting {
            number: application.number,
            service: application.service,
            office: application.office,
            since,
            clock: time,
            grieved: application.grieved,
        });
    }
    Ok(Told::Delays(waiting))
}

/// Files a grievance. Repeated after a crash, it finds what was filed.
pub async fn grieve(app: &App, citizen: &str, number: &str, words: &str) -> Result<Told, Failure> {
    let application = one(app, citizen, number).await?;
    if application.grieved.is_none() {
        let desk = pages::desk(&application.service, CHANNEL)?;
        match grievance::file(application, &desk, words) {
            Ok((next, event)) => pages::write(app, &desk, &next, &[event], With::default()).await?,
            // It was decided meanwhile: where it stands says more.
            Err(Refusal::State(_)) => return delays(app, citizen, Some(number)).await,
            Err(_) => return Ok(Told::Failed),
        }
    }
    Ok(Told::Grieved(number.to_owned()))
}

/// What something may be wrong with, and who can mend it.
pub async fn mistakes(app: &App, citizen: &str, number: Option<&str>) -> Result<Told, Failure> {
    let held = |a: &Application| match &a.state {
        Stage::Draft | Stage::Returned { .. } => Some(HeldBy::Citizen),
        Stage::Unpaid { .. } => Some(HeldBy::Unpaid),
        Stage::InWork { .. } => Some(HeldBy::Office(a.office.clone())),
        Stage::Issued { certificate: Some(_), .. } => Some(HeldBy::Certificate),
        Stage::Issued { .. } | Stage::Rejected { .. } | Stage::Withdrawn { .. } => None,
    };
    let all = all(app, citizen, number).await?;
    let all = all.iter().filter_map(|a| {
        Some(Mistake { number: a.number.clone(), service: a.service.clone(), held: held(a)? })
    });
    Ok(Told::Mistakes(all.collect()))
}

/// A draft with the same answers that is to replace a certificate. One that was begun before is taken up.
pub async fn replace(app: &App, citizen: &str, number: &str) -> Result<Told, Failure> {
    let old = one(app, citizen, number).await?;
    if !matches!(old.state, Stage::Issued { certificate: Some(_), .. }) {
        return Err(Failure::NotFound);
    }
    let desk = pages::desk(&old.service, CHANNEL)?;
    let replaces = |a: &Application| a.state == Stage::Draft && a.corrects.as_deref() == Some(number);
    let draft = match all(app, citizen, None).await?.into_iter().find(replaces) {
        Some(draft) => draft,
        None => replacing(app, citizen, &desk, &old).await?,
    };
    let answers = draft.answers.clone();
    Ok(begun(draft, answers, &[]))
}

async fn replacing(
    app: &App,
    citizen: &str,
    desk: &Desk<'_>,
    old: &Application,
) -> Result<Application, Failure> {
    let draft = app.store.start(&old.service, citizen, desk.today.year(), desk.now_s).await?;
    let citizens = |id: &str| desk.service.field(id).is_some_and(|f| f.by == By::Citizen);
    let mut answers = old.answers.clone();
    answers.retain(|id, answer| citizens(id) && !answer.is_null());
    let draft = Application { answers, corrects: Some(old.number.clone()), ..draft };
    pages::write(app, desk, &draft, &[], With::default()).await?;
    Ok(draft)
}
