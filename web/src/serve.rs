//! `mohar serve`: production, from a configuration file. There is no default for anything secret.

use crate::api;
use crate::app::{App, Parts};
use crate::cli::{Error, passphrase};
use crate::identity::{self, Proofs};
use crate::limits::Settings;
use crate::model::{self, Helpers};
use crate::pages::files::Files;
use crate::pages::gateway::{Gateway, Hosted};
use crate::pages::{self, Pages};
use crate::post::{Post, Sms, SmsProvider, Smtp};
use crate::told;
use crate::whatsapp::{self, Whatsapp};
use mohar_keys::Signer;
use mohar_keys::file::{Passphrase, unhex};
use mohar_keys::registry::Registry;
use mohar_schemas::trust::Role;
use mohar_store::engine::Store;
use mohar_verifier::open_trust_list;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What `mohar serve` reads. There is no default for anything secret.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    listen: SocketAddr,
    /// Address of the service for status lists, such as `https://verify.delhi.gov.in`.
    base_url: String,
    /// Short host in QR codes.
    host: String,
    database: String,
    keys: PathBuf,
    departments: Vec<String>,
    #[serde(default)]
    limits: Settings,
    /// The citizens' and officers' pages; left out, they are not served.
    pages: Option<PagesConfig>,
    /// The WhatsApp number; it needs the pages, whose folder keeps what citizens send.
    whatsapp: Option<whatsapp::Config>,
    /// A language model that helps in the chat; left out, there is none.
    model: Option<model::Config>,
    /// A speech service that listens to voice notes; left out, they are only kept.
    speech: Option<model::Config>,
    /// How citizens prove who they are; left out, at a counter.
    #[serde(default)]
    identity: identity::Config,
}

/// What the pages need from outside.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PagesConfig {
    /// Folder of attached documents.
    files: PathBuf,
    sms: SmsProvider,
    mail: Option<Smtp>,
    gateway: Hosted,
}

impl PagesConfig {
    fn open(self) -> Result<Pages, Error> {
        Ok(Pages {
            files: Files::new(self.files)?,
            post: Post { sms: Sms::Http(self.sms), mail: self.mail },
            gateway: Gateway::Hosted(Arc::new(self.gateway)),
        })
    }
}

/// Serves in production.
pub async fn serve(path: &Path) -> Result<ExitCode, Error> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let config: Config = toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    if config.whatsapp.is_some() && config.pages.is_none() {
        return Err("[whatsapp] needs [pages]: what citizens send is kept in the folder of its files".into());
    }
    let helpers = model::Sections { model: config.model, speech: config.speech };
    if config.whatsapp.is_none() && (helpers.model.is_some() || helpers.speech.is_some()) {
        return Err("[model] and [speech] need [whatsapp]: they help in the chat".into());
    }
    let helpers = Helpers::open(&helpers).map_err(|e| format!("{}: {e}", path.display()))?;
    let registry = Registry::open(&config.keys)?;
    let store = Store::open(&config.database).await?;
    let parts = parts(&registry, &config.keys, store, &config.departments, &passphrase()?)?;
    let listener = TcpListener::bind(config.listen).await?;
    let app = App::start(Parts {
        origin: format!("https://{}", config.host),
        base_url: config.base_url,
        limits: config.limits,
        pages: config.pages.map(PagesConfig::open).transpose()?,
        whatsapp: config.whatsapp.map(Whatsapp::new),
        helpers,
        proofs: config.identity.open()?,
        ..parts
    });
    tracing::info!(listen = %listener.local_addr()?, "serving");
    run(listener, app).await
}

/// Store, keys and trust list, as they are on disk.
pub fn parts(
    registry: &Registry,
    keys: &Path,
    store: Store,
    departments: &[String],
    passphrase: &str,
) -> Result<Parts, Error> {
    let passphrase = &Passphrase::new(passphrase);
    let mut signers: BTreeMap<String, Box<dyn Signer>> = BTreeMap::new();
    for department in departments {
        let key = registry.signer(department, Role::Certificates, passphrase)?;
        signers.insert(department.clone(), Box::new(key));
    }
    let first = departments.first().ok_or("name at least one department")?;
    let status_key = registry.signer(first, Role::StatusLists, passphrase)?;
    let read = |name: &str| {
        std::fs::read(keys.join(name)).map_err(|e| format!("{name}: {e}; run `mohar keys publish`"))
    };
    let root = String::from_utf8(read("root.pub")?)?;
    let root = unhex(root.trim()).and_then(|b| b.try_into().ok()).ok_or("root.pub is not 64 hex digits")?;
    let trust_bytes = read("trust-list.cbor")?;
    let trust = open_trust_list(&trust_bytes, &root)?;
    Ok(Parts {
        store,
        signers,
        status_key,
        trust,
        trust_bytes,
        root,
        origin: String::new(),
        base_url: String::new(),
        limits: Settings::default(),
        pages: None,
        whatsapp: None,
        helpers: Helpers::default(),
        proofs: Proofs::default(),
        simulator: None,
    })
}

/// Serves until interrupted.
pub async fn run(listener: TcpListener, app: std::sync::Arc<App>) -> Result<ExitCode, Error> {
    let stop = async {
        let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = async { match &mut term { Some(t) => { t.recv().await; } None => std::future::pending().await } } => {}
        }
    };
    pages::start(&app);
    whatsapp::start(&app);
    told::start(&app);
    let service = api::router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await?;
    Ok(ExitCode::SUCCESS)
}
