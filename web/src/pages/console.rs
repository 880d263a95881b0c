//! The officers' pages: what waits, one page a file, and what may be done with it.

use super::citizen::served;
use super::desk::{desk, write};
use super::fields::{FieldView, sent, shown};
use super::story::{history, notices};
use super::{Failure, Page, html, today, view};
use crate::app::App;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::act::{self, Act, Desk, Refusal, held, offered};
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Officer, State as Stage, certificate};
use mohar_issuer::lint::lint;
use mohar_issuer::ports::{Draft, Ledger, Outcome, StoreError};
use mohar_schemas::catalogue::published;
use mohar_schemas::credential::day_number;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{By, read};
use mohar_schemas::status::{Detail, Status};
use mohar_schemas::words::Words;
use mohar_schemas::workflow::Always;
use mohar_schemas::{sha256, tables};
use std::sync::Arc;

/// The officer who is signed in, with the posts of those the officer stands in for.
pub async fn officer(app: &App, p: &Page) -> Result<Officer, Failure> {
    let id = p.who()?;
    let found = app.store.officer(id).await?;
    let (mut officer, ..) = found.ok_or_else(|| Failure::Door("/console", String::new()))?;
    let today = day_number(today());
    for delegation in app.store.standing_in(id, today).await? {
        if delegation.from_day <= today
            && let Some((absent, ..)) = app.store.officer(&delegation.from_officer).await?
        {
            officer.posts.extend(absent.posts);
        }
    }
    Ok(officer)
}

/// The name of an office.
pub fn office(p: &Page, id: &str) -> String {
    tables::offices().by_id(id).map_or_else(String::new, |o| p.w(&Words::new(&o.en, &o.hi)).to_owned())
}

/// Reads everything and changes nothing: no workflow gives this role a step.
const AUDITOR: &str = "auditor";

/// A file that an officer may see: of an office where the officer holds a post.
async fn seen(app: &App, officer: &Officer, number: &str) -> Result<Application, Failure> {
    let found = app.store.application(number).await?;
    let reads_all = officer.posts.iter().any(|(role, _)| role == AUDITOR);
    let mine = |a: &Application| reads_all || officer.posts.iter().any(|(_, office)| *office == a.office);
    found.filter(mine).ok_or_else(|| {
        tracing::warn!(officer = %officer.id, "a file outside the officer's offices was asked for");
        Failure::NotFound
    })
}

pub async fn show(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    let application = seen(&app, &officer, &number).await?;
    page(&app, p, &officer, &application, None, &[]).await
}

pub async fn file(
    State(app): State<Arc<App>>,
    p: Page,
    Path((number, kind)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    served(&app, &seen(&app, &officer, &number).await?, &kind)
}

pub async fn act(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    let mut application = seen(&app, &officer, &number).await?;
    let desk = desk(&application.service, "console")?;
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    // What the officer saw is what the officer decides on.
    if get("version").parse() != Ok(application.version) {
        let error = Some(p.t("refused_overtaken").to_owned());
        return page(&app, p, &officer, &application, error, &[]).await;
    }
    let own = desk.service.fields.iter().filter(|f| f.by == By::Officer);
    let entered = sent(own, &pairs).into_iter().filter(|(_, v)| v.as_str() != Some("") && !v.is_null());
    application.answers.extend(entered.filter(|(_, v)| v.as_object().is_none_or(|o| !o.is_empty())));
    let note = get("note").to_owned();
    let what = match get("do") {
        "send-back" => {
            let fields = pairs.iter().filter(|(n, _)| n == "mend").map(|(_, v)| v.clone()).collect();
            Act::SendBack { fields, note }
        }
        "reject" => Act::Reject { reason: get("reason").to_owned(), note },
        "transfer" => Act::Transfer { office: get("to_office").to_owned(), note },
        movement => {
            let to = movement.strip_prefix("move:").unwrap_or_default();
            Act::Move { to: Some(to.to_owned()).filter(|t| !t.is_empty()), note }
        }
    };
    match decide(&app, &desk, &officer, application.clone(), &what).await {
        Ok(()) => Ok(Redirect::to("/console").into_response()),
        Err(Undone::Failed(failure)) => Err(failure),
        Err(Undone::Refused(Refusal::Faults(faults))) => {
            page(&app, p, &officer, &application, None, &faults).await
        }
        Err(Undone::Refused(refusal)) => {
            let error = Some(words(&p, &refusal).to_owned());
            page(&app, p, &officer, &application, error, &[]).await
        }
        Err(Undone::Overtaken) => {
            let error = Some(p.t("refused_overtaken").to_owned());
            page(&app, p, &officer, &application, error, &[]).await
        }
    }
}

/// Withdraws a certificate that the office issued, for now or for good, or makes it valid again: by
/// those who approve.
pub async fn certificate_status(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    let application = seen(&app, &officer, &number).await?;
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let reason = tables::table("status-reasons").and_then(|t| t.by_id(get("reason")));
    let (Some(status), Some(reason), Some(id)) =
        (Status::by_id(get("do")), reason, revocable(&officer, &application))
    else {
        let error = Some(p.t("refused_incomplete").to_owned());
        return page(&app, p, &officer, &application, error, &[]).await;
    };
    let record = app.store.by_id(id).await?.ok_or(Failure::NotFound)?;
    let detail = Detail { index: record.index, since: today(), reason: reason.code, superseded_by: None };
    let desk = desk(&application.service, "console")?;
    let mut application = application;
    let marked = app.store.marked(record.index, record.index + 1).await?;
    if !marked.first().map_or(Status::Valid, |(now, _)| *now).may_become(status) {
        let error = Some(p.t("refused_state").to_owned());
        return page(&app, p, &officer, &application, error, &[]).await;
    }
    // Logged before it is done: an act without its entry cannot happen.
    let event = act::status(&application, &desk, &officer, status, &reason.en);
    write(&app, &desk, &application, &[event], With::default()).await?;
    application.version += 1;
    let error = match app.store.set_status(status, detail).await {
        Ok(()) => {
            app.status_changed().await;
            tracing::info!(index = record.index, status = status.id(), officer = %officer.id, "status changed");
            p.t("certificate_done")
        }
        Err(StoreError::Transition(..)) => p.t("refused_state"),
        Err(e) => return Err(e.into()),
    };
    page(&app, p, &officer, &application, Some(error.to_owned()), &[]).await
}

/// The certificate of an application, where the officer holds the post that approves it.
fn revocable<'a>(officer: &Officer, application: &'a Application) -> Option<&'a str> {
    let Stage::Issued { certificate: Some(id), .. } = &application.state else { return None };
    let service = published().service(&application.service)?;
    let last = published().workflow(service)?.approving()?;
    officer.is(&last.role, &application.office).then_some(id.as_str())
}

fn words(p: &Page, refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SamePerson => p.t("refused_same"),
        Refusal::NotYours { .. } => p.t("refused_not_yours"),
        Refusal::Incomplete(_) | Refusal::Faults(_) => p.t("refused_incomplete"),
        Refusal::State(_) | Refusal::NoSuchAction => p.t("refused_state"),
    }
}

pub enum Undone {
    Refused(Refusal),
    Overtaken,
    Failed(Failure),
}

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Acts, and issues the certificate where the act is the approval. Issuing comes first, under the
/// application's number: if the process ends between the two, the same approval gives the same
/// certificate again.
pub async fn decide(
    app: &App,
    desk: &Desk<'_>,
    officer: &Officer,
    application: Application,
    what: &Act,
) -> Result<(), Undone> {
    let (mut next, event) = act::act(application, desk, officer, what).map_err(Undone::Refused)?;
    if let Stage::Issued { certificate, .. } = &mut next.state {
        let answers = read(desk.service, &next.answers, By::Officer, desk.today);
        next.answers = answers.map_err(|f| Undone::Refused(Refusal::Faults(f)))?;
        let stored = certificate.take();
        let issued = issue(app, desk, &next).await?;
        if let (Some(old), Some(new)) = (&next.corrects, &issued) {
            supersede(app, old, new).await?;
        }
        next.state = match next.state {
            Stage::Issued { by, on, .. } => Stage::Issued { certificate: issued.or(stored), by, on },
            other => other,
        };
    }
    match write(app, desk, &next, &[event], With::default()).await {
        Ok(()) => Ok(()),
        Err(Failure::Overtaken) => Err(Undone::Overtaken),
        Err(e) => Err(Undone::Failed(e)),
    }
}

/// The certificate of a corrected application no longer counts. Done before the approval is written, so
/// that an approval that is repeated after a crash finds it done.
async fn supersede(app: &App, old: &str, new: &str) -> Result<(), Undone> {
    let failed = |e: StoreError| Undone::Failed(e.into());
    let application = app.store.application(old).await.map_err(failed)?;
    let Some(Stage::Issued { certificate: Some(id), .. }) = application.map(|a| a.state) else {
        return Ok(());
    };
    let (old, new) =
        (app.store.by_id(&id).await.map_err(failed)?, app.store.by_id(new).await.map_err(failed)?);
    let (Some(old), Some(new)) = (old, new) else { return Ok(()) };
    let reason = tables::table("status-reasons").and_then(|t| t.by_id("correction")).map_or(0, |r| r.code);
    let detail = Detail { index: old.index, since: today(), reason, superseded_by: Some(new.index) };
    match app.store.set_status(Status::Superseded, detail).await {
        // Revoked before, or superseded by this same approval.
        Ok(()) | Err(StoreError::Transition(..)) => {}
        Err(e) => return Err(failed(e)),
    }
    app.status_changed().await;
    Ok(())
}

/// Issues the certificate of an approved application under the application's number.
pub async fn issue(app: &App, desk: &Desk<'_>, application: &Application) -> Result<Option<String>, Undone> {
    let Some(request) = certificate::request(desk.service, application) else { return Ok(None) };
    let linted = lint(&request, desk.today).map_err(|f| Undone::Refused(Refusal::Faults(f)))?;
    let digest = sha256(&serde_json::to_vec(&request).unwrap_or_default());
    let idempotency_key = application.number.clone();
    let draft = Draft { linted, caller: "console".into(), idempotency_key, digest };
    match app.sequencer.issue(draft).await.map_err(|e| Undone::Failed(e.into()))? {
        Outcome::Issued(record) => {
            app.metrics.issued(&record.kind);
            Ok(Some(record.id))
        }
        Outcome::Replayed(record) => Ok(Some(record.id)),
        Outcome::Conflict => Err(Undone::Overtaken),
    }
}

async fn page(
    app: &App,
    p: Page,
    officer: &Officer,
    application: &Application,
    error: Option<String>,
    faults: &[Fault],
) -> Result<Response, Failure> {
    let desk = desk(&application.service, "console")?;
    let service = desk.service;
    let step = held(application, &desk, officer).ok().map(|(step, _)| step);
    let can = |what| step.is_some_and(|s| s.can.contains(&what));
    let moves = step.map_or_else(Vec::new, |s| offered(s, &application.answers));
    let last = moves.iter().any(|m| m.to.is_none() || m.to.as_deref() == Some("approval"));
    let answers = service.fields.iter().filter_map(|f| {
        let words = shown(f, application.answers.get(&f.id)?, desk.today);
        let hi = if words.hi == words.en { String::new() } else { words.hi };
        Some((p.w(&f.label).to_owned(), words.en, hi))
    });
    let answers = answers.collect();
    let form = service.fields.iter().filter(|f| f.by == By::Officer && last);
    let form = form.map(|f| FieldView::of(&p, f, &application.answers, faults, desk.today)).collect();
    let attached = |kind: &str| application.documents.iter().any(|d| d.kind == kind);
    let documents = service.documents.iter().filter_map(|d| published().document(&d.kind));
    let picture = |kind: &str| application.documents.iter().any(|d| d.kind == kind && d.format != "pdf");
    let documents =
        documents.map(|d| (d.id.clone(), p.w(&d.name).to_owned(), attached(&d.id), picture(&d.id)));
    let documents: Vec<_> = documents.collect();
    let citizens =
        service.fields.iter().filter(|f| f.by == By::Citizen && application.answers.contains_key(&f.id));
    let mut mendable: Vec<_> = citizens.map(|f| (f.id.clone(), p.w(&f.label).to_owned())).collect();
    mendable.extend(documents.iter().map(|(id, name, ..)| (id.clone(), name.clone())));
    let rows = |table: &str| tables::table(table).map_or(&[][..], |t| t.rows.as_slice());
    let name = |r: &tables::Row| (r.id.clone(), p.w(&Words::new(&r.en, &r.hi)).to_owned());
    let others = rows("offices").iter().filter(|o| {
        o.department.as_ref() == Some(&service.department)
            && o.in_use_on(desk.today)
            && o.id != application.office
    });
    let events = app.store.events(&application.number).await?;
    let checks = super::checks::checks(app, &p, &desk, application, &events).await?;
    let faults = faults.iter().map(|f| format!("{}: {}", f.field, p.w(&Words::new(&f.en, &f.hi))));
    let error = error.or_else(|| Some(faults.collect::<Vec<_>>().join(" ")).filter(|e| !e.is_empty()));
    Ok(html(&view::File {
        corrects: application.corrects.clone(),
        number: application.number.clone(),
        version: application.version,
        service: p.w(&service.name).to_owned(),
        office: office(&p, &application.office),
        state: p.t(&format!("state_{}", application.state.id())),
        error,
        notices: notices(&p, &desk, application),
        answers,
        documents,
        checks,
        history: history(&p, events),
        moves: moves.iter().map(|m| (m.to.clone().unwrap_or_default(), p.w(&m.name).to_owned())).collect(),
        form,
        status_reasons: revocable(officer, application)
            .map_or_else(Vec::new, |_| rows("status-reasons").iter().map(name).collect()),
        can_send_back: can(Always::SendBack),
        can_reject: can(Always::Reject),
        can_transfer: can(Always::Transfer),
        mendable,
        reasons: rows("rejection-reasons").iter().map(name).collect(),
        offices: others.map(name).collect(),
        p,
    }))
}
