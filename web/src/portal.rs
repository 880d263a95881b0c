//! The portal's files and the JavaScript package it is made of, part of the binary.

use crate::app::App;
use crate::served::Served;
use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::get;
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use std::sync::Arc;

/// Nothing but our own files; no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Of the decoder's worker alone: it compiles its WebAssembly.
const DECODER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

/// How long browsers keep a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// From the first visit on; the page cannot do without.
    Always,
    /// From the first visit on, so that it is there without a network.
    Ahead,
    /// From when it was first needed on.
    OnceUsed,
    /// Not by the service worker.
    Not,
}
use Kept::{Ahead, Always, Not, OnceUsed};

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
    file!("/", HTML, "portal/index.html", Always),
    file!("/portal.css", CSS, "portal/portal.css", Always),
    file!("/seal.svg", SVG, "portal/seal.svg", Always),
    file!("/manifest.webmanifest", "application/manifest+json", "portal/manifest.webmanifest", Always),
    file!("/icon-180.png", PNG, "portal/icon-180.png", Not),
    file!("/icon-192.png", PNG, "portal/icon-192.png", Not),
    file!("/icon-512.png", PNG, "portal/icon-512.png", Not),
    file!("/icon-maskable-512.png", PNG, "portal/icon-maskable-512.png", Not),
    file!("/pages.css", CSS, "portal/pages.css", Not),
    file!("/js/scanner/worker.js", JS, "portal/js/scanner/worker.js", OnceUsed),
    file!(
        "/decoder/reader/zxing_reader.wasm",
        "application/wasm",
        "portal/decoder/reader/zxing_reader.wasm",
        OnceUsed
    ),
];

static SCRIPTS: &[File] = modules![
    "/js/", "portal/js/", Always,
    "aloud.js" "app.js" "home.js" "page.js" "strings.js" "verdict.js"
];

static SCANNER: &[File] = modules![
    "/js/", "portal/js/", Ahead,
    "files.js" "scanner/camera.js" "scanner/decoder.js" "scanner/hints.js" "scanner/signals.js" "scanner/view.js"
];

static PACKAGE: &[File] = modules![
    "/package/", "package/", Always,
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
    [PAGES, SCRIPTS, SCANNER, PACKAGE, ELEMENT, DECODER, BULK, BULK_SCRIPTS].into_iter().flatten()
}

/// The routes of the portal.
pub fn router() -> Router<Arc<App>> {
    let fixed = files().filter(|f| f.path != "/").map(|f| (f.path, f.kind, Bytes::from_static(f.bytes)));
    let index = index();
    let worker = service_worker(&index);
    let written = [("/", HTML, Bytes::from(index)), ("/sw.js", JS, Bytes::from(worker))];
    fixed.chain(written).fold(Router::new(), |router, (path, kind, bytes)| {
        let policy =
            if path.starts_with("/js/scanner/worker") { DECODER_POLICY } else { CONTENT_SECURITY_POLICY };
        let served = Served::new(kind, bytes).under(policy);
        router.route(path, get(move |headers: HeaderMap| async move { served.answer(&headers) }))
    })
}

/// The page; every module that it needs is named, so that they are fetched at once, not one by one.
fn index() -> String {
    let modules = files().filter(|f| f.kept == Always && f.kind == JS);
    let links: String =
        modules.map(|f| format!("  <link rel=\"modulepreload\" href=\"{}\">\n", f.path)).collect();
    include_str!("../portal/index.html").replacen("</head>", &format!("{links}</head>"), 1)
}

/// The service worker, with the names of the files it keeps and of their state.
fn service_worker(index: &str) -> String {
    let paths =
        |kept: &[Kept]| files().filter(|f| kept.contains(&f.kept)).map(|f| f.path).collect::<Vec<_>>();
    let state: Vec<u8> = files().filter(|f| f.kept != Not).flat_map(|f| sha256(f.bytes)).collect();
    let state = sha256(&[state.as_slice(), index.as_bytes()].concat());
    format!(
        "const STATE = \"{}\";\nconst FILES = {};\nconst LATER = {};\n{}",
        hex(&state[..8]),
        serde_json::json!(paths(&[Always, Ahead])),
        serde_json::json!(paths(&[OnceUsed])),
        include_str!("../portal/sw.js")
    )
}
