//! `mohar keys`: the ceremony.

use super::{Error, passphrase};
use crate::edge::{now_s, random};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use mohar_keys::file::{Passphrase, hex, unhex};
use mohar_keys::registry::Registry;
use mohar_schemas::cose::KeyId;
use mohar_schemas::credential::day;
use mohar_schemas::trust::Role;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `mohar keys`. The passphrase comes from `MOHAR_PASSPHRASE`.
#[derive(Debug, Args)]
pub struct Keys {
    /// The folder of the key registry.
    #[arg(long, default_value = "keys-data")]
    dir: PathBuf,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Create the root key; do this once, on a machine without a network.
    Init,
    /// Add a key for a department.
    Add {
        /// Department, such as revenue.
        department: String,
        /// Certificate types it may sign; none: it signs status lists.
        types: Vec<String>,
    },
    /// Replace a key by a new one with the same duties.
    Rotate {
        /// Key id in hex.
        kid: String,
    },
    /// End a key's signing; what it signed stays good.
    Retire {
        /// Key id in hex.
        kid: String,
    },
    /// Somebody else may hold the key: refuse what it signed from a ledger index on.
    Compromised {
        /// Key id in hex.
        kid: String,
        /// The first index that is not trusted.
        #[arg(long)]
        from_index: u64,
    },
    /// Sign the trust list with the root key.
    Publish,
    /// Show the keys.
    List,
}

/// Performs one act.
pub fn run(options: Keys) -> Result<ExitCode, Error> {
    let today = day((now_s() + 19_800).div_euclid(86_400))?;
    if matches!(options.act, Act::Init) {
        let text = passphrase()?;
        let passphrase = Passphrase::new(&text);
        let registry = Registry::create(&options.dir, &passphrase, &mut random)?;
        println!("root key {} in {}", hex(&registry.root(&passphrase)?), options.dir.display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut registry = Registry::open(&options.dir)?;
    act(&mut registry, options.act, today)?;
    Ok(ExitCode::SUCCESS)
}

fn act(registry: &mut Registry, act: Act, today: Date) -> Result<(), Error> {
    match act {
        Act::Init => {}
        Act::Add { department, types } => {
            let role = if types.is_empty() { Role::StatusLists } else { Role::Certificates };
            let kid = registry.add(
                (&department, role),
                &types,
                today,
                &Passphrase::new(&passphrase()?),
                &mut random,
            )?;
            println!("key {} for {department}; now run `mohar keys publish`", hex(&kid));
        }
        Act::Rotate { kid } => {
            let new = registry.rotate(read(&kid)?, today, &Passphrase::new(&passphrase()?), &mut random)?;
            println!("key {kid} is retired, {} signs; now run `mohar keys publish`", hex(&new));
        }
        Act::Retire { kid } => registry.retire(read(&kid)?, today)?,
        Act::Compromised { kid, from_index } => registry.compromise(read(&kid)?, from_index)?,
        Act::Publish => {
            registry.publish(&Passphrase::new(&passphrase()?), now_s())?;
            println!("trust list, version {}", registry.list.version);
        }
        Act::List => {
            for key in &registry.list.keys {
                println!(
                    "{}  {:10} {:?} {:?} types {:?} from {}",
                    hex(&key.kid()),
                    key.department,
                    key.role,
                    key.state,
                    key.types,
                    key.signs_from
                );
            }
        }
    }
    Ok(())
}

fn read(kid: &str) -> Result<KeyId, Error> {
    let kid = unhex(kid).and_then(|b| b.try_into().ok());
    kid.ok_or_else(|| "a key id has 8 hex digits; `mohar keys list` shows them".into())
}
