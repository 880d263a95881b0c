//! The schemes: what the governments offer, with pictures, films, and "am I eligible?". Nobody signs in
//! here, and no answer is kept.

use super::fields::{FieldView, sent};
use super::{Failure, Page, html, today};
use crate::app::App;
use crate::portal::CONTENT_SECURITY_POLICY;
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use mohar_schemas::catalogue;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::Answers;
use mohar_schemas::scheme::{self, Eligibility, Scheme, eligibility, published};
use mohar_schemas::words::Language;
use mohar_verifier::report::date;
use std::sync::Arc;

/// The routes of the schemes.
pub fn router() -> Router<Arc<App>> {
    // A fault of the data stops the start, not a page.
    let _ = published();
    Router::new()
        .route("/schemes", get(list))
        .route("/schemes/{id}", get(show).post(ask))
        .route("/schemes/{id}/{file}", get(file))
}

/// A row of the list.
struct Row {
    id: String,
    name: String,
    line: String,
    runner: String,
}

#[derive(Template)]
#[template(path = "schemes.html")]
struct List {
    p: Page,
    /// Name and schemes of each group.
    groups: Vec<(String, Vec<Row>)>,
}

async fn list(p: Page) -> Response {
    let row = |s: &Scheme| Row {
        id: s.id.clone(),
        name: p.w(&s.name).to_owned(),
        line: p.w(&s.line).to_owned(),
        runner: published().runner(s).map_or_else(String::new, |r| p.w(r).to_owned()),
    };
    let groups = published().groups();
    let groups = groups.map(|(g, all)| (p.w(&g.name).to_owned(), all.into_iter().map(row).collect()));
    let groups = groups.collect();
    html(&List { p, groups })
}

/// An answer to "am I eligible?": its tone, the verdict, reasons or open questions, what stands below.
struct Verdict {
    tone: &'static str,
    verdict: String,
    points: Vec<String>,
    after: Vec<String>,
}

#[derive(Template)]
#[template(path = "scheme.html")]
struct Show {
    p: Page,
    id: String,
    name: String,
    runner: String,
    department: String,
    about: String,
    unconfirmed: Option<String>,
    /// What the picture says, for those who do not see it.
    alt: String,
    film: bool,
    who: String,
    amount: String,
    apply: String,
    site: String,
    /// Services, one of each list: id and name.
    needs: Vec<Vec<(String, String)>>,
    documents: Vec<String>,
    source: String,
    checked: String,
    form: Vec<FieldView>,
    verdict: Option<Verdict>,
}

async fn show(p: Page, Path(id): Path<String>) -> Result<Response, Failure> {
    page(p, &id, &Answers::new(), &[], None)
}

/// Answers on the spot, from what was sent alone.
async fn ask(
    p: Page,
    Path(id): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let scheme = published().scheme(&id).ok_or(Failure::NotFound)?;
    let given = sent(scheme.questions.iter(), &pairs);
    let (mut answers, faults) = scheme::read(scheme, &given, today());
    let verdict = faults.is_empty().then(|| verdict(&p, scheme, &answers));
    // What was not understood stands in the form as it was written.
    for fault in &faults {
        answers.insert(fault.field.clone(), given[&fault.field].clone());
    }
    page(p, &id, &answers, &faults, verdict)
}

fn verdict(p: &Page, scheme: &Scheme, answers: &Answers) -> Verdict {
    let eligibility = eligibility(scheme, answers, today());
    let words = published().answer(scheme, &eligibility);
    let mut lines = p.w(&words).lines();
    let verdict = lines.next().unwrap_or_default().to_owned();
    let (points, after): (Vec<&str>, Vec<&str>) = lines.partition(|l| l.starts_with("– "));
    let tone = match eligibility {
        Eligibility::Likely => "likely",
        Eligibility::Unlikely(_) => "unlikely",
        Eligibility::Unsure(_) => "unsure",
    };
    let points = points.into_iter().map(|l| l.trim_start_matches("– ").to_owned()).collect();
    Verdict { tone, verdict, points, after: after.into_iter().map(str::to_owned).collect() }
}

fn page(
    p: Page,
    id: &str,
    answers: &Answers,
    faults: &[Fault],
    verdict: Option<Verdict>,
) -> Result<Response, Failure> {
    let s = published().scheme(id).ok_or(Failure::NotFound)?;
    let service = |id: &String| {
        catalogue::published().service(id).map(|service| (id.clone(), p.w(&service.name).to_owned()))
    };
    let facts: Vec<_> = s.card.facts.iter().map(|f| p.w(&f.text)).collect();
    let view = Show {
        id: id.to_owned(),
        name: p.w(&s.name).to_owned(),
        runner: published().runner(s).map_or_else(String::new, |r| p.w(r).to_owned()),
        department: p.w(&s.department).to_owned(),
        about: p.w(&s.about).to_owned(),
        unconfirmed: s.unconfirmed.as_ref().map(|u| p.w(u).to_owned()),
        alt: format!("{}: {} {}. {}", p.w(&s.name), p.w(&s.card.big), p.w(&s.card.note), facts.join("; ")),
        film: s.film,
        who: p.w(&s.who).to_owned(),
        amount: p.w(&s.amount).to_owned(),
        apply: p.w(&s.apply).to_owned(),
        site: s.site.clone(),
        needs: s.needs.iter().map(|one_of| one_of.iter().filter_map(service).collect()).collect(),
        documents: s.documents.iter().map(|d| p.w(d).to_owned()).collect(),
        source: p.w(&s.source).to_owned(),
        checked: date(s.checked),
        form: s
            .questions
            .iter()
            .filter(|q| q.asked(answers))
            .map(|q| FieldView::of(&p, q, answers, faults, today()))
            .collect(),
        verdict,
        p,
    };
    let mut answer = html(&view);
    // The only pages with a film.
    let policy = format!("{CONTENT_SECURITY_POLICY}; media-src 'self'");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

/// A picture, a film, or what stands for it before it plays: `hi.png`, `en.mp4`, `hi-film.png`.
async fn file(Path((id, file)): Path<(String, String)>, headers: HeaderMap) -> Result<Response, Failure> {
    let (language, kind) = file.split_at_checked(2).ok_or(Failure::NotFound)?;
    let language = match language {
        "en" => Language::English,
        "hi" => Language::Hindi,
        _ => return Err(Failure::NotFound),
    };
    let bytes = match kind {
        ".png" => drawn(move || mohar_card::picture(&id, language).map(Bytes::from_static)).await?,
        "-film.png" => drawn(move || mohar_card::film::poster(&id, language).map(Bytes::from)).await?,
        ".mp4" => mohar_card::film::film(&id, language).map(Bytes::from_static),
        _ => None,
    };
    let bytes = bytes.ok_or(Failure::NotFound)?;
    let kind = if kind == ".mp4" { "video/mp4" } else { "image/png" };
    let about = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
    ];
    let range = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    // Some players take a film only in parts.
    let Some((from, to)) = range.and_then(|range| part(range, bytes.len())) else {
        return Ok((about, bytes).into_response());
    };
    let place = format!("bytes {from}-{to}/{}", bytes.len());
    let bytes = bytes.slice(from..=to);
    Ok((StatusCode::PARTIAL_CONTENT, about, [(header::CONTENT_RANGE, place)], bytes).into_response())
}

/// Draws where nobody else waits for it.
async fn drawn<T: Send + 'static>(draw: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(draw).await.map_err(|e| Failure::Away(e.to_string()))
}

/// First and last byte of a range that was asked for; none where it is not one range within the file.
fn part(range: &str, length: usize) -> Option<(usize, usize)> {
    let last = length.checked_sub(1)?;
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => (from, to.min(last)),
        (Ok(from), Err(_)) if to.is_empty() => (from, last),
        (Err(_), Ok(count)) if from.is_empty() => (length.saturating_sub(count), last),
        _ => return None,
    };
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_within_the_file() {
        assert_eq!(part("bytes=0-", 10), Some((0, 9)));
        assert_eq!(part("bytes=0-1", 10), Some((0, 1)));
        assert_eq!(part("bytes=4-400", 10), Some((4, 9)));
        assert_eq!(part("bytes=-3", 10), Some((7, 9)));
        assert_eq!(part("bytes=-30", 10), Some((0, 9)));
        for wrong in
            ["", "bytes=", "bytes=-", "bytes=10-", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=-0"]
        {
            assert_eq!(part(wrong, 10), None, "{wrong}");
        }
        assert_eq!(part("bytes=0-", 0), None);
    }
}
