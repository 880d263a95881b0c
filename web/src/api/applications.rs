//! `/v1/applications`: departments that have a system of their own take the same way as everybody else.

use super::certificates::{caller, idempotency_key};
use super::problem::Problem;
use crate::app::App;
use crate::pages::{self, Failure, Undone};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use mohar_issuer::application::act::{self, Act, Desk, Refusal};
use mohar_issuer::application::event::Event;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Attached, State as Stage};
use mohar_issuer::ports::StoreError;
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{Answers, By, read};
use mohar_schemas::words::Language;
use mohar_schemas::{consent, sha256};
use mohar_store::ApiKey;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    service: String,
    #[serde(default)]
    answers: Answers,
}

/// Begins an application; the same `Idempotency-Key` gives the same one.
pub async fn start(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let key = caller(&app, &headers).await?;
    let name = idempotency_key(&headers)?;
    let new: New = parsed(&body)?;
    let desk = desk(&key, &new.service)?;
    let channel = format!("api/{}", key.id);
    let id = hex(&sha256(format!("{channel}/{name}").as_bytes())[..16]);
    let citizen = app.store.citizen(&channel, &name, &id, desk.now_s).await?;
    if let Some(earlier) = app.store.of_applicant(&citizen, None).await?.pop() {
        if earlier.service != new.service {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "idempotency-conflict",
                "This Idempotency-Key was used for another request. Use a new one.",
            ));
        }
        return Ok((StatusCode::OK, Json(view(&earlier, &desk))));
    }
    let mut draft = app.store.start(&new.service, &citizen, desk.today.year(), desk.now_s).await?;
    draft.answers = new.answers;
    let draft = save(&app, &desk, draft, &[], With::default()).await?;
    Ok((StatusCode::CREATED, Json(view(&draft, &desk))))
}

pub async fn show(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let (application, desk) = own(&app, &headers, &number).await?;
    Ok(Json(view(&application, &desk)))
}

#[derive(Deserialize)]
pub struct Kind {
    kind: String,
}

/// Attaches a document: the body is the file.
pub async fn attach(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    Query(Kind { kind }): Query<Kind>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let (mut application, desk) = own(&app, &headers, &number).await?;
    let open = matches!(application.state, Stage::Draft | Stage::Returned { .. });
    let asked = desk.service.documents.iter().any(|d| d.kind == kind);
    let document = published().document(&kind).filter(|_| asked && open).ok_or_else(Problem::not_found)?;
    let format = pages::files::looked_through(document, &body).await.map_err(|why| match why {
        "file_size" => Problem::too_large(document.max_kib as usize * 1_024),
        _ => {
            let why = &pages::text(why).en;
            let detail = format!("The document “{kind}” is taken as {}. {why}", document.formats.join(", "));
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", detail)
        }
    })?;
    let stored = pages::pages(&app).files.put(&number, &body);
    let sha256 = stored.map_err(|e| StoreError::Driver(e.to_string()))?;
    application.documents.retain(|d| d.kind != kind);
    let bytes = body.len() as u64;
    application.documents.push(Attached { kind, sha256, format: format.to_owned(), bytes });
    Ok(Json(view(&save(&app, &desk, application, &[], With::default()).await?, &desk)))
}

/// What may be done.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
enum Action {
    /// New answers for a draft or what was sent back.
    Answer { answers: Answers },
    /// Hand in, or in again; the department has shown the text `apply-1` and the citizen agrees.
    Submit { consent: bool },
    /// The department has taken the fee itself.
    Collected,
    /// The citizen takes it back.
    Withdraw,
    /// An officer moves it on, to a state of the workflow or, without one, approves it.
    Move {
        officer: String,
        to: Option<String>,
        #[serde(default)]
        note: String,
        #[serde(default)]
        answers: Answers,
    },
    /// An officer sends it back.
    SendBack { officer: String, fields: Vec<String>, note: String },
    /// An officer rejects it.
    Reject { officer: String, reason: String, note: String },
    /// An officer hands it to another office.
    Transfer {
        officer: String,
        office: String,
        #[serde(default)]
        note: String,
    },
}

pub async fn act(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let (application, desk) = own(&app, &headers, &number).await?;
    let refused = |refusal: Refusal| refused(&refusal);
    let one = |(next, event): (Application, Event)| (next, vec![event]);
    let (officer, act) = match parsed::<Action>(&body)? {
        Action::Answer { answers } => {
            if !matches!(application.state, Stage::Draft | Stage::Returned { .. }) {
                return Err(refused(Refusal::State(application.state.id())));
            }
            let mine = |id: &String| desk.service.field(id).is_some_and(|f| f.by == By::Citizen);
            let mut next = application;
            next.answers.extend(answers.into_iter().filter(|(id, _)| mine(id)));
            return Ok(Json(view(&save(&app, &desk, next, &[], With::default()).await?, &desk)));
        }
        Action::Submit { consent: false } => {
            return Err(refused(Refusal::Incomplete("Show the text “apply-1” and send “consent”: true.")));
        }
        Action::Submit { .. } => {
            let agreed = act::consent(&application, &desk, consent::APPLY, Language::Hindi);
            let result = match application.state {
                Stage::Draft => act::submit(application, &desk),
                _ => act::mend(application, &desk),
            };
            let (next, event) = result.map_err(refused)?;
            let next = save(&app, &desk, next, &[agreed, event], With::default()).await?;
            return Ok(Json(view(&next, &desk)));
        }
        Action::Collected => {
            let Stage::Unpaid { rupees } = application.state else {
                return Err(refused(Refusal::State(application.state.id())));
            };
            let transfers = [pages::fee(&desk, &application, i64::from(rupees)).collected()];
            let (next, events) =
                act::paid(application.clone(), &desk, "department").map(one).map_err(refused)?;
            let with = With { transfers: &transfers, ..With::default() };
            return Ok(Json(view(&save(&app, &desk, next, &events, with).await?, &desk)));
        }
        Action::Withdraw => {
            let (next, events) = act::withdraw(application, &desk).map(one).map_err(refused)?;
            return Ok(Json(view(&save(&app, &desk, next, &events, With::default()).await?, &desk)));
        }
        Action::Move { officer, to, note, answers } => {
            let mine = |id: &String| desk.service.field(id).is_some_and(|f| f.by == By::Officer);
            let mut next = application.clone();
            next.answers.extend(answers.into_iter().filter(|(id, _)| mine(id)));
            return decided(&app, &desk, &officer, next, Act::Move { to, note }).await;
        }
        Action::SendBack { officer, fields, note } => (officer, Act::SendBack { fields, note }),
        Action::Reject { officer, reason, note } => (officer, Act::Reject { reason, note }),
        Action::Transfer { officer, office, note } => (officer, Act::Transfer { office, note }),
    };
    decided(&app, &desk, &officer, application, act).await
}

/// The department answers for it that this officer acts; the roles and the rule of two hold as ever.
async fn decided(
    app: &App,
    desk: &Desk<'_>,
    officer: &str,
    application: Application,
    act: Act,
) -> Result<Json<Value>, Problem> {
    let found = app.store.officer(officer).await?;
    let (officer, ..) = found.ok_or_else(|| {
        Problem::new(StatusCode::FORBIDDEN, "officer", "There is no such officer, or not of this office.")
    })?;
    let number = application.number.clone();
    match pages::decide(app, desk, &officer, application, &act).await {
        Ok(()) => {}
        Err(Undone::Refused(refusal)) => return Err(refused(&refusal)),
        Err(Undone::Overtaken) => return Err(overtaken()),
        Err(Undone::Failed(failure)) => return Err(failed(failure)),
    }
    let next = app.store.application(&number).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(view(&next, desk)))
}

fn parsed<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|e| {
        Problem::new(StatusCode::BAD_REQUEST, "json", format!("The body is not what is taken here: {e}."))
    })
}

/// The desk of a service that the key is for.
fn desk(key: &ApiKey, service: &str) -> Result<Desk<'static>, Problem> {
    let found = pages::desk(service, "api").ok().filter(|d| d.service.can_be_applied_for());
    let desk = found.ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            format!("There is no service “{service}” to apply for."),
        )
    })?;
    let kind = desk.service.outcome.certificate.as_ref();
    if desk.service.department != key.department || kind.is_some_and(|k| !key.types.contains(k)) {
        let detail = format!("This API key may not handle applications for “{service}”.");
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok(desk)
}

/// An application of the caller's department; another's does not exist for it.
async fn own(app: &App, headers: &HeaderMap, number: &str) -> Result<(Application, Desk<'static>), Problem> {
    let key = caller(app, headers).await?;
    let found = app.store.application(number).await?.ok_or_else(Problem::not_found)?;
    let desk = desk(&key, &found.service).map_err(|_| Problem::not_found())?;
    Ok((found, desk))
}

async fn save(
    app: &App,
    desk: &Desk<'_>,
    mut next: Application,
    events: &[Event],
    with: With<'_>,
) -> Result<Application, Problem> {
    pages::write(app, desk, &next, events, with).await.map_err(failed)?;
    next.version += 1;
    Ok(next)
}

fn failed(failure: Failure) -> Problem {
    match failure {
        Failure::Overtaken => overtaken(),
        Failure::Away(what) => StoreError::Driver(what).into(),
        Failure::NotFound | Failure::Door(..) => Problem::not_found(),
    }
}

fn overtaken() -> Problem {
    let detail = "Somebody else has changed this application meanwhile. Look at it again.";
    Problem::new(StatusCode::CONFLICT, "overtaken", detail)
}

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Faults(faults) => Problem::faults(faults.clone()),
        Refusal::SamePerson | Refusal::NotYours { .. } => {
            Problem::new(StatusCode::FORBIDDEN, "officer", format!("Refused: {refusal}."))
        }
        Refusal::Incomplete(what) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "incomplete", *what),
        Refusal::State(_) | Refusal::NoSuchAction => {
            Problem::new(StatusCode::CONFLICT, "application-state", format!("Refused: {refusal}."))
        }
    }
}

/// An application as the API shows it, with what is still wrong.
fn view(application: &Application, desk: &Desk<'_>) -> Value {
    let a = application;
    let open = matches!(a.state, Stage::Draft | Stage::Returned { .. });
    let citizens =
        a.answers.iter().filter(|(id, _)| desk.service.field(id).is_some_and(|f| f.by == By::Citizen));
    let given: Answers = citizens.map(|(k, v)| (k.clone(), v.clone())).collect();
    let faults = if open { read(desk.service, &given, By::Citizen, desk.today).err() } else { None };
    let documents: Vec<_> = a.documents.iter().map(|d| &d.kind).collect();
    json!({
        "number": a.number, "service": a.service, "office": a.office, "version": a.version,
        "state": a.state.id(), "detail": a.state, "submitted": a.submitted, "documents": documents,
        "faults": faults.unwrap_or_default(),
    })
}
