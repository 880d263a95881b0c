//! What is done to the text between the code and the verifier, and texts that were never ours.

use super::Draft;
use super::random::Random;
use mohar_schemas::digits;

/// The link an issuer prints.
pub fn link(message: &[u8]) -> String {
    format!("https://v.delhi.gov.in/#{}", digits::encode(message))
}

const HOSTS: &[&str] = &[
    "https://v.delhi.gov.in/#",
    "http://127.0.0.1:8080/#",
    "HTTPS://V.DELHI.GOV.IN/#",
    "https://look-alike.example/verify?x=1#",
    "hTTp://#",
    "",
];

/// White space by Unicode's property, and what some libraries take for it.
const SPACES: &[&str] = &[
    " ", "\n", "\r\n", "\t", "\u{b}", "\u{c}", "\u{85}", "\u{a0}", "\u{1680}", "\u{2003}", "\u{2028}",
    "\u{202f}", "\u{3000}", "\u{feff}", "\u{200b}", "\u{1c}", "\u{1f}", "\0", "\u{180e}",
];

/// Links that look like ours and are not.
const SCHEMES: &[&str] = &[
    "httpſ://v.delhi.gov.in/#",
    "ftp://v.delhi.gov.in/#",
    "https:/v.delhi.gov.in/#",
    "https//v.delhi.gov.in#",
    "#",
    "https#",
    "xhttps://v.delhi.gov.in/#",
    "https://v.delhi.gov.in/",
    "https://v.delhi.gov.in/?q=",
    "https://v.delhi.gov.in/##",
    "https://v.delhi.gov.in/#x#",
];

pub fn draft(message: &[u8], random: &mut Random) -> Draft {
    let good = digits::encode(message);
    let host = *random.pick(HOSTS);
    let (kind, text) = match random.below(12) {
        0 => ("another host", format!("{host}{good}")),
        1 => ("space around", format!("{}{host}{good}{}", random.pick(SPACES), random.pick(SPACES))),
        2 => ("space within", insert(&format!("{host}{good}"), SPACES, random)),
        3 => ("another scheme", format!("{}{good}", random.pick(SCHEMES))),
        4 => ("cut", format!("{host}{}", &good[..random.below(good.len())])),
        5 => ("cut to the edge of ours", format!("{host}{}", &good[..63 + random.below(3)])),
        6 => ("longer", format!("{host}{good}{}", some_digits(1 + random.below(40), random))),
        7 => ("as long as ours may be", format!("{host}{}", long(&good, random))),
        8 => ("a digit changed", format!("{host}{}", changed(&good, random))),
        9 => ("a digit lost or doubled", format!("{host}{}", slipped(&good, random))),
        10 => ("digits of another script", format!("{host}{}", foreign_digits(&good, random))),
        _ => ("a sign within", insert(&format!("{host}{good}"), SIGNS, random)),
    };
    Draft { kind: format!("text: {kind}"), text }
}

const SIGNS: &[&str] = &["-", "+", ".", "l", "O", "#", "%20", "_", "e", "٣", "½", "\u{301}", "x"];

fn insert(text: &str, signs: &[&str], random: &mut Random) -> String {
    let mut text = text.to_owned();
    // Hosts and digits are ASCII: every place is between two letters.
    text.insert_str(random.below(text.len() + 1), *random.pick(signs));
    text
}

fn some_digits(length: usize, random: &mut Random) -> String {
    (0..length).map(|_| char::from(b'0' + random.next().to_le_bytes()[0] % 10)).collect()
}

fn long(good: &str, random: &mut Random) -> String {
    let length = *random.pick(&[2_499, 2_500, 2_501, 7_089, 7_090]);
    let rest = some_digits(length - good.len().min(length), random);
    format!("{good}{rest}")
}

fn changed(good: &str, random: &mut Random) -> String {
    let mut bytes = good.as_bytes().to_vec();
    if random.chance(20) {
        // A group that is too large for its bytes.
        let from = random.below(bytes.len() / 17) * 17;
        bytes[from..from + 17].fill(b'9');
    } else {
        let at = random.below(bytes.len());
        bytes[at] = b'0' + (bytes[at] - b'0' + 1 + random.next().to_le_bytes()[0] % 9) % 10;
    }
    bytes.into_iter().map(char::from).collect()
}

fn slipped(good: &str, random: &mut Random) -> String {
    let at = random.below(good.len());
    match random.below(3) {
        0 => format!("{}{}", &good[..at], &good[at + 1..]),
        1 => format!("{}{}", &good[..=at], &good[at..]),
        _ => format!("{}{}", &good[at..], &good[..at]),
    }
}

/// Digits of other scripts are letters to us.
fn foreign_digits(good: &str, random: &mut Random) -> String {
    let zero = *random.pick(&['०', '٠', '０', '𝟎']);
    let at = random.below(good.len());
    let turn = |(i, c): (usize, char)| {
        let other = c.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d));
        if i >= at { other.unwrap_or(c) } else { c }
    };
    good.chars().enumerate().map(turn).collect()
}

const FOREIGN: &[&str] = &[
    "",
    " ",
    "#",
    "0",
    "https://",
    "http://x",
    "https://edistrict.delhigovt.nic.in/verify?id=90500012345678",
    "upi://pay?pa=someone@bank&pn=Someone&am=20",
    "UPI://PAY?PA=x",
    "BEGIN:VCARD\nN:Kumar;Ravi\nEND:VCARD",
    "MECARD:N:Kumar,Ravi;;",
    "WIFI:T:WPA;S:office;P:secret;;",
    "mailto:office@example.in",
    "TEL:+911123456789",
    "geo:28.6,77.2",
    "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC",
    "shc:/5676290952432060346029243740446031222959",
    "mdoc:owBjMS4wAY",
    "<?xml version=\"1.0\"?><PrintLetterBarcodeData uid=\"0\"/>",
    "<PrintLetterBarcodeData uid=\"0\"/>",
    "SC-2026-0000042-7",
    "90500012345678",
    "İhttps://",
    "ſhc:/",
    "\u{212a}",
    "हस्ताक्षर",
    "😀",
    "tel",
    "upi",
    " \u{a0}upi:x",
    "\u{1c}upi:x",
    "\u{feff}https://x",
];

/// A code of something else.
pub fn foreign(random: &mut Random) -> Draft {
    let text = match random.below(6) {
        0 => some_digits(random.below(64), random),
        1 => some_digits(3_000 + random.below(400), random),
        2 => format!("{}{}", random.pick(FOREIGN), some_digits(random.below(90), random)),
        3 => format!("{}#{}", random.pick(FOREIGN), some_digits(60 + random.below(90), random)),
        _ => (*random.pick(FOREIGN)).to_owned(),
    };
    Draft { kind: "foreign: another code".into(), text }
}
