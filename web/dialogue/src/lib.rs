//! The assistant, pure: no clock, no file, no network, no randomness.
//!
//! [`understand`] tells what a message wants; [`grammar`] reads what is typed into one field.

pub mod grammar;
pub mod understand;
