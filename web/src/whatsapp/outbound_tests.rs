//! Meta's own examples, built from our types, and every limit at its edge.

use super::*;
use crate::whatsapp::vectors;

/// Reads an example back into our types, or `None` where we send nothing of the kind.
fn ours(example: &Value) -> Option<Message> {
    let known = ["messaging_product", "recipient_type", "to", "context", "type"];
    let kind = example["type"].as_str()?;
    if example.as_object()?.keys().any(|k| !known.contains(&k.as_str()) && k != kind) {
        return None;
    }
    Some(Message {
        to: string(&example["to"])?,
        reply_to: string(&example["context"]["message_id"]),
        ours: None,
        content: content(kind, &example[kind])?,
    })
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn content(kind: &str, part: &Value) -> Option<Content> {
    let file = |kind| {
        let at = string(&part["id"]).map(At::Id).or_else(|| {
            // A place holder stands where an address has to be.
            string(&part["link"])
                .map(|l| At::Link(l.replace("http(s)", "https").trim_matches(['<', '>']).to_owned()))
        })?;
        Some(Content::File(File {
            kind,
            at,
            caption: string(&part["caption"]),
            name: string(&part["filename"]),
        }))
    };
    match kind {
        "text" => Some(Content::Text { body: string(&part["body"])?, preview: part["preview_url"] == true }),
        "image" => file(FileKind::Image),
        "video" => file(FileKind::Video),
        "document" => file(FileKind::Document),
        "template" => template(part),
        "interactive" => interactive(part),
        _ => None,
    }
}

fn template(part: &Value) -> Option<Content> {
    let components = part["components"].as_array().cloned().unwrap_or_default();
    let mut gaps = vec![];
    for component in components {
        if component["type"] != "body" {
            return None;
        }
        for gap in component["parameters"].as_array()? {
            gaps.push(string(&gap["text"])?);
        }
    }
    Some(Content::Template {
        name: string(&part["name"])?,
        language: string(&part["language"]["code"])?,
        gaps,
    })
}

fn interactive(part: &Value) -> Option<Content> {
    let frame = Frame {
        header: string(&part["header"]["text"]),
        body: string(&part["body"]["text"])?,
        footer: string(&part["footer"]["text"]),
    };
    let action = &part["action"];
    match part["type"].as_str()? {
        "button" => {
            let button = |b: &Value| {
                let reply = &b["reply"];
                Some(Button { id: string(&reply["id"])?, title: string(&reply["title"])? })
            };
            let buttons = action["buttons"].as_array()?.iter().map(button).collect::<Option<_>>()?;
            Some(Content::Buttons { frame, buttons })
        }
        "list" => {
            let row = |r: &Value| {
                let under = string(&r["description"]).unwrap_or_default();
                Some(Row { id: string(&r["id"])?, title: string(&r["title"])?, under })
            };
            let section = |s: &Value| {
                let rows = s["rows"].as_array()?.iter().map(row).collect::<Option<_>>()?;
                Some(Section { title: string(&s["title"]), rows })
            };
            let sections = action["sections"].as_array()?.iter().map(section).collect::<Option<_>>()?;
            Some(Content::List { frame, open: string(&action["button"])?, sections })
        }
        _ => None,
    }
}

/// What Meta's examples leave out because it is the default, and place holders longer than their limits.
fn whole(example: &Value) -> Value {
    let mut whole = example.clone();
    if whole["status"].is_null() {
        whole["recipient_type"] = json!("individual");
        if whole["type"].is_null() {
            let kind = if whole["interactive"].is_null() { "text" } else { "interactive" };
            whole["type"] = json!(kind);
        }
    }
    let text = whole.to_string();
    let text =
        text.replace("http(s)", "https").replace("\"<https://", "\"https://").replace("-url>\"", "-url\"");
    let text = text.replace("<LIST_SECTION_", "<").replace("<SECTION_", "<");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn the_examples_of_what_we_send_come_out_field_by_field() {
    let Some(examples) = vectors("outbound.json") else { return };
    let (mut same, mut not_ours) = (0, std::collections::BTreeSet::new());
    assert_eq!(examples.len(), 95);
    for example in &examples {
        let name = example["name"].as_str().unwrap();
        let expected = whole(&example["request"]);
        if expected["status"] == "read" {
            let typing = !expected["typing_indicator"].is_null();
            let id = expected["message_id"].as_str().unwrap();
            assert_eq!(read_and_typing(id, typing), expected, "{name}");
            same += 1;
        } else if let Some(message) = ours(&expected) {
            assert_eq!(message.json().unwrap_or_else(|e| panic!("{name}: {e}")), expected, "{name}");
            same += 1;
        } else {
            not_ours.insert(name);
        }
    }
    let expected = [
        // Marketing, shops and payments inside the chat.
        "Send Catalog Message",
        "Send Catalog Template Message",
        "Send Multi-Product Message",
        "Send Order Details Message",
        "Send Order Status Message",
        "Send Single Product Message",
        "Template message with optional product policy",
        "Template message with parameters",
        // Templates with money, dates, pictures, buttons or flows in their gaps.
        "Send Flow Template Message",
        "Send Message Template Interactive",
        "Send Message Template Media",
        "Send Message Template Text",
        "Send Sample Issue Resolution Template",
        "Send Sample Shipping Confirmation Template",
        "Send Sample Text Message",
        // Forms of the platform's own.
        "Send Draft Flow by ID",
        "Send Draft Flow by Name",
        "Send Published Flow by ID",
        "Send Published Flow by Name",
        // What an office does not say.
        "Send Audio Message by ID",
        "Send Audio Message by URL",
        "Send Reply to Audio Message by ID",
        "Send Reply to Audio Message by URL",
        "Send Sticker Message by ID",
        "Send Sticker Message by URL",
        "Send Reply to Sticker Message by ID",
        "Send Reply to Sticker Message by URL",
        "Send Contact Message",
        "Send Reply to Contact Message",
        "Send Location Message",
        "Send Reply to Location Message",
        "Send Reply with Reaction Message",
    ];
    assert_eq!(not_ours, expected.into_iter().collect());
    assert_eq!(same, 41);
}

fn said(content: Content) -> Result<Value, Unsendable> {
    Message { to: "IN.abc".into(), reply_to: None, ours: Some(7), content }.json()
}

fn rule(content: Content) -> (String, Rule) {
    let wrong = said(content).unwrap_err();
    assert!(wrong.to_string().contains(&wrong.field), "{wrong}");
    (wrong.field, wrong.rule)
}

fn button(id: &str, title: &str) -> Button {
    Button { id: id.into(), title: title.into() }
}

fn row(id: &str, title: &str, under: &str) -> Row {
    Row { id: id.into(), title: title.into(), under: under.into() }
}

fn buttons(body: &str, buttons: Vec<Button>) -> Content {
    Content::of(&Say::Buttons { body: body.into(), buttons }).unwrap()
}

fn list(open: &str, rows: Vec<Row>) -> Content {
    Content::of(&Say::List { body: "b".into(), open: open.into(), rows }).unwrap()
}

#[test]
fn opaque_ids_and_our_own_name_travel() {
    let body = said(Content::Text { body: "नमस्ते".into(), preview: false }).unwrap();
    assert_eq!((&body["recipient"], &body["to"]), (&json!("IN.abc"), &Value::Null));
    assert_eq!(body["biz_opaque_callback_data"], "7");
}

#[test]
fn every_limit_holds_at_its_edge() {
    let text = |n: usize| Content::Text { body: "क".repeat(n), preview: false };
    said(text(4_096)).unwrap();
    assert_eq!(rule(text(4_097)), ("text.body".into(), Rule::Long(4_096)));
    assert_eq!(rule(text(0)), ("text.body".into(), Rule::Empty));
    // Outside the basic plane a character is two UTF-16 units: the stricter count holds.
    let emoji = Content::Text { body: "🙏".repeat(2_049), preview: false };
    assert_eq!(rule(emoji), ("text.body".into(), Rule::Long(4_096)));

    let b = |n: usize| (0..n).map(|i| button(&i.to_string(), &format!("B{i}"))).collect::<Vec<_>>();
    said(buttons(&"x".repeat(1_024), b(3))).unwrap();
    assert_eq!(rule(buttons(&"x".repeat(1_025), b(3))), ("body.text".into(), Rule::Long(1_024)));
    assert_eq!(rule(buttons("x", b(4))), ("action.buttons".into(), Rule::Count(3)));
    assert_eq!(rule(buttons("x", vec![])), ("action.buttons".into(), Rule::Count(3)));
    let long = |title: &str| buttons("x", vec![button("1", title)]);
    said(long(&"ज".repeat(20))).unwrap();
    assert_eq!(rule(long(&"ज".repeat(21))), ("reply.title".into(), Rule::Long(20)));
    assert_eq!(
        rule(buttons("x", vec![button("1", "a"), button("1", "b")])),
        ("reply.id".into(), Rule::Twice)
    );
    assert_eq!(
        rule(buttons("x", vec![button("1", "a"), button("2", "a")])),
        ("reply.title".into(), Rule::Twice)
    );
    let id = |n: usize| buttons("x", vec![button(&"i".repeat(n), "a")]);
    said(id(256)).unwrap();
    assert_eq!(rule(id(257)), ("reply.id".into(), Rule::Long(256)));

    let rows = |n: usize| (0..n).map(|i| row(&i.to_string(), "R", "")).collect::<Vec<_>>();
    said(list("open", rows(10))).unwrap();
    assert_eq!(rule(list("open", rows(11))), ("rows".into(), Rule::Count(10)));
    assert_eq!(rule(list("open", vec![])), ("rows".into(), Rule::Count(10)));
    assert_eq!(rule(list(&"o".repeat(21), rows(1))), ("action.button".into(), Rule::Long(20)));
    let one = |r: Row| list("open", vec![r]);
    said(one(row(&"i".repeat(200), &"t".repeat(24), &"u".repeat(72)))).unwrap();
    assert_eq!(rule(one(row(&"i".repeat(201), "t", ""))), ("row.id".into(), Rule::Long(200)));
    assert_eq!(rule(one(row("i", &"t".repeat(25), ""))), ("row.title".into(), Rule::Long(24)));
    assert_eq!(rule(one(row("i", "t", &"u".repeat(73)))), ("row.description".into(), Rule::Long(72)));
    let twice = Content::List {
        frame: Frame { body: "b".into(), ..Frame::default() },
        open: "o".into(),
        sections: vec![Section { title: None, rows: rows(1) }, Section { title: None, rows: rows(1) }],
    };
    assert_eq!(rule(twice), ("section.title".into(), Rule::Title));

    let link = |label: &str, url: &str| {
        Content::of(&Say::Link { body: "b".into(), label: label.into(), url: url.into() }).unwrap()
    };
    said(link("Pay", "https://pay.example/1")).unwrap();
    assert_eq!(rule(link(&"l".repeat(21), "https://a")), ("display_text".into(), Rule::Long(20)));
    for url in ["javascript:alert(1)", "https://", "http://a b", "pay.example"] {
        assert_eq!(rule(link("Pay", url)), ("parameters.url".into(), Rule::Address), "{url}");
    }
    let file = |caption: &str| {
        let (kind, at) = (FileKind::Document, At::Id("1".into()));
        Content::File(File { kind, at, caption: Some(caption.into()), name: Some("a.pdf".into()) })
    };
    said(file(&"c".repeat(1_024))).unwrap();
    assert_eq!(rule(file(&"c".repeat(1_025))), ("caption".into(), Rule::Long(1_024)));
    assert_eq!(rule(Content::AskContact { body: String::new() }), ("body.text".into(), Rule::Empty));
    assert_eq!(rule(Content::AskLocation { body: String::new() }), ("body.text".into(), Rule::Empty));
}
