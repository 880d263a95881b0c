//! Messages that leave: one-time codes and notices by SMS or e-mail, acts to departments by webhook.
//! What goes out by itself waits in the outbox, so that nothing is lost when a provider is away.

mod consents;
mod outbox;
mod smtp;

pub use consents::checks as checks_text;
pub use outbox::send_all;
pub use smtp::{Smtp, is_address};

use serde::Deserialize;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a provider may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// The ways out.
pub struct Post {
    /// To phones.
    pub sms: Sms,
    /// To those who gave an address.
    pub mail: Option<Smtp>,
}

/// How text messages are sent.
pub enum Sms {
    /// The demo's: codes and notices are lines in two files of a folder.
    Folder(PathBuf),
    /// A provider that takes JSON over HTTPS.
    Http(SmsProvider),
}

/// A provider of text messages: `POST url` with `Authorization: Bearer token` and
/// `{"to", "sender", "template", "text"}`; any 2xx means that it was taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsProvider {
    url: String,
    token: String,
    /// The header registered with the telecom regulator, such as `DLHGOV`.
    sender: String,
}

impl Sms {
    /// A one-time code.
    pub fn code(&self, phone: &str, code: &str) -> Result<(), String> {
        match self {
            Self::Folder(folder) => line(&folder.join("codes.txt"), &format!("{phone} {code}")),
            Self::Http(provider) => {
                let text = format!(
                    "{code} आपका मोहर कोड है, दस मिनट तक मान्य। किसी को न बताएँ। / {code} is your Mohar code for ten minutes. Tell nobody."
                );
                provider.send(phone, "code", &text)
            }
        }
    }

    /// A notice under a template's name.
    pub fn notice(&self, phone: &str, template: &str, text: &str) -> Result<(), String> {
        match self {
            Self::Folder(folder) => line(&folder.join("messages.txt"), &format!("{phone} {text}")),
            Self::Http(provider) => provider.send(phone, template, text),
        }
    }
}

fn line(path: &Path, text: &str) -> Result<(), String> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut f| f.write_all(format!("{text}\n").as_bytes())).map_err(|e| e.to_string())
}

impl SmsProvider {
    fn send(&self, phone: &str, template: &str, text: &str) -> Result<(), String> {
        let body = serde_json::json!({
            "to": format!("+91{phone}"), "sender": self.sender, "template": template, "text": text,
        });
        let token = format!("Bearer {}", self.token);
        let request = agent().post(&self.url).header("Authorization", token);
        request.send_json(body).map(drop).map_err(|e| e.to_string())
    }
}

/// Refuses to follow redirects: what is signed goes where it was meant to go.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().timeout_global(Some(ANSWER_WITHIN)).max_redirects(0).build().into()
}
