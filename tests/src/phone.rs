//! A citizen's telephone at the demo's simulator, and the platform's voice at the webhook.

use crate::Service;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// A telephone.
#[derive(Debug)]
pub struct Phone<'a> {
    service: &'a Service,
    user: String,
    seen: u64,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

/// The secret of the demo's channel: `app`, `verify` or `token`.
///
/// # Panics
/// If there is no demo.
#[must_use]
pub fn secret(service: &Service, of: &str) -> String {
    let demo: Value =
        serde_json::from_slice(&std::fs::read(service.dir.join("demo.json")).expect("a demo")).expect("JSON");
    let passphrase = demo["passphrase"].as_str().expect("a passphrase");
    hex(&Sha256::digest(format!("{of}/{passphrase}")))
}

/// What the platform signs bytes with.
///
/// # Panics
/// Never: a key of any length is taken.
#[must_use]
pub fn signature(service: &Service, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret(service, "app").as_bytes()).expect("a key of any length");
    mac.update(body);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

/// Posts to the webhook, signed as said, and gives the status.
///
/// # Errors
/// If the connection breaks.
pub fn webhook(service: &Service, body: &[u8], signature: Option<&str>) -> Result<u16, ureq::Error> {
    let config = ureq::Agent::config_builder().http_status_as_error(false).build();
    let request = ureq::Agent::from(config).post(format!("{}/whatsapp/webhook", service.base_url));
    let request = request.header("Content-Type", "application/json");
    let request = match signature {
        Some(signature) => request.header("X-Hub-Signature-256", signature),
        None => request,
    };
    Ok(request.send(body)?.status().as_u16())
}

/// The call that brings messages of one citizen.
#[must_use]
pub fn call(user: &str, messages: &[(&str, &str)]) -> Vec<u8> {
    let message = |(id, text): &(&str, &str)| json!({ "from_user_id": user, "id": id, "timestamp": "1795500000", "type": "text", "text": { "body": text } });
    let messages: Vec<Value> = messages.iter().map(message).collect();
    let value =
        json!({ "messaging_product": "whatsapp", "contacts": [{ "user_id": user }], "messages": messages });
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "value": value, "field": "messages" }] }] })
        .to_string()
        .into_bytes()
}

impl<'a> Phone<'a> {
    /// A telephone with a name of its own.
    #[must_use]
    pub fn new(service: &'a Service, user: &str) -> Self {
        Self { service, user: user.to_owned(), seen: 0 }
    }

    /// Sends a message: `type` and the part of that name.
    ///
    /// # Panics
    /// If the simulator does not take it.
    #[expect(clippy::must_use_candidate, reason = "most callers only want it sent")]
    pub fn send(&self, message: &Value) -> String {
        let body = json!({ "user": self.user, "message": message }).to_string();
        let (status, answer) = self
            .service
            .post_as("/simulator/api/send", "application/json", body.as_bytes())
            .expect("an answer");
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Sends words.
    #[expect(clippy::must_use_candidate, reason = "most callers only want it sent")]
    pub fn say(&self, text: &str) -> String {
        self.send(&json!({ "type": "text", "text": { "body": text } }))
    }

    /// Sends a file.
    ///
    /// # Panics
    /// If the simulator does not take it.
    #[expect(clippy::must_use_candidate, reason = "most callers only want it sent")]
    pub fn attach(&self, kind: &str, bytes: &[u8]) -> String {
        let path = format!("/simulator/api/attach?user={}&filename=file", self.user);
        let (status, answer) = self.service.post_as(&path, kind, bytes).expect("an answer");
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().expect("an id").to_owned()
    }

    /// Makes the platform unkind.
    ///
    /// # Panics
    /// If it does not know how.
    pub fn unkind(&self, how: &Value) {
        let (status, answer) = self
            .service
            .post_as("/simulator/api/unkind", "application/json", how.to_string().as_bytes())
            .expect("an answer");
        assert_eq!(status, 200, "{answer}");
    }

    /// What came since it was last asked; waits up to twenty seconds for something.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn new_entries(&mut self) -> Vec<Value> {
        let path = format!("/simulator/api/messages?user={}&after={}", self.user, self.seen);
        let (_, bytes) = self.service.get(&path);
        let entries: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
        if let Some(last) = entries.last() {
            self.seen = last["n"].as_u64().expect("a number");
        }
        entries
    }

    /// Waits for the service's next messages, so many.
    ///
    /// # Panics
    /// If they do not come within a minute.
    pub fn hear(&mut self, count: usize) -> Vec<Value> {
        let (start, mut heard) = (Instant::now(), vec![]);
        while heard.len() < count {
            assert!(start.elapsed() < PATIENCE, "{} of {count} came: {heard:?}", heard.len());
            heard.extend(
                self.new_entries().into_iter().filter(|e| e["by"] == "service").map(|e| e["what"].clone()),
            );
        }
        heard
    }
}
