//! A service as data: what a citizen may ask for, and what comes out.

use crate::form::{FormField, Rule, When};
use crate::words::Words;
use serde::Deserialize;

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name everywhere.
    pub id: String,
    /// Its place in menus.
    pub place: u16,
    /// A row of the table `departments`.
    pub department: String,
    /// What it is called.
    pub name: Words,
    /// The same in at most [`SHORT_MAX`](crate::words::SHORT_MAX) letters, for a row of a list; left out where the name is short.
    pub short: Option<Words>,
    /// What it is for, in a sentence.
    pub about: Words,
    /// Who may apply.
    pub who: Words,
    /// `DigiLocker`'s document type.
    pub digilocker: Option<String>,
    /// Set where nothing can be applied for here: where to go instead.
    pub information: Option<Words>,
    /// The workflow of its applications.
    #[serde(default)]
    pub workflow: String,
    /// Groups of fields that come before its own.
    #[serde(default)]
    pub form: Vec<String>,
    /// Groups of fields that come after its own.
    #[serde(default)]
    pub form_end: Vec<String>,
    /// The statutory time limit; none is known for some.
    pub time_limit: Option<TimeLimit>,
    /// What it costs.
    #[serde(default)]
    pub fee: Fee,
    /// What comes out.
    #[serde(default)]
    pub outcome: Outcome,
    /// Its own fields; after loading, all of them in order.
    #[serde(default, rename = "field")]
    pub fields: Vec<FormField>,
    /// What is to be attached.
    #[serde(default, rename = "document")]
    pub documents: Vec<Document>,
    /// Rules over several answers.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

impl Service {
    /// Its name for a row of a list.
    #[must_use]
    pub fn in_short(&self) -> &Words {
        self.short.as_ref().unwrap_or(&self.name)
    }
}

/// A time limit and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// Working days.
    pub days: u32,
    /// The law or order.
    pub source: String,
}

/// A fee and where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Whole rupees.
    pub rupees: u32,
    /// The order.
    pub source: String,
}

/// What comes out of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What it is.
    pub kind: OutcomeKind,
    /// The certificate type of a credential.
    #[serde(rename = "type")]
    pub certificate: Option<String>,
}

/// The kinds of outcomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// A signed certificate, card, licence, order or letter.
    Credential,
    /// Only the application itself is acknowledged.
    #[default]
    Acknowledgement,
}

/// A document that a service asks for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// A row of `documents.toml`.
    pub kind: String,
    /// Asked for only where an answer is one of these.
    pub when: Option<When>,
    /// May be left out.
    #[serde(default)]
    pub optional: bool,
}

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    /// Its name.
    pub id: String,
    /// What it is called.
    pub name: Words,
    /// What counts.
    pub help: Words,
    /// `pdf`, `jpeg`, `png`; told by content, not by name.
    pub formats: Vec<String>,
    /// The largest file, in KiB.
    pub max_kib: u32,
}

impl Service {
    /// Whether one can apply for it here.
    #[must_use]
    pub fn can_be_applied_for(&self) -> bool {
        self.information.is_none()
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&FormField> {
        self.fields.iter().find(|f| f.id == id)
    }
}
