//! Status snapshots and deltas: what they say together, and those that must be refused.

use crate::world::{NOW_S, key};
use mohar_keys::file::hex;
use mohar_keys::sign1;
use mohar_schemas::cbor::Item;
use mohar_schemas::cose::Context;
use mohar_schemas::snapshot::{Delta, Reach, Snapshot};
use mohar_schemas::status::{LIST_SIZE, Status};
use mohar_verifier::{Trust, open_delta, open_snapshot};
use serde_json::{Value, json};

const HOUR_S: i64 = 3_600;

fn reach(changes: u64, issued: u64, hours: i64) -> Reach {
    let issued_at_s = NOW_S + hours * HOUR_S;
    Reach { changes, issued, issued_at_s, expires_at_s: issued_at_s + 24 * HOUR_S }
}

fn snapshot(reach: Reach, marks: impl IntoIterator<Item = (u64, Status)>) -> Vec<u8> {
    sign1(&key("status"), Context::Snapshot, &Snapshot::new(reach, marks).encode()).unwrap()
}

fn delta(from: u64, reach: Reach, marks: impl IntoIterator<Item = (u64, Status)>) -> Vec<u8> {
    let delta = Delta { from, reach, marks: marks.into_iter().collect() };
    sign1(&key("status"), Context::Delta, &delta.encode()).unwrap()
}

/// A snapshot of any shape that the right key signed.
fn shaped(reach: Reach, blocks: &[&[u8]]) -> Vec<u8> {
    let count = |n: u64| Item::Int(n.cast_signed());
    let payload = Item::Array(vec![
        Item::Int(1),
        count(reach.changes),
        count(reach.issued),
        Item::Int(reach.issued_at_s),
        Item::Int(reach.expires_at_s),
        Item::Array(blocks.iter().map(|b| Item::Bytes(b.to_vec())).collect()),
    ]);
    sign1(&key("status"), Context::Snapshot, &payload.encode()).unwrap()
}

/// What a verifier knows after a snapshot and its deltas.
fn follow(snapshot: &[u8], deltas: &[Vec<u8>], trust: &Trust) -> Option<Snapshot> {
    let first = open_snapshot(snapshot, trust).ok()?;
    deltas.iter().try_fold(first, |state, delta| state.apply(&open_delta(delta, trust).ok()?).ok())
}

fn good(name: &str, snapshot: &[u8], deltas: &[Vec<u8>], ask: &[u64], trust: &Trust) -> Value {
    let state = follow(snapshot, deltas, trust).unwrap();
    let known = |index: u64| state.list(index / LIST_SIZE).and_then(|l| l.status(index));
    let says = ask.iter().map(|index| json!([index, known(*index).map(Status::id)]));
    json!({
        "name": name,
        "snapshot": hex(snapshot),
        "deltas": deltas.iter().map(|d| hex(d)).collect::<Vec<_>>(),
        "changes": state.reach.changes,
        "issued": state.reach.issued,
        "issued_at": state.reach.issued_at_s,
        "expires": state.reach.expires_at_s,
        "says": says.collect::<Vec<_>>(),
    })
}

pub fn good_ones(trust: &Trust) -> Vec<Value> {
    let (revoked, suspended, superseded) = (Status::Revoked, Status::Suspended, Status::Superseded);
    let few =
        [(0, revoked), (7, suspended), (8, superseded), (LIST_SIZE, revoked), (LIST_SIZE + 40, revoked)];
    let run = (2_000..5_000)
        .map(|i| (i, revoked))
        .chain([(LIST_SIZE - 1, revoked), (2 * LIST_SIZE + 1, superseded)]);
    let base = snapshot(reach(5, LIST_SIZE + 41, 0), few);
    let first = delta(5, reach(7, LIST_SIZE + 50, 5), [(7, Status::Valid), (LIST_SIZE + 49, suspended)]);
    let second =
        delta(7, reach(9, 3 * LIST_SIZE + 1, 30), [(LIST_SIZE + 49, revoked), (3 * LIST_SIZE, revoked)]);
    let nothing = delta(5, reach(5, LIST_SIZE + 60, 1), []);
    let asked = [
        0,
        1,
        7,
        8,
        LIST_SIZE,
        LIST_SIZE + 40,
        LIST_SIZE + 49,
        LIST_SIZE + 59,
        3 * LIST_SIZE,
        3 * LIST_SIZE + 1,
    ];
    vec![
        good("nothing-issued", &snapshot(reach(0, 0, 0), []), &[], &[0], trust),
        good("nothing-marked", &snapshot(reach(0, 3, 0), []), &[], &[0, 2, 3], trust),
        good("each-status-in-two-blocks", &base, &[], &asked, trust),
        good(
            "a-run-and-the-last-place",
            &snapshot(reach(3_002, 2 * LIST_SIZE + 2, 0), run),
            &[],
            &[1_999, 2_000, 4_999, 5_000, LIST_SIZE - 1, LIST_SIZE, 2 * LIST_SIZE, 2 * LIST_SIZE + 1],
            trust,
        ),
        good("nothing-changed", &base, &[nothing], &asked, trust),
        good("valid-again", &base, std::slice::from_ref(&first), &asked, trust),
        good("two-deltas", &base, &[first, second], &asked, trust),
    ]
}

pub fn refused_ones(trust: &Trust) -> Vec<Value> {
    let at = reach(2, 20, 0);
    let base = snapshot(at, [(3, Status::Revoked)]);
    let good = delta(2, reach(3, 25, 1), [(4, Status::Revoked)]);
    assert!(follow(&base, std::slice::from_ref(&good), trust).is_some());
    let payload = Snapshot::new(at, [(3, Status::Revoked)]).encode();
    let signed = |name: &str, context| sign1(&key(name), context, &payload).unwrap();
    let mut flipped = base.clone();
    flipped[20] ^= 1;
    // Each: one set with places, then empty sets, in bits written out.
    let block = |bits: &str| {
        let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
        bits.chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |b, (i, bit)| b | bit << (7 - i)))
            .collect::<Vec<u8>>()
    };
    // A count of one and a mean of 2^17: three more bits of unary, then seventeen of the gap itself.
    let third = "10 0 0 00000000000000011 0 0";
    assert_eq!(shaped(at, &[&block(third)]), base, "the bits are what this test takes them for");
    let snapshots = [
        ("signed-for-a-certificate", signed("revenue", Context::Snapshot)),
        ("signed-as-a-delta", signed("status", Context::Delta)),
        ("signed-as-a-certificate", signed("status", Context::Certificate)),
        ("bit-flipped", flipped),
        ("no-block", shaped(at, &[])),
        ("a-block-too-many", shaped(at, &[&block(third), &[]])),
        ("a-place-not-issued", shaped(at, &[&block("10 0 0 00000000000010100 0 0")])),
        ("a-place-in-two-sets", shaped(at, &[&block("10 0 0 00000000000000011 10 0 0 00000000000000011 0")])),
        ("nothing-marked-at-length", shaped(at, &[&[0]])),
        ("a-bit-after-the-end", shaped(at, &[&block("10 0 0 00000000000000011 0 0 1")])),
        ("a-byte-after-the-end", shaped(at, &[&[block(third).as_slice(), &[0]].concat()])),
        ("cut-short", shaped(at, &[&block("10 0 0 0000000000")])),
        ("more-places-than-bits", shaped(at, &[&[0xff, 0xff, 0x00, 0xff, 0xff]])),
    ];
    let deltas = [
        ("delta-from-another-state", delta(1, reach(3, 25, 1), [])),
        ("delta-signed-earlier", delta(2, reach(3, 25, -1), [])),
        ("delta-of-fewer-changes", delta(2, reach(1, 25, 1), [])),
        ("delta-of-fewer-issued", delta(2, reach(3, 19, 1), [])),
        ("delta-twice", good.clone()),
        ("a-snapshot-as-a-delta", base.clone()),
    ];
    let alone = snapshots.into_iter().map(|(name, bytes)| (name, bytes, vec![]));
    let after = deltas.into_iter().map(|(name, bytes)| {
        let before = if name == "delta-twice" { vec![good.clone()] } else { vec![] };
        (name, base.clone(), [before, vec![bytes]].concat())
    });
    let cases = alone.chain(after).map(|(name, snapshot, deltas)| {
        assert!(follow(&snapshot, &deltas, trust).is_none(), "{name}");
        let deltas: Vec<_> = deltas.iter().map(|d| hex(d)).collect();
        json!({ "name": name, "snapshot": hex(&snapshot), "deltas": deltas })
    });
    cases.collect()
}
