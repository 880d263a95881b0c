//! `mohar audit`.

use super::Error;
use crate::edge::now_s;
use clap::Args;
use mohar_keys::registry::Registry;
use mohar_store::engine::Store;
use mohar_verifier::Trust;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `mohar audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// The data folder of `mohar demo`, or any folder with `keys/`.
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Database; left out: SQLite in the data folder.
    #[arg(long)]
    database: Option<String>,
}

/// Prints what was found; exit 1 if anything is wrong.
pub async fn run(options: &Audit) -> Result<ExitCode, Error> {
    let url = options
        .database
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", options.data.join("mohar.db").display()));
    let store = Store::open(&url).await?;
    let trust = Trust::new(Registry::open(&options.data.join("keys"))?.list);
    let findings = mohar_issuer::audit::audit(&store, &trust, now_s(), |done, size| {
        if done % 100_000 == 0 || done == size {
            eprintln!("{done} of {size}");
        }
    })
    .await?;
    for fault in &findings.faults {
        println!("{fault}");
    }
    println!("{} certificates, {} faults", findings.looked_at, findings.faults.len());
    let acts = mohar_issuer::audit::audit_acts(&store).await?;
    for fault in &acts.faults {
        println!("{fault}");
    }
    println!("{} acts, {} faults", acts.looked_at, acts.faults.len());
    Ok(ExitCode::from(u8::from(!findings.faults.is_empty() || !acts.faults.is_empty())))
}
