//! A server that speaks `OpenAI`'s HTTP interface for a language model and for speech, as helpful or as
//! hostile as it is told to be. It remembers what it heard.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How it answers.
#[derive(Debug, Clone)]
pub enum Manner {
    /// With this as the model's words, or as what was heard.
    Says(String),
    /// With this as the whole body.
    Body(Vec<u8>),
    /// With nothing but a status.
    Status(u16),
    /// With a body that never ends.
    Endless,
    /// With silence, until the other side has had enough.
    Silence,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Such as `/v1/chat/completions`.
    pub path: String,
    /// The header `Authorization`.
    pub authorization: String,
    /// As it came.
    pub body: Vec<u8>,
}

impl Heard {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// The server.
#[derive(Debug)]
pub struct Helper {
    /// What stands in the configuration.
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Helper {
    /// Starts one.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("its address"));
        let manner = Arc::new(Mutex::new(Manner::Status(503)));
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let (own, notes) = (Arc::clone(&manner), Arc::clone(&heard));
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let (own, notes) = (Arc::clone(&own), Arc::clone(&notes));
                std::thread::spawn(move || {
                    if let Some(request) = read(&stream) {
                        let path = request.path.clone();
                        lock(&notes).push(request);
                        let manner = lock(&own).clone();
                        let _ = answer(&stream, &path, manner);
                    }
                });
            }
        });
        Self { url, manner, heard }
    }

    /// From now on it answers so.
    pub fn will(&self, manner: Manner) {
        *lock(&self.manner) = manner;
    }

    /// What it heard so far.
    pub fn heard(&self) -> MutexGuard<'_, Vec<Heard>> {
        lock(&self.heard)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(stream: &TcpStream) -> Option<Heard> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut authorization) = (0, String::new());
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => value.clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some(Heard { path, authorization, body })
}

fn answer(mut stream: &TcpStream, path: &str, manner: Manner) -> std::io::Result<()> {
    let (status, body) = match manner {
        Manner::Says(text) if path.ends_with("/transcriptions") => {
            (200, json!({ "text": text }).to_string().into_bytes())
        }
        Manner::Says(text) => {
            let message = json!({ "role": "assistant", "content": text });
            (200, json!({ "choices": [{ "index": 0, "message": message }] }).to_string().into_bytes())
        }
        Manner::Body(body) => (200, body),
        Manner::Status(status) => (status, b"{}".to_vec()),
        Manner::Endless => {
            stream.write_all(b"HTTP/1.1 200 Said\r\nContent-Type: application/json\r\n\r\n{\"choices\":[")?;
            loop {
                stream.write_all(&[b' '; 1_024])?;
            }
        }
        // Reads until the other side hangs up.
        Manner::Silence => return stream.read_to_end(&mut vec![]).map(drop),
    };
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}
