//! The client of the Graph API: sends messages, fetches and uploads files. It blocks; callers run it
//! beside the others.

use super::Config;
use crate::multipart::Form;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mohar_keys::file::unhex;
use mohar_schemas::sha256;
use serde_json::Value;
use std::time::Duration;

/// How long the platform may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// The largest file of a citizen that is fetched, in bytes: voice notes have up to 16 MB.
pub const FILE_BYTES_MAX: u64 = 16 << 20;

/// Why the platform did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It said why.
    #[error("the platform refused: code {0}")]
    Code(i64),
    /// It did not answer, or not in its own form; what was asked may have been done.
    #[error("the platform did not answer")]
    Away,
}

/// What a file of a citizen turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Here it is.
    Bytes(Vec<u8>),
    /// Larger than we take.
    TooLarge,
    /// It is not what was sent: its hash differs.
    Altered,
}

/// The client for one number.
#[derive(Debug, Clone)]
pub struct Graph {
    base: String,
    number: String,
    token: String,
    agent: ureq::Agent,
}

impl Graph {
    pub fn new(config: &Config) -> Self {
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Self {
            base: format!("{}/{}", config.base_url.trim_end_matches('/'), config.version),
            number: config.phone_number_id.clone(),
            token: format!("Bearer {}", config.token),
            agent: agent.into(),
        }
    }

    /// Posts to `/messages`; gives the platform's id of the message, empty for mere receipts.
    pub fn post(&self, body: &Value) -> Result<String, Refused> {
        let url = format!("{}/{}/messages", self.base, self.number);
        let request = self.agent.post(&url).header("Authorization", &self.token);
        let answer = answer(request.send_json(body))?;
        Ok(answer["messages"][0]["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Uploads a file and gives its id.
    pub fn upload(&self, bytes: &[u8], media_type: &str, name: &str) -> Result<String, Refused> {
        let form = Form::new().text("messaging_product", "whatsapp").text("type", media_type);
        let (content_type, body) = form.file(name, media_type, bytes).end();
        let url = format!("{}/{}/media", self.base, self.number);
        let request = self.agent.post(&url).header("Authorization", &self.token);
        let request = request.header("Content-Type", content_type);
        let answer = answer(request.send(&body[..]))?;
        answer["id"].as_str().map(str::to_owned).ok_or(Refused::Away)
    }

    /// Fetches a citizen's file. Its address lives five minutes: where it has ended, a new one is asked
    /// for, once.
    pub fn fetch(&self, id: &str, sha: Option<&str>) -> Result<Fetched, Refused> {
        match self.fetch_once(id, sha) {
            Err(Refused::Code(401 | 403 | 404 | 410)) => self.fetch_once(id, sha),
            other => other,
        }
    }

    fn fetch_once(&self, id: &str, sha: Option<&str>) -> Result<Fetched, Refused> {
        // Ids come from outside; as a part of a path they are letters and digits.
        let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        let url = format!("{}/{id}", self.base);
        let about = answer(self.agent.get(&url).header("Authorization", &self.token).call())?;
        if about["file_size"].as_u64().is_some_and(|n| n > FILE_BYTES_MAX) {
            return Ok(Fetched::TooLarge);
        }
        let url = about["url"].as_str().ok_or(Refused::Away)?;
        let request = self.agent.get(url).header("Authorization", &self.token);
        let mut file = request.call().map_err(|_| Refused::Away)?;
        if !file.status().is_success() {
            return Err(Refused::Code(i64::from(file.status().as_u16())));
        }
        let bytes = match file.body_mut().with_config().limit(FILE_BYTES_MAX).read_to_vec() {
            Ok(bytes) => bytes,
            Err(ureq::Error::BodyExceedsLimit(_)) => return Ok(Fetched::TooLarge),
            Err(_) => return Err(Refused::Away),
        };
        let expected = sha.or(about["sha256"].as_str()).and_then(digest);
        let altered = expected.is_some_and(|e| e != sha256(&bytes));
        Ok(if altered { Fetched::Altered } else { Fetched::Bytes(bytes) })
    }
}

/// A SHA-256 in hex or base64; the platform uses both.
fn digest(text: &str) -> Option<Vec<u8>> {
    let hex = if text.len() == 64 { unhex(&text.to_lowercase()) } else { None };
    hex.or_else(|| STANDARD.decode(text).ok()).filter(|d| d.len() == 32)
}

/// The answer's JSON, or the code of the refusal in it.
fn answer(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refused> {
    let mut answer = answer.map_err(|_| Refused::Away)?;
    let body: Value = answer.body_mut().read_json().unwrap_or(Value::Null);
    if answer.status().is_success() {
        return Ok(body);
    }
    Err(body["error"]["code"].as_i64().map_or(Refused::Away, Refused::Code))
}
