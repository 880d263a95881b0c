//! What the service has checked already, so that an officer looks at what only a person can judge.

use super::{Failure, Page};
use crate::app::App;
use mohar_issuer::application::Application;
use mohar_issuer::application::act::Desk;
use mohar_issuer::application::event::Event;
use mohar_issuer::application::port::Applications;
use mohar_schemas::form::{Answers, By, read};

/// What was checked, and whether it is in order.
pub type Check = (String, bool);

/// The checks of an application.
pub async fn checks(
    app: &App,
    p: &Page,
    desk: &Desk<'_>,
    application: &Application,
    history: &[Event],
) -> Result<Vec<Check>, Failure> {
    let a = application;
    let mine = |id: &str| desk.service.field(id).is_some_and(|f| f.by == By::Citizen);
    let given: Answers =
        a.answers.iter().filter(|(id, _)| mine(id)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let day = a.submitted.unwrap_or(desk.today);
    let asked = desk
        .service
        .documents
        .iter()
        .filter(|d| !d.optional && d.when.as_ref().is_none_or(|w| w.holds(&a.answers)));
    let attached = asked.filter(|d| !a.documents.iter().any(|f| f.kind == d.kind)).count() == 0;
    let acted = |act: &str| history.iter().any(|e| e.act == act);
    let mut checks = vec![
        (p.t("check_form").to_owned(), read(desk.service, &given, By::Citizen, day).is_ok()),
        (p.t("check_documents").to_owned(), attached),
        (p.t("check_consent").to_owned(), acted("consent")),
    ];
    if desk.service.fee.rupees > 0 {
        checks.push((p.t("check_fee").to_owned(), acted("paid")));
    }
    if app.store.citizen_by_id(&a.applicant).await?.is_some_and(|c| c.channel == "web") {
        checks.push((p.t("check_phone").to_owned(), true));
    }
    checks.push(super::identity::check(app, p, desk, a, history).await?);
    let all = app.store.of_applicant(&a.applicant, None).await?;
    let others =
        all.iter().filter(|o| o.service == a.service && o.number != a.number && o.submitted.is_some());
    let others: Vec<&str> = others.map(|o| o.number.as_str()).collect();
    checks.push(if others.is_empty() {
        (p.t("check_only").to_owned(), true)
    } else {
        (format!("{} {}", p.t("check_other"), others.join(", ")), false)
    });
    Ok(checks)
}
