//! Step 2: only a linted request can be signed.
//!
//! To add a rule: one file in `lint/` with a function `check` and one failing example as its test,
//! and its name in [`RULES`]. Reading the fields themselves (kind, script, length, table) is
//! [`fields`]; rules look at the finished values.

mod age;
mod dates;
pub mod fields;
mod income;
mod office;
mod same_person;

use crate::request::{Fault, Request};
use jiff::civil::Date;
use mohar_schemas::credential::Credential;
use mohar_schemas::types;

type Rule = fn(&Credential) -> Option<Fault>;

/// The rules, in the order in which their faults are reported.
const RULES: &[Rule] = &[office::check, dates::check, age::check, income::check, same_person::check];

/// A request that may be signed. Its only maker is [`lint`]; its index is filled in by the sequencer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted(Credential);

impl Linted {
    /// The credential with its place in the ledger. Consumes the token: signed once.
    #[must_use]
    pub fn with_index(self, index: u64) -> Credential {
        Credential { index, ..self.0 }
    }

    /// The department whose key signs it.
    #[must_use]
    pub fn department(&self) -> &str {
        &self.0.kind.department
    }
}

/// Checks a request for a certificate issued on `today`.
pub fn lint(request: &Request, today: Date) -> Result<Linted, Vec<Fault>> {
    let kind = types::by_id(&request.kind).ok_or_else(|| {
        vec![Fault::new(
            "type",
            "known-type",
            format!("There is no certificate type “{}”.", short(&request.kind)),
            "यह प्रमाण पत्र का प्रकार उपलब्ध नहीं है।",
        )]
    })?;
    let mut faults = vec![];
    let office = office::find(&request.office, today).map_err(|f| faults.push(f)).ok();
    let valid_from =
        fields::valid_from(request.valid_from.as_deref(), today).map_err(|f| faults.push(f)).ok();
    let values = fields::read(kind, &request.fields, today).map_err(|f| faults.extend(f)).ok();
    let (Some(office), Some(valid_from), Some(values)) = (office, valid_from, values) else {
        return Err(faults);
    };
    let valid_until = kind
        .valid_days
        .and_then(|days| valid_from.checked_add(jiff::Span::new().try_days(i64::from(days) - 1).ok()?).ok());
    let credential = Credential { kind, index: 0, office, issued: today, valid_from, valid_until, values };
    faults.extend(RULES.iter().filter_map(|rule| rule(&credential)));
    if faults.is_empty() { Ok(Linted(credential)) } else { Err(faults) }
}

/// What a message quotes of bad input: little.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn sample(name: &str) -> Request {
        let path = format!("{}/../schemas/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    pub const TODAY: Date = jiff::civil::date(2026, 11, 24);

    /// The rules that a changed sample breaks.
    pub fn broken(name: &str, change: impl Fn(&mut Request)) -> Vec<&'static str> {
        let mut request = sample(name);
        change(&mut request);
        lint(&request, TODAY).map_or_else(|f| f.iter().map(|f| f.rule).collect(), |_| vec![])
    }

    #[test]
    fn the_samples_pass() {
        for name in ["caste-sc", "income", "marriage-hindu"] {
            assert_eq!(lint(&sample(name), TODAY).map(drop), Ok(()), "{name}");
        }
    }

    #[test]
    fn an_unknown_type_is_named() {
        assert_eq!(broken("income", |r| r.kind = "incme".into()), ["known-type"]);
    }
}
