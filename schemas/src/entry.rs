//! What people write, one value at a time: scripts, dates, numbers of documents. Every refusal says
//! the rule and, in both languages, what to do.

use crate::number::check_digit;
use crate::words::Words;
use jiff::civil::Date;
use serde::Serialize;

/// One thing wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field, `office` or `type`.
    pub field: String,
    /// The rule that is broken; a stable name.
    pub rule: &'static str,
    /// In English.
    pub en: String,
    /// In Hindi.
    pub hi: String,
}

impl Fault {
    /// A fault of a field.
    #[must_use]
    pub fn new(field: &str, rule: &'static str, en: impl Into<String>, hi: impl Into<String>) -> Self {
        Self { field: field.to_owned(), rule, en: en.into(), hi: hi.into() }
    }

    /// A fault whose words come from data.
    #[must_use]
    pub fn of(field: &str, rule: &'static str, words: &Words) -> Self {
        Self::new(field, rule, &words.en, &words.hi)
    }
}

/// How a text is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// A name has letters only; other texts also digits and signs.
    pub name: bool,
    /// The most code points.
    pub max: usize,
}

/// A text in English letters.
pub fn latin(field: &str, script: Script, text: &str) -> Result<String, Fault> {
    let allowed = |c: char| (' '..='~').contains(&c) && !"<>{}\\^`|~".contains(c) || c == '’';
    let name_only = |c: char| !script.name || c.is_ascii_alphabetic() || " .'’-()/,@".contains(c);
    let text = sized(field, script.max, text)?;
    if text.chars().all(|c| allowed(c) && name_only(c)) && text.chars().any(|c| c.is_ascii_alphabetic()) {
        return Ok(text.to_owned());
    }
    let (en, hi) = if script.name && text.chars().any(char::is_numeric) {
        ("A name has no digits; write it in English letters.", "नाम में अंक नहीं होते; इसे अंग्रेज़ी अक्षरों में लिखें।")
    } else {
        ("Write this in English letters.", "इसे अंग्रेज़ी अक्षरों में लिखें।")
    };
    Err(Fault::new(field, "latin-script", en, hi))
}

/// A text in Devanagari.
pub fn devanagari(field: &str, script: Script, text: &str) -> Result<String, Fault> {
    let letter = |c: char| ('\u{900}'..='\u{97f}').contains(&c);
    // Joiners shape some conjuncts; digits and stops stand in addresses.
    let other = |c: char| " .,-/()'’&:;\u{200c}\u{200d}".contains(c) || !script.name && c.is_ascii_digit();
    let text = sized(field, script.max, text)?;
    if text.chars().all(|c| letter(c) || other(c)) && text.chars().any(letter) {
        return Ok(text.to_owned());
    }
    Err(Fault::new(
        field,
        "devanagari-script",
        "Write the Hindi form in Devanagari letters.",
        "हिन्दी में देवनागरी अक्षरों में लिखें।",
    ))
}

/// Not empty, not too long, no stray spaces.
fn sized<'a>(field: &str, max: usize, text: &'a str) -> Result<&'a str, Fault> {
    let length = text.chars().count();
    if length > max || text.trim().is_empty() {
        return Err(Fault::new(
            field,
            "length",
            format!("Must have 1 to {max} letters; it has {length}."),
            format!("1 से {max} अक्षर होने चाहिए; अभी {length} हैं।"),
        ));
    }
    if text.trim() != text || text.contains("  ") {
        return Err(Fault::new(field, "spaces", "Remove the extra spaces.", "फ़ालतू खाली जगह हटाएँ।"));
    }
    Ok(text)
}

/// A day that exists, `YYYY-MM-DD`, from 1850 on.
pub fn date(field: &str, text: &str) -> Result<Date, Fault> {
    let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    date.filter(|d| d.year() >= 1850).ok_or_else(|| {
        Fault::new(
            field,
            "date",
            "A date that exists is expected, as YYYY-MM-DD.",
            "सही तारीख YYYY-MM-DD के रूप में लिखें।",
        )
    })
}

/// A number of a document or a place, which has one written form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A mobile number of ten digits, with or without 91 before it.
    Phone,
    /// A PIN code of Delhi.
    Pin,
    /// A bank account.
    Account,
    /// The code of a bank's branch.
    Ifsc,
    /// The registration number of a vehicle.
    Vehicle,
    /// The number of a driving licence.
    Licence,
    /// An Aadhaar number, of which only the last four digits are given back.
    Aadhaar,
}

/// Reads such a number as people type it, with spaces and dashes, and gives its written form.
pub fn shaped(field: &str, shape: Shape, text: &str) -> Result<String, Fault> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let plain = plain.to_ascii_uppercase();
    let digits = |from: usize, to: usize| {
        (from..=to).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit())
    };
    let letters = |part: Option<&str>| part.is_some_and(|p| p.bytes().all(|b| b.is_ascii_uppercase()));
    let numbers = |part: Option<&str>| part.is_some_and(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let (right, rule, en, hi) = match shape {
        Shape::Phone => {
            let ten = plain.strip_prefix("+91").or_else(|| plain.strip_prefix('0')).unwrap_or(&plain);
            let ten = if ten.len() == 12 { ten.strip_prefix("91").unwrap_or(ten) } else { ten };
            let right = ten.len() == 10 && numbers(Some(ten)) && ten.starts_with(['6', '7', '8', '9']);
            if right {
                return Ok(ten.to_owned());
            }
            (false, "phone", "A mobile number of ten digits is expected.", "दस अंकों का मोबाइल नंबर लिखें।")
        }
        Shape::Pin => (
            digits(6, 6) && ("110001"..="110099").contains(&plain.as_str()),
            "pin",
            "A PIN code of Delhi is expected, 110001 to 110099.",
            "दिल्ली का पिन कोड लिखें, 110001 से 110099 तक।",
        ),
        Shape::Account => {
            (digits(9, 18), "account", "A bank account has 9 to 18 digits.", "बैंक खाते में 9 से 18 अंक होते हैं।")
        }
        Shape::Ifsc => (
            plain.len() == 11
                && plain.is_ascii()
                && letters(plain.get(..4))
                && plain.get(4..5) == Some("0")
                && plain.bytes().all(|b| b.is_ascii_alphanumeric()),
            "ifsc",
            "The IFSC has eleven characters, such as SBIN0001234; it stands on the passbook.",
            "IFSC में ग्यारह अक्षर होते हैं, जैसे SBIN0001234; यह पासबुक पर लिखा होता है।",
        ),
        Shape::Vehicle => (
            (6..=11).contains(&plain.len())
                && plain.is_ascii()
                && letters(plain.get(..2))
                && numbers(plain.get(plain.len() - 4..))
                && plain.bytes().all(|b| b.is_ascii_alphanumeric()),
            "vehicle",
            "A registration number such as DL01AA0101 is expected.",
            "DL01AA0101 जैसा पंजीकरण नंबर लिखें।",
        ),
        Shape::Licence => (
            plain.len() == 15 && plain.is_ascii() && letters(plain.get(..2)) && numbers(plain.get(2..)),
            "licence",
            "A licence number has two letters and 13 digits, such as DL0420110149646.",
            "लाइसेंस संख्या में दो अक्षर और 13 अंक होते हैं, जैसे DL0420110149646।",
        ),
        Shape::Aadhaar => {
            if digits(12, 12) && !plain.starts_with(['0', '1']) && aadhaar_is_right(&plain) {
                return Ok(plain[8..].to_owned());
            }
            (
                false,
                "aadhaar",
                "An Aadhaar number has 12 digits; one of these is wrong.",
                "आधार में 12 अंक होते हैं; कोई अंक गलत है।",
            )
        }
    };
    if right { Ok(plain) } else { Err(Fault::new(field, rule, en, hi)) }
}

fn aadhaar_is_right(digits: &str) -> bool {
    let (number, check) = digits.split_at(11);
    check == check_digit(number).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_written_form() {
        let read = |shape, text| shaped("f", shape, text).map_err(|f| f.rule);
        assert_eq!(read(Shape::Phone, "+91 98100-12345").as_deref(), Ok("9810012345"));
        assert_eq!(read(Shape::Phone, "1234567890"), Err("phone"));
        assert_eq!(read(Shape::Pin, "110 043").as_deref(), Ok("110043"));
        assert_eq!(read(Shape::Pin, "201301"), Err("pin"));
        assert_eq!(read(Shape::Ifsc, "sbin0001234").as_deref(), Ok("SBIN0001234"));
        assert_eq!(read(Shape::Ifsc, "SBIN1001234"), Err("ifsc"));
        assert_eq!(read(Shape::Licence, "DL-04 2011 0149646").as_deref(), Ok("DL0420110149646"));
        assert_eq!(read(Shape::Vehicle, "dl 01 aa 0101").as_deref(), Ok("DL01AA0101"));
        assert_eq!(read(Shape::Vehicle, "एबी 12"), Err("vehicle"));
        assert_eq!(read(Shape::Account, "12"), Err("account"));
    }

    #[test]
    fn of_an_aadhaar_number_only_four_digits_are_left() {
        let number = format!("23456789012{}", check_digit("23456789012"));
        let kept = shaped("aadhaar", Shape::Aadhaar, &number).unwrap();
        assert_eq!(kept, number[8..]);
        let wrong = format!("33456789012{}", check_digit("23456789012"));
        assert_eq!(shaped("aadhaar", Shape::Aadhaar, &wrong).map_err(|f| f.rule), Err("aadhaar"));
    }
}
