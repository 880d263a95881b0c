//! The utterances that the model learns from: `schemas/assistant/<author>/*.tsv`, each line an
//! intent, a writing and an utterance.

use crate::PLAIN_INTENTS;
use std::collections::BTreeSet;

/// One line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// Who writes like this: a style, held out together.
    pub author: String,
    /// What is wanted.
    pub intent: String,
    /// `hi`, `en` or `hi-Latn`.
    pub writing: String,
    /// As typed.
    pub text: String,
}

/// Services and schemes that exist.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Ids of the catalogue.
    pub services: BTreeSet<String>,
    /// Ids of schemes.
    pub schemes: BTreeSet<String>,
}

/// Reads one file. Every fault names the file, the line and the rule.
pub fn read(author: &str, file: &str, text: &str, known: &Known) -> Result<Vec<Utterance>, Vec<String>> {
    let mut utterances = vec![];
    let mut faults = vec![];
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match one(line, known) {
            Ok((intent, writing, text)) => utterances.push(Utterance {
                author: author.into(),
                intent: intent.into(),
                writing: writing.into(),
                text: text.into(),
            }),
            Err(rule) => faults.push(format!("{file}:{}: {rule}", i + 1)),
        }
    }
    if faults.is_empty() { Ok(utterances) } else { Err(faults) }
}

fn one<'a>(line: &'a str, known: &Known) -> Result<(&'a str, &'a str, &'a str), String> {
    let mut cells = line.split('\t');
    let (Some(intent), Some(writing), Some(text), None) =
        (cells.next(), cells.next(), cells.next(), cells.next())
    else {
        return Err("a line is an intent, a writing and an utterance, with tabs between".into());
    };
    let exists = match intent.split_once(':') {
        Some(("apply", id)) => known.services.contains(id),
        Some(("scheme", id)) => known.schemes.contains(id),
        Some(_) => false,
        None => PLAIN_INTENTS.contains(&intent),
    };
    if !exists {
        return Err(format!("no intent is called {intent:?}"));
    }
    if !["hi", "en", "hi-Latn"].contains(&writing) {
        return Err(format!("a writing is hi, en or hi-Latn, not {writing:?}"));
    }
    if text.trim().is_empty() {
        return Err("the utterance is empty".into());
    }
    Ok((intent, writing, text))
}

/// What has no utterance to learn from.
#[must_use]
pub fn missing(utterances: &[Utterance], known: &Known) -> Vec<String> {
    let spoken: BTreeSet<_> = utterances.iter().map(|u| u.intent.as_str()).collect();
    let services = known.services.iter().map(|id| format!("apply:{id}"));
    let schemes = known.schemes.iter().map(|id| format!("scheme:{id}"));
    let plain = PLAIN_INTENTS.iter().map(|id| (*id).to_owned());
    let all = services.chain(schemes).chain(plain);
    all.filter(|intent| !spoken.contains(intent.as_str()))
        .map(|intent| format!("schemas/assistant: no utterance for {intent}"))
        .collect()
}

/// The intents of a corpus, in order.
#[must_use]
pub fn intents(utterances: &[Utterance]) -> Vec<String> {
    let intents: BTreeSet<_> = utterances.iter().map(|u| u.intent.clone()).collect();
    intents.into_iter().collect()
}

/// The authors of a corpus, in order.
#[must_use]
pub fn authors(utterances: &[Utterance]) -> Vec<String> {
    let authors: BTreeSet<_> = utterances.iter().map(|u| u.author.clone()).collect();
    authors.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_file_and_line() {
        let known = Known { services: ["income".to_owned()].into(), schemes: BTreeSet::new() };
        let good = read("clerk", "a.tsv", "# why\napply:income\ten\tincome\n\nhelp\thi\tमदद\n", &known);
        assert_eq!(good.unwrap().len(), 2);
        let bad = "apply:incom\ten\tx\nhelp\ten\nhelp\tur\tx\nhelp\ten\t \nscheme:x\ten\tx";
        let faults = read("clerk", "a.tsv", bad, &known).unwrap_err();
        assert_eq!(faults.len(), 5);
        assert_eq!(faults[0], "a.tsv:1: no intent is called \"apply:incom\"");
        assert!(faults[1].starts_with("a.tsv:2: "));
        assert!(missing(&[], &known).contains(&"schemas/assistant: no utterance for apply:income".into()));
    }
}
