//! Signatures as honest keys make them, and as an attacker would who knows the curve.

use super::random::Random;
use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use curve25519_dalek::traits::{Identity, IsIdentity};
use mohar_keys::{SignError, Signer};
use mohar_schemas::cose::{self, Context, KeyId};
use sha2::{Digest, Sha512};

/// A key whose insides are at hand.
#[derive(Debug, Clone)]
pub struct Forger {
    scalar: Scalar,
    prefix: [u8; 32],
    /// The part of the public key that has a small order; the identity in an honest key.
    twist: EdwardsPoint,
    encoded: [u8; 32],
}

impl Forger {
    /// An honest key (RFC 8032 §5.1.5).
    pub fn honest(secret: &[u8; 32]) -> Self {
        let hash = hash(&[secret]);
        let (half, mut prefix) = ([0; 32], [0; 32]);
        let mut half: [u8; 32] = half;
        half.copy_from_slice(&hash[..32]);
        prefix.copy_from_slice(&hash[32..]);
        let scalar = Scalar::from_bytes_mod_order(clamp_integer(half));
        let encoded = (&scalar * ED25519_BASEPOINT_TABLE).compress().to_bytes();
        Self { scalar, prefix, twist: EdwardsPoint::identity(), encoded }
    }

    /// A key with a point of order 2, 4 or 8 added: whether its signatures are right depends on
    /// whether the verifier multiplies by the cofactor. We do not.
    pub fn twisted(secret: &[u8; 32], random: &mut Random) -> Self {
        let honest = Self::honest(secret);
        let twist = EIGHT_TORSION[1 + random.below(7)];
        let encoded = (&honest.scalar * ED25519_BASEPOINT_TABLE + twist).compress().to_bytes();
        Self { twist, encoded, ..honest }
    }

    /// A public key of small order, perhaps written in a second form: anybody can sign with it.
    pub fn weak(random: &mut Random) -> Self {
        let twist = EIGHT_TORSION[random.below(8)];
        let mut encoded = twist.compress().to_bytes();
        if twist.is_identity() && random.chance(50) {
            encoded = second_form(1, random.chance(50));
        }
        Self { scalar: Scalar::ZERO, prefix: random.secret(), twist, encoded }
    }

    /// Signs with a nonce point that has a part of small order, too.
    pub fn sign_twisted(&self, message: &[u8], torsion: usize) -> [u8; 64] {
        let r = self.nonce(message);
        let point = &r * ED25519_BASEPOINT_TABLE + EIGHT_TORSION[torsion % 8];
        self.finish(message, r, point.compress().to_bytes())
    }

    /// A signature whose R is any 32 bytes and whose S fits R = 0, the point of order 1.
    pub fn sign_around(&self, message: &[u8], point: [u8; 32]) -> [u8; 64] {
        self.finish(message, Scalar::ZERO, point)
    }

    fn nonce(&self, message: &[u8]) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&hash(&[&self.prefix, message]))
    }

    fn challenge(&self, message: &[u8], point: &[u8; 32]) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&hash(&[point, &self.encoded, message]))
    }

    fn finish(&self, message: &[u8], r: Scalar, point: [u8; 32]) -> [u8; 64] {
        let s = r + self.challenge(message, &point) * self.scalar;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&point);
        signature[32..].copy_from_slice(s.as_bytes());
        signature
    }
}

impl Signer for Forger {
    fn public_key(&self) -> [u8; 32] {
        self.encoded
    }

    /// RFC 8032 for an honest key; else one that fits without the cofactor, if a nonce does.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let fits = |torsion: &usize| {
            let signature = self.sign_twisted(message, *torsion);
            let mut point = [0; 32];
            point.copy_from_slice(&signature[..32]);
            (EIGHT_TORSION[*torsion] + self.challenge(message, &point) * self.twist).is_identity()
        };
        let torsion = (0..8).find(fits).unwrap_or(0);
        Ok(self.sign_twisted(message, torsion))
    }
}

/// A signed message in the profile's form.
pub fn sign1(signer: &Forger, context: Context, payload: &[u8]) -> Vec<u8> {
    sign1_as(signer, signer.kid(), context, payload)
}

/// The same under another key's id.
pub fn sign1_as(signer: &Forger, kid: KeyId, context: Context, payload: &[u8]) -> Vec<u8> {
    let message = cose::to_be_signed(context, kid, payload);
    // A key in memory always signs.
    cose::assemble(context, kid, payload, &signer.sign(&message).unwrap_or([0; 64]))
}

/// The second encoding of a point whose y is small: y plus the prime, perhaps with the sign of x.
pub fn second_form(y: u8, sign: bool) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed + y;
    bytes[31] = if sign { 0xff } else { 0x7f };
    bytes
}

/// The encodings of a point of small order, canonical or not.
pub fn small_point(random: &mut Random) -> [u8; 32] {
    match random.below(3) {
        0 => second_form(u8::from(random.chance(50)), random.chance(50)),
        _ => EIGHT_TORSION[random.below(8)].compress().to_bytes(),
    }
}

fn hash(parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}
