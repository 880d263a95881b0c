//! What a citizen attaches, before it is kept: a picture that opens, or a PDF that only shows pages.

use crate::{Format, Unread, format, intake};
use hayro::hayro_syntax::object::{MaybeRef, Object};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages of a PDF.
const PAGES_MAX: usize = 100;
/// Nesting that is followed inside one object of a PDF.
const DEPTH_MAX: usize = 16;

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is something else, whatever its name says.
    #[error("the file is no PDF, JPEG or PNG")]
    Format,
    /// It begins as it should and does not go on so.
    #[error("the file is damaged: it does not open")]
    Damaged,
    /// It would take too much memory to show.
    #[error("the picture has more than 64 million pixels, or the PDF more than 100 pages")]
    TooLarge,
    /// Only who knows a password can read it.
    #[error("the PDF is protected by a password")]
    Password,
    /// It would run something on the officer's computer.
    #[error("the PDF contains a program (script)")]
    Script,
}

/// Looks a file through; gives `pdf`, `jpeg` or `png`.
pub fn attachment(bytes: &[u8]) -> Result<&'static str, Unfit> {
    // The decoders are other people's and see anybody's bytes: where they panic, the file is damaged.
    let look = || match format(bytes) {
        Some(Format::Picture) => fit_picture(bytes),
        Some(Format::Pdf) => fit_pdf(bytes),
        None => Err(Unfit::Format),
    };
    catch_unwind(AssertUnwindSafe(look)).unwrap_or(Err(Unfit::Damaged))
}

fn fit_picture(bytes: &[u8]) -> Result<&'static str, Unfit> {
    intake::picture(bytes)
        .map_err(|why| if why == Unread::TooLarge { Unfit::TooLarge } else { Unfit::Damaged })?;
    Ok(if bytes.starts_with(b"\x89PNG") { "png" } else { "jpeg" })
}

fn fit_pdf(bytes: &[u8]) -> Result<&'static str, Unfit> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|e| match e {
        LoadPdfError::Decryption(_) => Unfit::Password,
        LoadPdfError::Invalid => Unfit::Damaged,
    })?;
    match pdf.pages().len() {
        0 => return Err(Unfit::Damaged),
        pages if pages > PAGES_MAX => return Err(Unfit::TooLarge),
        _ => {}
    }
    // Some open without a password and are encrypted all the same: what they hide was not looked at.
    if bytes.windows(8).any(|w| w == b"/Encrypt") {
        return Err(Unfit::Password);
    }
    let runs = pdf.objects().into_iter().any(|object| runs(&object, 0));
    if runs { Err(Unfit::Script) } else { Ok("pdf") }
}

/// Whether an object has a script, or starts a program (ISO 32000-1, §12.6.4).
fn runs(object: &Object<'_>, depth: usize) -> bool {
    let inner = |value: MaybeRef<Object<'_>>| match value {
        // What it refers to is an object of its own and looked at there.
        MaybeRef::Ref(_) => false,
        MaybeRef::NotRef(object) => depth < DEPTH_MAX && runs(&object, depth + 1),
    };
    let dict = match object {
        Object::Dict(dict) => dict,
        Object::Stream(stream) => stream.dict(),
        Object::Array(array) => return array.raw_iter().any(inner),
        _ => return false,
    };
    dict.entries().any(|(key, value)| {
        let name = match &value {
            MaybeRef::NotRef(Object::Name(name)) => &name[..],
            _ => &[],
        };
        let launches = matches!(name, b"JavaScript" | b"Launch" | b"ImportData" | b"SubmitForm");
        matches!(&key[..], b"JS" | b"JavaScript") || (&key[..] == b"S" && launches) || inner(value)
    })
}
