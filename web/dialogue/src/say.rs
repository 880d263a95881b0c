//! What the assistant says, whatever the channel. Limits are those of the narrowest channel, WhatsApp,
//! by the stricter of code points and UTF-16 units.

use mohar_schemas::words::Language;
use serde::{Deserialize, Serialize};

/// Characters of a text.
pub const TEXT_MAX: usize = 4_096;
/// Characters above buttons, a list or a link.
pub const BODY_MAX: usize = 1_024;
/// Buttons under a message.
pub const BUTTONS_MAX: usize = 3;
/// Rows of a list.
pub const ROWS_MAX: usize = 10;
/// Characters on a button.
pub const BUTTON_MAX: usize = 20;
/// Characters of a row.
pub const ROW_MAX: usize = 24;
/// Characters under a row.
pub const UNDER_ROW_MAX: usize = 72;

/// One bubble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Say {
    /// Words.
    Text {
        /// The words.
        body: String,
    },
    /// Up to three answers to tap.
    Buttons {
        /// The words above.
        body: String,
        /// The answers.
        buttons: Vec<Button>,
    },
    /// Up to ten answers to choose from.
    List {
        /// The words above.
        body: String,
        /// What opens the list.
        open: String,
        /// The answers.
        rows: Vec<Row>,
    },
    /// A link to follow.
    Link {
        /// The words above.
        body: String,
        /// What is tapped.
        label: String,
        /// Where to.
        url: String,
    },
    /// Asks for a place on the map.
    AskLocation {
        /// The words above.
        body: String,
    },
    /// Asks for the citizen's own number, which one tap sends.
    AskContact {
        /// The words above.
        body: String,
    },
    /// A certificate, a picture or a film of ours.
    File {
        /// What to send; the adapter knows how to get it.
        what: Sent,
        /// The words under it.
        caption: String,
    },
}

/// An answer to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Comes back with the tap; at most 200 bytes of ASCII.
    pub id: String,
    /// What it says.
    pub title: String,
}

/// An answer to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Comes back with the tap; at most 200 bytes of ASCII.
    pub id: String,
    /// What it says.
    pub title: String,
    /// More about it; may be empty.
    pub under: String,
}

/// A file of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Sent {
    /// The PDF of an application's certificate.
    Certificate {
        /// The application's number.
        application: String,
    },
    /// The picture of a scheme.
    SchemeCard {
        /// The scheme.
        scheme: String,
        /// In which language.
        language: Language,
    },
    /// The film of a scheme.
    SchemeFilm {
        /// The scheme.
        scheme: String,
        /// In which language.
        language: Language,
    },
}

pub use mohar_schemas::words::length;

/// One bubble a turn where it can be: what is only said goes above what is asked.
#[must_use]
pub fn joined(says: Vec<Say>) -> Vec<Say> {
    let mut out: Vec<Say> = vec![];
    for say in says {
        let Some(Say::Text { body: above }) = out.last() else {
            out.push(say);
            continue;
        };
        let above = above.clone();
        let mut say = say;
        let body = match &mut say {
            Say::Text { body }
            | Say::Buttons { body, .. }
            | Say::List { body, .. }
            | Say::Link { body, .. }
            | Say::AskLocation { body }
            | Say::AskContact { body } => body,
            Say::File { caption, .. } => caption,
        };
        let both = format!("{above}\n\n{body}");
        if length(&both) <= BODY_MAX {
            *body = both;
            out.pop();
        }
        out.push(say);
    }
    out
}
