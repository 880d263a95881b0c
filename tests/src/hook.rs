//! A department's own server, which takes webhooks: the first few badly.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was sent: the headers in small letters, and the body.
pub type Taken = (Vec<(String, String)>, String);

/// The server; it runs until the test ends.
#[derive(Debug)]
pub struct Hook {
    /// Its address.
    pub url: String,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Hook {
    /// Refuses the first few, takes the others.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(refused: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("its address"));
        let taken = Arc::<Mutex<Vec<Taken>>>::default();
        let into = Arc::clone(&taken);
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().filter_map(Result::ok).enumerate() {
                let Some(message) = read(&stream) else { continue };
                let status = if n < refused { "503 Later" } else { "204 Taken" };
                if n >= refused {
                    into.lock().expect("the list").push(message);
                }
                let _ =
                    write!(&stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        Self { url, taken }
    }

    /// What was taken, once there are so many.
    ///
    /// # Panics
    /// If they do not come.
    #[must_use]
    pub fn wait(&self, count: usize) -> Vec<Taken> {
        for _ in 0..400 {
            let taken = self.taken.lock().expect("the list");
            if taken.len() >= count {
                return taken.clone();
            }
            drop(taken);
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("only {} of {count} came", self.taken.lock().expect("the list").len());
    }
}

fn read(stream: &TcpStream) -> Option<Taken> {
    let mut lines = BufReader::new(stream);
    let mut headers = vec![];
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ") {
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }
    let length = headers.iter().find(|(n, _)| n == "content-length")?.1.parse().ok()?;
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some((headers, String::from_utf8(body).ok()?))
}
