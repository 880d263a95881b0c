//! A service as in production, which is killed and started again, and a platform that lives on: it tells
//! again what it could not tell.

use crate::provider::Provider;
use crate::{Service, program};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

const PASSPHRASE: (&str, &str) = ("MOHAR_PASSPHRASE", "a long enough passphrase");
const TOKEN: &str = "the token of the number";
const APP_SECRET: &str = "the secret of the app";

/// The service, its platform, and what stands between them.
#[derive(Debug)]
pub struct Channel {
    /// The platform, where telephones are.
    pub platform: Service,
    /// The service's folder.
    pub folder: PathBuf,
    relay: Relay,
    child: Option<Child>,
    _provider: Provider,
}

impl Channel {
    /// Starts both.
    ///
    /// # Panics
    /// If they do not start.
    #[must_use]
    pub fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mohar-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        for arguments in [&["init"][..], &["add", "revenue", "income"], &["add", "revenue"], &["publish"]] {
            let arguments = [&["keys", "--dir", "keys"], arguments].concat();
            let mut command = Command::new(program());
            let done = command.args(&arguments).current_dir(&folder).env(PASSPHRASE.0, PASSPHRASE.1).output();
            let done = done.expect("it runs");
            assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        }
        let relay = Relay::start();
        let platform = Service::simulator(
            folder.join("platform"),
            &format!("{}/whatsapp/webhook", relay.url),
            (TOKEN, APP_SECRET),
        );
        let provider = Provider::start();
        std::fs::write(folder.join("mohar.toml"), config(&platform.base_url, &provider.url))
            .expect("written");
        let mut channel = Self { platform, folder, relay, child: None, _provider: provider };
        channel.restart();
        channel
    }

    /// The service's database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join("mohar.db")
    }

    /// Kills the service at once (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = (child.kill(), child.wait());
        }
    }

    /// Starts the service again.
    ///
    /// # Panics
    /// If it does not start.
    pub fn restart(&mut self) {
        self.kill();
        let (child, address) = serve(&self.folder);
        self.child = Some(child);
        self.relay.lead_to(&address);
    }

    /// The most memory that the service has had, in megabytes of 1,000,000 bytes.
    #[must_use]
    pub fn peak_mb(&self) -> f64 {
        self.child.as_ref().map_or(f64::NAN, |child| crate::memory_mb(child.id(), "VmHWM"))
    }

    /// Whether the ledger, the log of acts and the money are in order.
    ///
    /// # Panics
    /// If they are not.
    pub fn audit(&self) {
        let done = crate::mohar(&["audit", "--data", &self.folder.display().to_string()]);
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stdout));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn config(platform: &str, provider: &str) -> String {
    format!(
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
gateway = {{ url = "{provider}", authorization = "Basic a2V5", secret = "shared" }}

[whatsapp]
base_url = "{platform}/simulator/graph"
version = "v23.0"
phone_number_id = "1000001"
token = "{TOKEN}"
app_secret = "{APP_SECRET}"
verify_token = "v"
"#
    )
}

/// Starts `mohar serve` and gives its address.
fn serve(folder: &Path) -> (Child, String) {
    let mut child = Command::new(program())
        .args(["serve", "--config", "mohar.toml"])
        .current_dir(folder)
        .env(PASSPHRASE.0, PASSPHRASE.1)
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines().map_while(Result::ok);
    let line = lines.find(|l| l.contains("listen=")).expect("it serves");
    let address = line.split("listen=").nth(1).and_then(|a| a.split_whitespace().next());
    let address = address.expect("an address").to_owned();
    // Read on, so that the log never fills up; a panic is shown.
    std::thread::spawn(move || lines.filter(|l| l.contains("panicked")).for_each(|l| eprintln!("{l}")));
    (child, address)
}

/// One address for a service that moves.
#[derive(Debug)]
struct Relay {
    url: String,
    to: Arc<Mutex<String>>,
}

impl Relay {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let to = Arc::<Mutex<String>>::default();
        let upstream = Arc::clone(&to);
        std::thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                let to = upstream.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Nobody is there: the connection ends, as it does at a service that is away.
                let Ok(service) = TcpStream::connect(to) else { continue };
                let (Ok(back), Ok(answers)) = (caller.try_clone(), service.try_clone()) else { continue };
                std::thread::spawn(move || copy(caller, service));
                std::thread::spawn(move || copy(answers, back));
            }
        });
        Self { url, to }
    }

    fn lead_to(&self, address: &str) {
        address.clone_into(&mut self.to.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16_384];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
