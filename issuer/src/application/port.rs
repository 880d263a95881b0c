//! What applications need from a store.

use super::event::Event;
use super::message::Message;
use super::money::Transfer;
use super::{Application, Officer};
use crate::ports::StoreError;
use std::future::Future;

/// What an officer looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbox {
    /// Steps of the workflows that are the officer's, each with its office: (step's role, office).
    pub posts: Vec<(String, String)>,
    /// Only this service.
    pub service: Option<String>,
    /// Only numbers behind this one, oldest first.
    pub after: Option<String>,
}

/// What is written together with a new state.
#[derive(Debug, Clone, Copy, Default)]
pub struct With<'a> {
    /// The role that acts next.
    pub role: Option<&'a str>,
    /// The acts, for the log.
    pub events: &'a [Event],
    /// Who is to hear of them.
    pub messages: &'a [Message],
    /// The order that is booked as paid.
    pub order: Option<&'a str>,
    /// The money that moves.
    pub transfers: &'a [Transfer],
    /// Whether what was written about it before is taken away; the log keeps the digests.
    pub erase: bool,
    /// Whether a fee that was paid is owed back.
    pub refund: bool,
}

/// How many applications of a service stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The service.
    pub service: String,
    /// The state's name.
    pub state: String,
    /// How many.
    pub count: u64,
}

/// Applications and their history.
pub trait Applications: Send + Sync + 'static {
    /// Starts a draft and gives it its number.
    fn start(
        &self,
        service: &str,
        applicant: &str,
        year: i16,
        now_s: i64,
    ) -> impl Future<Output = Result<Application, StoreError>> + Send;
    /// An application by its number.
    fn application(
        &self,
        number: &str,
    ) -> impl Future<Output = Result<Option<Application>, StoreError>> + Send;
    /// A citizen's applications, newest first, at most 100, from before a number on.
    fn of_applicant(
        &self,
        applicant: &str,
        before: Option<&str>,
    ) -> impl Future<Output = Result<Vec<Application>, StoreError>> + Send;
    /// Writes a new state and what belongs to it in one transaction; [`StoreError::Overtaken`] if
    /// somebody was quicker.
    fn write(
        &self,
        application: &Application,
        with: With<'_>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// What waits for an officer, oldest first, at most 50.
    fn inbox(&self, inbox: &Inbox) -> impl Future<Output = Result<Vec<Application>, StoreError>> + Send;
    /// How many stand where, by service and state.
    fn counts(&self) -> impl Future<Output = Result<Vec<Count>, StoreError>> + Send;
    /// How many came by each channel: `web`, `counter`, `api/KEY`.
    fn channels(&self) -> impl Future<Output = Result<Vec<(String, u64)>, StoreError>> + Send;
    /// Applications in a state, oldest first, from behind a number on, at most 500.
    fn in_state(
        &self,
        state: &str,
        after: &str,
    ) -> impl Future<Output = Result<Vec<Application>, StoreError>> + Send;
    /// The history of an application.
    fn events(&self, number: &str) -> impl Future<Output = Result<Vec<Event>, StoreError>> + Send;
    /// A page of the log with the hashes that are stored, from a place on.
    fn log(
        &self,
        from: i64,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<(i64, Event, [u8; 32])>, StoreError>> + Send;
    /// The officer of a name, with the hash of the password and the secret of the second factor.
    fn officer(
        &self,
        id: &str,
    ) -> impl Future<Output = Result<Option<(Officer, String, Vec<u8>)>, StoreError>> + Send;
    /// Every officer, by name to sign in with.
    fn officers(&self) -> impl Future<Output = Result<Vec<Officer>, StoreError>> + Send;
    /// Takes an officer away, and ends the officer's sessions; false if there is none.
    fn remove_officer(&self, id: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// Adds an officer, or replaces one.
    fn set_officer(
        &self,
        officer: &Officer,
        password: &str,
        totp: &[u8],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
