//! Citizens prove who they are: in the chat with a picture of their Aadhaar's code, on the web, at a
//! counter; and one whom the channel calls by two names is one.

use image::{GrayImage, ImageFormat, Luma};
use mohar_schemas::catalogue::published;
use mohar_tests::Service as Running;
use mohar_tests::aadhaar::{Authority, Card, digits, drawn, file, packed, pdf};
use mohar_tests::journey::{PNG, citizen, officer, officer_who_sees, pair};
use mohar_tests::phone::{Phone, signature, webhook};
use serde_json::{Value, json};
use std::process::Command;

/// A demo that knows one authority of ours, and that authority.
fn demo(name: &str) -> (Running, Authority) {
    let dir = std::env::temp_dir().join(format!("mohar-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let authority = Authority::new(&dir.join("authority"), 10);
    std::fs::write(dir.join("aadhaar.pem"), authority.certificate()).expect("a file");
    (Running::start_in(dir, &[]), authority)
}

fn sunita() -> Card {
    Card::of("Sunita Devi", "15-08-1990", "1234")
}

fn photo(authority: &Authority, card: &Card) -> Vec<u8> {
    file(&drawn(&authority.code(card), 5), ImageFormat::Jpeg)
}

fn ask(running: &Running, sql: &str) -> String {
    let out = Command::new("sqlite3")
        .args(["-cmd", ".timeout 5000"])
        .arg(running.dir.join("mohar.db"))
        .arg(sql)
        .output()
        .expect("sqlite3; tests/run installs it");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).trim().to_owned()
}

fn heard(phone: &mut Phone<'_>) -> String {
    phone.hear(1).pop().expect("an answer").to_string()
}

fn said(phone: &mut Phone<'_>, text: &str) -> String {
    phone.say(text);
    heard(phone)
}

fn tapped(phone: &mut Phone<'_>, id: &str) -> String {
    let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "x" } });
    phone.send(&json!({ "type": "interactive", "interactive": reply }));
    heard(phone)
}

fn sent(phone: &mut Phone<'_>, kind: &str, bytes: &[u8]) -> String {
    phone.attach(kind, bytes);
    heard(phone)
}

/// What the folders of the chat's files hold.
fn left(running: &Running) -> usize {
    let folders = std::fs::read_dir(running.dir.join("files")).map(|d| d.filter_map(Result::ok));
    let chats =
        folders.into_iter().flatten().filter(|f| f.file_name().to_string_lossy().starts_with("chat-"));
    chats.map(|f| std::fs::read_dir(f.path()).expect("a folder").count()).sum()
}

#[test]
fn an_aadhaar_in_the_chat_is_kept_after_a_yes_and_fills_the_form() {
    let (running, authority) = demo("identity-chat");
    let mut phone = Phone::new(&running, "IN.sunita");
    said(&mut phone, "hello, I need help with my papers please");
    let how = said(&mut phone, "aadhar card");
    assert!(how.contains("last four digits") && how.contains("Common Service Centre"), "{how}");
    let read = sent(&mut phone, "image/jpeg", &photo(&authority, &sunita()));
    assert!(read.contains("Sunita Devi") && read.contains("XXXX XXXX 1234"), "{read}");
    assert!(read.contains("15 August 1990"), "{read}");
    assert_eq!((left(&running), ask(&running, "SELECT count(*) FROM identities").as_str()), (0, "0"));
    assert!(said(&mut phone, "yes").contains("is proved"));
    let kept: Value = serde_json::from_str(&ask(&running, "SELECT body FROM identities")).expect("JSON");
    let keys: Vec<&str> = kept.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["means", "name", "born", "last_four", "on"], "no more than this: {kept}");
    assert!(!ask(&running, "SELECT group_concat(body) FROM chat_states").contains("Sunita"));

    // Somebody else's is refused, one's own again is not.
    let other = sent(&mut phone, "image/jpeg", &photo(&authority, &Card::of("Rekha", "01-01-1985", "9999")));
    assert!(other.contains("another person"), "{other}");
    let again = sent(&mut phone, "application/pdf", &pdf(&drawn(&authority.code(&sunita()), 6), 60.0));
    assert!(again.contains("Are you this person"), "{again}");
    said(&mut phone, "no");
    assert_eq!((left(&running), ask(&running, "SELECT count(*) FROM identities").as_str()), (0, "1"));

    // The form asks for the Hindi of the name, and neither for the birth nor for the number.
    tapped(&mut phone, "agree:income");
    let first = said(&mut phone, "yes");
    assert!(first.contains("Sunita Devi") && first.contains("Devanagari"), "{first}");
    let mut asked = vec![said(&mut phone, "सुनीता देवी")];
    for answer in [
        "daughter of",
        "Ram Kumar\nराम कुमार",
        "female",
        "12 Sector 3 Rohini\n12 सेक्टर 3 रोहिणी",
        "110085",
        "rohini",
        "9810012345",
    ] {
        asked.push(said(&mut phone, answer));
    }
    let asked = asked.join("\n");
    assert!(!asked.contains("Date of birth") && !asked.contains("Aadhaar number"), "{asked}");
    let draft = ask(&running, "SELECT body FROM applications");
    assert!(draft.contains("\"born\":\"1990-08-15\"") && draft.contains("\"aadhaar\":\"1234\""), "{draft}");
}

#[test]
fn what_is_wrong_with_an_aadhaar_is_said_in_both_languages() {
    let (running, authority) = demo("identity-wrong");
    let stranger = Authority::new(&running.dir.join("stranger"), 10);
    let old = r#"<?xml version="1.0" encoding="UTF-8"?> <PrintLetterBarcodeData uid="999999990019" name="Sunita Devi" yob="1990"/>"#;
    let cut = packed(&authority.signed(&sunita().payload()));
    let png = |text: &str| file(&drawn(text, 5), ImageFormat::Png);
    let late = Card { made: "20190305150137123".into(), ..sunita() };
    let blank = file(&GrayImage::from_pixel(400, 400, Luma([200])), ImageFormat::Png);
    let cases = [
        (png(&stranger.code(&sunita())), "it was changed, or it is not real", "बदला गया है"),
        (png(old), "without a signature", "हस्ताक्षर नहीं होते"),
        (png(&digits(&cut[..cut.len() - 20])), "is damaged", "ख़राब है"),
        (png(&authority.code(&late)), "its signature does not count", "मान्य नहीं थे"),
        (png("https://example.org/"), "no Aadhaar code", "आधार का कोड नहीं है"),
        (blank, "lay the paper flat", "सीधा रखें"),
    ];
    for (language, command) in [("en", "identity"), ("hi", "पहचान")] {
        let mut phone = Phone::new(&running, &format!("IN.wrong{language}"));
        tapped(&mut phone, &format!("lang:{language}"));
        said(&mut phone, command);
        for (picture, english, hindi) in &cases {
            let answer = sent(&mut phone, "image/png", picture);
            assert!(answer.contains(if language == "en" { english } else { hindi }), "{english}: {answer}");
        }
        // Without having been asked for, it is recognised just so.
        said(&mut phone, if language == "en" { "back" } else { "पीछे" });
        let answer = sent(&mut phone, "image/png", &cases[0].0);
        assert!(answer.contains(if language == "en" { cases[0].1 } else { cases[0].2 }), "{answer}");
    }
    assert_eq!(ask(&running, "SELECT count(*) FROM identities"), "0");
}

#[test]
fn the_officer_reads_how_it_was_proved_and_the_log_says_so() {
    let (running, authority) = demo("identity-office");
    let service = published().service("income").expect("a service");
    let visitor = citizen(&running);
    assert!(visitor.page("/apply/me").contains("Identity not proved"));
    let send = |bytes: &[u8], sure: bool| {
        let more = b"\r\n--edge\r\nContent-Disposition: form-data; name=\"sure\"\r\n\r\nyes";
        let bytes = if sure { [bytes, &more[..]].concat() } else { bytes.to_vec() };
        visitor.attach("/apply/me/identity", &bytes).1
    };
    let picture = photo(&authority, &sunita());
    assert!(send(&picture, false).contains("Tick that it is your own"));
    assert!(send(PNG, true).contains("No Aadhaar code could be read"));
    let page = send(&picture, true);
    assert!(page.contains("Identity proved by Aadhaar QR code") && page.contains("XXXX XXXX 1234"), "{page}");
    let (_, form) = visitor.send("/apply/s/income", &[]);
    assert!(form.contains("value=\"Sunita Devi\"") && form.contains("value=\"1990-08-15\""), "{form}");
    // The example's applicant has another name than the Aadhaar: the officer is told.
    let number = mohar_tests::journey::apply(&visitor, service);
    let clerk = officer(&running, "dealing-assistant");
    let page = clerk.page(&format!("/console/a/{number}"));
    assert!(page.contains("Identity proved by Aadhaar QR code on"), "{page}");
    assert!(page.contains("The application says something else:"), "{page}");
    let (_, export) = visitor.open("/apply/export.json");
    let export: Value = serde_json::from_slice(&export).expect("JSON");
    assert_eq!(
        (&export["identity"]["means"], &export["identity"]["last_four"]),
        (&json!("aadhaar-qr"), &json!("1234"))
    );
    visitor.send("/apply/me", &[pair("do", "erase"), pair("sure", "yes")]);
    assert_eq!(ask(&running, "SELECT count(*) FROM identities"), "0");
    let page = clerk.page(&format!("/console/a/{number}"));
    // The officer still reads that and how it was proved; whom it named is gone.
    assert!(
        page.contains("Identity proved by Aadhaar QR code on") && !page.contains("XXXX XXXX 1234"),
        "{page}"
    );
    let audit = mohar_tests::mohar(&["audit", "--data", &running.dir.display().to_string()]);
    assert_eq!(audit.status.code(), Some(0), "{}", String::from_utf8_lossy(&audit.stdout));
}

#[test]
fn an_operator_who_has_seen_somebody_says_so_under_a_name() {
    let (running, _) = demo("identity-counter");
    let mut phone = Phone::new(&running, "IN.counter");
    said(&mut phone, "hello, I need help with my papers please");
    tapped(&mut phone, "agree:income");
    said(&mut phone, "yes");
    let number = ask(&running, "SELECT number FROM applications");
    let how = said(&mut phone, "identity");
    assert!(how.contains(&number), "{how}");
    let operator = officer_who_sees(&running, "csc-operator", "Identity seen");
    let see = |number: &str, seen: &str| {
        operator.send("/counter/seen", &[pair("number", number), pair("seen", seen)]).1
    };
    assert!(see(&number, "").contains("Tick that you have seen"));
    assert!(see("A-2026-9999999-9", "yes").contains("no application with this number"));
    assert!(see(&number.to_lowercase(), "yes").contains("Noted with the application"));
    assert!(said(&mut phone, "identity").contains("at a counter"));
    let log = ask(&running, "SELECT body FROM events");
    assert!(
        log.contains("\"actor\":\"operator/csc-operator\"") && log.contains("\"act\":\"identity\""),
        "{log}"
    );
    let clerk = officer(&running, "dealing-assistant");
    assert_eq!(clerk.send("/counter/seen", &[pair("number", &number), pair("seen", "yes")]).0, 404);
}

#[test]
fn one_whom_the_channel_calls_by_two_names_is_one() {
    let running = Running::start("identity-names");
    let tell = |contact: Value, mut message: Value, id: &str| {
        message["id"] = json!(id);
        message["type"] = json!("text");
        message["text"] = json!({ "body": "help" });
        let value = json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "value": value, "field": "messages" }] }] });
        let body = body.to_string().into_bytes();
        assert_eq!(webhook(&running, &body, Some(&signature(&running, &body))).expect("an answer"), 200);
        for _ in 0..1_200 {
            if ask(&running, "SELECT count(*) FROM chat_events WHERE state = 'waiting'") == "0" {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("{id} is not worked off");
    };
    tell(json!({ "wa_id": "919810012345" }), json!({ "from": "919810012345" }), "m1");
    let both = json!({ "wa_id": "919810012345", "user_id": "IN.asha" });
    tell(both, json!({ "from": "919810012345", "from_user_id": "IN.asha" }), "m2");
    tell(json!({ "user_id": "IN.asha" }), json!({ "from_user_id": "IN.asha" }), "m3");
    tell(json!({ "wa_id": "919810012345" }), json!({ "from": "919810012345" }), "m4");
    let citizens = ask(&running, "SELECT handle FROM citizens WHERE channel = 'whatsapp'");
    assert_eq!(citizens, "IN.asha");
    assert_eq!(ask(&running, "SELECT version FROM chat_states"), "4", "one conversation");
}

#[test]
fn the_demo_has_a_specimen_to_try() {
    let running = Running::start("identity-specimen");
    let specimen = std::fs::read(running.dir.join("aadhaar.png")).expect("the specimen");
    let mut phone = Phone::new(&running, "IN.specimen");
    tapped(&mut phone, "lang:hi");
    let read = sent(&mut phone, "image/png", &specimen);
    assert!(read.contains("Sunita Devi") && read.contains("XXXX XXXX 1234"), "{read}");
}
