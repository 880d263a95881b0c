//! Empties the outbox: what is due is claimed, sent, and tried again later where it was not taken.

use super::agent;
use super::consents::asked;
use crate::app::App;
use crate::edge::now_s;
use crate::pages::today;
use crate::subscriptions::request;
use crate::whatsapp;
use hmac::{Hmac, KeyInit, Mac};
use mohar_issuer::application::port::Applications;
use mohar_issuer::subscription::State;
use mohar_keys::file::hex;
use mohar_schemas::catalogue::published;
use mohar_schemas::words::{Language, Words};
use mohar_store::outbox::Mail;
use mohar_store::people::Citizen;
use serde::Deserialize;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// After this many attempts (about a day and a half) a message is given up and shown to the administrators.
const ATTEMPTS_MAX: i64 = 18;
const AGAIN_S: i64 = 2;
/// Of an e-mail that is about no service.
const SUBJECT: &str = "Mohar · मोहर";
const AGAIN_MAX_S: i64 = 6 * 3_600;

/// Sends what is due, again and again.
pub async fn send_all(app: Arc<App>) {
    loop {
        match app.store.claim(now_s()).await {
            Ok(due) => {
                for mail in due {
                    one(&app, mail).await;
                }
            }
            Err(e) => tracing::warn!(error = %e, "the outbox was not read; it is tried again"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn one(app: &Arc<App>, mail: Mail) {
    let (id, attempts) = (mail.id, mail.attempts);
    let sent = match mail.kind.as_str() {
        "webhook" => webhook(app, mail).await,
        _ => citizen(app, mail).await,
    };
    let done = match sent {
        Ok(()) => app.store.sent(id).await,
        Err(why) => {
            let wait_s = (AGAIN_S << attempts.clamp(0, 20)).min(AGAIN_MAX_S);
            let again = (attempts < ATTEMPTS_MAX).then(|| now_s() + wait_s);
            tracing::warn!(id, attempts, "a message was not taken");
            app.store.not_sent(id, again, now_s(), &why.chars().take(200).collect::<String>()).await
        }
    };
    if let Err(e) = done {
        tracing::warn!(error = %e, "the outbox was not written; the message may be sent twice");
    }
}

/// What the outbox holds for a citizen.
#[derive(Deserialize)]
#[serde(untagged)]
enum Notice {
    /// News of an application.
    Application(News),
    /// A verifier's question.
    Question { subscription: String },
    /// Words that are ready, under a template's name.
    Ready { template: String, text: String },
}

/// News of an application.
#[derive(Deserialize)]
struct News {
    template: String,
    application: String,
    service: String,
}

/// What a citizen reads: template, subject and text.
struct Letter(String, String, String);

async fn citizen(app: &Arc<App>, mail: Mail) -> Result<(), String> {
    let notice: Notice = serde_json::from_str(&mail.body).map_err(|e| e.to_string())?;
    let found = app.store.citizen_by_id(&mail.recipient).await.map_err(|e| e.to_string())?;
    // Whoever asked to be forgotten is not written to.
    let Some(citizen) = found.filter(|c| matches!(c.channel.as_str(), "web" | "counter" | whatsapp::CHANNEL))
    else {
        return Ok(());
    };
    match notice {
        Notice::Application(news) => news_of(app, citizen, &news, mail.id).await,
        Notice::Question { subscription } => question(app, citizen, &subscription, mail.id).await,
        Notice::Ready { template, text } => {
            write(app, citizen, Letter(template, SUBJECT.to_owned(), text)).await?;
            // What was told of checks is kept no longer than it takes to tell it.
            app.store.forget_mail(mail.id).await.map_err(|e| e.to_string())
        }
    }
}

fn language(citizen: &Citizen) -> Language {
    if citizen.language == "en" { Language::English } else { Language::Hindi }
}

async fn news_of(app: &Arc<App>, citizen: Citizen, news: &News, mail: i64) -> Result<(), String> {
    if citizen.channel == whatsapp::CHANNEL {
        return in_chat(app, &citizen, news, mail).await;
    }
    let language = language(&citizen);
    let service = published().service(&news.service).map(|s| s.name.get(language)).unwrap_or_default();
    let text = text(news, service, &app.base_url, language).ok_or("there is no such template")?;
    write(app, citizen, Letter(news.template.clone(), service.to_owned(), text)).await
}

/// Asks the holder, unless the question is over by now.
async fn question(app: &Arc<App>, citizen: Citizen, id: &str, mail: i64) -> Result<(), String> {
    let found = app.store.subscription(id).await.map_err(|e| e.to_string())?;
    let Some(subscription) = found.filter(|s| s.standing(today()) == State::Asked) else { return Ok(()) };
    let request = request(&subscription);
    if citizen.channel == whatsapp::CHANNEL {
        return whatsapp::ask(app, &citizen, &request, mail).await.map_err(|e| e.to_string());
    }
    let link = format!("{}/apply/me", app.base_url);
    let text = asked(&request, &link, language(&citizen));
    write(app, citizen, Letter("asked".into(), SUBJECT.to_owned(), text)).await
}

/// By e-mail where there is an address, else by text message.
async fn write(app: &Arc<App>, citizen: Citizen, letter: Letter) -> Result<(), String> {
    let app = Arc::clone(app);
    let Letter(template, subject, text) = letter;
    let send = move || -> Result<(), String> {
        let Some(pages) = &app.pages else { return Ok(()) };
        if let (Some(mail), Some(to)) = (&pages.post.mail, &citizen.email) {
            return mail.send(to, &subject, &text);
        }
        let phone = citizen.handle.len() == 10 && citizen.handle.bytes().all(|b| b.is_ascii_digit());
        if phone { pages.post.sms.notice(&citizen.handle, &template, &text) } else { Ok(()) }
    };
    tokio::task::spawn_blocking(send).await.map_err(|e| e.to_string())?
}

/// In a chat the certificate itself comes, and what is to be mended is mended there.
async fn in_chat(app: &Arc<App>, citizen: &Citizen, notice: &News, id: i64) -> Result<(), String> {
    // Who hands in without a fee has just been told so, in the answer.
    let free = published().service(&notice.service).is_some_and(|s| s.fee.rupees == 0);
    if free && notice.template == "submitted" {
        return Ok(());
    }
    let application = app.store.application(&notice.application).await.map_err(|e| e.to_string())?;
    let Some(application) = application.filter(|a| a.applicant == citizen.id) else { return Ok(()) };
    whatsapp::news(app, citizen, &application, id).await.map_err(|e| e.to_string())
}

fn text(notice: &News, service: &str, base_url: &str, language: Language) -> Option<String> {
    let link = format!("{base_url}/apply/a/{}", notice.application);
    let template = template(&notice.template, language)?;
    Some(
        template
            .replace("{service}", service)
            .replace("{number}", &notice.application)
            .replace("{link}", &link),
    )
}

/// What citizens are told under a name, with gaps.
pub fn template(name: &str, language: Language) -> Option<&'static str> {
    static TEMPLATES: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        toml::from_str(mohar_schemas::data::CITIZENS).expect("messages/citizens.toml is in order")
    });
    Some(TEMPLATES.get(name)?.get(language))
}

/// `Mohar-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 of `SECONDS.body` under the secret.
async fn webhook(app: &Arc<App>, mail: Mail) -> Result<(), String> {
    let found = app.store.webhook(&mail.recipient).await.map_err(|e| e.to_string())?;
    let found = match found {
        Some(hook) => Some(hook),
        None => app.store.subscription_hook(&mail.recipient).await.map_err(|e| e.to_string())?,
    };
    // The subscription has ended, or the holder does not agree any more.
    let Some(hook) = found else { return Ok(()) };
    let now_s = now_s();
    // Unwrap safety: a key of any length is taken.
    let mut mac = Hmac::<Sha256>::new_from_slice(&hook.secret).expect("a key of any length");
    mac.update(format!("{now_s}.{}", mail.body).as_bytes());
    let signature = format!("t={now_s},v1={}", hex(&mac.finalize().into_bytes()));
    let send = move || {
        let request = agent().post(&hook.url).header("Content-Type", "application/json");
        let request = request.header("Mohar-Signature", signature).header("Mohar-Id", mail.id.to_string());
        request.send(mail.body).map(drop).map_err(|e| e.to_string())
    };
    tokio::task::spawn_blocking(send).await.map_err(|e| e.to_string())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_fits_two_text_messages_and_names_the_application() {
        for template in ["submitted", "returned", "rejected", "issued", "certificate"] {
            for service in published().services() {
                for language in [Language::English, Language::Hindi] {
                    let notice = News {
                        template: template.into(),
                        application: "A-2026-0000001-1".into(),
                        service: service.id.clone(),
                    };
                    let text = text(&notice, service.name.get(language), "https://mohar.example", language);
                    let text = text.unwrap();
                    assert!(text.contains("A-2026-0000001-1") && text.contains("https://"), "{text}");
                    assert!(!text.contains('{'), "{text}");
                    // Five parts of 67 UTF-16 units each: what carriers take in one go.
                    assert!(text.encode_utf16().count() <= 335, "{text}");
                }
            }
        }
    }
}
