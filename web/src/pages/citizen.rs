//! The citizen's pages: what there is, a form, documents, the fee, and what becomes of it.

use super::desk::{desk, fee, write};
use super::fields::sent;
use super::files::{looked_through, media_type};
use super::sheet::{Said, is_open, page};
use super::{Failure, Page, held, html, pages, pay, view};
use crate::api::pdf::render;
use crate::app::App;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::act::{self, Desk, Refusal};
use mohar_issuer::application::event::Event;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Attached, State as Stage};
use mohar_issuer::ports::Ledger;
use mohar_schemas::catalogue::published;
use mohar_schemas::charges::charges;
use mohar_schemas::form::{Answers, By, read};
use mohar_schemas::service::{OutcomeKind, Service};
use mohar_schemas::words::Words;
use mohar_schemas::{consent, tables};
use mohar_verifier::report::rupees;
use std::sync::Arc;

pub async fn services(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let own = match p.who.as_deref() {
        Some(who) => app.store.of_applicant(who, None).await?,
        None => vec![],
    };
    let own = own.into_iter().map(|a| view::Own {
        service: published().service(&a.service).map_or_else(String::new, |s| p.w(&s.name).to_owned()),
        state: p.t(&format!("state_{}", a.state.id())).to_owned(),
        number: a.number,
    });
    let own = own.collect();
    let departments = tables::table("departments").map_or(&[][..], |t| t.rows.as_slice());
    let groups = departments.iter().map(|d| view::Group {
        department: p.w(&Words::new(&d.en, &d.hi)).to_owned(),
        services: published()
            .services()
            .iter()
            .filter(|s| s.department == d.id)
            .map(|s| view::Item {
                id: s.id.clone(),
                name: p.w(&s.name).to_owned(),
                about: p.w(&s.about).to_owned(),
            })
            .collect(),
    });
    let groups = groups.collect();
    Ok(html(&view::Services { p, own, groups }))
}

pub async fn service(p: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    let s = published().service(&id).ok_or(Failure::NotFound)?;
    let outcome = match s.outcome.kind {
        OutcomeKind::Credential => p.t("credential"),
        OutcomeKind::Acknowledgement => p.t("acknowledgement"),
    };
    let documents = s.documents.iter().filter_map(|d| published().document(&d.kind));
    let limit = s.time_limit.as_ref();
    Ok(html(&view::Service {
        id,
        name: p.w(&s.name).to_owned(),
        about: p.w(&s.about).to_owned(),
        who: p.w(&s.who).to_owned(),
        information: s.information.as_ref().map(|i| p.w(i).to_owned()),
        fee: if s.fee.rupees == 0 { p.t("free").to_owned() } else { rupees(i64::from(s.fee.rupees)) },
        fee_source: if s.fee.rupees == 0 { String::new() } else { s.fee.source.clone() },
        limit: limit
            .map_or_else(|| p.t("no_limit").to_owned(), |l| format!("{} {}", l.days, p.t("working_days"))),
        limit_source: limit.map_or_else(String::new, |l| l.source.clone()),
        outcome,
        documents: documents.map(|d| (p.w(&d.name).to_owned(), p.w(&d.help).to_owned())).collect(),
        p,
    }))
}

pub async fn start(
    State(app): State<Arc<App>>,
    p: Page,
    Path(id): Path<String>,
) -> Result<Redirect, Failure> {
    let who = p.who()?;
    let desk = desk(&id, p.channel())?;
    let mut draft = app.store.start(&id, who, desk.today.year(), desk.now_s).await?;
    draft.answers = held::answers(&app, who, desk.service).await?;
    if !draft.answers.is_empty() {
        write(&app, &desk, &draft, &[], With::default()).await?;
    }
    Ok(Redirect::to(&format!("/apply/a/{}", draft.number)))
}

/// One of the citizen's own, or one that the operator fills in for a citizen.
pub async fn own(app: &App, p: &Page, number: &str) -> Result<Application, Failure> {
    let who = p.who()?;
    let found = app.store.application(number).await?;
    let mine = |a: &Application| {
        if p.at_counter() { a.assisted.as_deref() == Some(who) } else { a.applicant == who }
    };
    found.filter(mine).ok_or_else(|| {
        tracing::warn!(who, "an application of somebody else, or of nobody, was asked for");
        Failure::NotFound
    })
}

pub async fn show(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let mut application = own(&app, &p, &number).await?;
    if matches!(application.state, Stage::Unpaid { .. }) && pay::asked(&app, &application).await? {
        application = own(&app, &p, &number).await?;
    }
    page(&app, p, &application, Said::default()).await
}

pub async fn act(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let application = own(&app, &p, &number).await?;
    let desk = desk(&application.service, p.channel())?;
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    match get("do") {
        Some("withdraw") => {
            let refund = act::refundable(&application, &desk);
            let result = act::withdraw(application.clone(), &desk);
            done(&app, &desk, p, application, result, With { refund, ..With::default() }).await
        }
        Some("appeal") => {
            let result = act::appeal(application.clone(), &desk, get("note").unwrap_or_default());
            done(&app, &desk, p, application, result, With::default()).await
        }
        Some("correct") => correct(&app, &p, &desk, &application).await,
        Some("submit") if get("consent") != Some("yes") => {
            let message = Some(p.t("consent_needed"));
            page(&app, p, &application, Said { message, faults: vec![] }).await
        }
        Some("submit") => {
            let result = match application.state {
                Stage::Draft => act::submit(application.clone(), &desk),
                _ => act::mend(application.clone(), &desk),
            };
            let agreed = act::consent(&application, &desk, consent::APPLY, p.lang);
            let mut events = vec![agreed];
            events.extend(super::proof(&app, &application, &desk).await?);
            let result = result.map(|(next, event)| {
                events.push(event);
                (next, events)
            });
            finish(&app, &desk, p, application, result, With::default()).await
        }
        _ if is_open(&application) => save(&app, &desk, p, application, &pairs).await,
        _ => page(&app, p, &application, Said::default()).await,
    }
}

async fn done(
    app: &App,
    desk: &Desk<'_>,
    p: Page,
    before: Application,
    result: Result<(Application, Event), Refusal>,
    with: With<'_>,
) -> Result<Response, Failure> {
    let result = result.map(|(next, event)| (next, vec![event]));
    finish(app, desk, p, before, result, with).await
}

async fn finish(
    app: &App,
    desk: &Desk<'_>,
    p: Page,
    before: Application,
    result: Result<(Application, Vec<Event>), Refusal>,
    with: With<'_>,
) -> Result<Response, Failure> {
    match result {
        Ok((next, mut events)) => {
            let mut charge = vec![];
            if let (true, Some(operator)) = (p.at_counter(), p.who.as_ref()) {
                for event in &mut events {
                    event.actor = format!("operator/{operator}");
                }
                // With a fee, the centre's charge is taken together with it.
                if before.state == Stage::Draft && matches!(next.state, Stage::InWork { .. }) {
                    charge.push(fee(desk, &next, 0).assisted(operator, i64::from(charges().assisted)));
                }
            }
            let with = if charge.is_empty() { with } else { With { transfers: &charge, ..with } };
            write(app, desk, &next, &events, with).await?;
            Ok(Redirect::to(&format!("{}/a/{}", p.home(), next.number)).into_response())
        }
        Err(Refusal::Faults(faults)) => page(app, p, &before, Said { message: None, faults }).await,
        Err(_) => {
            let message = Some(p.t("refused_state"));
            page(app, p, &before, Said { message, faults: vec![] }).await
        }
    }
}

/// A draft that is to replace a certificate: the same answers, for the citizen to mend.
async fn correct(app: &App, p: &Page, desk: &Desk<'_>, old: &Application) -> Result<Response, Failure> {
    if !matches!(old.state, Stage::Issued { certificate: Some(_), .. }) {
        return Err(Failure::NotFound);
    }
    let draft = app.store.start(&old.service, p.who()?, desk.today.year(), desk.now_s).await?;
    let answers = citizens(desk.service, &old.answers);
    let draft = Application { answers, corrects: Some(old.number.clone()), ..draft };
    write(app, desk, &draft, &[], With::default()).await?;
    Ok(Redirect::to(&format!("/apply/a/{}", draft.number)).into_response())
}

fn citizens(service: &Service, answers: &Answers) -> Answers {
    let mine = |id: &str| service.field(id).is_some_and(|f| f.by == By::Citizen);
    answers.iter().filter(|(id, v)| mine(id) && !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect()
}

async fn save(
    app: &App,
    desk: &Desk<'_>,
    p: Page,
    mut application: Application,
    pairs: &[(String, String)],
) -> Result<Response, Failure> {
    // Only what was on the page: a question that opens after this save is not answered yet.
    let on_page = |id: &str| pairs.iter().any(|(n, _)| n == id || n.split('.').next() == Some(id));
    let fields = desk.service.fields.iter().filter(|f| f.by == By::Citizen && on_page(&f.id));
    application.answers.extend(sent(fields, pairs));
    let checked = read(desk.service, &citizens(desk.service, &application.answers), By::Citizen, desk.today);
    let (message, faults) = match checked {
        Ok(answers) => {
            let officers: Vec<_> = application
                .answers
                .iter()
                .filter(|(id, _)| desk.service.field(id).is_some_and(|f| f.by == By::Officer))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
            application.answers = answers;
            application.answers.extend(officers);
            (Some(p.t("saved")), vec![])
        }
        Err(faults) => (None, faults),
    };
    // What is wrong is kept, too: nobody writes a form twice.
    write(app, desk, &application, &[], With::default()).await?;
    application.version += 1;
    page(app, p, &application, Said { message, faults }).await
}

pub async fn attach(
    State(app): State<Arc<App>>,
    p: Page,
    Path((number, kind)): Path<(String, String)>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let mut application = own(&app, &p, &number).await?;
    let desk = desk(&application.service, p.channel())?;
    let asked = desk.service.documents.iter().any(|d| d.kind == kind);
    let document = published().document(&kind).filter(|_| asked && is_open(&application));
    let document = document.ok_or(Failure::NotFound)?;
    let bytes = match form.next_field().await {
        Ok(Some(field)) => field.bytes().await.unwrap_or_default(),
        _ => axum::body::Bytes::new(),
    };
    let format = match looked_through(document, &bytes).await {
        Ok(format) => format.to_owned(),
        Err(why) => {
            let message = Some(p.t(why));
            return page(&app, p, &application, Said { message, faults: vec![] }).await;
        }
    };
    let sha256 = pages(&app).files.put(&number, &bytes).map_err(|e| Failure::Away(e.to_string()))?;
    application.documents.retain(|d| d.kind != kind);
    application.documents.push(Attached { kind, sha256, format, bytes: bytes.len() as u64 });
    write(&app, &desk, &application, &[], With::default()).await?;
    Ok(Redirect::to(&format!("{}/a/{number}#{}", p.home(), document.id)).into_response())
}

pub async fn file(
    State(app): State<Arc<App>>,
    p: Page,
    Path((number, kind)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let application = own(&app, &p, &number).await?;
    served(&app, &application, &kind)
}

/// A file that is attached; shown, never run.
pub fn served(app: &App, application: &Application, kind: &str) -> Result<Response, Failure> {
    let file = application.documents.iter().find(|d| d.kind == kind).ok_or(Failure::NotFound)?;
    let bytes =
        pages(app).files.get(&application.number, &file.sha256).map_err(|e| Failure::Away(e.to_string()))?;
    // A browser's own PDF viewer does not run in a sandbox.
    let policy = match file.format.as_str() {
        "pdf" => "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'",
        _ => "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    };
    let headers = [
        (header::CONTENT_TYPE, media_type(&file.format)),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    Ok((headers, bytes).into_response())
}

pub async fn certificate(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let application = own(&app, &p, &number).await?;
    let Stage::Issued { certificate: Some(id), .. } = &application.state else {
        return Err(Failure::NotFound);
    };
    let record = app.store.by_id(id).await?.ok_or(Failure::NotFound)?;
    let bytes = render(&app, &record).map_err(Failure::Away)?;
    let name = format!("inline; filename=\"{}.pdf\"", record.number);
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
