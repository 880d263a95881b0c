//! Many certificates on every core, and a report with a row each, in the order of the inputs.

use super::super::Error;
use super::progress::Progress;
use super::sources::{Content, Item, each};
use super::{About, Given, in_file, judge, worse};
use crate::bulk::{Head, PDF_ROWS_MAX, Row, Table, pdf};
use mohar_schemas::bulk::Why;
use mohar_schemas::purpose::{self, Purpose};
use mohar_verifier::Evidence;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// Items read ahead, for each core: they are what memory is needed for.
const AHEAD: usize = 4;

/// Where the report goes.
pub enum Out<'a> {
    /// A table on the standard output.
    Standard,
    /// A table in a file.
    Table(&'a Path),
    /// An unsigned report in a file.
    Pdf(&'a Path),
}

impl<'a> Out<'a> {
    /// By the name of the file.
    pub fn of(path: Option<&'a Path>) -> Self {
        match path {
            None => Self::Standard,
            Some(path) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("pdf")) => Self::Pdf(path),
            Some(path) => Self::Table(path),
        }
    }
}

/// Judges everything in the inputs; gives the exit code.
pub fn run(
    inputs: &[String],
    evidence: &Evidence<'_>,
    purpose: Option<&'static Purpose>,
    out: &Out<'_>,
) -> Result<u8, Error> {
    match out {
        Out::Standard => written(inputs, evidence, purpose, std::io::stdout().lock()),
        Out::Table(path) => written(inputs, evidence, purpose, create(path)?),
        Out::Pdf(path) => {
            let mut rows = vec![];
            let worst = rows_of(inputs, evidence, purpose, |row| {
                if rows.len() == PDF_ROWS_MAX {
                    return Err(format!("a PDF has at most {PDF_ROWS_MAX} rows; ask for a .csv").into());
                }
                rows.push(row);
                Ok(())
            })?;
            let purpose = purpose.map(|p| p.name.clone());
            let head = Head { service: None, made_at_s: evidence.now_s, purpose };
            std::fs::write(path, pdf(head, rows)?.0).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(worst)
        }
    }
}

fn create(path: &Path) -> Result<File, Error> {
    File::create(path).map_err(|e| format!("{}: {e}", path.display()).into())
}

fn written(
    inputs: &[String],
    evidence: &Evidence<'_>,
    purpose: Option<&'static Purpose>,
    out: impl std::io::Write,
) -> Result<u8, Error> {
    let mut table = Table::new(out)?;
    let worst = rows_of(inputs, evidence, purpose, |row| Ok(table.write(&row)?))?;
    table.finish()?;
    Ok(worst)
}

/// Judges on every core and hands on the rows in order; gives the exit code.
fn rows_of(
    inputs: &[String],
    evidence: &Evidence<'_>,
    purpose: Option<&'static Purpose>,
    take: impl FnMut(Row) -> Result<(), Error>,
) -> Result<u8, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let (items, taken) = sync_channel::<(usize, Item)>(cores * AHEAD);
    let (rows, judged) = channel();
    // It goes with the last worker: then nobody waits to hand on items that nobody takes.
    let taken = Arc::new(Mutex::new(taken));
    let (found, complete) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..cores {
            let (taken, rows) = (Arc::clone(&taken), rows.clone());
            scope.spawn(move || work(&taken, &rows, evidence, purpose));
        }
        drop((taken, rows));
        let counted = (&found, &complete);
        let reader = scope.spawn(move || {
            let read = each(inputs, |item| {
                let n = counted.0.fetch_add(1, Ordering::Relaxed);
                items.send((n, item)).is_ok()
            });
            counted.1.store(true, Ordering::Relaxed);
            read
        });
        let worst = in_order(judged, take, counted);
        reader.join().map_err(|_| "reading the inputs failed")??;
        worst
    })
}

/// Judges items until there are no more.
fn work(
    taken: &Mutex<Receiver<(usize, Item)>>,
    rows: &Sender<(usize, Row)>,
    evidence: &Evidence<'_>,
    purpose: Option<&'static Purpose>,
) {
    loop {
        let next = taken.lock().map(|taken| taken.recv());
        let Ok(Ok((n, item))) = next else { return };
        if rows.send((n, row(item, evidence, purpose))).is_err() {
            return;
        }
    }
}

fn row(item: Item, evidence: &Evidence<'_>, purpose: Option<&'static Purpose>) -> Row {
    let unread = |name: String, why: Why| Row::unread(name, why.words().clone());
    let asked = match item.purpose.as_deref() {
        None => purpose,
        Some(id) => match purpose::by_id(id) {
            None => return unread(item.name, Why::NoPurpose),
            known => known,
        },
    };
    let about = match item.content {
        Content::Unread(why) => return unread(item.name, why),
        Content::Code(code) => Ok(About::Certificate(Given::Text(code))),
        Content::File(bytes) => in_file(bytes, evidence.trust),
    };
    match about {
        Ok(About::Report(conclusion)) => Row::of_report(item.name, &conclusion),
        Ok(About::Certificate(given)) => Row::of(item.name, &judge(&given, evidence, asked)),
        Err(_) => unread(item.name, Why::NoProcess),
    }
}

/// Hands on rows in order as they come; those that are early wait.
fn in_order(
    judged: Receiver<(usize, Row)>,
    mut take: impl FnMut(Row) -> Result<(), Error>,
    (found, complete): (&AtomicUsize, &AtomicBool),
) -> Result<u8, Error> {
    let mut progress = Progress::start();
    let (mut early, mut next, mut worst) = (BTreeMap::new(), 0, 0);
    for (n, row) in judged {
        early.insert(n, row);
        while let Some(row) = early.remove(&next) {
            worst = worse(worst, row.exit);
            take(row)?;
            next += 1;
            let all = complete.load(Ordering::Relaxed).then(|| found.load(Ordering::Relaxed));
            progress.tell(next, all);
        }
    }
    progress.end(next);
    Ok(worst)
}
