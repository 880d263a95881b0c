//! Files that are the same for everybody: sent once, and then only named.

use crate::portal::CONTENT_SECURITY_POLICY;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use std::borrow::Cow;

/// A file, ready to be answered. Other sites' pages may use it.
#[derive(Debug, Clone)]
pub struct Served {
    kind: &'static str,
    policy: Cow<'static, str>,
    etag: String,
    bytes: Bytes,
}

impl Served {
    pub fn new(kind: &'static str, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        // Weak: it may be sent compressed.
        let etag = format!("W/\"{}\"", hex(&sha256(&bytes)[..8]));
        Self { kind, policy: CONTENT_SECURITY_POLICY.into(), etag, bytes }
    }

    /// With a content security policy of its own.
    pub fn under(self, policy: impl Into<Cow<'static, str>>) -> Self {
        Self { policy: policy.into(), ..self }
    }

    /// The bytes, or word that the caller has them.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        // The policy goes with word that nothing changed, too: what is kept takes these headers on.
        let named = [
            (header::ETAG, self.etag.as_str()),
            (header::CACHE_CONTROL, "no-cache"),
            (header::CONTENT_SECURITY_POLICY, &self.policy),
        ];
        if has(headers, &self.etag) {
            return (StatusCode::NOT_MODIFIED, named).into_response();
        }
        let open = [(header::CONTENT_TYPE, self.kind), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        (named, open, self.bytes.clone()).into_response()
    }
}

/// Whether the caller has exactly these bytes (RFC 9110 §13.1.2; weak comparison).
pub fn has(headers: &HeaderMap, etag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|h| h.to_str().ok());
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.flat_map(|h| h.split(',')).any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}
