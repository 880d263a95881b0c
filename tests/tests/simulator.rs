//! The chat page in Chromium, as a newcomer uses it: write, read, tap, attach, and open what is sent.

use mohar_tests::Service;
use mohar_tests::browser::Browser;
use mohar_tests::phone::secret;
use serde_json::{Value, json};

/// Sends something to the page's telephone through the double of the Graph API.
fn post(service: &Service, user: &str, part: &Value) {
    let mut body = json!({ "messaging_product": "whatsapp", "recipient": user });
    for (key, value) in part.as_object().expect("an object") {
        body[key] = value.clone();
    }
    let url = format!("{}/simulator/graph/v23.0/1000001/messages", service.base_url);
    let request = ureq::post(&url).header("Authorization", format!("Bearer {}", secret(service, "token")));
    assert_eq!(request.send_json(&body).expect("taken").status().as_u16(), 200);
}

fn upload(service: &Service, kind: &str, name: &str, bytes: &[u8]) -> String {
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let url = format!("{}/simulator/graph/v23.0/1000001/media", service.base_url);
    let request = ureq::post(&url).header("Authorization", format!("Bearer {}", secret(service, "token")));
    let request = request.header("Content-Type", "multipart/form-data; boundary=b");
    let answer: Value = request.send(&body[..]).expect("taken").body_mut().read_json().expect("JSON");
    answer["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_newcomer_chats_taps_and_attaches() {
    let service = Service::start("chat-page");
    let mut browser = Browser::start("chat-page");
    browser.resize(320, 640, 2.0);
    browser.open(&format!("{}/simulator?lang=en", service.base_url));
    browser.wait("document.readyState === 'complete' && localStorage.getItem('mohar-phone')");
    let user = browser.eval("JSON.parse(localStorage.getItem('mohar-phone')).user");
    let user = user.as_str().expect("a user").to_owned();
    // What looks like HTML is text.
    browser.eval("document.querySelector('#text').value = '<b>Hi</b>'; document.querySelector('#write').requestSubmit()");
    browser.wait("document.querySelector('#log .mine')?.innerText.includes('<b>Hi</b>')");
    browser.wait("document.querySelector('#log .theirs')?.innerText.includes('नमस्ते')");
    browser.wait("document.querySelector('#log .mine footer').innerText.includes('✓✓')");

    let row = |id: &str| json!({ "id": id, "title": format!("Row {id}"), "description": "about it" });
    post(
        &service,
        &user,
        &json!({ "type": "interactive", "interactive": { "type": "list", "body": { "text": "Which?" },
        "action": { "button": "Services", "sections": [{ "rows": [row("1"), row("2")] }] } } }),
    );
    browser.wait("[...document.querySelectorAll('#log button')].some(b => b.innerText.includes('Services') && (b.click(), true))");
    browser.wait("document.querySelector('#choose[open] #rows li:nth-child(2) button')");
    browser.eval("document.querySelector('#rows li:nth-child(2) button').click()");
    browser.wait("[...document.querySelectorAll('#log .mine')].some(m => m.innerText.includes('Row 2'))");
    let button = |id: &str| json!({ "type": "reply", "reply": { "id": id, "title": format!("Tap {id}") } });
    post(
        &service,
        &user,
        &json!({ "type": "interactive", "interactive": { "type": "button", "body": { "text": "Well?" },
        "action": { "buttons": [button("yes"), button("no")] } } }),
    );
    browser.wait("[...document.querySelectorAll('#log button')].some(b => b.innerText === 'Tap yes' && (b.click(), true))");
    browser.wait("[...document.querySelectorAll('#log .mine')].some(m => m.innerText.includes('Tap yes'))");
    post(
        &service,
        &user,
        &json!({ "type": "interactive", "interactive": { "type": "cta_url", "body": { "text": "The fee" },
        "action": { "name": "cta_url", "parameters": { "display_text": "Pay", "url": "https://pay.example/1" } } } }),
    );
    browser.wait("[...document.querySelectorAll('#log a')].some(a => a.href === 'https://pay.example/1')");

    let mut picture = std::io::Cursor::new(vec![]);
    image::RgbImage::from_pixel(40, 30, image::Rgb([9, 90, 9]))
        .write_to(&mut picture, image::ImageFormat::Png)
        .expect("a picture");
    let id = upload(&service, "image/png", "a.png", picture.get_ref());
    post(&service, &user, &json!({ "type": "image", "image": { "id": id, "caption": "A card" } }));
    browser.wait("document.querySelector('#log .theirs img')?.naturalWidth === 40");
    let id = upload(&service, "application/pdf", "c.pdf", b"%PDF-1.4");
    post(
        &service,
        &user,
        &json!({ "type": "document", "document": { "id": id, "filename": "certificate.pdf" } }),
    );
    browser
        .wait("[...document.querySelectorAll('#log a')].some(a => a.innerText.includes('certificate.pdf'))");
    browser.eval("const files = new DataTransfer(); files.items.add(new File([new Uint8Array([37, 80, 68, 70])], 'mine.pdf', { type: 'application/pdf' })); const input = document.querySelector('#file'); input.files = files.files; input.dispatchEvent(new Event('change')); 0");
    browser
        .wait("[...document.querySelectorAll('#log .mine a')].some(a => a.innerText.includes('mine.pdf'))");
    let wide = browser.eval("document.documentElement.scrollWidth - innerWidth");
    assert!(wide.as_i64().is_some_and(|w| w <= 0), "{wide} pixels too wide");
    let stranger = |e: &Value| {
        let url = e["params"]["request"]["url"].as_str().unwrap_or_default();
        e["method"] == "Network.requestWillBeSent"
            && !url.starts_with(&service.base_url)
            && url.starts_with("http")
    };
    assert!(!browser.events.iter().any(stranger), "a third party was asked");
}
