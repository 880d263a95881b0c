//! `cargo bench -p mohar-tests --bench paper`: how much of the bad paper is read, ours and others'.

mod record;
mod table;

use mohar_tests::Service;
use mohar_tests::paper::formats::Format;
use mohar_tests::paper::kinds;
use mohar_tests::paper::suite::{Case, Outcome, Suite, cases};
use record::Record;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const HELP: &str = "\
Bad paper: a printed certificate, spoilt in the ways of tests/paper/kinds.toml, read by the chain that
serves the API, the chat and the command line. Variables of the environment:
  MOHAR_SEEDS=5       pictures of each kind and format (50)
  MOHAR_KIND=folded   only the kinds with this in their name
  MOHAR_OURS=1        only our own code, not those of HCERT, Claim 169, SMART Health Card and DIVOC
  MOHAR_PICTURES=DIR  keeps the pictures of ours that were not read
What was measured is kept as it comes; the same program goes on where it was stopped.";

/// So often it says how far it is.
const WORD: Duration = Duration::from_secs(10);

fn main() {
    eprintln!("{HELP}\n");
    mohar_tests::build_release();
    let variable = |name: &str| std::env::var(name).ok();
    let seeds = variable("MOHAR_SEEDS").and_then(|n| n.parse().ok()).unwrap_or(50);
    let formats = if variable("MOHAR_OURS").is_some() { &Format::ALL[..1] } else { &Format::ALL[..] };
    let part = variable("MOHAR_KIND").unwrap_or_default();
    let wanted: Vec<usize> = (0..kinds().len()).filter(|n| kinds()[*n].name.contains(&part)).collect();
    assert!(!wanted.is_empty(), "no kind has “{part}” in its name");
    let pictures = variable("MOHAR_PICTURES").map(PathBuf::from);
    if let Some(dir) = &pictures {
        std::fs::create_dir_all(dir).expect("the folder for pictures");
    }

    let wanted = cases(&wanted, formats, seeds);
    let mut record = Record::open(&mohar_tests::checkout().join("target/paper"), &wanted);
    let left: Vec<Case> = wanted.iter().filter(|case| !record.has(**case)).copied().collect();
    let service = Service::start("bench-bad-paper");
    let suite = Suite::new(&service, kinds());
    let leave = |case: Case, bytes: &[u8]| {
        if let Some(dir) = pictures.as_ref().filter(|_| case.format == Format::Mohar) {
            let name: String = kinds()[case.kind].name.chars().filter(|c| c.is_alphanumeric()).collect();
            let kind = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
            let _ = std::fs::write(dir.join(format!("{name}-{}.{kind}", case.seed)), bytes);
        }
    };
    eprintln!(
        "{} of {} pictures are read already: {}",
        wanted.len() - left.len(),
        wanted.len(),
        record.path()
    );
    let (start, mut word) = (Instant::now(), Instant::now());
    suite.run(&left, &leave, |outcome| {
        assert!(outcome.wrong.is_empty(), "{} was read wrong: {:?}", told(outcome.case), outcome.wrong);
        let case = outcome.case;
        record.add(outcome);
        if word.elapsed() >= WORD {
            word = Instant::now();
            progress(case, &record.outcomes, left.len(), wanted.len(), start.elapsed());
            record.keep(&table::table(&suite, &record.outcomes, formats));
        }
    });
    let table = table::table(&suite, &record.outcomes, formats);
    record.keep(&table);
    println!("{table}\nEach text that was read stands in its picture; one that does not ends the run.");
}

fn told(case: Case) -> String {
    format!("{}, seed {}, {}", kinds()[case.kind].name, case.seed, case.format.name())
}

/// How far it is, how much of ours is read so far, and how long it may take.
fn progress(case: Case, outcomes: &[Outcome], left: usize, all: usize, time: Duration) {
    let (more, done) = (real(all - outcomes.len()), real(left + outcomes.len() - all));
    let ours = || outcomes.iter().filter(|outcome| outcome.case.format == Format::Mohar);
    let read = ours().filter(|outcome| outcome.read).count();
    let rate = done / time.as_secs_f64();
    eprintln!(
        "{} of {all}, of ours {:.1} % read, {rate:.1} a second, {:.0} min left; last: {}",
        outcomes.len(),
        100.0 * real(read) / real(ours().count().max(1)),
        (more / rate / 60.0).ceil(),
        told(case),
    );
}

#[expect(clippy::cast_precision_loss, reason = "a float counts pictures exactly")]
const fn real(count: usize) -> f64 {
    count as f64
}
