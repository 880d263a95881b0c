//! `mohar issue`.

use super::Error;
use clap::Args;
use mohar_keys::file::hex;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `mohar issue`.
#[derive(Debug, Args)]
pub struct Issue {
    /// Certificate type, such as income.
    #[arg(value_name = "TYPE")]
    kind: String,
    /// JSON file with the request; schemas/samples has examples.
    file: PathBuf,
    /// Address of the service.
    #[arg(long, env = "MOHAR_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// API key; left out, it is read from demo-data/demo.json.
    #[arg(long, env = "MOHAR_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
    /// Also save the printed certificate here.
    #[arg(long, value_name = "PDF")]
    out: Option<PathBuf>,
}

/// Sends one request. The idempotency key is the request itself: run it twice, get one certificate.
pub fn run(options: &Issue) -> Result<ExitCode, Error> {
    let body = std::fs::read(&options.file).map_err(|e| format!("{}: {e}", options.file.display()))?;
    let request: Value =
        serde_json::from_slice(&body).map_err(|e| format!("{}: {e}", options.file.display()))?;
    if request["type"] != options.kind.as_str() {
        return Err(format!("{} is not a request for {}", options.file.display(), options.kind).into());
    }
    let key = options.api_key.clone().map_or_else(demo_key, Ok)?;
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent
        .post(format!("{}/v1/certificates", options.url))
        .header("Authorization", format!("Bearer {key}"))
        .header("Idempotency-Key", hex(&mohar_schemas::sha256(&body)))
        .send(&body)?;
    let certificate: Value = answer.body_mut().read_json()?;
    println!("{}", serde_json::to_string_pretty(&certificate)?);
    if !answer.status().is_success() {
        return Ok(ExitCode::from(2));
    }
    if let Some(out) = &options.out {
        let id = certificate["id"].as_str().ok_or("the answer has no id")?;
        let mut pdf = agent
            .get(format!("{}/v1/certificates/{id}/pdf", options.url))
            .header("Authorization", format!("Bearer {key}"))
            .call()?;
        if !pdf.status().is_success() {
            return Err(format!("the certificate was issued, but not printed: {}", pdf.status()).into());
        }
        save(out, &pdf.body_mut().read_to_vec()?)?;
        eprintln!("saved {}", out.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Whole or not at all: written beside its place and then moved there.
fn save(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes).map_err(|e| format!("{}: {e}", beside.display()))?;
    std::fs::rename(&beside, path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(())
}

fn demo_key() -> Result<String, Error> {
    let hint = "give --api-key or set MOHAR_API_KEY (no demo-data/demo.json here)";
    let json = std::fs::read("demo-data/demo.json").map_err(|_| hint)?;
    let demo: Value = serde_json::from_slice(&json)?;
    Ok(demo["api_key"].as_str().ok_or(hint)?.to_owned())
}
