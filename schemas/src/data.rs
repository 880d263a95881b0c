//! The data files, part of the program; listed by `build.rs`.

include!(concat!(env!("OUT_DIR"), "/data.rs"));

/// What citizens are told.
pub const CITIZENS: &str = include_str!("../messages/citizens.toml");
/// Groups of form fields that services share.
pub const FORMS: &str = include_str!("../forms.toml");
/// Kinds of documents that services ask for.
pub const DOCUMENTS: &str = include_str!("../documents.toml");
/// What the schemes share.
pub const SCHEMES_SHARED: &str = include_str!("../schemes.toml");
/// Days on which offices are closed.
pub const HOLIDAYS: &str = include_str!("../holidays.toml");
/// Where the sub-divisions lie.
pub const PLACES: &str = include_str!("../places.toml");
/// Words that are commands to the assistant.
pub const COMMANDS: &str = include_str!("../assistant/commands.toml");
/// Phrases that ask the assistant what one has agreed to.
pub const CONSENTS: &str = include_str!("../assistant/consents.toml");
/// Words that ask the assistant for the list of services.
pub const ASKED_SERVICES: &str = include_str!("../assistant/services.toml");
/// Names in Devanagari and in Latin letters.
pub const NAMES: &str = include_str!("../assistant/names.tsv");
/// Number words, months, districts and little words, as people type them.
pub const SPOKEN: &str = include_str!("../assistant/words.toml");
/// What the assistant says.
pub const ASSISTANT: &str = include_str!("../messages/assistant.toml");
