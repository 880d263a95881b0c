//! Signing in to DigiLocker: there and back with a double of it that keeps to the protocol, and with all
//! that can go wrong on the way.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mohar_tests::Service as Running;
use mohar_tests::journey::citizen;
use mohar_tests::phone::Phone;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// The double: what became of each challenge is decided by the code that the test brings back.
struct Double {
    url: String,
    /// The challenge of the sign-in that is going on.
    challenge: Arc<Mutex<String>>,
}

impl Double {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let challenge = Arc::<Mutex<String>>::default();
        let known = Arc::clone(&challenge);
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let Some((path, bearer, form)) = read(&stream) else { continue };
                let (status, body) = answer(&path, &bearer, &form, &known.lock().expect("a lock"));
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { url, challenge }
    }
}

fn read(stream: &TcpStream) -> Option<(String, String, BTreeMap<String, String>)> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let (mut length, mut bearer) = (0, String::new());
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.trim_start_matches("Bearer ").clone_into(&mut bearer),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some((first.split(' ').nth(1)?.to_owned(), bearer, pairs(&String::from_utf8(body).ok()?)))
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    let plain = |t: &str| t.replace("%3A", ":").replace("%2F", "/").replace('+', " ");
    text.split('&').filter_map(|p| p.split_once('=')).map(|(k, v)| (k.to_owned(), plain(v))).collect()
}

fn answer(path: &str, bearer: &str, form: &BTreeMap<String, String>, challenge: &str) -> (u16, String) {
    if path == "/user" {
        let user = |name: &str, dob: &str, eaadhaar: &str| {
            json!({ "digilockerid": "d1", "name": name, "dob": dob, "gender": "F", "eaadhaar": eaadhaar })
                .to_string()
        };
        return match bearer {
            "token-good" => (200, user("Sunita Devi", "15081990", "Y")),
            "token-other" => (200, user("Rekha", "01011985", "Y")),
            "token-unverified" => (200, user("Sunita Devi", "15081990", "N")),
            "token-nobody" => (200, user("", "x", "Y")),
            "token-long" => (200, "x".repeat(1 << 20)),
            _ => (401, "{}".into()),
        };
    }
    let get = |key: &str| form.get(key).map_or("", String::as_str);
    let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
    let ours = get("client_id") == "mohar"
        && get("client_secret") == "s3cret"
        && shown == challenge
        && get("grant_type") == "authorization_code"
        && get("redirect_uri").ends_with("/identity/back");
    match get("code") {
        _ if !ours => (401, json!({ "error": "invalid_client" }).to_string()),
        "expired" => (400, json!({ "error": "invalid_grant" }).to_string()),
        "away" => (503, String::new()),
        "junk" => (200, "<html>".into()),
        "header" => (200, json!({ "access_token": "a\r\nX-Evil: 1" }).to_string()),
        code => (200, json!({ "access_token": format!("token-{code}") }).to_string()),
    }
}

fn demo(name: &str, double: &Double) -> Running {
    let dir = std::env::temp_dir().join(format!("mohar-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    let url = &double.url;
    let config = format!(
        "client_id = \"mohar\"\nclient_secret = \"s3cret\"\nauthorize_url = \"{url}/authorize?acr=digilocker\"\n\
         token_url = \"{url}/token\"\nuser_url = \"{url}/user\"\n"
    );
    std::fs::write(dir.join("digilocker.toml"), config).expect("a file");
    Running::start_in(dir, &[])
}

/// A browser that goes nowhere by itself: status, where it is sent, what it is to hold, and the page.
fn open(running: &Running, path: &str, held: &str) -> (u16, String, String, String) {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
    let request = ureq::Agent::from(config).get(format!("{}{path}", running.base_url)).header("Cookie", held);
    let mut answer = request.header("Accept-Language", "en").call().expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (to, cookie) = (header("location"), header("set-cookie"));
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    (answer.status().as_u16(), to, cookie, answer.body_mut().read_to_string().expect("a page"))
}

/// Follows a way in; gives the state, and what the browser then holds.
fn gone(running: &Running, double: &Double, path: &str, held: &str) -> (String, String) {
    let (status, to, cookie, page) = open(running, path, held);
    assert!(
        status == 303 && to.starts_with(&format!("{}/authorize?acr=digilocker&", double.url)),
        "{to} {page}"
    );
    let asked = pairs(to.split_once('?').expect("a query").1);
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", "mohar"));
    assert_eq!(asked["code_challenge_method"], "S256");
    double.challenge.lock().expect("a lock").clone_from(&asked["code_challenge"]);
    assert_eq!(cookie, format!("sign_in={}", asked["state"]));
    (asked["state"].clone(), cookie)
}

fn proofs(running: &Running) -> Value {
    let out = Command::new("sqlite3")
        .args(["-cmd", ".timeout 5000"])
        .arg(running.dir.join("mohar.db"))
        .arg("SELECT body FROM identities")
        .output()
        .expect("sqlite3; tests/run installs it");
    serde_json::from_slice(&out.stdout).unwrap_or(Value::Null)
}

#[test]
fn from_the_citizens_page_there_and_back_and_astray() {
    let double = Double::start();
    let running = demo("digilocker-web", &double);
    let visitor = citizen(&running);
    assert!(visitor.page("/apply/me").contains("Sign in to DigiLocker"));
    let held: Vec<String> = visitor.jar().iter().map(|(k, v)| format!("{k}={v}")).collect();
    let held = held.join("; ");
    let begin = || gone(&running, &double, "/apply/me/digilocker", &held);
    let back = |state: &str, code: &str, held: &str| {
        let (status, _, cookie, page) =
            open(&running, &format!("/identity/back?state={state}&code={code}"), held);
        assert_eq!((status, cookie.as_str()), (200, "sign_in="), "{page}");
        page
    };
    for (code, words) in [
        ("expired", "This sign-in has ended"),
        ("unverified", "not verified with an Aadhaar"),
        ("nobody", "does not answer as it should"),
        ("long", "does not answer as it should"),
        ("junk", "does not answer as it should"),
        ("header", "does not answer as it should"),
        ("away", "does not answer as it should"),
        ("unknown", "This sign-in has ended"),
        ("", "you did not agree there"),
    ] {
        let (state, cookie) = begin();
        let page = back(&state, code, &cookie);
        assert!(page.contains(words), "{code}: {page}");
        assert_eq!(proofs(&running), Value::Null, "{code}");
    }
    // A state that this browser did not begin, none, or one that is used up.
    let (state, cookie) = begin();
    for (state, held) in
        [(state.as_str(), ""), (state.as_str(), "sign_in=x"), ("x", "sign_in=x"), ("", "sign_in=")]
    {
        assert!(back(state, "good", held).contains("was not begun in this browser"), "{state} {held}");
    }
    assert!(
        open(&running, "/identity/back?error=access_denied", &cookie).3.contains("This sign-in has ended")
    );
    assert!(
        back(&state, "good", &cookie).contains("Your identity is proved"),
        "it was not used up by others"
    );
    assert!(back(&state, "good", &cookie).contains("This sign-in has ended"), "once");
    let kept = proofs(&running);
    assert_eq!(
        (&kept["means"], &kept["name"], &kept["born"]),
        (&json!("digilocker"), &json!("Sunita Devi"), &json!("1990-08-15"))
    );
    let (state, cookie) = begin();
    assert!(back(&state, "other", &cookie).contains("another person"));
    assert_eq!(proofs(&running), kept);
    assert!(visitor.page("/apply/me").contains("Identity proved by DigiLocker"));
}

#[test]
fn a_link_of_the_chat_is_good_once_and_the_chat_hears_of_it() {
    let double = Double::start();
    let running = demo("digilocker-chat", &double);
    let mut phone = Phone::new(&running, "IN.digilocker");
    let mut say = |text: &str| {
        phone.say(text);
        phone.hear(1).pop().expect("an answer").to_string()
    };
    say("hello, I need help with my papers please");
    let answer = say("digilocker");
    let path = answer.split("/identity/digilocker/").nth(1).and_then(|r| r.split(['"', '\\']).next());
    let path = format!("/identity/digilocker/{}", path.expect("a link"));
    for _ in 0..2 {
        let (status, _, _, page) = open(&running, &path, "");
        assert!(status == 200 && page.contains("Go on only if you asked for this link yourself"), "{page}");
    }
    let (state, cookie) = gone(&running, &double, &format!("{path}/go"), "");
    assert_eq!(open(&running, &format!("{path}/go"), "").0, 404, "once");
    let (.., page) = open(&running, &format!("/identity/back?state={state}&code=good"), &cookie);
    assert!(page.contains("go back to the chat"), "{page}");
    let news = phone.hear(1).pop().expect("news").to_string();
    assert!(news.contains("is proved with DigiLocker"), "{news}");
    assert_eq!(proofs(&running)["means"], "digilocker");
    // Asked again, the chat says who it was.
    phone.say("identity");
    assert!(phone.hear(1).pop().expect("an answer").to_string().contains("15 August 1990"));
}

#[test]
fn where_it_is_not_configured_there_is_no_way_in() {
    let running = Running::start("digilocker-off");
    for path in ["/identity/digilocker/x", "/identity/digilocker/x/go"] {
        assert_eq!(open(&running, path, "").0, 404, "{path}");
    }
    assert!(
        open(&running, "/identity/back?state=x&code=y", "sign_in=x")
            .3
            .contains("was not begun in this browser")
    );
}
