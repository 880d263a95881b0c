//! When what came is no answer: why, at the second time an example and a way out, at the third a person,
//! and always the question again. What was answered before stays.

use super::asking::{Part, Question, next, part};
use super::{At, Talk};
use crate::say::{BUTTONS_MAX, Button};
use mohar_schemas::form::{FormField, FormKind, example};
use mohar_schemas::scheme::published as schemes;
use mohar_schemas::service::Service;
use serde_json::Value;

/// From this miss on, an example is given and the ways out can be tapped.
pub(super) const EXAMPLE_FROM: u8 = 2;
/// So often a question is missed before a person is offered.
pub(super) const MISSES_MAX: u8 = 3;

impl Talk {
    /// Says why, and asks again.
    pub(super) fn missed(&mut self, why: String) {
        self.state.misses += 1;
        self.say(why);
        if self.state.misses == EXAMPLE_FROM
            && let Some(example) = self.open_example()
        {
            self.say(self.t("for_example", &[("example", &example)]));
        }
        if self.state.misses >= MISSES_MAX {
            self.person();
        }
        self.ask_again();
    }

    /// Something that nothing can be done with: a miss where an answer is waited for.
    pub(super) fn useless(&mut self, key: &str) {
        self.of_no_use(self.t(key, &[]));
    }

    /// The same, in words that are ready.
    pub(super) fn of_no_use(&mut self, why: String) {
        if matches!(self.state.at, At::Form | At::Eligible { .. }) {
            return self.missed(why);
        }
        self.say(why);
        self.ask_again();
    }

    /// A question that is answered in words, with what can be tapped instead.
    pub(super) fn open_question(&mut self, body: String, taps: Vec<Button>) {
        let mut taps = taps;
        if self.state.misses >= EXAMPLE_FROM {
            taps.extend([
                self.button("question_before", "do:back"),
                self.button("ask_a_person", "do:person"),
            ]);
        }
        taps.truncate(BUTTONS_MAX);
        if taps.is_empty() { self.say(body) } else { self.buttons(body, taps) }
    }

    /// What could be the answer to the open question.
    fn open_example(&self) -> Option<String> {
        if let At::Eligible { scheme, answers } = &self.state.at {
            let mut open = schemes().scheme(scheme)?.questions.iter();
            let field = open.find(|q| q.asked(answers) && !answers.contains_key(&q.id))?;
            return Some(self.example(None, field, Part::Whole));
        }
        let (draft, service) = self.filling()?;
        Some(match next(&draft, service) {
            Question::Field(field) => self.example(Some(service), field, part(&draft, field)),
            Question::Document(_) => self.t("photo_how", &[]),
            Question::ReadBack => self.t("yes", &[]),
        })
    }

    /// A right answer to a part of a field, as people write it.
    fn example(&self, service: Option<&Service>, field: &FormField, part: Part) -> String {
        let value = service.map_or(Value::Null, |service| example(service, field, self.world.today));
        let text = |words: &Value| words.as_str().unwrap_or_default().to_owned();
        match part {
            Part::Hindi => return text(&value["hi"]),
            Part::English => return text(&value["en"]),
            // What is needed is English; Hindi stands beside it.
            Part::PersonName(_) => return text(&value[0]["name"]["en"]),
            Part::PersonRelation(_) => return text(&value[0]["relation"]["en"]),
            Part::PersonAge(_) => return value[0]["age"].to_string(),
            Part::AnotherPerson(_) | Part::Place => return self.t("yes", &[]),
            Part::Whole => {}
        }
        let has_a_rule = service.is_some_and(|s| s.rules.iter().any(|r| r.field() == field.id));
        match (field.kind, &value) {
            (FormKind::Name | FormKind::Text, both) => text(&both["en"]),
            (FormKind::YesNo, _) => self.t("yes", &[]),
            (FormKind::Choice, right) => {
                let choices = field.choices(self.world.today);
                let found = choices.iter().find(|(id, _)| right == id).or(choices.first());
                found.map(|(_, name)| self.w(name)).unwrap_or_default()
            }
            (FormKind::Day, Value::String(day)) => day.split('-').rev().collect::<Vec<_>>().join("/"),
            (FormKind::Day, _) => "15/8/1990".to_owned(),
            (FormKind::Amount, amount) if !has_a_rule || amount.is_null() => "1,80,000".to_owned(),
            (FormKind::Year, Value::Null) => (self.world.today.year() - 1).to_string(),
            (FormKind::Number, Value::Null) => "2".to_owned(),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }
}
