//! What the templates show.

use super::Page;
use super::fields::FieldView;
use askama::Template;

#[derive(Template)]
#[template(path = "message.html")]
pub struct Message {
    pub p: Page,
    pub text: String,
}

/// The way to a gateway elsewhere.
#[derive(Template)]
#[template(path = "gateway_ahead.html")]
pub struct GatewayAhead {
    pub p: Page,
    pub url: String,
}

/// An application in a list.
pub struct Own {
    pub number: String,
    pub service: String,
    pub state: String,
}

/// A service in a list.
pub struct Item {
    pub id: String,
    pub name: String,
    pub about: String,
}

/// The services of a department.
pub struct Group {
    pub department: String,
    pub services: Vec<Item>,
}

#[derive(Template)]
#[template(path = "services.html")]
pub struct Services {
    pub p: Page,
    pub own: Vec<Own>,
    pub groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "service.html")]
pub struct Service {
    pub p: Page,
    pub id: String,
    pub name: String,
    pub about: String,
    pub who: String,
    pub information: Option<String>,
    pub fee: String,
    pub fee_source: String,
    pub limit: String,
    pub limit_source: String,
    pub outcome: &'static str,
    pub documents: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    pub p: Page,
    pub next: String,
    pub phone: Option<String>,
    pub error: Option<&'static str>,
}

/// A document to attach.
pub struct Attach {
    pub kind: String,
    pub name: String,
    pub help: String,
    pub limit: String,
    pub accept: String,
    pub attached: bool,
    pub marked: bool,
    pub button: &'static str,
}

/// An act in words: when, what, by whom, note.
pub type Past = (String, &'static str, String, String);

#[derive(Template)]
#[template(path = "application.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page offers, each by itself")]
pub struct Application {
    pub p: Page,
    pub service: String,
    pub number: String,
    pub state: &'static str,
    pub message: Option<&'static str>,
    /// What the citizen agrees to.
    pub consent: String,
    /// What a centre takes for assisting.
    pub charge: String,
    /// The application whose certificate this one replaces.
    pub corrects: Option<String>,
    pub can_appeal: bool,
    pub has_receipt: bool,
    pub faults: Vec<(String, String, String)>,
    pub notices: Vec<String>,
    pub pay: Option<String>,
    pub download: Option<String>,
    pub open: bool,
    pub mending: bool,
    pub form: Vec<FieldView>,
    pub documents: Vec<Attach>,
    pub answers: Vec<(String, String)>,
    pub history: Vec<Past>,
    pub can_withdraw: bool,
}

#[derive(Template)]
#[template(path = "receipt.html")]
pub struct Receipt {
    pub p: Page,
    pub number: String,
    pub service: String,
    /// When, what for, under which name, how much.
    pub rows: Vec<(String, &'static str, String, String)>,
}

#[derive(Template)]
#[template(path = "counter.html")]
pub struct Counter {
    pub p: Page,
    pub services: Vec<(String, String)>,
    pub charge: String,
    /// When, application, what for, how much.
    pub rows: Vec<(String, String, &'static str, String)>,
    pub held: String,
    pub can_settle: bool,
    /// Key of a text.
    pub message: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "counter_consent.html")]
pub struct CounterConsent {
    pub p: Page,
    pub service: String,
    pub name: String,
    pub phone: Option<String>,
    /// What the citizen agrees to.
    pub text: String,
    /// Key of a text.
    pub error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "digilocker.html")]
pub struct DigiLocker {
    pub p: Page,
    pub ticket: String,
}

#[derive(Template)]
#[template(path = "me.html")]
pub struct Me {
    pub p: Page,
    pub language: String,
    pub email: String,
    pub consents: Consents,
    /// How the citizen has proved who they are.
    pub identity: Option<String>,
    /// Whether an Aadhaar's code can be checked.
    pub aadhaar: bool,
    /// Whether citizens can sign in to DigiLocker.
    pub digilocker: bool,
    pub message: Option<&'static str>,
}

/// What a citizen agrees to, and is asked.
pub struct Consents {
    pub checks: bool,
    /// Word for word what a yes to a request means.
    pub text: String,
    pub requests: Vec<Request>,
}

/// A verifier's request, in words.
pub struct Request {
    pub id: String,
    pub verifier: String,
    pub kind: String,
    pub certificate: String,
    pub purpose: String,
    pub until: String,
    pub agreed: bool,
}

#[derive(Template)]
#[template(path = "gateway.html")]
pub struct Gateway {
    pub p: Page,
    pub application: String,
    pub rupees: String,
    pub order: String,
}

#[derive(Template)]
#[template(path = "console_sign_in.html")]
pub struct ConsoleSignIn {
    pub p: Page,
    pub wrong: bool,
}

/// A row of the inbox.
pub struct Waiting {
    pub number: String,
    pub service: String,
    pub step: String,
    pub office: String,
    pub due: String,
    pub late: bool,
    /// When this step should be done.
    pub step_due: String,
    pub step_late: bool,
    pub can_forward: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
pub struct Inbox {
    pub p: Page,
    pub message: Option<String>,
    pub administrator: bool,
    pub officer: String,
    pub services: Vec<(String, String, bool)>,
    pub rows: Vec<Waiting>,
}

#[derive(Template)]
#[template(path = "file.html")]
pub struct File {
    pub p: Page,
    /// The application whose certificate this one replaces.
    pub corrects: Option<String>,
    pub number: String,
    pub version: i64,
    pub service: String,
    pub office: String,
    pub state: &'static str,
    pub error: Option<String>,
    pub notices: Vec<String>,
    pub answers: Vec<(String, String, String)>,
    /// Kind, name, whether it is attached, whether it is a picture.
    pub documents: Vec<(String, String, bool, bool)>,
    pub checks: Vec<super::checks::Check>,
    pub history: Vec<Past>,
    pub moves: Vec<(String, String)>,
    pub form: Vec<FieldView>,
    /// Empty where the officer may not touch the certificate.
    pub status_reasons: Vec<(String, String)>,
    pub can_send_back: bool,
    pub can_reject: bool,
    pub can_transfer: bool,
    pub mendable: Vec<(String, String)>,
    pub reasons: Vec<(String, String)>,
    pub offices: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "leave.html")]
pub struct Leave {
    pub p: Page,
    pub message: Option<&'static str>,
    /// Id, officer, days.
    pub given: Vec<(String, String, String)>,
    pub held: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "admin.html")]
pub struct Admin {
    pub p: Page,
    /// Id, queue, why it was not taken.
    /// Place, recipient, reason, and which outbox.
    pub dead: Vec<(i64, String, String, &'static str)>,
    /// Service, fee, source.
    pub fees: Vec<(String, String, String)>,
    /// Key id, department, state, first day.
    pub keys: Vec<(String, String, String, String)>,
}

#[derive(Template)]
#[template(path = "admin_officers.html")]
pub struct AdminOfficers {
    pub p: Page,
    pub message: Option<&'static str>,
    /// Shown once.
    pub fresh: Option<(String, String, String)>,
    pub officers: Vec<(String, String, String)>,
    pub roles: Vec<(String, String)>,
    pub offices: Vec<(String, String)>,
}

/// What a mass revocation would be.
pub struct Preview {
    pub officer: String,
    pub from: String,
    pub until: String,
    pub reason: String,
    pub numbers: Vec<String>,
}

#[derive(Template)]
#[template(path = "revocations.html")]
pub struct Revocations {
    pub p: Page,
    pub message: Option<&'static str>,
    pub reasons: Vec<(String, String)>,
    /// Id, what, how many, whether this administrator may confirm it.
    pub open: Vec<(String, String, usize, bool)>,
    pub preview: Option<Preview>,
}

/// The figures of a service.
pub struct Figure {
    pub service: String,
    pub at_work: u64,
    pub issued: u64,
    pub rejected: u64,
    pub other: u64,
    pub overdue: u64,
    pub grieved: u64,
    pub owed: String,
    pub median: String,
    pub p90: String,
    pub limit: String,
    pub bars: [u64; 3],
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub struct Dashboard {
    pub p: Page,
    pub rows: Vec<Figure>,
    /// Office, at work, overdue.
    pub offices: Vec<(String, u64, u64)>,
    /// Working days, how many, length of the bar.
    pub ages: Vec<(String, u64, u64)>,
    pub channels: Vec<(String, u64)>,
    pub certificates: Vec<(&'static str, u64)>,
}

/// Verifying by number: the form.
#[derive(Template)]
#[template(path = "number.html")]
pub struct Number {
    pub p: Page,
    pub given: String,
    pub by_birth: bool,
    pub value: String,
    /// Id, name, and whether it was chosen.
    pub purposes: Vec<(&'static str, &'static str, bool)>,
    pub error: Option<&'static str>,
}

/// Verifying by number: the verdict.
#[derive(Template)]
#[template(path = "number_result.html")]
pub struct NumberResult {
    pub p: Page,
    pub tone: &'static str,
    pub title: String,
    pub message: String,
    pub purpose: Option<String>,
    pub advice: String,
    pub certificate: String,
    pub number: String,
    pub lines: Vec<(String, String)>,
}
