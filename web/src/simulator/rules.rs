//! What Meta takes, by its published limits; written apart from what we send, so that each checks the
//! other. A refusal is a code and details.

use serde_json::Value;

/// A code of the platform and what it says.
pub type Refusal = (i64, String);

/// Field, most characters.
const TEXT: [(&str, usize); 1] = [("/text/body", 4096)];
const AROUND: [(&str, usize); 3] =
    [("/interactive/body/text", 1024), ("/interactive/header/text", 60), ("/interactive/footer/text", 60)];

/// Looks a message through.
pub fn check(body: &Value) -> Result<(), Refusal> {
    if body["messaging_product"] != "whatsapp" {
        return missing("messaging_product");
    }
    if body["status"] == "read" {
        return present(body, "/message_id").map(drop);
    }
    let to = body["to"].as_str().or(body["recipient"].as_str()).unwrap_or_default();
    if to.is_empty() {
        return missing("to");
    }
    let limit = |text: Option<&str>| text.is_some_and(|t| t.encode_utf16().count() > 512);
    if limit(body["biz_opaque_callback_data"].as_str()) {
        return value("biz_opaque_callback_data", "at most 512 characters");
    }
    match body["type"].as_str().unwrap_or("text") {
        "text" => within(body, &TEXT, true),
        "interactive" => interactive(body),
        kind @ ("image" | "video" | "document" | "audio" | "sticker") => file(body, kind),
        "template" => {
            present(body, "/template/name")?;
            present(body, "/template/language/code").map(drop)
        }
        "location" => present(body, "/location/latitude").map(drop),
        "reaction" => present(body, "/reaction/message_id").map(drop),
        "contacts" if body["contacts"].as_array().is_some_and(|c| (1..=5).contains(&c.len())) => Ok(()),
        other => value("type", &format!("{other} is not one of the types")),
    }
}

fn missing<T>(field: &str) -> Result<T, Refusal> {
    Err((131_008, format!("Parameter {field} is mandatory for this type")))
}

fn value<T>(field: &str, why: &str) -> Result<T, Refusal> {
    Err((131_009, format!("Parameter {field} is not valid: {why}")))
}

fn present<'a>(body: &'a Value, path: &str) -> Result<&'a Value, Refusal> {
    let there = |v: &&Value| !v.is_null() && v.as_str() != Some("");
    body.pointer(path).filter(there).map_or_else(|| missing(path), Ok)
}

fn within(body: &Value, limits: &[(&str, usize)], needed: bool) -> Result<(), Refusal> {
    for (path, most) in limits {
        let Some(text) = body.pointer(path).and_then(Value::as_str) else {
            if needed {
                return missing(path);
            }
            continue;
        };
        let long = text.chars().count().max(text.encode_utf16().count());
        if text.is_empty() || long > *most {
            return value(path, &format!("length {long}, allowed 1 to {most}"));
        }
    }
    Ok(())
}

fn file(body: &Value, kind: &str) -> Result<(), Refusal> {
    let part = &body[kind];
    let given = |key: &str| part[key].as_str().is_some_and(|t| !t.is_empty());
    if given("id") == given("link") {
        return value(kind, "one of id and link");
    }
    if given("link") && !part["link"].as_str().is_some_and(|l| l.starts_with("http")) {
        return value("link", "no address");
    }
    within(part, &[("/caption", 1024), ("/filename", 240)], false)
}

fn interactive(body: &Value) -> Result<(), Refusal> {
    within(body, &AROUND[..1], true)?;
    within(body, &AROUND[1..], false)?;
    let action = &body["interactive"]["action"];
    let named = |name: &str| if action["name"] == name { Ok(()) } else { missing("action.name") };
    match body["interactive"]["type"].as_str().unwrap_or_default() {
        "button" => buttons(action["buttons"].as_array().map_or(&[][..], Vec::as_slice)),
        "list" => list(action),
        "cta_url" => {
            named("cta_url")?;
            within(action, &[("/parameters/display_text", 20), ("/parameters/url", 2000)], true)?;
            let url = action["parameters"]["url"].as_str().unwrap_or_default();
            if url.starts_with("https://") || url.starts_with("http://") {
                return Ok(());
            }
            value("url", "no address")
        }
        "location_request_message" => named("send_location"),
        "request_contact_info" => named("request_contact_info"),
        other => value("interactive.type", &format!("{other} is not one of the types")),
    }
}

fn buttons(buttons: &[Value]) -> Result<(), Refusal> {
    if !(1..=3).contains(&buttons.len()) {
        return value("buttons", "one to three");
    }
    for (n, button) in buttons.iter().enumerate() {
        within(button, &[("/reply/id", 256), ("/reply/title", 20)], true)?;
        let same = |b: &Value, key: &str| b["reply"][key] == button["reply"][key];
        if buttons[..n].iter().any(|b| same(b, "id") || same(b, "title")) {
            return value("buttons", "duplicate button");
        }
    }
    Ok(())
}

fn list(action: &Value) -> Result<(), Refusal> {
    within(action, &[("/button", 20)], true)?;
    let sections = action["sections"].as_array().map_or(&[][..], Vec::as_slice);
    if !(1..=10).contains(&sections.len()) {
        return value("sections", "one to ten");
    }
    let mut ids: Vec<&Value> = vec![];
    for section in sections {
        within(section, &[("/title", 24)], sections.len() > 1)?;
        for row in section["rows"].as_array().map_or(&[][..], Vec::as_slice) {
            within(row, &[("/id", 200), ("/title", 24)], true)?;
            if row["description"] != "" {
                within(row, &[("/description", 72)], false)?;
            }
            if ids.contains(&&row["id"]) {
                return value("rows", "duplicate id");
            }
            ids.push(&row["id"]);
        }
    }
    if (1..=10).contains(&ids.len()) { Ok(()) } else { value("rows", "one to ten in all") }
}
