//! The suite: every kind × seed × format through the chain of decoders.

use super::formats::{Certified, Code, Format, code};
use super::sheet::Sheet;
use super::{Kind, kinds, spoilt};
use crate::{Service, sample};
use mohar_picture::Reading;
use mohar_schemas::qr;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// The certificates: one of each of these samples.
const SAMPLES: [&str; 3] = ["caste-sc", "income", "marriage-hindu"];

/// Issued and printed certificates.
#[derive(Debug)]
pub struct Suite {
    sheets: BTreeMap<(u32, usize), Sheet>,
    codes: Vec<BTreeMap<&'static str, Code>>,
}

/// One picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Case {
    /// Index into [`kinds`].
    pub kind: usize,
    /// The same seed spoils every format alike.
    pub seed: u64,
    /// Whose code is on the paper.
    pub format: Format,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which picture.
    pub case: Case,
    /// Whether its code was read.
    pub read: bool,
    /// Texts that are not in the picture: must never be.
    pub wrong: Vec<String>,
    /// Milliseconds of processor time of the chain.
    pub time_ms: f64,
}

/// Pictures of these kinds in these formats: all of the first seed, then all of the next.
#[must_use]
pub fn cases(kinds: &[usize], formats: &[Format], seeds: u64) -> Vec<Case> {
    let of = |seed: u64, kind: usize| formats.iter().map(move |format| Case { kind, seed, format: *format });
    (0..seeds).flat_map(|seed| kinds.iter().flat_map(move |kind| of(seed, *kind))).collect()
}

impl Suite {
    /// Issues through a service, prints with its own printer, rasterises with `pdftoppm`.
    ///
    /// # Panics
    /// If the service refuses.
    #[must_use]
    pub fn new(service: &Service, kinds: &[Kind]) -> Self {
        let mut dots: Vec<u32> = kinds.iter().map(|kind| kind.dots).collect();
        dots.sort_unstable();
        dots.dedup();
        let (mut sheets, mut codes) = (BTreeMap::new(), vec![]);
        for (n, name) in SAMPLES.iter().enumerate() {
            let answer = service.issue(&sample(name), name);
            let text = |key: &str| answer[key].as_str().expect("a text").to_owned();
            let pdf = service.dir.join(format!("{name}.pdf"));
            let bytes = service.get_as_caller(&format!("/v1/certificates/{}/pdf", text("id")));
            std::fs::write(&pdf, bytes).expect("written");
            let certified = Certified { text: text("qr"), number: text("number"), request: sample(name) };
            let symbol = qr::symbol(&certified.text).expect("our own text fits");
            sheets.extend(dots.iter().map(|dots| ((*dots, n), Sheet::of_pdf(&pdf, *dots, &symbol))));
            codes.push(Format::ALL.into_iter().map(|f| (f.name(), code(&certified, f))).collect());
        }
        Self { sheets, codes }
    }

    /// A picture, and the text that is in its code.
    #[must_use]
    pub fn picture(&self, case: Case) -> (Vec<u8>, &str) {
        let (n, kind) = (usize::try_from(case.seed).unwrap_or(0) % SAMPLES.len(), &kinds()[case.kind]);
        let (sheet, code) = (&self.sheets[&(kind.dots, n)], &self.codes[n][case.format.name()]);
        let bytes = match case.format {
            Format::Mohar => spoilt(sheet, kind, case.seed),
            _ => spoilt(&sheet.with_code(&code.modules), kind, case.seed),
        };
        (bytes, &code.text)
    }

    /// Modules a side of a format's codes, smallest and largest of the certificates.
    #[must_use]
    pub fn sizes(&self, format: Format) -> (usize, usize) {
        let sides = || self.codes.iter().map(|codes| codes[format.name()].modules.len());
        (sides().min().unwrap_or(0), sides().max().unwrap_or(0))
    }

    /// Reads one picture by the chain; `leave` gets it if it was not read, or read wrong.
    #[must_use]
    pub fn read(&self, case: Case, leave: &dyn Fn(Case, &[u8])) -> Outcome {
        let (bytes, right) = self.picture(case);
        let start = processor_ms();
        let reading = mohar_picture::read(&bytes);
        let time_ms = processor_ms() - start;
        let texts = if let Reading::Codes(texts) = reading { texts } else { vec![] };
        let (right, wrong): (Vec<String>, Vec<String>) = texts.into_iter().partition(|text| text == right);
        let outcome = Outcome { case, read: !right.is_empty(), wrong, time_ms };
        if !outcome.read || !outcome.wrong.is_empty() {
            leave(case, &bytes);
        }
        outcome
    }

    /// Reads pictures on every core; `seen` gets each outcome as it comes.
    pub fn run(&self, cases: &[Case], leave: &(dyn Fn(Case, &[u8]) + Sync), mut seen: impl FnMut(Outcome)) {
        let (next, cores) =
            (AtomicUsize::new(0), std::thread::available_parallelism().map_or(1, usize::from));
        let (sender, outcomes) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..cores {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // Nobody listens any more if `seen` panicked.
                        if sender.send(self.read(*case, leave)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            outcomes.into_iter().for_each(&mut seen);
        });
    }
}

/// Processor time of this thread so far (Linux): neighbours on the machine do not count.
fn processor_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e6
}
