//! Payloads that a key did sign, of another shape or another encoding than the profile's.

use super::Draft;
use super::certificate::Plan;
use super::random::Random;
use super::signing::sign1;
use super::text::link;
use super::world::World;
use mohar_schemas::cbor::Item;
use mohar_schemas::cose::Context;
use mohar_schemas::scsu;

pub fn draft(world: &World, plan: &Plan, random: &mut Random) -> Draft {
    let good = plan.credential.encode();
    let items = items(&good);
    let (kind, payload) = match random.below(10) {
        0 => ("a place changed", encode(&placed(items, random))),
        1 => ("a number on an edge", encode(&edged(items, random))),
        2 => ("places moved", encode(&moved(items, random))),
        3 => ("a text spelt otherwise", encode(&spelt(items, random))),
        4 => ("a longer head", longer_head(&good, random)),
        5 => ("another form", reformed(&good, random)),
        6 => ("a bit flipped before signing", flipped(&good, random)),
        7 => ("a later profile", later(items, random)),
        8 => ("a kind the profile does not use", foreign_kind(items, random)),
        _ => ("no payload at all", not_a_payload(random)),
    };
    let message = sign1(&world.signers[plan.signer], Context::Certificate, &payload);
    Draft { kind: format!("payload: {kind}"), text: link(&message) }
}

fn items(payload: &[u8]) -> Vec<Item> {
    match Item::decode(payload) {
        Ok(Item::Array(items)) => items,
        _ => vec![],
    }
}

fn encode(items: &[Item]) -> Vec<u8> {
    Item::Array(items.to_vec()).encode()
}

fn text(text: &str) -> Item {
    Item::Text(text.into())
}

/// Numbers where something begins or ends.
const EDGES: &[i64] = &[
    -1,
    0,
    1,
    2,
    1_899,
    1_900,
    9_999,
    10_000,
    40_000,
    40_001,
    65_535,
    65_536,
    -62_091,
    -62_092,
    2_932_896,
    2_932_897,
    1 << 31,
    (1 << 40) - 1,
    1 << 40,
    1_000_000_000_000,
    1_000_000_000_001,
    (1 << 53) + 1,
    i64::MAX,
    i64::MIN,
];

fn any_item(random: &mut Random) -> Item {
    match random.below(9) {
        0 => Item::Null,
        1 => text("Ravi"),
        2 => text("रवि"),
        3 => Item::Bytes(random.bytes(3..=3)),
        4 => Item::Array((0..random.below(4)).map(|_| text("A")).collect()),
        5 => Item::Array(vec![Item::Array(vec![]), Item::Null]),
        6 => Item::Map(vec![(Item::Int(1), text("A")), (text("a"), Item::Int(1))]),
        _ => Item::Int(*random.pick(EDGES)),
    }
}

fn placed(mut items: Vec<Item>, random: &mut Random) -> Vec<Item> {
    for _ in 0..=random.below(2) {
        let at = random.below(items.len());
        items[at] = any_item(random);
    }
    items
}

fn edged(mut items: Vec<Item>, random: &mut Random) -> Vec<Item> {
    let numbers: Vec<_> = (0..items.len()).filter(|at| items[*at].as_int().is_some()).collect();
    let at = *random.pick(&numbers);
    items[at] = Item::Int(*random.pick(EDGES));
    items
}

fn moved(mut items: Vec<Item>, random: &mut Random) -> Vec<Item> {
    let at = random.below(items.len());
    match random.below(4) {
        0 => items.truncate(at),
        1 => items.insert(at, any_item(random)),
        2 => items.swap(at, 0),
        _ => {
            items.remove(at);
        }
    }
    items
}

fn spelt(mut items: Vec<Item>, random: &mut Random) -> Vec<Item> {
    const TEXTS: &[&str] =
        &["", "Ravi", "रवि", "र", "é", "ééé रवि", "₹", "😀", "\n", "\u{7f}", "\u{80}", "Ravi र", "\u{2080}र"];
    let places: Vec<_> = (8..items.len())
        .filter(|at| matches!(items[*at], Item::Text(_) | Item::Bytes(_) | Item::Array(_)))
        .collect();
    let Some(at) = (!places.is_empty()).then(|| *random.pick(&places)) else { return items };
    let one = |random: &mut Random| match random.below(4) {
        0 => text(*random.pick(TEXTS)),
        1 => Item::Bytes(scsu::encode(*random.pick(TEXTS))),
        2 => {
            let mut bytes = scsu::encode("रवि₹ Ravi “रवि”");
            let place = random.below(bytes.len());
            bytes[place] = *random.pick(&[0x14, 0x05, 0x06, 0x0e, 0xb0, 0xd8, 0x00, 0x10, 0x41, 0xff]);
            Item::Bytes(bytes)
        }
        _ => Item::Bytes(odd_scsu(random).to_vec()),
    };
    items[at] = if random.chance(50) { one(random) } else { Item::Array(vec![one(random), one(random)]) };
    items
}

fn odd_scsu(random: &mut Random) -> &'static [u8] {
    const SPELLINGS: &[&[u8]] = &[
        &[0x14, 0x14, 0xb0, 0xb1, 0xb2],
        &[0x14, 0xb0, 0x0e, 0x20],
        &[0x14, 0xb0, 0x0e, 0xd8, 0x00],
        &[0x14, 0xb0, 0xb1, 0x0e, 0xd8, 0x00, 0x0e, 0xdc, 0x00],
        &[0x14, 0xb0, 0xb1, 0x0e, 0xdc, 0x00, 0x0e, 0xd8, 0x00],
        &[0x14, 0xb0, 0xb1, 0x05, 0x80],
        &[0x14, 0xb0, 0xb1, 0x06, 0x80],
        &[0x14, 0xb0, 0xb1, 0x06, 0x7f],
        &[0x14, 0xb0, 0xb1, 0x0e, 0x09, 0x30],
        &[0x14, 0xb0, 0xb1, 0x0e, 0x00, 0x41],
        &[0x14, 0xb0, 0xb1, 0x0e, 0xfe, 0xff],
        &[0x41, 0xb0, 0xb1, 0xb2],
        &[0x14, 0xb0, 0xb1, 0x0a],
        &[0x14],
        &[0x05],
        &[],
    ];
    *random.pick(SPELLINGS)
}

/// Where the heads of the items stand, as long as they are arrays, strings, numbers and null.
fn heads(bytes: &[u8]) -> Vec<usize> {
    let (mut heads, mut at) = (vec![], 0);
    while at < bytes.len() {
        heads.push(at);
        let (major, info) = (bytes[at] >> 5, usize::from(bytes[at] & 31));
        let size = if info < 24 { 0 } else { 1 << (info - 24).min(3) };
        let argument = bytes[at + 1..].iter().take(size).fold(0, |n, b| n << 8 | usize::from(*b));
        let length = if info < 24 { info } else { argument };
        at += 1 + size + if matches!(major, 2 | 3) { length } else { 0 };
    }
    heads
}

/// One head in more bytes than it needs.
fn longer_head(good: &[u8], random: &mut Random) -> Vec<u8> {
    let at = *random.pick(&heads(good));
    let (major, info) = (good[at] >> 5, good[at] & 31);
    if info >= 24 {
        // The longest form of what is long already.
        let size = 1usize << (info - 24).min(3);
        let mut out = [&good[..at], &[major << 5 | 27]].concat();
        out.resize(out.len() + 8 - size, 0);
        out.extend(&good[at + 1..]);
        return out;
    }
    let more = 1usize << random.below(4);
    let mut out = good[..at].to_vec();
    out.push(major << 5 | [24, 25, 26, 27][more.trailing_zeros() as usize]);
    out.resize(out.len() + more - 1, 0);
    out.push(info);
    out.extend(&good[at + 1..]);
    out
}

/// The outer array otherwise, bytes behind it, or too few.
fn reformed(good: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(6) {
        0 => [&[0x9f], &good[1..], &[0xff]].concat(),
        1 => [good, &[0]].concat(),
        2 => good[..random.below(good.len())].to_vec(),
        3 => [&[0xc1], good].concat(),
        4 => [good, good].concat(),
        _ => [&[good[0].wrapping_add(1)], &good[1..]].concat(),
    }
}

fn flipped(good: &[u8], random: &mut Random) -> Vec<u8> {
    let (mut bytes, bit) = (good.to_vec(), random.below(good.len() * 8));
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// A later profile holds what it likes, in CBOR as ours; else it is damaged.
fn later(mut items: Vec<Item>, random: &mut Random) -> Vec<u8> {
    items[0] = Item::Int(*random.pick(&[2, 0, -1, 3, 24, i64::MAX, i64::MIN]));
    let at = 1 + random.below(items.len() - 1);
    items[at] = match random.below(7) {
        0 => (0..random.below(8)).fold(Item::Array(vec![]), |inner, _| Item::Array(vec![inner])),
        1 => (0..random.below(8)).fold(Item::Int(1), |inner, _| Item::Array(vec![inner])),
        2 => (0..random.below(8)).fold(Item::Map(vec![]), |inner, n| {
            Item::Map(vec![(Item::Int(i64::try_from(n).unwrap_or(0)), inner)])
        }),
        3 => Item::Map(
            (0..62 + i64::from(random.chance(50)) * 3).map(|n| (Item::Int(n), Item::Null)).collect(),
        ),
        4 => Item::Map(vec![(any_item(random), Item::Null), (any_item(random), Item::Int(1))]),
        5 => {
            Item::Map(vec![(text("b"), Item::Int(1)), (text("a"), Item::Int(2)), (Item::Int(1), Item::Null)])
        }
        _ => any_item(random),
    };
    if random.chance(30) {
        items.truncate(1 + random.below(9))
    }
    encode(&items)
}

/// Floats, tags, booleans and the like, in place of an item.
fn foreign_kind(items: Vec<Item>, random: &mut Random) -> Vec<u8> {
    const KINDS: &[&[u8]] = &[
        &[0xf4],
        &[0xf5],
        &[0xf7],
        &[0xf9, 0, 0],
        &[0xfa, 0, 0, 0, 0],
        &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xf8, 0xf6],
        &[0xe0],
        &[0xff],
        &[0xc0, 0x61, 0x41],
        &[0xc2, 0x41, 1],
        &[0x5f, 0x41, 1, 0xff],
        &[0x7f, 0x61, 0x41, 0xff],
        &[0x9f, 0xff],
        &[0xbf, 0xff],
        &[0x1c],
        &[0x3f],
        &[0x62, 0xc3, 0x28],
        &[0x63, 0xed, 0xa0, 0x80],
        &[0x61, 0x80],
        &[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0],
        &[0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0],
        &[0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x9b, 0, 0, 0, 1, 0, 0, 0, 0],
        &[0xa2, 1, 1, 1, 2],
        &[0xa1, 1],
    ];
    let at = random.below(items.len());
    // Half of them in a later profile, whose places we do not judge.
    let first = i64::from(random.chance(50)) + 1;
    let mut out = encode(&items)[..if items.len() < 24 { 1 } else { 2 }].to_vec();
    for (place, item) in items.iter().enumerate() {
        match place {
            _ if place == at => out.extend(*random.pick(KINDS)),
            0 => out.extend(Item::Int(first).encode()),
            _ => out.extend(item.encode()),
        }
    }
    out
}

fn not_a_payload(random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => vec![],
        1 => any_item(random).encode(),
        2 => random.bytes(1..=80),
        3 => encode(&(0..random.below(9)).map(|_| any_item(random)).collect::<Vec<_>>()),
        _ => {
            // As long as a payload may be, and a byte more.
            let length = *random.pick(&[1_018, 1_019, 1_020, 1_021]);
            encode(&[Item::Int(2), Item::Bytes(vec![7; length])])
        }
    }
}
