//! Writes down what was seen, many checks at a time, and tells it.

use super::{By, Seen};
use crate::app::App;
use crate::edge::now_s;
use crate::pages::when_in_words;
use crate::post::checks_text;
use crate::whatsapp;
use mohar_dialogue::conversation::consents::{self, Checked};
use mohar_issuer::ports::StoreError;
use mohar_schemas::checker;
use mohar_schemas::words::Language;
use mohar_store::checks::{Check, Untold, Way};
use mohar_store::people::Kind;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How often what was seen is written, and what is due is told.
const EVERY: Duration = Duration::from_secs(1);
/// The most that is written in one transaction.
const BATCH_MAX: usize = 1_024;
/// How often what was told is forgotten, in rounds of telling.
const FORGET_EVERY: u32 = 60;
const DAY_S: i64 = 86_400;
/// Ahead of UTC in India.
const INDIA_S: i64 = 19_800;
/// What there was no message for on its day is told in the morning, at nine.
const MORNING_S: i64 = 9 * 3_600;

/// Writes down what was seen, again and again.
pub async fn keep(app: Arc<App>, mut waiting: mpsc::Receiver<Seen>) {
    let mut seen = Vec::with_capacity(BATCH_MAX);
    while waiting.recv_many(&mut seen, BATCH_MAX).await > 0 {
        let count = seen.len() as u64;
        if let Err(e) = write(&app, std::mem::take(&mut seen)).await {
            app.told.drop_some(count);
            tracing::warn!(error = %e, count, "checks were not written down; their holders do not hear of them");
        }
        // More comes meanwhile, and goes with the next.
        tokio::time::sleep(EVERY).await;
    }
}

async fn write(app: &App, seen: Vec<Seen>) -> Result<(), StoreError> {
    let mut callers: HashMap<By, (String, String)> = HashMap::new();
    let mut checks: HashMap<(u64, String, String), Check> = HashMap::new();
    for s in seen {
        if !callers.contains_key(&s.by) {
            let found = caller(app, &s.by).await?;
            callers.insert(s.by.clone(), found);
        }
        let (kind, by) = callers[&s.by].clone();
        let check = checks.entry((s.index, kind.clone(), by.clone())).or_insert_with(|| Check {
            index: s.index,
            kind,
            purpose: s.purpose.to_owned(),
            first_s: s.at_s,
            count: 0,
            by,
        });
        check.count += 1;
    }
    app.store.keep_checks(&checks.into_values().collect::<Vec<_>>()).await
}

/// What kind a caller is, and which citizen.
async fn caller(app: &App, by: &By) -> Result<(String, String), StoreError> {
    Ok(match by {
        By::Known(kind, citizen) => ((*kind).to_owned(), citizen.clone()),
        By::Session(hash) => {
            let citizen = app.store.session(hash, Kind::Citizen, now_s()).await?;
            (checker::PORTAL.to_owned(), citizen.unwrap_or_default())
        }
        By::Key(hash) => {
            let kind = match app.store.verifier(hash).await? {
                Some(verifier) => verifier.kind,
                None if app.store.api_key(hash).await?.is_some() => checker::GOVERNMENT.to_owned(),
                None => checker::NOT_STATED.to_owned(),
            };
            (kind, String::new())
        }
    })
}

/// Tells what is due, again and again.
pub async fn tell(app: Arc<App>) {
    for round in 0u32.. {
        if let Err(e) = round_of(&app, round % FORGET_EVERY == 0).await {
            tracing::warn!(error = %e, "holders were not told of checks; it is tried again");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn round_of(app: &App, forget: bool) -> Result<(), StoreError> {
    let mut due = app.store.to_be_told(now_s()).await?;
    due.sort();
    due.dedup();
    for citizen in due {
        match one(app, &citizen).await {
            // Another node has told it.
            Ok(()) | Err(StoreError::Overtaken) => {}
            Err(e) => return Err(e),
        }
    }
    if forget { app.store.forget_told(now_s()).await } else { Ok(()) }
}

async fn one(app: &App, id: &str) -> Result<(), StoreError> {
    let now_s = now_s();
    let Some(citizen) = app.store.citizen_by_id(id).await? else { return Ok(()) };
    let untold = app.store.untold(id, now_s).await?;
    if untold.is_empty() {
        return app.store.forget_told(now_s).await;
    }
    let language = if citizen.language == "en" { Language::English } else { Language::Hindi };
    let checked: Vec<Checked> = untold.iter().map(|u| in_words(u, language)).collect();
    let today = (now_s + INDIA_S).div_euclid(DAY_S);
    let morning_s = (today + 1) * DAY_S - INDIA_S + MORNING_S;
    let (way, body) = if citizen.channel == whatsapp::CHANNEL {
        let body = whatsapp::bubble(consents::checked(language, &checked));
        (Way::Chat(whatsapp::CHANNEL, &citizen.handle), body)
    } else {
        let link = format!("{}/apply/me", app.base_url);
        (Way::Post, checks_text(&checked, &link, language))
    };
    app.store.tell_checks(id, &untold, (way, &body), (now_s, today, morning_s)).await?;
    Ok(())
}

fn in_words(untold: &Untold, language: Language) -> Checked {
    Checked {
        kind: untold.kind.clone(),
        certificate: untold.r#type.clone(),
        number: untold.number.clone(),
        purpose: Some(untold.purpose.clone()).filter(|p| !p.is_empty()),
        when: when_in_words(untold.first_s, language),
        count: untold.count,
    }
}
