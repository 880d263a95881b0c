//! The status snapshot and its deltas: size against the information bound, and the time to make one anew.

use crate::{Line, seconds};
use mohar_keys::{MemoryKey, sign1};
use mohar_schemas::cose::Context;
use mohar_schemas::snapshot::{Delta, Reach, Snapshot};
use mohar_schemas::status::Status;
use std::collections::BTreeMap;

/// How many of a thousand certificates are revoked.
const REVOKED_OF_1000: u64 = 5;
/// Revocations a day among ten million certificates, if they last ten years on average.
const CHANGES_A_DAY: usize = 27;

/// Multiplicative congruential generator (Knuth's MMIX); its high bits are good.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 20) % end
    }
}

fn key() -> MemoryKey {
    MemoryKey::from_secret(&[7; 32])
}

/// A snapshot of certificates of which 0.5 % are revoked, strewn at random.
pub fn strewn(issued: u64) -> Snapshot {
    let mut random = Random(issued);
    let mut marks = BTreeMap::new();
    while (marks.len() as u64) < issued * REVOKED_OF_1000 / 1_000 {
        marks.insert(random.below(issued), Status::Revoked);
    }
    let reach = Reach { changes: marks.len() as u64, issued, issued_at_s: 0, expires_at_s: 86_400 };
    Snapshot::new(reach, marks)
}

/// As it is sent.
pub fn signed(snapshot: &Snapshot) -> Vec<u8> {
    sign1(&key(), Context::Snapshot, &snapshot.encode()).expect("a key in memory signs")
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(n: usize) -> f64 {
    n as f64
}

/// In bytes: all certificates × the entropy of whether one is marked.
fn bound(snapshot: &Snapshot) -> f64 {
    let all = float(usize::try_from(snapshot.reach.issued).unwrap_or(usize::MAX));
    let p = float(snapshot.len()) / all;
    all * -(p * p.log2() + (1.0 - p) * (1.0 - p).log2()) / 8.0
}

pub fn measure(lines: &mut Vec<Line>) {
    eprintln!("status …");
    for (issued, name) in [(1_000_000, "1"), (10_000_000, "10"), (100_000_000, "100")] {
        let snapshot = strewn(issued);
        let size = float(signed(&snapshot).len());
        let what = format!("status snapshot ÷ information bound, {name} million certificates");
        lines.push(Line::most(what, size / bound(&snapshot), "", 1.05, "≤ 1.05"));
        let what = format!("status snapshot, {name} million certificates");
        lines.push(match name {
            "10" => Line::most(what, size / 1e3, " KB", 60.0, "≤ 60 KB"),
            _ => Line::plain(what, format!("{:.1} KB", size / 1e3)),
        });
    }
    let mut random = Random(1);
    let base = strewn(10_000_000);
    let changed = (0..CHANGES_A_DAY).map(|_| (random.below(10_000_000), Status::Revoked)).collect();
    let reach = Reach { changes: base.reach.changes + CHANGES_A_DAY as u64, ..base.reach };
    let delta = Delta { from: base.reach.changes, reach, marks: changed };
    let size = sign1(&key(), Context::Delta, &delta.encode()).expect("a key in memory signs").len();
    lines.push(Line::most(
        "status delta of a day, 10 million certificates",
        float(size),
        " B",
        200.0,
        "≤ 200 B",
    ));
    let large = strewn(100_000_000);
    let again = Delta {
        from: large.reach.changes,
        reach: Reach { changes: large.reach.changes + CHANGES_A_DAY as u64, ..large.reach },
        marks: delta.marks,
    };
    let time = seconds(|| drop(large.apply(&again).map(|next| signed(&next))));
    let what = "status snapshot of 100 million made anew from what changed";
    lines.push(Line::plain(what, format!("{:.0} ms", time * 1e3)));
}
