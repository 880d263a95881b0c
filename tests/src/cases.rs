//! Made-up certificates, genuine and mutated, each with what the Rust verifier says of it, for
//! verifiers in other languages to agree with. The same seed gives the same bytes for ever.
//!
//! `cargo run -p mohar-tests --bin cases -- 100000 > cases.ndjson` (a second number is the seed).
//!
//! One JSON object a line. A line with `root` is a *world*; every other line is a *case*, judged in
//! the world last read.
//!
//! | world | |
//! |---|---|
//! | `root` | public key of the root, hex |
//! | `trust_list` | the signed trust list, hex; it opens |
//! | `status_lists` | signed status lists, hex; each opens |
//! | `refused_trust_lists`, `refused_status_lists` | hex; none opens with this root and trust list |
//!
//! | case | |
//! |---|---|
//! | `kind` | what was done to it, such as `text: a digit changed`; says nothing about the verdict |
//! | `text` | what was scanned or typed |
//! | `now` | seconds since 1970 UTC |
//! | `lists` | places in `status_lists` of the lists at hand, in the order in which they came |
//! | `verdict` | the code of credential.md §11 |
//! | `as_of` | when the list was signed that it was judged by, or null |
//! | `trust_list_is_old` | whether `now` is past `due` of the trust list |
//! | `foreign` | row of `messages/foreign-codes.toml`, or null |
//! | `number` | the certificate's number, or null where nothing of it may be shown |
//! | `lines` | null, or 16 hex digits: the start of the SHA-256 of the lines that are shown, each as `id TAB English TAB Hindi LF` (UTF-8), as in `lines` of `vectors.json` |
//! | `words` | the same of `title`, `message`, `advice` of the report, each as `English TAB Hindi LF` |

mod certificate;
mod message;
mod payload;
mod random;
pub mod signing;
mod text;
mod world;

use mohar_schemas::sha256;
use mohar_verifier::{Report, verify_text};
use random::Random;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io;
use world::World;

/// Cases judged in one world.
const PER_WORLD: usize = 250;

/// What a case scans, and what was done to it.
struct Draft {
    kind: String,
    text: String,
}

/// Writes `count` cases and their worlds.
pub fn write(count: usize, seed: u64, out: &mut dyn io::Write) -> io::Result<()> {
    for (number, first) in (0..count).step_by(PER_WORLD).enumerate() {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let world = World::new(&mut random);
        writeln!(out, "{}", world.line())?;
        for _ in first..count.min(first + PER_WORLD) {
            writeln!(out, "{}", case(&world, &mut random))?;
        }
    }
    Ok(())
}

fn case(world: &World, random: &mut Random) -> Value {
    let plan = certificate::plan(world, random);
    let draft = match random.below(100) {
        0..42 => Draft { kind: format!("certificate: {}", plan.kind), text: text::link(&plan.signed(world)) },
        42..57 => payload::draft(world, &plan, random),
        57..77 => message::draft(world, &plan, random),
        77..92 => text::draft(&plan.signed(world), random),
        _ => text::foreign(random),
    };
    let (lists, now_s) = (plan.lists.clone(), plan.now_s);
    let status: Vec<_> = lists.iter().map(|n| world.lists[*n].clone()).collect();
    let evidence = mohar_verifier::Evidence { trust: &world.trust, status: &status, now_s };
    let verdict = verify_text(&draft.text, &evidence);
    let report = Report::of(&verdict);
    json!({
        "kind": draft.kind,
        "text": draft.text,
        "now": now_s,
        "lists": lists,
        "verdict": report.verdict,
        "as_of": verdict.status_as_of_s,
        "trust_list_is_old": report.trust_list_is_old,
        "foreign": verdict.foreign,
        "number": report.number,
        "lines": verdict.credential.is_some().then(|| lines(&report)),
        "words": words(&report),
    })
}

fn lines(report: &Report) -> String {
    let mut all = String::new();
    for line in &report.fields {
        // Writing to a String cannot fail.
        let _ = writeln!(all, "{}\t{}\t{}", line.id, line.value.en, line.value.hi);
    }
    digest(&all)
}

fn words(report: &Report) -> String {
    let mut all = String::new();
    for words in [&report.title, &report.message, &report.advice] {
        // Writing to a String cannot fail.
        let _ = writeln!(all, "{}\t{}", words.en, words.hi);
    }
    digest(&all)
}

fn digest(text: &str) -> String {
    mohar_keys::file::hex(&sha256(text.as_bytes())[..8])
}
