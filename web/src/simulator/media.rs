//! Files: uploaded by the service or attached on the chat page, fetched at addresses that expire.

use super::graph::{Refused, authorized, refuse};
use super::{Simulator, new_id};
use crate::edge::now_s;
use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mohar_keys::file::hex;
use mohar_schemas::sha256;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// How long an address holds, in seconds.
const ADDRESS_LASTS_S: i64 = 300;
/// Type, most bytes.
const TYPES: [(&str, usize); 12] = [
    ("image/jpeg", 5 << 20),
    ("image/png", 5 << 20),
    ("application/pdf", 100 << 20),
    ("text/plain", 100 << 20),
    ("audio/aac", 16 << 20),
    ("audio/amr", 16 << 20),
    ("audio/mpeg", 16 << 20),
    ("audio/mp4", 16 << 20),
    ("audio/ogg", 16 << 20),
    ("video/mp4", 16 << 20),
    ("video/3gpp", 16 << 20),
    ("image/webp", 500 << 10),
];

/// What is known of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct File {
    pub media_type: String,
    pub sha256: String,
    pub bytes: usize,
}

impl Simulator {
    /// Keeps a file and gives its id.
    pub fn keep(&self, media_type: &str, bytes: &[u8]) -> std::io::Result<(String, File)> {
        let id = new_id("");
        let file = File { media_type: media_type.into(), sha256: hex(&sha256(bytes)), bytes: bytes.len() };
        let about = serde_json::to_vec(&file)?;
        std::fs::write(self.settings.folder.join(format!("{id}.bin")), bytes)?;
        std::fs::write(self.settings.folder.join(format!("{id}.json")), about)?;
        Ok((id, file))
    }

    /// What is known of a file of an id.
    pub fn file(&self, id: &str) -> Option<File> {
        let about = std::fs::read(self.settings.folder.join(format!("{}.json", clean(id)?))).ok()?;
        serde_json::from_slice(&about).ok()
    }

    fn bytes(&self, id: &str) -> Option<Vec<u8>> {
        std::fs::read(self.settings.folder.join(format!("{}.bin", clean(id)?))).ok()
    }
}

/// Ids are names of files: letters and digits.
fn clean(id: &str) -> Option<&str> {
    (!id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(id)
}

/// The service uploads a file.
pub async fn upload(
    State(simulator): State<Arc<Simulator>>,
    Path((_, number)): Path<(String, String)>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Response, Refused> {
    authorized(&simulator, &headers)?;
    let bad = |details: &str| refuse(StatusCode::BAD_REQUEST, 100, details);
    if number != simulator.settings.phone_number_id {
        return Err(bad("Object with this id does not exist"));
    }
    let (mut product, mut file) = (false, None);
    while let Some(field) = form.next_field().await.map_err(|_| bad("The form could not be read"))? {
        let name = field.name().unwrap_or_default().to_owned();
        let media_type = field.content_type().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| bad("The form could not be read"))?;
        match name.as_str() {
            "messaging_product" => product = &bytes[..] == b"whatsapp",
            "file" => file = Some((media_type, bytes)),
            _ => {}
        }
    }
    let Some((media_type, bytes)) = file.filter(|_| product) else {
        return Err(bad("Parameters messaging_product and file are mandatory"));
    };
    let Some((_, most)) = TYPES.iter().find(|(t, _)| *t == media_type) else {
        return Err(bad(&format!("Files of type {media_type} are not taken")));
    };
    if bytes.is_empty() || bytes.len() > *most {
        return Err(refuse(StatusCode::BAD_REQUEST, 131_053, "The file is empty or too large"));
    }
    let (id, _) = simulator.keep(&media_type, &bytes).map_err(|e| bad(&e.to_string()))?;
    Ok(Json(json!({ "id": id })).into_response())
}

/// Where a file can be fetched for five minutes.
pub async fn about(
    State(simulator): State<Arc<Simulator>>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    authorized(&simulator, &headers)?;
    let gone = || refuse(StatusCode::BAD_REQUEST, 100, "There is no media of this id");
    let file = simulator.file(&id).ok_or_else(gone)?;
    let mut until_s = now_s() + ADDRESS_LASTS_S;
    {
        let mut state = simulator.state();
        if state.unkind.expire_urls > 0 {
            state.unkind.expire_urls -= 1;
            until_s = now_s() - 1;
        }
    }
    let url = format!("{}/simulator/graph/files/{id}?until={until_s}", simulator.settings.url);
    let File { media_type, sha256, bytes } = file;
    Ok(Json(json!({ "messaging_product": "whatsapp", "id": id, "url": url, "mime_type": media_type,
        "sha256": sha256, "file_size": bytes }))
    .into_response())
}

/// Takes a file away.
pub async fn delete(
    State(simulator): State<Arc<Simulator>>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    authorized(&simulator, &headers)?;
    let gone = || refuse(StatusCode::BAD_REQUEST, 100, "There is no media of this id");
    let id = clean(&id).filter(|id| simulator.file(id).is_some()).ok_or_else(gone)?;
    for end in ["bin", "json"] {
        let _ = std::fs::remove_file(simulator.settings.folder.join(format!("{id}.{end}")));
    }
    Ok(Json(json!({ "success": true })).into_response())
}

/// The file, while its address holds.
pub async fn download(
    State(simulator): State<Arc<Simulator>>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    authorized(&simulator, &headers)?;
    let until_s: i64 = query.get("until").and_then(|u| u.parse().ok()).unwrap_or(0);
    let bytes = simulator.bytes(&id).filter(|_| until_s >= now_s());
    let gone = || refuse(StatusCode::NOT_FOUND, 100, "This address has expired");
    bytes.map(IntoResponse::into_response).ok_or_else(gone)
}

/// The file, for the chat page.
pub async fn show(State(simulator): State<Arc<Simulator>>, Path(id): Path<String>) -> Response {
    let (Some(file), Some(bytes)) = (simulator.file(&id), simulator.bytes(&id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Only what shows itself without running anything.
    let shown =
        ["image/jpeg", "image/png", "application/pdf", "video/mp4"].contains(&file.media_type.as_str());
    let kind = if shown { file.media_type } else { "application/octet-stream".into() };
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
