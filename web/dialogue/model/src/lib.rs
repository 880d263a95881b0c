//! The intent model of the assistant: a linear softmax over hashed character n-grams of one Latin
//! skeleton, into which Devanagari is romanised and spellings are folded.
//!
//! The same source trains (in `build.rs` of `mohar-dialogue`) and understands, so that features can
//! never differ between the two. Everything is deterministic: fixed order, fixed seeds.

pub mod corpus;
pub mod evaluate;
pub mod features;
pub mod lexicon;
pub mod model;
pub mod noise;
pub mod normalise;
pub mod romanise;
pub mod skeleton;
pub mod train;

/// Intents beside `apply:<service>` and `scheme:<scheme>`.
pub const PLAIN_INTENTS: &[&str] = &[
    "back",
    "cancel",
    "correct",
    "documents",
    "download",
    "eligibility",
    "fees",
    "greeting",
    "grievance",
    "help",
    "language",
    "menu",
    "no",
    "out-of-scope",
    "person",
    "schemes",
    "status",
    "thanks",
    "timeline",
    "verify",
    "yes",
];

/// The intent of what is none of our business.
pub const OUT_OF_SCOPE: &str = "out-of-scope";
