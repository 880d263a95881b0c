//! Trains the intent model from `schemas/assistant/` and checks every line of it.

mod utterances;

use mohar_dialogue_model::evaluate::held_out;
use mohar_dialogue_model::train::{Settings, train};
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
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("ear.bin");
    fs::write(out, model.to_bytes()).expect("written");
}
