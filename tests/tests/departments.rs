//! Departments with a system of their own: applications and webhooks over the API, through the same
//! pipeline, by the same rules.

use hmac::{Hmac, KeyInit, Mac};
use mohar_issuer::application::act;
use mohar_schemas::catalogue::published;
use mohar_schemas::form::{By, example};
use mohar_tests::Service;
use mohar_tests::hook::Hook;
use mohar_tests::journey::PNG;
use serde_json::{Map, Value, json};
use sha2::Sha256;

struct Department(Service);

impl Department {
    fn post(&self, path: &str, key: Option<&str>, body: &Value, expected: u16) -> Value {
        let (status, answer) = self.0.post(path, key, body.to_string().as_bytes()).expect("an answer");
        assert_eq!(status, expected, "{path} {body}: {answer}");
        answer
    }

    fn act(&self, number: &str, body: &Value, expected: u16) -> Value {
        self.post(&format!("/v1/applications/{number}/actions"), None, body, expected)
    }
}

fn answers(who: By) -> Map<String, Value> {
    let service = published().service("income").expect("a service");
    let today = jiff::civil::date(2026, 11, 2);
    let fields = service.fields.iter().filter(|f| f.by == who);
    fields.map(|f| (f.id.clone(), example(service, f, today))).collect()
}

#[test]
fn an_application_over_the_api_ends_in_a_certificate_and_every_act_is_told() {
    let d = Department(Service::start("departments"));
    let hook = Hook::start(2);
    let subscribed = d.post("/v1/webhooks", None, &json!({ "url": hook.url }), 201);
    let secret = subscribed["secret"].as_str().expect("a secret");
    d.post("/v1/webhooks", None, &json!({ "url": "ftp://here" }), 422);

    let begun = d.post("/v1/applications", Some("one"), &json!({ "service": "income" }), 201);
    let number = begun["number"].as_str().expect("a number").to_owned();
    assert!(!begun["faults"].as_array().expect("faults").is_empty());
    let again = d.post("/v1/applications", Some("one"), &json!({ "service": "income" }), 200);
    assert_eq!(again["number"], number.as_str(), "the same");
    d.post("/v1/applications", Some("one"), &json!({ "service": "domicile" }), 409);
    d.post("/v1/applications", Some("two"), &json!({ "service": "driving-licence" }), 403);
    d.post("/v1/applications", Some("two"), &json!({ "service": "nothing" }), 404);
    let answered = d.act(&number, &json!({ "do": "answer", "answers": answers(By::Citizen) }), 200);
    assert_eq!(answered["faults"], json!([]), "{answered}");
    d.act(&number, &json!({ "do": "submit", "consent": false }), 422);
    let missing = d.act(&number, &json!({ "do": "submit", "consent": true }), 422);
    assert!(missing["faults"][0]["rule"] == "document", "{missing}");
    let service = published().service("income").expect("a service");
    let at = |kind: &str| format!("/v1/applications/{number}/documents?kind={kind}");
    for document in &service.documents {
        let (status, refused) = d.0.post(&at(&document.kind), None, b"GIF89a").expect("an answer");
        assert_eq!(status, 415, "{refused}");
        assert_eq!(d.0.post(&at(&document.kind), None, PNG).expect("an answer").0, 200);
    }
    assert_eq!(d.0.post(&at("nothing"), None, PNG).expect("an answer").0, 404);
    let submitted = d.act(&number, &json!({ "do": "submit", "consent": true }), 200);
    if submitted["state"] == "unpaid" {
        d.act(&number, &json!({ "do": "collected" }), 200);
    }
    d.act(&number, &json!({ "do": "collected" }), 409);
    let by = |officer: &str, to: Value| json!({ "do": "move", "officer": officer, "to": to, "answers": answers(By::Officer) });
    d.act(&number, &by("nobody", json!("inquiry")), 403);
    d.act(&number, &by("sdm", json!("inquiry")), 403);
    let workflow = published().workflow(service).expect("a workflow");
    let given = answers(By::Citizen).into_iter().collect();
    let mut step = workflow.states.first().expect("a state");
    let last = loop {
        let action = act::offered(step, &given)[0];
        let done = d.act(&number, &by(&step.role, json!(action.to)), 200);
        match &action.to {
            Some(to) => step = workflow.step(to).expect("the next"),
            None => break done,
        }
    };
    assert_eq!(last["state"], "issued");
    let id = last["detail"]["certificate"].as_str().expect("a certificate");
    let certificate: Value =
        serde_json::from_slice(&d.0.get_as_caller(&format!("/v1/certificates/{id}"))).expect("JSON");
    assert_eq!(d.0.verdict(certificate["qr"].as_str().expect("a code")), "genuine");

    let told = hook.wait(5);
    let acts: Vec<String> = told
        .iter()
        .map(|(_, body)| {
            serde_json::from_str::<Value>(body).expect("JSON")["act"].as_str().expect("an act").to_owned()
        })
        .collect();
    assert_eq!(acts[..2], ["consent", "submit"], "in order, although the first were refused: {acts:?}");
    for (headers, body) in &told {
        let header = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let signature = header("mohar-signature").expect("a signature");
        let (at, v1) = signature.split_once(",v1=").expect("two parts");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{}.{body}", at.strip_prefix("t=").expect("a time")).as_bytes());
        let expected =
            mac.finalize().into_bytes().iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
        assert_eq!(v1, expected);
        assert!(!body.contains("Sunita"), "no names leave: {body}");
    }
    let id = subscribed["id"].as_str().expect("an id");
    let again = d.post(&format!("/v1/webhooks/{id}/replay"), None, &json!({ "from": 1 }), 200);
    assert!(again["again"].as_u64().is_some_and(|n| n >= 5));
    let _ = hook.wait(told.len() + 5);
}

/// The same officer never recommends and approves, over the API either.
#[test]
fn one_officer_with_two_roles_cannot_do_both() {
    let d = Department(Service::start("two-roles"));
    let office = office(&d);
    let post = |role: &str| ["--post".to_owned(), format!("{role}@{office}")];
    let database = format!("sqlite:{}", d.0.dir.join("mohar.db").display());
    let mut arguments = vec!["officers", "--database", &database, "add", "--id", "both", "--name", "Both"];
    let posts: Vec<String> =
        ["dealing-assistant", "patwari", "tehsildar", "sdm"].iter().flat_map(|r| post(r)).collect();
    arguments.extend(posts.iter().map(String::as_str));
    let added = mohar_tests::mohar(&arguments);
    let said = String::from_utf8_lossy(&added.stdout).into_owned();
    assert!(added.status.success() && said.contains("otpauth://"), "{said}");
    let number = begun(&d, "one");
    let service = published().service("income").expect("a service");
    let given = answers(By::Citizen).into_iter().collect();
    let mut step = published().workflow(service).and_then(|w| w.states.first()).expect("a state");
    loop {
        let action = act::offered(step, &given)[0];
        let body =
            json!({ "do": "move", "officer": "both", "to": action.to, "answers": answers(By::Officer) });
        let Some(to) = &action.to else {
            let refused = d.act(&number, &body, 403);
            assert!(refused["detail"].as_str().expect("why").contains("another officer"), "{refused}");
            break;
        };
        d.act(&number, &body, 200);
        step = published().workflow(service).and_then(|w| w.step(to)).expect("the next");
    }
    let listed = mohar_tests::mohar(&["officers", "--database", &database, "list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("both"));
    assert!(mohar_tests::mohar(&["officers", "--database", &database, "remove", "both"]).status.success());
}

fn begun(d: &Department, name: &str) -> String {
    let body = json!({ "service": "income", "answers": answers(By::Citizen) });
    let number =
        d.post("/v1/applications", Some(name), &body, 201)["number"].as_str().expect("a number").to_owned();
    for document in &published().service("income").expect("a service").documents {
        let at = format!("/v1/applications/{number}/documents?kind={}", document.kind);
        assert_eq!(d.0.post(&at, None, PNG).expect("an answer").0, 200);
    }
    if d.act(&number, &json!({ "do": "submit", "consent": true }), 200)["state"] == "unpaid" {
        d.act(&number, &json!({ "do": "collected" }), 200);
    }
    number
}

/// The office that is in charge of the example address.
fn office(d: &Department) -> String {
    let number = begun(d, "for its office");
    let at = format!("/v1/applications/{number}");
    let shown: Value = serde_json::from_slice(&d.0.get_as_caller(&at)).expect("JSON");
    let office = shown["office"].as_str().expect("an office").to_owned();
    d.act(&number, &json!({ "do": "withdraw" }), 200);
    office
}
