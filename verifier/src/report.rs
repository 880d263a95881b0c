//! A verdict in words, for the API, the command line and the chat.

use crate::Verdict;
use crate::printed::{self, Compared};
use crate::purpose::{self, Answer};
use jiff::civil::Date;
use jiff::tz::Offset;
use mohar_schemas::credential::{Credential, Value};
use mohar_schemas::picture::{Unread, several};
use mohar_schemas::purpose::Purpose;
use mohar_schemas::tables;
use mohar_schemas::types::Kind;
use mohar_schemas::verdict::{Code, Tone, foreign_codes};
pub use mohar_schemas::words::{Language, Words, day_in_words, rupees};
use serde::Serialize;

/// So many lines that differ are named in the sentence; the rest stand in `printed`.
const LINES_NAMED: usize = 3;

/// One line of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The field's name.
    pub id: String,
    /// What stands before it.
    pub label: Words,
    /// What it says.
    pub value: Words,
}

/// What a reader is told; the body of the answer of `POST /v1/verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The code of the verdict.
    pub verdict: Code,
    /// In two to four words.
    pub title: Words,
    /// What it means.
    pub message: Words,
    /// What to do.
    pub advice: Words,
    /// When the status was signed (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_as_of: Option<String>,
    /// The certificate's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The certificate that replaces it, by its place in the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by_index: Option<u64>,
    /// The certificate's type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Words>,
    /// What it says, line by line.
    pub fields: Vec<Line>,
    /// The trust list is older than it should be.
    pub trust_list_is_old: bool,
    /// Whether it serves the purpose that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Answer>,
    /// Where the certificate came as a page with text: what is printed against what is signed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub printed: Vec<Compared>,
    /// Why no code was read in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Unread>,
    /// That there were several codes in a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Words>,
    /// What is said of the other codes in the picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Self>,
}

impl Report {
    /// Puts a verdict into words.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let message = verdict.code.message();
        let fill = |en: &str, hi: &str| Words { en: fill(en, verdict, false), hi: fill(hi, verdict, true) };
        let credential = verdict.credential.as_ref();
        let meaning = match (&verdict.detail, &message.bare_en, &message.bare_hi) {
            (None, Some(en), Some(hi)) => fill(en, hi),
            _ => fill(&message.en, &message.hi),
        };
        Self {
            verdict: verdict.code,
            title: fill(&message.title_en, &message.title_hi),
            message: meaning,
            advice: fill(&message.do_en, &message.do_hi),
            status_as_of: verdict.status_as_of_s.and_then(instant).map(|t| t.to_string()),
            number: credential.map(Credential::number),
            superseded_by_index: verdict.detail.as_ref().and_then(|d| d.superseded_by),
            kind: credential.map(|c| c.kind.id.clone()),
            certificate: credential
                .map(|c| Words { en: c.kind.title_en.clone(), hi: c.kind.title_hi.clone() }),
            fields: credential.map(lines).unwrap_or_default(),
            trust_list_is_old: verdict.trust_list_is_old,
            purpose: None,
            printed: vec![],
            reason: None,
            note: None,
            others: vec![],
        }
    }

    /// Puts a verdict into words, and whether it serves a purpose on a day.
    #[must_use]
    pub fn for_purpose(verdict: &Verdict, purpose: Option<&'static Purpose>, today: Date) -> Self {
        let answer = purpose.and_then(|purpose| purpose::judge(verdict, purpose, today));
        Self { purpose: answer, ..Self::of(verdict) }
    }

    /// Compares with the text of the page the code was on. A genuine code on a page that says something
    /// else is not called genuine any more; what was refused already stays so.
    #[must_use]
    pub fn with_page(mut self, verdict: &Verdict, page: &str) -> Self {
        let Some(credential) = &verdict.credential else { return self };
        self.printed = printed::compare(credential, page);
        let mut wrong: Vec<&Compared> = self.printed.iter().filter(|line| !line.agrees).collect();
        if wrong.is_empty() || verdict.code.message().tone == Tone::Bad {
            return self;
        }
        // The shortest says most plainly what was changed.
        wrong.sort_by_key(|line| line.signed.en.len());
        let message = Code::PageDiffers.message();
        let named = |language| {
            let named: Vec<String> = wrong.iter().take(LINES_NAMED).map(|l| l.sentence(language)).collect();
            named.join("; ")
        };
        self.verdict = Code::PageDiffers;
        self.title = Words::new(&message.title_en, &message.title_hi);
        self.message = Words {
            en: message.en.replace("{lines}", &named(Language::English)),
            hi: message.hi.replace("{lines}", &named(Language::Hindi)),
        };
        self.advice = Words::new(&message.do_en, &message.do_hi);
        self.purpose = None;
        self
    }

    /// The exit code of the command line: a certificate that does not serve the purpose is not what was
    /// asked for, genuine or not.
    #[must_use]
    pub fn exit(&self) -> u8 {
        if self.purpose.as_ref().is_some_and(|p| !p.current) { 1 } else { self.verdict.message().exit }
    }

    /// Says why no code was read in a file.
    #[must_use]
    pub fn unread(reason: Unread) -> Self {
        let m = reason.message();
        let both = |en: &str, hi: &str| Words { en: en.to_owned(), hi: hi.to_owned() };
        Self {
            title: both(&m.title_en, &m.title_hi),
            message: both(&m.en, &m.hi),
            advice: both(&m.do_en, &m.do_hi),
            reason: Some(reason),
            ..Self::of(&Verdict::bare(Code::UnreadablePicture))
        }
    }

    /// One report for all codes of a picture: of those that are certificates the worst comes first, so
    /// that a genuine one never hides another; what is no certificate comes last.
    #[must_use]
    pub fn of_several(mut reports: Vec<Self>) -> Self {
        let rank = |report: &Self| match (report.verdict, report.verdict.message().exit) {
            (Code::NotACertificate | Code::UnreadablePicture, _) => 3,
            (_, 1) => 0,
            (_, 2) => 1,
            _ => 2,
        };
        reports.sort_by_key(rank);
        let mut reports = reports.into_iter();
        let Some(mut first) = reports.next() else { return Self::unread(Unread::NoCode) };
        first.others = reports.collect();
        if !first.others.is_empty() {
            let m = several();
            let both = |en: &str, hi: &str| format!("{en} {hi}");
            first.note = Some(Words { en: both(&m.en, &m.do_en), hi: both(&m.hi, &m.do_hi) });
        }
        first
    }
}

fn instant(seconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(seconds).ok()
}

/// Puts what is known into a sentence's placeholders.
fn fill(sentence: &str, verdict: &Verdict, hindi: bool) -> String {
    let choose = |en: &str, hi: &str| if hindi { hi.to_owned() } else { en.to_owned() };
    let unknown = || choose("unknown", "अज्ञात");
    let as_of = verdict.status_as_of_s.map_or_else(unknown, moment);
    let detail = verdict.detail.as_ref();
    let reason = detail.and_then(|d| tables::table("status-reasons")?.by_code(d.reason));
    let on = detail.map(|d| d.since).map_or_else(unknown, date);
    let from = verdict.credential.as_ref().map_or_else(unknown, |c| date(c.valid_from));
    let number = detail.and_then(|d| d.superseded_by).map_or_else(unknown, |n| n.to_string());
    let what = verdict.foreign.and_then(|f| foreign_codes().get(f));
    sentence
        .replace("{as_of}", &as_of)
        .replace("{on}", &on)
        .replace("{from}", &from)
        .replace("{reason}", &reason.map_or_else(unknown, |r| choose(&r.en, &r.hi)))
        .replace("{number}", &number)
        .replace("{what}", &what.map_or_else(unknown, |w| choose(&w.en, &w.hi)))
}

/// A time in seconds since 1970-01-01 UTC as people in India write it; one beyond every calendar is a dash.
///
/// # Panics
/// Never.
#[must_use]
pub fn moment(seconds: i64) -> String {
    instant(seconds).map_or_else(
        || "–".to_owned(),
        |t| {
            // Unwrap safety: five and a half hours are a valid offset.
            let ist = Offset::from_seconds(19_800).expect("an offset");
            ist.to_datetime(t).strftime("%d-%m-%Y %H:%M").to_string()
        },
    )
}

/// A day as people in India write it.
#[must_use]
pub fn date(day: Date) -> String {
    format!("{:02}-{:02}-{}", day.day(), day.month(), day.year())
}

/// A financial year by the calendar year it starts in: `2025-26`.
#[must_use]
pub fn year(starts: i16) -> String {
    format!("{starts}-{:02}", (starts + 1) % 100)
}

/// A value in both languages; Hindi falls back on what was entered in English.
#[must_use]
pub fn words(value: &Value) -> Option<Words> {
    let same = |s: String| Words { en: s.clone(), hi: s };
    Some(match value {
        Value::Text { en, hi } => Words { en: en.clone(), hi: hi.clone().unwrap_or_else(|| en.clone()) },
        Value::Day(d) => same(date(*d)),
        Value::Year(y) => same(year(*y)),
        Value::Amount(n) => same(rupees(*n)),
        Value::Code(row) => Words { en: row.en.clone(), hi: row.hi.clone() },
        Value::Absent => return None,
    })
}

/// What a certificate says, line by line: its own fields, then office and dates.
#[must_use]
pub fn lines(credential: &Credential) -> Vec<Line> {
    let line = |id: &str, en: &str, hi: &str, value: Words| Line {
        id: id.to_owned(),
        label: Words { en: en.to_owned(), hi: hi.to_owned() },
        value,
    };
    let mut lines: Vec<Line> = credential
        .kind
        .fields
        .iter()
        .zip(&credential.values)
        .filter_map(|(f, v)| words(v).map(|w| line(&f.id, &f.label_en, &f.label_hi, w)))
        .collect();
    debug_assert!(credential.kind.fields.iter().all(|f| f.kind != Kind::Code || f.table.is_some()));
    let same = |s: String| Words { en: s.clone(), hi: s };
    let office = Words { en: credential.office.en.clone(), hi: credential.office.hi.clone() };
    lines.push(line("office", "Issued by", "जारीकर्ता", office));
    lines.push(line("issued", "Date of issue", "जारी करने की तारीख", same(date(credential.issued))));
    lines.push(match credential.valid_until {
        Some(until) => line("valid_until", "Valid until", "मान्य अवधि", same(date(until))),
        None => line(
            "valid_until",
            "Valid until",
            "मान्य अवधि",
            Words {
                en: "no end date".into(), hi: "कोई अंतिम तारीख नहीं".into()
            },
        ),
    });
    lines
}

/// The certifying words, filled in; a field that was left out is a dash.
#[must_use]
pub fn wording(credential: &Credential, language: Language) -> String {
    let kind = credential.kind;
    let template = if language == Language::Hindi { &kind.wording_hi } else { &kind.wording_en };
    kind.fields.iter().zip(&credential.values).fold(template.clone(), |text, (field, value)| {
        let words = words(value).map_or_else(|| "–".to_owned(), |w| w.get(language).to_owned());
        text.replace(&format!("{{{}}}", field.id), &words)
    })
}
