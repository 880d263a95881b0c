//! What citizens and officers may do, and what becomes of the application.

mod identity;

use super::certificate::request;
use super::event::{Event, Note};
use super::{Application, Officer, State};
use crate::lint::lint;
pub use identity::identity;
use jiff::civil::Date;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{Answers, By, read};
use mohar_schemas::service::Service;
use mohar_schemas::status::Status;
use mohar_schemas::tables;
use mohar_schemas::words::Language;
use mohar_schemas::workflow::{Action, Always, Move, Step, Workflow};

/// The service and workflow an application belongs to, and the time of the act.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its workflow.
    pub workflow: &'a Workflow,
    /// Where acts come from: `web`, `counter`, `console`, `api`, `gateway`, `demo`.
    pub channel: &'a str,
    /// Now, in seconds since 1970-01-01 UTC.
    pub now_s: i64,
    /// Today in India.
    pub today: Date,
}

/// What an officer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Moves it on to a state of the workflow.
    Move {
        /// The state it is to go to; none: approve.
        to: Option<String>,
        /// What the officer found.
        note: String,
    },
    /// Sends it back to the citizen.
    SendBack {
        /// Fields and kinds of documents to mend.
        fields: Vec<String>,
        /// What is wrong with them.
        note: String,
    },
    /// Refuses it.
    Reject {
        /// A row of `rejection-reasons`.
        reason: String,
        /// In the officer's words.
        note: String,
    },
    /// Hands it to another office of the department.
    Transfer {
        /// The office.
        office: String,
        /// Why.
        note: String,
    },
}

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The answers are not in order.
    #[error("some answers are not in order")]
    Faults(Vec<Fault>),
    /// Its state does not allow this.
    #[error("an application that is {0} does not allow this")]
    State(&'static str),
    /// The officer does not hold the role at this office.
    #[error("only a {role} of {office} may do this")]
    NotYours {
        /// The role.
        role: String,
        /// The office.
        office: String,
    },
    /// The same officer may not recommend and approve.
    #[error("you recommended this application; another officer approves it")]
    SamePerson,
    /// The workflow has no such action here.
    #[error("this step of the workflow has no such action")]
    NoSuchAction,
    /// A note, a reason or a field is missing.
    #[error("{0}")]
    Incomplete(&'static str),
}

/// The state of every workflow where an appeal is heard.
const APPEAL: &str = "appeal";
/// Days in which a citizen may appeal (Delhi Right to Services Act 2011, section 9).
const APPEAL_DAYS: i32 = 30;
/// The longest note.
const NOTE_MAX: usize = 1_000;

type Done = Result<(Application, Event), Refusal>;

/// Hands a draft in: everything is checked, and it waits for the fee or goes to the office.
pub fn submit(application: Application, desk: &Desk<'_>) -> Done {
    if application.state != State::Draft {
        return Err(Refusal::State(application.state.id()));
    }
    let answers = complete(&application, desk)?;
    let office = office(desk.service, &answers)?;
    let rupees = desk.service.fee.rupees;
    let next = printable(Application { office, answers, ..application }, desk)?;
    if rupees > 0 {
        return Ok(done(next, desk, "citizen", "submit", State::Unpaid { rupees }, ""));
    }
    Ok(done(in_work(next, desk), desk, "citizen", "submit", first(desk), ""))
}

/// The fee is paid: says the gateway, or who took it in cash.
pub fn paid(application: Application, desk: &Desk<'_>, by: &str) -> Done {
    if !matches!(application.state, State::Unpaid { .. }) {
        return Err(Refusal::State(application.state.id()));
    }
    Ok(done(in_work(application, desk), desk, by, "paid", first(desk), ""))
}

/// The entry of what a citizen agreed to: the id of the text and the language it was read in.
#[must_use]
pub fn consent(application: &Application, desk: &Desk<'_>, text: &str, language: Language) -> Event {
    let note = format!("{text} {}", language.code());
    done(application.clone(), desk, "citizen", "consent", application.state.clone(), &note).1
}

/// Whether a fee goes back when the citizen withdraws: as long as no officer has looked at it.
#[must_use]
pub fn refundable(application: &Application, desk: &Desk<'_>) -> bool {
    application.state.step().is_some_and(|step| desk.workflow.states.first().is_some_and(|s| s.id == step))
}

/// Takes away what was entered and attached, where no law asks to keep it: drafts, what was withdrawn,
/// and what was rejected when the time to appeal is over.
pub fn erase(application: Application, desk: &Desk<'_>) -> Done {
    let kept = match application.state {
        State::Draft | State::Unpaid { .. } | State::Withdrawn { .. } => false,
        State::Rejected { on, .. } => (desk.today - on).get_days() <= APPEAL_DAYS,
        State::InWork { .. } | State::Returned { .. } | State::Issued { .. } => true,
    };
    if kept {
        return Err(Refusal::State(application.state.id()));
    }
    let state = match application.state.clone() {
        State::Draft | State::Unpaid { .. } => State::Withdrawn { on: desk.today },
        State::Rejected { reason, on, appealed, .. } => {
            State::Rejected { reason, note: String::new(), on, appealed }
        }
        other => other,
    };
    let bare = Application { answers: Answers::new(), documents: vec![], ..application };
    Ok(done(bare, desk, "citizen", "erase", state, ""))
}

/// The decision is questioned before the appellate authority, within the time the law gives.
pub fn appeal(application: Application, desk: &Desk<'_>, note: &str) -> Done {
    let State::Rejected { on, appealed: false, .. } = application.state else {
        return Err(Refusal::State(application.state.id()));
    };
    if note.trim().is_empty() || (desk.today - on).get_days() > APPEAL_DAYS {
        return Err(Refusal::Incomplete("Appeal within 30 days, and say why."));
    }
    let state = State::InWork { step: APPEAL.to_owned(), since: desk.today, recommended_by: None };
    let note = short(note)?.to_owned();
    Ok(done(application, desk, "citizen", "appeal", state, &note))
}

/// The citizen hands a returned application in again.
pub fn mend(application: Application, desk: &Desk<'_>) -> Done {
    let State::Returned { step, .. } = &application.state else {
        return Err(Refusal::State(application.state.id()));
    };
    let state = State::InWork { step: step.clone(), since: desk.today, recommended_by: None };
    let answers = complete(&application, desk)?;
    let next = printable(Application { answers, ..application }, desk)?;
    Ok(done(next, desk, "citizen", "mend", state, ""))
}

/// The citizen takes it back.
pub fn withdraw(application: Application, desk: &Desk<'_>) -> Done {
    match application.state {
        State::Rejected { .. } | State::Withdrawn { .. } | State::Issued { .. } => {
            Err(Refusal::State(application.state.id()))
        }
        _ => {
            let state = State::Withdrawn { on: desk.today };
            Ok(done(application, desk, "citizen", "withdraw", state, ""))
        }
    }
}

/// An officer acts. An approval gives [`State::Issued`] without a certificate; the caller issues it
/// and fills it in before anything is stored.
pub fn act(application: Application, desk: &Desk<'_>, officer: &Officer, act: &Act) -> Done {
    let (step, recommended_by) = held(&application, desk, officer)?;
    let name = officer.id.as_str();
    match act {
        Act::Move { to, note } => {
            let note = short(note)?;
            let actions = offered(step, &application.answers);
            let action = actions.into_iter().find(|a| a.to == *to).ok_or(Refusal::NoSuchAction)?;
            match (action.id, to) {
                (Move::Approve, _) | (_, None) => {
                    if desk.workflow.two_persons && recommended_by.as_deref().is_none_or(|r| r == name) {
                        return Err(Refusal::SamePerson);
                    }
                    let by = [recommended_by, Some(name.to_owned())];
                    let state = State::Issued { certificate: None, by, on: desk.today };
                    Ok(done(application, desk, name, "approve", state, note))
                }
                (kind, Some(to)) => {
                    let recommends = kind == Move::Recommend;
                    let recommended_by = if recommends { Some(name.to_owned()) } else { recommended_by };
                    let state = State::InWork { step: to.clone(), since: desk.today, recommended_by };
                    let what = if recommends { "recommend" } else { "forward" };
                    Ok(done(application, desk, name, what, state, note))
                }
            }
        }
        Act::SendBack { fields, note } => {
            allowed(step, Always::SendBack)?;
            let known = |f: &String| {
                desk.service.field(f).is_some() || desk.service.documents.iter().any(|d| d.kind == *f)
            };
            if fields.is_empty() || !fields.iter().all(known) || note.trim().is_empty() {
                return Err(Refusal::Incomplete(
                    "Name the fields or documents to mend, and say what is wrong.",
                ));
            }
            let state = State::Returned {
                fields: fields.clone(),
                note: short(note)?.to_owned(),
                step: step.id.clone(),
                since: desk.today,
            };
            Ok(done(application, desk, name, "send-back", state, note))
        }
        Act::Reject { reason, note } => {
            allowed(step, Always::Reject)?;
            let known = tables::table("rejection-reasons").and_then(|t| t.by_id(reason)).is_some();
            if !known || note.trim().is_empty() {
                return Err(Refusal::Incomplete("Choose a reason and explain it in a sentence."));
            }
            let note = short(note)?;
            let (reason, text) = (reason.clone(), note.to_owned());
            let appealed = step.id == APPEAL;
            let state = State::Rejected { reason, note: text, on: desk.today, appealed };
            Ok(done(application, desk, name, "reject", state, note))
        }
        Act::Transfer { office, note } => {
            allowed(step, Always::Transfer)?;
            let row = tables::offices().by_id(office).filter(|o| o.in_use_on(desk.today));
            if row.is_none_or(|o| o.department.as_ref() != Some(&desk.service.department)) {
                return Err(Refusal::Incomplete("Choose an office of your department."));
            }
            // Whoever recommended at the old office does not stand for the new one.
            let state = State::InWork { step: step.id.clone(), since: desk.today, recommended_by: None };
            let next = Application { office: office.clone(), ..application };
            Ok(done(next, desk, name, "transfer", state, short(note)?))
        }
    }
}

/// The entry of a status that an officer gives the certificate; the application stays issued.
#[must_use]
pub fn status(
    application: &Application,
    desk: &Desk<'_>,
    officer: &Officer,
    status: Status,
    reason: &str,
) -> Event {
    let act = format!("certificate-{}", status.id());
    done(application.clone(), desk, &officer.id, &act, application.state.clone(), reason).1
}

/// What an officer may choose in a state, given the answers.
#[must_use]
pub fn offered<'a>(step: &'a Step, answers: &Answers) -> Vec<&'a Action> {
    let open = |a: &&Action| {
        a.when.as_ref().is_none_or(|w| w.holds(answers))
            && !a.unless.as_ref().is_some_and(|w| w.holds(answers))
    };
    step.actions.iter().filter(open).collect()
}

/// The step an officer holds, and who recommended so far.
pub fn held<'a>(
    application: &Application,
    desk: &Desk<'a>,
    officer: &Officer,
) -> Result<(&'a Step, Option<String>), Refusal> {
    let State::InWork { step, recommended_by, .. } = &application.state else {
        return Err(Refusal::State(application.state.id()));
    };
    let step = desk.workflow.step(step).ok_or(Refusal::NoSuchAction)?;
    if !officer.is(&step.role, &application.office) {
        return Err(Refusal::NotYours { role: step.role.clone(), office: application.office.clone() });
    }
    Ok((step, recommended_by.clone()))
}

fn complete(application: &Application, desk: &Desk<'_>) -> Result<Answers, Refusal> {
    let mut given = application.answers.clone();
    let officers: Vec<_> = desk.service.fields.iter().filter(|f| f.by == By::Officer).collect();
    let kept: Vec<_> = officers.iter().filter_map(|f| given.remove_entry(&f.id)).collect();
    let mut answers = read(desk.service, &given, By::Citizen, desk.today).map_err(Refusal::Faults)?;
    let missing: Vec<Fault> = desk
        .service
        .documents
        .iter()
        .filter(|d| !d.optional && d.when.as_ref().is_none_or(|w| w.holds(&answers)))
        .filter(|d| !application.documents.iter().any(|a| a.kind == d.kind))
        .map(|d| Fault::new(&d.kind, "document", "Attach this document.", "यह दस्तावेज़ लगाएँ।"))
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::Faults(missing));
    }
    answers.extend(kept);
    Ok(answers)
}

/// What the certificate would refuse is said now, not at the end; officers' fields come later.
fn printable(application: Application, desk: &Desk<'_>) -> Result<Application, Refusal> {
    let Some(request) = request(desk.service, &application) else { return Ok(application) };
    let mut faults = lint(&request, desk.today).err().unwrap_or_default();
    faults.retain(|f| desk.service.field(&f.field).is_none_or(|field| field.by == By::Citizen));
    if faults.is_empty() { Ok(application) } else { Err(Refusal::Faults(faults)) }
}

/// The office in charge: of the sub-division, the one chosen, or the department's only one.
fn office(service: &Service, answers: &Answers) -> Result<String, Refusal> {
    let text = |id: &str| answers.get(id).and_then(|v| v.as_str());
    let mine = |o: &&tables::Row| o.department.as_ref() == Some(&service.department) && o.until.is_none();
    let offices = || tables::offices().rows.iter().filter(mine);
    let sub_division = text("sub_division");
    let found = text("office")
        .and_then(|id| offices().find(|o| o.id == id))
        .or_else(|| offices().find(|o| o.parent.is_some() && o.parent.as_deref() == sub_division))
        .or_else(|| offices().find(|o| o.parent.is_none()));
    let office = found.map(|o| o.id.clone());
    office.ok_or(Refusal::Incomplete("No office of the department is in charge of this address."))
}

fn in_work(application: Application, desk: &Desk<'_>) -> Application {
    Application { submitted: application.submitted.or(Some(desk.today)), ..application }
}

fn first(desk: &Desk<'_>) -> State {
    let step = desk.workflow.states.first().map(|s| s.id.clone()).unwrap_or_default();
    State::InWork { step, since: desk.today, recommended_by: None }
}

fn allowed(step: &Step, what: Always) -> Result<(), Refusal> {
    if step.can.contains(&what) { Ok(()) } else { Err(Refusal::NoSuchAction) }
}

pub(super) fn short(note: &str) -> Result<&str, Refusal> {
    let fits =
        note.chars().count() <= NOTE_MAX && !note.chars().any(|c| c.is_control() && c != '\n' && c != '\r');
    if fits { Ok(note.trim()) } else { Err(Refusal::Incomplete("A note has at most 1,000 letters.")) }
}

pub(super) fn done(
    before: Application,
    desk: &Desk<'_>,
    actor: &str,
    act: &str,
    state: State,
    note: &str,
) -> (Application, Event) {
    let at = |s: &State| s.step().map_or_else(|| s.id().to_owned(), |step| format!("in-work/{step}"));
    let event = Event {
        application: before.number.clone(),
        at_s: desk.now_s,
        actor: actor.to_owned(),
        channel: desk.channel.to_owned(),
        act: act.to_owned(),
        from: at(&before.state),
        to: at(&state),
        note: Note::new(note.trim()),
    };
    (Application { state, ..before }, event)
}

#[cfg(test)]
mod tests;
