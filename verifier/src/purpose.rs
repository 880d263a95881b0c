//! Is a certificate current for a purpose? A pure function of the verdict, the purpose and today.
//!
//! The verdict stays what it is: a certificate may be genuine, and of the wrong year for an admission.

use crate::report::{date, year};
use crate::{Code, Verdict};
use jiff::Span;
use jiff::civil::{Date, date as on};
use mohar_schemas::credential::{Credential, Value};
use mohar_schemas::purpose::{Accepted, Outcome, Purpose, YearAsked, sentence};
use mohar_schemas::words::Words;
use serde::Serialize;

/// The month in which a financial year starts.
const APRIL: i8 = 4;

/// What a reader is told about a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The purpose.
    pub id: &'static str,
    /// Whether the certificate serves it.
    pub current: bool,
    /// Why, or why not.
    pub message: Words,
}

/// What stands in the way, or nothing.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    outcome: Outcome,
    has: String,
    needs: String,
}

/// Judges a verdict for a purpose; none where the signature is nobody's we know, because then there is
/// no certificate to speak of.
#[must_use]
pub fn judge(verdict: &Verdict, purpose: &'static Purpose, today: Date) -> Option<Answer> {
    let credential = verdict.credential.as_ref()?;
    let finding = if in_force(verdict.code) {
        find(credential, purpose, today)
    } else {
        Finding { outcome: Outcome::NotInForce, has: String::new(), needs: String::new() }
    };
    let sentence = sentence(finding.outcome);
    let fill = |text: &str, what: &str, whose: &str| {
        text.replace("{has}", &finding.has)
            .replace("{needs}", &finding.needs)
            .replace("{what}", what)
            .replace("{for}", whose)
    };
    let message = Words {
        en: fill(&sentence.en, &credential.kind.title_en, &purpose.name.en),
        hi: fill(&sentence.hi, &credential.kind.title_hi, &purpose.name.hi),
    };
    Some(Answer { id: &purpose.id, current: finding.outcome == Outcome::Current, message })
}

/// Signed and not withdrawn, as far as is known.
fn in_force(code: Code) -> bool {
    matches!(code, Code::Genuine | Code::StatusStale | Code::StatusUnknown)
}

fn find(credential: &Credential, purpose: &Purpose, today: Date) -> Finding {
    let finding = |outcome, has: String, needs: String| Finding { outcome, has, needs };
    let none = String::new;
    match purpose.accepts.iter().find(|a| a.takes(&credential.kind.id)) {
        None => finding(Outcome::Type, none(), none()),
        Some(asked) => wrong_year(credential, asked, today)
            .or_else(|| wrong_time(credential, asked, today))
            .unwrap_or_else(|| finding(Outcome::Current, none(), none())),
    }
}

fn wrong_year(credential: &Credential, asked: &Accepted, today: Date) -> Option<Finding> {
    let asked = asked.financial_year?;
    let has = match credential.value("financial_year") {
        Some(Value::Year(year)) => Some(*year),
        _ => None,
    };
    let (needs, right) = match asked {
        YearAsked::Of(needs) => (needs, has == Some(needs)),
        YearAsked::Moving(_) => {
            let last = financial_year(today) - 1;
            (last, has.is_some_and(|has| has >= last))
        }
    };
    let has = has.map_or_else(|| "–".to_owned(), year);
    (!right).then(|| Finding { outcome: Outcome::FinancialYear, has, needs: year(needs) })
}

fn wrong_time(credential: &Credential, asked: &Accepted, today: Date) -> Option<Finding> {
    let issued = credential.issued;
    if let Some(from) = asked.issued_from.filter(|from| issued < *from) {
        return Some(Finding { outcome: Outcome::IssuedFrom, has: date(issued), needs: date(from) });
    }
    if let Some(months) = asked.issued_within {
        let oldest = today.saturating_sub(Span::new().months(i64::from(months)));
        if issued < oldest {
            let needs = months.to_string();
            return Some(Finding { outcome: Outcome::IssuedWithin, has: date(issued), needs });
        }
    }
    let valid =
        |day: Date| credential.valid_from <= day && credential.valid_until.is_none_or(|until| day <= until);
    let day = asked.valid_on.filter(|day| !valid(*day))?;
    Some(Finding { outcome: Outcome::ValidOn, has: String::new(), needs: date(day) })
}

/// The calendar year in which the financial year of a day starts.
#[must_use]
pub fn financial_year(day: Date) -> i16 {
    if day >= on(day.year(), APRIL, 1) { day.year() } else { day.year() - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mohar_schemas::purpose::by_id;
    use mohar_schemas::{tables, types};

    /// A certificate of a type, issued on a day, that speaks of a financial year.
    fn certificate(kind: &str, issued: Date, year: i16) -> Verdict {
        let kind = types::by_id(kind).unwrap();
        let value = |id: &str| match id {
            "financial_year" => Value::Year(year),
            _ => Value::Text { en: "-".into(), hi: None },
        };
        let credential = Credential {
            kind,
            index: 0,
            office: tables::offices().by_code(1).unwrap(),
            issued,
            valid_from: issued,
            valid_until: kind.valid_days.map(|d| issued.saturating_add(Span::new().days(i64::from(d)))),
            values: kind.fields.iter().map(|f| value(&f.id)).collect(),
        };
        Verdict { credential: Some(credential), ..Verdict::bare(Code::Genuine) }
    }

    fn current(purpose: &str, verdict: &Verdict, today: Date) -> bool {
        let answer = judge(verdict, by_id(purpose).unwrap(), today).unwrap();
        assert!(!answer.message.en.contains('{') && !answer.message.hi.contains('{'), "{answer:?}");
        answer.current
    }

    #[test]
    fn a_financial_year_starts_on_the_first_of_april() {
        assert_eq!(financial_year(on(2026, 3, 31)), 2025);
        assert_eq!(financial_year(on(2026, 4, 1)), 2026);
        assert_eq!(financial_year(on(2026, 12, 31)), 2026);
    }

    #[test]
    fn an_admission_asks_for_the_year_before_on_a_certificate_of_its_own() {
        let today = on(2026, 6, 15);
        for kind in ["ews", "obc-ncl"] {
            let first = certificate(kind, on(2026, 4, 1), 2025);
            assert!(current("admission-2026-27", &first, today), "{kind}: the first day");
            let eve = certificate(kind, on(2026, 3, 31), 2025);
            assert!(!current("admission-2026-27", &eve, today), "{kind}: the day before");
            let older = certificate(kind, on(2026, 4, 1), 2024);
            assert!(!current("admission-2026-27", &older, today), "{kind}: another year's income");
        }
        let income = |year| certificate("income", on(2026, 2, 1), year);
        assert!(current("admission-2026-27", &income(2025), today));
        assert!(!current("scholarship-2026-27", &income(2024), today));
        assert!(!current("scholarship-2026-27", &income(2026), today), "a year that has not ended");
        assert!(current("admission-2026-27", &certificate("caste-sc", on(2003, 1, 1), 0), today));
    }

    #[test]
    fn the_last_year_moves_on_the_first_of_april() {
        let ncl = certificate("obc-ncl", on(2026, 1, 10), 2024);
        assert!(current("job", &ncl, on(2026, 3, 31)));
        assert!(!current("job", &ncl, on(2026, 4, 1)));
        assert!(
            current("job", &certificate("obc-ncl", on(2026, 3, 1), 2025), on(2026, 3, 31)),
            "a newer one"
        );
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let solvency = certificate("solvency", on(2026, 1, 31), 0);
        assert!(current("loan", &solvency, on(2026, 7, 31)));
        assert!(!current("loan", &solvency, on(2026, 8, 1)));
    }

    #[test]
    fn a_day_may_be_asked_for() {
        let accepts = serde_json::json!([{ "types": ["income"], "valid_on": "2027-01-31" }]);
        let text = serde_json::json!({ "id": "x", "name": { "en": "x", "hi": "x" }, "accepts": accepts });
        let purpose: &'static Purpose = Box::leak(Box::new(serde_json::from_value(text).unwrap()));
        let ends = |issued| judge(&certificate("income", issued, 2025), purpose, issued).unwrap().current;
        assert!(ends(on(2026, 1, 31)), "365 days later is the day itself");
        assert!(!ends(on(2026, 1, 30)));
    }

    #[test]
    fn other_types_and_withdrawn_certificates_serve_nothing_and_forgeries_get_no_answer() {
        let today = on(2026, 6, 15);
        let licence = certificate("driving-licence", on(2026, 1, 1), 0);
        assert!(!current("admission-2026-27", &licence, today));
        assert!(current("court-police", &licence, today));
        let revoked = Verdict { code: Code::Revoked, ..licence };
        assert!(!current("court-police", &revoked, today));
        assert_eq!(judge(&Verdict::bare(Code::Altered), by_id("job").unwrap(), today), None);
    }
}
