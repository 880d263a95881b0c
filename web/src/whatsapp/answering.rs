//! The conversation at work: carries out what a turn asks for, with the acts that the web pages use.

use super::{CHANNEL, consents, own, proving, verifying};
use crate::api::pdf::render;
use crate::app::App;
use crate::pages::{self, Failure, Page};
use mohar_dialogue::conversation::{Command, Draft, State, Told, Turn, World, hear, tell};
use mohar_dialogue::heard::Heard;
use mohar_dialogue::say::{Button, Say, Sent, joined};
use mohar_issuer::application::act::{self, Refusal};
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Attached, State as Stage};
use mohar_issuer::ports::{Ledger, StoreError};
use mohar_schemas::catalogue::published;
use mohar_schemas::consent;
use mohar_schemas::form::{Answers, By};
use mohar_schemas::words::{Language, rupees};
use mohar_store::people::Citizen;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// What came of a command may ask for another; no conversation needs more.
const COMMANDS_MAX: usize = 8;

/// Answers a citizen. `kept` is where the conversation stands, `null` at its beginning; what it is
/// afterwards is stored with the answers, in one transaction.
///
/// # Errors
/// If the store is away or somebody was quicker: the event is tried again, with the same state. What was
/// done is found done then.
pub async fn answer(
    app: &Arc<App>,
    citizen: &Citizen,
    kept: &mut Value,
    heard: Heard,
) -> Result<Vec<Say>, StoreError> {
    let world = World {
        today: pages::today(),
        aadhaar: app.proofs.checks_aadhaar(),
        model: app.helpers.has_model(),
        speech: app.helpers.has_speech(),
    };
    // A state of an older program that is not understood any more begins again; drafts are in the store.
    let state: State = serde_json::from_value(kept.take()).unwrap_or_default();
    let Turn { mut state, mut say, commands } = hear(state, &heard, world);
    let mut waiting = VecDeque::from(commands);
    for _ in 0..COMMANDS_MAX {
        let Some(command) = waiting.pop_front() else { break };
        let told = match done(app, &citizen.id, &state, &command).await {
            Ok(told) => told,
            Err(Failure::Away(what)) => return Err(StoreError::Driver(what)),
            Err(Failure::Overtaken) => return Err(StoreError::Overtaken),
            Err(Failure::NotFound | Failure::Door(..)) => Some(Told::Failed),
        };
        if let Some(told) = told {
            let next = tell(state, told, world);
            state = next.state;
            say.extend(next.say);
            waiting.extend(next.commands);
        }
    }
    if let Some(language) = state.language.filter(|l| l.code() != citizen.language) {
        app.store.set_citizen(&citizen.id, language.code(), citizen.email.as_deref()).await?;
    }
    *kept = serde_json::to_value(&state).map_err(|e| StoreError::Driver(e.to_string()))?;
    Ok(joined(say))
}

/// A file of ours, ready to be sent.
pub struct Ready {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Such as `application/pdf`.
    pub media_type: &'static str,
    /// What it is called on the phone.
    pub name: String,
}

/// The bytes of a file that is to be sent; none where there is no such file.
///
/// # Errors
/// If the store is away or the certificate cannot be printed.
pub async fn file(app: &Arc<App>, what: &Sent) -> Result<Option<Ready>, StoreError> {
    let application = match what {
        Sent::Certificate { application } => application,
        Sent::SchemeCard { scheme, language } => {
            let picture = mohar_card::picture(scheme, *language);
            return Ok(picture.map(|bytes| ours(bytes, "image/png", format!("{scheme}.png"))));
        }
        Sent::SchemeFilm { scheme, language } => {
            let film = mohar_card::film::film(scheme, *language);
            return Ok(film.map(|bytes| ours(bytes, "video/mp4", format!("{scheme}.mp4"))));
        }
    };
    let Some(application) = app.store.application(application).await? else { return Ok(None) };
    let Stage::Issued { certificate: Some(id), .. } = &application.state else { return Ok(None) };
    let Some(record) = app.store.by_id(id).await? else { return Ok(None) };
    let bytes = render(app, &record).map_err(StoreError::Driver)?;
    let name = format!("{}.pdf", record.number.replace('/', "-"));
    Ok(Some(Ready { bytes, media_type: "application/pdf", name }))
}

/// What is said of an application without being asked: where it stands, and with the approval the
/// certificate itself.
pub async fn news(app: &App, citizen: &Citizen, application: &Application) -> Result<Vec<Say>, Failure> {
    let language = if citizen.language == "en" { Language::English } else { Language::Hindi };
    one_of(app, &Page::in_chat(&citizen.id, language), application).await
}

fn ours(bytes: &[u8], media_type: &'static str, name: String) -> Ready {
    Ready { bytes: bytes.to_vec(), media_type, name }
}

async fn done(app: &App, citizen: &str, state: &State, command: &Command) -> Result<Option<Told>, Failure> {
    let language = state.language.unwrap_or_default();
    let draft = || state.draft.as_ref().ok_or(Failure::NotFound);
    Ok(match command {
        Command::Begin { service } => Some(begin(app, citizen, service).await?),
        Command::Reopen { number } => Some(reopen(app, citizen, number).await?),
        Command::Clear { number } => {
            let draft = Draft { number: number.clone(), ..Draft::default() };
            let (mut application, desk) = kept(app, citizen, &draft).await?;
            application.documents.clear();
            pages::write(app, &desk, &application, &[], With::default()).await?;
            None
        }
        Command::Keep => {
            let (application, desk) = kept(app, citizen, draft()?).await?;
            pages::write(app, &desk, &application, &[], With::default()).await?;
            None
        }
        Command::Attach { kind, key } => Some(attach(app, citizen, draft()?, kind, key, language).await?),
        Command::Submit => Some(submit(app, citizen, draft()?, language).await?),
        Command::Status { number } => Some(status(app, citizen, number.as_deref(), language).await?),
        Command::Verify { key } => {
            Some(verifying::file(app, citizen, key, sent(app, citizen, key)?, language).await?)
        }
        Command::ByNumber { number, fact } => {
            Some(verifying::number(app, citizen, number, fact, language).await?)
        }
        Command::Certificates { number, service } => {
            Some(own::certificates(app, citizen, number.as_deref(), service.as_deref()).await?)
        }
        Command::Delays { number } => Some(own::delays(app, citizen, number.as_deref()).await?),
        Command::Grieve { number, words } => Some(own::grieve(app, citizen, number, words).await?),
        Command::Mistakes { number } => Some(own::mistakes(app, citizen, number.as_deref()).await?),
        Command::Replace { number } => Some(own::replace(app, citizen, number).await?),
        Command::Consult(question) => {
            let answer = app.helpers.consult(&question.prompt).await;
            Some(Told::Advised(question.clone(), answer))
        }
        Command::Listen { key } => {
            let voice = sent(app, citizen, key)?;
            Some(Told::Transcribed(app.helpers.listen(voice, state.language).await))
        }
        Command::Consent(wish) => Some(consents::done(app, citizen, wish, language).await?),
        Command::Identity => Some(proving::standing(app, citizen).await?),
        Command::Look { key } => {
            Some(proving::look(app, citizen, key, sent(app, citizen, key)?, language).await?)
        }
        Command::Prove { person } => Some(proving::prove(app, citizen, person).await?),
        Command::Person => {
            tracing::info!("a person is wanted in a conversation");
            None
        }
    })
}

/// A draft of the service, with what the citizen's certificates say already. One that was begun before is
/// taken up: an event that is worked on twice begins one application.
async fn begin(app: &App, citizen: &str, service: &str) -> Result<Told, Failure> {
    let desk = pages::desk(service, CHANNEL)?;
    let all = app.store.of_applicant(citizen, None).await?;
    let known =
        all.into_iter().find(|a| a.service == service && a.state == Stage::Draft && a.corrects.is_none());
    let draft = match known {
        Some(draft) => draft,
        None => app.store.start(service, citizen, desk.today.year(), desk.now_s).await?,
    };
    let mut answers = pages::held(app, citizen, desk.service).await?;
    answers.extend(draft.answers.clone());
    Ok(begun(draft, answers, &[]))
}

/// A draft as it is, or what was sent back, without what is to be mended.
async fn reopen(app: &App, citizen: &str, number: &str) -> Result<Told, Failure> {
    let found = app.store.application(number).await?.filter(|a| a.applicant == citizen);
    let application = found.ok_or(Failure::NotFound)?;
    let fields = match &application.state {
        Stage::Returned { fields, .. } => fields.clone(),
        Stage::Draft => vec![],
        _ => return Err(Failure::NotFound),
    };
    let service = published().service(&application.service).ok_or(Failure::NotFound)?;
    let mut answers = application.answers.clone();
    answers.retain(|id, _| {
        let citizens = service.field(id).is_some_and(|f| f.by == By::Citizen);
        citizens && !fields.contains(id)
    });
    Ok(begun(application, answers, &fields))
}

pub fn begun(application: Application, answers: Answers, without: &[String]) -> Told {
    let kinds = application.documents.into_iter().map(|d| d.kind);
    let documents = kinds.filter(|k| !without.contains(k)).collect();
    Told::Begun { service: application.service, number: application.number, answers, documents }
}

/// The application with the draft's answers, if it is the citizen's and still open.
async fn kept(app: &App, citizen: &str, draft: &Draft) -> Result<(Application, act::Desk<'static>), Failure> {
    let found = app.store.application(&draft.number).await?.filter(|a| a.applicant == citizen);
    let application = found.ok_or(Failure::NotFound)?;
    let desk = pages::desk(&application.service, CHANNEL)?;
    if !matches!(application.state, Stage::Draft | Stage::Returned { .. }) {
        return Err(Failure::NotFound);
    }
    // What the office filled in stays.
    let officers = application
        .answers
        .iter()
        .filter(|(id, _)| desk.service.field(id).is_some_and(|f| f.by == By::Officer));
    let mut answers = draft.answers.clone();
    answers.extend(officers.map(|(id, value)| (id.clone(), value.clone())));
    Ok((Application { answers, ..application }, desk))
}

/// A file that the citizen sent, as the channel keeps it.
fn sent(app: &App, citizen: &str, key: &str) -> Result<Vec<u8>, Failure> {
    pages::pages(app).files.get(&folder(citizen), key).map_err(|e| Failure::Away(e.to_string()))
}

/// Where the channel keeps what a citizen sends, until it is attached.
pub(super) fn folder(citizen: &str) -> String {
    format!("chat-{citizen}")
}

async fn attach(
    app: &App,
    citizen: &str,
    draft: &Draft,
    kind: &str,
    key: &str,
    language: Language,
) -> Result<Told, Failure> {
    let (mut application, desk) = kept(app, citizen, draft).await?;
    let document = published().document(kind).ok_or(Failure::NotFound)?;
    let bytes = sent(app, citizen, key)?.into();
    let format = match pages::files::looked_through(document, &bytes).await {
        Ok(format) => format.to_owned(),
        Err(why) => return Ok(Told::Attached(Err(pages::text(why).get(language).to_owned()))),
    };
    let stored = pages::pages(app).files.put(&application.number, &bytes);
    let sha256 = stored.map_err(|e| Failure::Away(e.to_string()))?;
    application.documents.retain(|d| d.kind != kind);
    application.documents.push(Attached { kind: kind.to_owned(), sha256, format, bytes: bytes.len() as u64 });
    pages::write(app, &desk, &application, &[], With::default()).await?;
    Ok(Told::Attached(Ok(kind.to_owned())))
}

/// Hands the draft in. Repeated after a crash, it finds what the first time came to.
async fn submit(app: &App, citizen: &str, draft: &Draft, language: Language) -> Result<Told, Failure> {
    let application = app.store.application(&draft.number).await?.filter(|a| a.applicant == citizen);
    let application = application.ok_or(Failure::NotFound)?;
    let done = match application.state {
        Stage::Draft | Stage::Returned { .. } => {
            let (application, desk) = kept(app, citizen, draft).await?;
            let agreed = act::consent(&application, &desk, consent::APPLY, language);
            let proof = pages::proof(app, &application, &desk).await?;
            let result = match application.state {
                Stage::Draft => act::submit(application, &desk),
                _ => act::mend(application, &desk),
            };
            match result {
                Ok((next, event)) => {
                    let events: Vec<_> = std::iter::once(agreed).chain(proof).chain([event]).collect();
                    pages::write(app, &desk, &next, &events, With::default()).await?;
                    next
                }
                Err(Refusal::Faults(faults)) => return Ok(Told::Refused(faults)),
                Err(_) => return Ok(Told::Failed),
            }
        }
        _ => application,
    };
    Ok(Told::Submitted(due(app, &done).await?))
}

/// The fee that is due, and where it is paid.
async fn due(app: &App, application: &Application) -> Result<Option<(String, String)>, Failure> {
    let Stage::Unpaid { rupees: fee } = application.state else { return Ok(None) };
    let url = pages::checkout(app, &application.number, fee).await?;
    let url = if url.starts_with('/') { format!("{}{url}", app.base_url) } else { url };
    Ok(Some((rupees(i64::from(fee)), url)))
}

async fn status(app: &App, citizen: &str, number: Option<&str>, language: Language) -> Result<Told, Failure> {
    let p = Page::in_chat(citizen, language);
    let mut all = app.store.of_applicant(citizen, None).await?;
    all.retain(|a| number.is_none_or(|n| a.number == n));
    if let [one] = &all[..] {
        return Ok(Told::Said(one_of(app, &p, one).await?));
    }
    let line = |a: &Application| {
        let service = published().service(&a.service).map(|s| s.name.get(language)).unwrap_or_default();
        let state = pages::text(&format!("state_{}", a.state.id())).get(language);
        (a.number.clone(), format!("{service} · {state}"))
    };
    Ok(Told::Applications(all.iter().map(line).collect()))
}

/// One application in words, with what can be done about it.
async fn one_of(app: &App, p: &Page, one: &Application) -> Result<Vec<Say>, Failure> {
    let body = pages::story(p, one)?;
    Ok(match &one.state {
        Stage::Issued { certificate: Some(_), .. } => {
            vec![Say::File { what: Sent::Certificate { application: one.number.clone() }, caption: body }]
        }
        Stage::Returned { .. } => {
            let title = p.t("mend_here").to_owned();
            vec![Say::Buttons {
                body,
                buttons: vec![Button { id: format!("mend-here:{}", one.number), title }],
            }]
        }
        Stage::Draft => {
            let title = p.t("take_up").to_owned();
            vec![Say::Buttons {
                body,
                buttons: vec![Button { id: format!("mend-here:{}", one.number), title }],
            }]
        }
        _ => match due(app, one).await? {
            Some((fee, url)) => {
                vec![Say::Link { body, label: format!("{} {fee}", p.t("pay_short")), url }]
            }
            None => vec![Say::Text { body }],
        },
    })
}
