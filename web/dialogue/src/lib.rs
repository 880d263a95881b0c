//! The assistant, pure: no clock, no file, no network, no randomness.
//!
//! [`understand`] tells what a message wants; [`grammar`] reads what is typed into one field;
//! [`conversation`] makes of what is [`heard`] what to [`say`] and what to do.

pub mod conversation;
pub mod grammar;
pub mod heard;
pub mod say;
mod texts;
mod transliterate;
pub mod understand;
