//! The pages: citizens apply at `/apply`, officers decide at `/console`. Server-rendered, without
//! JavaScript; every form is protected by `SameSite` cookies and a check of its origin.

mod admin;
mod checks;
mod citizen;
mod consents;
mod console;
mod counter;
mod dashboard;
mod desk;
pub mod digilocker;
mod door;
pub mod fields;
pub mod files;
pub mod gateway;
mod held;
mod identity;
mod inbox;
mod leave;
mod me;
mod number;
mod pay;
mod schemes;
mod sheet;
mod story;
mod text;
mod view;

use crate::app::App;
use crate::edge::now_s;
use crate::post::{self, Post};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use mohar_issuer::ports::StoreError;
use mohar_schemas::credential::day;
use mohar_schemas::words::{Language, Words};
use mohar_store::people::Kind;
use std::sync::Arc;
use tower_http::set_header::SetResponseHeaderLayer;

pub use console::{Undone, decide, issue};
pub use desk::{desk, fee, write};
pub use door::password_hash;
pub use held::answers as held;
pub use identity::proof;
pub use pay::checkout;
pub use story::{story, when_in_words};
pub use text::text;

/// A form with its files is at most this long.
const FORM_BYTES_MAX: usize = 6 << 20;

/// What the pages need beside the API.
pub struct Pages {
    /// Where attached files lie.
    pub files: files::Files,
    /// Takes codes and notices to citizens.
    pub post: Post,
    /// Takes the fees.
    pub gateway: gateway::Gateway,
}

/// The routes of the pages.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    if app.pages.is_none() {
        return Router::new();
    }
    Router::new()
        .route("/number", get(number::show).post(number::ask))
        .route("/apply", get(citizen::services))
        .route("/apply/s/{id}", get(citizen::service).post(citizen::start))
        .route("/apply/sign-in", get(door::ask_phone).post(door::send_code))
        .route("/apply/code", post(door::check_code))
        .route("/apply/sign-out", post(door::leave))
        .route("/apply/a/{number}", get(citizen::show).post(citizen::act))
        .route("/apply/a/{number}/files/{kind}", get(citizen::file).post(citizen::attach))
        .route("/apply/a/{number}/pay", post(pay::start))
        .route("/apply/a/{number}/certificate.pdf", get(citizen::certificate))
        .route("/apply/paid", get(pay::paid))
        .route("/gateway/{order}", get(gateway::show).post(gateway::pay))
        .route("/counter", get(counter::show))
        .route("/counter/begin", post(counter::begin))
        .route("/counter/agree", post(counter::agree))
        .route("/counter/seen", post(identity::seen))
        .route("/counter/settle", post(counter::settle))
        .route("/counter/sign-out", post(door::leave))
        .route("/counter/a/{number}", get(citizen::show).post(citizen::act))
        .route("/counter/a/{number}/files/{kind}", get(citizen::file).post(citizen::attach))
        .route("/counter/a/{number}/cash", post(counter::cash))
        .route("/counter/a/{number}/receipt", get(pay::receipt))
        .route("/counter/a/{number}/certificate.pdf", get(citizen::certificate))
        .route("/console", get(inbox::inbox))
        .route("/console/forward", post(inbox::forward))
        .route("/console/leave", get(leave::show).post(leave::change))
        .route("/console/admin", get(admin::show))
        .route("/console/admin/revive", post(admin::revive))
        .route("/console/admin/officers", get(admin::officers).post(admin::change_officers))
        .route("/console/admin/revocations", get(admin::revocations).post(admin::change_revocations))
        .route("/console/dashboard", get(dashboard::show))
        .route("/console/dashboard.csv", get(dashboard::csv))
        .route("/console/a/{number}/certificate", post(console::certificate_status))
        .route("/apply/a/{number}/receipt", get(pay::receipt))
        .route("/apply/me", get(me::show).post(me::change))
        .route("/apply/me/identity", post(identity::send))
        .route("/apply/me/digilocker", get(digilocker::begin))
        .route("/identity/digilocker/{ticket}", get(digilocker::show))
        .route("/identity/digilocker/{ticket}/go", get(digilocker::follow))
        .route("/identity/back", get(digilocker::come_back))
        .route("/apply/export.json", get(me::export))
        .route("/console/sign-in", get(door::ask_officer).post(door::check_officer))
        .route("/console/sign-out", post(door::leave))
        .route("/console/a/{number}", get(console::show).post(console::act))
        .route("/console/a/{number}/files/{kind}", get(console::file))
        .merge(schemes::router())
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(from_fn(same_origin))
        // Under the portal's stricter policy browsers hide the origin of our own forms from us.
        .layer(SetResponseHeaderLayer::overriding(
            header::REFERRER_POLICY,
            HeaderValue::from_static("same-origin"),
        ))
        .layer(from_fn_with_state(Arc::clone(app), remember_language))
}

/// Keeps going what nobody's request does.
pub fn start(app: &Arc<App>) {
    if app.pages.is_some() {
        tokio::spawn(pay::reconcile_all(Arc::clone(app)));
        tokio::spawn(post::send_all(Arc::clone(app)));
    }
}

/// What the pages need; they are routed only where it is there.
pub fn pages(app: &App) -> &Pages {
    // Unwrap safety: `router` routes no page without it.
    app.pages.as_ref().expect("pages are routed only with their parts")
}

/// Who reads, in which language.
pub struct Page {
    pub lang: Language,
    pub signed_in: bool,
    who: Option<String>,
    home: &'static str,
    path: String,
}

impl Page {
    /// The page that a conversation would be.
    pub fn in_chat(citizen: &str, lang: Language) -> Self {
        Self { lang, signed_in: true, who: Some(citizen.to_owned()), home: "/apply", path: "/apply".into() }
    }

    /// A text of the pages.
    pub fn t(&self, key: &str) -> &'static str {
        text::text(key).get(self.lang)
    }

    /// Words of the data.
    pub fn w<'a>(&self, words: &'a Words) -> &'a str {
        words.get(self.lang)
    }

    pub fn home(&self) -> &'static str {
        self.home
    }

    pub fn other(&self) -> Language {
        if self.lang == Language::Hindi { Language::English } else { Language::Hindi }
    }

    /// Who is signed in, or the way to the door.
    fn who(&self) -> Result<&str, Failure> {
        self.who.as_deref().ok_or_else(|| Failure::Door(self.home, self.path.clone()))
    }

    /// Where acts on this page come from.
    fn channel(&self) -> &'static str {
        match self.home {
            COUNTER => "counter",
            "/console" => "console",
            _ => "web",
        }
    }

    /// Whether an operator acts for a citizen.
    pub fn at_counter(&self) -> bool {
        self.home == COUNTER
    }

    /// The same page in the other language. What answers a form stands at the address of the form;
    /// the page it belongs to lies above it.
    pub fn in_other_language(&self) -> String {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        if parts.get(2) == Some(&"a") {
            parts.truncate(4);
        }
        let counters = matches!(parts.get(2), Some(&("begin" | "agree" | "seen" | "settle")));
        let path = if counters {
            COUNTER.to_owned()
        } else if parts.get(2) == Some(&"code") {
            "/apply/sign-in".to_owned()
        } else {
            parts.join("/")
        };
        format!("{path}?lang={}", self.other().code())
    }
}

impl FromRequestParts<Arc<App>> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let (home, name, kind) = if parts.uri.path().starts_with("/console") {
            ("/console", door::OFFICER_COOKIE, Kind::Officer)
        } else if parts.uri.path().starts_with(COUNTER) {
            (COUNTER, door::OFFICER_COOKIE, Kind::Officer)
        } else {
            ("/apply", door::CITIZEN_COOKIE, Kind::Citizen)
        };
        let asked = parts.uri.query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("lang=")));
        let kept = cookie(&parts.headers, "lang");
        let lang = match asked.or(kept) {
            Some("en") => Language::English,
            Some("hi") => Language::Hindi,
            _ => preferred(&parts.headers),
        };
        let who = match cookie(&parts.headers, name) {
            Some(token) => app.store.session(&door::hash(token), kind, now_s()).await?,
            None => None,
        };
        Ok(Self { lang, signed_in: who.is_some(), who, home, path: parts.uri.path().to_owned() })
    }
}

/// The first of the browser's languages that we speak; Hindi where it names neither.
fn preferred(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = accepted.split(',').find_map(|l| match l.trim().get(..2) {
        Some("en") => Some(Language::English),
        Some("hi") => Some(Language::Hindi),
        _ => None,
    });
    first.unwrap_or_default()
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|c| c.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The SHA-256 of the token of a citizen's session, if the request has one.
pub fn citizen_session(headers: &HeaderMap) -> Option<[u8; 32]> {
    cookie(headers, door::CITIZEN_COOKIE).map(door::hash)
}

/// Where operators work; they sign in as officers do.
const COUNTER: &str = "/counter";

/// What goes wrong on a page.
pub enum Failure {
    /// Sign in first: home of the door, and where to go afterwards.
    Door(&'static str, String),
    /// Not there, or somebody else's.
    NotFound,
    /// Somebody else was quicker.
    Overtaken,
    /// The store or the issuer does not answer.
    Away(String),
}

impl From<StoreError> for Failure {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Overtaken => Self::Overtaken,
            other => Self::Away(other.to_string()),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let page = Page {
            lang: Language::Hindi,
            signed_in: false,
            who: None,
            home: "/apply",
            path: "/apply".into(),
        };
        let both = |key| format!("{} · {}", text::text(key).hi, text::text(key).en);
        match self {
            Self::Door(COUNTER, _) => Redirect::to("/console/sign-in").into_response(),
            Self::Door(home, next) => Redirect::to(&format!("{home}/sign-in?next={next}")).into_response(),
            Self::NotFound => {
                (StatusCode::NOT_FOUND, html(&view::Message { p: page, text: both("not_found") }))
                    .into_response()
            }
            Self::Overtaken => {
                (StatusCode::CONFLICT, html(&view::Message { p: page, text: both("refused_overtaken") }))
                    .into_response()
            }
            Self::Away(what) => {
                tracing::error!(what, "a page failed");
                let text = both("unavailable");
                (StatusCode::SERVICE_UNAVAILABLE, html(&view::Message { p: page, text })).into_response()
            }
        }
    }
}

fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(e) => {
            tracing::error!(error = %e, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Today in India.
pub fn today() -> Date {
    day((now_s() + 19_800).div_euclid(86_400)).unwrap_or(Date::MAX)
}

/// Refuses forms that another site sends in the visitor's name.
async fn same_origin(request: Request, next: Next) -> Response {
    if request.method() != Method::GET && is_foreign(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Browsers say where a form comes from: modern ones in `Sec-Fetch-Site`, the others in `Origin`.
fn is_foreign(headers: &HeaderMap) -> bool {
    let get = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = get("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let origin = get("origin").map(|o| o.split_once("://").map_or(o, |(_, host)| host));
    origin.is_some() && origin != get("host")
}

/// Keeps the language that was chosen with `?lang=`.
async fn remember_language(State(_): State<Arc<App>>, request: Request, next: Next) -> Response {
    let asked = request.uri().query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("lang=")));
    let kept = match asked {
        Some("en") => Some("lang=en; Path=/; Max-Age=31536000; SameSite=Lax"),
        Some("hi") => Some("lang=hi; Path=/; Max-Age=31536000; SameSite=Lax"),
        _ => None,
    };
    let mut answer = next.run(request).await;
    if let Some(kept) = kept {
        answer.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(kept));
    }
    answer
}
