//! `mohar api-keys`: who may issue over the API.

use super::Error;
use crate::edge::random;
use clap::{Args, Subcommand};
use mohar_keys::file::hex;
use mohar_schemas::{sha256, types};
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
        #[arg(long)]
        department: String,
        /// Certificate types it may issue, such as income,caste-sc.
        #[arg(long, value_delimiter = ',', required = true)]
        types: Vec<String>,
    },
    /// Show the keys: id, department and types.
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
        Act::Add { department, types } => add(&store, department, types).await?,
        Act::List => {
            for key in store.api_keys().await? {
                println!("{:24} {:10} {}", key.id, key.department, key.types.join(","));
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
    let mut secret = Zeroizing::new([0; 24]);
    random(&mut *secret);
    let key = Zeroizing::new(format!("mohar_{}", hex(&*secret)));
    let hash = sha256(key.as_bytes());
    let id = format!("{department}-{}", &hex(&hash)[..8]);
    store.add_api_key(&ApiKey { id: id.clone(), department, types }, &hash).await?;
    eprintln!("API key {id}; keep it now, it is not shown again:");
    println!("{}", key.as_str());
    Ok(())
}
