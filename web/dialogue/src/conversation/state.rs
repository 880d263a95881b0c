//! Where a citizen stands: what is kept of a conversation from one message to the next.

use super::service::Query;
use mohar_schemas::form::Answers;
use mohar_schemas::identity::Person;
use mohar_schemas::words::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A citizen's conversation. Never expires.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The language, once it is known.
    pub language: Option<Language>,
    /// Where the citizen stands.
    pub at: At,
    /// The application that is being filled in.
    pub draft: Option<Draft>,
    /// Counts the questions, so that a tap on an earlier one is recognised.
    pub turn: u32,
    /// How often the last question was not answered.
    pub misses: u8,
    /// Files that came at the wrong moment, the first first.
    #[serde(default)]
    pub early: Vec<String>,
    /// A sub-division that a place on the map belongs to, until it is proposed.
    pub place: Option<String>,
}

/// Where a citizen stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum At {
    /// At the door, or between things.
    #[default]
    Outside,
    /// Looks at a service.
    Service {
        /// Which.
        service: String,
    },
    /// Is asked to agree.
    Consent {
        /// To what for.
        service: String,
    },
    /// Is asked whether to go on with the draft.
    Resume {
        /// What else was asked for.
        wanted: Option<String>,
    },
    /// Fills in the draft.
    Form,
    /// Waits for a draft to choose in it what is wrong.
    Mending,
    /// Is asked whether a certificate is to be replaced by a corrected one.
    Correction {
        /// The number of its application.
        number: String,
    },
    /// Is asked which service a question is about.
    Asked {
        /// The question.
        query: Query,
    },
    /// Is asked for a certificate, to check it.
    Number,
    /// Is asked for a fact that stands on a certificate.
    Fact {
        /// Its number, whose check digit is right.
        number: String,
    },
    /// Complains of a delay; with a number, is asked whether a grievance is to be filed.
    Grievance {
        /// What the citizen wrote.
        words: String,
        /// The application.
        number: Option<String>,
    },
    /// Is asked about a scheme.
    Eligible {
        /// Which.
        scheme: String,
        /// The answers so far; kept nowhere else.
        answers: Answers,
    },
    /// Is to prove who they are.
    Identity {
        /// Who a genuine code is about, until the citizen says that this is right; kept nowhere else.
        offered: Option<Person>,
        /// Whether a form waits behind it.
        form: bool,
    },
}

/// An application that is being filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The service.
    pub service: String,
    /// The application's number.
    pub number: String,
    /// The answers so far, in canonical form.
    pub answers: Answers,
    /// The field that is half answered, and what is known of it.
    pub partial: Option<(String, Value)>,
    /// Half answers that are known from elsewhere: a proved name lacks its Hindi.
    #[serde(default)]
    pub known: Answers,
    /// Optional questions and papers that were left out.
    pub skipped: Vec<String>,
    /// The kinds of papers that are attached.
    pub documents: Vec<String>,
    /// What was answered, in order: the way back.
    pub trail: Vec<String>,
    /// Early files that are not this paper: kind and file.
    #[serde(default)]
    pub declined: Vec<(String, String)>,
}
