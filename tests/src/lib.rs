//! What the tests share: a running service in a folder of its own, on real ports and real databases.

pub mod aadhaar;
pub mod browser;
pub mod cases;
pub mod channel;
pub mod film;
pub mod forge;
pub mod helper;
pub mod holder;
pub mod hook;
pub mod journey;
pub mod paper;
pub mod phone;
pub mod postgres;
pub mod provider;
pub mod recorder;
pub mod talk;
pub mod visitor;
pub mod wrong;

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

/// The root of the checkout.
///
/// # Panics
/// Never.
#[must_use]
pub fn checkout() -> PathBuf {
    // Unwrap safety: this package lies one folder below the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a parent").to_owned()
}

/// The `mohar` program built beside the tests.
///
/// # Panics
/// If it has not been built: run `cargo build -p mohar` first, as `tests/run` does.
#[must_use]
pub fn program() -> PathBuf {
    let exe = std::env::current_exe().expect("the test's own path");
    // target/PROFILE/deps/TEST; benches are built in the release profile.
    let program = exe.ancestors().nth(2).expect("the profile's folder").join("mohar");
    assert!(program.exists(), "run `cargo build -p mohar` first; tests/run does");
    program
}

/// Builds that program in the release profile, for a benchmark.
///
/// # Panics
/// If it does not build.
pub fn build_release() {
    eprintln!("building the release program …");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--package", "mohar"])
        .current_dir(checkout())
        // Cargo sets it for benchmarks; a dependency that listens to it would be built anew every time.
        .env_remove("OUT_DIR")
        .status();
    assert!(built.is_ok_and(|s| s.success()), "the release program does not build");
}

/// Runs `mohar` with arguments.
///
/// # Panics
/// If it cannot be started.
#[must_use]
pub fn mohar(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).output().expect("mohar starts")
}

/// The exact body of a sample request.
///
/// # Panics
/// If there is no such sample.
#[must_use]
pub fn sample(name: &str) -> Value {
    let path = checkout().join(format!("schemas/samples/{name}.json"));
    serde_json::from_slice(&std::fs::read(path).expect("the sample")).expect("JSON")
}

/// `mohar demo` in a folder of its own; killed and removed when dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// Its data folder.
    pub dir: PathBuf,
    /// Its address.
    pub base_url: String,
    /// Its API key.
    pub api_key: String,
    keep: bool,
}

impl Service {
    /// Starts one in a new folder.
    #[must_use]
    pub fn start(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("mohar-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        Self::start_in(dir, &[])
    }

    /// Starts one in a folder that may hold an earlier one's data.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_in(dir: PathBuf, more: &[&str]) -> Self {
        Self::start_logging(dir, more, Stdio::inherit())
    }

    /// Starts one whose log goes elsewhere.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_logging(dir: PathBuf, more: &[&str], log: Stdio) -> Self {
        let mut child = Command::new(program())
            .args(["demo", "--empty", "--listen", "127.0.0.1:0", "--data"])
            .arg(&dir)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("mohar starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        // The last line it prints before it serves.
        let ready = lines.by_ref().map_while(Result::ok).any(|l| l.starts_with("Issue one"));
        assert!(ready, "mohar demo did not start");
        let json = std::fs::read(dir.join("demo.json")).expect("demo.json");
        let demo: Value = serde_json::from_slice(&json).expect("JSON");
        let text = |key: &str| demo[key].as_str().expect("a text").to_owned();
        Self { child, base_url: text("base_url"), api_key: text("api_key"), dir, keep: false }
    }

    /// Starts `mohar simulator` in a folder: the platform alone, for a service elsewhere.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn simulator(dir: PathBuf, webhook: &str, (token, app_secret): (&str, &str)) -> Self {
        let mut child = Command::new(program())
            .args(["simulator", "--listen", "127.0.0.1:0", "--webhook", webhook, "--data"])
            .arg(&dir)
            .env("MOHAR_SIMULATOR_TOKEN", token)
            .env("MOHAR_SIMULATOR_APP_SECRET", app_secret)
            .stdout(Stdio::piped())
            .spawn()
            .expect("mohar starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        // All that it says: a closed pipe would end it.
        let lines: Vec<String> = lines.map_while(Result::ok).take(3).collect();
        let page = lines.iter().find_map(|l| {
            let url = l.trim().strip_prefix("chat")?.trim().strip_suffix("/simulator")?;
            Some(url.to_owned())
        });
        let base_url = page.expect("the simulator's address");
        Self { child, base_url, api_key: String::new(), dir, keep: false }
    }

    /// Sends SIGKILL and leaves the rest to [`Service::kill`].
    pub fn signal_kill(&self) {
        let _ = Command::new("kill").args(["-KILL", &self.child.id().to_string()]).status();
    }

    /// Kills it at once (SIGKILL) and keeps its folder.
    #[must_use]
    pub fn kill(mut self) -> PathBuf {
        self.keep = true;
        self.dir.clone()
    }

    /// Posts JSON (or any bytes) and gives status and answer.
    ///
    /// # Errors
    /// If the connection breaks.
    pub fn post(&self, path: &str, key: Option<&str>, body: &[u8]) -> Result<(u16, Value), ureq::Error> {
        // A body that is too large ends its connection, which must not be used again.
        let (own, kept) = (fresh(), agent());
        let request = if body.len() > 65_536 { &own } else { kept }
            .post(format!("{}{path}", self.base_url))
            .header("Authorization", format!("Bearer {}", self.api_key));
        let request = match key {
            Some(key) => request.header("Idempotency-Key", key),
            None => request,
        };
        let mut answer = request.send(body)?;
        let status = answer.status().as_u16();
        Ok((status, answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    /// Posts bytes that say what they are.
    ///
    /// # Errors
    /// If the connection breaks.
    pub fn post_as(&self, path: &str, kind: &str, body: &[u8]) -> Result<(u16, Value), ureq::Error> {
        let request = agent().post(format!("{}{path}", self.base_url)).header("Content-Type", kind);
        let mut answer = request.send(body)?;
        Ok((answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    /// Issues a request.
    ///
    /// # Panics
    /// If it is not accepted.
    #[must_use]
    pub fn issue(&self, request: &Value, key: &str) -> Value {
        let (status, answer) =
            self.post("/v1/certificates", Some(key), request.to_string().as_bytes()).expect("an answer");
        assert!(status == 201 || status == 200, "{status} {answer}");
        answer
    }

    /// The verdict of `POST /v1/verify`.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn verdict(&self, qr: &str) -> String {
        let question = serde_json::json!({ "qr": qr }).to_string();
        let (_, answer) = self.post("/v1/verify", None, question.as_bytes()).expect("an answer");
        answer["verdict"].as_str().unwrap_or_default().to_owned()
    }

    /// Fetches bytes.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let ask = |agent: &ureq::Agent| agent.get(format!("{}{path}", self.base_url)).call();
        // A refusal that left a body unread ends its connection: as any client, ask again on a new one.
        let mut answer = ask(agent()).or_else(|_| ask(&fresh())).expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_to_vec().expect("a body"))
    }
}

impl Service {
    /// Fetches bytes with the API key.
    ///
    /// # Panics
    /// If the answer is not 200.
    #[must_use]
    pub fn get_as_caller(&self, path: &str) -> Vec<u8> {
        let request = agent().get(format!("{}{path}", self.base_url));
        let mut answer =
            request.header("Authorization", format!("Bearer {}", self.api_key)).call().expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
        answer.body_mut().read_to_vec().expect("a body")
    }
}

impl Service {
    /// Deletes something with the API key.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn delete(&self, path: &str) -> (u16, Value) {
        let request = agent().delete(format!("{}{path}", self.base_url));
        let request = request.header("Authorization", format!("Bearer {}", self.api_key));
        let mut answer = request.call().expect("an answer");
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null))
    }

    /// Posts a batch of requests, one a line, and gives the lines of the answer.
    ///
    /// # Errors
    /// If the connection breaks.
    pub fn batch(&self, body: &[u8], key: &str) -> Result<String, ureq::Error> {
        let mut answer = agent()
            .post(format!("{}/v1/certificates/batch", self.base_url))
            .header("Authorization", format!("Bearer {}", self.api_key))
            .header("Idempotency-Key", key)
            .send(body)?;
        answer.body_mut().with_config().limit(256 << 20).read_to_string()
    }

    /// Posts lines to an address that answers in lines.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn batch_of(&self, path: &str, body: &[u8]) -> String {
        let mut answer = fresh().post(format!("{}{path}", self.base_url)).send(body).expect("an answer");
        answer.body_mut().with_config().limit(256 << 20).read_to_string().expect("a body")
    }

    /// Posts lines and asks for an answer of another kind; gives status, kind and bytes.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn batch_as(&self, path: &str, accept: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
        let request = fresh().post(format!("{}{path}", self.base_url)).header("Accept", accept);
        let mut answer = request.send(body).expect("an answer");
        let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (status, kind) = (answer.status().as_u16(), kind.to_owned());
        (status, kind, answer.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body"))
    }

    /// A line of the process's `/proc/PID/status` such as `VmRSS`, in megabytes of 1,000,000 bytes.
    #[must_use]
    pub fn memory_mb(&self, what: &str) -> f64 {
        memory_mb(self.child.id(), what)
    }
}

fn memory_mb(process: u32, what: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix(what)?.strip_prefix(':'));
    let kib = line.and_then(|l| l.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) * 1_024.0 / 1e6
}

/// One for all, so that connections are kept and ports are not used up.
fn agent() -> &'static ureq::Agent {
    static AGENT: LazyLock<ureq::Agent> = LazyLock::new(fresh);
    &AGENT
}

fn fresh() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}
