//! `GET /v1/certificates/{id}/pdf`: the certificate as paper.

use super::certificates::own;
use super::problem::Problem;
use crate::app::App;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use mohar_issuer::seal::Record;
use mohar_print::{Row, Sheet};
use mohar_schemas::cose::{self, Context};
use mohar_schemas::credential::Credential;
use mohar_schemas::qr;
use mohar_verifier::report::{date, lines, words};
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
    let validity = c.valid_until.map(date);
    let part = |n: i8| u16::try_from(n).unwrap_or(1);
    Sheet {
        title_en: t.title_en.clone(),
        title_hi: t.title_hi.clone(),
        government_en: "Government of National Capital Territory of Delhi".into(),
        government_hi: "राष्ट्रीय राजधानी क्षेत्र दिल्ली सरकार".into(),
        office_en: c.office.en.clone(),
        office_hi: c.office.hi.clone(),
        number: c.number(),
        wording_en: wording(c, &t.wording_en, false),
        wording_hi: wording(c, &t.wording_hi, true),
        rows: rows.collect(),
        officer_en: t.officer_en.clone(),
        officer_hi: t.officer_hi.clone(),
        law_en: t.law_en.clone(),
        law_hi: t.law_hi.clone(),
        issued_en: in_words(c.issued, false),
        issued_hi: in_words(c.issued, true),
        validity_en: validity.clone().map_or_else(|| "no end date".into(), |d| format!("until {d}")),
        validity_hi: validity.map_or_else(|| "कोई अंतिम तारीख नहीं".into(), |d| format!("{d} तक")),
        host: host.to_owned(),
        link: String::new(),
        qr,
        created: [u16::try_from(c.issued.year()).unwrap_or(0), part(c.issued.month()), part(c.issued.day())],
        id,
    }
}

fn wording(c: &Credential, template: &str, hindi: bool) -> String {
    c.kind.fields.iter().zip(&c.values).fold(template.to_owned(), |text, (field, value)| {
        let words = words(value).map_or_else(|| "–".to_owned(), |w| if hindi { w.hi } else { w.en });
        text.replace(&format!("{{{}}}", field.id), &words)
    })
}

fn in_words(day: Date, hindi: bool) -> String {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const HI: [&str; 12] =
        ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"];
    let month = usize::try_from(day.month() - 1).unwrap_or(0);
    format!("{} {} {}", day.day(), if hindi { HI[month] } else { EN[month] }, day.year())
}
