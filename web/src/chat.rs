//! The conversation at work: carries out what a turn asks for, with the acts that the web pages use.

use crate::api::verify::judge;
use crate::app::App;
use crate::pages::{self, Failure, Page};
use mohar_dialogue::conversation::{Command, Draft, State, Told, Turn, World, hear, tell};
use mohar_dialogue::heard::Heard;
use mohar_dialogue::say::{Say, Sent};
use mohar_issuer::application::act::{self, Refusal};
use mohar_issuer::application::port::{Applications, With};
use mohar_issuer::application::{Application, Attached, State as Stage};
use mohar_schemas::catalogue::published;
use mohar_schemas::consent;
use mohar_schemas::words::{Language, rupees};
use std::collections::VecDeque;

/// What came of a command may ask for another; no conversation needs more.
const COMMANDS_MAX: usize = 8;
/// Where acts come from, in the log.
const CHANNEL: &str = "whatsapp";

/// One turn of a citizen's conversation, with everything done that it asks for.
pub async fn turn(app: &App, citizen: &str, state: State, heard: &Heard) -> (State, Vec<Say>) {
    let world = World { today: pages::today() };
    let Turn { mut state, mut say, commands } = hear(state, heard, world);
    let mut waiting = VecDeque::from(commands);
    for _ in 0..COMMANDS_MAX {
        let Some(command) = waiting.pop_front() else { break };
        let told = done(app, citizen, &state, &command).await.unwrap_or_else(|failure| {
            tracing::warn!(why = failure.why(), "a command of a conversation failed");
            Some(Told::Failed)
        });
        if let Some(told) = told {
            let next = tell(state, told, world);
            state = next.state;
            say.extend(next.say);
            waiting.extend(next.commands);
        }
    }
    (state, say)
}

async fn done(app: &App, citizen: &str, state: &State, command: &Command) -> Result<Option<Told>, Failure> {
    let language = state.language.unwrap_or_default();
    let draft = || state.draft.as_ref().ok_or(Failure::NotFound);
    Ok(match command {
        Command::Begin { service } => Some(begin(app, citizen, service).await?),
        Command::Keep => {
            let (application, desk) = kept(app, citizen, draft()?).await?;
            pages::write(app, &desk, &application, &[], With::default()).await?;
            None
        }
        Command::Attach { kind, key } => Some(attach(app, citizen, draft()?, kind, key, language).await?),
        Command::Submit => Some(submit(app, citizen, draft()?, language).await?),
        Command::Status { number } => Some(status(app, citizen, number.as_deref(), language).await?),
        Command::Verify { key } => {
            let bytes = file(app, citizen, key)?;
            let report = judge(app, bytes.into()).await.map_err(|_| Failure::NotFound)?;
            let said = [&report.title, &report.message, &report.advice].map(|w| w.get(language).to_owned());
            let lines =
                report.fields.iter().map(|l| format!("{}: {}", l.label.get(language), l.value.get(language)));
            let body = format!(
                "*{}*\n{}\n{}\n\n{}",
                said[0],
                said[1],
                said[2],
                lines.collect::<Vec<_>>().join("\n")
            );
            Some(Told::Said(vec![Say::Text { body: body.trim().to_owned() }]))
        }
        Command::Person => {
            tracing::info!("a person is wanted in a conversation");
            None
        }
    })
}

async fn begin(app: &App, citizen: &str, service: &str) -> Result<Told, Failure> {
    let desk = pages::desk(service, CHANNEL)?;
    let draft = app.store.start(service, citizen, desk.today.year(), desk.now_s).await?;
    let answers = pages::held(app, citizen, desk.service).await?;
    Ok(Told::Begun { service: service.to_owned(), number: draft.number, answers })
}

/// The application with the draft's answers, if it is the citizen's and still open.
async fn kept(app: &App, citizen: &str, draft: &Draft) -> Result<(Application, act::Desk<'static>), Failure> {
    let found = app.store.application(&draft.number).await?.filter(|a| a.applicant == citizen);
    let application = found.ok_or(Failure::NotFound)?;
    let desk = pages::desk(&application.service, CHANNEL)?;
    if !matches!(application.state, Stage::Draft | Stage::Returned { .. }) {
        return Err(Failure::NotFound);
    }
    Ok((Application { answers: draft.answers.clone(), ..application }, desk))
}

/// A file that the citizen sent, as the channel keeps it.
pub fn file(app: &App, citizen: &str, key: &str) -> Result<Vec<u8>, Failure> {
    pages::pages(app).files.get(&folder(citizen), key).map_err(|e| Failure::Away(e.to_string()))
}

/// Where the channel keeps what a citizen sends, until it is attached.
pub fn folder(citizen: &str) -> String {
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
    let bytes = file(app, citizen, key)?.into();
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
            let result = match application.state {
                Stage::Draft => act::submit(application, &desk),
                _ => act::mend(application, &desk),
            };
            match result {
                Ok((next, event)) => {
                    pages::write(app, &desk, &next, &[agreed, event], With::default()).await?;
                    next
                }
                Err(Refusal::Faults(faults)) => return Ok(Told::Refused(faults)),
                Err(_) => return Ok(Told::Failed),
            }
        }
        _ => application,
    };
    let Stage::Unpaid { rupees: fee } = done.state else { return Ok(Told::Submitted(None)) };
    let url = pages::checkout(app, &done.number, fee).await?;
    let url = if url.starts_with('/') { format!("{}{url}", app.base_url) } else { url };
    Ok(Told::Submitted(Some((rupees(i64::from(fee)), url))))
}

async fn status(app: &App, citizen: &str, number: Option<&str>, language: Language) -> Result<Told, Failure> {
    let p = Page::in_chat(citizen, language);
    let mut all = app.store.of_applicant(citizen, None).await?;
    all.retain(|a| number.is_none_or(|n| a.number == n));
    if let [one] = &all[..] {
        let lines = pages::story(&p, one)?;
        let mut says = vec![Say::Text { body: lines }];
        if matches!(one.state, Stage::Issued { certificate: Some(_), .. }) {
            let what = Sent::Certificate { application: one.number.clone() };
            says.push(Say::File { what, caption: one.number.clone() });
        }
        return Ok(Told::Said(says));
    }
    let line = |a: &Application| {
        let service = published().service(&a.service).map(|s| s.name.get(language)).unwrap_or_default();
        let state = pages::text(&format!("state_{}", a.state.id())).get(language);
        (a.number.clone(), format!("{service} · {state}"))
    };
    Ok(Told::Applications(all.iter().map(line).collect()))
}
