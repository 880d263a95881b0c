//! What waits for an officer, and what may be forwarded together.

use super::console::{decide, office, officer};
use super::counter::OPERATOR;
use super::desk::desk;
use super::{Failure, Page, html, view};
use crate::app::App;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::act::{Act, held, offered};
use mohar_issuer::application::clock::{Clock, after};
use mohar_issuer::application::port::{Applications, Inbox};
use mohar_issuer::application::{Application, State as Stage};
use mohar_schemas::catalogue::published;
use mohar_schemas::workflow::Move;
use mohar_verifier::report::date;
use serde::Deserialize;
use std::sync::Arc;

/// Forwarded together at most.
const TOGETHER_MAX: usize = 50;

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    number: String,
    #[serde(default)]
    service: String,
    /// What became of forwarding together.
    done: Option<u32>,
    left: Option<u32>,
}

pub async fn inbox(
    State(app): State<Arc<App>>,
    p: Page,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    // Whoever only assists citizens has no inbox.
    if officer.posts.iter().all(|(role, _)| role == OPERATOR) {
        return Ok(Redirect::to("/counter").into_response());
    }
    if !search.number.trim().is_empty() {
        let number = search.number.trim().to_ascii_uppercase();
        return Ok(Redirect::to(&format!("/console/a/{}", number.replace('/', ""))).into_response());
    }
    let service = Some(search.service.clone()).filter(|s| !s.is_empty());
    let waiting = app.store.inbox(&Inbox { posts: officer.posts.clone(), service, after: None }).await?;
    let mut rows = vec![];
    for application in &waiting {
        rows.push(row(&p, application)?);
    }
    let services = published().services().iter().filter(|s| s.can_be_applied_for());
    let services = services.map(|s| (s.id.clone(), p.w(&s.name).to_owned(), s.id == search.service));
    let message = search.done.map(|done| {
        format!("{} {done} · {} {}", p.t("forwarded"), p.t("left_over"), search.left.unwrap_or(0))
    });
    let administrator = officer.posts.iter().any(|(role, _)| role == super::admin::ADMINISTRATOR);
    Ok(html(&view::Inbox {
        message,
        administrator,
        officer: officer.name,
        services: services.collect(),
        rows,
        p,
    }))
}

fn row(p: &Page, application: &Application) -> Result<view::Waiting, Failure> {
    let desk = desk(&application.service, "console")?;
    let step = application.state.step().and_then(|s| desk.workflow.step(s));
    let clock = application.submitted.zip(desk.service.time_limit.as_ref());
    let clock = clock.map(|(day, limit)| Clock::of(day, limit.days, desk.today));
    let late = clock.is_some_and(|c| c.over > 0);
    let mut due = clock.map_or_else(String::new, |c| date(c.due));
    if late {
        due = format!("{due} · {}", p.t("over"));
    }
    if application.grieved.is_some() {
        due = format!("{due} · {}", p.t("grieved"));
    }
    // The step has a limit of its own.
    let step_due = match (&application.state, step) {
        (Stage::InWork { since, .. }, Some(step)) => Some(after(*since, step.days)),
        _ => None,
    };
    let step_late = step_due.is_some_and(|d| d < desk.today);
    let can_forward =
        step.is_some_and(|s| offered(s, &application.answers).iter().any(|a| a.id == Move::Forward));
    Ok(view::Waiting {
        number: application.number.clone(),
        service: p.w(&desk.service.name).to_owned(),
        step: step.map_or_else(String::new, |s| p.w(&s.name).to_owned()),
        office: office(p, &application.office),
        due,
        late,
        step_due: step_due.map_or_else(String::new, date),
        step_late,
        can_forward,
    })
}

/// Forwards what was ticked. Only forwarding is safe without looking at each: whoever recommends or
/// approves stands for the one file.
pub async fn forward(
    State(app): State<Arc<App>>,
    p: Page,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let officer = officer(&app, &p).await?;
    let numbers = pairs.iter().filter(|(name, _)| name == "number").take(TOGETHER_MAX);
    let (mut done, mut left) = (0, 0);
    for (_, number) in numbers {
        let Some(application) = app.store.application(number).await? else { continue };
        let desk = desk(&application.service, "console")?;
        let forward = held(&application, &desk, &officer).ok().and_then(|(step, _)| {
            let actions = offered(step, &application.answers);
            actions.iter().find(|a| a.id == Move::Forward).and_then(|a| a.to.clone())
        });
        let Some(to) = forward else {
            left += 1;
            continue;
        };
        let act = Act::Move { to: Some(to), note: String::new() };
        match decide(&app, &desk, &officer, application, &act).await {
            Ok(()) => done += 1,
            Err(_) => left += 1,
        }
    }
    Ok(Redirect::to(&format!("/console?done={done}&left={left}")).into_response())
}
