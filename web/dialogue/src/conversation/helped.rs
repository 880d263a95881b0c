//! Where a language model is asked, and what becomes of its answer: it is offered, never taken.

use super::answering::Taken;
use super::asking::{Part, Question as Open, next, part};
use super::ear::meant;
use super::filling::shown;
use super::{Command, Talk};
use crate::language_model::{self, Question, Redacted, Wish};
use crate::say::joined;
use mohar_schemas::form::{FormField, FormKind};
use serde_json::Value;

/// The miss after which a value is proposed.
const SECOND: u8 = 2;

impl Talk {
    /// What words mean; where nobody knows, a model is asked, and where they ask about a service, it is
    /// asked to put the approved answer in their terms.
    pub(super) fn wanted_or_asked(&mut self, said: &str) {
        if !self.world.model {
            return self.wanted(said);
        }
        let meant = meant(said, self.world.today);
        if meant.lost && self.consult(self.question(|names, first| Question::intent(said, names, first))) {
            return;
        }
        self.wanted(said);
        let asks =
            meant.intents.first().is_some_and(|i| ["fees", "documents", "timeline"].contains(&i.as_str()));
        if asks && meant.service.is_some() && self.commands.is_empty() {
            // The answer and what can be done about it are one bubble.
            let (says, language) = (joined(self.say.clone()), self.language());
            if self.consult(self.question(|names, _| Question::wording(said, names, &says, language))) {
                self.say.clear();
            }
        }
    }

    /// Whether a model is asked for the value of an answer that was missed for the second time.
    pub(super) fn asked_for_value(&mut self, field: &FormField, said: &str, taken: &Taken) -> bool {
        let Taken::Again(why) = taken else { return false };
        let whole = self.state.draft.as_ref().is_some_and(|d| part(d, field) == Part::Whole);
        if !self.world.model || !whole || self.state.misses + 1 != SECOND {
            return false;
        }
        let today = self.world.today;
        let asked = self.consult(self.question(|names, _| Question::value(field, said, names, why, today)));
        self.state.misses += u8::from(asked);
        asked
    }

    /// A model has answered, or not.
    pub(super) fn advised(&mut self, question: Question, answer: Option<&str>) {
        match question.wish {
            Wish::Intent { said, first } => {
                self.first = first;
                match &language_model::intents(answer)[..] {
                    [] => self.wanted(&said),
                    found => self.offer(found),
                }
            }
            Wish::Value { field, redacted, why } => {
                if !self.offer_value(&field, &redacted, answer) {
                    self.say(why);
                    self.ask();
                }
            }
            Wish::Wording { says } => self.say.extend(language_model::worded(answer, says)),
        }
    }

    /// Asks, if there is something to ask.
    fn consult(&mut self, question: Option<Question>) -> bool {
        let asked = question.is_some();
        self.commands.extend(question.map(|q| Command::Consult(Box::new(q))));
        asked
    }

    /// A question, with the names that the draft knows and whether the citizen is new.
    fn question(&self, make: impl FnOnce(&[&str], bool) -> Option<Question>) -> Option<Question> {
        let mut names = vec![];
        if let Some((draft, service)) = self.filling() {
            let tells = |id: &str| {
                service.field(id).is_some_and(|f| matches!(f.kind, FormKind::Name | FormKind::People))
            };
            draft.answers.iter().filter(|(id, _)| tells(id)).for_each(|(_, v)| texts(v, &mut names));
            draft.partial.iter().filter(|(id, _)| tells(id)).for_each(|(_, v)| texts(v, &mut names));
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        make(&names, self.first)
    }

    /// Asks whether a value is meant, if the form's own rules take it: only the tap answers the field.
    fn offer_value(&mut self, id: &str, redacted: &Redacted, answer: Option<&str>) -> bool {
        let Some((draft, service)) = self.filling() else { return false };
        let Open::Field(field) = next(&draft, service) else { return false };
        let typed = language_model::value(answer, field, redacted, self.world.today);
        let Some(typed) = typed.filter(|_| field.id == id) else { return false };
        let Taken::Whole(value) = self.take(field, &typed) else { return false };
        let canonical = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let words = shown(field, &value, self.world.today).map_or_else(|| canonical.clone(), |w| self.w(&w));
        self.state.turn += 1;
        let (yes, no) =
            (self.answer_button("yes", &format!("a:{canonical}")), self.answer_button("no", "again"));
        let question = self.t("did_you_mean_value", &[("label", &self.w(&field.label)), ("value", &words)]);
        self.buttons(question, vec![yes, no]);
        true
    }
}

/// Every text of a value.
fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|v| texts(v, into)),
        Value::Object(all) => all.values().for_each(|v| texts(v, into)),
        _ => {}
    }
}

#[cfg(test)]
#[path = "helped_tests.rs"]
mod tests;
