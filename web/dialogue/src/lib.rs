//! The assistant, pure: no clock, no file, no network, no randomness.
//!
//! [`understand`] tells what a message wants; [`grammar`] reads what is typed into one field;
//! [`conversation`] makes of what is [`heard`] what to [`say`] and what to do; [`language_model`] is what it may
//! ask of one, and what it believes of the answer.

pub mod conversation;
pub mod grammar;
pub mod heard;
pub mod language_model;
pub mod say;
mod texts;
mod transliterate;
pub mod understand;
