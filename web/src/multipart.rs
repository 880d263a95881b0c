//! `multipart/form-data` (RFC 7578) for what is uploaded.

use mohar_keys::file::hex;

/// Stands between the parts; never in a file's own bytes, it is made of random digits.
const BOUNDARY_BYTES: usize = 16;

/// A form in the making.
pub struct Form {
    boundary: String,
    body: Vec<u8>,
}

impl Form {
    pub fn new() -> Self {
        let mut random = [0; BOUNDARY_BYTES];
        crate::edge::random(&mut random);
        Self { boundary: hex(&random), body: vec![] }
    }

    /// Adds a text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        let head = format!("--{}\r\nContent-Disposition: form-data; name=\"{name}\"", self.boundary);
        self.body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
        self
    }

    /// Adds the part `file`.
    pub fn file(mut self, file_name: &str, media_type: &str, bytes: &[u8]) -> Self {
        let file_name = file_name.replace(['"', '\r', '\n'], "_");
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\n\r\n",
            self.boundary
        );
        self.body.extend_from_slice(head.as_bytes());
        self.body.extend_from_slice(bytes);
        self.body.extend_from_slice(b"\r\n");
        self
    }

    /// The header `Content-Type` and the body.
    pub fn end(mut self) -> (String, Vec<u8>) {
        self.body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        (format!("multipart/form-data; boundary={}", self.boundary), self.body)
    }
}
