//! `cargo bench`: one table of ratios from one run. Machines differ and are shared; ratios against
//! what is possible on the same machine in the same minute do not. Nothing here asserts a time.

mod applications;
mod browser;
mod bulk;
mod chat;
mod crypto;
mod paper;
mod service;
mod status;

use std::time::{Duration, Instant};

/// Callers at once.
const CALLERS: usize = 4;

/// One line of the table.
pub struct Line {
    what: String,
    measured: String,
    aim: &'static str,
    met: Option<bool>,
}

impl Line {
    /// A figure that should be at most `aim`.
    pub fn most(what: impl Into<String>, measured: f64, unit: &str, aim: f64, text: &'static str) -> Self {
        let measured_text = format!("{measured:.2}{unit}");
        Self { what: what.into(), measured: measured_text, aim: text, met: Some(measured <= aim) }
    }

    /// A figure that should be at least `aim`.
    pub fn least(what: impl Into<String>, measured: f64, unit: &str, aim: f64, text: &'static str) -> Self {
        Self { met: Some(measured >= aim), ..Self::most(what, measured, unit, aim, text) }
    }

    /// A figure without an aim.
    pub fn plain(what: impl Into<String>, measured: String) -> Self {
        Self { what: what.into(), measured, aim: "", met: None }
    }
}

/// Seconds of one call: the median of rounds, each long enough to measure.
pub fn seconds(mut act: impl FnMut()) -> f64 {
    const ROUND: Duration = Duration::from_millis(60);
    let mut rounds: Vec<f64> = (0..7)
        .map(|_| {
            let (start, mut calls) = (Instant::now(), 0u32);
            while start.elapsed() < ROUND {
                act();
                calls += 1;
            }
            start.elapsed().as_secs_f64() / f64::from(calls)
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}

fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let model = read("/proc/cpuinfo");
    let model = model.lines().find_map(|l| l.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores, {}", model.trim_start_matches(['\t', ' ', ':']), std::env::consts::OS)
}

/// Measures a part of the table.
type Part = fn(&mut Vec<Line>);

fn main() {
    mohar_tests::build_release();
    // `cargo bench --bench table -- status browser` measures these alone.
    let only: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|o| o == name);
    let mut lines = vec![];
    if wanted("service") {
        let bare = crypto::measure(&mut lines);
        service::measure(&mut lines, bare);
    }
    let others: [(&str, Part); 6] = [
        ("paper", paper::measure),
        ("applications", applications::measure),
        ("chat", chat::measure),
        ("status", status::measure),
        ("browser", browser::measure),
        ("bulk", bulk::measure),
    ];
    others.iter().filter(|(name, _)| wanted(name)).for_each(|(_, measure)| measure(&mut lines));
    println!("\nMeasured on {}.\n", machine());
    println!("| what | measured | aim | met |\n|---|---:|---:|---|");
    for l in &lines {
        let met = l.met.map_or("", |met| if met { "yes" } else { "no" });
        println!("| {} | {} | {} | {met} |", l.what, l.measured, l.aim);
    }
}
