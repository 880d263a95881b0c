//! What the webhook brings. Nothing is required: whatever is missing, misspelt or of a kind nobody
//! knows, the event survives, with an id and somebody it belongs to.

use mohar_dialogue::heard::Heard;
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use serde_json::{Value, json};

/// The longest id and handle that are kept as they are.
const NAME_MAX: usize = 200;
/// The longest text that is heard.
const TEXT_MAX: usize = 4_096;

/// One event of a webhook call, to be kept before it is worked on.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// The same for the same event, however often it is delivered.
    pub id: String,
    /// What shares it goes in order: the citizen, or for news of a message of ours that message.
    pub handle: String,
    /// When it was sent, in seconds since 1970-01-01 UTC, where it says so.
    pub sent_s: Option<i64>,
    /// The part of the call that is about it.
    pub body: Value,
}

/// An event, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A citizen did something.
    Citizen {
        /// The message's id.
        id: String,
        /// The number, where it is shown to us.
        phone: Option<String>,
        /// The number by which the same citizen was called before there was an opaque id, where the
        /// message has both.
        also: Option<String>,
        /// What.
        what: What,
    },
    /// News of a message of ours.
    Status(Status),
    /// News that nobody answers: a number changed, a group, a payment, something unknown.
    System(String),
}

/// What a citizen did.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It can be answered as it is.
    Heard(Heard),
    /// A file that has to be fetched first.
    Media(Media),
}

/// A file at the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its id there.
    pub id: String,
    /// SHA-256, in base64 or hex.
    pub sha256: Option<String>,
    /// What was written under it.
    pub caption: String,
    /// Speech.
    pub voice: bool,
}

/// How far a message of ours has got. Later ranks include the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Accepted,
    Sent,
    Delivered,
    Read,
    Played,
}

impl Rank {
    /// For the store.
    pub fn number(self) -> i64 {
        match self {
            Self::Accepted => 1,
            Self::Sent => 2,
            Self::Delivered => 3,
            Self::Read => 4,
            Self::Played => 5,
        }
    }
}

/// News of a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The platform's id of the message.
    pub message: String,
    /// What we called it when we sent it.
    pub ours: Option<i64>,
    /// How far, or why not.
    pub news: Result<Rank, i64>,
}

/// The events of a call; bytes that are no JSON are one event, too.
pub fn events(body: &[u8]) -> Vec<Raw> {
    let Ok(call) = serde_json::from_slice::<Value>(body) else {
        return vec![other(&json!({ "unreadable": String::from_utf8_lossy(body) }))];
    };
    let mut found = vec![];
    for change in list(&call["entry"]).flat_map(|e| list(&e["changes"])) {
        let value = &change["value"];
        let before = found.len();
        found.extend(list(&value["messages"]).map(|m| message(m, value)));
        found.extend(list(&value["statuses"]).map(status));
        if found.len() == before {
            found.push(other(change));
        }
    }
    if found.is_empty() {
        found.push(other(&call));
    }
    found
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|s| !s.is_empty())
}

fn message(message: &Value, value: &Value) -> Raw {
    let contact = contact(message, value);
    // With usernames the number may be absent; without them the opaque id may be.
    let handle = [
        &message["from_user_id"],
        &contact["user_id"],
        &message["from"],
        &contact["wa_id"],
        &message["group_id"],
    ];
    let handle = handle.into_iter().find_map(text).map(str::to_owned);
    let body = json!({ "message": message, "contact": contact });
    let id = text(&message["id"]).map_or_else(|| digest(&body), name);
    let handle = handle.map_or_else(|| format!("nobody/{id}"), |h| name(&h));
    Raw { handle: name(&handle), id, sent_s: seconds(&message["timestamp"]), body }
}

/// The contact of a message: the one who sent it, or the only one there is.
fn contact(message: &Value, value: &Value) -> Value {
    let from = |c: &&Value| {
        let same = |a: &Value, b: &Value| text(a).is_some() && a == b;
        same(&c["wa_id"], &message["from"]) || same(&c["user_id"], &message["from_user_id"])
    };
    let all: Vec<&Value> = list(&value["contacts"]).collect();
    let only = if all.len() == 1 { all.first().copied() } else { None };
    all.iter().copied().find(|c| from(c)).or(only).cloned().unwrap_or(Value::Null)
}

fn status(status: &Value) -> Raw {
    let body = json!({ "status": status });
    let of = text(&status["id"]).map_or_else(|| digest(&body), name);
    let what = text(&status["status"]).unwrap_or("unknown");
    Raw {
        id: name(&format!("{of}/{what}")),
        handle: name(&format!("message/{of}")),
        sent_s: seconds(&status["timestamp"]),
        body,
    }
}

fn other(body: &Value) -> Raw {
    let id = digest(body);
    Raw { handle: format!("nobody/{id}"), id, sent_s: None, body: json!({ "other": body }) }
}

fn digest(body: &Value) -> String {
    format!("sha256-{}", hex(&sha256(body.to_string().as_bytes())))
}

/// Names are keys of a database: short and printable, or else their hash.
fn name(text: &str) -> String {
    if text.len() <= NAME_MAX && !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    format!("sha256-{}", hex(&sha256(text.as_bytes())))
}

fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).filter(|s| (0..i64::from(u32::MAX)).contains(s))
}

/// What a kept event says.
pub fn read(body: &Value) -> Event {
    if body["status"].is_object() {
        return read_status(&body["status"]);
    }
    let message = &body["message"];
    if !message.is_object() {
        return Event::System(text(&body["other"]["field"]).unwrap_or("unknown").to_owned());
    }
    let kind = kind(message);
    if kind == "system" {
        return Event::System(text(&message["system"]["type"]).unwrap_or("system").to_owned());
    }
    let id = text(&message["id"]).unwrap_or_default().to_owned();
    let contact = &body["contact"];
    Event::Citizen {
        id,
        phone: phone(message, contact),
        also: also(message, contact),
        what: what(message, kind),
    }
}

/// The handle that a citizen with an opaque id had without it. Where the parts of a message do not agree
/// on who it is from, nobody is linked to anybody.
fn also(message: &Value, contact: &Value) -> Option<String> {
    let agreed = |a: &Value, b: &Value| match (text(a), text(b)) {
        (Some(a), Some(b)) if a != b => None,
        (a, b) => a.or(b).map(name),
    };
    agreed(&message["from_user_id"], &contact["user_id"])?;
    agreed(&message["from"], &contact["wa_id"])
}

/// The type of a message; where it is not said, the part that is there says it.
fn kind(message: &Value) -> &str {
    const KINDS: [&str; 10] = [
        "text",
        "interactive",
        "button",
        "image",
        "document",
        "audio",
        "video",
        "location",
        "contacts",
        "system",
    ];
    let there = || KINDS.into_iter().find(|k| message.get(k).is_some());
    text(&message["type"]).or_else(there).unwrap_or("unknown")
}

fn phone(message: &Value, contact: &Value) -> Option<String> {
    let phone = text(&message["from"]).or_else(|| text(&contact["wa_id"])).or_else(|| shared(message))?;
    digits(phone)
}

/// The number of a citizen who was asked for it and shared it; a card of somebody else is none.
fn shared(message: &Value) -> Option<&str> {
    let shared = list(&message["contacts"]).find(|c| c["origin"] == "contact_request")?;
    let phone = shared["phones"].get(0)?;
    text(&phone["wa_id"]).or_else(|| text(&phone["phone"]))
}

fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then_some(digits)
}

fn what(message: &Value, kind: &str) -> What {
    let heard = match kind {
        "text" => text(&message["text"]["body"]).map(words),
        "button" => {
            let button = &message["button"];
            text(&button["payload"]).map(tap).or_else(|| text(&button["text"]).map(words))
        }
        "interactive" => {
            let interactive = &message["interactive"];
            let reply = [&interactive["button_reply"]["id"], &interactive["list_reply"]["id"]];
            reply.into_iter().find_map(text).map(tap)
        }
        "location" => place(&message["location"]),
        "contacts" => shared(message).and_then(digits).map(|phone| Heard::Contact { phone }),
        "image" | "document" | "audio" | "voice" | "video" => {
            return media(&message[kind], kind).map_or(What::Heard(Heard::Other), What::Media);
        }
        _ => None,
    };
    What::Heard(heard.unwrap_or(Heard::Other))
}

fn words(text: &str) -> Heard {
    Heard::Text { text: text.chars().take(TEXT_MAX).collect() }
}

fn tap(id: &str) -> Heard {
    Heard::Tap { id: id.chars().take(NAME_MAX + 56).collect() }
}

fn place(location: &Value) -> Option<Heard> {
    let degrees = |v: &Value, max: f64| {
        let degrees = v.as_f64().or_else(|| v.as_str()?.parse().ok())?;
        (degrees.is_finite() && degrees.abs() <= max).then_some(degrees)
    };
    let latitude = degrees(&location["latitude"], 90.0)?;
    Some(Heard::Location { latitude, longitude: degrees(&location["longitude"], 180.0)? })
}

fn media(part: &Value, kind: &str) -> Option<Media> {
    Some(Media {
        id: text(&part["id"]).filter(|id| id.len() <= NAME_MAX)?.to_owned(),
        sha256: text(&part["sha256"]).map(str::to_owned),
        caption: text(&part["caption"]).unwrap_or_default().chars().take(TEXT_MAX).collect(),
        voice: matches!(kind, "audio" | "voice"),
    })
}

fn read_status(status: &Value) -> Event {
    let news = match text(&status["status"]).unwrap_or_default() {
        _ if status["type"] == "payment" => return Event::System("payment".into()),
        "accepted" => Ok(Rank::Accepted),
        "sent" => Ok(Rank::Sent),
        "delivered" => Ok(Rank::Delivered),
        "read" => Ok(Rank::Read),
        "played" => Ok(Rank::Played),
        "failed" => Err(status["errors"][0]["code"].as_i64().unwrap_or(0)),
        other => return Event::System(format!("status {}", name(other))),
    };
    let ours = text(&status["biz_opaque_callback_data"]).and_then(|o| o.parse().ok());
    Event::Status(Status { message: name(text(&status["id"]).unwrap_or_default()), ours, news })
}

#[cfg(test)]
#[path = "inbound_tests.rs"]
mod tests;
