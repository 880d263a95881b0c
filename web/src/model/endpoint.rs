//! One server: asked within limits of time and size, left alone after failures, and logged by hashes only.

use super::Config;
use super::breaker::Breaker;
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use serde_json::Value;
use std::time::{Duration, Instant};

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 << 10;

/// A server and its breaker.
pub struct Endpoint {
    section: &'static str,
    url: String,
    token: Option<String>,
    model: String,
    agent: ureq::Agent,
    breaker: Breaker,
}

impl Endpoint {
    pub fn open(section: &'static str, config: &Config, within: Duration) -> Result<Self, String> {
        let fault = |key: &str, rule: &str| Err(format!("[{section}] {key}: {rule}"));
        let url = config.url.trim_end_matches('/');
        if !is_guarded(url) {
            return fault(
                "url",
                "begins with https://, or with http:// on this machine (127.0.0.1, localhost)",
            );
        }
        if url.ends_with("/completions") || url.ends_with("/transcriptions") {
            return fault("url", "ends before the call's own name, such as https://model.example/v1");
        }
        if config.model.trim().is_empty() {
            return fault("model", "is what the server calls the model");
        }
        let agent = ureq::Agent::config_builder().timeout_global(Some(within)).max_redirects(0);
        Ok(Self {
            section,
            url: url.to_owned(),
            token: config.token.as_ref().map(|t| format!("Bearer {t}")),
            model: config.model.clone(),
            agent: agent.build().into(),
            breaker: Breaker::default(),
        })
    }

    /// What the server calls the model.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Posts and gives the answer's JSON; nothing where there is none in time. Blocks.
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Option<Value> {
        if !self.breaker.lets_through(Instant::now()) {
            return None;
        }
        let answer = self.read(path, content_type, body);
        self.breaker.report(answer.is_ok(), Instant::now());
        let asked = hash(body);
        match answer {
            Ok((answer, answered)) => {
                tracing::info!(section = self.section, asked, answered, "a helper answered");
                Some(answer)
            }
            Err(why) => {
                tracing::warn!(section = self.section, asked, why, "a helper did not answer");
                None
            }
        }
    }

    /// The answer and its hash, or why there is none; never a word of it.
    fn read(&self, path: &str, content_type: &str, body: &[u8]) -> Result<(Value, String), String> {
        let request = self.agent.post(format!("{}{path}", self.url)).header("Content-Type", content_type);
        let request = match &self.token {
            Some(token) => request.header("Authorization", token),
            None => request,
        };
        let mut answer = request.send(body).map_err(|e| e.to_string())?;
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        let bytes = body.read_to_vec().map_err(|e| e.to_string())?;
        let json = serde_json::from_slice(&bytes).map_err(|_| "the answer is no JSON".to_owned())?;
        Ok((json, hash(&bytes)))
    }
}

/// Enough of a hash to find two lines that belong together; nobody gets the words back from it.
fn hash(bytes: &[u8]) -> String {
    hex(&sha256(bytes)[..8])
}

/// Whether what is sent there cannot be read on the way.
fn is_guarded(url: &str) -> bool {
    let here = |host: &str| {
        let host = host.split(['/', ':']).next().unwrap_or_default();
        ["127.0.0.1", "localhost"].contains(&host)
    };
    let named = |rest: &str| rest.split('/').next().is_some_and(|host| !host.is_empty());
    url.strip_prefix("https://").is_some_and(named) || url.strip_prefix("http://").is_some_and(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_address_is_named_with_its_rule() {
        let open = |url: &str, model: &str| {
            let config = Config { url: url.into(), token: None, model: model.into() };
            Endpoint::open("speech", &config, Duration::from_secs(1)).err()
        };
        for url in [
            "https://model.example/v1",
            "https://model.example/v1/",
            "http://127.0.0.1:8081/v1",
            "http://localhost/v1",
        ] {
            assert_eq!(open(url, "m"), None, "{url}");
        }
        for url in [
            "",
            "model.example",
            "http://model.example/v1",
            "http://127.0.0.1.evil.example",
            "https://",
            "http://localhost.example",
        ] {
            let fault = open(url, "m").expect("a fault");
            assert!(fault.starts_with("[speech] url: begins with https://"), "{url}: {fault}");
        }
        assert!(open("https://x/v1/chat/completions", "m").is_some_and(|f| f.contains("ends before")));
        assert_eq!(
            open("https://x/v1", " "),
            Some("[speech] model: is what the server calls the model".into())
        );
    }
}
