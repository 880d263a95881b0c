//! The counter of a Common Service Centre: an operator acts for a citizen who agrees, by a one-time code
//! or, without a phone, by a thumb impression on the centre's paper form. The forms are the citizen's
//! own; cash goes through the same ledger and is handed over at the end of the day.

use super::citizen::own;
use super::console::officer;
use super::desk::{desk, fee, write};
use super::door::{code_is_right, send_code_to};
use super::{Failure, Page, html, today, view};
use crate::app::App;
use crate::edge::{now_s, random};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::act;
use mohar_issuer::application::event::Note;
use mohar_issuer::application::money::{PAISE, settled};
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, State as Stage};
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_schemas::charges::charges;
use mohar_schemas::consent;
use mohar_schemas::credential::day_number;
use mohar_schemas::entry::{Shape, shaped};
use mohar_verifier::report::rupees;
use serde::Deserialize;
use std::sync::Arc;

/// The role that assists.
pub const OPERATOR: &str = "csc-operator";
/// A note on a thumb impression names the paper it is on.
const NOTE: std::ops::RangeInclusive<usize> = 4..=120;

/// The operator who is signed in.
pub async fn operator(app: &App, p: &Page) -> Result<String, Failure> {
    let officer = officer(app, p).await?;
    if officer.posts.iter().any(|(role, _)| role == OPERATOR) {
        Ok(officer.id)
    } else {
        Err(Failure::NotFound)
    }
}

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    page(&app, p, None).await
}

pub async fn page(app: &App, p: Page, message: Option<&'static str>) -> Result<Response, Failure> {
    let id = operator(app, &p).await?;
    let midnight_s = day_number(today()) * 86_400 - 19_800;
    let received = app.store.received(&account(&id), midnight_s).await?;
    let rows = received.into_iter().map(|t| {
        let what = if t.id.starts_with("assisted/") { p.t("receipt_assisted") } else { p.t("receipt_cash") };
        let number = t.application.unwrap_or_default();
        (super::story::when(t.at_s), number, what, rupees(t.paise / PAISE))
    });
    let rows = rows.collect();
    let services = published().services().iter().filter(|s| s.can_be_applied_for());
    let services = services.map(|s| (s.id.clone(), p.w(&s.name).to_owned())).collect();
    let held = app.store.balance(&account(&id)).await?;
    let charge = rupees(i64::from(charges().assisted));
    Ok(html(&view::Counter {
        held: rupees(held / PAISE),
        can_settle: held > 0,
        rows,
        services,
        charge,
        message,
        p,
    }))
}

fn account(operator: &str) -> String {
    format!("operator/{operator}")
}

#[derive(Deserialize)]
pub struct Begin {
    service: String,
    #[serde(default)]
    phone: String,
}

/// Sends the citizen a code, where there is a phone, and asks how the citizen agrees.
pub async fn begin(
    State(app): State<Arc<App>>,
    p: Page,
    Form(form): Form<Begin>,
) -> Result<Response, Failure> {
    operator(&app, &p).await?;
    let service = published().service(&form.service).filter(|s| s.can_be_applied_for());
    let Some(service) = service else { return page(&app, p, Some("choose_service")).await };
    let phone = match form.phone.trim() {
        "" => None,
        text => match shaped("phone", Shape::Phone, text) {
            Ok(phone) => Some(phone),
            Err(_) => return page(&app, p, Some("phone_wrong")).await,
        },
    };
    if let Some(phone) = &phone
        && !send_code_to(&app, phone).await?
    {
        return page(&app, p, Some("too_many_codes")).await;
    }
    ask(p, &service.id, phone, None)
}

fn ask(
    p: Page,
    service: &str,
    phone: Option<String>,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let text = p.w(&consent::by_id(consent::COUNTER).ok_or(Failure::NotFound)?.text).to_owned();
    let name = published().service(service).map_or_else(String::new, |s| p.w(&s.name).to_owned());
    Ok(html(&view::CounterConsent { service: service.to_owned(), name, phone, text, error, p }))
}

#[derive(Deserialize)]
pub struct Agreed {
    service: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    thumb: String,
}

/// The citizen agrees: a draft is begun that the citizen owns and this operator may fill in.
pub async fn agree(
    State(app): State<Arc<App>>,
    p: Page,
    Form(form): Form<Agreed>,
) -> Result<Response, Failure> {
    let operator = operator(&app, &p).await?;
    let desk = desk(&form.service, "counter")?;
    let thumb: String = form.thumb.trim().chars().filter(|c| !c.is_control()).collect();
    let phone = Some(form.phone.clone()).filter(|t| !t.is_empty());
    let mut new = [0; 16];
    random(&mut new);
    let new = hex(&new);
    let (citizen, how) = if let Some(phone) = &phone {
        if !code_is_right(&app, phone, &form.code).await? {
            return ask(p, &form.service, None, Some("wrong_code"));
        }
        (app.store.citizen("web", phone, &new, now_s()).await?, "otp".to_owned())
    } else {
        if !NOTE.contains(&thumb.chars().count()) {
            return ask(p, &form.service, None, Some("thumb_missing"));
        }
        (app.store.citizen("counter", &new, &new, now_s()).await?, format!("thumb: {thumb}"))
    };
    let draft = app.store.start(&form.service, &citizen, desk.today.year(), desk.now_s).await?;
    let answers = super::held::answers(&app, &citizen, desk.service).await?;
    let draft = Application { assisted: Some(operator.clone()), answers, ..draft };
    let mut agreed = act::consent(&draft, &desk, consent::COUNTER, p.lang);
    agreed.actor = account(&operator);
    agreed.note = Note::new(&format!("{} {how}", agreed.note.text()));
    write(&app, &desk, &draft, &[agreed], With::default()).await?;
    Ok(Redirect::to(&format!("/counter/a/{}", draft.number)).into_response())
}

/// The citizen pays in cash: the department's fee and the centre's charge.
pub async fn cash(
    State(app): State<Arc<App>>,
    p: Page,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let operator = operator(&app, &p).await?;
    let application = own(&app, &p, &number).await?;
    let Stage::Unpaid { rupees } = application.state else { return Err(Failure::NotFound) };
    let desk = desk(&application.service, "counter")?;
    let fee = fee(&desk, &application, i64::from(rupees));
    let transfers = [fee.in_cash(&operator), fee.assisted(&operator, i64::from(charges().assisted))];
    let Ok((next, event)) = act::paid(application.clone(), &desk, &account(&operator)) else {
        return Err(Failure::NotFound);
    };
    write(&app, &desk, &next, &[event], With { transfers: &transfers, ..With::default() }).await?;
    Ok(Redirect::to(&format!("/counter/a/{number}/receipt")).into_response())
}

/// The operator hands over what was taken.
pub async fn settle(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let id = operator(&app, &p).await?;
    let held = app.store.balance(&account(&id)).await?;
    if held > 0 {
        app.store.transfer(&settled(&id, held, now_s())).await?;
    }
    page(&app, p, Some("settled")).await
}
