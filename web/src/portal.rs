//! The portal's files, part of the binary.

use crate::app::App;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::sync::Arc;

/// Nothing but our own files; no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

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
}
