//! The table, in Markdown.

use mohar_tests::paper::formats::Format;
use mohar_tests::paper::kinds;
use mohar_tests::paper::suite::{Outcome, Suite};
use std::fmt::Write;

/// Kinds by formats: the part that was read, then sizes and times.
pub fn table(suite: &Suite, outcomes: &[Outcome], formats: &[Format]) -> String {
    let of = |format: Format| outcomes.iter().filter(move |outcome| outcome.case.format == format);
    let mut out = String::new();
    let mut row = |name: &str, cell: &dyn Fn(Format) -> String| {
        let cells: Vec<String> = formats.iter().copied().map(cell).collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    };
    row("kind", &|format| format.name().to_owned());
    row("---", &|_| "---:".to_owned());
    for (n, kind) in kinds().iter().enumerate() {
        let read = |format: Format| {
            let cell: Vec<bool> = of(format).filter(|o| o.case.kind == n).map(|o| o.read).collect();
            share(cell.iter().filter(|read| **read).count(), cell.len())
        };
        if outcomes.iter().any(|outcome| outcome.case.kind == n) {
            row(&kind.name, &read);
        }
    }
    row("**all**", &|f| share(of(f).filter(|o| o.read).count(), of(f).count()));
    row("modules a side", &|f| match suite.sizes(f) {
        (least, most) if least == most => format!("{least}"),
        (least, most) => format!("{least}–{most}"),
    });
    let time = |f: Format, part: fn(usize) -> usize| {
        let mut times: Vec<f64> = of(f).map(|outcome| outcome.time_ms).collect();
        times.sort_by(f64::total_cmp);
        times.get(part(times.len())).map(|ms| format!("{ms:.0}")).unwrap_or_default()
    };
    row("decoder chain, ms a picture: median", &|f| time(f, |all| all / 2));
    row("decoder chain, ms a picture: slowest", &|f| time(f, |all| all.saturating_sub(1)));
    let cell = |n: usize, f: Format| of(f).filter(|o| o.case.kind == n).count();
    let cells = (0..kinds().len()).flat_map(|n| formats.iter().map(move |f| cell(n, *f))).filter(|n| *n > 0);
    let (least, most) = cells.fold((usize::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
    let pictures = if least == most { format!("{most}") } else { format!("{least} to {most}") };
    let _ = writeln!(out, "\n{} pictures, {pictures} a cell.", outcomes.len());
    out
}

/// In percent, rounded down; nothing of nothing.
fn share(part: usize, all: usize) -> String {
    (100 * part).checked_div(all).map(|percent| format!("{percent} %")).unwrap_or_default()
}
