//! The portal's files and the JavaScript package it is made of, part of the binary. The page is one answer,
//! style and script in it; the build makes the script of plain modules (`build.rs`), which are served, too.

use crate::app::App;
use crate::served::Served;
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use std::sync::Arc;

/// Nothing but our own files; no inline script or style (the portal's page names its own by their hashes).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Of the decoder's worker alone: it compiles its WebAssembly.
const DECODER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// The style of the page, and its script as the build made it of the modules.
const STYLE: &str = include_str!("../portal/portal.css");
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/page.js"));

const WORKER: &str = "/js/scanner/worker.js";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

/// How long browsers keep a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// From the first visit on, so that it is there without a network.
    Ahead,
    /// From when it was first needed on.
    OnceUsed,
    /// Not by the service worker.
    Not,
}
use Kept::{Ahead, Not, OnceUsed};

/// A file of the portal.
struct File {
    path: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    kept: Kept,
}

macro_rules! file {
    ($path:expr, $kind:expr, $file:expr, $kept:expr) => {
        File { path: $path, kind: $kind, bytes: include_bytes!(concat!("../", $file)), kept: $kept }
    };
}

/// Modules of a folder, served at another.
macro_rules! modules {
    ($at:literal, $folder:literal, $kept:expr, $($name:literal)*) => {
        &[$(file!(concat!($at, $name), JS, concat!($folder, $name), $kept)),*]
    };
}

static PAGES: &[File] = &[
    file!("/portal.css", CSS, "portal/portal.css", Not),
    file!("/seal.svg", SVG, "portal/seal.svg", Not),
    file!("/icon-32.png", PNG, "portal/icon-32.png", Ahead),
    file!("/manifest.webmanifest", "application/manifest+json", "portal/manifest.webmanifest", Ahead),
    File {
        path: "/js/later.js",
        kind: JS,
        bytes: include_bytes!(concat!(env!("OUT_DIR"), "/later.js")),
        kept: Ahead,
    },
    file!("/icon-180.png", PNG, "portal/icon-180.png", Not),
    file!("/icon-192.png", PNG, "portal/icon-192.png", Not),
    file!("/icon-512.png", PNG, "portal/icon-512.png", Not),
    file!("/icon-maskable-512.png", PNG, "portal/icon-maskable-512.png", Not),
    file!("/pages.css", CSS, "portal/pages.css", Not),
    file!(WORKER, JS, "portal/js/scanner/worker.js", OnceUsed),
    file!(
        "/decoder/reader/zxing_reader.wasm",
        "application/wasm",
        "portal/decoder/reader/zxing_reader.wasm",
        OnceUsed
    ),
];

static SCRIPTS: &[File] = modules![
    "/js/", "portal/js/", Not,
    "aloud.js" "app.js" "home.js" "verdict.js"
];

/// Modules that the page for many shares; the portal's own page has them in its script.
static SHARED: &[File] =
    modules!["/js/", "portal/js/", OnceUsed, "files.js" "page.js" "strings.js" "scanner/decoder.js"];

static SCANNER: &[File] = modules![
    "/js/", "portal/js/", Not,
    "scanner/camera.js" "scanner/hints.js" "scanner/signals.js" "scanner/view.js"
];

static PACKAGE: &[File] = modules![
    "/package/", "package/", OnceUsed,
    "bytes.js" "cbor.js" "clock.js" "cose.js" "credential.js" "evidence.js" "gaps.js" "index.js" "lists.js"
    "scan.js" "scsu.js" "snapshot.js" "store.js" "verifier.js" "verify.js" "words.js"
];

/// For other people's sites, and to see it.
static ELEMENT: &[File] = &[
    file!("/package/element.js", JS, "package/element.js", Not),
    file!("/package/example.js", JS, "package/example.js", Not),
    file!("/package/example.html", HTML, "package/example.html", Not),
];

static DECODER: &[File] = modules!["/decoder/", "portal/decoder/", OnceUsed, "share.js" "reader/index.js"];

/// The page for many: nothing of it is fetched before it is opened.
static BULK: &[File] = &[
    file!("/bulk", HTML, "portal/bulk.html", OnceUsed),
    file!("/bulk.css", CSS, "portal/bulk.css", OnceUsed),
];

static BULK_SCRIPTS: &[File] = modules![
    "/js/bulk/", "portal/js/bulk/", OnceUsed,
    "app.js" "purpose.js" "report.js" "rows.js" "sources.js" "strings.js" "table.js" "zip.js"
];

fn files() -> impl Iterator<Item = &'static File> {
    [PAGES, SCRIPTS, SHARED, SCANNER, PACKAGE, ELEMENT, DECODER, BULK, BULK_SCRIPTS].into_iter().flatten()
}

/// The routes of the portal. `pages`: whether the pages of citizens are served, too, and may be linked.
pub fn router(pages: bool) -> Router<Arc<App>> {
    let page = page(pages);
    let worker = service_worker(&page);
    let policy = CONTENT_SECURITY_POLICY
        .replace("script-src 'self'", &format!("script-src 'self' {}", named(SCRIPT)))
        .replace("style-src 'self'", &format!("style-src 'self' {}", named(STYLE)));
    let fixed = files().map(|f| {
        let policy = if f.path == WORKER { DECODER_POLICY } else { CONTENT_SECURITY_POLICY };
        (f.path, Served::new(f.kind, Bytes::from_static(f.bytes)).under(policy))
    });
    let made = [("/", Served::new(HTML, page).under(policy)), ("/sw.js", Served::new(JS, worker))];
    fixed.chain(made).fold(Router::new(), |router, (path, served)| {
        router.route(path, get(move |headers: HeaderMap| async move { served.answer(&headers) }))
    })
}

/// The page with its style and script in it: one answer, one look into what the browser keeps.
fn page(pages: bool) -> String {
    let lines = include_str!("../portal/index.html").lines();
    let lines: Vec<_> = lines.filter(|l| pages || !l.contains("data-pages")).collect();
    let style = format!("<style>{STYLE}</style>");
    let script = format!("<script type=\"module\">{SCRIPT}</script>\n</body>");
    lines
        .join("\n")
        .replace("<link rel=\"stylesheet\" href=\"/portal.css\">", &style)
        .replace("  <script type=\"module\" src=\"/js/app.js\"></script>\n", "")
        .replace("</body>", &script)
}

/// What a content security policy calls an inline style or script.
fn named(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(sha256(text.as_bytes())))
}

/// The service worker, with the names of the files it keeps and of their state.
fn service_worker(page: &str) -> String {
    let paths = |kept: Kept| files().filter(move |f| f.kept == kept).map(|f| f.path);
    let ahead: Vec<_> = ["/"].into_iter().chain(paths(Ahead)).collect();
    let later: Vec<_> = paths(OnceUsed).collect();
    let state: Vec<u8> = files().filter(|f| f.kept != Not).flat_map(|f| sha256(f.bytes)).collect();
    let state = sha256(&[state.as_slice(), page.as_bytes()].concat());
    format!(
        "const STATE = \"{}\";\nconst FILES = {};\nconst LATER = {};\n{}",
        hex(&state[..8]),
        serde_json::json!(ahead),
        serde_json::json!(later),
        include_str!("../portal/sw.js")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_all_in_it_and_links_what_is_served() {
        let (with, without) = (page(true), page(false));
        assert!(with.contains("href=\"/number\"") && !without.contains("href=\"/number\""));
        for page in [with, without] {
            assert_eq!((page.matches("<style>").count(), page.matches("<script").count()), (1, 1));
            assert!(!page.contains("stylesheet") && !page.contains(" src="), "nothing more to fetch");
        }
        // They would end early.
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
    }
}
