//! WhatsApp: the Business Cloud API on one side, the conversation's own words on the other.

pub mod errors;
pub mod inbound;
pub mod outbound;
pub mod signature;

/// Meta's published examples, from `../shared/vectors/whatsapp` beside the checkout; where that folder
/// is absent, the test says so and does nothing.
#[cfg(test)]
fn vectors(file: &str) -> Option<Vec<serde_json::Value>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("../../shared/vectors/whatsapp").join(file);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
