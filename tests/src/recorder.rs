//! A relay between a browser and the service that keeps every byte the browser sends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// The relay; its threads end with the test's process.
#[derive(Debug)]
pub struct Recorder {
    /// The address that the browser opens.
    pub base_url: String,
    sent: Arc<Mutex<Vec<u8>>>,
    received: Arc<AtomicU64>,
    cut: Arc<AtomicBool>,
}

impl Recorder {
    /// Relays to `http://host:port`.
    ///
    /// # Panics
    /// If no port is free.
    #[must_use]
    pub fn start(service: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("its address"));
        let (sent, cut) = (Arc::new(Mutex::new(vec![])), Arc::new(AtomicBool::new(false)));
        let received = Arc::new(AtomicU64::new(0));
        let upstream = service.trim_start_matches("http://").to_owned();
        let (record, closed, count) = (Arc::clone(&sent), Arc::clone(&cut), Arc::clone(&received));
        thread::spawn(move || {
            for browser in listener.incoming().map_while(Result::ok) {
                if closed.load(Ordering::Relaxed) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(&upstream) else { continue };
                relay(&browser, &server, Arc::clone(&record), Arc::clone(&count), Arc::clone(&closed));
            }
        });
        Self { base_url, sent, received, cut }
    }

    /// Everything the browser has sent.
    ///
    /// # Panics
    /// Never: nothing panics while it holds the lock.
    #[must_use]
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().expect("not poisoned")).into_owned()
    }

    /// How many bytes the browser has received, heads of answers included.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Cuts the network: connections end, new ones get no answer.
    pub fn cut(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }
}

fn relay(
    browser: &TcpStream,
    server: &TcpStream,
    record: Arc<Mutex<Vec<u8>>>,
    count: Arc<AtomicU64>,
    cut: Arc<AtomicBool>,
) {
    let clones = (browser.try_clone(), server.try_clone(), browser.try_clone(), server.try_clone());
    let (Ok(from), Ok(to), Ok(back), Ok(answers)) = clones else { return };
    let closed = Arc::clone(&cut);
    let keep = move |bytes: &[u8]| {
        if let Ok(mut all) = record.lock() {
            all.extend_from_slice(bytes);
        }
    };
    thread::spawn(move || copy(from, to, &closed, keep));
    thread::spawn(move || {
        copy(answers, back, &cut, |bytes| {
            count.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        });
    });
}

fn copy(mut from: TcpStream, mut to: TcpStream, cut: &AtomicBool, see: impl Fn(&[u8])) {
    let mut buffer = [0; 16_384];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        see(&buffer[..n]);
        if cut.load(Ordering::Relaxed) || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
