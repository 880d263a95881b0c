//! What the code holds, before anybody's word is taken for it.

use flate2::read::GzDecoder;
use jiff::civil::{Date, DateTime, date};
use jiff::tz::Offset;
use mohar_schemas::identity::Person;
use std::io::Read;

/// The largest QR code (version 40, correction L) holds so many digits.
const DIGITS_MAX: usize = 7_089;
/// Fewer hold no signature.
const DIGITS_MIN: usize = 600;
/// So many bytes are unpacked: the photograph has about a thousand, the texts have hundreds.
const UNPACKED_MAX: u64 = 16 << 10;
/// RSA with 2,048 bits.
const SIGNATURE_BYTES: usize = 256;
/// Ends a text.
const END: u8 = 255;
/// How gzip begins, with the only method there is (RFC 1952, 2.3).
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];
/// Longer names are not on any card.
const NAME_MAX: usize = 100;

/// Whether it is the old code, which nobody signed.
pub fn is_old(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with('<') && (start.contains("printletterbarcodedata") || start.contains("<qpda"))
}

/// The gzip stream that the digits are, if they are one.
pub fn packed(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().as_bytes();
    let right = (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    right.then(|| bytes(digits)).filter(|bytes| bytes.starts_with(&GZIP))
}

/// The bytes of a decimal number, the highest first.
fn bytes(digits: &[u8]) -> Vec<u8> {
    // Nine digits at a time into 32-bit limbs, the lowest first.
    let mut limbs: Vec<u32> = vec![];
    let first = digits.len() % 9;
    let (head, rest) = digits.split_at(first);
    for group in std::iter::once(head).chain(rest.chunks(9)).filter(|g| !g.is_empty()) {
        let value = group.iter().fold(0_u64, |n, d| n * 10 + u64::from(d - b'0'));
        let scale = group.iter().fold(1_u64, |n, _| n * 10);
        let mut carry = value;
        for limb in &mut limbs {
            let sum = u64::from(*limb) * scale + carry;
            *limb = low(sum);
            carry = sum >> 32;
        }
        if carry > 0 {
            limbs.push(low(carry));
        }
    }
    let bytes = limbs.iter().rev().flat_map(|limb| limb.to_be_bytes());
    bytes.skip_while(|b| *b == 0).collect()
}

/// The low half.
fn low(n: u64) -> u32 {
    // Lossless: the mask leaves 32 bits.
    u32::try_from(n & 0xffff_ffff).unwrap_or_default()
}

/// What the digits unpack to, if it is no more than an Aadhaar can hold.
pub fn unpacked(text: &str) -> Option<Vec<u8>> {
    let packed = packed(text)?;
    let mut out = vec![];
    GzDecoder::new(&packed[..]).take(UNPACKED_MAX + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= UNPACKED_MAX).then_some(out)
}

/// The parts of a code.
pub struct Payload<'a> {
    /// What the signature is over.
    pub signed: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
    /// The texts from the indicator of e-mail and mobile on: that, the reference, name, birth.
    texts: [&'a [u8]; 4],
}

/// What a payload says.
pub struct Said {
    pub person: Person,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub made_s: i64,
}

impl<'a> Payload<'a> {
    /// Takes it apart. What comes behind the date of birth (gender, address, photograph, hashes) differs
    /// between the versions and is not looked at.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (signed, signature) = bytes.split_at(bytes.len().checked_sub(SIGNATURE_BYTES)?);
        let mut texts = signed.split(|b| *b == END).peekable();
        // The first version has no version.
        texts.next_if(|first| first.starts_with(b"V") && first[1..].iter().all(u8::is_ascii_digit));
        let read = [texts.next()?, texts.next()?, texts.next()?, texts.next()?];
        // Something has to come behind the last, or it had no end.
        texts.next().map(|_| Self { signed, signature, texts: read })
    }

    /// Who it is about, and since when it says so.
    pub fn person(&self) -> Option<Said> {
        let [indicator, reference, name, born] = self.texts;
        matches!(indicator, [b'0'..=b'3']).then_some(())?;
        let (last_four, made_s) = referred(reference)?;
        let born = Birth::read(born)?.day();
        Some(Said { person: Person { name: named(name)?, born, last_four: Some(last_four) }, made_s })
    }
}

/// The reference: the last four digits, and when it was made, to the millisecond in India's time.
fn referred(reference: &[u8]) -> Option<(String, i64)> {
    let right = reference.len() >= 18 && reference.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(reference).ok().filter(|_| right)?;
    let (last_four, made) = text.split_at(4);
    let part = |from: usize, to: usize| made.get(from..to)?.parse().ok();
    let year: i16 = made.get(..4)?.parse().ok()?;
    let made = DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0);
    let made = Offset::UTC.to_timestamp(made.ok()?).ok()?.as_second() - INDIA_S;
    Some((last_four.to_owned(), made))
}

/// India is five and a half hours ahead.
const INDIA_S: i64 = 19_800;

/// A name in ISO-8859-1, without stray spaces.
fn named(bytes: &[u8]) -> Option<String> {
    let name: String = bytes.iter().map(|b| char::from(*b)).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let right = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    right.then_some(name)
}

/// What is said of a birth.
enum Birth {
    Day(Date),
    /// Of some people only the year is known.
    Year,
}

impl Birth {
    /// `DD-MM-YYYY`, with slashes, or `YYYY`.
    fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.trim();
        let number =
            |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok())?;
        match text.split(['-', '/']).collect::<Vec<_>>()[..] {
            [year] if year.len() == 4 => number(year).map(|_| Self::Year),
            [day, month, year] if year.len() == 4 => {
                let small = |part| number(part).and_then(|n| i8::try_from(n).ok());
                let born = Date::new(number(year)?, small(month)?, small(day)?).ok()?;
                (born >= date(1850, 1, 1)).then_some(Self::Day(born))
            }
            _ => None,
        }
    }

    fn day(self) -> Option<Date> {
        if let Self::Day(day) = self { Some(day) } else { None }
    }
}
