//! The command line. Exit codes: 0 done or genuine, 1 not genuine, 2 cannot tell or failed.

mod api_keys;
mod audit;
mod issue;
mod keys;
mod officers;
mod simulator;
mod understand;
mod verify;

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use zeroize::Zeroizing;

/// An error that is shown to a person: what happened and what to do.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Mohar issues government certificates that anyone can check.
#[derive(Debug, Parser)]
#[command(name = "mohar", version, after_help = "Try: mohar demo")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make keys, a demo department and its API key, and serve everything from an embedded database.
    Demo(Demo),
    /// Serve in production, from a configuration file.
    Serve {
        /// TOML: `listen`, `base_url`, `host`, `database`, `keys`, `departments`; for the pages of citizens
        /// and officers `[pages]`, for the chat `[whatsapp]`, and to help there `[model]` and `[speech]`.
        #[arg(long)]
        config: PathBuf,
    },
    /// A double of the WhatsApp Cloud API with a chat page, to try a service without an account at Meta.
    Simulator(simulator::Options),
    /// Issue a certificate through the API of a running service.
    Issue(issue::Issue),
    /// Check a certificate: QR texts, digits, or files that hold them.
    Verify(verify::Verify),
    /// Create, rotate, retire and publish signing keys.
    Keys(keys::Keys),
    /// Make API keys for departments and for verifiers.
    ApiKeys(api_keys::ApiKeys),
    /// Add, list and remove officers of the console.
    Officers(officers::Officers),
    /// Tell what messages to the assistant want: one a line in, one JSON a line out.
    Understand(understand::Understand),
    /// Re-verify every certificate ever issued and the whole ledger.
    Audit(audit::Audit),
    /// Read the picture on standard input, within limits; the service starts it for itself.
    #[command(hide = true)]
    ReadPicture,
}

/// Options of `mohar demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where keys, database and demo.json go.
    #[arg(long, default_value = "demo-data")]
    pub data: PathBuf,
    /// Database, for trying PostgreSQL; left out: SQLite in the data folder.
    #[arg(long)]
    pub database: Option<String>,
    /// Start without the applications of invented citizens.
    #[arg(long)]
    pub empty: bool,
    /// TOML with `[model]` and `[speech]` as for `mohar serve`, to try them in the chat; left out, none helps.
    #[arg(long)]
    pub helpers: Option<PathBuf>,
}

/// Runs a command.
pub fn run(cli: Cli) -> Result<ExitCode, Error> {
    match cli.command {
        Command::Demo(options) => runtime()?.block_on(crate::demo::demo(options)),
        Command::Serve { config } => runtime()?.block_on(crate::serve::serve(&config)),
        Command::Simulator(options) => runtime()?.block_on(simulator::run(options)),
        Command::Issue(options) => issue::run(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Keys(options) => keys::run(options),
        Command::ApiKeys(options) => runtime()?.block_on(api_keys::run(options)),
        Command::Officers(options) => runtime()?.block_on(officers::run(options)),
        Command::Understand(options) => understand::run(&options),
        Command::Audit(options) => runtime()?.block_on(audit::run(&options)),
        Command::ReadPicture => crate::reader::work(),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// The passphrase of the key files. Never an argument: those show in the process list.
pub fn passphrase() -> Result<Zeroizing<String>, Error> {
    let passphrase = Zeroizing::new(std::env::var("MOHAR_PASSPHRASE").unwrap_or_default());
    if passphrase.chars().count() < 12 {
        return Err("set MOHAR_PASSPHRASE to the passphrase of the key files (at least 12 characters)".into());
    }
    Ok(passphrase)
}

/// Reads a file or fetches an address, up to 8 MiB.
pub fn file_or_url(place: &str) -> Result<Vec<u8>, Error> {
    if place.starts_with("http://") || place.starts_with("https://") {
        let mut answer = ureq::get(place).call().map_err(|e| format!("{place}: {e}"))?;
        return Ok(answer.body_mut().with_config().limit(8 << 20).read_to_vec()?);
    }
    std::fs::read(place).map_err(|e| format!("{place}: {e}").into())
}
