//! Leave: an officer lets a colleague of the same office hold the posts for some days. Whoever
//! recommended still cannot approve: that goes by the person, not the post.

use super::console::officer;
use super::{Failure, Page, html, today, view};
use crate::app::App;
use crate::edge::random;
use axum::extract::{Form, State};
use axum::response::Response;
use jiff::civil::Date;
use mohar_issuer::application::port::Applications;
use mohar_keys::file::hex;
use mohar_schemas::credential::{day, day_number};
use mohar_store::office::Delegation;
use mohar_verifier::report::date;
use serde::Deserialize;
use std::sync::Arc;

/// The longest leave, in days.
const DAYS_MAX: i64 = 180;

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    page(&app, p, None).await
}

#[derive(Deserialize)]
pub struct Wish {
    #[serde(rename = "do")]
    act: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
}

pub async fn change(
    State(app): State<Arc<App>>,
    p: Page,
    Form(wish): Form<Wish>,
) -> Result<Response, Failure> {
    let id = p.who()?.to_owned();
    if let Some(ended) = wish.act.strip_prefix("end:") {
        app.store.end_delegation(ended, &id).await?;
        return page(&app, p, Some("leave_ended")).await;
    }
    // One's own posts, not those held for somebody else.
    let (me, ..) = app.store.officer(&id).await?.ok_or(Failure::NotFound)?;
    let colleague = app.store.officer(wish.to.trim()).await?.map(|(officer, ..)| officer);
    let colleague = colleague.filter(|c| {
        c.id != me.id && me.posts.iter().any(|(_, office)| c.posts.iter().any(|(_, other)| other == office))
    });
    let days = wish.from.parse::<Date>().ok().zip(wish.until.parse::<Date>().ok());
    let days = days.map(|(from, until)| (day_number(from), day_number(until)));
    let days = days
        .filter(|(from, until)| from <= until && until - from <= DAYS_MAX && *until >= day_number(today()));
    let (Some(colleague), Some((from_day, until_day))) = (colleague, days) else {
        return page(&app, p, Some("leave_wrong")).await;
    };
    let mut bytes = [0; 8];
    random(&mut bytes);
    let to_officer = colleague.id;
    tracing::info!(from = %me.id, to = %to_officer, from_day, until_day, "an officer lets another stand in");
    let delegation = Delegation { id: hex(&bytes), from_officer: me.id, to_officer, from_day, until_day };
    app.store.delegate(&delegation).await?;
    page(&app, p, Some("saved_leave")).await
}

async fn page(app: &App, p: Page, message: Option<&'static str>) -> Result<Response, Failure> {
    let me = officer(app, &p).await?;
    let now = day_number(today());
    let words = |n: i64| day(n).map_or_else(|_| String::new(), date);
    let line = |d: Delegation, who: fn(&Delegation) -> String| {
        (d.id.clone(), who(&d), format!("{} – {}", words(d.from_day), words(d.until_day)))
    };
    let given = app.store.delegated(&me.id, now).await?;
    let given = given.into_iter().map(|d| line(d, |d| d.to_officer.clone())).collect();
    let held = app.store.standing_in(&me.id, now).await?;
    let held = held.into_iter().map(|d| line(d, |d| d.from_officer.clone())).collect();
    Ok(html(&view::Leave { p, message, given, held }))
}
