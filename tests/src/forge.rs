//! What a forger does to a certificate: another code on it, another digit on its page, the page printed
//! anew.

use image::{GrayImage, ImageFormat, Luma};
use mohar_picture::Reading;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

/// Pixels of a module of a code, and modules of white around it.
const MODULE: usize = 6;
const QUIET: usize = 4;

/// The text of the code in a picture or PDF.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn code(bytes: &[u8]) -> String {
    match mohar_picture::read(bytes) {
        Reading::Codes(mut texts) => texts.remove(0),
        Reading::Unread(why) => panic!("no code: {why:?}"),
    }
}

/// The text of a code with another digit in its middle, among what is signed.
///
/// # Panics
/// If it has no digits.
#[must_use]
pub fn with_another_digit(code: &str) -> String {
    let (link, digits) = code.split_once('#').expect("a link with digits");
    let at = digits.len() / 2;
    let digit = digits.as_bytes().get(at).and_then(|d| char::from(*d).to_digit(10)).expect("a digit");
    format!("{link}#{}{}{}", &digits[..at], (digit + 1) % 10, &digits[at + 1..])
}

/// A picture of a code.
///
/// # Panics
/// If the text is too long for one.
#[must_use]
pub fn picture(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text).expect("it fits");
    let (width, colors) = (code.width(), code.to_colors());
    let module = |at: u32| (at as usize / MODULE).checked_sub(QUIET).filter(|m| *m < width);
    let side = u32::try_from((width + 2 * QUIET) * MODULE).expect("a few hundred pixels");
    let drawn = GrayImage::from_fn(side, side, |x, y| {
        let dark =
            module(x).zip(module(y)).is_some_and(|(x, y)| colors[y * width + x] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    });
    let mut png = Cursor::new(vec![]);
    drawn.write_to(&mut png, ImageFormat::Png).expect("a picture");
    png.into_inner()
}

/// Where something stands in bytes, from a place on.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn at(text: &[u8], what: &[u8], from: usize) -> usize {
    let found = text[from..].windows(what.len()).position(|w| w == what);
    from + found.unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(what)))
}

/// The page's drawing instructions and the number of their object.
///
/// # Panics
/// If the PDF is not one of ours.
#[must_use]
pub fn content(pdf: &[u8]) -> (u32, Vec<u8>) {
    let mut from = 0;
    loop {
        let start = at(pdf, b"stream\n", from) + 7;
        let end = at(pdf, b"\nendstream", start);
        let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib(&pdf[start..end]).unwrap_or_default();
        if unpacked.windows(3).any(|w| w == b"BT\n") {
            let head = String::from_utf8_lossy(&pdf[..start]);
            let object = head.rsplit_once(" 0 obj").expect("an object").0;
            let number = object.rsplit(|c: char| !c.is_ascii_digit()).next().expect("a number");
            return (number.parse().expect("a number"), unpacked);
        }
        from = end + 10;
    }
}

/// Appends a changed object, as the format lets an editor do.
///
/// # Panics
/// If the PDF is not one of ours.
#[must_use]
pub fn updated(pdf: &[u8], object: u32, content: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let before =
        text.rsplit_once("startxref\n").expect("a table").1.lines().next().expect("a place").to_owned();
    let size = text.rsplit_once("/Size ").expect("a size").1.lines().next().expect("a size").to_owned();
    let mut new = pdf.to_vec();
    let place = new.len() + 1;
    new.extend(format!("\n{object} 0 obj\n<< /Length {} >>\nstream\n", content.len()).bytes());
    new.extend(content);
    new.extend(b"\nendstream\nendobj\n");
    let table = new.len();
    new.extend(format!("xref\n{object} 1\n{place:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {before} >>\nstartxref\n{table}\n%%EOF\n").bytes());
    new
}

/// The PDF with one digit of a printed value drawn as another digit of it: the last by the first that
/// differs. Letters are glyphs there; the value is known by which of them are alike.
///
/// # Panics
/// If the value is not printed, or has no two digits.
#[must_use]
pub fn with_another_digit_printed(pdf: &[u8], value: &str) -> Vec<u8> {
    let (object, drawn) = content(pdf);
    let mut drawn = in_hex(&drawn);
    let letters: Vec<char> = value.chars().collect();
    let last = letters.iter().rposition(char::is_ascii_digit).expect("a digit");
    let other = letters.iter().position(|c| c.is_ascii_digit() && *c != letters[last]).expect("another");
    let alike = |run: &[(usize, [u8; 4])]| {
        let same = |i: usize, j: usize| (run[i].1 == run[j].1) == (letters[i] == letters[j]);
        (0..run.len()).all(|i| (0..i).all(|j| same(i, j)))
    };
    let runs = glyphs(&drawn);
    let found = runs.iter().flat_map(|run| run.windows(letters.len())).find(|run| alike(run));
    let run = found.unwrap_or_else(|| panic!("{value} is not printed")).to_vec();
    let (place, glyph) = (run[last].0, run[other].1);
    drawn[place..place + 4].copy_from_slice(&glyph);
    updated(pdf, object, &drawn)
}

/// Drawing instructions with their strings in hex digits, as the format allows (ISO 32000-1, §7.3.4).
fn in_hex(drawn: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (vec![], 0);
    while let Some(byte) = drawn.get(at) {
        at += 1;
        if *byte != b'(' {
            out.push(*byte);
            continue;
        }
        let mut depth = 1;
        out.push(b'<');
        loop {
            let mut byte = drawn[at];
            at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => (byte, at) = escaped(drawn, at),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            out.extend(format!("{byte:02x}").bytes());
        }
        out.push(b'>');
    }
    out
}

/// What follows a backslash, and where it ends.
fn escaped(drawn: &[u8], at: usize) -> (u8, usize) {
    let digits = drawn[at..].iter().take(3).take_while(|d| (b'0'..=b'7').contains(*d)).count();
    if digits > 0 {
        let octal = std::str::from_utf8(&drawn[at..at + digits]).expect("digits");
        return (u8::from_str_radix(octal, 8).expect("at most three digits, below 256"), at + digits);
    }
    let byte = match drawn[at] {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'f' => 12,
        other => other,
    };
    (byte, at + 1)
}

/// The glyphs of each run that is drawn, four hex digits each, and where they stand.
fn glyphs(drawn: &[u8]) -> Vec<Vec<(usize, [u8; 4])>> {
    let mut runs = vec![];
    let mut start = 0;
    while let Some(end) = drawn[start..].windows(3).position(|w| w == b"TJ\n").map(|n| start + n) {
        let from = drawn[start..end].iter().rposition(|b| *b == b'[').map_or(end, |n| start + n);
        let (mut run, mut inside, mut at) = (vec![], false, from);
        while at < end {
            match drawn[at] {
                b'<' => inside = true,
                b'>' => inside = false,
                _ if inside => {
                    if let Ok(glyph) = drawn[at..at + 4].try_into() {
                        run.push((at, glyph));
                    }
                    at += 3;
                }
                _ => {}
            }
            at += 1;
        }
        runs.push(run);
        start = end + 3;
    }
    runs
}

/// As a program that prints a PDF into a PDF does it: Hindi is no text any more.
///
/// # Panics
/// If the program is not there.
#[must_use]
pub fn drawn_anew(folder: &Path, pdf: &[u8]) -> Vec<u8> {
    let (from, to) = (folder.join("from.pdf"), folder.join("to.pdf"));
    std::fs::write(&from, pdf).expect("a file");
    let done = Command::new("pdftocairo").arg("-pdf").args([&from, &to]).status();
    assert!(done.expect("pdftocairo; tests/run installs it").success());
    std::fs::read(to).expect("the page drawn anew")
}
