//! Trains the intent model from `schemas/assistant/`, checks every line of it and collects the words that
//! a language model may see.

mod utterances;

use mohar_dialogue_model::corpus::Utterance;
use mohar_dialogue_model::evaluate::held_out;
use mohar_dialogue_model::normalise::{normalise, words};
use mohar_dialogue_model::train::{Settings, train};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};
use utterances::utterances;

/// Of what is opened at once, so much is right.
const OPEN: f64 = 0.95;
/// Where the right one is among the best three less often, nothing is offered.
const OFFER: f64 = 0.50;

fn main() {
    let schemas = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../schemas");
    for folder in ["assistant", "services", "schemes"] {
        println!("cargo:rerun-if-changed={}", schemas.join(folder).display());
    }
    println!("cargo:rerun-if-changed=build");
    let utterances = utterances(&schemas).unwrap_or_else(|faults| panic!("\n{}\n", faults.join("\n")));
    // What a confidence is worth shows on authors who were held out.
    let answers = held_out(&utterances, Settings::default());
    let temperature = answers.temperature();
    let thresholds = answers.thresholds(temperature, OPEN, OFFER);
    let model = train(&utterances, Settings::default()).calibrated(temperature, thresholds);
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let out = Path::new(&out);
    fs::write(out.join("ear.bin"), model.to_bytes()).expect("written");
    fs::write(out.join("vocabulary.txt"), vocabulary(&utterances)).expect("written");
}

/// The words that two authors at least use, one a line: everybody's words, which tell of nobody.
fn vocabulary(utterances: &[Utterance]) -> String {
    let mut used: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for utterance in utterances {
        for word in words(&normalise(&utterance.text)) {
            used.entry(word).or_default().insert(&utterance.author);
        }
    }
    let plain = |word: &str| word.chars().count() > 1 && !word.chars().any(char::is_numeric);
    let shared = used.into_iter().filter(|(word, authors)| authors.len() > 1 && plain(word));
    shared.map(|(word, _)| word + "\n").collect()
}
