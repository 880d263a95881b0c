//! `GET /v1/certificates/{id}/pdf`: the certificate as paper.

use super::certificates::own;
use super::problem::Problem;
use crate::app::App;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_issuer::seal::Record;
use mohar_print::{Row, Sheet};
use mohar_schemas::cose::{self, Context};
use mohar_schemas::credential::Credential;
use mohar_schemas::qr;
use mohar_schemas::words::Language;
use mohar_verifier::printed::{GOVERNMENT, validity};
use mohar_verifier::report::{day_in_words, lines, wording};
use std::sync::Arc;

pub async fn pdf(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let record = own(&app, &headers, &id).await?;
    let bytes = render(&app, &record).map_err(|what| {
        tracing::error!(index = record.index, what, "a certificate was not printed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "print", "The certificate could not be printed.")
    })?;
    let name = format!("inline; filename=\"{}.pdf\"", record.number);
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}

/// A certificate as PDF; the error says what went wrong inside.
pub fn render(app: &App, record: &Record) -> Result<Vec<u8>, String> {
    let message = cose::parse(Context::Certificate, &record.credential).map_err(|e| e.to_string())?;
    let credential = Credential::decode(&message.payload).map_err(|e| e.to_string())?;
    let link = qr::text(&app.origin, &record.credential);
    let symbol = qr::symbol(&link).map_err(|e| e.to_string())?;
    let sheet = sheet(&credential, host_of(&app.origin), symbol.modules, record.id.clone());
    mohar_print::certificate(&Sheet { link, ..sheet }).map_err(|e| e.to_string())
}

/// What a person types to get to the portal.
fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// What the page says: everything on it comes from the signed credential.
fn sheet(c: &Credential, host: &str, qr: Vec<Vec<bool>>, id: String) -> Sheet {
    let t = c.kind;
    // Office and date of issue stand at the head of the page, the validity in a row of its own.
    let elsewhere = ["office", "issued", "valid_until"];
    let details = lines(c).into_iter().filter(|l| !elsewhere.contains(&l.id.as_str()));
    let rows = details.map(|l| Row {
        label_en: l.label.en,
        label_hi: l.label.hi,
        value_en: l.value.en,
        value_hi: l.value.hi,
    });
    let validity = validity(c);
    let part = |n: i8| u16::try_from(n).unwrap_or(1);
    Sheet {
        title_en: t.title_en.clone(),
        title_hi: t.title_hi.clone(),
        government_en: GOVERNMENT.0.into(),
        government_hi: GOVERNMENT.1.into(),
        office_en: c.office.en.clone(),
        office_hi: c.office.hi.clone(),
        number: c.number(),
        wording_en: wording(c, Language::English),
        wording_hi: wording(c, Language::Hindi),
        rows: rows.collect(),
        officer_en: t.officer_en.clone(),
        officer_hi: t.officer_hi.clone(),
        law_en: t.law_en.clone(),
        law_hi: t.law_hi.clone(),
        issued_en: day_in_words(c.issued, Language::English),
        issued_hi: day_in_words(c.issued, Language::Hindi),
        validity_en: validity.en,
        validity_hi: validity.hi,
        host: host.to_owned(),
        link: String::new(),
        qr,
        created: [u16::try_from(c.issued.year()).unwrap_or(0), part(c.issued.month()), part(c.issued.day())],
        id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use mohar_schemas::credential::Value;
    use mohar_schemas::tables;
    use mohar_schemas::types::{self, CertificateType, Field, Kind};
    use mohar_verifier::printed::compare;

    fn value(field: &Field, long: bool) -> Value {
        let (en, hi) = match (field.kind, long) {
            (Kind::Name, false) => ("Sunita Devi", "सुनीता देवी"),
            (Kind::Name, true) => ("Lakshmi Venkataraghavan Krishnamurthy", "लक्ष्मी वेंकटराघवन कृष्णमूर्ति"),
            (_, false) => ("12/3, Gandhi Nagar", "12/3, गाँधी नगर"),
            (_, true) => {
                ("Flat 1204, Tower B, Shri Krishna Apartments, Dwarka", "फ़्लैट 1204, श्री कृष्ण अपार्टमेंट, द्वारका")
            }
        };
        match field.kind {
            Kind::Name | Kind::Text => Value::Text { en: en.into(), hi: long.then(|| hi.into()) },
            Kind::Day => Value::Day(date(1990, 8, 15)),
            Kind::Year => Value::Year(2025),
            Kind::Amount => Value::Amount(180_000),
            Kind::Code => {
                let table = tables::table(field.table.as_deref().unwrap()).unwrap();
                Value::Code(table.by_code(1 + u16::from(long)).unwrap())
            }
        }
    }

    fn certificate(kind: &'static CertificateType, long: bool) -> Credential {
        let issued = date(2026, 4, 1);
        Credential {
            kind,
            index: 42,
            office: tables::offices().by_code(1).unwrap(),
            issued,
            valid_from: issued,
            valid_until: kind.valid_days.map(|_| date(2027, 4, 1)),
            values: kind.fields.iter().map(|f| value(f, long)).collect(),
        }
    }

    fn paper(c: &Credential, change: impl FnOnce(&mut Sheet)) -> String {
        let symbol = qr::symbol("https://m.example/#1234567").unwrap();
        let mut sheet = sheet(c, "m.example", symbol.modules, "id".into());
        change(&mut sheet);
        mohar_picture::page_text(&mohar_print::certificate(&sheet).unwrap()).expect("the page's text")
    }

    #[test]
    fn every_line_of_our_own_paper_agrees_for_every_type() {
        for kind in types::all() {
            for long in [false, true] {
                let c = certificate(kind, long);
                let page = paper(&c, |_| ());
                for line in compare(&c, &page) {
                    assert!(line.agrees, "{} {long}: {line:?}\n{page}", kind.id);
                }
            }
        }
    }

    #[test]
    fn the_line_that_was_changed_is_named_and_no_other() {
        let c = certificate(types::by_id("ews").unwrap(), true);
        let wrong = |change: &dyn Fn(&mut Sheet)| -> Vec<(String, String)> {
            let compared = compare(&c, &paper(&c, change)).into_iter();
            compared.filter(|l| !l.agrees).map(|l| (l.label.en, l.printed)).collect()
        };
        let one = |label: &str, printed: &str| vec![(label.to_owned(), printed.to_owned())];
        let name = "लक्ष्मी वेंकटराघवन कृष्णमूर्ति / Lakshmi Krishnamurthy";
        assert_eq!(
            wrong(&|s| s.rows[0].value_en = "Lakshmi Krishnamurthy".into()),
            one("Name of the holder", name)
        );
        let amount = |s: &mut Sheet| {
            let row = s.rows.iter_mut().find(|r| r.value_en.starts_with('₹')).unwrap();
            (row.value_en, row.value_hi) = ("₹1,80,0000".into(), "₹1,80,0000".into());
        };
        assert_eq!(wrong(&amount), one("Annual family income", "₹1,80,0000"));
        assert_eq!(wrong(&|s| s.number = "EWS-2026-0000043-1".into()), one("Number", "EWS-2026-0000043-1"));
        let hindi = |s: &mut Sheet| s.rows[2].value_hi = "राधा वेंकटराघवन".into();
        assert_eq!(wrong(&hindi).len(), 1, "a name in Hindi only");
        assert_eq!(wrong(&|s| s.issued_en = "2 April 2026".into())[0].0, "Date of issue");
        assert_eq!(wrong(&|s| s.office_en.push_str(" II"))[0].0, "Issued by");
        assert_eq!(
            wrong(&|s| s.wording_en = s.wording_en.replace("eight", "nine"))[0].0,
            "Text of the certificate"
        );
        assert_eq!(wrong(&|s| s.validity_en = "until 01-04-2037".into())[0].0, "Validity");
    }

    #[test]
    fn where_hindi_is_lost_as_text_english_decides() {
        // Drawn anew, a page keeps its letters and loses what shaping made of them.
        let lost = |c: &Credential, change: &dyn Fn(&mut Sheet)| -> Vec<String> {
            let page = paper(c, change).replace(|l: char| ('\u{93e}'..='\u{94d}').contains(&l), "");
            compare(c, &page).into_iter().filter(|l| !l.agrees).map(|l| l.label.en).collect()
        };
        for kind in types::all() {
            assert_eq!(lost(&certificate(kind, true), &|_| ()), Vec::<String>::new(), "{}", kind.id);
        }
        let c = certificate(types::by_id("ews").unwrap(), true);
        let name = |s: &mut Sheet| s.rows[0].value_en = "Lakshmi Iyer".into();
        let both = ["Name of the holder", "Name of father, mother or husband"];
        assert_eq!(lost(&c, &name), both, "in this example they share a name, of which one is missing");
        let amount = |s: &mut Sheet| {
            let row = s.rows.iter_mut().find(|r| r.value_en.starts_with('₹')).unwrap();
            (row.value_en, row.value_hi) = ("₹1,80,0000".into(), "₹1,80,0000".into());
        };
        assert_eq!(lost(&c, &amount), ["Annual family income"]);
        assert_eq!(lost(&c, &|s| s.number = "EWS-2026-0000043-1".into()), ["Number"]);
        assert_eq!(lost(&c, &|s| s.validity_en = "until 01-04-2037".into()), ["Validity"]);
    }
}
