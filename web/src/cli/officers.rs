//! `mohar officers`: who may sign in at the console.

use super::Error;
use crate::edge::random;
use crate::pages::password_hash;
use clap::{Args, Subcommand};
use mohar_issuer::application::Officer;
use mohar_issuer::application::port::Applications;
use mohar_keys::file::hex;
use mohar_schemas::tables;
use mohar_store::engine::Store;
use std::process::ExitCode;
use totp_rs::Secret;
use zeroize::Zeroizing;

/// Options of `mohar officers`.
#[derive(Debug, Args)]
pub struct Officers {
    /// The service's database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, env = "MOHAR_DATABASE", hide_env_values = true)]
    database: String,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Add an officer and print password and authenticator secret once; an officer of the same id gets
    /// new ones.
    Add {
        /// To sign in with, such as asha.verma.
        #[arg(long)]
        id: String,
        /// As people read it.
        #[arg(long)]
        name: String,
        /// What the officer is, and where: ROLE@OFFICE, such as sdm@sdm-narela. May be repeated.
        #[arg(long = "post", required = true)]
        posts: Vec<String>,
    },
    /// Show the officers and their posts.
    List,
    /// Take an officer away; open sessions end at once.
    Remove {
        /// As `list` shows it.
        id: String,
    },
}

/// Performs one act.
pub async fn run(options: Officers) -> Result<ExitCode, Error> {
    let store = Store::open(&options.database).await?;
    match options.act {
        Act::Add { id, name, posts } => add(&store, id, name, &posts).await?,
        Act::List => {
            for officer in store.officers().await? {
                let posts = officer.posts.iter().map(|(role, office)| format!("{role}@{office}"));
                println!("{:20} {:24} {}", officer.id, officer.name, posts.collect::<Vec<_>>().join(" "));
            }
        }
        Act::Remove { id } if store.remove_officer(&id).await? => println!("{id} cannot sign in any more"),
        Act::Remove { id } => {
            return Err(format!("there is no officer {id}; `mohar officers list` shows them").into());
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(store: &Store, id: String, name: String, posts: &[String]) -> Result<(), Error> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    if !(3..=40).contains(&id.len()) || !id.chars().all(plain) {
        return Err("an id has 3 to 40 small letters, digits, dots and hyphens".into());
    }
    let posts = posts.iter().map(|p| post(p)).collect::<Result<Vec<_>, _>>()?;
    let mut secrets = Zeroizing::new([0; 32]);
    random(&mut *secrets);
    let password = Zeroizing::new(hex(&secrets[..12]));
    let totp = Zeroizing::new(secrets[12..].to_vec());
    store.set_officer(&Officer { id: id.clone(), name, posts }, &password_hash(&password)?, &totp).await?;
    let secret = Secret::Raw(totp.to_vec()).to_encoded().to_string();
    eprintln!("Keep these now, they are not shown again:");
    println!("user name             {id}");
    println!("password              {}", password.as_str());
    println!("authenticator secret  {secret}");
    println!("otpauth://totp/Mohar:{id}?secret={secret}&issuer=Mohar");
    Ok(())
}

fn post(text: &str) -> Result<(String, String), Error> {
    let (role, office) =
        text.split_once('@').ok_or_else(|| format!("{text}: write a post as ROLE@OFFICE"))?;
    if tables::table("roles").and_then(|t| t.by_id(role)).is_none() {
        return Err(format!("there is no role {role}; schemas/tables/roles.toml has them").into());
    }
    if tables::offices().by_id(office).is_none() {
        return Err(format!("there is no office {office}; schemas/tables/offices.toml has them").into());
    }
    Ok((role.to_owned(), office.to_owned()))
}
