//! Prints how well the assistant understands authors it has never read:
//! `cargo run --release -p mohar-dialogue --example report`.

#[path = "../build/utterances.rs"]
mod utterances;

use mohar_dialogue::understand::{Action, MODEL, model, understand};
use mohar_dialogue_model::evaluate::held_out;
use mohar_dialogue_model::model::Model;
use mohar_dialogue_model::train::Settings;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

#[expect(clippy::cast_precision_loss, reason = "counts of utterances are small")]
fn main() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let utterances =
        utterances::utterances(&schemas).unwrap_or_else(|faults| panic!("{}", faults.join("\n")));
    let answers = held_out(&utterances, Settings::default());
    let temperature = answers.temperature();
    let count = answers.answers.len() as f64;
    let share = |n: usize| format!("{:.1} %", 100.0 * n as f64 / count);
    let row = |what: &str, value: String| println!("| {what} | {value} |");
    println!("| each author held out in turn | measured |\n|---|---:|");
    row("utterances", answers.answers.len().to_string());
    row("intents", answers.intents.len().to_string());
    for writing in answers.writings() {
        row(&format!("macro-F1, {writing}"), format!("{:.3}", answers.macro_f1(writing)));
    }
    let judged = answers.judged(temperature);
    row("right intent first", share(judged.iter().filter(|j| j.rank == 0).count()));
    row("right intent among three", share(judged.iter().filter(|j| j.rank < 3).count()));
    row("answers that a misspelling changes", format!("{:.1} %", 100.0 * answers.flip_rate()));
    row("right answers that it changes", format!("{:.1} %", 100.0 * answers.right_flip_rate()));
    row("answers that change when typed in haste", format!("{:.1} %", 100.0 * answers.hasty_flip_rate()));
    let thresholds = model().thresholds();
    let wrongly = answers.opens_another(temperature, thresholds.open);
    row("misspelling opens another than the clean message", format!("{:.1} %", 100.0 * wrongly));
    row("out of scope told from ours (AUROC)", format!("{:.3}", answers.auroc(temperature)));
    let opened: Vec<_> = judged.iter().filter(|j| j.confidence >= thresholds.open).collect();
    let abstained = judged.iter().filter(|j| j.confidence < thresholds.offer).count();
    row("opened at once", share(opened.len()));
    let right = opened.iter().filter(|j| j.rank == 0).count() as f64 / opened.len() as f64;
    row("of those, right", format!("{:.1} %", 100.0 * right));
    row("offered as buttons", share(judged.len() - opened.len() - abstained));
    row("abstained: search, then menu", share(abstained));
    row("temperature", format!("{temperature:.2}"));
    row("thresholds, open and offer", format!("{:.2}, {:.2}", thresholds.open, thresholds.offer));
    row("size of the model", format!("{:.2} MB", MODEL.len() as f64 / 1e6));
    let start = Instant::now();
    black_box(Model::from_bytes(MODEL).is_ok());
    row("reading the model at start", format!("{:.1} ms", start.elapsed().as_secs_f64() * 1e3));
    let today = jiff::civil::date(2026, 11, 25);
    let start = Instant::now();
    black_box(understand("x", today));
    row(
        "the first message, which builds the index",
        format!("{:.1} ms", start.elapsed().as_secs_f64() * 1e3),
    );
    let start = Instant::now();
    let opens = utterances.iter().filter(|u| understand(&u.text, today).action == Action::Open).count();
    black_box(opens);
    row("a message, all layers", format!("{:.0} µs", start.elapsed().as_secs_f64() * 1e6 / count));
    if std::env::args().any(|a| a == "--confusions") {
        for (meant, said, times) in answers.confusions().iter().take(40) {
            println!("{times:4}  {meant} taken for {said}");
        }
    }
}
