//! The way to DigiLocker and back, from the citizen's page and from a link in the chat.
//!
//! The browser that goes is the browser that comes back: it holds the state in a cookie. A link of the
//! chat is good for one sign-in, and says what it is for before it leads away, since links are passed on.

use super::{Failure, Page, cookie, html, view};
use crate::app::App;
use crate::edge::now_s;
use crate::identity::digilocker::{Config, Refused, secret};
use crate::identity::keep;
use crate::whatsapp;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_schemas::identity::Proof;
use mohar_schemas::sha256;
use std::collections::HashMap;
use std::sync::Arc;

/// How long a citizen may take to sign in.
const SIGN_IN_S: i64 = 900;
/// How long a link of the chat is good for.
const LINK_S: i64 = 3_600;
/// What the row of a link has where that of a sign-in has its verifier.
const LINK: &str = "";
/// Holds the state of the sign-in that a browser has begun.
const COOKIE: &str = "sign_in";

fn config(app: &App) -> Result<&Config, Failure> {
    app.proofs.digilocker.as_ref().ok_or(Failure::NotFound)
}

/// A link for a citizen in the chat, where DigiLocker is configured.
pub async fn link(app: &App, citizen: &str) -> Result<Option<String>, Failure> {
    if app.proofs.digilocker.is_none() {
        return Ok(None);
    }
    let (ticket, now) = (secret(), now_s());
    app.store.begin_sign_in(&sha256(ticket.as_bytes()), citizen, LINK, now, now + LINK_S).await?;
    Ok(Some(format!("{}/identity/digilocker/{ticket}", app.base_url)))
}

/// From the citizen's own page.
pub async fn begin(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    let who = p.who()?;
    go(&app, who).await
}

/// Where a link of the chat leads: what it is for.
pub async fn show(
    State(app): State<Arc<App>>,
    p: Page,
    Path(ticket): Path<String>,
) -> Result<Response, Failure> {
    config(&app)?;
    Ok(html(&view::DigiLocker { p, ticket }))
}

/// On from there.
pub async fn follow(State(app): State<Arc<App>>, Path(ticket): Path<String>) -> Result<Response, Failure> {
    let taken = app.store.take_sign_in(&sha256(ticket.as_bytes()), now_s()).await?;
    let (citizen, _) = taken.filter(|(_, verifier)| verifier == LINK).ok_or(Failure::NotFound)?;
    go(&app, &citizen).await
}

async fn go(app: &App, citizen: &str) -> Result<Response, Failure> {
    let sign_in = config(app)?.begin(&back(app));
    let (hash, now) = (sha256(sign_in.state.as_bytes()), now_s());
    app.store.begin_sign_in(&hash, citizen, &sign_in.verifier, now, now + SIGN_IN_S).await?;
    let held = format!("{COOKIE}={}; Path=/identity; Max-Age={SIGN_IN_S}", sign_in.state);
    with_cookie(app, Redirect::to(&sign_in.url).into_response(), &held)
}

fn back(app: &App) -> String {
    format!("{}/identity/back", app.base_url)
}

fn with_cookie(app: &App, mut answer: Response, held: &str) -> Result<Response, Failure> {
    let secure = if app.base_url.starts_with("https://") { "; Secure" } else { "" };
    // Lax: it comes back by a link from another site.
    let held = HeaderValue::from_str(&format!("{held}; HttpOnly; SameSite=Lax{secure}"));
    answer.headers_mut().append(header::SET_COOKIE, held.map_err(|e| Failure::Away(e.to_string()))?);
    Ok(answer)
}

/// The citizen comes back, with a code or without one.
pub async fn come_back(
    State(app): State<Arc<App>>,
    p: Page,
    headers: HeaderMap,
    Query(said): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let get = |key: &str| said.get(key).map(String::as_str).filter(|t| !t.is_empty());
    let state = get("state").filter(|state| cookie(&headers, COOKIE) == Some(state));
    // Whatever comes of it, the state is used up.
    let begun = match state {
        Some(state) => app.store.take_sign_in(&sha256(state.as_bytes()), now_s()).await?,
        None => None,
    };
    let text = match begun.filter(|(_, verifier)| verifier != LINK) {
        None => "digilocker_expired",
        Some((citizen, verifier)) => match get("code") {
            None => "digilocker_declined",
            Some(code) => proved(&app, &citizen, code, &verifier).await?,
        },
    };
    let text = p.t(text).to_owned();
    let answer = html(&view::Message { p, text });
    with_cookie(&app, answer, &format!("{COOKIE}=; Path=/identity; Max-Age=0"))
}

/// Keeps who the code says the citizen is; gives the key of what to say.
async fn proved(app: &App, citizen: &str, code: &str, verifier: &str) -> Result<&'static str, Failure> {
    let (config, back) = (config(app)?.clone(), back(app));
    let (code, verifier) = (code.to_owned(), verifier.to_owned());
    let person = tokio::task::spawn_blocking(move || config.person(&back, &code, &verifier)).await;
    let person = match person.unwrap_or(Err(Refused::Away)) {
        Ok(person) => person,
        Err(why) => {
            tracing::info!(%why, "a sign-in to DigiLocker proved nothing");
            return Ok(match why {
                Refused::Code => "digilocker_expired",
                Refused::Unverified => "digilocker_unverified",
                Refused::Away => "digilocker_away",
            });
        }
    };
    if !keep(app, citizen, Proof::Digilocker(person)).await? {
        return Ok("identity_another");
    }
    if let Some(citizen) = app.store.citizen_by_id(citizen).await?.filter(|c| c.channel == whatsapp::CHANNEL)
    {
        whatsapp::proved(app, &citizen).await?;
        return Ok("digilocker_kept_chat");
    }
    Ok("identity_kept")
}
