//! What citizens ask beside applying, through the real webhook, the real client and the simulator: fees and
//! papers, checking by number, a certificate once more, a delay and its grievance, a place on the map.

use mohar_schemas::catalogue::published;
use mohar_schemas::{number, types};
use mohar_tests::journey::{PNG, decide, officer};
use mohar_tests::phone::Phone;
use mohar_tests::visitor::Visitor;
use mohar_tests::{Service, sample};
use serde_json::{Value, json};
use std::process::Command;

/// A citizen who writes and reads.
struct Citizen<'a> {
    phone: Phone<'a>,
}

impl<'a> Citizen<'a> {
    /// One who has been greeted in English.
    fn new(service: &'a Service, name: &str) -> Self {
        let mut citizen = Self { phone: Phone::new(service, &format!("IN.{name}")) };
        citizen.ask("Hi");
        citizen.tap("lang:en");
        citizen
    }

    fn ask(&mut self, text: &str) -> Value {
        self.phone.say(text);
        self.answer()
    }

    fn tap(&mut self, id: &str) -> Value {
        let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "x" } });
        self.phone.send(&json!({ "type": "interactive", "interactive": reply }));
        self.answer()
    }

    fn send(&mut self, message: &Value) -> Value {
        self.phone.send(message);
        self.answer()
    }

    fn attach(&mut self, kind: &str, bytes: &[u8]) -> Value {
        self.phone.attach(kind, bytes);
        self.answer()
    }

    fn answer(&mut self) -> Value {
        self.phone.hear(1).pop().expect("an answer")
    }
}

/// What can be read of a message.
fn words(message: &Value) -> String {
    let texts = ["/text/body", "/interactive/body/text", "/document/caption", "/image/caption"];
    texts.iter().filter_map(|at| message.pointer(at)?.as_str()).collect::<Vec<_>>().join(" ")
}

fn says(message: &Value, parts: &[&str]) {
    let words = words(message);
    for part in parts {
        assert!(words.contains(part), "“{part}” is missing: {message}");
    }
}

/// The ids of the buttons or rows of a message.
fn taps(message: &Value) -> Vec<String> {
    let action = &message["interactive"]["action"];
    let buttons = action["buttons"].as_array().into_iter().flatten().map(|b| &b["reply"]["id"]);
    let rows = action["sections"][0]["rows"].as_array().into_iter().flatten().map(|r| &r["id"]);
    buttons.chain(rows).filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

fn sql(service: &Service, sql: &str) -> String {
    let out = Command::new("sqlite3")
        .args(["-cmd", ".timeout 10000"])
        .arg(service.dir.join("mohar.db"))
        .arg(sql)
        .output()
        .expect("sqlite3; tests/run installs it");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

#[test]
fn fees_papers_and_time_are_answered_first() {
    let service = Service::start("chat-questions");
    let mut citizen = Citizen::new(&service, "asks");
    let costs = citizen.ask("income certificate ki fees kitni hai");
    says(&costs, &["Income certificate", "₹50"]);
    assert_eq!(taps(&costs), ["agree:income", "do:menu"]);
    let papers = citizen.ask("caste certificate ke liye kya kya documents chahiye");
    says(&papers, &["Identity proof", "Voter card", "only if you answer “Yes” to"]);
    assert_eq!(taps(&papers), ["agree:caste-sc", "do:menu"]);
    says(&citizen.ask("kitne din lagte hain"), &["14 working days", "₹10", "₹200"]);
    citizen.tap("do:menu");
    let which = citizen.ask("fees kitni hai");
    says(&which, &["fee of which service"]);
    says(&citizen.ask("old age pension"), &["Old-age pension", "no fee"]);
}

#[test]
fn a_certificate_is_checked_by_its_number_and_one_fact() {
    let service = Service::start("chat-number");
    let issued = service.issue(&sample("income"), "a");
    let known = issued["number"].as_str().expect("a number").to_owned();
    let unknown = number::write(types::by_id("income").expect("a type"), 2026, 4_711);
    let mut citizen = Citizen::new(&service, "checks");
    says(&citizen.ask("verify"), &["PDF", "photo", "number"]);
    says(&citizen.ask(&known.to_lowercase().replace('-', " ")), &[&known, "name of the holder"]);
    let right = citizen.ask("Smt. Sunita Devi");
    says(&right, &["Genuine", "Sunita Devi"]);
    for (field, value) in sample("income")["fields"].as_object().expect("fields") {
        if field == "phone" || field == "aadhaar" {
            assert!(!words(&right).contains(value.as_str().unwrap_or("-")), "more than the paper: {right}");
        }
    }
    citizen.ask(&known);
    let mismatch = citizen.ask("Sunita Singh");
    let mut alike = |number: &str, fact: &str| {
        citizen.ask(number);
        citizen.ask(fact)
    };
    assert_eq!(words(&alike(&unknown, "Sunita Devi")), words(&mismatch));
    assert_eq!(words(&alike(&known, "15-08-1990")), words(&mismatch));
    let mut slip = known.clone();
    let last = slip.pop().expect("a digit");
    slip.push(if last == '0' { '1' } else { '0' });
    says(&citizen.ask(&format!("verify certificate {slip}")), &["slip"]);
    // Guessing ends, whoever is guessed at; another citizen's attempts are not counted with these.
    citizen.ask(&known);
    let guesses =
        ["Asha", "Bina", "Champa", "Devi", "Ekta", "Falguni", "Gauri", "Hema"].map(|g| citizen.ask(g));
    let refused = guesses.iter().filter(|answer| words(answer).contains("too often")).count();
    assert!(refused > 0, "nobody guesses for ever");
}

/// Applies for a domicile certificate in the chat, the home by a place on the map, and pays.
fn apply(service: &Service, citizen: &mut Citizen<'_>) -> String {
    citizen.tap("agree:domicile");
    for text in ["yes", "Sunita Devi\nसुनीता देवी", "daughter of", "Ram Lal\nराम लाल", "15/8/1990", "female"]
    {
        citizen.ask(text);
    }
    citizen.ask("12, Main Road, Narela");
    let which = citizen.ask("110040");
    let locate = taps(&which).into_iter().find(|id| id.ends_with(":locate")).expect("a place on the map");
    assert_eq!(citizen.tap(&locate)["interactive"]["type"], "location_request_message");
    let at = |latitude: f64, longitude: f64| json!({ "type": "location", "location": { "latitude": latitude, "longitude": longitude } });
    says(&citizen.send(&at(19.076, 72.878)), &["outside Delhi"]);
    let proposed = citizen.send(&at(28.852, 77.093));
    says(&proposed, &["*Narela*", "Outer North"]);
    let number = citizen.tap(&taps(&proposed)[0]);
    assert_eq!(number["interactive"]["type"], "request_contact_info", "{number}");
    let shared = json!([{ "origin": "contact_request", "phones": [{ "phone": "+91 98100 12345" }] }]);
    citizen.send(&json!({ "type": "contacts", "contacts": shared }));
    for text in ["2341 2341 2346", "1/4/2010", "Delhi"] {
        citizen.ask(text);
    }
    says(&citizen.ask("yes"), &["Identity proof"]);
    for _ in 0..4 {
        citizen.attach("image/png", PNG);
    }
    let read_back = citizen.attach("image/png", PNG);
    says(&read_back, &["Narela", "9810012345"]);
    let pay = citizen.ask("yes").to_string();
    let order = pay.split("/gateway/").nth(1).and_then(|r| r.split(['"', '\\']).next()).expect("a link");
    Visitor::new(&service.base_url).send(&format!("/gateway/{order}"), &[]);
    let handed_in = words(&citizen.answer());
    let number = handed_in.split("A-20").nth(1).and_then(|r| r.get(..12)).expect("a number");
    format!("A-20{number}")
}

#[test]
fn from_a_place_on_the_map_to_a_grievance_and_the_certificate_once_more() {
    let running = Service::start("chat-delay");
    let mut citizen = Citizen::new(&running, "waits");
    let number = apply(&running, &mut citizen);
    let office = sql(&running, &format!("SELECT office FROM applications WHERE number = '{number}'"));
    assert_eq!(office, "sdm-narela");

    let complaint = "2 mahine ho gaye abhi tak nahi bana";
    let early = citizen.ask(complaint);
    says(&early, &[&number, "not late", "nothing is owed"]);
    assert!(!taps(&early).iter().any(|id| id.ends_with(":grieve")), "{early}");
    // Two months pass.
    sql(
        &running,
        &format!("UPDATE applications SET submitted_day = submitted_day - 60 WHERE number = '{number}'"),
    );
    let late = citizen.ask(complaint);
    says(&late, &[&number, "14 working days", "late by", "₹200", complaint]);
    let acts =
        format!("SELECT COUNT(*) FROM events WHERE application = '{number}' AND body LIKE '%\"grievance\"%'");
    assert_eq!(sql(&running, &acts), "0", "nothing is filed on a guess");
    let yes = taps(&late).into_iter().find(|id| id.ends_with(":grieve")).expect("a button");
    says(&citizen.tap(&yes), &["Filed", &number]);
    assert_eq!(sql(&running, &acts), "1");
    says(&citizen.ask(complaint), &["in the file already"]);
    let clerk = officer(&running, "dealing-assistant");
    let file = clerk.page(&format!("/console/a/{number}?lang=en"));
    assert!(file.contains("A grievance about the delay was filed") && file.contains(complaint), "{file}");
    assert!(clerk.page("/console?lang=en").contains("grievance"), "the inbox says so");

    says(&citizen.ask("naam galat likha hai"), &[&number, "Narela", "sends the application back"]);
    decide(&running, published().service("domicile").expect("a service"), &number);
    assert_eq!(citizen.answer()["type"], "document");
    let again = citizen.ask("mera certificate bhejo");
    assert_eq!(again["type"], "document", "{again}");
    says(&again, &["Domicile certificate"]);

    let wrong = citizen.ask("naam galat likha hai");
    says(&wrong, &["replaces this one", "₹50"]);
    let list = citizen.ask("yes");
    assert!(taps(&list)[0].ends_with("mend:name"), "what is wrong is chosen: {list}");
    let drafts = format!("SELECT COUNT(*) FROM applications WHERE body LIKE '%\"corrects\":\"{number}\"%'");
    assert_eq!(sql(&running, &drafts), "1");

    let other = Citizen::new(&running, "other").tap(&format!("certificate:{number}"));
    assert_ne!(other["type"], "document", "a number of somebody else's: {other}");
    let audit = mohar_tests::mohar(&["audit", "--data", &running.dir.display().to_string()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}
