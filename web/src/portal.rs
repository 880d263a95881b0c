//! The portal's files, part of the binary.

use crate::app::App;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::sync::Arc;

/// Nothing but our own files; no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

macro_rules! files {
    ($($path:literal => $file:literal, $kind:literal;)*) => {
        /// The routes of the portal.
        pub fn router() -> Router<Arc<App>> {
            Router::new()$(.route($path, get(|| async {
                ([(header::CONTENT_TYPE, $kind), (header::CACHE_CONTROL, "no-cache")],
                 include_bytes!(concat!("../portal/", $file)).as_slice())
            })))*
        }
    };
}

files! {
    "/" => "index.html", "text/html; charset=utf-8";
    "/portal.css" => "portal.css", "text/css; charset=utf-8";
    "/pages.css" => "pages.css", "text/css; charset=utf-8";
    "/seal.svg" => "seal.svg", "image/svg+xml";
    "/sw.js" => "sw.js", "text/javascript; charset=utf-8";
    "/js/app.js" => "js/app.js", "text/javascript; charset=utf-8";
    "/js/bytes.js" => "js/bytes.js", "text/javascript; charset=utf-8";
    "/js/cbor.js" => "js/cbor.js", "text/javascript; charset=utf-8";
    "/js/cose.js" => "js/cose.js", "text/javascript; charset=utf-8";
    "/js/credential.js" => "js/credential.js", "text/javascript; charset=utf-8";
    "/js/evidence.js" => "js/evidence.js", "text/javascript; charset=utf-8";
    "/js/lists.js" => "js/lists.js", "text/javascript; charset=utf-8";
    "/js/scan.js" => "js/scan.js", "text/javascript; charset=utf-8";
    "/js/scsu.js" => "js/scsu.js", "text/javascript; charset=utf-8";
    "/js/strings.js" => "js/strings.js", "text/javascript; charset=utf-8";
    "/js/verify.js" => "js/verify.js", "text/javascript; charset=utf-8";
    "/js/words.js" => "js/words.js", "text/javascript; charset=utf-8";
}
