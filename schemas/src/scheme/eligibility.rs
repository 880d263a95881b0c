//! "Am I eligible?": a pure function of a scheme's rules, the answers and the day.

use super::Scheme;
use crate::entry::Fault;
use crate::form::{self, Answers, FormField, broken};
use crate::words::Words;
use jiff::civil::Date;
use serde_json::Value;

/// What the answers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eligibility<'a> {
    /// Everything was asked, and nothing speaks against it.
    Likely,
    /// These reasons speak against it.
    Unlikely(Vec<&'a Words>),
    /// Nothing speaks against it yet, but these questions are open.
    Unsure(Vec<&'a FormField>),
}

/// What the answers say of a scheme. A reason against it counts however much is still open.
#[must_use]
pub fn eligibility<'a>(scheme: &'a Scheme, answers: &Answers, today: Date) -> Eligibility<'a> {
    let mut reasons: Vec<&Words> = vec![];
    for rule in scheme.rules.iter().filter(|r| broken(r, answers, today).is_some()) {
        // Two bounds of one number may say the same.
        if !reasons.contains(&rule.message()) {
            reasons.push(rule.message());
        }
    }
    if !reasons.is_empty() {
        return Eligibility::Unlikely(reasons);
    }
    let open = scheme.questions.iter().filter(|q| q.asked(answers) && !answers.contains_key(&q.id));
    let open: Vec<_> = open.collect();
    if open.is_empty() { Eligibility::Likely } else { Eligibility::Unsure(open) }
}

/// Reads what was answered. A question may be left open; what is not understood is said.
#[must_use]
pub fn read(scheme: &Scheme, given: &Answers, today: Date) -> (Answers, Vec<Fault>) {
    let (mut answers, mut faults) = (Answers::new(), vec![]);
    for question in &scheme.questions {
        let value = given.get(&question.id).filter(|v| !is_open(v));
        let Some(value) = value.filter(|_| question.asked(&answers)) else { continue };
        match form::answer(question, value, today) {
            Ok(value) => drop(answers.insert(question.id.clone(), value)),
            Err(fault) => faults.push(fault),
        }
    }
    (answers, faults)
}

fn is_open(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|t| t.trim().is_empty())
}
