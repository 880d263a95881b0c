//! What is done to the signed bytes: bits, heads, headers, key ids and signatures.

use super::Draft;
use super::certificate::Plan;
use super::random::Random;
use super::signing::{Forger, second_form, sign1, sign1_as, small_point};
use super::text::link;
use super::world::World;
use mohar_keys::Signer;
use mohar_schemas::cbor::Item;
use mohar_schemas::cose::{self, Context, KeyId};

pub fn draft(world: &World, plan: &Plan, random: &mut Random) -> Draft {
    let signer = &world.signers[plan.signer];
    let payload = plan.credential.encode();
    let good = plan.signed(world);
    let (kind, bytes) = match random.below(14) {
        0..3 => ("a bit flipped", flipped(&good, random)),
        3 => ("cut or longer", resized(&good, random)),
        4 => ("another head", reheaded(&good, random)),
        5 => ("another header", header(signer.kid(), &payload, &good, random)),
        6 => ("another key id", other_kid(world, &payload, signer, random)),
        7 => ("signed for something else", other_context(signer, &payload, random)),
        8 => ("the signature of another payload", moved(&good, signer, random)),
        9 => ("S and the order", around(signer, &payload, plus_order(&good))),
        10 => ("R with a part of small order", twisted(signer, &payload, random)),
        11 => ("R of small order", around(signer, &payload, small(signer, &payload, random))),
        12 => ("another key", by_another(world, signer.kid(), &payload, random)),
        _ => ("bytes of no meaning", noise(random)),
    };
    Draft { kind: format!("message: {kind}"), text: link(&bytes) }
}

fn around(signer: &Forger, payload: &[u8], signature: [u8; 64]) -> Vec<u8> {
    cose::assemble(Context::Certificate, signer.kid(), payload, &signature)
}

fn signature_of(message: &[u8]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature.copy_from_slice(&message[message.len() - 64..]);
    signature
}

fn flipped(good: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=random.below(2) {
        // Payloads are long: half of the bits are those of head, header and signature.
        let bit = match random.below(4) {
            0 => random.below(16 * 8),
            1 => (bytes.len() - 66) * 8 + random.below(66 * 8),
            _ => random.below(bytes.len() * 8),
        };
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    bytes
}

fn resized(good: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(3) {
        0 => good[..random.below(good.len())].to_vec(),
        1 => [good, &random.bytes(1..=9)].concat(),
        _ => good[1 + random.below(20)..].to_vec(),
    }
}

fn reheaded(good: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(5) {
        0 => [&[0xd2], good].concat(),
        1 => [&[0x98, 4], &good[1..]].concat(),
        2 => [&[0x9f], &good[1..], &[0xff]].concat(),
        3 => [&[0x85], &good[1..], &[0xf6]].concat(),
        // The signature's length in two bytes.
        _ => [&good[..good.len() - 66], &[0x59, 0, 64], &good[good.len() - 64..]].concat(),
    }
}

fn header(kid: KeyId, payload: &[u8], good: &[u8], random: &mut Random) -> Vec<u8> {
    let int = |key, value| (Item::Int(key), Item::Int(value));
    let own = (Item::Int(4), Item::Bytes(kid.to_vec()));
    let right = || Item::Map(vec![int(1, -8), own.clone()]).encode();
    let (mut protected, mut open, mut body) = (right(), Item::Map(vec![]), Item::Bytes(payload.to_vec()));
    let mut signature = Item::Bytes(good[good.len() - 64..].to_vec());
    match random.below(12) {
        0 => protected = Item::Map(vec![int(1, -7), own.clone()]).encode(),
        1 => protected = Item::Map(vec![own.clone(), int(1, -8)]).encode(),
        2 => protected = Item::Map(vec![int(1, -8), int(2, 0), own.clone()]).encode(),
        3 => protected = Item::Map(vec![int(1, -8)]).encode(),
        4 => protected = Item::Map(vec![int(1, -8), (Item::Int(4), Item::Bytes(kid[..3].to_vec()))]).encode(),
        5 => protected = Item::Map(vec![int(1, -8), (Item::Int(4), Item::Text("abcd".into()))]).encode(),
        6 => protected = [&[0xb8, 2], &right()[1..]].concat(),
        7 => open = Item::Map(vec![own.clone()]),
        8 => open = Item::Array(vec![]),
        9 => body = Item::Null,
        10 => signature = Item::Bytes(good[good.len() - 63..].to_vec()),
        _ => signature = Item::Text("0".repeat(64)),
    }
    Item::Array(vec![Item::Bytes(protected), open, body, signature]).encode()
}

fn other_kid(world: &World, payload: &[u8], signer: &Forger, random: &mut Random) -> Vec<u8> {
    let kid = match random.below(3) {
        0 => [0; 4],
        _ => random.pick(&world.signers).kid(),
    };
    sign1_as(signer, kid, Context::Certificate, payload)
}

fn other_context(signer: &Forger, payload: &[u8], random: &mut Random) -> Vec<u8> {
    let kid = signer.kid();
    let context = if random.chance(50) { Context::TrustList } else { Context::StatusList };
    match random.below(4) {
        0 => sign1(signer, context, payload),
        1 => {
            let message = cose::to_be_signed(context, kid, payload);
            around(signer, payload, signer.sign(&message).unwrap_or([0; 64]))
        }
        // The payload alone.
        2 => around(signer, payload, signer.sign(payload).unwrap_or([0; 64])),
        // A longer aad over a shorter payload, as bytes the same.
        _ => {
            let message = cose::to_be_signed(Context::Certificate, kid, &payload[1..]);
            around(signer, payload, signer.sign(&message).unwrap_or([0; 64]))
        }
    }
}

fn moved(good: &[u8], signer: &Forger, random: &mut Random) -> Vec<u8> {
    let Ok(parsed) = cose::parse(Context::Certificate, good) else { return good.to_vec() };
    let mut payload = parsed.payload;
    let at = random.below(payload.len());
    payload[at] = payload[at].wrapping_add(1);
    if random.chance(50) {
        return around(signer, &payload, parsed.signature);
    }
    // R of one signature, S of another.
    let other = sign1(signer, Context::Certificate, &payload);
    let mut mixed = parsed.signature;
    mixed[32..].copy_from_slice(&signature_of(&other)[32..]);
    around(signer, &payload, mixed)
}

/// The same signature with the group order added to S.
fn plus_order(good: &[u8]) -> [u8; 64] {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (mut signature, mut carry) = (signature_of(good), 0);
    for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    signature
}

fn twisted(signer: &Forger, payload: &[u8], random: &mut Random) -> Vec<u8> {
    let message = cose::to_be_signed(Context::Certificate, signer.kid(), payload);
    around(signer, payload, signer.sign_twisted(&message, random.below(8)))
}

fn small(signer: &Forger, payload: &[u8], random: &mut Random) -> [u8; 64] {
    let message = cose::to_be_signed(Context::Certificate, signer.kid(), payload);
    match random.below(4) {
        0 => [0; 64],
        1 => signer.sign_around(&message, second_form(3 + random.next().to_le_bytes()[0] % 15, false)),
        _ => signer.sign_around(&message, small_point(random)),
    }
}

fn by_another(world: &World, kid: KeyId, payload: &[u8], random: &mut Random) -> Vec<u8> {
    sign1_as(random.pick(&world.signers), kid, Context::Certificate, payload)
}

fn noise(random: &mut Random) -> Vec<u8> {
    match random.below(4) {
        0 => vec![0; 30 + random.below(200)],
        1 => vec![0xff; 30 + random.below(200)],
        2 => (0..1 + random.below(900)).map(|_| 0x81).collect(),
        _ => random.bytes(30..=229),
    }
}
