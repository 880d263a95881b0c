//! Where many certificates come from: folders, ZIP archives and lists (CSV), one item after the other,
//! so that no more than a few are in memory.

use super::super::Error;
use mohar_schemas::bulk::Why;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// Items of one run.
const ITEMS_MAX: usize = 200_000;
/// Folders inside folders.
const DEPTH_MAX: usize = 16;
/// Bytes of all entries of one archive together, unpacked (4 GiB).
const ARCHIVE_BYTES_MAX: u64 = 4 << 30;
/// An entry may grow so many times when it is unpacked; a page of print grows some ten times.
const RATIO_MAX: u64 = 200;
/// Entries smaller than this are not worth a bomb.
const RATIO_FROM: u64 = 1 << 20;

/// A code that was given by itself is called by its beginning.
const NAME_CHARS: usize = 60;

/// One thing to verify.
pub struct Item {
    /// What it is called in the report.
    pub name: String,
    /// What it holds, or why it was not read.
    pub content: Content,
    /// The purpose the list asks about.
    pub purpose: Option<String>,
}

/// What an item holds.
pub enum Content {
    /// A picture, a PDF or a text.
    File(Vec<u8>),
    /// The text of a code.
    Code(String),
    /// It was not read.
    Unread(Why),
}

/// Whether an input holds many items.
pub fn is_many(input: &str) -> bool {
    let path = Path::new(input);
    input.len() < 1_000
        && (path.is_dir() || path.is_file() && (has_extension(path, "csv") || has_extension(path, "zip")))
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(wanted))
}

/// Hands every item of every input to `take`, in order, until it wants no more.
pub fn each(inputs: &[String], mut take: impl FnMut(Item) -> bool) -> Result<(), Error> {
    let mut left = ITEMS_MAX;
    let mut counted = |item: Item| {
        left = left.checked_sub(1).ok_or_else(|| format!("more than {ITEMS_MAX} items: split them up"))?;
        Ok(take(item))
    };
    for input in inputs {
        if !any(Path::new(input), 0, &mut counted)? {
            break;
        }
    }
    Ok(())
}

type Take<'a> = dyn FnMut(Item) -> Result<bool, Error> + 'a;

fn any(path: &Path, depth: usize, take: &mut Take<'_>) -> Result<bool, Error> {
    let name = path.display().to_string();
    let failed = |e: std::io::Error| Error::from(format!("{name}: {e}"));
    if path.is_dir() {
        if depth == DEPTH_MAX {
            return Err(format!("{name}: folders are nested more than {DEPTH_MAX} deep").into());
        }
        let entries =
            std::fs::read_dir(path).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        // A link may lead anywhere, even back.
        let real = entries.iter().filter(|e| e.file_type().is_ok_and(|t| !t.is_symlink()));
        let mut paths: Vec<PathBuf> = real.map(std::fs::DirEntry::path).collect();
        paths.sort();
        for path in paths {
            if !any(&path, depth + 1, take)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if !path.is_file() {
        let short = name.chars().take(NAME_CHARS).collect();
        return take(Item { name: short, content: Content::Code(name), purpose: None });
    }
    let file = File::open(path).map_err(failed)?;
    if has_extension(path, "zip") {
        archive(&name, file, take)
    } else if has_extension(path, "csv") {
        list(&name, file, take)
    } else {
        take(Item { name, content: limited(file), purpose: None })
    }
}

/// A file up to the size of a picture.
fn limited(file: impl Read) -> Content {
    let most = u64::try_from(mohar_picture::PICTURE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = vec![];
    match file.take(most + 1).read_to_end(&mut bytes) {
        Err(_) => Content::Unread(Why::Unreadable),
        Ok(_) if bytes.len() > mohar_picture::PICTURE_BYTES_MAX => Content::Unread(Why::TooLong),
        Ok(_) => Content::File(bytes),
    }
}

fn archive(name: &str, file: impl Read + Seek, take: &mut Take<'_>) -> Result<bool, Error> {
    let mut zip = ZipArchive::new(file).map_err(|e| format!("{name}: {e}"))?;
    let mut unpacked = 0;
    for n in 0..zip.len() {
        let mut item =
            Item { name: format!("{name}: {n}"), content: Content::Unread(Why::Unreadable), purpose: None };
        if let Ok(entry) = zip.by_index(n) {
            if entry.is_dir() {
                continue;
            }
            item.name = format!("{name}/{}", entry.name());
            // What the archive says of itself may be a lie; `limited` counts what really comes.
            let packed = entry.compressed_size().max(1);
            item.content = limited(entry);
            if let Content::File(bytes) = &item.content {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                unpacked += size;
                if size > RATIO_FROM && size / packed > RATIO_MAX {
                    item.content = Content::Unread(Why::Grows);
                }
            }
        }
        if unpacked > ARCHIVE_BYTES_MAX {
            return Err(format!("{name}: unpacked it is longer than 4 GiB; split it up").into());
        }
        if !take(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A list with a heading that names `code` (or `qr`), and perhaps `id` and `purpose`; or without a
/// heading, the code first.
fn list(name: &str, file: impl Read, take: &mut Take<'_>) -> Result<bool, Error> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let (mut code, mut id, mut purpose) = (0, None, None);
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|e| format!("{name}: {e}"))?;
        let column = |names: &[&str]| {
            record.iter().position(|c| {
                names.contains(&c.trim().trim_start_matches('\u{feff}').to_lowercase().as_str())
            })
        };
        if let (0, Some(at)) = (n, column(&["code", "qr"])) {
            (code, id, purpose) = (at, column(&["id", "name"]), column(&["purpose"]));
            continue;
        }
        let cell =
            |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|c| !c.is_empty()).map(str::to_owned);
        let item = Item {
            name: cell(id).unwrap_or_else(|| format!("{name}: {}", n + 1)),
            content: Content::Code(record.get(code).unwrap_or_default().to_owned()),
            purpose: cell(purpose),
        };
        if !take(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
