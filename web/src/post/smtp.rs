//! E-mail through the department's mail server.

use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport};
use serde::Deserialize;

/// A mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtps://host` or `smtp://host?tls=required`; plain `smtp://` for a server on the same machine.
    url: String,
    /// From whom, such as `Mohar <no-reply@delhi.gov.in>`.
    from: String,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    password: Option<String>,
}

impl Smtp {
    /// Sends a text; the first line is the subject.
    pub fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), String> {
        let transport = SmtpTransport::from_url(&self.url).map_err(|e| e.to_string())?;
        let transport = match (&self.user, &self.password) {
            (Some(user), Some(password)) => {
                transport.credentials(Credentials::new(user.clone(), password.clone()))
            }
            _ => transport,
        };
        let message = Message::builder()
            .from(self.from.parse().map_err(|e| format!("from: {e}"))?)
            .to(to.parse().map_err(|e| format!("to: {e}"))?)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
            .map_err(|e| e.to_string())?;
        transport.build().send(&message).map(drop).map_err(|e| e.to_string())
    }
}

/// Whether an address can be written to.
pub fn is_address(text: &str) -> bool {
    text.len() <= 120 && text.parse::<lettre::Address>().is_ok()
}
