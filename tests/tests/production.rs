//! From nothing to a certificate in production, as the README says, and through a rotation of keys.

use mohar_tests::{checkout, program};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

struct House(PathBuf);

impl House {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.0).env("MOHAR_PASSPHRASE", "a long enough passphrase");
        command.output().expect("it runs")
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Starts `mohar serve` and gives its address.
    fn serve(&self) -> (Child, String) {
        let mut child = Command::new(program())
            .args(["serve", "--config", "mohar.toml"])
            .current_dir(&self.0)
            .env("MOHAR_PASSPHRASE", "a long enough passphrase")
            .env("NO_COLOR", "1")
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let log = BufReader::new(child.stderr.take().expect("its log"));
        let line = log.lines().map_while(Result::ok).find(|l| l.contains("listen=")).expect("it serves");
        let address =
            line.split("listen=").nth(1).and_then(|a| a.split_whitespace().next()).expect("an address");
        (child, format!("http://{address}"))
    }

    fn issue(&self, url: &str, key: &str, name: &str) -> String {
        let file = checkout().join(format!("schemas/samples/{name}.json")).display().to_string();
        let text = self.done(&["issue", name, &file, "--url", url, "--api-key", key]);
        let answer: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        answer["qr"].as_str().expect("qr").to_owned()
    }

    fn verify(&self, url: &str, qr: &str) -> Output {
        let (trust, status) = (format!("{url}/v1/trust-list"), format!("{url}/v1/status-lists/0"));
        self.run(&["verify", qr, "--root", "keys/root.pub", "--trust", &trust, "--status", &status])
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const CONFIG: &str = r#"
listen = "127.0.0.1:0"
base_url = "https://verify.example"
host = "v.example"
database = "sqlite:mohar.db"
keys = "keys"
departments = ["revenue"]
"#;

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("written");
}

#[test]
fn keys_service_certificate_rotation() {
    let house = House(std::env::temp_dir().join(format!("mohar-production-{}", std::process::id())));
    std::fs::create_dir_all(&house.0).expect("a folder");
    house.done(&["keys", "--dir", "keys", "init"]);
    let added = house.done(&["keys", "--dir", "keys", "add", "revenue", "income", "caste-sc"]);
    let kid = added.split_whitespace().nth(1).expect("a key id").to_owned();
    house.done(&["keys", "--dir", "keys", "add", "revenue"]);
    house.done(&["keys", "--dir", "keys", "publish"]);
    write(&house.0.join("mohar.toml"), CONFIG);
    let key = house.done(&[
        "api-keys",
        "--database",
        "sqlite:mohar.db",
        "add",
        "--department",
        "revenue",
        "--types",
        "income,caste-sc",
    ]);

    let (mut child, url) = house.serve();
    let first = house.issue(&url, &key, "income");
    assert!(first.starts_with("https://v.example/#"), "{first}");
    assert!(house.verify(&url, &first).status.success());
    let file = checkout().join("schemas/samples/marriage-hindu.json").display().to_string();
    let refused = house.run(&["issue", "marriage-hindu", &file, "--url", &url, "--api-key", &key]);
    assert_eq!(refused.status.code(), Some(2), "the key is not for this type");
    let _ = (child.kill(), child.wait());

    house.done(&["keys", "--dir", "keys", "rotate", &kid]);
    house.done(&["keys", "--dir", "keys", "publish"]);
    let (mut child, url) = house.serve();
    let second = house.issue(&url, &key, "caste-sc");
    for qr in [&first, &second] {
        let output = house.verify(&url, qr);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let database = ["api-keys", "--database", "sqlite:mohar.db"];
    let list = house.done(&[&database[..], &["list"]].concat());
    let id = list.split_whitespace().next().expect("an id").to_owned();
    house.done(&[&database[..], &["revoke", &id]].concat());
    assert_eq!(house.done(&[&database[..], &["list"]].concat()), "");
    assert!(!house.run(&[&database[..], &["revoke", &id]].concat()).status.success(), "it is gone");
    let file = checkout().join("schemas/samples/income.json").display().to_string();
    let refused = house.run(&["issue", "income", &file, "--url", &url, "--api-key", &key]);
    assert!(String::from_utf8_lossy(&refused.stdout).contains("unauthorized"), "at once, without a restart");
    let _ = (child.kill(), child.wait());
    secrets_are_kept(&house.0, &key);
}

/// The API key is nowhere in the folder, and only its owner may read the root key.
fn secrets_are_kept(folder: &Path, key: &str) {
    use std::os::unix::fs::PermissionsExt;
    let root = std::fs::metadata(folder.join("keys/root.key")).expect("the root key");
    assert_eq!(root.permissions().mode() & 0o777, 0o600);
    let files = std::fs::read_dir(folder).expect("the folder").filter_map(Result::ok);
    for file in files.filter(|f| f.path().is_file()) {
        let bytes = std::fs::read(file.path()).expect("a file");
        assert!(!bytes.windows(key.len()).any(|w| w == key.as_bytes()), "{}", file.path().display());
    }
}

#[test]
fn a_wrong_configuration_is_named() {
    let house = House(std::env::temp_dir().join(format!("mohar-misconfigured-{}", std::process::id())));
    std::fs::create_dir_all(&house.0).expect("a folder");
    write(&house.0.join("mohar.toml"), &format!("{CONFIG}\ndemo = true\n"));
    let output = house.run(&["serve", "--config", "mohar.toml"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("demo") && text.contains("mohar.toml"), "{text}");
    write(&house.0.join("mohar.toml"), &format!("{CONFIG}\n[limits]\nper_adress = 5\n"));
    let output = house.run(&["serve", "--config", "mohar.toml"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("per_adress"));
    let model = "[model]\nurl = \"https://model.example/v1\"\nmodel = \"m\"\n";
    write(&house.0.join("mohar.toml"), &format!("{CONFIG}\n{model}"));
    let output = house.run(&["serve", "--config", "mohar.toml"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("need [whatsapp]"));
}
