//! Keys of every role and state, a trust list and status lists: what a verifier holds.

use super::random::Random;
use super::signing::{Forger, sign1};
use mohar_keys::Signer;
use mohar_keys::file::hex;
use mohar_schemas::cbor::Item;
use mohar_schemas::cose::Context;
use mohar_schemas::credential::{day, day_number};
use mohar_schemas::status::{Detail, LIST_SIZE, Packed, Status, StatusList};
use mohar_schemas::trust::{KeyState, Role, TrustList, TrustedKey};
use mohar_schemas::{sha256, tables, types};
use mohar_verifier::{Trust, open_status_list, open_trust_list};
use serde_json::{Value, json};
use std::sync::LazyLock;

const DAY_S: i64 = 86_400;

/// Unpacks to one byte more than a list may.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| Packed::of(2, vec![0; (4 << 20) + 4]).deflate());

/// What one verifier holds, and who signs in its world.
pub struct World {
    root: Forger,
    /// The keys of the trust list, in its order; then one that is not on it, and the root.
    pub signers: Vec<Forger>,
    pub trust: Trust,
    trust_list: Vec<u8>,
    tokens: Vec<Vec<u8>>,
    /// The status lists, opened, in the order of the tokens.
    pub lists: Vec<StatusList>,
    refused_trust_lists: Vec<Vec<u8>>,
    refused_status_lists: Vec<Vec<u8>>,
    /// The moment around which things happen here.
    pub now_s: i64,
}

impl World {
    /// # Panics
    /// If the verifier refuses a list it should open, or opens one it should refuse.
    pub fn new(random: &mut Random) -> Self {
        let now_s = random.between(1_700_000_000..=1_860_000_000);
        let today = now_s.div_euclid(DAY_S);
        let root = Forger::honest(&random.secret());
        let numbers = [0, 1, 2 + random.next() % ((1 << 23) - 2)];
        let (mut signers, mut keys) = keys(random, today, &numbers);
        keys.iter_mut().zip(&signers).for_each(|(k, s)| k.public_key = s.public_key());
        let list = TrustList {
            version: random.next() >> 40,
            issued_at_s: now_s - random.between(0..=20 * DAY_S),
            next_update_s: now_s + random.between(-5 * DAY_S..=30 * DAY_S),
            keys,
            digests: vec![("type/example/1".into(), sha256(&random.secret()))],
        };
        let trust_list = sign1(&root, Context::TrustList, &list.encode());
        // Panics as documented.
        let trust = open_trust_list(&trust_list, &root.public_key()).expect("the root signed it");
        let of = |role, safe: bool| {
            let right = move |k: &&TrustedKey| {
                k.role == role && safe != matches!(k.state, KeyState::Compromised { .. })
            };
            list.keys.iter().position(|k| right(&k))
        };
        let writer = &signers[of(Role::StatusLists, true).unwrap_or(0)].clone();
        let thief = &signers[of(Role::StatusLists, false).unwrap_or(0)].clone();
        let tokens = tokens(random, writer, &numbers, now_s);
        let lists: Vec<_> =
            tokens.iter().map(|t| open_status_list(t, &trust).expect("a status key signed it")).collect();
        signers.push(Forger::honest(&random.secret()));
        signers.push(root.clone());
        let refused_trust_lists = bad_trust_lists(random, &list, &root, writer);
        let refused_status_lists = bad_status_lists(random, &lists[0], [writer, thief, &root, &signers[0]]);
        assert!(refused_trust_lists.iter().all(|t| open_trust_list(t, &root.public_key()).is_err()));
        assert!(refused_status_lists.iter().all(|t| open_status_list(t, &trust).is_err()));
        Self {
            root,
            signers,
            trust,
            trust_list,
            tokens,
            lists,
            refused_trust_lists,
            refused_status_lists,
            now_s,
        }
    }

    /// Its line in the file.
    pub fn line(&self) -> Value {
        let all = |tokens: &[Vec<u8>]| tokens.iter().map(|t| hex(t)).collect::<Vec<_>>();
        json!({
            "root": hex(&self.root.public_key()),
            "trust_list": hex(&self.trust_list),
            "status_lists": all(&self.tokens),
            "refused_trust_lists": all(&self.refused_trust_lists),
            "refused_status_lists": all(&self.refused_status_lists),
        })
    }
}

fn keys(random: &mut Random, today: i64, numbers: &[u64]) -> (Vec<Forger>, Vec<TrustedKey>) {
    let mut signers: Vec<Forger> =
        (0..3 + random.below(4)).map(|_| Forger::honest(&random.secret())).collect();
    if random.chance(50) {
        // Two seeds whose public keys share their first four digest bytes.
        for seed in ["mohar twin 9411", "mohar twin 37243"] {
            signers.push(Forger::honest(&sha256(seed.as_bytes())));
        }
    }
    if random.chance(40) {
        signers.push(Forger::twisted(&random.secret(), random));
    }
    if random.chance(40) {
        signers.push(Forger::weak(random));
    }
    if random.chance(20) {
        // One key that stands twice, with different duties: the first line counts.
        signers.push(signers[0].clone());
    }
    let mut keys: Vec<_> = signers.iter().map(|_| certificate_key(random, today, numbers)).collect();
    let (from_index, safe) = (0, KeyState::Active);
    for state in
        [if random.chance(50) { KeyState::Retired } else { safe }, KeyState::Compromised { from_index }]
    {
        signers.push(Forger::honest(&random.secret()));
        let key = certificate_key(random, today, numbers);
        keys.push(TrustedKey { role: Role::StatusLists, types: vec![], state, ..key });
    }
    (signers, keys)
}

fn certificate_key(random: &mut Random, today: i64, numbers: &[u64]) -> TrustedKey {
    let department = random.pick(types::all()).department.clone();
    let own: Vec<u16> = types::all().iter().filter(|t| t.department == department).map(|t| t.code).collect();
    let all = random.chance(70);
    let first = random.pick(&own).to_owned();
    let types = own.into_iter().filter(|c| all || *c == first || random.chance(50)).collect();
    let until = random.chance(35).then(|| today + random.between(-300..=300));
    let index = random.pick(numbers) * LIST_SIZE + random.next() % 200;
    TrustedKey {
        public_key: [0; 32],
        role: Role::Certificates,
        department,
        types,
        signs_from: date(today - random.between(300..=900)),
        signs_until: until.map(date),
        state: match random.below(10) {
            0..7 => KeyState::Active,
            7..9 => KeyState::Retired,
            _ => KeyState::Compromised { from_index: index },
        },
    }
}

/// The date of a number that is one.
pub fn date(number: i64) -> jiff::civil::Date {
    day(number).unwrap_or(jiff::civil::Date::MAX)
}

fn tokens(random: &mut Random, writer: &Forger, numbers: &[u64], now_s: i64) -> Vec<Vec<u8>> {
    let mut tokens = vec![];
    for number in numbers {
        let mut signed_s = now_s - random.between(3_600..=200_000);
        let mut issued = 40 + random.next() % 160;
        for _ in 0..=random.below(2) {
            let expires_s = signed_s + random.between(600..=400_000);
            let list = status_list(random, *number, issued, (signed_s, expires_s));
            tokens.push(sign1(writer, Context::StatusList, &list.encode()));
            // A later list of the same number reaches further.
            signed_s += random.between(1..=3_000);
            issued = (issued + random.next() % 60).min(LIST_SIZE);
        }
    }
    let whole = status_list(random, numbers[2] + 1, LIST_SIZE, (now_s - 60, now_s + DAY_S));
    tokens.push(sign1(writer, Context::StatusList, &whole.encode()));
    if random.chance(50) {
        tokens.reverse();
    }
    tokens
}

fn status_list(random: &mut Random, number: u64, issued: u64, times: (i64, i64)) -> StatusList {
    let mut marked = vec![];
    let reasons = tables::table("status-reasons").map_or(1, |t| t.rows.len());
    for entry in 0..issued.min(220) {
        if random.chance(15) {
            let status = *random.pick(&[Status::Revoked, Status::Suspended, Status::Superseded]);
            let detail = Detail {
                index: number * LIST_SIZE + entry,
                since: date(times.0 / DAY_S - random.between(0..=300)),
                reason: u16::try_from(1 + random.below(reasons)).unwrap_or(1),
                superseded_by: (status == Status::Superseded).then(|| random.next() >> 30),
            };
            marked.push((status, detail));
        }
    }
    let uri = format!("https://v.example/v1/status-lists/{number}");
    StatusList::build(uri, number, times, issued, marked)
}

fn flipped(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let (mut bytes, bit) = (bytes.to_vec(), random.below(bytes.len() * 8));
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

fn bad_trust_lists(random: &mut Random, list: &TrustList, root: &Forger, other: &Forger) -> Vec<Vec<u8>> {
    let good = list.encode();
    let signed = sign1(root, Context::TrustList, &good);
    let shapes = ["[2, version]", "role 2", "a key of 31 bytes", "state 2 without an index"];
    let mut bad = vec![
        flipped(random, &signed),
        signed[..signed.len() - 1].to_vec(),
        sign1(other, Context::TrustList, &good),
        sign1(root, Context::Certificate, &good),
        sign1(root, Context::StatusList, &good),
    ];
    for shape in 0..shapes.len() {
        let Ok(Item::Array(mut items)) = Item::decode(&good) else { continue };
        if let Item::Array(keys) = &mut items[4]
            && let Some(Item::Array(key)) = keys.last_mut()
        {
            match shape {
                1 => key[1] = Item::Int(2),
                2 => key[0] = Item::Bytes(vec![7; 31]),
                3 => (key[6], key[7]) = (Item::Int(2), Item::Null),
                _ => {}
            }
        }
        if shape == 0 {
            items[0] = Item::Int(2);
        }
        bad.push(sign1(root, Context::TrustList, &Item::Array(items).encode()));
    }
    bad
}

/// `signers`: a status key, a compromised one, the root, and one for certificates.
fn bad_status_lists(random: &mut Random, list: &StatusList, signers: [&Forger; 4]) -> Vec<Vec<u8>> {
    let good = list.encode();
    let signed = sign1(signers[0], Context::StatusList, &good);
    let mut bad = vec![
        flipped(random, &signed),
        signed[1..].to_vec(),
        [&signed[..], &[0]].concat(),
        sign1(signers[0], Context::Certificate, &good),
    ];
    bad.extend(signers[1..].iter().map(|s| sign1(s, Context::StatusList, &good)));
    let text = |t: &str| Item::Text(t.into());
    let lst = |bits, zlib: &[u8]| {
        let entries = vec![(text("bits"), Item::Int(bits)), (text("lst"), Item::Bytes(zlib.to_vec()))];
        Some(Item::Map(entries))
    };
    let small = Packed::of(2, [0; 40]).deflate();
    let changes: [(i64, Option<Item>); 9] = [
        (2, Some(text("https://v.example/v1/status-lists/x"))),
        (2, Some(text("https://v.example/v1/status-lists/"))),
        (4, None),
        (6, Some(Item::Null)),
        (65_533, lst(1, &small)),
        (65_533, lst(2, &small[..small.len() - 1])),
        (65_533, lst(2, &[1; 9])),
        (65_533, lst(2, &BOMB)),
        (-65_537, Some(Item::Array(vec![Item::Int(-1), Item::Array(vec![])]))),
    ];
    for (claim, change) in changes {
        let Ok(Item::Map(mut claims)) = Item::decode(&good) else { continue };
        claims.retain(|(key, _)| *key != Item::Int(claim) || change.is_some());
        for (_, value) in claims.iter_mut().filter(|(key, _)| *key == Item::Int(claim)) {
            value.clone_from(change.as_ref().unwrap_or(&Item::Null));
        }
        bad.push(sign1(signers[0], Context::StatusList, &Item::Map(claims).encode()));
    }
    bad
}

/// The day of a moment in India.
pub fn india_day(now_s: i64) -> i64 {
    (now_s + 19_800).div_euclid(DAY_S)
}

/// The number of a date.
pub fn number(date: jiff::civil::Date) -> i64 {
    day_number(date)
}
