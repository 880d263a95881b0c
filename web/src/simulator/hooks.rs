//! Tells the webhook: signed, in order, again where it is not taken; or as unkindly as asked.

use super::Simulator;
use crate::whatsapp::signature;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// A call that is not taken is made so many times more, each time after twice the pause.
const AGAIN_MAX: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// So long the first of two waits to be overtaken.
const OVERTAKEN_WITHIN: Duration = Duration::from_millis(400);

/// Delivers what is to be told.
pub async fn deliver(simulator: Arc<Simulator>, mut calls: UnboundedReceiver<Value>) {
    while let Some(call) = calls.recv().await {
        let unkind = simulator.state().unkind;
        tokio::time::sleep(Duration::from_millis(unkind.delay_ms.into())).await;
        let mut due = vec![call];
        if unkind.reorder
            && let Ok(Some(next)) = tokio::time::timeout(OVERTAKEN_WITHIN, calls.recv()).await
        {
            due.insert(0, next);
        }
        for call in due {
            for _ in 0..=unkind.duplicates {
                attempt(&simulator, &call).await;
            }
        }
    }
}

/// Makes a call; where it is not taken, others go on meanwhile and it is made again, as at Meta.
async fn attempt(simulator: &Arc<Simulator>, value: &Value) {
    let call = json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": "1000", "changes": [{ "value": value, "field": "messages" }] }] });
    let body = call.to_string();
    if post(simulator, &body).await {
        return;
    }
    let simulator = Arc::clone(simulator);
    tokio::spawn(async move {
        for tried in 0..AGAIN_MAX {
            tokio::time::sleep(FIRST_PAUSE * 2_u32.pow(tried)).await;
            if post(&simulator, &body).await {
                return;
            }
        }
        tracing::warn!("the webhook did not take an event");
    });
}

async fn post(simulator: &Simulator, body: &str) -> bool {
    let signature = signature::sign(&simulator.settings.app_secret, body.as_bytes());
    let (url, body) = (simulator.settings.webhook.clone(), body.to_owned());
    let post = move || {
        let config = ureq::Agent::config_builder().timeout_global(Some(ANSWER_WITHIN)).build();
        let request = ureq::Agent::from(config).post(&url).header("Content-Type", "application/json");
        request.header(signature::HEADER, signature).send(&body).is_ok()
    };
    tokio::task::spawn_blocking(post).await.unwrap_or(false)
}
