use super::*;
use crate::application::{Attached, certificate};
use crate::lint::lint;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::example;

const TODAY: Date = jiff::civil::date(2026, 11, 25);

fn desk(id: &str) -> Desk<'static> {
    let service = published().service(id).unwrap();
    let workflow = published().workflow(service).unwrap();
    Desk { service, workflow, channel: "web", now_s: 1_795_600_000, today: TODAY }
}

fn draft(desk: &Desk<'_>) -> Application {
    let mut answers = Answers::new();
    for field in desk.service.fields.iter().filter(|f| f.by == By::Citizen) {
        if field.asked(&answers) {
            answers.insert(field.id.clone(), example(desk.service, field, TODAY));
        }
    }
    let attached =
        |kind: &String| Attached { kind: kind.clone(), sha256: "00".into(), format: "pdf".into(), bytes: 1 };
    Application {
        number: "A-2026-0000001-0".into(),
        service: desk.service.id.clone(),
        applicant: "p".into(),
        office: String::new(),
        state: State::Draft,
        answers,
        corrects: None,
        assisted: None,
        grieved: None,
        documents: desk.service.documents.iter().map(|d| attached(&d.kind)).collect(),
        submitted: None,
        version: 0,
    }
}

fn officer(id: &str, role: &str, office: &str) -> Officer {
    Officer { id: id.into(), name: id.into(), posts: vec![(role.into(), office.into())] }
}

/// Submits, pays and moves on until a decision; each step by its own officer.
fn walk(desk: &Desk<'_>) -> Application {
    let (mut app, _) = submit(draft(desk), desk).unwrap_or_else(|e| panic!("{}: {e:?}", desk.service.id));
    if matches!(app.state, State::Unpaid { .. }) {
        app = paid(app, desk, "gateway").unwrap().0;
    }
    while let Some(step) = app.state.step().map(str::to_owned) {
        let step = desk.workflow.step(&step).unwrap();
        for field in desk.service.fields.iter().filter(|f| f.by == By::Officer) {
            app.answers.insert(field.id.clone(), example(desk.service, field, TODAY));
        }
        let to = offered(step, &app.answers)[0].to.clone();
        let who = officer(&step.role, &step.role, &app.office);
        app = act(app, desk, &who, &Act::Move { to, note: "seen".into() }).unwrap().0;
    }
    app
}

#[test]
fn every_service_ends_in_its_outcome() {
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let desk = desk(&service.id);
        let app = walk(&desk);
        let State::Issued { by: [Some(first), Some(second)], .. } = &app.state else {
            panic!("{:?}", app.state)
        };
        assert_ne!(first, second);
        if service.outcome.certificate.is_some() {
            let request = certificate::request(service, &app).unwrap();
            assert_eq!(lint(&request, TODAY).map(drop), Ok(()), "{}", service.id);
        }
    }
}

#[test]
fn one_officer_never_recommends_and_approves() {
    let desk = desk("income");
    let (app, _) = submit(draft(&desk), &desk).unwrap();
    let (mut app, _) = paid(app, &desk, "gateway").unwrap();
    let both = |office: &str| Officer {
        id: "both".into(),
        name: "Both".into(),
        posts: ["dealing-assistant", "patwari", "tehsildar", "sdm"]
            .map(|r| (r.to_owned(), office.to_owned()))
            .into(),
    };
    let both = both(&app.office);
    for to in ["inquiry", "recommendation", "approval"] {
        app = act(app, &desk, &both, &Act::Move { to: Some(to.into()), note: String::new() }).unwrap().0;
    }
    let approve = Act::Move { to: None, note: String::new() };
    assert_eq!(act(app.clone(), &desk, &both, &approve).unwrap_err(), Refusal::SamePerson);
    let elsewhere = officer("sdm", "sdm", "sdm-narela");
    assert!(matches!(act(app.clone(), &desk, &elsewhere, &approve), Err(Refusal::NotYours { .. })));
    let sdm = officer("sdm", "sdm", &app.office);
    let (app, event) = act(app, &desk, &sdm, &approve).unwrap();
    assert_eq!((app.state.id(), event.act.as_str(), event.to.as_str()), ("issued", "approve", "issued"));
    assert!(matches!(withdraw(app, &desk), Err(Refusal::State("issued"))));
}

#[test]
fn a_relatives_certificate_saves_the_field_inquiry() {
    let desk = desk("caste-sc");
    let mut app = draft(&desk);
    app.answers.insert("relative_certificate".into(), true.into());
    app.answers.insert("relative_number".into(), "SC 12 of 2001".into());
    let app = paid(submit(app, &desk).unwrap().0, &desk, "gateway").unwrap().0;
    let step = desk.workflow.step(app.state.step().unwrap()).unwrap();
    let to: Vec<_> = offered(step, &app.answers).iter().filter_map(|a| a.to.as_deref()).collect();
    assert_eq!(to, ["recommendation"]);
}

#[test]
fn sent_back_mended_transferred_rejected() {
    let desk = desk("income");
    let app = paid(submit(draft(&desk), &desk).unwrap().0, &desk, "gateway").unwrap().0;
    let clerk = officer("clerk", "dealing-assistant", &app.office);
    let back = Act::SendBack {
        fields: vec!["annual_income".into(), "income".into()],
        note: "The slip is of another year".into(),
    };
    let vague = Act::SendBack { fields: vec![], note: "?".into() };
    assert!(matches!(act(app.clone(), &desk, &clerk, &vague), Err(Refusal::Incomplete(_))));
    let (app, _) = act(app, &desk, &clerk, &back).unwrap();
    let mut wrong = app.clone();
    wrong.answers.insert("annual_income".into(), "much".into());
    assert!(matches!(mend(wrong, &desk), Err(Refusal::Faults(f)) if f[0].field == "annual_income"));
    let (app, _) = mend(app, &desk).unwrap();
    assert_eq!(app.state.step(), Some("scrutiny"));
    let (app, _) =
        act(app, &desk, &clerk, &Act::Transfer { office: "sdm-narela".into(), note: "lives there".into() })
            .unwrap();
    let reject = Act::Reject { reason: "not-resident".into(), note: "No proof".into() };
    assert!(matches!(act(app.clone(), &desk, &clerk, &reject), Err(Refusal::NotYours { .. })));
    let (app, _) = act(app, &desk, &officer("c2", "dealing-assistant", "sdm-narela"), &reject).unwrap();
    assert_eq!(app.state.id(), "rejected");
}

#[test]
fn nothing_incomplete_is_handed_in() {
    let desk = desk("income");
    let mut app = draft(&desk);
    app.documents.retain(|d| d.kind != "identity");
    assert!(matches!(submit(app, &desk), Err(Refusal::Faults(f)) if f[0].field == "identity"));
}

#[test]
fn a_grievance_waits_for_the_law_and_is_filed_once() {
    use crate::application::grievance;
    let desk = desk("income");
    let app = paid(submit(draft(&desk), &desk).unwrap().0, &desk, "gateway").unwrap().0;
    assert!(matches!(grievance::file(app.clone(), &desk, "late"), Err(Refusal::Incomplete(_))), "in time");
    assert!(matches!(grievance::file(draft(&desk), &desk, "late"), Err(Refusal::State("draft"))));
    let later = Desk { today: jiff::civil::date(2027, 1, 25), ..desk };
    let (grieved, event) = grievance::file(app.clone(), &later, "दो महीने हो गए").unwrap();
    assert_eq!(grieved, Application { grieved: Some(later.today), ..app }, "nothing else changes");
    assert_eq!((event.act.as_str(), event.note.text()), ("grievance", "दो महीने हो गए"));
    assert_eq!(event.from, event.to);
    assert!(matches!(grievance::file(grieved, &later, "again"), Err(Refusal::Incomplete(_))));
}
