//! What we send, as the Cloud API takes it. Every limit is checked here, before anything is sent: what
//! the platform would refuse never leaves.

use mohar_dialogue::say::{
    BODY_MAX, BUTTON_MAX, BUTTONS_MAX, Button, ROW_MAX, ROWS_MAX, Row, Say, TEXT_MAX, UNDER_ROW_MAX, length,
};
use serde_json::{Map, Value, json};

/// Characters under a file.
const CAPTION_MAX: usize = 1_024;
/// Characters of a header or footer.
const EDGE_MAX: usize = 60;
/// Characters of a section's title.
const SECTION_MAX: usize = 24;
const SECTIONS_MAX: usize = 10;
const BUTTON_ID_MAX: usize = 256;
const ROW_ID_MAX: usize = 200;
const FILE_NAME_MAX: usize = 240;
const URL_MAX: usize = 2_000;

/// A message to a citizen.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The opaque id or the number.
    pub to: String,
    /// The message of theirs that it answers, shown above it.
    pub reply_to: Option<String>,
    /// What we call it; comes back with its news.
    pub ours: Option<i64>,
    /// What it says.
    pub content: Content,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words; a preview of a link in them where that is wanted.
    Text { body: String, preview: bool },
    /// A file.
    File(File),
    /// Answers to tap.
    Buttons { frame: Frame, buttons: Vec<Button> },
    /// Answers to choose from.
    List { frame: Frame, open: String, sections: Vec<Section> },
    /// A link to follow.
    Link { frame: Frame, label: String, url: String },
    /// Asks for a place on the map.
    AskLocation { body: String },
    /// Asks for the number of a citizen with a username.
    AskContact { body: String },
    /// An approved text with gaps; the only thing that may be sent after 24 hours of silence.
    Template { name: String, language: String, gaps: Vec<String> },
}

/// What stands around answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// Above.
    pub header: Option<String>,
    /// The words.
    pub body: String,
    /// Below.
    pub footer: Option<String>,
}

/// Rows of a list under a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Needed where there are several.
    pub title: Option<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Of what kind.
    pub kind: FileKind,
    /// Where it is.
    pub at: At,
    /// The words under it.
    pub caption: Option<String>,
    /// What a document is called on the phone.
    pub name: Option<String>,
}

/// What a file is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Image,
    Video,
    Document,
}

impl FileKind {
    /// The platform's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Document => "document",
        }
    }
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// Uploaded before.
    Id(String),
    /// At a public address.
    #[cfg_attr(not(test), expect(dead_code, reason = "ours are uploaded: nobody else can fetch them"))]
    Link(String),
}

/// A message that the platform would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{field}” {rule}")]
pub struct Unsendable {
    /// Which part.
    pub field: String,
    /// Why.
    pub rule: Rule,
}

/// What was not kept to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    #[error("is empty")]
    Empty,
    #[error("has more than {0} characters")]
    Long(usize),
    #[error("has none, or more than {0}")]
    Count(usize),
    #[error("is there twice")]
    Twice,
    #[error("is no http or https address")]
    Address,
    #[error("is missing beside others that have one")]
    Title,
}

impl Content {
    /// A bubble of the conversation; files are none, they are fetched and uploaded first.
    pub fn of(say: &Say) -> Option<Self> {
        let frame = |body: &String| Frame { body: body.clone(), ..Frame::default() };
        Some(match say {
            Say::Text { body } => Self::Text { body: body.clone(), preview: false },
            Say::Buttons { body, buttons } => Self::Buttons { frame: frame(body), buttons: buttons.clone() },
            Say::List { body, open, rows } => {
                let sections = vec![Section { title: None, rows: rows.clone() }];
                Self::List { frame: frame(body), open: open.clone(), sections }
            }
            Say::Link { body, label, url } => {
                Self::Link { frame: frame(body), label: label.clone(), url: url.clone() }
            }
            Say::AskLocation { body } => Self::AskLocation { body: body.clone() },
            Say::AskContact { body } => Self::AskContact { body: body.clone() },
            Say::File { .. } => return None,
        })
    }
}

impl Message {
    /// The request's body.
    pub fn json(&self) -> Result<Value, Unsendable> {
        self.content.check()?;
        filled("to", &self.to, 200)?;
        let (kind, part) = self.content.part();
        let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual" });
        // Opaque ids begin with a country and a point, numbers have digits only.
        let field = if self.to.contains('.') { "recipient" } else { "to" };
        body[field] = json!(self.to);
        if let Some(id) = &self.reply_to {
            body["context"] = json!({ "message_id": id });
        }
        if let Some(ours) = self.ours {
            body["biz_opaque_callback_data"] = json!(ours.to_string());
        }
        body["type"] = json!(kind);
        body[kind] = part;
        Ok(body)
    }
}

/// Ticks a citizen's message blue and shows that we write.
pub fn read_and_typing(message_id: &str, typing: bool) -> Value {
    let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": message_id });
    if typing {
        body["typing_indicator"] = json!({ "type": "text" });
    }
    body
}

impl Content {
    fn part(&self) -> (&'static str, Value) {
        let interactive = |kind: &str, frame: &Frame, action: Value| {
            let mut part = Map::new();
            part.insert("type".into(), json!(kind));
            if let Some(text) = &frame.header {
                part.insert("header".into(), json!({ "type": "text", "text": text }));
            }
            part.insert("body".into(), json!({ "text": frame.body }));
            if let Some(text) = &frame.footer {
                part.insert("footer".into(), json!({ "text": text }));
            }
            part.insert("action".into(), action);
            ("interactive", Value::Object(part))
        };
        let bare = |body: &String| Frame { body: body.clone(), ..Frame::default() };
        match self {
            Self::Text { body, preview } => ("text", json!({ "preview_url": preview, "body": body })),
            Self::File(file) => (file.kind.word(), file.part()),
            Self::Buttons { frame, buttons } => {
                let reply =
                    |b: &Button| json!({ "type": "reply", "reply": { "id": b.id, "title": b.title } });
                let buttons: Vec<Value> = buttons.iter().map(reply).collect();
                interactive("button", frame, json!({ "buttons": buttons }))
            }
            Self::List { frame, open, sections } => {
                let sections: Vec<Value> = sections.iter().map(Section::part).collect();
                interactive("list", frame, json!({ "button": open, "sections": sections }))
            }
            Self::Link { frame, label, url } => {
                let parameters = json!({ "display_text": label, "url": url });
                interactive("cta_url", frame, json!({ "name": "cta_url", "parameters": parameters }))
            }
            Self::AskLocation { body } => {
                interactive("location_request_message", &bare(body), json!({ "name": "send_location" }))
            }
            Self::AskContact { body } => {
                interactive("request_contact_info", &bare(body), json!({ "name": "request_contact_info" }))
            }
            Self::Template { name, language, gaps } => {
                let mut part = json!({ "name": name, "language": { "code": language } });
                if !gaps.is_empty() {
                    let gaps: Vec<Value> =
                        gaps.iter().map(|g| json!({ "type": "text", "text": g })).collect();
                    part["components"] = json!([{ "type": "body", "parameters": gaps }]);
                }
                ("template", part)
            }
        }
    }

    /// Every limit of the platform.
    pub fn check(&self) -> Result<(), Unsendable> {
        match self {
            Self::Text { body, .. } => filled("text.body", body, TEXT_MAX),
            Self::File(file) => file.check(),
            Self::Buttons { frame, buttons } => {
                frame.check()?;
                count("action.buttons", buttons.len(), BUTTONS_MAX)?;
                for b in buttons {
                    filled("reply.id", &b.id, BUTTON_ID_MAX)?;
                    filled("reply.title", &b.title, BUTTON_MAX)?;
                }
                once("reply.id", buttons.iter().map(|b| &b.id))?;
                once("reply.title", buttons.iter().map(|b| &b.title))
            }
            Self::List { frame, open, sections } => {
                frame.check()?;
                filled("action.button", open, BUTTON_MAX)?;
                count("action.sections", sections.len(), SECTIONS_MAX)?;
                count("rows", sections.iter().map(|s| s.rows.len()).sum(), ROWS_MAX)?;
                sections.iter().try_for_each(|s| s.check(sections.len() > 1))?;
                once("row.id", sections.iter().flat_map(|s| &s.rows).map(|r| &r.id))
            }
            Self::Link { frame, label, url } => {
                frame.check()?;
                filled("display_text", label, BUTTON_MAX)?;
                address("parameters.url", url)
            }
            Self::AskLocation { body } | Self::AskContact { body } => filled("body.text", body, BODY_MAX),
            Self::Template { name, language, gaps } => {
                filled("template.name", name, 512)?;
                filled("language.code", language, 16)?;
                gaps.iter().try_for_each(|g| filled("parameter.text", g, BODY_MAX))
            }
        }
    }
}

impl Section {
    fn part(&self) -> Value {
        let row = |r: &Row| {
            let mut row = json!({ "id": r.id, "title": r.title });
            if !r.under.is_empty() {
                row["description"] = json!(r.under);
            }
            row
        };
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        match &self.title {
            Some(title) => json!({ "title": title, "rows": rows }),
            None => json!({ "rows": rows }),
        }
    }

    fn check(&self, several: bool) -> Result<(), Unsendable> {
        count("section.rows", self.rows.len(), ROWS_MAX)?;
        match &self.title {
            Some(title) => filled("section.title", title, SECTION_MAX)?,
            None if several => return Err(Unsendable { field: "section.title".into(), rule: Rule::Title }),
            None => {}
        }
        self.rows.iter().try_for_each(|r| {
            filled("row.id", &r.id, ROW_ID_MAX)?;
            filled("row.title", &r.title, ROW_MAX)?;
            short("row.description", &r.under, UNDER_ROW_MAX)
        })
    }
}

impl File {
    fn part(&self) -> Value {
        let mut part = match &self.at {
            At::Id(id) => json!({ "id": id }),
            At::Link(link) => json!({ "link": link }),
        };
        if let Some(caption) = &self.caption {
            part["caption"] = json!(caption);
        }
        if let Some(name) = &self.name {
            part["filename"] = json!(name);
        }
        part
    }

    fn check(&self) -> Result<(), Unsendable> {
        match &self.at {
            At::Id(id) => filled("id", id, 200)?,
            At::Link(link) => address("link", link)?,
        }
        self.caption.as_ref().map_or(Ok(()), |c| filled("caption", c, CAPTION_MAX))?;
        self.name.as_ref().map_or(Ok(()), |n| filled("filename", n, FILE_NAME_MAX))
    }
}

impl Frame {
    fn check(&self) -> Result<(), Unsendable> {
        filled("body.text", &self.body, BODY_MAX)?;
        self.header.as_ref().map_or(Ok(()), |h| filled("header.text", h, EDGE_MAX))?;
        self.footer.as_ref().map_or(Ok(()), |f| filled("footer.text", f, EDGE_MAX))
    }
}

fn wrong(field: &str, rule: Rule) -> Unsendable {
    Unsendable { field: field.to_owned(), rule }
}

fn short(field: &str, text: &str, max: usize) -> Result<(), Unsendable> {
    if length(text) > max { Err(wrong(field, Rule::Long(max))) } else { Ok(()) }
}

fn filled(field: &str, text: &str, max: usize) -> Result<(), Unsendable> {
    if text.trim().is_empty() { Err(wrong(field, Rule::Empty)) } else { short(field, text, max) }
}

fn count(field: &str, n: usize, max: usize) -> Result<(), Unsendable> {
    if (1..=max).contains(&n) { Ok(()) } else { Err(wrong(field, Rule::Count(max))) }
}

fn once<'a>(field: &str, all: impl Iterator<Item = &'a String>) -> Result<(), Unsendable> {
    let mut all: Vec<&String> = all.collect();
    all.sort_unstable();
    if all.windows(2).any(|two| two[0] == two[1]) { Err(wrong(field, Rule::Twice)) } else { Ok(()) }
}

fn address(field: &str, url: &str) -> Result<(), Unsendable> {
    filled(field, url, URL_MAX)?;
    let has_host = |rest: &str| !rest.is_empty() && !rest.contains(char::is_whitespace);
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if rest.is_some_and(has_host) { Ok(()) } else { Err(wrong(field, Rule::Address)) }
}

#[cfg(test)]
#[path = "outbound_tests.rs"]
mod tests;
