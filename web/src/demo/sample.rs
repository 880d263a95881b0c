//! Applications of invented citizens in every state of every service, so that a newcomer finds a
//! department at work.

use crate::app::App;
use crate::cli::Error;
use crate::edge::now_s;
use crate::pages::{self, Failure, Undone};
use mohar_issuer::application::act::{self, Act, Desk};
use mohar_issuer::application::event::Event;
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Attached, Officer, State};
use mohar_schemas::catalogue::published;
use mohar_schemas::consent;
use mohar_schemas::credential::day;
use mohar_schemas::form::{By, example};
use mohar_schemas::service::Service;
use mohar_schemas::words::Language;
use mohar_schemas::workflow::Move;
use serde::Deserialize;
use serde_json::{Value, json};

const DAY_S: i64 = 86_400;
const DOCUMENT: &[u8] = include_bytes!("../../demo/document.png");

#[derive(Deserialize)]
struct People {
    person: Vec<Person>,
}

#[derive(Deserialize)]
struct Person {
    name: Value,
    father_name: Value,
}

/// How far an application has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Draft,
    Submitted,
    AtWork,
    Returned,
    Rejected,
    Withdrawn,
    Recommended,
    Issued,
}

const ENDS: [End; 9] = [
    End::Draft,
    End::Submitted,
    End::AtWork,
    End::Returned,
    End::Rejected,
    End::Withdrawn,
    End::Recommended,
    End::Issued,
    End::Submitted,
];

/// Fills an empty demo.
pub async fn fill(app: &App) -> Result<(), Error> {
    let people: People = toml::from_str(include_str!("../../demo/people.toml"))?;
    let services: Vec<_> = published().services().iter().filter(|s| s.can_be_applied_for()).collect();
    eprintln!("Making {} applications of invented citizens …", services.len() * ENDS.len());
    for (n, service) in services.iter().enumerate() {
        for (m, end) in ENDS.iter().enumerate() {
            let person = &people.person[(n * 5 + m) % people.person.len()];
            let phone = format!("98990{:05}", (n * 5 + m) % people.person.len());
            let id = format!("demo-{phone}");
            let citizen = app.store.citizen("web", &phone, &id, now_s()).await?;
            // From yesterday back to some seven weeks ago, so that some are late.
            let days = 1 + i64::try_from((n * 7 + m * 5) % 48)?;
            one(app, service, &citizen, person, (*end, days))
                .await
                .map_err(|e| format!("{}: {e}", service.id))?;
        }
    }
    Ok(())
}

async fn one(
    app: &App,
    service: &'static Service,
    citizen: &str,
    person: &Person,
    (end, days): (End, i64),
) -> Result<(), Error> {
    let began_s = now_s() - days * DAY_S;
    let desk_on = |passed: i64| -> Result<Desk<'static>, Error> {
        let now_s = (began_s + passed * DAY_S).min(now_s());
        let workflow = published().workflow(service).ok_or("no workflow")?;
        Ok(Desk {
            service,
            workflow,
            channel: "demo",
            now_s,
            today: day((now_s + 19_800).div_euclid(DAY_S))?,
        })
    };
    let desk = desk_on(0)?;
    let draft = app.store.start(&service.id, citizen, desk.today.year(), desk.now_s).await?;
    let mut now = filled(app, draft, &desk, person)?;
    if end == End::Draft {
        return save(app, &desk, &mut now, &[]).await;
    }
    save(app, &desk, &mut now, &[]).await?;
    let agreed = act::consent(&now, &desk, consent::APPLY, Language::Hindi);
    let (next, event) = act::submit(now, &desk)?;
    now = next;
    save(app, &desk, &mut now, &[agreed, event]).await?;
    if end == End::Withdrawn {
        let (next, event) = act::withdraw(now, &desk)?;
        return save(app, &desk, &mut { next }, &[event]).await;
    }
    // Every other one that was only handed in still waits for its fee.
    if matches!(now.state, State::Unpaid { .. }) && !(end == End::Submitted && days % 2 == 0) {
        now = pay(app, &desk, now).await?;
    }
    if end == End::Submitted {
        return Ok(());
    }
    let mut passed = 0;
    while let Some(step) = now.state.step().and_then(|s| desk.workflow.step(s)) {
        passed += 1;
        let desk = desk_on(passed)?;
        let officer = officer(&step.role, &now.office);
        let actions = act::offered(step, &now.answers);
        let action = actions.first().ok_or("no action")?;
        let last = action.id == Move::Approve;
        if last && end == End::Recommended || end == End::AtWork && passed == 2 {
            return Ok(());
        }
        let what = match end {
            End::Returned => Act::SendBack {
                fields: service.documents.iter().take(1).map(|d| d.kind.clone()).collect(),
                note:
                    "यह प्रति पढ़ी नहीं जा रही; साफ़ प्रति लगाएँ। / This copy cannot be read; attach a clear one."
                        .into(),
            },
            End::Rejected => Act::Reject {
                reason: "not-eligible".into(),
                note: "दी गई शर्तें पूरी नहीं होतीं। / The conditions are not met.".into(),
            },
            _ => Act::Move { to: action.to.clone(), note: String::new() },
        };
        if last {
            officers_answers(&mut now, service, &desk);
        }
        let (mut next, event) = act::act(now, &desk, &officer, &what)?;
        if let State::Issued { certificate, .. } = &mut next.state {
            certificate.take();
            let issued = pages::issue(app, &desk, &next).await.map_err(|e| said(&e))?;
            if let State::Issued { certificate, .. } = &mut next.state {
                *certificate = issued;
            }
        }
        now = next;
        save(app, &desk, &mut now, &[event]).await?;
    }
    Ok(())
}

/// A draft with the example answers under the citizen's own name, and every document attached.
fn filled(app: &App, draft: Application, desk: &Desk<'_>, person: &Person) -> Result<Application, Error> {
    let service = desk.service;
    let mut next = draft;
    for field in service.fields.iter().filter(|f| f.by == By::Citizen) {
        next.answers.insert(field.id.clone(), example(service, field, desk.today));
    }
    for (id, name) in [("name", &person.name), ("father_name", &person.father_name)] {
        if let Some(answer) = next.answers.get_mut(id) {
            let (en, hi) = (name["en"].clone(), name["hi"].clone());
            *answer = json!({ "en": en, "hi": hi });
        }
    }
    // They live in every part of the city, so that every office has something to do.
    if let Some(field) = service.field("sub_division") {
        let choices = field.choices(desk.today);
        let place = usize::try_from(next.number.bytes().map(u32::from).sum::<u32>()).unwrap_or(0);
        if let Some((id, _)) = choices.get(place % choices.len().max(1)) {
            next.answers.insert("sub_division".into(), json!(id));
        }
    }
    let sha256 = pages::pages(app).files.put(&next.number, DOCUMENT)?;
    for document in &service.documents {
        next.documents.push(Attached {
            kind: document.kind.clone(),
            sha256: sha256.clone(),
            format: "png".into(),
            bytes: DOCUMENT.len() as u64,
        });
    }
    Ok(next)
}

fn officers_answers(application: &mut Application, service: &Service, desk: &Desk<'_>) {
    for field in service.fields.iter().filter(|f| f.by == By::Officer) {
        application.answers.insert(field.id.clone(), example(service, field, desk.today));
    }
}

fn officer(role: &str, office: &str) -> Officer {
    Officer { id: role.to_owned(), name: role.to_owned(), posts: vec![(role.to_owned(), office.to_owned())] }
}

/// Paid at the gateway, which books it as it books every payment.
async fn pay(app: &App, desk: &Desk<'_>, application: Application) -> Result<Application, Error> {
    let State::Unpaid { rupees } = application.state else { return Ok(application) };
    let number = application.number.clone();
    let name = mohar_keys::file::hex(&mohar_schemas::sha256(number.as_bytes())[..16]);
    let order = app.store.order(&number, rupees, &name, desk.now_s).await?;
    pages::pages(app).gateway.take(&order)?;
    let fee = pages::fee(desk, &application, i64::from(rupees));
    let transfers = [fee.paid(&order.order_id)];
    let (mut next, event) = act::paid(application.clone(), desk, "gateway")?;
    let with = With { order: Some(&order.order_id), transfers: &transfers, ..With::default() };
    pages::write(app, desk, &next, &[event], with).await.map_err(|e| failed(&e))?;
    next.version += 1;
    Ok(next)
}

async fn save(app: &App, desk: &Desk<'_>, next: &mut Application, events: &[Event]) -> Result<(), Error> {
    pages::write(app, desk, next, events, With::default()).await.map_err(|e| failed(&e))?;
    next.version += 1;
    Ok(())
}

fn failed(failure: &Failure) -> String {
    match failure {
        Failure::Away(what) => what.clone(),
        Failure::Overtaken => "overtaken".into(),
        Failure::NotFound | Failure::Door(..) => "not found".into(),
    }
}

fn said(undone: &Undone) -> String {
    match undone {
        Undone::Refused(refusal) => format!("{refusal:?}"),
        Undone::Overtaken => "overtaken".into(),
        Undone::Failed(failure) => failed(failure),
    }
}
