//! Attached files: in a folder of their application, under the SHA-256 of what they hold, whole or not
//! at all.

use bytes::Bytes;
use mohar_keys::file::hex;
use mohar_picture::{Unfit, attachment};
use mohar_schemas::service::DocumentKind;
use mohar_schemas::sha256;
use std::io::Write;
use std::path::PathBuf;

/// A folder of files.
pub struct Files(PathBuf);

/// Looks through what somebody attaches as a kind of document; gives its format, or the key of the text
/// that says why it is not kept.
pub async fn looked_through(document: &DocumentKind, bytes: &Bytes) -> Result<&'static str, &'static str> {
    if bytes.is_empty() {
        return Err("file_missing");
    }
    if bytes.len() > document.max_kib as usize * 1_024 {
        return Err("file_size");
    }
    let bytes = bytes.clone();
    let looked = tokio::task::spawn_blocking(move || attachment(&bytes)).await;
    match looked.unwrap_or(Err(Unfit::Damaged)) {
        Ok(format) if document.formats.iter().any(|f| f == format) => Ok(format),
        Ok(_) | Err(Unfit::Format) => Err("file_type"),
        Err(Unfit::Damaged) => Err("file_damaged"),
        Err(Unfit::TooLarge) => Err("file_huge"),
        Err(Unfit::Password) => Err("file_password"),
        Err(Unfit::Script) => Err("file_script"),
    }
}

/// Its media type.
pub fn media_type(format: &str) -> &'static str {
    match format {
        "pdf" => "application/pdf",
        "png" => "image/png",
        _ => "image/jpeg",
    }
}

impl Files {
    /// Files in a folder, which is made where it is missing.
    pub fn new(folder: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Keeps a file of an application and gives its name.
    pub fn put(&self, application: &str, bytes: &[u8]) -> std::io::Result<String> {
        let folder = self.0.join(application);
        std::fs::create_dir_all(&folder)?;
        let name = hex(&sha256(bytes));
        let (path, part) = (folder.join(&name), folder.join(format!("{name}.part")));
        if !path.exists() {
            let mut file = std::fs::File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&part, &path)?;
        }
        Ok(name)
    }

    /// A file by its name; names come from the database alone.
    pub fn get(&self, application: &str, name: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.0.join(application).join(name))
    }

    /// Takes a file away; one that is gone already is no fault.
    pub fn remove(&self, application: &str, name: &str) -> std::io::Result<()> {
        match std::fs::remove_file(self.0.join(application).join(name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Takes the files of an application away.
    pub fn erase(&self, application: &str) -> std::io::Result<()> {
        match std::fs::remove_dir_all(self.0.join(application)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}
