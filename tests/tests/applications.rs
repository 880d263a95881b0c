//! From a citizen's sign-in to a certificate that verifies, through the pages, without JavaScript.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_tests::journey::{apply, citizen, decide, form, officer, pair};
use mohar_tests::visitor::Visitor;
use mohar_tests::{Service as Running, mohar};

#[test]
fn six_services_end_in_certificates_that_verify() {
    let running = Running::start("applications");
    let visitor = citizen(&running);
    for id in ["caste-sc", "income", "marriage-hindu", "domicile", "birth-certificate", "driving-licence"] {
        let service = published().service(id).expect("a service");
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
