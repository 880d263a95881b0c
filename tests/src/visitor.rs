//! A visitor of the pages without JavaScript: keeps cookies, follows redirects, sends forms.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// Cookies and the address of a service.
#[derive(Debug)]
pub struct Visitor {
    base_url: String,
    agent: ureq::Agent,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Visitor {
    /// A new visitor, who reads English.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self { base_url: base_url.to_owned(), agent: config.build().into(), cookies: Mutex::default() }
    }

    /// The service is now at another address.
    pub fn moved(&mut self, base_url: &str) {
        base_url.clone_into(&mut self.base_url);
    }

    /// Opens a page.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn open(&self, path: &str) -> (u16, Vec<u8>) {
        self.try_open(path).expect("an answer")
    }

    fn try_open(&self, path: &str) -> Option<(u16, Vec<u8>)> {
        let request = self.agent.get(self.at(path)).header("Cookie", self.cookies());
        self.finish(request.header("Accept-Language", "en").call().ok()?)
    }

    /// The text of a page.
    ///
    /// # Panics
    /// If it is not served.
    pub fn page(&self, path: &str) -> String {
        let (status, body) = self.open(path);
        let text = String::from_utf8(body).expect("text");
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Sends a form as browsers do and gives the page it leads to.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn send(&self, path: &str, pairs: &[(String, String)]) -> (u16, String) {
        self.try_send(path, pairs).expect("an answer")
    }

    /// The same; none where the connection breaks.
    pub fn try_send(&self, path: &str, pairs: &[(String, String)]) -> Option<(u16, String)> {
        let pairs = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        let request = self.agent.post(self.at(path)).header("Cookie", self.cookies());
        let (status, body) = self.finish(request.header("Accept-Language", "en").send_form(pairs).ok()?)?;
        Some((status, String::from_utf8(body).ok()?))
    }

    /// Attaches a file.
    ///
    /// # Panics
    /// If there is no answer.
    pub fn attach(&self, path: &str, bytes: &[u8]) -> (u16, String) {
        self.try_attach(path, bytes).expect("an answer")
    }

    /// The same; none where the connection breaks.
    pub fn try_attach(&self, path: &str, bytes: &[u8]) -> Option<(u16, String)> {
        let mut body =
            b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self.agent.post(self.at(path)).header("Cookie", self.cookies());
        let request = request.header("Content-Type", "multipart/form-data; boundary=edge");
        let (status, body) = self.finish(request.header("Accept-Language", "en").send(&body[..]).ok()?)?;
        Some((status, String::from_utf8(body).ok()?))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{}", self.base_url, path.split('#').next().unwrap_or(path))
    }

    /// The cookies it holds, by name.
    #[must_use]
    pub fn jar(&self) -> BTreeMap<String, String> {
        self.held().clone()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn cookies(&self) -> String {
        self.held().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ")
    }

    fn finish(&self, mut answer: ureq::http::Response<ureq::Body>) -> Option<(u16, Vec<u8>)> {
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().ok().and_then(|c| c.split(';').next()?.split_once('='));
            if let Some((name, value)) = pair {
                self.held().insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status().as_u16();
        let next = answer.headers().get("location").and_then(|l| l.to_str().ok()).map(str::to_owned);
        let body = answer.body_mut().read_to_vec().ok()?;
        match next.filter(|_| (300..400).contains(&status)) {
            Some(next) => self.try_open(&next),
            None => Some((status, body)),
        }
    }
}
