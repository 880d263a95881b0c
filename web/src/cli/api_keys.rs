//! `mohar api-keys`: who may issue over the API, and which verifiers may ask holders.

use super::Error;
use crate::edge::random;
use clap::{Args, Subcommand};
use mohar_issuer::subscription::{NAME_CHARS_MAX, Verifier};
use mohar_keys::file::hex;
use mohar_schemas::words::length;
use mohar_schemas::{checker, sha256, types};
use mohar_store::ApiKey;
use mohar_store::engine::Store;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Options of `mohar api-keys`.
#[derive(Debug, Args)]
pub struct ApiKeys {
    /// The service's database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, env = "MOHAR_DATABASE", hide_env_values = true)]
    database: String,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a key and print it once; the database keeps only its SHA-256.
    Add {
        /// Department, such as revenue.
        #[arg(long, requires = "types", required_unless_present = "verifier")]
        department: Option<String>,
        /// Certificate types it may issue, such as income,caste-sc.
        #[arg(long, value_delimiter = ',')]
        types: Vec<String>,
        /// An organisation that checks certificates, as holders are told its name; it issues nothing.
        #[arg(long, requires = "kind", conflicts_with_all = ["department", "types"])]
        verifier: Option<String>,
        /// What the organisation is, as holders are told: employer, college, bank, court, police,
        /// government or other.
        #[arg(long, requires = "verifier")]
        kind: Option<String>,
    },
    /// Show the keys: id, department and types, or kind and name.
    List,
    /// Take a key away; it is refused from the next request on.
    Revoke {
        /// Id of the key, as `list` shows it.
        id: String,
    },
}

/// Performs one act.
pub async fn run(options: ApiKeys) -> Result<ExitCode, Error> {
    let store = Store::open(&options.database).await?;
    match options.act {
        Act::Add { verifier: Some(name), kind, .. } => {
            add_verifier(&store, &name, kind.unwrap_or_default()).await?;
        }
        Act::Add { department, types, .. } => add(&store, department.unwrap_or_default(), types).await?,
        Act::List => {
            for key in store.api_keys().await? {
                println!("{:24} {:10} {}", key.id, key.department, key.types.join(","));
            }
            for verifier in store.verifiers().await? {
                println!("{:24} {:10} {}", verifier.id, verifier.kind, verifier.name);
            }
        }
        Act::Revoke { id } => {
            store.revoke_api_key(&id).await?;
            println!("API key {id} is refused from now on");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(store: &Store, department: String, types: Vec<String>) -> Result<(), Error> {
    for id in &types {
        let kind = types::by_id(id).ok_or_else(|| format!("there is no certificate type {id}"))?;
        if kind.department != department {
            return Err(
                format!("{id} is issued by the department {}, not {department}", kind.department).into()
            );
        }
    }
    let (key, hash) = new_key();
    let id = format!("{department}-{}", &hex(&hash)[..8]);
    store.add_api_key(&ApiKey { id: id.clone(), department, types }, &hash).await?;
    show(&id, &key);
    Ok(())
}

async fn add_verifier(store: &Store, name: &str, kind: String) -> Result<(), Error> {
    let name = name.trim();
    let plain = !name.is_empty() && !name.chars().any(|c| c.is_control() || "{}*_~`<>".contains(c));
    if !plain || length(name) > NAME_CHARS_MAX {
        return Err(format!("--verifier has 1 to {NAME_CHARS_MAX} characters, no signs of markup").into());
    }
    let kinds = checker::all().iter().filter(|k| k.key).map(|k| k.id.as_str());
    if !kinds.clone().any(|k| k == kind) {
        return Err(format!("--kind is one of: {}", kinds.collect::<Vec<_>>().join(", ")).into());
    }
    let (key, hash) = new_key();
    let id = format!("{kind}-{}", &hex(&hash)[..8]);
    store.add_verifier(&Verifier { id: id.clone(), name: name.to_owned(), kind }, &hash).await?;
    show(&id, &key);
    Ok(())
}

/// A new key and its SHA-256.
fn new_key() -> (Zeroizing<String>, [u8; 32]) {
    let mut secret = Zeroizing::new([0; 24]);
    random(&mut *secret);
    let key = Zeroizing::new(format!("mohar_{}", hex(&*secret)));
    let hash = sha256(key.as_bytes());
    (key, hash)
}

fn show(id: &str, key: &str) {
    eprintln!("API key {id}; keep it now, it is not shown again:");
    println!("{key}");
}
