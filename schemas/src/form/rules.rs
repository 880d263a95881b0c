//! Rules over several answers.

use super::{Answers, FormKind, Rule};
use crate::entry::Fault;
use crate::words::Words;
use jiff::civil::Date;
use jiff::{Span, Unit};

/// The fault of a rule, where the answers break it; none where an answer is missing.
#[must_use]
pub fn broken(rule: &Rule, answers: &Answers, today: Date) -> Option<Fault> {
    let day = |field: &str| answers.get(field)?.as_str()?.parse::<Date>().ok();
    let number = |field: &str| answers.get(field)?.as_i64();
    let text = |field: &str| answers.get(field)?.as_str();
    let (right, name, message) = match rule {
        Rule::Age { field, on, least, most, message } => {
            let on = match on {
                Some(on) => day(on)?,
                None => today,
            };
            let age = years(day(field)?, on);
            let right = least.is_none_or(|l| age >= l) && most.is_none_or(|m| age <= m);
            (right, "age", message)
        }
        Rule::AtLeast { field, least, message } => (number(field)? >= *least, "at-least", message),
        Rule::AtMost { field, most, message } => (number(field)? <= *most, "at-most", message),
        Rule::Before { field, day: limit, message } => {
            (day(field)? < limit.parse::<Date>().ok()?, "before", message)
        }
        Rule::YearsAgo { field, least, message } => {
            (years(day(field)?, today) >= *least, "years-ago", message)
        }
        Rule::DaysAgo { field, least, message } => {
            let since = day(field)?;
            let first = today.checked_sub(Span::new().try_days(*least).ok()?).ok()?;
            (since <= first, "days-ago", message)
        }
        Rule::Yes { field, message } => (answers.get(field)?.as_bool()?, "yes", message),
        Rule::No { field, message } => (!answers.get(field)?.as_bool()?, "no", message),
        Rule::OneOf { field, values, message } => {
            let value = text(field)?;
            (values.iter().any(|v| v == value), "one-of", message)
        }
        Rule::NotOneOf { field, values, message } => {
            let value = text(field)?;
            (values.iter().all(|v| v != value), "not-one-of", message)
        }
    };
    (!right).then(|| Fault::of(rule.field(), name, message))
}

/// Whole years between two days; negative where the second lies before the first.
fn years(from: Date, to: Date) -> i16 {
    from.until((Unit::Year, to)).map_or(0, |span| span.get_years())
}

impl Rule {
    /// The field that its fault names.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Age { field, .. }
            | Self::AtLeast { field, .. }
            | Self::AtMost { field, .. }
            | Self::Before { field, .. }
            | Self::YearsAgo { field, .. }
            | Self::DaysAgo { field, .. }
            | Self::Yes { field, .. }
            | Self::No { field, .. }
            | Self::OneOf { field, .. }
            | Self::NotOneOf { field, .. } => field,
        }
    }

    /// What it says where it is broken.
    #[must_use]
    pub fn message(&self) -> &Words {
        match self {
            Self::Age { message, .. }
            | Self::AtLeast { message, .. }
            | Self::AtMost { message, .. }
            | Self::Before { message, .. }
            | Self::YearsAgo { message, .. }
            | Self::DaysAgo { message, .. }
            | Self::Yes { message, .. }
            | Self::No { message, .. }
            | Self::OneOf { message, .. }
            | Self::NotOneOf { message, .. } => message,
        }
    }

    /// The options it names.
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::OneOf { values, .. } | Self::NotOneOf { values, .. } => values,
            _ => &[],
        }
    }

    /// Whether it can say anything about a field of this kind.
    pub(crate) fn fits(&self, kind: FormKind) -> bool {
        match self {
            Self::Age { .. } | Self::Before { .. } | Self::YearsAgo { .. } | Self::DaysAgo { .. } => {
                kind == FormKind::Day
            }
            Self::AtLeast { .. } | Self::AtMost { .. } => {
                matches!(kind, FormKind::Year | FormKind::Amount | FormKind::Number)
            }
            Self::Yes { .. } | Self::No { .. } => kind == FormKind::YesNo,
            Self::OneOf { .. } | Self::NotOneOf { .. } => kind == FormKind::Choice,
        }
    }

    /// Every field it looks at.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let on = if let Self::Age { on: Some(on), .. } = self { Some(on.as_str()) } else { None };
        [Some(self.field()), on].into_iter().flatten().collect()
    }
}
