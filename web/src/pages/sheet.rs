//! The page of one application, as the citizen and the operator see it: form, documents, what is due,
//! and what has become of it.

use super::desk::desk;
use super::fields::{FieldView, shown};
use super::{Failure, Page, html, story, view};
use crate::app::App;
use axum::response::Response;
use mohar_issuer::application::port::Applications;
use mohar_issuer::application::{Application, State as Stage};
use mohar_schemas::catalogue::published;
use mohar_schemas::charges::charges;
use mohar_schemas::consent;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::{Answers, By};
use mohar_schemas::service::Service;
use mohar_schemas::words::Words;
use mohar_verifier::report::rupees;

/// What to say on top of the page.
#[derive(Default)]
pub struct Said {
    pub message: Option<&'static str>,
    pub faults: Vec<Fault>,
}

/// Whether the citizen may change it.
pub fn is_open(application: &Application) -> bool {
    matches!(application.state, Stage::Draft | Stage::Returned { .. })
}

/// The page, for whoever may see the application.
pub async fn page(app: &App, p: Page, application: &Application, said: Said) -> Result<Response, Failure> {
    let desk = desk(&application.service, p.channel())?;
    let (service, answers) = (desk.service, &application.answers);
    let marked: &[String] = match &application.state {
        Stage::Returned { fields, .. } => fields,
        _ => &[],
    };
    let asked = service.fields.iter().filter(|f| f.by == By::Citizen && f.asked(&yes_and_no(answers)));
    let form = asked.map(|f| FieldView {
        marked: marked.contains(&f.id),
        ..FieldView::of(&p, f, answers, &said.faults, desk.today)
    });
    let form = form.collect();
    let label = |id: &str| {
        let field = service.field(id).map(|f| &f.label);
        let words = field.or_else(|| published().document(id).map(|d| &d.name));
        words.map_or_else(|| id.to_owned(), |w| p.w(w).to_owned())
    };
    let fault = |f: &Fault| (f.field.clone(), label(&f.field), p.w(&Words::new(&f.en, &f.hi)).to_owned());
    let open = is_open(application);
    let number = application.number.clone();
    let in_words = service.fields.iter().filter_map(|f| {
        let value = answers.get(&f.id)?;
        Some((p.w(&f.label).to_owned(), p.w(&shown(f, value, desk.today)).to_owned()))
    });
    let events = app.store.events(&application.number).await?;
    Ok(html(&view::Application {
        service: p.w(&service.name).to_owned(),
        state: p.t(&format!("state_{}", application.state.id())),
        consent: p.w(&consent::by_id(consent::APPLY).ok_or(Failure::NotFound)?.text).to_owned(),
        charge: rupees(i64::from(charges().assisted)),
        corrects: application.corrects.clone(),
        can_appeal: matches!(application.state, Stage::Rejected { appealed: false, .. }),
        has_receipt: !app.store.transfers_of(&application.number).await?.is_empty(),
        message: said.message,
        faults: said.faults.iter().map(fault).collect(),
        notices: story::notices(&p, &desk, application),
        pay: if let Stage::Unpaid { rupees: n } = application.state {
            Some(rupees(i64::from(n)))
        } else {
            None
        },
        download: match &application.state {
            Stage::Issued { certificate: Some(_), .. } => {
                Some(format!("{}/a/{number}/certificate.pdf", p.home()))
            }
            _ => None,
        },
        open,
        mending: matches!(application.state, Stage::Returned { .. }),
        form,
        documents: documents(&p, service, application, marked),
        answers: if open { vec![] } else { in_words.collect() },
        history: story::history(&p, events),
        can_withdraw: !matches!(
            application.state,
            Stage::Rejected { .. } | Stage::Withdrawn { .. } | Stage::Issued { .. }
        ),
        number,
        p,
    }))
}

/// Conditions look at yes and no as they are stored after checking; a draft has them as sent.
fn yes_and_no(answers: &Answers) -> Answers {
    let read = |v: &serde_json::Value| match v.as_str() {
        Some("yes") => true.into(),
        Some("no") => false.into(),
        _ => v.clone(),
    };
    answers.iter().map(|(k, v)| (k.clone(), read(v))).collect()
}

fn documents(p: &Page, service: &Service, application: &Application, marked: &[String]) -> Vec<view::Attach> {
    let answers = yes_and_no(&application.answers);
    let asked = service.documents.iter().filter(|d| d.when.as_ref().is_none_or(|w| w.holds(&answers)));
    let view = |d: &mohar_schemas::service::DocumentKind| {
        let attached = application.documents.iter().any(|a| a.kind == d.id);
        let pdf = d.formats.iter().any(|f| f == "pdf");
        let formats = if pdf { p.t("formats") } else { p.t("formats_picture") };
        view::Attach {
            name: p.w(&d.name).to_owned(),
            help: p.w(&d.help).to_owned(),
            limit: format!("{formats}, {} {} MB", p.t("up_to"), d.max_kib / 1_024),
            accept: if pdf { "application/pdf,image/jpeg,image/png" } else { "image/jpeg,image/png" }
                .to_owned(),
            attached,
            marked: marked.contains(&d.id),
            button: if attached { p.t("replace") } else { p.t("attach") },
            kind: d.id.clone(),
        }
    };
    asked.filter_map(|d| published().document(&d.kind)).map(view).collect()
}
