//! From a citizen's sign-in to a certificate that verifies, through the pages, without JavaScript.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_tests::journey::{apply, citizen, decide, form, officer, pair};
use mohar_tests::visitor::Visitor;
use mohar_tests::{Service as Running, mohar};

#[test]
fn every_service_ends_in_its_outcome_and_certificates_verify() {
    let running = Running::start("applications");
    let visitor = citizen(&running);
    for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
        let id = &service.id;
        let number = apply(&visitor, service);
        decide(&running, service, &number);
        let page = visitor.page(&format!("/apply/a/{number}"));
        assert!(page.contains("Your application has been granted"), "{id}: {page}");
        let (status, pdf) = visitor.open(&format!("/apply/a/{number}/certificate.pdf"));
        assert_eq!(status, 200, "{id}");
        let (_, report) = running.post("/v1/verify", None, &pdf).expect("an answer");
        assert_eq!(report["verdict"], "genuine", "{id}: {report}");
        let (_, page) = Visitor::new(&running.base_url).open(&format!("/apply/a/{number}"));
        assert!(!String::from_utf8_lossy(&page).contains("granted"), "a stranger is asked to sign in");
    }
    let number = {
        let own = visitor.page("/apply");
        let at = own.find("Income certificate").expect("the income certificate");
        let link = own[..at].rfind("/apply/a/").expect("its link");
        own[link + 9..link + 25].to_owned()
    };
    let sdm = officer(&running, "sdm");
    let page = sdm.page("/console/dashboard");
    assert!(page.contains("Income certificate") && page.contains("<svg"), "{page}");
    for title in ["By office", "By age", "How they came", "Checked here"] {
        assert!(page.contains(title), "{title}: {page}");
    }
    let csv = sdm.page("/console/dashboard.csv");
    assert!(csv.contains("income,0,1,0,0,0,0,"), "{csv}");
    assert_eq!(officer(&running, "patwari").open("/console/dashboard").0, 404, "not for everybody");
    let (_, pdf) = visitor.open(&format!("/apply/a/{number}/certificate.pdf"));
    let verdict = || running.post("/v1/verify", None, &pdf).expect("an answer").1["verdict"].clone();
    let change = |status: &str| {
        let pairs = [pair("do", status), pair("reason", "fraud")];
        sdm.send(&format!("/console/a/{number}/certificate"), &pairs).1
    };
    for (status, expected) in [("suspended", "suspended"), ("valid", "genuine"), ("revoked", "revoked")] {
        assert!(change(status).contains("Done."), "{status}");
        assert_eq!(verdict(), expected);
    }
    assert!(change("valid").contains("not in a state"), "revoked is final");
    assert!(sdm.page(&format!("/console/a/{number}")).contains("Certificate revoked"), "it is in the log");
    let history = sdm.page(&format!("/console/a/{number}"));
    assert_eq!(history.matches("Certificate made valid again").count(), 1, "what was refused is not");
    let exported: serde_json::Value =
        serde_json::from_str(&visitor.page("/apply/export.json")).expect("JSON");
    assert_eq!(exported["applications"].as_array().map(Vec::len), Some(35));
    let audit = mohar(&["audit", "--data", &running.dir.display().to_string()]);
    let said = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert_eq!(audit.status.code(), Some(0), "{said}");
    assert!(said.contains("acts, 0 faults"), "{said}");
}

#[test]
fn sent_back_mended_and_never_approved_by_one_person() {
    let running = Running::start("two-persons");
    let visitor = citizen(&running);
    let service = published().service("income").expect("a service");
    let number = apply(&visitor, service);
    let at = format!("/console/a/{number}");
    let clerk = officer(&running, "dealing-assistant");
    let page = clerk.page(&at);
    let version =
        page.split("name=\"version\" value=\"").nth(1).and_then(|r| r.split('"').next()).expect("a version");
    let mut back = vec![pair("version", version), pair("do", "send-back"), pair("mend", "annual_income")];
    assert!(clerk.send(&at, &back).1.contains("Something is missing"), "without a note");
    back.push(pair("note", "The slip says another amount"));
    assert!(clerk.send(&at, &back).1.contains("Inbox"));
    assert!(clerk.send(&at, &back).1.contains("meanwhile"), "what was seen is not what is there");
    let page = visitor.page(&format!("/apply/a/{number}"));
    assert!(page.contains("The slip says another amount") && page.contains("marked"), "{page}");
    let mut mended = form(service, By::Citizen);
    mended.retain(|(name, _)| name == "annual_income");
    mended.push(pair("do", "save"));
    visitor.send(&format!("/apply/a/{number}"), &mended);
    let again = [pair("do", "submit"), pair("consent", "yes")];
    assert!(visitor.send(&format!("/apply/a/{number}"), &again).1.contains("With the office"));
    let (_, page) = clerk.send("/apply/sign-in", &[]);
    assert!(!page.contains(&number), "an officer's session is no citizen's");
    let patwari = officer(&running, "patwari");
    assert!(!patwari.page(&at).contains("name=\"do\""), "another role sees, but cannot act");
}
