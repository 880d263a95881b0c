//! Money and rights of citizens through the pages: an unkind gateway, refunds, the counter's cash,
//! appeal, correction, erasure.

use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_schemas::service::Service;
use mohar_tests::journey::{PNG, apply, citizen, decide, form, officer, pair};
use mohar_tests::visitor::Visitor;
use mohar_tests::{Service as Running, mohar};
use std::time::Duration;

/// A service with a fee.
fn paid_service() -> &'static Service {
    published().services().iter().find(|s| s.fee.rupees > 0 && s.can_be_applied_for()).expect("a fee")
}

/// Fills in and hands in at `/apply` or `/counter`; gives the page that comes then.
fn handed_in(visitor: &Visitor, service: &Service, at: &str) -> String {
    let saved = [form(service, By::Citizen), vec![pair("do", "save")]].concat();
    visitor.send(at, &saved);
    for document in &service.documents {
        visitor.attach(&format!("{at}/files/{}", document.kind), PNG);
    }
    visitor.send(at, &[pair("do", "submit"), pair("consent", "yes")]).1
}

fn started(visitor: &Visitor, service: &Service) -> String {
    let (_, page) = visitor.send(&format!("/apply/s/{}", service.id), &[]);
    page.split("/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned()
}

/// Goes to the gateway and lets the payment go a certain way.
fn pay(visitor: &Visitor, number: &str, how: &str) -> String {
    let (_, gateway) = visitor.send(&format!("/apply/a/{number}/pay"), &[]);
    let order =
        gateway.split("action=\"/gateway/").nth(1).and_then(|r| r.split('"').next()).expect("an order");
    visitor.send(&format!("/gateway/{order}"), &[pair("how", how)]);
    order.to_owned()
}

fn until(visitor: &Visitor, path: &str, said: &str) -> String {
    for _ in 0..150 {
        let (status, body) = visitor.open(path);
        let page = String::from_utf8_lossy(&body).into_owned();
        if status == 200 && page.contains(said) {
            return page;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{path} never said {said}: {}", String::from_utf8_lossy(&visitor.open(path).1));
}

fn audited(running: &Running) {
    let audit = mohar(&["audit", "--data", &running.dir.display().to_string()]);
    let said = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(audit.status.success() && said.contains("orders, 0 faults"), "{said}");
}

#[test]
fn lost_late_and_declined_payments_and_refunds() {
    let running = Running::start("money");
    let visitor = citizen(&running);
    let service = paid_service();
    let numbers: Vec<String> = ["lost", "late", "declined", "late"]
        .into_iter()
        .map(|how| {
            let number = started(&visitor, service);
            assert!(handed_in(&visitor, service, &format!("/apply/a/{number}")).contains("The fee is due"));
            pay(&visitor, &number, how);
            number
        })
        .collect();
    let at = |n: usize| format!("/apply/a/{}", numbers[n]);
    // Withdrawn while the money is on its way.
    assert!(visitor.send(&at(3), &[pair("do", "withdraw")]).1.contains("Withdrawn"));
    until(&visitor, &at(0), "With the office");
    until(&visitor, &at(1), "With the office");
    assert!(visitor.page(&at(2)).contains("The fee is due"), "nothing was paid");
    let receipt = until(&visitor, &format!("{}/receipt", at(3)), "Fee given back");
    assert!(receipt.contains("paid/") && receipt.contains("refunded/"), "{receipt}");
    // Withdrawn before an officer has looked: the fee goes back.
    visitor.send(&at(0), &[pair("do", "withdraw")]);
    until(&visitor, &format!("{}/receipt", at(0)), "Fee given back");
    assert_eq!(visitor.open(&format!("{}/receipt", at(2))).0, 404, "no money, no receipt");
    audited(&running);
    let told = std::fs::read_to_string(running.dir.join("messages.txt")).expect("messages");
    assert!(told.contains(&numbers[0]) && told.contains(&numbers[1]), "{told}");
}

#[test]
fn an_operator_acts_for_a_citizen_and_settles_the_day() {
    let running = Running::start("counter");
    let operator = officer_at_counter(&running);
    let service = paid_service();
    let begin = [pair("service", &service.id), pair("phone", "98111 22233")];
    let (_, page) = operator.send("/counter/begin", &begin);
    assert!(page.contains("Read this to the citizen"), "{page}");
    let agree = |code: &str| [pair("service", &service.id), pair("phone", "9811122233"), pair("code", code)];
    assert!(operator.send("/counter/agree", &agree("000000")).1.contains("This code is wrong"));
    let codes = std::fs::read_to_string(running.dir.join("codes.txt")).expect("codes");
    let code = codes.trim().split(' ').next_back().expect("a code").to_owned();
    let (_, page) = operator.send("/counter/agree", &agree(&code));
    let number = page.split("/counter/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    let at = format!("/counter/a/{number}");
    assert!(handed_in(&operator, service, &at).contains("Cash received"));
    let (_, receipt) = operator.send(&format!("{at}/cash"), &[]);
    assert!(receipt.contains("Fee, in cash") && receipt.contains("Service charge"), "{receipt}");
    let page = operator.page(&at);
    assert!(page.contains("With the office") && page.contains("operator of the centre"), "{page}");

    let (_, page) = operator.send("/counter/begin", &[pair("service", "income"), pair("phone", "")]);
    assert!(page.contains("Thumb impression"), "{page}");
    let thumb = |note: &str| [pair("service", "income"), pair("thumb", note)];
    assert!(operator.send("/counter/agree", &thumb("")).1.contains("Name the paper form"));
    let (_, page) = operator.send("/counter/agree", &thumb("Form 17, witness: the sarpanch"));
    let other = page.split("/counter/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    assert!(page.contains("letting the operator act"), "consent is in the history: {page}");

    let stranger = citizen(&running);
    assert_eq!(stranger.open(&format!("/apply/a/{other}")).0, 404);
    assert!(operator.page("/counter").contains(&number));
    let (_, page) = operator.send("/counter/settle", &[]);
    assert!(page.contains("Settled.") && page.contains("₹0"), "{page}");
    assert_eq!(officer(&running, "sdm").open("/counter").0, 404, "operators only");
    audited(&running);
}

fn officer_at_counter(running: &Running) -> Visitor {
    mohar_tests::journey::officer_who_sees(running, "csc-operator", "Counter")
}

#[test]
fn appeal_correction_prefill_and_erasure() {
    let running = Running::start("rights");
    let visitor = citizen(&running);
    let service = published().service("income").expect("a service");
    let rejected = apply(&visitor, service);
    let at = format!("/console/a/{rejected}");
    let clerk = officer(&running, "dealing-assistant");
    let version = |page: &str| {
        page.split("name=\"version\" value=\"")
            .nth(1)
            .and_then(|r| r.split('"').next())
            .expect("a version")
            .to_owned()
    };
    let reject = |who: &Visitor| {
        let version = version(&who.page(&at));
        who.send(
            &at,
            &[
                pair("version", &version),
                pair("do", "reject"),
                pair("reason", "not-eligible"),
                pair("note", "Not proven"),
            ],
        );
    };
    reject(&clerk);
    let own = format!("/apply/a/{rejected}");
    assert!(visitor.page(&own).contains("Why the decision is wrong"));
    let (_, page) = visitor.send(&own, &[pair("do", "appeal"), pair("note", "The slip was attached")]);
    assert!(page.contains("Your appeal is being heard"), "{page}");
    reject(&officer(&running, "adm"));
    assert!(!visitor.page(&own).contains("Why the decision is wrong"), "an appeal is heard once");

    let first = apply(&visitor, service);
    decide(&running, service, &first);
    let (_, old) = visitor.open(&format!("/apply/a/{first}/certificate.pdf"));
    let other = published().services().iter().find(|s| s.id == "domicile").expect("a service");
    let page = visitor.page(&format!("/apply/a/{}", started(&visitor, other)));
    let name = &form(service, By::Citizen)[0].1;
    assert!(
        page.contains(&format!("value=\"{name}\"")),
        "what the certificate says is not asked again: {page}"
    );

    let (_, page) = visitor.send(&format!("/apply/a/{first}"), &[pair("do", "correct")]);
    assert!(page.contains("corrects the certificate"), "{page}");
    let number =
        page.split("action=\"/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    let page = handed_in(&visitor, service, &format!("/apply/a/{number}"));
    if page.contains("The fee is due") {
        pay(&visitor, &number, "kindly");
    }
    decide(&running, service, &number);
    let verdict = |pdf: &[u8]| running.post("/v1/verify", None, pdf).expect("an answer").1["verdict"].clone();
    assert_eq!(verdict(&old), "superseded");
    assert_eq!(verdict(&visitor.open(&format!("/apply/a/{number}/certificate.pdf")).1), "genuine");

    let draft = started(&visitor, service);
    assert!(
        visitor
            .send("/apply/me", &[pair("do", "save"), pair("email", "no address")])
            .1
            .contains("such as name@")
    );
    assert!(visitor.send("/apply/me", &[pair("do", "erase")]).1.contains("Tick the box"));
    assert!(visitor.send("/apply/me", &[pair("do", "erase"), pair("sure", "yes")]).1.contains("Erased."));
    let page = visitor.page(&format!("/apply/a/{draft}"));
    assert!(page.contains("Data erased") && !page.contains(&format!("value=\"{name}\"")), "{page}");
    assert!(visitor.page(&format!("/apply/a/{first}")).contains("Granted"), "what the law keeps is there");
    audited(&running);
}
