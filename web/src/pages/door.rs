//! Signing in: citizens by a one-time code, officers by password and authenticator app. Attempts are
//! counted before they are judged; sessions live in the database under the hash of their token.

use super::{Failure, Page, html, pages, view};
use crate::app::App;
use crate::edge::{now_s, random};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use mohar_issuer::application::port::Applications;
use mohar_keys::file::hex;
use mohar_schemas::entry::{Shape, shaped};
use mohar_schemas::sha256;
use mohar_store::people::Kind;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};
use subtle::ConstantTimeEq;
use totp_rs::TOTP;

pub const CITIZEN_COOKIE: &str = "mohar";
pub const OFFICER_COOKIE: &str = "mohar_officer";
const CITIZEN_SESSION_S: i64 = 30 * 86_400;
const OFFICER_SESSION_S: i64 = 8 * 3_600;
const CODE_S: i64 = 600;
/// Codes to one phone in a day.
const CODES_A_DAY: i64 = 20;
const ATTEMPTS_MAX: i64 = 5;
const LOCKED_S: i64 = 900;

/// What the database keeps of a session's token.
pub fn hash(token: &str) -> [u8; 32] {
    sha256(token.as_bytes())
}

/// The hash of a password, as the database keeps it: argon2id with 46 MiB and one pass (OWASP's first
/// choice; memory of this size goes back to the system at once).
pub fn password_hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let params = Params::new(47_104, 1, 1, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// Only a path of our own: never another site.
fn safe(next: String, home: &str) -> String {
    if next.starts_with(&format!("{home}/")) && !next.contains(['\\', '\n', '\r']) {
        next
    } else {
        home.to_owned()
    }
}

pub async fn ask_phone(p: Page, Query(next): Query<Next>) -> Response {
    html(&view::SignIn { p, next: next.next, phone: None, error: None })
}

#[derive(Deserialize)]
pub struct Phone {
    phone: String,
    #[serde(default)]
    next: String,
}

pub async fn send_code(
    State(app): State<Arc<App>>,
    p: Page,
    Form(form): Form<Phone>,
) -> Result<Response, Failure> {
    let next = form.next;
    let Ok(phone) = shaped("phone", Shape::Phone, &form.phone) else {
        let error = Some(p.t("phone_wrong"));
        return Ok(html(&view::SignIn { p, next, phone: None, error }));
    };
    if !send_code_to(&app, &phone).await? {
        let error = Some(p.t("too_many_codes"));
        return Ok(html(&view::SignIn { p, next, phone: Some(phone), error }));
    }
    Ok(html(&view::SignIn { p, next, phone: Some(phone), error: None }))
}

/// Sends a new code; false where one was sent a moment ago, or too many were sent that day.
pub async fn send_code_to(app: &Arc<App>, phone: &str) -> Result<bool, Failure> {
    let (who, day) = (format!("otp:{phone}"), format!("otp-day:{phone}"));
    if app.store.attempt(&who).await?.is_some_and(|t| t.until_s > now_s() + CODE_S - 60) {
        return Ok(false);
    }
    match app.store.attempt(&day).await?.filter(|t| t.until_s > now_s()) {
        Some(sent) if sent.count >= CODES_A_DAY => return Ok(false),
        Some(_) => {}
        None => app.store.set_try(&day, &[], now_s() + 86_400).await?,
    }
    let mut bytes = [0; 4];
    random(&mut bytes);
    let code = format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000);
    app.store.set_try(&who, &hash(&format!("{phone}/{code}")), now_s() + CODE_S).await?;
    let (sending, to) = (Arc::clone(app), phone.to_owned());
    let sent = tokio::task::spawn_blocking(move || pages(&sending).post.sms.code(&to, &code)).await;
    sent.unwrap_or_else(|e| Err(e.to_string())).map_err(Failure::Away)?;
    Ok(true)
}

/// Whether a code is the one that was sent; counted before it is judged.
pub async fn code_is_right(app: &App, phone: &str, code: &str) -> Result<bool, Failure> {
    let who = format!("otp:{phone}");
    let given = hash(&format!("{phone}/{}", code.trim()));
    let right = app.store.attempt(&who).await?.is_some_and(|t| {
        t.count <= ATTEMPTS_MAX && t.until_s > now_s() && bool::from(t.hash.as_slice().ct_eq(&given))
    });
    if right {
        app.store.forget_try(&who).await?;
    }
    Ok(right)
}

#[derive(Deserialize)]
pub struct Answer {
    phone: String,
    code: String,
    #[serde(default)]
    next: String,
}

pub async fn check_code(
    State(app): State<Arc<App>>,
    p: Page,
    Form(form): Form<Answer>,
) -> Result<Response, Failure> {
    if !code_is_right(&app, &form.phone, &form.code).await? {
        let error = Some(p.t("wrong_code"));
        return Ok(html(&view::SignIn { p, next: form.next, phone: None, error }));
    }
    let citizen = app.store.citizen("web", &form.phone, &token(), now_s()).await?;
    let email = app.store.citizen_by_id(&citizen).await?.and_then(|c| c.email);
    app.store.set_citizen(&citizen, p.lang.code(), email.as_deref()).await?;
    enter(&app, CITIZEN_COOKIE, Kind::Citizen, &citizen, CITIZEN_SESSION_S, &safe(form.next, "/apply")).await
}

pub async fn ask_officer(p: Page) -> Response {
    html(&view::ConsoleSignIn { p, wrong: false })
}

#[derive(Deserialize)]
pub struct Credentials {
    id: String,
    password: String,
    code: String,
}

pub async fn check_officer(
    State(app): State<Arc<App>>,
    p: Page,
    Form(form): Form<Credentials>,
) -> Result<Response, Failure> {
    let id: String = form.id.trim().chars().take(40).collect();
    let who = format!("officer:{id}");
    let known = app.store.officer(&id).await?;
    let tries = app.store.attempt(&who).await?;
    let locked = tries.as_ref().is_some_and(|t| t.count > ATTEMPTS_MAX && t.until_s > now_s());
    let fresh = tries.is_none_or(|t| t.until_s <= now_s());
    if known.is_some() && fresh {
        app.store.set_try(&who, &[], now_s() + LOCKED_S).await?;
        app.store.attempt(&who).await?;
    }
    let checked = tokio::task::spawn_blocking(move || {
        right(known.as_ref().map(|(_, hash, totp)| (hash.as_str(), totp.as_slice())), &form)
    });
    if locked || !checked.await.unwrap_or(false) {
        tracing::warn!(officer = %id, locked, "a sign-in was refused");
        return Ok(html(&view::ConsoleSignIn { p, wrong: true }));
    }
    app.store.forget_try(&who).await?;
    tracing::info!(officer = %id, "signed in");
    enter(&app, OFFICER_COOKIE, Kind::Officer, &id, OFFICER_SESSION_S, "/console").await
}

/// An unknown name costs as long as a wrong password.
fn right(known: Option<(&str, &[u8])>, form: &Credentials) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| password_hash("nobody").unwrap_or_default());
    let stored = known.map_or(NOBODY.as_str(), |(hash, _)| hash);
    let password = PasswordHash::new(stored)
        .is_ok_and(|h| Argon2::default().verify_password(form.password.as_bytes(), &h).is_ok());
    let code = known
        .and_then(|(_, secret)| totp(secret))
        .is_some_and(|t| t.check(form.code.trim(), now_s().unsigned_abs()));
    password & code & known.is_some()
}

fn totp(secret: &[u8]) -> Option<TOTP> {
    TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret.to_vec()).ok()
}

pub async fn leave(State(app): State<Arc<App>>, p: Page, headers: HeaderMap) -> Result<Response, Failure> {
    let name = if p.home() == "/apply" { CITIZEN_COOKIE } else { OFFICER_COOKIE };
    if let Some(token) = super::cookie(&headers, name) {
        app.store.end_session(&hash(token)).await?;
    }
    let mut answer = Redirect::to(p.home()).into_response();
    let gone = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    answer
        .headers_mut()
        .append(header::SET_COOKIE, HeaderValue::from_str(&gone).unwrap_or(HeaderValue::from_static("")));
    Ok(answer)
}

fn token() -> String {
    let mut bytes = [0; 32];
    random(&mut bytes);
    hex(&bytes)
}

async fn enter(
    app: &App,
    name: &str,
    kind: Kind,
    who: &str,
    lasts_s: i64,
    next: &str,
) -> Result<Response, Failure> {
    let token = token();
    let now = now_s();
    app.store.add_session(&hash(&token), kind, who, now, now + lasts_s).await?;
    let secure = if app.base_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{name}={token}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}");
    let cookie = HeaderValue::from_str(&cookie).map_err(|e| Failure::Away(e.to_string()))?;
    let mut answer = Redirect::to(next).into_response();
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(answer)
}
