//! The citizens' and officers' pages in production: codes by a provider of text messages, fees by a
//! hosted checkout, notices by e-mail.

use hmac::{Hmac, KeyInit, Mac};
use mohar_schemas::catalogue::published;
use mohar_schemas::form::By;
use mohar_tests::journey::{PNG, form, pair};
use mohar_tests::program;
use mohar_tests::provider::{Provider, mail_server};
use mohar_tests::visitor::Visitor;
use sha2::Sha256;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PASSPHRASE: (&str, &str) = ("MOHAR_PASSPHRASE", "a long enough passphrase");

struct Production(Child, PathBuf);

impl Drop for Production {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
        let _ = std::fs::remove_dir_all(&self.1);
    }
}

fn run(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(program());
    let output = command.args(arguments).current_dir(folder).env(PASSPHRASE.0, PASSPHRASE.1).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn start(provider: &str, mail: &str) -> (Production, String) {
    let folder = std::env::temp_dir().join(format!("mohar-production-pages-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for arguments in
        [&["init"][..], &["add", "revenue", "income", "caste-sc"], &["add", "revenue"], &["publish"]]
    {
        run(&folder, &[&["keys", "--dir", "keys"], arguments].concat());
    }
    let config = format!(
        r#"
listen = "127.0.0.1:0"
base_url = "https://verify.example"
host = "v.example"
database = "sqlite:mohar.db"
keys = "keys"
departments = ["revenue"]

[pages]
files = "files"
sms = {{ url = "{provider}/sms", token = "t", sender = "DLHGOV" }}
mail = {{ url = "{mail}", from = "Mohar <no-reply@verify.example>" }}
gateway = {{ url = "{provider}", authorization = "Basic a2V5", secret = "shared" }}
"#
    );
    std::fs::write(folder.join("mohar.toml"), config).expect("written");
    let mut child = Command::new(program())
        .args(["serve", "--config", "mohar.toml"])
        .current_dir(&folder)
        .env(PASSPHRASE.0, PASSPHRASE.1)
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let log = BufReader::new(child.stderr.take().expect("its log"));
    let mut lines = log.lines().map_while(Result::ok);
    let line = lines.find(|l| l.contains("listen=")).expect("it serves");
    let address = line
        .split("listen=")
        .nth(1)
        .and_then(|a| a.split_whitespace().next())
        .expect("an address")
        .to_owned();
    // Read on, so that the log never fills up.
    std::thread::spawn(move || lines.for_each(drop));
    (Production(child, folder), format!("http://{address}"))
}

fn wait(what: &str, mut there: impl FnMut() -> bool) {
    for _ in 0..200 {
        if there() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} never came");
}

#[test]
fn codes_fees_refunds_and_notices_by_real_protocols() {
    let provider = Provider::start();
    let (mail, letters) = mail_server();
    let (_production, url) = start(&provider.url, &mail);
    let visitor = Visitor::new(&url);
    visitor.send("/apply/sign-in", &[pair("phone", "98100 12345")]);
    let (to, text) = provider.books().messages.last().expect("a message").clone();
    assert_eq!(to, "+919810012345");
    let code = text.get(..6).expect("six digits").to_owned();
    let (_, page) = visitor.send("/apply/code", &[pair("phone", "9810012345"), pair("code", &code)]);
    assert!(page.contains("My applications"), "{page}");
    visitor
        .send("/apply/me", &[pair("do", "save"), pair("language", "hi"), pair("email", "sunita@example.in")]);

    let service = published().services().iter().find(|s| s.id == "caste-sc").expect("a service");
    assert!(service.fee.rupees > 0);
    let (_, page) = visitor.send("/apply/s/caste-sc", &[]);
    let number = page.split("/apply/a/").nth(1).and_then(|r| r.get(..16)).expect("a number").to_owned();
    let at = format!("/apply/a/{number}");
    visitor.send(&at, &[form(service, By::Citizen), vec![pair("do", "save")]].concat());
    for document in &service.documents {
        visitor.attach(&format!("{at}/files/{}", document.kind), PNG);
    }
    assert!(visitor.send(&at, &[pair("do", "submit"), pair("consent", "yes")]).1.contains("The fee is due"));
    // The way leads to the gateway's own page, by a page of ours: browsers do not let forms be redirected.
    let (status, ahead) = visitor.send(&format!("{at}/pay"), &[]);
    let link = provider.books().links.values().next().expect("a link").clone();
    let there = format!("href=\"{}\"", link["short_url"].as_str().expect("an address"));
    assert!(status == 200 && ahead.contains(&there), "{status}: {ahead}");
    assert_eq!(link["amount"], i64::from(service.fee.rupees) * 100);
    assert_eq!(link["callback_url"], "https://verify.example/apply/paid");
    let order = link["reference_id"].as_str().expect("our order").to_owned();
    let callback = |secret: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("plink_0|{order}|paid|pay_plink_0").as_bytes());
        let signature =
            mac.finalize().into_bytes().iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"));
        let r = "razorpay_";
        visitor.open(&format!(
            "/apply/paid?{r}payment_link_id=plink_0&{r}payment_link_reference_id={order}&{r}payment_link_status=paid&{r}payment_id=pay_plink_0&{r}signature={signature}"
        ))
    };
    assert_eq!(callback("forged").0, 404);
    let (_, page) = callback("shared");
    assert!(
        String::from_utf8_lossy(&page).contains("The fee is due"),
        "signed, but the gateway has no money"
    );
    provider.pay();
    for _ in 0..2 {
        let (_, page) = callback("shared");
        assert!(String::from_utf8_lossy(&page).contains("With the office"), "once or twice, it is the same");
    }
    wait("the notice", || {
        letters.lock().expect("letters").iter().any(|l| l.contains("To: sunita@example.in"))
    });
    visitor.send(&at, &[pair("do", "withdraw")]);
    let due = i64::from(service.fee.rupees) * 100;
    wait("the refund", || provider.books().refunds.get("pay_plink_0") == Some(&due));
    wait("its booking", || {
        let (status, page) = visitor.open(&format!("{at}/receipt"));
        status == 200 && String::from_utf8_lossy(&page).contains("Fee given back")
    });
    assert_eq!(provider.books().refunds.len(), 1, "given back once");
    assert_eq!(visitor.open("/gateway/any").0, 404, "the demo's gateway does not exist here");
}
