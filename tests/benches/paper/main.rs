//! `cargo bench -p mohar-tests --bench paper`: how much of the bad paper is read, ours and others'.
//!
//! `MOHAR_SEEDS=5` runs fewer than fifty pictures a cell; `MOHAR_PICTURES=DIR` keeps those of ours
//! that were not read, `MOHAR_OURS=1` runs ours alone.

use mohar_tests::Service;
use mohar_tests::paper::formats::Format;
use mohar_tests::paper::kinds;
use mohar_tests::paper::suite::{Measured, Suite};
use std::process::Command;

fn main() {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--package", "mohar"])
        .current_dir(mohar_tests::checkout())
        .status();
    assert!(built.is_ok_and(|s| s.success()), "the release program does not build");
    let service = Service::start("bench-bad-paper");
    let suite = Suite::new(&service, kinds());
    let seeds = std::env::var("MOHAR_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(50);
    let pictures = std::env::var("MOHAR_PICTURES").ok().map(std::path::PathBuf::from);
    let formats = if std::env::var("MOHAR_OURS").is_ok() { &Format::ALL[..1] } else { &Format::ALL[..] };
    let leave = |name: &str, bytes: &[u8]| {
        if let Some(dir) = pictures.as_ref().filter(|_| name.contains("Mohar")) {
            let kind = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
            let _ = std::fs::write(dir.join(format!("{name}.{kind}")), bytes);
        }
    };
    let measured = suite.run(formats, seeds, &leave);
    table(&suite, &measured, formats);
}

fn table(suite: &Suite, measured: &Measured, formats: &[Format]) {
    let names: Vec<&str> = formats.iter().map(|f| f.name()).collect();
    println!("\n| kind | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()));
    let percent = |part: usize, all: usize| format!("{} %", (part * 1_000 / all.max(1) + 5) / 10);
    for (n, kind) in kinds().iter().enumerate() {
        let cells = names.iter().map(|name| measured.cells.get(&(n, *name)).copied().unwrap_or_default());
        let cells: Vec<String> = cells.map(|cell| percent(cell.read, cell.all)).collect();
        println!("| {} | {} |", kind.name, cells.join(" | "));
    }
    let sides = suite.sizes().into_iter().take(formats.len()).map(|(_, least, most)| match least == most {
        true => format!("{least}"),
        false => format!("{least}–{most}"),
    });
    println!("| modules a side | {} |", sides.collect::<Vec<_>>().join(" | "));
    let wrong: usize = measured.cells.values().map(|cell| cell.wrong).sum();
    println!("\nPictures: {}; another certificate read as genuine: {wrong}.", measured.times_ms.len());
    for name in names {
        let mut times: Vec<f64> =
            measured.times_ms.iter().filter(|(format, ..)| *format == name).map(|(_, _, ms)| *ms).collect();
        times.sort_by(f64::total_cmp);
        let at = |tenths: usize| times.get(times.len() * tenths / 10).copied().unwrap_or_default();
        println!("{name}: median {:.0} ms, p90 {:.0} ms of processor time a picture.", at(5), at(9));
    }
}
