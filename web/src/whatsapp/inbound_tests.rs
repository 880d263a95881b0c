//! Meta's own examples, what they leave out, and bytes nobody thought of.

use super::*;
use crate::whatsapp::vectors;

fn one(body: &Value) -> (Raw, Event) {
    let mut all = events(body.to_string().as_bytes());
    assert_eq!(all.len(), 1, "{body}");
    let raw = all.remove(0);
    let event = read(&raw.body);
    (raw, event)
}

fn call(value: &Value) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "value": value, "field": "messages" }] }] })
}

/// What each of Meta's examples is understood as.
fn sort(event: &Event) -> &'static str {
    match event {
        Event::Citizen { what: What::Heard(Heard::Text { .. }), .. } => "text",
        Event::Citizen { what: What::Heard(Heard::Tap { .. }), .. } => "tap",
        Event::Citizen { what: What::Heard(Heard::Location { .. }), .. } => "location",
        Event::Citizen { what: What::Heard(_), .. } => "other",
        Event::Citizen { what: What::Media(_), .. } => "media",
        Event::Status(_) => "status",
        Event::System(_) => "system",
    }
}

#[test]
fn every_example_of_meta_is_understood_and_none_lost() {
    let Some(examples) = vectors("inbound.json") else { return };
    let sorts: Vec<(String, &str)> = examples
        .iter()
        .map(|e| {
            let (raw, event) = one(&e["payload"]);
            assert!(!raw.id.is_empty() && !raw.handle.is_empty());
            if let Event::Citizen { .. } = event {
                assert!(!raw.handle.starts_with("nobody"), "{}", e["name"]);
            }
            (e["name"].as_str().unwrap().to_owned(), sort(&event))
        })
        .collect();
    let count = |s: &str| sorts.iter().filter(|(_, sort)| *sort == s).count();
    assert_eq!(sorts.len(), 29);
    let counts: Vec<(&str, usize)> =
        ["text", "tap", "location", "media", "other", "status", "system"].map(|s| (s, count(s))).to_vec();
    assert_eq!(
        counts,
        [("text", 7), ("tap", 4), ("location", 1), ("media", 2), ("other", 9), ("status", 1), ("system", 5)],
        "{sorts:#?}"
    );
}

#[test]
fn the_opaque_id_is_the_handle_and_the_number_is_optional() {
    let known = json!({ "contacts": [{ "profile": { "name": "A" }, "wa_id": "919810012345", "user_id": "IN.abc" }],
        "messages": [{ "from": "919810012345", "id": "wamid.1", "timestamp": "1790000000", "type": "text", "text": { "body": "Hi" } }] });
    let (raw, event) = one(&call(&known));
    assert_eq!((raw.handle.as_str(), raw.sent_s), ("IN.abc", Some(1_790_000_000)));
    let Event::Citizen { phone, also, .. } = event else { panic!() };
    assert_eq!(phone.as_deref(), Some("919810012345"));
    assert_eq!(also.as_deref(), Some("919810012345"), "the same citizen by two names");
    let username = json!({ "contacts": [{ "profile": { "username": "asha" }, "user_id": "IN.abc" }],
        "messages": [{ "id": "wamid.2", "type": "text", "text": { "body": "Hi" } }] });
    let (raw, event) = one(&call(&username));
    assert_eq!(raw.handle, "IN.abc");
    let Event::Citizen { phone: None, also: None, .. } = event else { panic!("{event:?}") };
    let shared = json!({ "messages": [{ "from_user_id": "IN.abc", "id": "wamid.3", "type": "contacts",
        "contacts": [{ "origin": "contact_request", "phones": [{ "phone": "+91 98100 12345" }] }] }] });
    let (_, event) = one(&call(&shared));
    let Event::Citizen { phone, also, .. } = event else { panic!() };
    assert_eq!(phone.as_deref(), Some("919810012345"));
    assert_eq!(also, None, "a number that somebody writes is nobody's name");
}

#[test]
fn nobody_is_linked_where_a_message_does_not_agree_with_its_contact() {
    let text = json!({ "body": "Hi" });
    for (message, contact, expected) in [
        (json!({ "from": "911", "from_user_id": "IN.1" }), json!({}), Some("911")),
        (json!({ "from_user_id": "IN.1" }), json!({ "wa_id": "911", "user_id": "IN.1" }), Some("911")),
        (json!({ "from": "911" }), json!({ "wa_id": "911" }), None),
        (json!({ "from": "911" }), json!({ "wa_id": "922", "user_id": "IN.1" }), None),
        (
            json!({ "from": "911", "from_user_id": "IN.2" }),
            json!({ "wa_id": "911", "user_id": "IN.1" }),
            None,
        ),
    ] {
        let mut message = message;
        (message["id"], message["type"], message["text"]) = (json!("m"), json!("text"), text.clone());
        let (_, event) = one(&call(&json!({ "contacts": [contact], "messages": [message] })));
        let Event::Citizen { also, .. } = event else { panic!("{message}") };
        assert_eq!(also.as_deref(), expected, "{message}");
    }
}

#[test]
fn a_batch_is_taken_apart_and_each_keeps_its_sender() {
    let batch = json!({ "contacts": [{ "wa_id": "911" }, { "wa_id": "922", "user_id": "IN.2" }],
        "messages": [
            { "from": "911", "id": "a", "type": "text", "text": { "body": "1" } },
            { "from": "922", "id": "b", "type": "reaction", "reaction": { "message_id": "x" } },
            { "from": "911", "type": "interactive" },
        ],
        "statuses": [{ "id": "m", "status": "failed", "errors": [{ "code": 131_047 }], "biz_opaque_callback_data": "7" }] });
    let all = events(call(&batch).to_string().as_bytes());
    let handles: Vec<&str> = all.iter().map(|r| r.handle.as_str()).collect();
    assert_eq!(handles, ["911", "IN.2", "911", "message/m"]);
    assert_eq!(sort(&read(&all[2].body)), "other", "a tap without what was tapped");
    let expected = Status { message: "m".into(), ours: Some(7), news: Err(131_047) };
    assert_eq!(read(&all[3].body), Event::Status(expected));
}

#[test]
fn whatever_is_missing_or_of_another_kind_survives() {
    let full = call(
        &json!({ "contacts": [{ "wa_id": "911", "user_id": "IN.1", "profile": { "name": "A" } }],
        "messages": [{ "from": "911", "id": "a", "timestamp": "1", "type": "image", "image": { "id": "1", "caption": "c", "sha256": "s" },
            "text": { "body": "t" }, "interactive": { "button_reply": { "id": "b" } }, "location": { "latitude": 1, "longitude": "x" } }],
        "statuses": [{ "id": "m", "status": "read" }] }),
    );
    let mut tried = 0;
    let mut paths = vec![];
    walk(&full, String::new(), &mut paths);
    for path in paths {
        for other in
            [Value::Null, json!(1), json!("x\u{0}"), json!([]), json!({}), json!([{}]), json!(-1e300)]
        {
            let mut call = full.clone();
            *call.pointer_mut(&path).unwrap() = other;
            let all = events(call.to_string().as_bytes());
            assert!(!all.is_empty(), "{path}");
            for raw in all {
                assert!(!raw.id.contains('\u{0}') && !raw.handle.contains('\u{0}') && raw.id.len() <= 300);
                read(&raw.body);
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

fn walk(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| walk(v, format!("{path}/{k}"), paths)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, v)| walk(v, format!("{path}/{n}"), paths));
        }
        _ => {}
    }
    paths.push(path);
}

#[test]
fn any_bytes_are_an_event() {
    let mut seed = 1_u64;
    for length in 0..400 {
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                seed.to_be_bytes()[0]
            })
            .collect();
        for raw in events(&bytes) {
            read(&raw.body);
        }
        assert_eq!(events(&bytes), events(&bytes), "the same bytes have the same id");
    }
}
