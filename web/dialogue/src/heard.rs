//! What a citizen does, whatever the channel.

use serde::{Deserialize, Serialize};

/// One event of a citizen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Heard {
    /// Words, as typed.
    Text {
        /// At most 4,096 characters matter.
        text: String,
    },
    /// A tap on a button or a row of a list that we sent: its id.
    Tap {
        /// The id, as we sent it.
        id: String,
    },
    /// A picture, a document, a voice note or a film.
    File {
        /// Where the channel's adapter keeps it.
        key: String,
        /// What it is, by its content.
        format: Format,
        /// What was written under it.
        caption: String,
    },
    /// A place on the map.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// The citizen's own number, sent because we asked for it.
    Contact {
        /// As the channel writes it.
        phone: String,
    },
    /// Something that has no answer of its own: a sticker, a reaction, a contact, a kind we do not know.
    Other,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// PNG or JPEG.
    Picture,
    /// PDF.
    Pdf,
    /// Speech.
    Voice,
    /// Anything else, films among them.
    Unknown,
}
