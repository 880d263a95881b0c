//! Reading the answer to a question, by the kind of its field.

use super::asking::{Part, Question, half, next, part};
use super::place::proposed;
use super::{At, Talk};
use crate::grammar::{amount, day, phone, yes_no};
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{By, FormField, FormKind, PERSON_NAME_MAX, RELATION_MAX, answer, read};
use serde_json::{Value, json};

/// Nobody is older, in years.
const AGE_MAX: u8 = 125;

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
            part @ (Part::Hindi | Part::English) => {
                let mut both = known.unwrap_or_else(|| json!({}));
                both[if part == Part::Hindi { "hi" } else { "en" }] = json!(said);
                self.settle(field, &both)
            }
            Part::Place => match (yes_no(said), known.as_ref().and_then(proposed)) {
                (Some(true), Some(row)) => self.settle(field, &json!(row.id)),
                (Some(false), _) => Taken::Part(Value::Null),
                _ => self.take_whole(field, said),
            },
            Part::AnotherPerson(_) => match yes_no(said) {
                Some(true) => {
                    let mut people = known.unwrap_or_default();
                    if let Some(last) = people.as_array_mut().and_then(|p| p.last_mut()) {
                        last["more"] = json!(true);
                    }
                    Taken::Part(people)
                }
                Some(false) => self.settle(field, &known.unwrap_or_default()),
                None => Taken::Again(self.t("yes_or_no", &[])),
            },
            part => self.take_person(field, known, part, said),
        }
    }

    fn take_whole(&self, field: &FormField, said: &str) -> Taken {
        match field.kind {
            FormKind::Name | FormKind::Text => self.take_words(field, said),
            _ => match self.value(field, said) {
                Some(value) => self.settle(field, &value),
                None => self.unread(field),
            },
        }
    }

    /// The answer to a question that belongs to no form.
    pub(super) fn take_one(&self, field: &FormField, said: &str) -> Taken {
        let Some(value) = self.value(field, said) else { return self.unread(field) };
        match answer(field, &value, self.world.today) {
            Ok(value) => Taken::Whole(value),
            Err(fault) => self.again(field, &fault),
        }
    }

    fn value(&self, field: &FormField, said: &str) -> Option<Value> {
        match field.kind {
            FormKind::Day => day(said, self.world.today).map(|d| json!(d.to_string())),
            FormKind::Amount if is_nothing(said) => Some(json!(0)),
            FormKind::Amount if is_negative(said) => None,
            FormKind::Amount => amount(said).map(|n| json!(n)),
            FormKind::Number => digits(said).parse::<i64>().ok().map(|n| json!(n)),
            FormKind::Year => year(&digits(said)).map(|n| json!(n)),
            FormKind::Phone => Some(json!(phone(said).unwrap_or_else(|| digits(said)))),
            FormKind::YesNo => yes_no(said).map(|yes| json!(yes)),
            FormKind::Choice => self.chosen(field, said).map(|id| json!(id)),
            // Four digits are what is kept of a number, and no number.
            FormKind::Aadhaar if digits(said).len() == 4 => None,
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
                Err(fault) => self.again(field, &fault),
            };
        }
        match answer(field, &both, self.world.today) {
            Ok(_) if only("en") && field.kind == FormKind::Name => Taken::Part(both),
            Ok(_) => self.settle(field, &both),
            Err(fault) => self.again(field, &fault),
        }
    }

    fn take_person(&self, field: &FormField, known: Option<Value>, part: Part, said: &str) -> Taken {
        let mut people: Vec<Value> = known.and_then(|k| k.as_array().cloned()).unwrap_or_default();
        if people.last().is_none_or(|p| p.get("more").is_some()) {
            people.push(json!({}));
        }
        let count = people.len();
        let Some(person) = people.last_mut() else { return self.unread(field) };
        match part {
            Part::PersonName(_) | Part::PersonRelation(_) => {
                let key = if let Part::PersonName(_) = part { "name" } else { "relation" };
                match self.person_words(field, key, &person[key], said) {
                    Ok(words) => person[key] = words,
                    Err(fault) => return self.again(field, &fault),
                }
            }
            _ => match digits(said).parse::<u8>().ok().filter(|age| *age <= AGE_MAX) {
                Some(age) => person["age"] = json!(age),
                None => return Taken::Again(self.t("age_wrong", &[])),
            },
        }
        if person.get("age").is_none() {
            return Taken::Part(Value::Array(people));
        }
        if count >= field.max.unwrap_or(12) {
            return self.settle(field, &Value::Array(people));
        }
        if count < field.least.unwrap_or(1) {
            person["more"] = json!(true);
        }
        Taken::Part(Value::Array(people))
    }

    /// A person's name or relation: one script now, the other beside it. What is wrong with it is said now.
    fn person_words(&self, field: &FormField, key: &str, known: &Value, said: &str) -> Result<Value, Fault> {
        let (kind, max) =
            if key == "name" { (FormKind::Name, PERSON_NAME_MAX) } else { (FormKind::Text, RELATION_MAX) };
        let field = FormField { kind, max: Some(max), ..field.clone() };
        let mut words = known.clone();
        // Hindi known, English asked: whatever came is meant to be English.
        let script = if words.get("hi").is_none() && is_hindi(said) { "hi" } else { "en" };
        words[script] = json!(said);
        let mut whole = words.clone();
        if whole.get("en").is_none() {
            whole["en"] = json!("A");
        }
        answer(&field, &whole, self.world.today).map(|_| words)
    }

    /// The whole answer by its own rule, and by the rules over several answers that name this field.
    fn settle(&self, field: &FormField, value: &Value) -> Taken {
        let Some((draft, service)) = self.filling() else { return Taken::Again(String::new()) };
        let value = without_marks(value.clone());
        let value = match answer(field, &value, self.world.today) {
            Ok(value) => value,
            Err(fault) => return self.again(field, &fault),
        };
        let mut answers = draft.answers;
        answers.insert(field.id.clone(), value.clone());
        let faults = read(service, &answers, By::Citizen, self.world.today).err().unwrap_or_default();
        match faults.iter().find(|f| f.field == field.id) {
            Some(fault) => self.again(field, fault),
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

    fn again(&self, field: &FormField, fault: &Fault) -> Taken {
        match (field.kind, fault.rule) {
            // On a form days and amounts are written in one way, here in many.
            (FormKind::Day, "date") | (FormKind::Amount, "number") => self.unread(field),
            _ => {
                Taken::Again(if self.language().code() == "en" { fault.en.clone() } else { fault.hi.clone() })
            }
        }
    }

    /// Nothing of this kind was found in what was said.
    fn unread(&self, field: &FormField) -> Taken {
        match field.kind {
            FormKind::Day => Taken::Again(self.t("day_wrong", &[])),
            FormKind::Amount => Taken::Again(self.t("amount_wrong", &[])),
            _ => match answer(field, &json!(""), self.world.today) {
                Err(fault) => self.again(field, &fault),
                Ok(_) => Taken::Again(String::new()),
            },
        }
    }
}

fn without_marks(mut people: Value) -> Value {
    for person in people.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        person.remove("more");
    }
    people
}

/// No money at all.
fn is_nothing(said: &str) -> bool {
    ["0", "zero", "nil", "shunya", "शून्य"].contains(&digits(said).to_lowercase().as_str())
}

/// A minus before the first digit; a dash between words is none.
fn is_negative(said: &str) -> bool {
    let said = digits(said);
    let Some((before, _)) = said.split_once(|c: char| c.is_ascii_digit()) else { return false };
    let mut before = before.trim_end().chars().rev();
    matches!(before.next(), Some('-' | '−' | '–')) && before.next().is_none_or(|c| !c.is_alphanumeric())
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
