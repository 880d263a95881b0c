//! Empties the outbox: what is due is claimed, sent, and tried again later where it was not taken.

use super::agent;
use crate::app::App;
use crate::edge::now_s;
use crate::whatsapp;
use hmac::{Hmac, KeyInit, Mac};
use mohar_issuer::application::port::Applications;
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
struct Notice {
    template: String,
    application: String,
    service: String,
}

async fn citizen(app: &Arc<App>, mail: Mail) -> Result<(), String> {
    let notice: Notice = serde_json::from_str(&mail.body).map_err(|e| e.to_string())?;
    let found = app.store.citizen_by_id(&mail.recipient).await.map_err(|e| e.to_string())?;
    if let Some(citizen) = found.as_ref().filter(|c| c.channel == whatsapp::CHANNEL) {
        return in_chat(app, citizen, &notice, mail.id).await;
    }
    // Whoever asked to be forgotten is not written to.
    let Some(citizen) = found.filter(|c| matches!(c.channel.as_str(), "web" | "counter")) else {
        return Ok(());
    };
    let language = if citizen.language == "en" { Language::English } else { Language::Hindi };
    let service = published().service(&notice.service).map(|s| s.name.get(language)).unwrap_or_default();
    let text = text(&notice, service, &app.base_url, language).ok_or("there is no such template")?;
    let app = Arc::clone(app);
    let service = service.to_owned();
    let send = move || -> Result<(), String> {
        let Some(pages) = &app.pages else { return Ok(()) };
        if let (Some(mail), Some(to)) = (&pages.post.mail, &citizen.email) {
            return mail.send(to, &service, &text);
        }
        let phone = citizen.handle.len() == 10 && citizen.handle.bytes().all(|b| b.is_ascii_digit());
        if phone { pages.post.sms.notice(&citizen.handle, &notice.template, &text) } else { Ok(()) }
    };
    tokio::task::spawn_blocking(send).await.map_err(|e| e.to_string())?
}

/// In a chat the certificate itself comes, and what is to be mended is mended there.
async fn in_chat(app: &Arc<App>, citizen: &Citizen, notice: &Notice, id: i64) -> Result<(), String> {
    // Who hands in without a fee has just been told so, in the answer.
    let free = published().service(&notice.service).is_some_and(|s| s.fee.rupees == 0);
    if free && notice.template == "submitted" {
        return Ok(());
    }
    let application = app.store.application(&notice.application).await.map_err(|e| e.to_string())?;
    let Some(application) = application.filter(|a| a.applicant == citizen.id) else { return Ok(()) };
    whatsapp::news(app, citizen, &application, id).await.map_err(|e| e.to_string())
}

fn text(notice: &Notice, service: &str, base_url: &str, language: Language) -> Option<String> {
    static TEMPLATES: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        toml::from_str(mohar_schemas::data::CITIZENS).expect("messages/citizens.toml is in order")
    });
    let link = format!("{base_url}/apply/a/{}", notice.application);
    let template = TEMPLATES.get(&notice.template)?.get(language);
    Some(
        template
            .replace("{service}", service)
            .replace("{number}", &notice.application)
            .replace("{link}", &link),
    )
}

/// `Mohar-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 of `SECONDS.body` under the secret.
async fn webhook(app: &Arc<App>, mail: Mail) -> Result<(), String> {
    let found = app.store.webhook(&mail.recipient).await.map_err(|e| e.to_string())?;
    // The subscription has ended.
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
                    let notice = Notice {
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
