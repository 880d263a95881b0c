//! Loading and checking: a fault names file, key and rule.

use super::{Group, LINE_MAX, Scheme, Schemes, Shared};
use crate::catalogue::{self, CatalogueError, field_faults, in_both_languages, parse};
use crate::data;
use crate::form::FormKind;
use crate::words::{SHORT_MAX, Words, length};

/// What can be asked without knowing who asks.
const ASKED: [FormKind; 6] =
    [FormKind::YesNo, FormKind::Choice, FormKind::Year, FormKind::Amount, FormKind::Number, FormKind::Day];

pub fn load<'a>(
    schemes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Schemes, Vec<CatalogueError>> {
    let shared = parse::<Shared>("schemes", data::SCHEMES_SHARED).map_err(|e| vec![e])?;
    let mut faults = vec![];
    for group in shared.groups.iter().filter(|g| g.rgb().is_none()) {
        let (file, key) = ("schemes.toml".to_owned(), format!("group {}", group.id));
        faults.push(CatalogueError { file, key, rule: "its colour is written #rrggbb".into() });
    }
    let mut loaded = Schemes { schemes: vec![], shared };
    for (file, text) in schemes {
        match parse::<Scheme>(file, text) {
            Err(e) => faults.push(e),
            Ok(scheme) => {
                let file = format!("schemes/{file}.toml");
                let found = faults_of(&scheme, &loaded);
                let fault = |(key, rule)| CatalogueError { file: file.clone(), key, rule };
                faults.extend(found.into_iter().map(fault));
                loaded.schemes.push(scheme);
            }
        }
    }
    loaded.schemes.sort_by_key(|s| s.place);
    if faults.is_empty() { Ok(loaded) } else { Err(faults) }
}

/// What is wrong with a scheme: key and rule.
fn faults_of(scheme: &Scheme, others: &Schemes) -> Vec<(String, String)> {
    let mut faults = vec![];
    let mut fault = |key: &str, rule: String| faults.push((key.to_owned(), rule));
    if others.scheme(&scheme.id).is_some() {
        fault("id", format!("another scheme is called {}", scheme.id));
    }
    if others.schemes.iter().any(|s| s.place == scheme.place) {
        fault("place", format!("another scheme has the place {}", scheme.place));
    }
    let groups: &[Group] = &others.shared.groups;
    if !groups.iter().any(|g| g.id == scheme.group) {
        fault("group", format!("schemes.toml has no group {}", scheme.group));
    }
    if !others.shared.runners.iter().any(|r| r.id == scheme.runner) {
        fault("runner", format!("schemes.toml has no runner {}", scheme.runner));
    }
    if !scheme.site.starts_with("https://") {
        fault("site", "an address begins with https://".into());
    }
    for service in scheme.needs.iter().flatten() {
        if catalogue::published().service(service).is_none() {
            fault("needs", format!("there is no service {service}"));
        }
    }
    word_faults(scheme, &mut fault);
    question_faults(scheme, &mut fault);
    faults
}

fn word_faults(scheme: &Scheme, fault: &mut impl FnMut(&str, String)) {
    let Scheme { department, name, short, line, about, who, amount, apply, source, .. } = scheme;
    let said = [
        ("department", department),
        ("name", name),
        ("short", short),
        ("line", line),
        ("about", about),
        ("who", who),
        ("amount", amount),
        ("apply", apply),
        ("source", source),
        ("card.big", &scheme.card.big),
        ("card.note", &scheme.card.note),
    ];
    let documents = scheme.documents.iter().map(|w| ("documents", w));
    let facts = scheme.card.facts.iter().map(|f| ("card.fact", &f.text));
    let unconfirmed = scheme.unconfirmed.iter().map(|w| ("unconfirmed", w));
    for (key, words) in said.into_iter().chain(documents).chain(facts).chain(unconfirmed) {
        in_both_languages(key, words, fault);
    }
    for (key, words, max) in [("short", short, SHORT_MAX), ("line", line, LINE_MAX)] {
        if longest(words) > max {
            fault(key, format!("at most {max} letters, not {}", longest(words)));
        }
    }
    if !(3..=4).contains(&scheme.card.facts.len()) {
        fault("card.fact", "a picture has three or four facts".into());
    }
    let keywords = &scheme.keywords;
    if keywords.en.is_empty() || keywords.hi.is_empty() || keywords.latin.is_empty() {
        fault("keywords", "some are needed in each of the three writings".into());
    }
    if !keywords.en.iter().chain(&keywords.latin).all(|w| w.is_ascii()) {
        fault("keywords", "en and latin are in Latin letters".into());
    }
}

fn longest(words: &Words) -> usize {
    length(&words.en).max(length(&words.hi))
}

fn question_faults(scheme: &Scheme, fault: &mut impl FnMut(&str, String)) {
    for (place, question) in scheme.questions.iter().enumerate() {
        field_faults(question, &scheme.questions[..place], fault);
        if !ASKED.contains(&question.kind) {
            let key = format!("question {}", question.id);
            fault(&key, "it is a yes-no, choice, year, amount, number or day".into());
        }
    }
    let asked = |id: &str| scheme.questions.iter().find(|q| q.id == id);
    for rule in &scheme.rules {
        if let Some(missing) = rule.fields().into_iter().find(|f| asked(f).is_none()) {
            fault("rule", format!("it names no question: {missing}"));
        }
        in_both_languages("rule", rule.message(), fault);
        if let Some(question) = asked(rule.field()) {
            for value in rule.values().iter().filter(|v| question.options.iter().all(|o| o.id != **v)) {
                fault("rule", format!("{} has no option {value}", question.id));
            }
            if !rule.fits(question.kind) {
                fault("rule", format!("it does not fit the kind of {}", question.id));
            }
        }
    }
}
