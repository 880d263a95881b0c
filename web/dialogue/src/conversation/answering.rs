//! Reading the answer to a question, by the kind of its field.

use super::asking::{Part, Question, half, next, part};
use super::{At, Talk};
use crate::grammar::{amount, day, yes_no};
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{By, FormField, FormKind, answer, read};
use serde_json::{Value, json};

/// What an answer comes to.
pub(super) enum Taken {
    /// A part is known; more is asked.
    Part(Value),
    /// The whole, in canonical form.
    Whole(Value),
    /// Not understood, or not in order: what to say.
    Again(String),
}

impl Talk {
    /// Reads what was written or tapped as the answer to a field.
    pub(super) fn take(&self, field: &FormField, said: &str) -> Taken {
        let Some(draft) = &self.state.draft else { return Taken::Again(String::new()) };
        let known = half(draft, field).cloned();
        match part(draft, field) {
            Part::Whole => self.take_whole(field, said),
            Part::Hindi | Part::English => {
                let mut both = known.unwrap_or_else(|| json!({}));
                let script = if is_hindi(said) { "hi" } else { "en" };
                both[script] = json!(said);
                self.settle(field, both)
            }
            Part::AnotherPerson(_) => match yes_no(said) {
                Some(true) => {
                    let mut people = known.unwrap_or_default();
                    if let Some(last) = people.as_array_mut().and_then(|p| p.last_mut()) {
                        last["more"] = json!(true);
                    }
                    Taken::Part(people)
                }
                Some(false) => self.settle(field, without_marks(known.unwrap_or_default())),
                None => self.again(field, None),
            },
            part => self.take_person(field, known, part, said),
        }
    }

    fn take_whole(&self, field: &FormField, said: &str) -> Taken {
        match field.kind {
            FormKind::Name | FormKind::Text => self.take_words(field, said),
            _ => match self.value(field, said) {
                Some(value) => self.settle(field, value),
                None => self.again(field, None),
            },
        }
    }

    /// The answer to a question that belongs to no form.
    pub(super) fn take_one(&self, field: &FormField, said: &str) -> Taken {
        let Some(value) = self.value(field, said) else { return self.again(field, None) };
        match answer(field, &value, self.world.today) {
            Ok(value) => Taken::Whole(value),
            Err(fault) => self.again(field, Some(&fault)),
        }
    }

    fn value(&self, field: &FormField, said: &str) -> Option<Value> {
        match field.kind {
            FormKind::Day => day(said, self.world.today).map(|d| json!(d.to_string())),
            FormKind::Amount => amount(said).map(|n| json!(n)),
            FormKind::Number => digits(said).parse::<i64>().ok().map(|n| json!(n)),
            FormKind::Year => year(&digits(said)).map(|n| json!(n)),
            FormKind::YesNo => yes_no(said).map(|yes| json!(yes)),
            FormKind::Choice => self.chosen(field, said).map(|id| json!(id)),
            _ => Some(json!(digits(said))),
        }
    }

    /// Words in one script or, on two lines, in both.
    fn take_words(&self, field: &FormField, said: &str) -> Taken {
        let mut both = json!({});
        for line in said.split(['\n', '|']).map(str::trim).filter(|l| !l.is_empty()).take(2) {
            both[if is_hindi(line) { "hi" } else { "en" }] = json!(line);
        }
        let only = |script: &str| both.as_object().is_some_and(|b| b.len() == 1 && b.contains_key(script));
        // What is wrong with the part is said now. English alone is enough for what is not a name.
        if only("hi") {
            let asked = json!({ "en": "A", "hi": both["hi"] });
            return match answer(field, &asked, self.world.today) {
                Ok(_) => Taken::Part(both),
                Err(fault) => self.again(field, Some(&fault)),
            };
        }
        match answer(field, &both, self.world.today) {
            Ok(_) if only("en") && field.kind == FormKind::Name => Taken::Part(both),
            Ok(_) => self.settle(field, both),
            Err(fault) => self.again(field, Some(&fault)),
        }
    }

    fn take_person(&self, field: &FormField, known: Option<Value>, part: Part, said: &str) -> Taken {
        let mut people = known.unwrap_or_else(|| json!([]));
        let words = || {
            let script = if is_hindi(said) { "hi" } else { "en" };
            // The profile wants English; where only Hindi is known, it is offered in Latin by the citizen.
            json!({ script: said })
        };
        let Some(list) = people.as_array_mut() else { return self.again(field, None) };
        match part {
            Part::PersonName(_) => {
                if list.last().is_none_or(|p| p.get("more").is_some()) {
                    if let Some(last) = list.last_mut().and_then(Value::as_object_mut) {
                        last.remove("more");
                    }
                    list.push(json!({}));
                }
                set(list, "name", words());
            }
            Part::PersonRelation(_) => set(list, "relation", words()),
            _ => match digits(said).parse::<u8>().ok().filter(|age| *age <= 125) {
                Some(age) => set(list, "age", json!(age)),
                None => return self.again(field, None),
            },
        }
        let hindi_only = |p: &Value, key: &str| p.get(key).is_some_and(|w| w.get("en").is_none());
        if list.last().is_some_and(|p| hindi_only(p, "name") || hindi_only(p, "relation")) {
            return Taken::Again(self.t("in_english_too", &[]));
        }
        let enough = list.len() >= field.max.unwrap_or(12);
        let whole = list.last().is_some_and(|p| p.get("age").is_some());
        if whole && (enough || list.len() < field.least.unwrap_or(1)) {
            if enough {
                return self.settle(field, people);
            }
            if let Some(last) = list.last_mut() {
                last["more"] = json!(true);
            }
        }
        Taken::Part(people)
    }

    /// The whole answer by its own rule, and by the rules over several answers that name this field.
    fn settle(&self, field: &FormField, value: Value) -> Taken {
        let Some((draft, service)) = self.filling() else { return Taken::Again(String::new()) };
        let value = match answer(field, &value, self.world.today) {
            Ok(value) => value,
            Err(fault) => return self.again(field, Some(&fault)),
        };
        let mut answers = draft.answers;
        answers.insert(field.id.clone(), value.clone());
        let faults = read(service, &answers, By::Citizen, self.world.today).err().unwrap_or_default();
        match faults.iter().find(|f| f.field == field.id) {
            Some(fault) => self.again(field, Some(fault)),
            None => Taken::Whole(value),
        }
    }

    /// Whether the open question has an answer of this name.
    pub(super) fn is_an_option(&self, said: &str) -> bool {
        let Some((draft, service)) = self.filling().filter(|_| self.state.at == At::Form) else {
            return false;
        };
        let Question::Field(field) = next(&draft, service) else { return false };
        field.kind == FormKind::Choice && self.chosen(field, said).is_some()
    }

    /// An option by its id, its name, or a part of a name that no other has.
    fn chosen(&self, field: &FormField, said: &str) -> Option<String> {
        let choices = field.choices(self.world.today);
        let plain = |text: &str| text.to_lowercase().replace([' ', '-', '.', ','], "");
        let said = plain(said);
        let is = |name: &str| plain(name) == said;
        let exact = choices.iter().find(|(id, w)| *id == said || plain(id) == said || is(&w.en) || is(&w.hi));
        if let Some((id, _)) = exact {
            return Some((*id).to_owned());
        }
        let has = |name: &str| said.chars().count() >= 3 && plain(name).contains(&said);
        let mut found = choices.iter().filter(|(_, w)| has(&w.en) || has(&w.hi));
        let first = found.next()?;
        found.next().is_none().then(|| first.0.to_owned())
    }

    fn again(&self, field: &FormField, fault: Option<&Fault>) -> Taken {
        let said = fault.map(|f| if self.language().code() == "en" { f.en.clone() } else { f.hi.clone() });
        Taken::Again(said.unwrap_or_else(|| self.t("missed_again", &[("example", self.example(field))])))
    }

    fn example(&self, field: &FormField) -> &'static str {
        let english = self.language().code() == "en";
        match field.kind {
            FormKind::Day => "15/8/1990",
            FormKind::Amount => "1,80,000",
            FormKind::Year => "2025",
            FormKind::YesNo | FormKind::People if english => "yes",
            FormKind::YesNo | FormKind::People => "हाँ",
            FormKind::Number => "2",
            _ if english => "Rohini",
            _ => "रोहिणी",
        }
    }
}

fn set(people: &mut [Value], key: &str, value: Value) {
    if let Some(last) = people.last_mut() {
        // A second answer completes the first: Hindi first, English after.
        match (last.get_mut(key).and_then(Value::as_object_mut), value.as_object()) {
            (Some(known), Some(more)) => known.extend(more.clone()),
            _ => last[key] = value,
        }
    }
}

fn without_marks(mut people: Value) -> Value {
    for person in people.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        person.remove("more");
    }
    people
}

/// Devanagari digits are digits, too.
fn digits(text: &str) -> String {
    text.trim().chars().map(|c| c.to_digit(10).map_or(c, ascii)).map(from_devanagari).collect()
}

fn ascii(digit: u32) -> char {
    char::from_digit(digit, 10).unwrap_or('0')
}

fn from_devanagari(c: char) -> char {
    match c {
        '०'..='९' => ascii(u32::from(c) - u32::from('०')),
        other => other,
    }
}

/// A year, or the first of a financial year such as 2025-26.
fn year(text: &str) -> Option<i64> {
    let first: String = text.chars().take_while(char::is_ascii_digit).collect();
    first.parse().ok().filter(|_| first.len() == 4)
}

pub(super) fn is_hindi(text: &str) -> bool {
    text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c) && !('०'..='९').contains(&c))
}
