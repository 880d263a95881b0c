//! Many certificates on every core, and a report with a row each, in the order of the inputs.

use super::super::Error;
use super::sources::{Content, Item, each};
use super::{Given, in_file, judge, worse};
use mohar_schemas::purpose::{self, Purpose};
use mohar_verifier::{Evidence, Report};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

/// Items read ahead, for each core: they are what memory is needed for.
const AHEAD: usize = 4;
/// Progress is told after so many rows.
const TOLD: usize = 100;

/// A row of the report.
struct Row {
    name: String,
    verdict: String,
    exit: u8,
    report: Option<Report>,
    note: String,
}

/// Judges everything in the inputs; gives the exit code.
pub fn run(
    inputs: &[String],
    evidence: &Evidence<'_>,
    purpose: Option<&'static Purpose>,
    out: impl Write,
) -> Result<u8, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let (items, taken) = sync_channel::<(usize, Item)>(cores * AHEAD);
    let (rows, judged) = channel();
    let taken = Mutex::new(taken);
    thread::scope(|scope| {
        for _ in 0..cores {
            let (taken, rows) = (&taken, rows.clone());
            scope.spawn(move || work(taken, &rows, evidence, purpose));
        }
        drop(rows);
        let reader = scope.spawn(move || {
            let mut n = 0;
            each(inputs, |item| {
                n += 1;
                items.send((n - 1, item)).is_ok()
            })
        });
        let worst = write(&judged, out)?;
        reader.join().map_err(|_| "reading the inputs failed")??;
        Ok(worst)
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
    let unread = |name: String, note: &str| Row {
        name,
        verdict: "unread".into(),
        exit: 2,
        report: None,
        note: note.into(),
    };
    let asked = match item.purpose.as_deref() {
        None => purpose,
        Some(id) => match purpose::by_id(id) {
            None => return unread(item.name, "the list names a purpose that does not exist"),
            known => known,
        },
    };
    let given = match item.content {
        Content::Unread(why) => return unread(item.name, why),
        Content::Code(code) => Given::Text(code),
        Content::File(bytes) => match in_file(bytes) {
            Ok(given) => given,
            Err(_) => return unread(item.name, "no process could be started to read it"),
        },
    };
    let report = judge(&given, evidence, asked);
    Row {
        name: item.name,
        verdict: report.verdict.id(),
        exit: report.exit(),
        report: Some(report),
        note: String::new(),
    }
}

/// Writes rows in order as they come; those that are early wait.
fn write(judged: &Receiver<(usize, Row)>, out: impl Write) -> Result<u8, Error> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "name",
        "verdict",
        "title",
        "title_hi",
        "number",
        "certificate",
        "holder",
        "holder_hi",
        "purpose",
        "current",
        "message",
        "message_hi",
    ])?;
    let (mut early, mut next, mut worst) = (BTreeMap::new(), 0, 0);
    for (n, row) in judged {
        early.insert(n, row);
        while let Some(row) = early.remove(&next) {
            csv.write_record(cells(&row))?;
            worst = worse(worst, row.exit);
            next += 1;
            if next % TOLD == 0 {
                eprintln!("{next} checked");
            }
        }
    }
    csv.flush()?;
    eprintln!("{next} checked: done");
    Ok(worst)
}

fn cells(row: &Row) -> [String; 12] {
    let report = row.report.as_ref();
    let text = |of: &dyn Fn(&Report) -> Option<String>| report.and_then(of).unwrap_or_default();
    let holder = |r: &Report| r.fields.iter().find(|l| l.id == "name").map(|l| l.value.clone());
    let answer = |r: &Report| r.purpose.clone();
    let said = |r: &Report| answer(r).map_or_else(|| r.message.clone(), |a| a.message);
    [
        row.name.clone(),
        row.verdict.clone(),
        text(&|r| Some(r.title.en.clone())),
        text(&|r| Some(r.title.hi.clone())),
        text(&|r| r.number.clone()),
        text(&|r| r.kind.clone()),
        text(&|r| holder(r).map(|h| h.en)),
        text(&|r| holder(r).map(|h| h.hi)),
        text(&|r| answer(r).map(|a| a.id.to_owned())),
        text(&|r| answer(r).map(|a| a.current.to_string())),
        if report.is_some() { text(&|r| Some(said(r).en)) } else { row.note.clone() },
        text(&|r| Some(said(r).hi)),
    ]
    .map(|cell| harmless(&cell))
}

/// A cell that begins like a formula would be run by a spreadsheet; file names are anybody's.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}
