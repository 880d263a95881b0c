//! A real headless Chromium, driven over its own debugging protocol.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

const PATIENCE: Duration = Duration::from_secs(30);

/// One tab of a browser with an empty profile.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    profile: PathBuf,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: String,
    last_id: u64,
    /// Everything the browser reported of its own accord.
    pub events: Vec<Value>,
}

impl Browser {
    /// Starts Chromium.
    ///
    /// # Panics
    /// If it is not installed; `tests/run` installs it.
    #[must_use]
    pub fn start(name: &str) -> Self {
        Self::start_with(name, &[])
    }

    /// Starts Chromium with a camera that shows a film over and over (MJPEG or Y4M), and allows it.
    #[must_use]
    pub fn with_camera(name: &str, film: &Path) -> Self {
        let film = format!("--use-file-for-fake-video-capture={}", film.display());
        Self::start_with(
            name,
            &["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", &film],
        )
    }

    fn start_with(name: &str, more: &[&str]) -> Self {
        let profile = std::env::temp_dir().join(format!("mohar-browser-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&profile);
        let mut child = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
            .args(["--remote-debugging-port=0", "--no-first-run", "--lang=en-IN", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .expect("chromium starts; tests/run installs it");
        let lines = BufReader::new(child.stderr.take().expect("its output")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|l| l.strip_prefix("DevTools listening on ").map(str::to_owned))
            .expect("the address of the debugging port");
        let (socket, _) = tungstenite::connect(address).expect("a connection to the browser");
        let mut browser = Self { child, profile, socket, session: String::new(), last_id: 0, events: vec![] };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", &attach);
        session["sessionId"].as_str().expect("a session").clone_into(&mut browser.session);
        for domain in ["Page.enable", "Network.enable", "Runtime.enable"] {
            browser.call(domain, &json!({}));
        }
        browser
    }

    /// Calls a method of the protocol.
    ///
    /// # Panics
    /// If the browser refuses or does not answer.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    fn try_call(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        self.last_id += 1;
        let mut request = json!({ "id": self.last_id, "method": method, "params": params });
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(request.to_string())).expect("sent");
        loop {
            let Message::Text(text) = self.socket.read().expect("an answer") else { continue };
            let answer: Value = serde_json::from_str(&text).expect("JSON");
            if answer["id"] == self.last_id {
                let error = &answer["error"];
                return if error.is_null() { Ok(answer["result"].clone()) } else { Err(error.clone()) };
            }
            self.events.push(answer);
        }
    }

    /// Evaluates an expression, awaiting a promise.
    ///
    /// # Panics
    /// If it throws.
    pub fn eval(&mut self, expression: &str) -> Value {
        let answer = self.evaluate(expression).unwrap_or_else(|e| panic!("{expression}: {e}"));
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    fn evaluate(&mut self, expression: &str) -> Result<Value, Value> {
        let params = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        self.try_call("Runtime.evaluate", &params)
    }

    /// Opens an address.
    pub fn open(&mut self, url: &str) {
        // From a page of nothing, so that an address that differs in its fragment is loaded, too.
        self.call("Page.navigate", &json!({ "url": "about:blank" }));
        self.call("Page.navigate", &json!({ "url": url }));
    }

    /// Waits until an expression is truthy and gives its value.
    ///
    /// # Panics
    /// If that takes half a minute.
    pub fn wait(&mut self, expression: &str) -> Value {
        let start = Instant::now();
        loop {
            // A page that is still loading throws, one that is leaving errs; both count as not yet.
            let value = self.evaluate(expression).map_or(Value::Null, |a| a["result"]["value"].clone());
            if !(value.is_null() || value == false || value == "") {
                return value;
            }
            let page = || "document.body.innerText";
            assert!(start.elapsed() < PATIENCE, "{expression} never came; the page: {}", self.eval(page()));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The verdict that the page shows.
    pub fn verdict(&mut self) -> String {
        self.wait("document.documentElement.dataset.verdict").as_str().unwrap_or_default().to_owned()
    }

    /// Sets the size of the page in its own pixels, and how many of the screen make one of them.
    pub fn resize(&mut self, width: u32, height: u32, scale: f64) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Chooses a file for an input, as a person does in the dialogue.
    pub fn choose(&mut self, selector: &str, path: &Path) {
        let document = self.call("DOM.getDocument", &json!({}));
        let root = json!({ "nodeId": document["root"]["nodeId"], "selector": selector });
        let node = self.call("DOM.querySelector", &root);
        let files = json!({ "nodeId": node["nodeId"], "files": [path.display().to_string()] });
        self.call("DOM.setFileInputFiles", &files);
    }

    /// Takes a picture of the whole page.
    ///
    /// # Panics
    /// If the file cannot be written.
    pub fn picture(&mut self, path: &Path) {
        let answer = self.call("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }));
        let data = answer["data"].as_str().unwrap_or_default();
        std::fs::write(path, base64(data)).expect("written");
    }
}

/// Base64 as the protocol sends pictures (RFC 4648 §4).
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut out) = (0u32, 0, vec![]);
    for value in text.bytes().filter_map(|c| LETTERS.iter().position(|l| *l == c)) {
        bits = bits << 6 | u32::try_from(value).unwrap_or(0);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap_or(0));
        }
    }
    out
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}
