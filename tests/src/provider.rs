//! What production reaches outside: a provider of text messages and a payment gateway behind one HTTP
//! server, and a mail server. They keep to their protocols, and remember.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the gateway and the provider know.
#[derive(Debug, Default)]
pub struct Books {
    /// Text messages: to whom, and what.
    pub messages: Vec<(String, String)>,
    /// Payment links by id.
    pub links: BTreeMap<String, Value>,
    /// Rupees given back, in paise, by payment.
    pub refunds: BTreeMap<String, i64>,
}

/// Text messages and payments.
#[derive(Debug)]
pub struct Provider {
    /// Its address.
    pub url: String,
    books: Arc<Mutex<Books>>,
}

impl Provider {
    /// Starts one.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let books = Arc::<Mutex<Books>>::default();
        let (own, at) = (Arc::clone(&books), url.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                if let Some((path, authorized, body)) = read(&stream) {
                    let (status, answer) = if authorized {
                        answer(&mut lock(&own), &path, &body, &at)
                    } else {
                        (401, json!({}))
                    };
                    let text = answer.to_string();
                    let _ = write!(
                        &stream,
                        "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                        text.len()
                    );
                }
            }
        });
        Self { url, books }
    }

    /// What it knows.
    pub fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.books)
    }

    /// Somebody pays the newest link.
    ///
    /// # Panics
    /// If there is no link.
    pub fn pay(&self) {
        let mut books = self.books();
        let (id, link) = books.links.iter_mut().next_back().expect("a link");
        link["status"] = json!("paid");
        link["amount_paid"] = link["amount"].clone();
        link["payments"] = json!([{ "payment_id": format!("pay_{id}"), "status": "captured" }]);
    }
}

fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Path, whether the caller said who it is, and body.
fn read(stream: &TcpStream) -> Option<(String, bool, Value)> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let (mut length, mut authorized) = (0, false);
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        authorized |= line.starts_with("authorization: ");
        if let Some(n) = line.strip_prefix("content-length: ") {
            length = n.parse().ok()?;
        }
        // Short bodies come in one piece or in chunks; the service sends their length.
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    Some((path, authorized, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

fn answer(books: &mut Books, path: &str, body: &Value, url: &str) -> (u16, Value) {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["sms"] => {
            let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
            books.messages.push((text("to"), text("text")));
            (200, json!({}))
        }
        ["payment_links"] => {
            let id = format!("plink_{}", books.links.len());
            let mut link = body.clone();
            link["id"] = json!(id);
            link["status"] = json!("created");
            link["short_url"] = json!(format!("{url}/pay/{id}"));
            books.links.insert(id, link.clone());
            (200, link)
        }
        ["payment_links", id] => books.links.get(*id).map_or((404, json!({})), |l| (200, l.clone())),
        ["payments", id] => {
            (200, json!({ "id": id, "amount_refunded": books.refunds.get(*id).copied().unwrap_or(0) }))
        }
        ["payments", id, "refund"] => {
            *books.refunds.entry((*id).to_owned()).or_default() += body["amount"].as_i64().unwrap_or(0);
            (200, json!({ "id": "rfnd" }))
        }
        _ => (404, json!({})),
    }
}

/// A mail server; gives its address and what it was told to deliver.
///
/// # Panics
/// If no port is free.
#[must_use]
pub fn mail_server() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("its address"));
    let letters = Arc::<Mutex<Vec<String>>>::default();
    let into = Arc::clone(&letters);
    std::thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let into = Arc::clone(&into);
            std::thread::spawn(move || converse(&stream, &into));
        }
    });
    (url, letters)
}

/// One conversation by RFC 5321.
fn converse(stream: &TcpStream, letters: &Mutex<Vec<String>>) -> Option<()> {
    let say = |text: &str| (&*stream).write_all(format!("{text}\r\n").as_bytes()).ok();
    let mut lines = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        (lines.read_line(&mut line).ok()? > 0).then_some(line)
    };
    say("220 mail.example ready")?;
    loop {
        let said = line()?;
        match said.get(..4)?.to_ascii_uppercase().as_str() {
            "DATA" => {
                say("354 go on")?;
                let mut letter = String::new();
                loop {
                    let part = line()?;
                    if part.trim_end() == "." {
                        break;
                    }
                    letter.push_str(&part);
                }
                letters.lock().ok()?.push(letter);
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 well")?,
        }
    }
}
