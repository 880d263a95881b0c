//! What a page says against what is signed, line by line: an old trick is a genuine code on a changed
//! page. Works on the page's text, however it was got.
//!
//! Our own page is known piece by piece, so everything between two labels is what stands there, and
//! has to be the signed value and nothing more. On a page of another layout a value need only be found.

use crate::report::{date, day_in_words, lines, wording};
use mohar_schemas::credential::Credential;
use mohar_schemas::words::{Language, Words};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

/// The government, as the head of every page names it.
pub const GOVERNMENT: (&str, &str) =
    ("Government of National Capital Territory of Delhi", "राष्ट्रीय राजधानी क्षेत्र दिल्ली सरकार");
/// The beginning of what follows the details.
const FOOT: &str = "किसी भी फ़ोन कैमरे से स्कैन करें";
/// Of the labels, one in so many may be missing on a page of ours.
const MISSING: usize = 3;

/// One line of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// What stands before it.
    pub label: Words,
    /// What is printed; empty where it was not found.
    pub printed: String,
    /// What is signed.
    pub signed: Words,
    /// Whether they say the same.
    pub agrees: bool,
}

/// A sentence quotes at most so many characters of a line.
const QUOTED: usize = 80;

impl Compared {
    /// The difference in words.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let quote = |text: &str| {
            let cut: String = text.chars().take(QUOTED).collect();
            if cut.len() < text.len() { format!("“{cut}…”") } else { format!("“{text}”") }
        };
        let (label, signed) = (self.label.get(language), quote(self.signed.get(language)));
        match (language, self.printed.is_empty()) {
            (Language::English, true) => format!("{label} is not printed, and {signed} is signed"),
            (Language::Hindi, true) => format!("{label} छपा नहीं है, जबकि हस्ताक्षरित {signed} है"),
            (Language::English, false) => {
                format!("{label} is printed as {}, but signed as {signed}", quote(&self.printed))
            }
            (Language::Hindi, false) => {
                format!("{label}: छपा है {}, पर हस्ताक्षरित है {signed}", quote(&self.printed))
            }
        }
    }
}

/// A value that is expected on the page.
struct Expected {
    label: Words,
    signed: Words,
}

impl Expected {
    fn new(label: (&str, &str), signed: Words) -> Self {
        Self { label: Words::new(label.0, label.1), signed }
    }

    fn compared(self, printed: String, agrees: bool) -> Compared {
        Compared { label: self.label, printed, signed: self.signed, agrees }
    }
}

/// What follows a label of the page.
struct Section {
    label: Vec<String>,
    values: Vec<Expected>,
}

/// Compares every line of a certificate with the text of a page.
#[must_use]
pub fn compare(credential: &Credential, page: &str) -> Vec<Compared> {
    let page = Page::of(page);
    let mut cursor = 0;
    let mut sections = vec![];
    for section in expected(credential) {
        let found = page.first(&section.label, cursor);
        cursor = found.map_or(cursor, |(_, end)| end);
        sections.push((section, found));
    }
    let missing = sections.iter().filter(|(_, found)| found.is_none()).count();
    if missing * MISSING > sections.len() {
        let all: Vec<Expected> = sections.into_iter().flat_map(|(section, _)| section.values).collect();
        return in_another_layout(&page, all);
    }
    let mut starts: Vec<usize> = sections.iter().filter_map(|(_, f)| f.map(|(start, _)| start)).collect();
    starts.push(page.plain.len());
    let mut compared = vec![];
    for (section, found) in sections {
        match found {
            Some((_, from)) => {
                let to = starts.iter().copied().find(|start| *start >= from).unwrap_or(from);
                compared.extend(in_order(&page, from, to, section.values));
            }
            None => compared.extend(section.values.into_iter().map(|v| v.compared(String::new(), false))),
        }
    }
    compared
}

/// The page as it is printed, label by label.
fn expected(c: &Credential) -> Vec<Section> {
    let section = |label: Vec<String>, values| Section { label, values };
    let both = |en: &str, hi: &str| Words::new(en, hi);
    let t = c.kind;
    let paragraphs = both(&wording(c, Language::English), &wording(c, Language::Hindi));
    let head = vec![
        Expected::new(
            ("Date of issue", "जारी करने की तिथि"),
            both(&day_in_words(c.issued, Language::English), &day_in_words(c.issued, Language::Hindi)),
        ),
        Expected::new(("Title", "शीर्षक"), both(&t.title_en, &t.title_hi)),
        Expected::new(("Law", "कानून"), both(&t.law_en, &t.law_hi)),
        Expected::new(("Text of the certificate", "प्रमाण पत्र का पाठ"), paragraphs),
    ];
    let office = Expected::new(("Issued by", "जारीकर्ता"), both(&c.office.en, &c.office.hi));
    let number = Expected::new(("Number", "संख्या"), Words::same(c.number()));
    let mut sections = vec![
        section(forms(&both(GOVERNMENT.0, GOVERNMENT.1)), vec![office]),
        section(vec![plain("संख्या / Number")], vec![number]),
        section(vec![plain("जारी करने की तिथि / Date of issue")], head),
    ];
    let elsewhere = ["office", "issued", "valid_until"];
    for line in lines(c).into_iter().filter(|l| !elsewhere.contains(&l.id.as_str())) {
        let value = Expected { label: line.label.clone(), signed: line.value };
        sections.push(section(forms(&line.label), vec![value]));
    }
    let label = both("Validity", "वैधता");
    sections.push(section(forms(&label), vec![Expected { label, signed: validity(c) }]));
    sections.push(section(vec![plain(FOOT)], vec![]));
    sections
}

/// The validity as the page puts it.
#[must_use]
pub fn validity(c: &Credential) -> Words {
    match c.valid_until.map(date) {
        Some(day) => Words::new(format!("until {day}"), format!("{day} तक")),
        None => Words::new("no end date", "कोई अंतिम तारीख नहीं"),
    }
}

/// The values of a section one after the other; what is between them belongs to the one before.
fn in_order(page: &Page, from: usize, to: usize, values: Vec<Expected>) -> Vec<Compared> {
    if values.is_empty() {
        return vec![];
    }
    let all: Vec<Vec<String>> = values.iter().map(|v| forms(&v.signed)).collect();
    let mut ends = vec![];
    let mut at = from;
    for (n, own) in all.iter().enumerate() {
        let after = own.iter().filter(|f| page.plain[at..to].starts_with(f.as_str())).map(String::len).max();
        let beyond = at + after.unwrap_or(0);
        let begins =
            |forms: &Vec<String>| forms.iter().filter_map(|f| page.plain[beyond..to].find(f.as_str())).min();
        let later = &all[n + 1..];
        let end = match (after, later.first()) {
            // What is right ends where it ends, unless something stands between it and the next; where
            // the next was changed, the rest is for that one.
            (Some(_), Some(next)) => beyond + begins(next).unwrap_or(0),
            _ => later.iter().find_map(begins).map_or(to, |next| beyond + next),
        };
        ends.push((at, end));
        at = end;
    }
    let judged = values.into_iter().zip(all).zip(ends);
    judged
        .map(|((value, forms), (start, end))| {
            let agrees = forms.iter().any(|f| *f == page.plain[start..end]);
            value.compared(page.shown(start, end), agrees)
        })
        .collect()
}

/// On a page of another layout a value has to stand, as a value of its own, as often as on ours: a name
/// stands in the table and in the text.
fn in_another_layout(page: &Page, all: Vec<Expected>) -> Vec<Compared> {
    let texts = |v: &Expected| {
        if v.signed.hi == v.signed.en {
            v.signed.en.clone()
        } else {
            format!("{}\n{}", v.signed.en, v.signed.hi)
        }
    };
    let ours = Page::of(&all.iter().map(texts).collect::<Vec<_>>().join("\n"));
    let there = |text: &str| {
        let text = plain(text);
        page.count(&text) >= ours.count(&text).max(1)
    };
    // Programs that draw a page anew lose the letters of shaped Hindi as text: where most of it is not
    // there, English decides.
    let bilingual = all.iter().filter(|v| v.signed.hi != v.signed.en);
    let (kept, lost): (Vec<_>, Vec<_>) = bilingual.partition(|v| page.count(&plain(&v.signed.hi)) > 0);
    let hindi_counts = kept.len() >= lost.len();
    let judge = |value: Expected| {
        let in_hindi = value.signed.hi == value.signed.en || there(&value.signed.hi);
        let agrees = there(&value.signed.en) && (in_hindi || !hindi_counts);
        let printed = if agrees { value.signed.en.clone() } else { String::new() };
        value.compared(printed, agrees)
    };
    all.into_iter().map(judge).collect()
}

/// The ways in which a table shows words: each language on a line, both on one, or one for both.
fn forms(words: &Words) -> Vec<String> {
    let (hi, en) = (plain(&words.hi), plain(&words.en));
    if hi == en { vec![en] } else { vec![format!("{hi}{en}"), format!("{hi}/{en}")] }
}

/// One form of each letter and no white space: lines break where they must.
fn plain(text: &str) -> String {
    text.nfc().filter(|c| !ignored(*c)).collect()
}

fn ignored(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}')
}

/// A page's text, and the same in its plain form.
struct Page {
    text: String,
    plain: String,
    /// For each byte of the plain form, its place in the text.
    places: Vec<usize>,
}

impl Page {
    fn of(text: &str) -> Self {
        let text: String = text.nfc().collect();
        let (mut plain, mut places) = (String::new(), vec![]);
        for (place, c) in text.char_indices().filter(|(_, c)| !ignored(*c)) {
            plain.push(c);
            places.extend(std::iter::repeat_n(place, c.len_utf8()));
        }
        Self { text, plain, places }
    }

    /// Start and end of the first of these texts from a place on.
    fn first(&self, texts: &[String], from: usize) -> Option<(usize, usize)> {
        let found =
            |t: &String| self.plain[from..].find(t.as_str()).map(|at| (from + at, from + at + t.len()));
        texts.iter().filter_map(found).min()
    }

    /// How often a text stands there as a value of its own.
    fn count(&self, plain: &str) -> usize {
        let places = self.plain.match_indices(plain);
        places.filter(|(at, _)| self.stands_alone(*at, at + plain.len())).count()
    }

    /// What a reader sees there.
    fn shown(&self, from: usize, to: usize) -> String {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(self.text.len());
        let words = self.text[place(from)..place(to)].split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    }

    /// Not the beginning or end of a longer number or word.
    fn stands_alone(&self, from: usize, to: usize) -> bool {
        let place = |at: usize| self.places.get(at).copied().unwrap_or(self.text.len());
        let before = self.text[..place(from)].chars().next_back();
        let after = self.text[place(to.saturating_sub(1))..].chars().nth(1);
        // A digit goes on a number, and a letter a word of its script; the space between a label and its
        // value is not always text.
        let joins = |inner: Option<char>, outer: Option<char>| match (inner, outer) {
            (Some(i), Some(o)) if i.is_alphabetic() => o.is_alphabetic() && i.is_ascii() == o.is_ascii(),
            (Some(i), Some(o)) => i.is_numeric() && o.is_numeric(),
            _ => false,
        };
        let own = &self.plain[from..to];
        !joins(own.chars().next(), before) && !joins(own.chars().next_back(), after)
    }
}
