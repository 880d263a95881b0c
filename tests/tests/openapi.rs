//! `/openapi.json` against the running service: every path is there, and every answer is as declared.

use mohar_tests::holder::{call, in_days, on_the_web, verifier};
use mohar_tests::journey::PNG;
use mohar_tests::{Service, checkout, sample};
use serde_json::{Value, json};
use std::collections::BTreeSet;

struct Documented {
    service: Service,
    document: Value,
    seen: BTreeSet<String>,
}

impl Documented {
    /// Judges an answer by the document; the schema of its status must be declared and fit.
    fn fits(&mut self, method: &str, path: &str, status: u16, kind: &str, answer: &Value) {
        let response = &self.document["paths"][path][method]["responses"][status.to_string()];
        assert!(response.is_object(), "{method} {path} does not declare {status}: {answer}");
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} does not declare {kind}");
        self.judge(schema.clone(), answer);
        if kind == "application/problem+json" {
            assert!(answer["detail_hi"].as_str().is_some_and(|hi| hi.len() > 20), "{answer} lacks Hindi");
        }
        self.seen.insert(format!("{method} {path}"));
    }

    fn valid(&self, schema: &str, value: &Value) {
        self.judge(json!({ "$ref": format!("#/components/schemas/{schema}") }), value);
    }

    fn judge(&self, mut schema: Value, value: &Value) {
        schema["components"] = self.document["components"].clone();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors: Vec<_> = validator.iter_errors(value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {value}");
    }

    fn post(&mut self, path: &str, at: &str, key: Option<&str>, body: &[u8], expected: u16) -> Value {
        let (status, answer) = self.service.post(at, key, body).expect("an answer");
        assert_eq!(status, expected, "{path}: {answer}");
        let kind = if status < 300 { "application/json" } else { "application/problem+json" };
        self.fits("post", path, status, kind, &answer);
        answer
    }

    fn get(&mut self, path: &str, at: &str, expected: u16) {
        let (status, body) = self.service.get(at);
        assert_eq!(status, expected, "{at}");
        let response = &self.document["paths"][path]["get"]["responses"][status.to_string()];
        assert!(response.is_object(), "get {path} does not declare {status}");
        let json: Option<Value> = serde_json::from_slice(&body).ok();
        if let Some(answer) = json.filter(|_| response["content"]["application/json"]["schema"].is_object()) {
            self.fits("get", path, status, "application/json", &answer);
        }
        self.seen.insert(format!("get {path}"));
    }
}

#[test]
fn the_service_does_what_the_document_says() {
    let service = Service::start("openapi");
    let document: Value = serde_json::from_slice(&service.get("/openapi.json").1).expect("JSON");
    let mut d = Documented { service, document, seen: BTreeSet::new() };
    let issue = "/v1/certificates";
    let body = sample("income").to_string();
    let certificate = d.post(issue, issue, Some("a"), body.as_bytes(), 201);
    d.post(issue, issue, Some("a"), body.as_bytes(), 200);
    d.post(issue, issue, Some("a"), sample("caste-sc").to_string().as_bytes(), 409);
    d.post(issue, issue, None, body.as_bytes(), 400);
    d.post(issue, issue, Some("b"), b"{", 400);
    let mut wrong = sample("income");
    wrong["fields"]["annual_income"] = json!(-5);
    d.post(issue, issue, Some("b"), wrong.to_string().as_bytes(), 422);
    d.post(issue, issue, Some("b"), &vec![b' '; 70_000], 413);
    for name in ["caste-sc", "income", "marriage-hindu"] {
        d.valid("Request", &sample(name));
    }
    let lines = format!("{}\n{{\n", sample("income"));
    let batch = d.service.batch(lines.as_bytes(), "lines").expect("an answer");
    let answers: Vec<Value> = batch.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(answers.len(), 2, "{batch}");
    for answer in &answers {
        d.fits("post", "/v1/certificates/batch", 200, "application/x-ndjson", answer);
    }
    d.valid("Certificate", &answers[0]);
    d.valid("Problem", &answers[1]);
    let one = json!({ "type": "income" }).to_string();
    d.post("/v1/certificates/batch", "/v1/certificates/batch", None, one.as_bytes(), 400);

    let id = certificate["id"].as_str().expect("id");
    for (path, more) in [("/v1/certificates/{id}", ""), ("/v1/certificates/{id}/pdf", "/pdf")] {
        d.get(path, &format!("/v1/certificates/{id}{more}"), 401);
        let bytes = d.service.get_as_caller(&format!("/v1/certificates/{id}{more}"));
        if more.is_empty() {
            d.fits("get", path, 200, "application/json", &serde_json::from_slice(&bytes).expect("JSON"));
        }
    }
    let status = "/v1/certificates/{id}/status";
    let at = format!("/v1/certificates/{id}/status");
    d.post(status, &at, None, br#"{"status":"gone","reason":"other"}"#, 422);
    d.post(status, &at, None, br#"{"status":"revoked","reason":"other"}"#, 200);
    d.post(status, &at, None, br#"{"status":"valid","reason":"other"}"#, 409);
    d.post(status, "/v1/certificates/none/status", None, b"{}", 404);

    let question = json!({ "qr": certificate["qr"] }).to_string();
    let report = d.post("/v1/verify", "/v1/verify", None, question.as_bytes(), 200);
    assert_eq!(report["verdict"], "revoked");
    d.post("/v1/verify", "/v1/verify", None, b"not JSON", 400);
    d.get("/v1/purposes", "/v1/purposes", 200);
    many(&mut d, &certificate["qr"]);
    by_number(&mut d, certificate["number"].as_str().expect("a number"));
    let asked = "/v1/verify?purpose=loan";
    let report = d.post("/v1/verify", asked, None, question.as_bytes(), 200);
    assert_eq!(report["purpose"]["current"], false);
    d.post("/v1/verify", "/v1/verify?purpose=nothing", None, question.as_bytes(), 400);
    d.post("/v1/verify", "/v1/verify", None, br#"{"qr":"upi://pay"}"#, 200);
    let (status, refused) = d.service.post_as("/v1/verify", "image/gif", b"GIF89a").expect("an answer");
    d.fits("post", "/v1/verify", status, "application/problem+json", &refused);
    assert_eq!((status, &refused["status"]), (415, &json!(415)));
    let (status, refused) = d.service.post("/v1/root", None, b"").expect("an answer");
    d.fits("get", "/v1/root", status, "application/problem+json", &refused);
    assert_eq!(status, 405);
    let (status, refused) = d.service.get("/nothing");
    assert!(status == 404 && refused.starts_with(b"{"), "an unknown address");

    for path in [
        "/v1/root",
        "/v1/trust-list",
        "/schemas.json",
        "/bulk.json",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/metrics",
    ] {
        d.get(path, path, 200);
    }
    d.get("/v1/status-lists/{number}", "/v1/status-lists/0", 200);
    d.get("/v1/status-lists/{number}", "/v1/status-lists/9", 404);
    d.get("/v1/status-lists/{number}", "/v1/status-lists/x", 400);

    d.get("/v1/status-snapshot", "/v1/status-snapshot", 200);
    d.get("/v1/status-deltas/{from}", "/v1/status-deltas/0", 200);
    d.get("/v1/status-deltas/{from}", "/v1/status-deltas/9", 404);
    d.get("/v1/status-deltas/{from}", "/v1/status-deltas/x", 400);

    applications(&mut d);
    subscriptions(&mut d, &certificate["qr"]);
    let paths = d.document["paths"].as_object().expect("paths").clone();
    let declared = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("an item").keys().map(move |method| format!("{method} {path}"))
    });
    assert_eq!(declared.collect::<BTreeSet<_>>(), d.seen, "every operation was tried");
    let source = std::fs::read_to_string(checkout().join("web/src/api/mod.rs")).expect("the router");
    let routed = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    // What the messaging platform calls is described by the platform.
    for path in routed.filter(|p| !p.starts_with("/whatsapp/") && !p.starts_with("/simulator")) {
        assert!(paths.contains_key(path), "{path} is routed, but not documented");
    }
}

/// Many codes at once: answers in the order of the lines, whatever is wrong with one of them.
fn many(d: &mut Documented, code: &Value) {
    let path = "/v1/verify/batch";
    let lines = [
        code.clone(),
        json!({ "id": "second", "code": code, "purpose": "loan" }),
        json!({ "id": "third", "code": "upi://pay" }),
        json!({ "id": "fourth", "code": code, "purpose": "nothing" }),
        json!(7),
    ];
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answer = d.service.batch_of(path, body.as_bytes());
    let answers: Vec<Value> = answer.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(answers.len(), lines.len(), "{answer}");
    for answer in &answers {
        d.fits("post", path, 200, "application/x-ndjson", answer);
    }
    assert_eq!(answers[1]["report"]["purpose"]["current"], false);
    assert_eq!(
        (&answers[2]["id"], &answers[2]["report"]["verdict"]),
        (&json!("third"), &json!("not-a-certificate"))
    );
    assert_eq!(answers[3]["id"], "fourth");
    assert!(answers[3]["problem"].is_object() && answers[4]["problem"].is_object());
    let many = format!("{}\n", json!("upi://pay")).repeat(10_001);
    let answer = d.service.batch_of(path, many.as_bytes());
    assert_eq!(answer.lines().count(), 10_001);
    assert!(answer.lines().last().expect("a line").contains("urn:mohar:problem:too-many-lines"));
    for kind in ["text/csv", "application/pdf"] {
        let declared = &d.document["paths"][path]["post"]["responses"]["200"]["content"][kind];
        assert!(declared.is_object(), "{kind} is not declared");
        let (status, came, _) = d.service.batch_as(path, kind, body.as_bytes());
        assert!(status == 200 && came.starts_with(kind), "{status} {came}");
        // Half a table would look whole.
        let (status, came, refused) = d.service.batch_as(path, kind, many.as_bytes());
        d.fits("post", path, status, &came, &serde_json::from_slice(&refused).expect("JSON"));
        assert_eq!(status, 413);
    }
}

/// The number and a fact on the paper.
fn by_number(d: &mut Documented, number: &str) {
    let path = "/v1/verify/number";
    let right = json!({ "number": number, "fact": { "kind": "name", "value": "smt. sunita  DEVI" } });
    let wrong = json!({ "number": number, "fact": { "kind": "date-of-birth", "value": "15-08-1990" } });
    for (body, expected) in [(right, 200), (wrong, 404)] {
        d.valid("ByNumber", &body);
        d.post(path, path, None, body.to_string().as_bytes(), expected);
    }
    let slip = json!({ "number": "INC-2026-0000000-0", "fact": { "kind": "name", "value": "x" } });
    d.post(path, path, None, slip.to_string().as_bytes(), 422);
    d.post(path, path, None, b"{}", 400);
}

/// Every operation on applications and webhooks, once as it should be and once not.
fn applications(d: &mut Documented) {
    let all = "/v1/applications";
    let begun = d.post(all, all, Some("a"), br#"{"service":"income"}"#, 201);
    d.post(all, all, Some("a"), br#"{"service":"income"}"#, 200);
    d.post(all, all, Some("b"), br#"{"service":"driving-licence"}"#, 403);
    d.post(all, all, Some("b"), br#"{"service":7}"#, 400);
    let number = begun["number"].as_str().expect("a number").to_owned();
    let one = "/v1/applications/{number}";
    d.get(one, &format!("{all}/{number}"), 401);
    let shown = d.service.get_as_caller(&format!("{all}/{number}"));
    d.fits("get", one, 200, "application/json", &serde_json::from_slice(&shown).expect("JSON"));
    let documents = "/v1/applications/{number}/documents";
    let at = format!("{all}/{number}/documents?kind=identity");
    d.post(documents, &at, None, PNG, 200);
    d.post(documents, &at, None, b"GIF89a", 415);
    let actions = "/v1/applications/{number}/actions";
    let at = format!("{all}/{number}/actions");
    for (action, expected) in [
        (json!({ "do": "answer", "answers": {} }), 200),
        (json!({ "do": "submit", "consent": true }), 422),
        (json!({ "do": "collected" }), 409),
        (json!({ "do": "move", "officer": "nobody" }), 403),
        (json!({ "do": "withdraw" }), 200),
    ] {
        d.valid("Action", &action);
        d.post(actions, &at, None, action.to_string().as_bytes(), expected);
    }
    let hooks = "/v1/webhooks";
    let hook = d.post(hooks, hooks, None, br#"{"url":"https://department.example/hook"}"#, 201);
    d.post(hooks, hooks, None, br#"{"url":"gopher://here"}"#, 422);
    let listed = d.service.get_as_caller(hooks);
    d.fits("get", hooks, 200, "application/json", &serde_json::from_slice(&listed).expect("JSON"));
    let id = hook["id"].as_str().expect("an id");
    let replay = "/v1/webhooks/{id}/replay";
    d.post(replay, &format!("{hooks}/{id}/replay"), None, br#"{"from":1}"#, 200);
    d.post(replay, &format!("{hooks}/none/replay"), None, br#"{"from":1}"#, 404);
    let (status, answer) = d.service.delete(&format!("{hooks}/{id}"));
    assert_eq!(status, 200, "{answer}");
    d.fits("delete", "/v1/webhooks/{id}", 200, "application/json", &answer);
}

/// A verifier's questions: here nobody can be asked; what can is in `subscriptions.rs`.
fn subscriptions(d: &mut Documented, code: &Value) {
    let path = "/v1/subscriptions";
    let one = "/v1/subscriptions/{id}";
    let key = verifier(&d.service, "Delhi Metro", "employer");
    let (_, held) = on_the_web(&d.service);
    let other = d.service.api_key.clone();
    let question = |code: &Value, until: &str| json!({ "code": code, "purpose": "job", "until": until, "url": "https://employer.example/hook" });
    let good = question(&json!(held.code), &in_days(30));
    d.valid("Question", &good);
    let never = question(&json!(held.code), &in_days(400));
    let revoked = question(code, &in_days(30));
    for (key, question, expected) in [
        (Some(&key), &good, 201),
        (Some(&key), &good, 200),
        (Some(&key), &never, 422),
        (Some(&key), &revoked, 409),
        (Some(&key), &json!({}), 400),
        (Some(&other), &good, 403),
        (None, &good, 401),
    ] {
        let (status, answer) = call(&d.service, key.map(String::as_str), "POST", path, Some(question));
        assert_eq!(status, expected, "{answer}");
        let kind = if status < 300 { "application/json" } else { "application/problem+json" };
        d.fits("post", path, status, kind, &answer);
    }
    let (_, listed) = call(&d.service, Some(&key), "GET", path, None);
    d.fits("get", path, 200, "application/json", &listed);
    let id = listed["subscriptions"][0]["id"].as_str().expect("an id").to_owned();
    for (method, id, expected) in [("get", &*id, 200), ("delete", &*id, 200), ("get", "none", 404)] {
        let at = format!("{path}/{id}");
        let (status, answer) = call(&d.service, Some(&key), &method.to_uppercase(), &at, None);
        assert_eq!(status, expected, "{answer}");
        let kind = if status < 300 { "application/json" } else { "application/problem+json" };
        d.fits(method, one, status, kind, &answer);
    }
}

#[test]
fn metrics_count_without_naming_anybody() {
    let service = Service::start("metrics");
    let certificate = service.issue(&sample("income"), "k");
    let _ = service.verdict(certificate["qr"].as_str().expect("qr"));
    let _ = service.get("/v1/certificates/some-id");
    let text = String::from_utf8(service.get("/metrics").1).expect("text");
    for line in [
        "mohar_ledger_size 1",
        "mohar_certificates_issued_total{type=\"income\"} 1",
        "mohar_verdicts_total{code=\"genuine\"} 1",
        "mohar_requests_total{route=\"/v1/certificates\",status=\"2xx\"} 1",
        "mohar_requests_total{route=\"/v1/certificates/{id}\",status=\"4xx\"} 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in {text}");
    }
    assert!(!text.contains("some-id") && !text.contains("Sunita"));
}
