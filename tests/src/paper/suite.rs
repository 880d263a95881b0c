//! The suite: every kind × seed × format through the chain of decoders.

use super::formats::{Certified, Code, Format, code};
use super::sheet::Sheet;
use super::{Kind, kinds, spoilt};
use crate::{Service, sample};
use mohar_picture::Reading;
use mohar_schemas::qr;
use mohar_schemas::status::StatusList;
use mohar_verifier::{Code as Conclusion, Evidence, Trust, open_status_list, open_trust_list, verify_text};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The certificates: one of each of these samples.
const SAMPLES: [&str; 3] = ["caste-sc", "income", "marriage-hindu"];

/// Issued and printed certificates, and the evidence to judge what is read from them.
#[derive(Debug)]
pub struct Suite {
    sheets: BTreeMap<(u32, usize), Sheet>,
    codes: Vec<BTreeMap<&'static str, Code>>,
    trust: Trust,
    status: StatusList,
}

/// What became of the pictures of one kind and format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Pictures.
    pub all: usize,
    /// Read right.
    pub read: usize,
    /// Read as another certificate that passes for genuine: must never be.
    pub wrong: usize,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// By kind and format.
    pub cells: BTreeMap<(usize, &'static str), Cell>,
    /// Milliseconds of processor time of the chain: format, whether the code was read, and the time.
    pub times_ms: Vec<(&'static str, bool, f64)>,
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
        let keys = service.dir.join("keys");
        let root = std::fs::read_to_string(keys.join("root.pub")).expect("the root");
        let root: Vec<u8> =
            (0..32).filter_map(|i| u8::from_str_radix(root.get(2 * i..2 * i + 2)?, 16).ok()).collect();
        let list = std::fs::read(keys.join("trust-list.cbor")).expect("the trust list");
        let trust = open_trust_list(&list, &root.try_into().expect("32 bytes")).expect("trusted");
        let status = open_status_list(&service.get("/v1/status-lists/0").1, &trust).expect("signed");
        Self { sheets, codes, trust, status }
    }

    /// The picture of a kind, seed and format, and the text that is in its code.
    #[must_use]
    pub fn picture(&self, kind: &Kind, seed: u64, format: Format) -> (Vec<u8>, &str) {
        let n = usize::try_from(seed).unwrap_or(0) % SAMPLES.len();
        let (sheet, code) = (&self.sheets[&(kind.dots, n)], &self.codes[n][format.name()]);
        let bytes = match format {
            Format::Mohar => spoilt(sheet, kind, seed),
            _ => spoilt(&sheet.with_code(&code.modules), kind, seed),
        };
        (bytes, &code.text)
    }

    /// Modules a side of the formats' codes, smallest and largest of the certificates.
    #[must_use]
    pub fn sizes(&self) -> Vec<(&'static str, usize, usize)> {
        let sides = |f: Format| self.codes.iter().map(move |c| c[f.name()].modules.len());
        Format::ALL
            .into_iter()
            .map(|f| (f.name(), sides(f).min().unwrap_or(0), sides(f).max().unwrap_or(0)))
            .collect()
    }

    /// Runs so many seeds of every kind, on every core; `leave` gets the pictures that were not read.
    ///
    /// # Panics
    /// If a reader panics.
    #[must_use]
    pub fn run(&self, formats: &[Format], seeds: u64, leave: &(dyn Fn(&str, &[u8]) + Sync)) -> Measured {
        let work: Vec<(usize, u64, Format)> = (0..seeds)
            .flat_map(|seed| kinds().iter().enumerate().map(move |(kind, _)| (kind, seed)))
            .flat_map(|(kind, seed)| formats.iter().map(move |format| (kind, seed, *format)))
            .collect();
        let next = AtomicUsize::new(0);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let worker = || {
            let mut measured = Measured::default();
            while let Some((kind, seed, format)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.one((*kind, *seed, *format), &mut measured, leave);
            }
            measured
        };
        let parts: Vec<Measured> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().map(|w| w.join().expect("a worker")).collect()
        });
        let mut all = Measured::default();
        for part in parts {
            for (key, cell) in part.cells {
                let sum = all.cells.entry(key).or_default();
                (sum.all, sum.read, sum.wrong) =
                    (sum.all + cell.all, sum.read + cell.read, sum.wrong + cell.wrong);
            }
            all.times_ms.extend(part.times_ms);
        }
        all
    }

    fn one(
        &self,
        (n, seed, format): (usize, u64, Format),
        measured: &mut Measured,
        leave: &dyn Fn(&str, &[u8]),
    ) {
        let kind = &kinds()[n];
        let (bytes, right) = self.picture(kind, seed, format);
        let start = processor_ms();
        let reading = mohar_picture::read(&bytes);
        let time_ms = processor_ms() - start;
        let texts = if let Reading::Codes(texts) = reading { texts } else { vec![] };
        let read = texts.iter().any(|text| text == right);
        let cell = measured.cells.entry((n, format.name())).or_default();
        cell.all += 1;
        cell.read += usize::from(read);
        cell.wrong += texts.iter().filter(|text| *text != right && self.passes(text)).count();
        measured.times_ms.push((format.name(), read, time_ms));
        if !read {
            let kind: String = kind.name.chars().filter(|c| c.is_alphanumeric()).collect();
            leave(&format!("{kind}-{format:?}-{seed}"), &bytes);
        }
    }

    /// Whether a text is a certificate that a verifier would accept.
    fn passes(&self, text: &str) -> bool {
        let evidence = Evidence {
            trust: &self.trust,
            status: std::slice::from_ref(&self.status),
            now_s: self.status.issued_at_s,
        };
        let code = verify_text(text, &evidence).code;
        matches!(code, Conclusion::Genuine | Conclusion::StatusStale | Conclusion::StatusUnknown)
    }
}

/// Processor time of this thread so far (Linux): neighbours on the machine do not count.
fn processor_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e6
}
