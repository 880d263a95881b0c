//! Applications: from a citizen's draft to a decision, each state carrying exactly its data.
//!
//! ```text
//! draft → unpaid → in work ⇄ returned
//!                  in work → issued | rejected        any state before a decision → withdrawn
//! ```
//!
//! Every act is a pure function from an application to the next ([`act`]); the store writes the new
//! state and the [`Event`] in one transaction, and refuses if somebody else was quicker.

pub mod act;
pub mod certificate;
pub mod clock;
pub mod event;
pub mod grievance;
pub mod message;
pub mod money;
pub mod port;

use jiff::civil::Date;
use mohar_schemas::form::Answers;
use serde::{Deserialize, Serialize};

/// One application.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// What a person reads out: `A-2026-0000123-4`.
    pub number: String,
    /// The service's id.
    pub service: String,
    /// Whose it is: the id of a citizen.
    pub applicant: String,
    /// The office that handles it; empty in a draft.
    pub office: String,
    /// Where it stands.
    pub state: State,
    /// What was answered, in canonical form; in a draft as entered so far.
    pub answers: Answers,
    /// What is attached.
    pub documents: Vec<Attached>,
    /// The application whose certificate this one is to replace.
    pub corrects: Option<String>,
    /// The operator of a centre who fills it in for the citizen.
    pub assisted: Option<String>,
    /// The day the citizen complained of the delay.
    pub grieved: Option<Date>,
    /// The day it was handed in, paid for.
    pub submitted: Option<Date>,
    /// How often it has been written; a writer who saw an older version is refused.
    pub version: i64,
}

/// A file that is attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// The kind of document.
    pub kind: String,
    /// SHA-256 of the file in hex: its name in the file store.
    pub sha256: String,
    /// `pdf`, `jpeg` or `png`, by content.
    pub format: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Where an application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// The citizen still writes. Never expires by itself.
    Draft,
    /// Complete; the fee is due.
    Unpaid {
        /// Whole rupees.
        rupees: u32,
    },
    /// With the office.
    InWork {
        /// The state of the workflow.
        step: String,
        /// Since when.
        since: Date,
        /// The officer who stands for it: the first of two persons.
        recommended_by: Option<String>,
    },
    /// With the citizen, to be mended.
    Returned {
        /// The fields and documents to mend.
        fields: Vec<String>,
        /// What the officer wrote.
        note: String,
        /// Where it goes back to.
        step: String,
        /// Since when.
        since: Date,
    },
    /// Refused.
    Rejected {
        /// A row of the table `rejection-reasons`.
        reason: String,
        /// What the officer wrote.
        note: String,
        /// When.
        on: Date,
        /// Whether an appeal has been heard; a second one goes to a court.
        #[serde(default)]
        appealed: bool,
    },
    /// Taken back by the citizen.
    Withdrawn {
        /// When.
        on: Date,
    },
    /// Granted.
    Issued {
        /// The certificate's id in the API; none where the outcome is no credential.
        certificate: Option<String>,
        /// Who recommended and who approved.
        by: [Option<String>; 2],
        /// When.
        on: Date,
    },
}

impl State {
    /// Its stable name.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Unpaid { .. } => "unpaid",
            Self::InWork { .. } => "in-work",
            Self::Returned { .. } => "returned",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Issued { .. } => "issued",
        }
    }

    /// The state of the workflow, while an office has it.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        if let Self::InWork { step, .. } = self { Some(step) } else { None }
    }
}

/// An officer who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// The name to sign in with.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// What the officer is, and where: (role, office).
    pub posts: Vec<(String, String)>,
}

impl Officer {
    /// Whether the officer holds a role at an office.
    #[must_use]
    pub fn is(&self, role: &str, office: &str) -> bool {
        self.posts.iter().any(|(r, o)| r == role && o == office)
    }
}
