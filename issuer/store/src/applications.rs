//! Applications, their hash-chained events, and officers.

use crate::engine::{Store, on};
use crate::log::{self, COUNT};
use crate::money::ADD_TRANSFER;
use crate::rows::driver;
use jiff::civil::Date;
use mohar_issuer::application::event::Event;
use mohar_issuer::application::message::Recipient;
use mohar_issuer::application::port::{Applications, Count, Inbox, With};
use mohar_issuer::application::{Application, Attached, Officer, State};
use mohar_issuer::ports::StoreError;
use mohar_schemas::credential::{day, day_number};
use mohar_schemas::form::Answers;
use mohar_schemas::number;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const START: &str = "INSERT INTO applications (number, service, applicant, office, state, body, version, created_s) VALUES ($1, $2, $3, '', 'draft', $4, 0, $5)";
const ONE: &str = "SELECT number, service, applicant, office, body, submitted_day, version FROM applications WHERE number = $1";
const OWN: &str = "SELECT number, service, applicant, office, body, submitted_day, version FROM applications WHERE applicant = $1 AND number < $2 ORDER BY number DESC LIMIT 100";
const WAITING: &str = "SELECT number, service, applicant, office, body, submitted_day, version FROM applications WHERE role = $1 AND office = $2 AND number > $3 ORDER BY number LIMIT 50";
const COUNTS: &str =
    "SELECT service, state, COUNT(*) FROM applications GROUP BY service, state ORDER BY service, state";
const CHANNELS: &str = "SELECT c.channel, COUNT(*) FROM applications a JOIN citizens c ON c.id = a.applicant GROUP BY c.channel ORDER BY c.channel";
const IN_STATE: &str = "SELECT number, service, applicant, office, body, submitted_day, version FROM applications WHERE state = $1 AND number > $2 ORDER BY number LIMIT 500";
const WRITE: &str = "UPDATE applications SET office = $1, state = $2, role = $3, body = $4, submitted_day = $5, version = version + 1 WHERE number = $6 AND version = $7";
const BOOK: &str = "UPDATE orders SET state = 'paid', ask_s = NULL WHERE order_id = $1 AND state = 'open'";
const OWE_BACK: &str =
    "UPDATE orders SET state = 'refund-due', ask_s = $1 WHERE application = $2 AND state = 'paid'";
const SUBSCRIBERS: &str = "SELECT id FROM webhooks WHERE department = $1 ORDER BY id";
const ERASE_NOTES: &str = "UPDATE events SET note = '' WHERE application = $1";
const EVENTS: &str = "SELECT place, body, hash, note FROM events WHERE application = $1 ORDER BY place";
const LOG: &str = "SELECT place, body, hash, note FROM events WHERE place >= $1 ORDER BY place LIMIT $2";
const OFFICER: &str = "SELECT id, name, posts, password, totp FROM officers WHERE id = $1";
const OFFICERS: &str = "SELECT id, name, posts, password, totp FROM officers ORDER BY id";
const DROP_OFFICER: &str = "DELETE FROM officers WHERE id = $1";
const END_SESSIONS: &str = "DELETE FROM sessions WHERE kind = 'officer' AND who = $1";
const SET_OFFICER: &str = "INSERT INTO officers (id, name, posts, password, totp) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET name = excluded.name, posts = excluded.posts, password = excluded.password, totp = excluded.totp";

/// What of an application no query looks at.
#[derive(Serialize, Deserialize)]
struct Body {
    state: State,
    answers: Answers,
    documents: Vec<Attached>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corrects: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assisted: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grieved: Option<Date>,
}

#[derive(sqlx::FromRow)]
struct Row {
    number: String,
    service: String,
    applicant: String,
    office: String,
    body: String,
    submitted_day: Option<i64>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    place: i64,
    body: String,
    hash: Vec<u8>,
    note: String,
}

#[derive(sqlx::FromRow)]
struct OfficerRow {
    id: String,
    name: String,
    posts: String,
    password: String,
    totp: Vec<u8>,
}

fn parse<T: DeserializeOwned>(table: &'static str, row: &str, json: &str) -> Result<T, StoreError> {
    let what = "the JSON is not what it should be";
    serde_json::from_str(json).map_err(|_| StoreError::Inconsistent { table, row: row.to_owned(), what })
}

fn write<T: Serialize>(value: &T) -> String {
    // Texts, numbers and lists of them always serialise.
    serde_json::to_string(value).unwrap_or_default()
}

impl TryFrom<Row> for Application {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let body: Body = parse("applications", &row.number, &row.body)?;
        let what = "submitted_day is no day";
        let wrong = |_| StoreError::Inconsistent { table: "applications", row: row.number.clone(), what };
        Ok(Self {
            submitted: row.submitted_day.map(day).transpose().map_err(wrong)?,
            number: row.number,
            service: row.service,
            applicant: row.applicant,
            office: row.office,
            state: body.state,
            answers: body.answers,
            documents: body.documents,
            corrects: body.corrects,
            assisted: body.assisted,
            grieved: body.grieved,
            version: row.version,
        })
    }
}

fn body(application: &Application) -> String {
    write(&Body {
        state: application.state.clone(),
        answers: application.answers.clone(),
        documents: application.documents.clone(),
        corrects: application.corrects.clone(),
        assisted: application.assisted.clone(),
        grieved: application.grieved,
    })
}

impl TryFrom<EventRow> for (i64, Event, [u8; 32]) {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let name = row.place.to_string();
        let what = "hash is not 32 bytes";
        let hash = row.hash.as_slice().try_into();
        let hash = hash.map_err(|_| StoreError::Inconsistent { table: "events", row: name.clone(), what })?;
        let event: Event = parse("events", &name, &row.body)?;
        Ok((row.place, event.with_text(row.note), hash))
    }
}

impl Applications for Store {
    async fn start(
        &self,
        service: &str,
        applicant: &str,
        year: i16,
        now_s: i64,
    ) -> Result<Application, StoreError> {
        on!(self, write tx => {
            let count: i64 =
                sqlx::query_scalar(COUNT).bind("applications").fetch_one(&mut *tx).await.map_err(driver)?;
            let application = Application {
                number: number::application(year, count.unsigned_abs()),
                service: service.to_owned(),
                applicant: applicant.to_owned(),
                office: String::new(),
                state: State::Draft,
                answers: Answers::new(),
                documents: vec![],
                corrects: None,
                assisted: None,
                grieved: None,
                submitted: None,
                version: 0,
            };
            sqlx::query(START)
                .bind(&application.number).bind(service).bind(applicant).bind(body(&application)).bind(now_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(application)
        })
    }

    async fn application(&self, number: &str) -> Result<Option<Application>, StoreError> {
        on!(self, read read => {
            let row: Option<Row> =
                sqlx::query_as(ONE).bind(number).fetch_optional(&mut *read).await.map_err(driver)?;
            row.map(Application::try_from).transpose()
        })
    }

    async fn of_applicant(
        &self,
        applicant: &str,
        before: Option<&str>,
    ) -> Result<Vec<Application>, StoreError> {
        // Behind every number: those begin with A and a year.
        on!(self, read read => {
            let rows: Vec<Row> =
                sqlx::query_as(OWN).bind(applicant).bind(before.unwrap_or("B")).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(Application::try_from).collect()
        })
    }

    async fn write(&self, application: &Application, with: With<'_>) -> Result<(), StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(WRITE)
                .bind(&application.office).bind(application.state.id()).bind(with.role).bind(body(application))
                .bind(application.submitted.map(day_number)).bind(&application.number).bind(application.version)
                .execute(&mut *tx).await.map_err(driver)?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Overtaken);
            }
            if let Some(order) = with.order {
                let booked = sqlx::query(BOOK).bind(order).execute(&mut *tx).await.map_err(driver)?;
                if booked.rows_affected() != 1 {
                    return Err(StoreError::Overtaken);
                }
            }
            if with.refund {
                sqlx::query(OWE_BACK).bind(0i64).bind(&application.number)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            for t in with.transfers {
                sqlx::query(ADD_TRANSFER)
                    .bind(&t.id).bind(&t.debit).bind(&t.credit).bind(t.paise).bind(&t.application).bind(t.at_s)
                    .execute(&mut *tx).await.map_err(driver)?;
            }
            for message in with.messages {
                let recipients: Vec<(&str, String)> = match &message.to {
                    Recipient::Citizen(id) => vec![("citizen", id.clone())],
                    Recipient::Department(department) => {
                        let all: Vec<String> = sqlx::query_scalar(SUBSCRIBERS)
                            .bind(department).fetch_all(&mut *tx).await.map_err(driver)?;
                        all.into_iter().map(|id| ("webhook", id)).collect()
                    }
                };
                for (kind, recipient) in recipients {
                    log::queued!(tx, kind, &recipient, &message.about, &message.body);
                }
            }
            if with.erase {
                sqlx::query(ERASE_NOTES).bind(&application.number).execute(&mut *tx).await.map_err(driver)?;
            }
            for event in with.events {
                log::chained!(tx, event);
            }
            Ok(())
        })
    }

    async fn inbox(&self, inbox: &Inbox) -> Result<Vec<Application>, StoreError> {
        let after = inbox.after.as_deref().unwrap_or_default();
        on!(self, read read => {
            let mut waiting: Vec<Application> = vec![];
            for (role, office) in &inbox.posts {
                let rows: Vec<Row> = sqlx::query_as(WAITING)
                    .bind(role).bind(office).bind(after).fetch_all(&mut *read).await.map_err(driver)?;
                for row in rows {
                    waiting.push(Application::try_from(row)?);
                }
            }
            waiting.retain(|a| inbox.service.as_ref().is_none_or(|s| *s == a.service));
            waiting.sort_by(|a, b| a.number.cmp(&b.number));
            waiting.dedup_by(|a, b| a.number == b.number);
            waiting.truncate(50);
            Ok(waiting)
        })
    }

    async fn counts(&self) -> Result<Vec<Count>, StoreError> {
        on!(self, read read => {
            let rows: Vec<(String, String, i64)> =
                sqlx::query_as(COUNTS).fetch_all(&mut *read).await.map_err(driver)?;
            let count = |(service, state, n): (String, String, i64)| Count { service, state, count: n.unsigned_abs() };
            Ok(rows.into_iter().map(count).collect())
        })
    }

    async fn channels(&self) -> Result<Vec<(String, u64)>, StoreError> {
        on!(self, read read => {
            let rows: Vec<(String, i64)> =
                sqlx::query_as(CHANNELS).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(|(channel, n)| (channel, n.unsigned_abs())).collect())
        })
    }

    async fn in_state(&self, state: &str, after: &str) -> Result<Vec<Application>, StoreError> {
        on!(self, read read => {
            let rows: Vec<Row> =
                sqlx::query_as(IN_STATE).bind(state).bind(after).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(Application::try_from).collect()
        })
    }

    async fn events(&self, number: &str) -> Result<Vec<Event>, StoreError> {
        on!(self, read read => {
            let rows: Vec<EventRow> =
                sqlx::query_as(EVENTS).bind(number).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(|row| <(i64, Event, [u8; 32])>::try_from(row).map(|(_, event, _)| event)).collect()
        })
    }

    async fn log(&self, from: i64, limit: u32) -> Result<Vec<(i64, Event, [u8; 32])>, StoreError> {
        on!(self, read read => {
            let rows: Vec<EventRow> = sqlx::query_as(LOG)
                .bind(from).bind(i64::from(limit)).fetch_all(&mut *read).await.map_err(driver)?;
            rows.into_iter().map(TryFrom::try_from).collect()
        })
    }

    async fn officer(&self, id: &str) -> Result<Option<(Officer, String, Vec<u8>)>, StoreError> {
        on!(self, read read => {
            let row: Option<OfficerRow> =
                sqlx::query_as(OFFICER).bind(id).fetch_optional(&mut *read).await.map_err(driver)?;
            let Some(row) = row else { return Ok(None) };
            let posts = parse("officers", &row.id, &row.posts)?;
            Ok(Some((Officer { id: row.id, name: row.name, posts }, row.password, row.totp)))
        })
    }

    async fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        on!(self, read read => {
            let rows: Vec<OfficerRow> =
                sqlx::query_as(OFFICERS).fetch_all(&mut *read).await.map_err(driver)?;
            let officer = |row: OfficerRow| {
                let posts = parse("officers", &row.id, &row.posts)?;
                Ok(Officer { id: row.id, name: row.name, posts })
            };
            rows.into_iter().map(officer).collect()
        })
    }

    async fn remove_officer(&self, id: &str) -> Result<bool, StoreError> {
        on!(self, write tx => {
            sqlx::query(END_SESSIONS).bind(id).execute(&mut *tx).await.map_err(driver)?;
            let done = sqlx::query(DROP_OFFICER).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(done.rows_affected() == 1)
        })
    }

    async fn set_officer(&self, officer: &Officer, password: &str, totp: &[u8]) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(SET_OFFICER)
                .bind(&officer.id).bind(&officer.name).bind(write(&officer.posts)).bind(password).bind(totp)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }
}
