//! Pictures and PDFs are read in a process of their own.
//!
//! Strangers' files meet other people's decoders there. Limits inside a program cannot stop a stack that
//! runs over or a stream that unpacks to gigabytes; the kernel can, and then only the small process ends.

use mohar_picture::{PICTURE_BYTES_MAX, Reading, Unread};
use mohar_schemas::qr::{self, Scanned};
use rlimit::Resource;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::process::{Command, ExitCode, Stdio};

/// Memory that reading a file may take: a picture of 64 megapixels needs a third of it.
const MEMORY_MAX: u64 = 768 << 20;
/// Processor time that reading a file may take; the chain of decoders counts pixels and ends far earlier.
const SECONDS_MAX: u64 = 12;

/// What was seen in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The codes, or why there are none.
    pub reading: Reading,
    /// The text of the page that has the certificate's code, where the file is a PDF with text.
    pub page: Option<String>,
}

impl Seen {
    fn unread(reason: Unread) -> Self {
        Self { reading: Reading::Unread(reason), page: None }
    }

    /// The text of the page that is to say what a code says. Where several certificates' codes are on a
    /// page, no line of it can be told to belong to one of them.
    pub fn page_of(&self, code: &str) -> Option<&str> {
        let ours = |text: &str| matches!(qr::read(text), Scanned::Digits(_));
        let Reading::Codes(texts) = &self.reading else { return None };
        let one = texts.iter().filter(|text| ours(text)).count() == 1;
        self.page.as_deref().filter(|_| one && ours(code))
    }
}

/// Reads the QR codes in a picture or PDF; the error is the operating system's, which could not start a
/// process.
pub fn read(bytes: &[u8]) -> std::io::Result<Seen> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Ok(Seen::unread(Unread::TooLarge));
    }
    // Ourselves, even where an upgrade has replaced the file.
    let program = std::path::Path::new("/proc/self/exe");
    let program = if program.exists() { program.to_owned() } else { std::env::current_exe()? };
    let mut child = Command::new(program)
        .arg("read-picture")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // It reads to the end before it writes; where it has ended early, its exit says so.
        let _ = stdin.write_all(bytes);
    }
    let output = child.wait_with_output()?;
    let reading = output.status.success().then(|| serde_json::from_slice(&output.stdout).ok()).flatten();
    Ok(reading.unwrap_or(Seen::unread(Unread::TooMuch)))
}

/// The process: standard input to what was [`Seen`] as JSON.
pub fn work() -> Result<ExitCode, crate::cli::Error> {
    Resource::AS.set(MEMORY_MAX, MEMORY_MAX)?;
    Resource::CPU.set(SECONDS_MAX, SECONDS_MAX)?;
    // No picture of somebody's certificate stays on the disk when the limit strikes.
    Resource::CORE.set(0, 0)?;
    let mut bytes = vec![];
    std::io::stdin().lock().take(PICTURE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    let reading = mohar_picture::read(&bytes);
    let page = match reading {
        Reading::Codes(_) => mohar_picture::page_text(&bytes),
        Reading::Unread(_) => None,
    };
    println!("{}", serde_json::to_string(&Seen { reading, page })?);
    Ok(ExitCode::SUCCESS)
}
