//! As much of DER (ITU-T X.690) as it takes to find the key and the validity of a certificate.

use jiff::civil::DateTime;
use jiff::tz::Offset;

/// An element: its tag, what it holds, and what comes behind it.
type Element<'a> = (u8, &'a [u8], &'a [u8]);

pub const SEQUENCE: u8 = 0x30;
pub const INTEGER: u8 = 0x02;
pub const BIT_STRING: u8 = 0x03;
pub const OBJECT_ID: u8 = 0x06;
/// `[0]`, constructed: the version of a certificate.
pub const CONTEXT_0: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The first element.
pub fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = bytes.split_first()?;
    let (short, rest) = rest.split_first()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(*short), rest),
        0x81..=0x83 => {
            let (long, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (long.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
        }
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((*tag, value, rest))
}

/// What the first element holds if it is of a kind, and what comes behind it.
pub fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(bytes).filter(|(found, ..)| *found == tag).map(|(_, value, rest)| (value, rest))
}

/// The first element as a time, in seconds since 1970-01-01 UTC (RFC 5280, 4.1.2.5), and what comes
/// behind it.
pub fn time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (tag, value, rest) = element(bytes)?;
    let text = std::str::from_utf8(value).ok()?.strip_suffix('Z')?;
    let (year, text) = text.split_at_checked(match tag {
        UTC_TIME => 2,
        GENERALIZED_TIME => 4,
        _ => return None,
    })?;
    let year: i16 = year.parse().ok()?;
    let year = match tag {
        UTC_TIME if year >= 50 => 1_900 + year,
        UTC_TIME => 2_000 + year,
        _ => year,
    };
    let part = |from: usize| text.get(from..from + 2)?.parse().ok();
    let time = DateTime::new(year, part(0)?, part(2)?, part(4)?, part(6)?, part(8)?, 0).ok()?;
    Some((Offset::UTC.to_timestamp(time).ok()?.as_second(), rest))
}
