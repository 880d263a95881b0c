//! A language model and a speech service for the chat, where they are configured: servers that speak
//! `OpenAI`'s HTTP interface, such as llama.cpp, vLLM or Ollama on one's own machines. They are optional: where
//! one is absent, slow, broken or hostile, the conversation goes on without it.

mod breaker;
mod endpoint;

use crate::multipart::Form;
use crate::whatsapp::blocking;
use endpoint::Endpoint;
use mohar_dialogue::language_model::Prompt;
use mohar_schemas::words::Language;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long a model may take: the citizen waits.
const MODEL_WITHIN: Duration = Duration::from_secs(4);
/// How long listening may take; shorter than the claim on the citizen's event.
const SPEECH_WITHIN: Duration = Duration::from_secs(15);
/// The longest answer of a model, in tokens.
const TOKENS_MAX: u32 = 300;

/// `[model]` or `[speech]` of the configuration. It has a secret: it is never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What stands before `/chat/completions` or `/audio/transcriptions`, such as
    /// `https://model.example.gov.in/v1`.
    url: String,
    /// Sent as bearer token; left out, nothing is sent.
    token: Option<String>,
    /// What the server calls the model.
    model: String,
}

/// Both sections, as they stand in the configuration and in the file of `mohar demo --helpers`.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// The language model.
    pub model: Option<Config>,
    /// The speech service.
    pub speech: Option<Config>,
}

/// What helps the conversation.
#[derive(Default)]
pub struct Helpers {
    model: Option<Arc<Endpoint>>,
    speech: Option<Arc<Endpoint>>,
}

impl Helpers {
    /// # Errors
    /// If an address is not one that secrets may be sent to, by section and key.
    pub fn open(sections: &Sections) -> Result<Self, String> {
        let open = |section, config: &Option<Config>, within| {
            let endpoint = config.as_ref().map(|c| Endpoint::open(section, c, within));
            endpoint.transpose().map(|e| e.map(Arc::new))
        };
        Ok(Self {
            model: open("model", &sections.model, MODEL_WITHIN)?,
            speech: open("speech", &sections.speech, SPEECH_WITHIN)?,
        })
    }

    /// Whether there is a language model.
    pub fn has_model(&self) -> bool {
        self.model.is_some()
    }

    /// Whether there is a speech service.
    pub fn has_speech(&self) -> bool {
        self.speech.is_some()
    }

    /// What the model answers, as text; nothing where it does not, or wants to do something else.
    pub async fn consult(&self, prompt: &Prompt) -> Option<String> {
        let model = Arc::clone(self.model.as_ref()?);
        let body = json!({
            "model": model.model(), "temperature": 0, "max_tokens": TOKENS_MAX, "stream": false,
            "messages": [{ "role": "system", "content": prompt.system }, { "role": "user", "content": prompt.user }],
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "answer", "strict": true, "schema": prompt.schema },
            },
        });
        let body = body.to_string().into_bytes();
        let answer = blocking(move || model.post("/chat/completions", "application/json", &body)).await??;
        let message = &answer["choices"][0]["message"];
        let calls = [&message["tool_calls"], &message["function_call"]];
        let calls = calls.into_iter().any(|c| !(c.is_null() || c.as_array().is_some_and(Vec::is_empty)));
        text(&message["content"]).filter(|_| !calls)
    }

    /// What a voice note says; nothing where it was not heard.
    pub async fn listen(&self, voice: Vec<u8>, language: Option<Language>) -> Option<String> {
        let speech = Arc::clone(self.speech.as_ref()?);
        let form = Form::new().text("model", speech.model()).text("response_format", "json");
        // Without it, models take Hindi for its neighbours.
        let form = if let Some(language) = language { form.text("language", language.code()) } else { form };
        let (kind, body) = form.file("voice.ogg", "audio/ogg", &voice).end();
        let answer = blocking(move || speech.post("/audio/transcriptions", &kind, &body)).await??;
        text(&answer["text"])
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
