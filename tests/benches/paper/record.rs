//! What was measured, kept in a file as it comes.

use mohar_tests::paper::formats::Format;
use mohar_tests::paper::kinds;
use mohar_tests::paper::suite::{Case, Outcome};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A line for each picture: kind, seed, format, read (1 or 0), milliseconds.
pub struct Record {
    path: PathBuf,
    file: File,
    has: HashSet<Case>,
    /// Of the cases that are wanted.
    pub outcomes: Vec<Outcome>,
}

impl Record {
    /// Opens what these programs, and no others, have measured.
    pub fn open(dir: &Path, wanted: &[Case]) -> Self {
        std::fs::create_dir_all(dir).expect("the folder of the record");
        let this = std::env::current_exe().expect("the benchmark's own path");
        let mut digest = Sha256::new();
        for program in [this, mohar_tests::program()] {
            digest.update(std::fs::read(program).expect("a program"));
        }
        let name = digest.finalize().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let path = dir.join(format!("{name:016x}.tsv"));
        let lines = std::fs::read_to_string(&path).unwrap_or_default();
        let wanted: HashSet<Case> = wanted.iter().copied().collect();
        let (mut has, mut outcomes) = (HashSet::new(), vec![]);
        for outcome in lines.lines().filter_map(outcome).filter(|o| wanted.contains(&o.case)) {
            if has.insert(outcome.case) {
                outcomes.push(outcome);
            }
        }
        let file = OpenOptions::new().create(true).append(true).open(&path).expect("the record opens");
        Self { path, file, has, outcomes }
    }

    /// Whether a picture was read already.
    pub fn has(&self, case: Case) -> bool {
        self.has.contains(&case)
    }

    /// Where it is kept.
    pub fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// Adds one.
    pub fn add(&mut self, outcome: Outcome) {
        let Case { kind, seed, format } = outcome.case;
        let (kind, format, read) = (&kinds()[kind].name, format.name(), u8::from(outcome.read));
        writeln!(self.file, "{kind}\t{seed}\t{format}\t{read}\t{:.1}", outcome.time_ms).expect("kept");
        self.has.insert(outcome.case);
        self.outcomes.push(outcome);
    }

    /// Keeps the table as it is so far, beside the record.
    pub fn keep(&self, table: &str) {
        std::fs::write(self.path.with_extension("md"), table).expect("kept");
    }
}

/// A line read back; a half-written one is none.
fn outcome(line: &str) -> Option<Outcome> {
    let [kind, seed, format, read, time_ms] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let case = Case {
        kind: kinds().iter().position(|k| k.name == kind)?,
        seed: seed.parse().ok()?,
        format: Format::ALL.into_iter().find(|f| f.name() == format)?,
    };
    Some(Outcome { case, read: read == "1", wrong: vec![], time_ms: time_ms.parse().ok()? })
}
