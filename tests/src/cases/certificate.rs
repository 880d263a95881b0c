//! A certificate of any type with any values, signed by a key that mostly may, at a moment that is
//! mostly in force and often on an edge.

use super::random::Random;
use super::signing::sign1;
use super::world::{World, date, india_day, number};
use mohar_schemas::cose::Context;
use mohar_schemas::credential::{AMOUNT_MAX, Credential, INDEX_MAX, Value};
use mohar_schemas::status::LIST_SIZE;
use mohar_schemas::tables::{self, Row};
use mohar_schemas::trust::{Role, TrustedKey};
use mohar_schemas::types::{self, CertificateType, Field, Kind};

const DAY_S: i64 = 86_400;

/// Everything a case needs before it is mutated.
pub struct Plan {
    /// The type of the certificate.
    pub kind: &'static str,
    pub credential: Credential,
    /// Who signs: a place among the world's signers.
    pub signer: usize,
    /// Places of the status lists at hand.
    pub lists: Vec<usize>,
    pub now_s: i64,
}

impl Plan {
    /// The signed message.
    pub fn signed(&self, world: &World) -> Vec<u8> {
        sign1(&world.signers[self.signer], Context::Certificate, &self.credential.encode())
    }
}

pub fn plan(world: &World, random: &mut Random) -> Plan {
    let signer = signer(world, random);
    let key = world.trust.list.keys.get(signer);
    let kind = certificate_type(key, random);
    let credential = Credential {
        kind,
        index: index(world, random),
        office: office(kind, random),
        issued: date(issued(world, key, random)),
        ..validity(random)
    };
    let credential = dated(credential, world, random);
    let values = kind.fields.iter().map(|f| value(f, random)).collect();
    let credential = Credential { values, ..credential };
    let lists = lists(world, random);
    let now_s = moment(world, &credential, random);
    Plan { kind: &kind.id, credential, signer, lists, now_s }
}

fn signer(world: &World, random: &mut Random) -> usize {
    let keys = &world.trust.list.keys;
    let certificates = keys.iter().take_while(|k| k.role == Role::Certificates).count();
    if random.chance(94) { random.below(certificates) } else { random.below(world.signers.len()) }
}

fn certificate_type(key: Option<&TrustedKey>, random: &mut Random) -> &'static CertificateType {
    let codes = key.map_or(&[][..], |k| &k.types);
    let own: Vec<_> = types::all().iter().filter(|t| codes.contains(&t.code)).collect();
    if own.is_empty() || random.chance(4) { random.pick(types::all()) } else { *random.pick(&own) }
}

fn office(kind: &CertificateType, random: &mut Random) -> &'static Row {
    let all = &tables::offices().rows;
    let own: Vec<_> = all.iter().filter(|o| o.department.as_deref() == Some(&kind.department)).collect();
    if own.is_empty() || random.chance(4) { random.pick(all) } else { *random.pick(&own) }
}

/// Mostly reached by a list, often just so.
fn index(world: &World, random: &mut Random) -> u64 {
    let list = random.pick(&world.lists);
    let entry = match random.below(20) {
        0 => list.issued - 1,
        1 => list.issued,
        2 => list.issued + 1,
        3 => LIST_SIZE - 1,
        4 => return random.next() & INDEX_MAX,
        5 => return *random.pick(&[0, INDEX_MAX, LIST_SIZE, LIST_SIZE - 1]),
        _ => random.next() % list.issued.min(200),
    };
    (list.number * LIST_SIZE + entry).min(INDEX_MAX)
}

fn issued(world: &World, key: Option<&TrustedKey>, random: &mut Random) -> i64 {
    let today = india_day(world.now_s);
    let Some(key) = key else { return today - random.between(0..=600) };
    let from = number(key.signs_from);
    let until = key.signs_until.map_or(today, |u| number(u).min(today)).max(from);
    match random.below(40) {
        0 => from - 1,
        1 => from,
        2 => until,
        3 => until + 1,
        4 => *random.pick(&[-62_091, 0, 2_932_896, 2_892_896]),
        _ => random.between(from..=until),
    }
}

/// A blank with any values where [`plan`] puts the right ones.
fn validity(random: &mut Random) -> Credential {
    let kind = random.pick(types::all());
    let day = date(0);
    let office = &tables::offices().rows[0];
    Credential { kind, index: 0, office, issued: day, valid_from: day, valid_until: None, values: vec![] }
}

fn dated(credential: Credential, world: &World, random: &mut Random) -> Credential {
    let last = number(jiff::civil::Date::MAX);
    let (issued, today) = (number(credential.issued), india_day(world.now_s));
    let wait = if random.chance(90) { 0 } else { random.between(0..=400) };
    let from = (issued + wait).min(last);
    let until = match random.below(10) {
        0..3 => None,
        3..8 if today >= from && today - from < 39_000 => Some(today + random.between(0..=900)),
        8 => Some(from + *random.pick(&[0, 1, 40_000])),
        _ => Some(from + random.between(0..=1_500)),
    };
    let valid_until = until.map(|u| date(u.clamp(from, (from + 40_000).min(last))));
    Credential { valid_from: date(from), valid_until, ..credential }
}

fn lists(world: &World, random: &mut Random) -> Vec<usize> {
    let mut lists: Vec<usize> = (0..world.lists.len()).collect();
    match random.below(20) {
        0 => lists.clear(),
        1..5 => lists.retain(|_| random.chance(50)),
        5..8 => lists.reverse(),
        _ => {}
    }
    lists
}

/// A moment when the certificate is judged.
fn moment(world: &World, credential: &Credential, random: &mut Random) -> i64 {
    let second = random.between(-1..=1);
    let midnight = |day: jiff::civil::Date| number(day) * DAY_S - 19_800 + second;
    match random.below(20) {
        0 | 1 => midnight(credential.valid_from),
        2 | 3 => credential.valid_until.map_or(world.now_s, |u| midnight(u) + DAY_S),
        4 | 5 => random.pick(&world.lists).expires_at_s + second,
        6 => world.trust.list.next_update_s + second,
        7 => random.between(1_600_000_000..=2_000_000_000),
        _ => world.now_s,
    }
}

fn value(field: &Field, random: &mut Random) -> Value {
    if field.optional && random.chance(30) {
        return Value::Absent;
    }
    match field.kind {
        Kind::Name | Kind::Text => {
            let hi = random.chance(70).then(|| words(random, &[DEVANAGARI, DEVANAGARI, LATIN, RARE]));
            Value::Text { en: words(random, &[LATIN, LATIN, LATIN, ACCENTS, RARE, DEVANAGARI]), hi }
        }
        Kind::Day if random.chance(3) => Value::Day(date(*random.pick(&[-62_091, -1, 0, 2_932_896]))),
        Kind::Day => Value::Day(date(random.between(-40_000..=25_000))),
        Kind::Year => Value::Year(i16::try_from(random.between(1_900..=9_999)).unwrap_or(1_999)),
        Kind::Amount => Value::Amount(amount(random)),
        Kind::Code => {
            let table = field.table.as_deref().and_then(tables::table).unwrap_or(tables::offices());
            Value::Code(random.pick(&table.rows))
        }
    }
}

fn amount(random: &mut Random) -> i64 {
    match random.below(10) {
        0 => *random.pick(&[0, 1, 999, 1_000, 99_999, 100_000, 9_999_999, 10_000_000, AMOUNT_MAX]),
        _ => {
            let bits = random.between(4..=39);
            random.between(0..=1 << bits)
        }
    }
}

const LATIN: &[&str] =
    &["Ravi", "Kumar", "Asha", "Verma", "D'Souza", "B-42/1", "Sector 4", "(Old)", "No. 7,"];
const DEVANAGARI: &[&str] = &["रवि", "कुमार", "आशा", "वर्मा", "रामक्‍षेत्र", "नई दिल्ली", "४२", "कृष्णन्", "मैरी,"];
const ACCENTS: &[&str] = &["José", "Zoë", "Łukasz", "é", "e\u{301}", "Straße", "Ñandú"];
const RARE: &[&str] = &[
    "₹5",
    "“quoted”",
    "a–b",
    "😀",
    "\u{feff}x",
    "\u{a0}",
    "𑀅",
    "\t",
    "\u{7f}",
    "\u{80}",
    "ೠ",
    "\u{e000}",
    "राम\n",
];

/// One to five words, at times of several scripts; now and then none at all.
fn words(random: &mut Random, scripts: &[&[&'static str]]) -> String {
    if random.chance(1) {
        return String::new();
    }
    let mut script = *random.pick(scripts);
    let mut all = vec![];
    for _ in 0..=random.below(4) {
        all.push(*random.pick(script));
        if random.chance(10) {
            script = *random.pick(scripts);
        }
    }
    all.join(" ")
}
