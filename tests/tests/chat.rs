//! From the first word to the certificate, in the chat: through the real webhook, the real client and the
//! simulator, with the officers' part in the console.

use mohar_schemas::catalogue::published;
use mohar_tests::Service as Running;
use mohar_tests::forge::{code, drawn_anew, picture, with_another_digit, with_another_digit_printed};
use mohar_tests::journey::decide;
use mohar_tests::talk::{Does, Talk};
use mohar_tests::visitor::Visitor;

/// From the greeting to the certificate, which verifies; sent back to the chat, it is called genuine, and
/// with one digit altered, altered.
fn to_the_certificate(id: &str, language: &str) {
    let running = Running::start(&format!("chat-{id}"));
    let mut talk = Talk::at(&running, &format!("IN.{}", id.replace('-', "")), language);
    let service = published().service(id).expect("a service");
    let (number, pay) = talk.apply(service);
    let order = pay.to_string();
    let order = order.split("/gateway/").nth(1).and_then(|r| r.split(['"', '\\']).next()).expect("a link");
    let visitor = Visitor::new(&running.base_url);
    visitor.send(&format!("/gateway/{order}"), &[]);
    let handed_in = format!("{:?}", talk.heard());
    assert!(handed_in.contains(&number), "{handed_in}");
    decide(&running, service, &number);
    let document = talk.heard().pop().expect("the certificate");
    assert_eq!(document["type"], "document", "{document}");
    let file = document["document"]["id"].as_str().expect("a file");
    let (_, pdf) = running.get(&format!("/simulator/api/media/{file}"));
    let (_, report) = running.post("/v1/verify", None, &pdf).expect("an answer");
    assert_eq!(report["verdict"], "genuine", "{report}");
    let mut verdict = |kind, bytes: Vec<u8>| {
        let said = talk.does(&Does::Attaches(kind, bytes));
        assert_eq!(said.len(), 1, "{said:?}");
        said[0]["text"]["body"].as_str().unwrap_or_default().to_owned()
    };
    let of = |hi: &str, en: &str| if language == "hi" { hi.to_owned() } else { en.to_owned() };
    let said = verdict("application/pdf", pdf.clone());
    assert!(said.starts_with(&of("*असली*", "*Genuine*")), "{said}");
    let forged = picture(&with_another_digit(&code(&pdf)));
    let said = verdict("image/png", forged);
    assert!(said.starts_with(&of("*छेड़छाड़ हुई*", "*Altered*")), "{said}");
    let number = report["number"].as_str().expect("a number");
    let forged = with_another_digit_printed(&pdf, number);
    let redrawn = drawn_anew(&running.dir, &forged);
    for forged in [forged, redrawn] {
        let said = verdict("application/pdf", forged);
        let changed = of("*कोड असली, पर कागज़ बदला हुआ*", "*Genuine code, changed page*");
        assert!(said.starts_with(&changed) && said.contains(number), "{said}");
    }
}

#[test]
fn an_income_certificate_in_hindi() {
    to_the_certificate("income", "hi");
}

#[test]
fn a_caste_certificate_in_english() {
    to_the_certificate("caste-sc", "en");
}

#[test]
fn every_service_is_handed_in_from_the_chat_in_both_languages() {
    let running = Running::start("chat-all");
    std::thread::scope(|scope| {
        for language in ["hi", "en"] {
            let running = &running;
            scope.spawn(move || {
                for service in published().services().iter().filter(|s| s.can_be_applied_for()) {
                    let user = format!("IN.{language}{}", service.id.replace('-', ""));
                    let mut talk = Talk::at(running, &user, language);
                    let (number, done) = talk.apply(service);
                    assert!(done.to_string().contains(&number), "{}: {done}", service.id);
                    talk.handed_in(service);
                    println!("{} {language}: {} turns", service.id, talk.turns);
                }
            });
        }
    });
}
