//! The assistant: an event and the state of a conversation become messages and commands. Pure: it knows
//! no channel, no clock, no store.

pub mod conversation;
pub mod heard;
pub mod say;
mod texts;
mod transliterate;
