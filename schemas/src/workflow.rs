//! Workflows as data: the states an application goes through, who acts in each, and what they may do.

use crate::form::When;
use crate::words::Words;
use serde::Deserialize;

/// A workflow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    /// Its name in the services.
    pub id: String,
    /// Whoever recommended may not approve.
    pub two_persons: bool,
    /// The states; the first is where a submitted application starts.
    #[serde(rename = "state")]
    pub states: Vec<Step>,
}

/// One state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub id: String,
    /// The role that acts, a row of the table `roles`.
    pub role: String,
    /// Working days it may take.
    pub days: u32,
    /// What the citizen reads.
    pub name: Words,
    /// What may always be done here.
    pub can: Vec<Always>,
    /// What moves it on.
    #[serde(rename = "action")]
    pub actions: Vec<Action>,
}

/// What is done the same way in every state that allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Always {
    /// Back to the citizen, with the fields to mend.
    SendBack,
    /// Refused, with a reason.
    Reject,
    /// To another office.
    Transfer,
}

/// What moves an application on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it does.
    pub id: Move,
    /// The state it leads to; none: it ends in the certificate.
    pub to: Option<String>,
    /// What the officer reads.
    pub name: Words,
    /// Offered only where an answer is one of these.
    pub when: Option<When>,
    /// Not offered where an answer is one of these.
    pub unless: Option<When>,
}

/// The kinds of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// On to the next.
    Forward,
    /// On, and the officer stands for it: the first of the two persons.
    Recommend,
    /// Issue: the second of the two persons.
    Approve,
}

impl Workflow {
    /// The state of this name.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.states.iter().find(|s| s.id == id)
    }

    /// The state in which the certificate is granted.
    #[must_use]
    pub fn approving(&self) -> Option<&Step> {
        self.states.iter().find(|s| s.actions.iter().any(|a| a.id == Move::Approve))
    }

    /// What is wrong with it, as (key, rule).
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let mut faults = vec![];
        let roles = crate::tables::table("roles");
        for (place, step) in self.states.iter().enumerate() {
            let key = format!("state {}", step.id);
            if self.states[..place].iter().any(|s| s.id == step.id) {
                faults.push((key.clone(), "the name is used twice".into()));
            }
            if roles.and_then(|t| t.by_id(&step.role)).is_none() {
                faults.push((key.clone(), format!("there is no role {}", step.role)));
            }
            if step.actions.is_empty() {
                faults.push((key.clone(), "nothing leads out of it".into()));
            }
            for action in &step.actions {
                let known = action.to.as_ref().is_none_or(|to| self.step(to).is_some());
                if !known || action.to.is_none() != (action.id == Move::Approve) {
                    let rule = "an action leads to a state of this workflow; approve alone leads to none";
                    faults.push((key.clone(), rule.into()));
                }
            }
        }
        let has = |m| self.states.iter().flat_map(|s| &s.actions).any(|a| a.id == m);
        if !has(Move::Approve) || self.two_persons && !has(Move::Recommend) {
            faults.push(("state".into(), "an approval is missing, or the recommendation before it".into()));
        }
        faults
    }
}
