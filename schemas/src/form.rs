//! Forms as data: fields, conditions and rules over several answers. Answers are JSON; what passes
//! comes back in one canonical form, which is what is stored and what goes into the certificate.

mod example;
mod read;
mod rules;

pub use example::example;
pub use read::{Answers, PERSON_NAME_MAX, RELATION_MAX, answer, read};
pub use rules::broken;

use crate::words::Words;
use serde::Deserialize;

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its name; the same as the certificate's field it fills.
    pub id: String,
    /// What it holds.
    pub kind: FormKind,
    /// What is asked.
    pub label: Words,
    /// A hint.
    pub help: Option<Words>,
    /// The most letters of a text, or persons of a list.
    pub max: Option<usize>,
    /// The fewest persons of a list.
    pub least: Option<usize>,
    /// The table of a choice.
    pub table: Option<String>,
    /// Only rows of this department.
    pub filter: Option<String>,
    /// The options of a choice without a table.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Asked only where another answer is one of these.
    pub when: Option<When>,
    /// May be left out.
    #[serde(default)]
    pub optional: bool,
    /// Who fills it in.
    #[serde(default)]
    pub by: By,
    /// A day that may lie ahead.
    #[serde(default)]
    pub future: bool,
    /// What a citizen who has proved who they are need not be asked for.
    pub identity: Option<Known>,
}

/// What is known of a citizen who has proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// The name in English.
    Name,
    /// The date of birth.
    Born,
    /// The last four digits of the Aadhaar number.
    LastFour,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormKind {
    /// A person's name, in English and, where known, in Hindi; as entered, never derived.
    Name,
    /// A text, in English and, where known, in Hindi.
    Text,
    /// A calendar day.
    Day,
    /// A year.
    Year,
    /// Whole rupees.
    Amount,
    /// A whole number.
    Number,
    /// A mobile number.
    Phone,
    /// A PIN code of Delhi.
    Pin,
    /// A row of a table, or an option.
    Choice,
    /// Yes or no.
    YesNo,
    /// Persons: name, relation, age.
    People,
    /// A bank account.
    Account,
    /// A branch's code.
    Ifsc,
    /// A vehicle's registration number.
    Vehicle,
    /// A driving licence's number.
    Licence,
    /// An Aadhaar number; only the last four digits stay.
    Aadhaar,
    /// The number of a document, as it stands there.
    Reference,
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in answers.
    pub id: String,
    /// What is shown.
    pub name: Words,
}

/// A condition on another answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// The other field.
    pub field: String,
    /// The answers that make it true; `yes` and `no` for yes-or-no questions.
    pub is: Vec<String>,
}

impl When {
    /// Whether the answers make it true.
    #[must_use]
    pub fn holds(&self, answers: &Answers) -> bool {
        let answer = match answers.get(&self.field) {
            Some(serde_json::Value::Bool(true)) => "yes",
            Some(serde_json::Value::Bool(false)) => "no",
            Some(serde_json::Value::String(text)) => text,
            _ => return false,
        };
        self.is.iter().any(|is| is == answer)
    }
}

/// Who fills a field in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The citizen.
    #[default]
    Citizen,
    /// An officer, before approval.
    Officer,
}

/// A rule over several answers; it says nothing about answers that are missing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// Somebody is old enough, or not too old, on a day.
    Age {
        /// The day of birth.
        field: String,
        /// The field of the day; none: today.
        on: Option<String>,
        /// At least so many years.
        least: Option<i16>,
        /// At most so many years.
        most: Option<i16>,
        /// What to say otherwise.
        message: Words,
    },
    /// A number is large enough.
    AtLeast {
        /// The number.
        field: String,
        /// The smallest.
        least: i64,
        /// What to say otherwise.
        message: Words,
    },
    /// A number is small enough.
    AtMost {
        /// The number.
        field: String,
        /// The largest.
        most: i64,
        /// What to say otherwise.
        message: Words,
    },
    /// A day lies before another.
    Before {
        /// The day.
        field: String,
        /// The first day that is too late, `YYYY-MM-DD`.
        day: String,
        /// What to say otherwise.
        message: Words,
    },
    /// A day lies so many years back.
    YearsAgo {
        /// The day.
        field: String,
        /// Years.
        least: i16,
        /// What to say otherwise.
        message: Words,
    },
    /// A day lies so many days back.
    DaysAgo {
        /// The day.
        field: String,
        /// Days.
        least: i32,
        /// What to say otherwise.
        message: Words,
    },
    /// A question is answered with yes.
    Yes {
        /// The question.
        field: String,
        /// What to say otherwise.
        message: Words,
    },
    /// A question is answered with no.
    No {
        /// The question.
        field: String,
        /// What to say otherwise.
        message: Words,
    },
    /// A choice is one of these.
    OneOf {
        /// The choice.
        field: String,
        /// The options that are right.
        values: Vec<String>,
        /// What to say otherwise.
        message: Words,
    },
    /// A choice is none of these.
    NotOneOf {
        /// The choice.
        field: String,
        /// The options that are wrong.
        values: Vec<String>,
        /// What to say otherwise.
        message: Words,
    },
}

impl FormField {
    /// The options of a choice: id and words, those of a table as in use on a day.
    #[must_use]
    pub fn choices(&self, today: jiff::civil::Date) -> Vec<(&str, Words)> {
        if let Some(table) = self.table.as_deref().and_then(crate::tables::table) {
            let mine = |r: &&crate::tables::Row| {
                r.in_use_on(today) && (self.filter.is_none() || r.department == self.filter)
            };
            let rows = table.rows.iter().filter(mine);
            return rows.map(|r| (r.id.as_str(), Words::new(&r.en, &r.hi))).collect();
        }
        self.options.iter().map(|o| (o.id.as_str(), o.name.clone())).collect()
    }

    /// Whether it is asked, given the answers so far.
    #[must_use]
    pub fn asked(&self, answers: &Answers) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(answers))
    }
}
