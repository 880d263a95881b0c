//! `mohar demo`: keys, officers and applications of invented citizens, served from an embedded database.

mod sample;

use crate::app::{App, Parts};
use crate::cli::{Demo, Error};
use crate::edge::{now_s, random};
use crate::identity::{self, Proofs};
use crate::limits;
use crate::model::{Helpers, Sections};
use crate::pages::files::Files;
use crate::pages::gateway::{Gateway, Local};
use crate::pages::{Pages, password_hash};
use crate::post::{Post, Sms};
use crate::serve::{parts, run};
use crate::simulator::{Settings, Simulator};
use crate::whatsapp::{self, Whatsapp};
use mohar_issuer::application::Officer;
use mohar_issuer::application::port::Applications;
use mohar_keys::file::{Passphrase, hex};
use mohar_keys::registry::Registry;
use mohar_schemas::credential::day;
use mohar_schemas::trust::Role;
use mohar_schemas::{sha256, tables, types};
use mohar_store::ApiKey;
use mohar_store::engine::Store;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use totp_rs::Secret;

/// An Aadhaar of nobody, and the certificate of the key that signed it, which was thrown away.
const SPECIMEN: &[u8] = include_bytes!("../demo/aadhaar-specimen.png");
const SPECIMEN_CERTIFICATE: &[u8] = include_bytes!("../demo/aadhaar-specimen.pem");
const DEPARTMENT: &str = "revenue";

/// What `demo.json` says.
#[derive(Debug, Serialize, Deserialize)]
struct DemoFile {
    base_url: String,
    portal: String,
    department: String,
    api_key: String,
    passphrase: String,
    root: String,
    /// One for each role, at every office.
    officers: Vec<DemoOfficer>,
}

/// An officer of the demo.
#[derive(Debug, Serialize, Deserialize)]
struct DemoOfficer {
    id: String,
    password: String,
    /// For the authenticator app, in base 32.
    totp: String,
}

/// Makes what is missing in the data folder and serves until interrupted.
pub async fn demo(options: Demo) -> Result<ExitCode, Error> {
    let helpers = options.helpers.as_deref().map_or_else(|| Ok(Helpers::default()), helpers)?;
    std::fs::create_dir_all(&options.data)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}; try --listen 127.0.0.1:0", options.listen))?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let database = options
        .database
        .clone()
        .unwrap_or_else(|| format!("sqlite:{}", options.data.join("mohar.db").display()));
    let store = Store::open(&database).await?;
    let json = options.data.join("demo.json");
    let new = !json.exists();
    let file = match std::fs::read(&json) {
        Ok(bytes) => DemoFile {
            base_url: base_url.clone(),
            portal: base_url.clone(),
            ..serde_json::from_slice(&bytes)?
        },
        Err(_) => found(&options.data, &base_url)?,
    };
    let hash = sha256(file.api_key.as_bytes());
    if store.api_key(&hash).await?.is_none() {
        let types = types_of(DEPARTMENT);
        let id = format!("demo-{}", &hex(&hash)[..8]);
        store.add_api_key(&ApiKey { id, department: DEPARTMENT.into(), types }, &hash).await?;
    }
    let keys = options.data.join("keys");
    let registry = Registry::open(&keys)?;
    // No certificate for a host on this machine: the link in the code opens all the same.
    let origin = base_url.clone();
    let mut secret = [0; 32];
    random(&mut secret);
    let pages = Some(Pages {
        files: Files::new(options.data.join("files"))?,
        post: Post { sms: Sms::Folder(options.data.clone()), mail: None },
        gateway: Gateway::Local(Arc::new(Local::new(secret, options.data.join("gateway.txt")))),
    });
    set_officers(&store, &file.officers).await?;
    let talk = talk(&base_url, &file);
    let simulator = Simulator::start(Settings {
        url: base_url.clone(),
        folder: options.data.join("simulator"),
        phone_number_id: talk.phone_number_id.clone(),
        token: talk.token.clone(),
        app_secret: talk.app_secret.clone(),
        webhook: format!("{base_url}/whatsapp/webhook"),
    })?;
    let proofs = proofs(&options.data)?;
    let parts = parts(&registry, &keys, store, &departments(), &file.passphrase)?;
    let limits = limits::Settings::demo();
    let (whatsapp, simulator) = (Some(Whatsapp::new(talk)), Some(simulator));
    let base = base_url.clone();
    let app = App::start(Parts {
        origin,
        base_url: base,
        limits,
        pages,
        whatsapp,
        helpers,
        proofs,
        simulator,
        ..parts
    });
    std::fs::write(&json, serde_json::to_vec_pretty(&file)?)?;
    if new && !options.empty {
        sample::fill(&app).await?;
    }
    println!("Mohar demo");
    println!("  portal      {base_url}/");
    println!(
        "  apply       {base_url}/apply    (one-time codes: {})",
        options.data.join("codes.txt").display()
    );
    println!("  console     {base_url}/console  (officers: {})", json.display());
    for officer in &file.officers {
        println!(
            "              {:20} password {}  authenticator secret {}",
            officer.id, officer.password, officer.totp
        );
    }
    println!("  chat        {base_url}/simulator  (a phone, without WhatsApp)");
    println!("  Aadhaar     {}  (a specimen to send there)", options.data.join("aadhaar.png").display());
    println!("  API key     {}  (department {DEPARTMENT})", file.api_key);
    println!("  everything  {}", json.display());
    println!(
        "Issue one:    mohar issue income schemas/samples/income.json --url {base_url} --api-key {}",
        file.api_key
    );
    run(listener, app).await
}

/// What helps in the chat, from a file.
fn helpers(path: &Path) -> Result<Helpers, Error> {
    let named = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
    let sections: Sections = toml::from_str(&text).map_err(|e| named(&e))?;
    Ok(Helpers::open(&sections).map_err(|e| named(&e))?)
}

/// What proofs are checked with: the certificates in the data folder, which in a new demo are the
/// specimen's, and a DigiLocker that somebody has configured there.
fn proofs(data: &Path) -> Result<Proofs, Error> {
    let certificates = data.join("aadhaar.pem");
    if !certificates.exists() {
        std::fs::write(&certificates, SPECIMEN_CERTIFICATE)?;
        std::fs::write(data.join("aadhaar.png"), SPECIMEN)?;
    }
    let digilocker = match std::fs::read_to_string(data.join("digilocker.toml")) {
        Ok(text) => Some(toml::from_str(&text).map_err(|e| format!("digilocker.toml: {e}"))?),
        Err(_) => None,
    };
    identity::Config { aadhaar: vec![certificates], digilocker }.open()
}

/// The channel between service and simulator.
fn talk(base_url: &str, file: &DemoFile) -> whatsapp::Config {
    // Made anew from the demo's own secret, so that both sides know it after a restart.
    let secret = |of: &str| hex(&sha256(format!("{of}/{}", file.passphrase).as_bytes()));
    whatsapp::Config {
        base_url: format!("{base_url}/simulator/graph"),
        version: "v23.0".into(),
        phone_number_id: "1000001".into(),
        token: secret("token"),
        app_secret: secret("app"),
        verify_token: secret("verify"),
        invitation: Some(whatsapp::Invitation { name: "mohar_news".into(), language: "hi".into() }),
    }
}

/// Officers with new passwords, one for each role that acts.
fn officers() -> Vec<DemoOfficer> {
    let roles = tables::table("roles").map_or(&[][..], |t| t.rows.as_slice());
    let secret = |bytes: usize| {
        let mut buffer = vec![0; bytes];
        random(&mut buffer);
        buffer
    };
    let officer = |role: &tables::Row| DemoOfficer {
        id: role.id.clone(),
        password: hex(&secret(8)),
        totp: Secret::Raw(secret(20)).to_encoded().to_string(),
    };
    roles.iter().map(officer).collect()
}

async fn set_officers(store: &Store, officers: &[DemoOfficer]) -> Result<(), Error> {
    let open = tables::offices().rows.iter().filter(|o| o.until.is_none());
    let everywhere: Vec<String> = open.map(|o| o.id.clone()).collect();
    for officer in officers {
        if store.officer(&officer.id).await?.is_some() {
            continue;
        }
        let row = tables::table("roles").and_then(|t| t.by_id(&officer.id));
        let posts = everywhere.iter().map(|office| (officer.id.clone(), office.clone())).collect();
        let name = row.map_or_else(|| officer.id.clone(), |r| r.en.clone());
        let hash = password_hash(&officer.password)?;
        let totp = Secret::Encoded(officer.totp.clone()).to_bytes().map_err(|e| format!("{e:?}"))?;
        store.set_officer(&Officer { id: officer.id.clone(), name, posts }, &hash, &totp).await?;
    }
    Ok(())
}

/// The departments that issue certificates, the demo's own first.
fn departments() -> Vec<String> {
    let mut departments = vec![DEPARTMENT.to_owned()];
    for kind in types::all() {
        if !departments.contains(&kind.department) {
            departments.push(kind.department.clone());
        }
    }
    departments
}

fn types_of(department: &str) -> Vec<String> {
    types::all().iter().filter(|t| t.department == department).map(|t| t.id.clone()).collect()
}

/// Keys, trust list and API key of a new demo.
fn found(data: &Path, base_url: &str) -> Result<DemoFile, Error> {
    let dir = data.join("keys");
    let secret = |bytes: usize| {
        let mut buffer = vec![0; bytes];
        random(&mut buffer);
        hex(&buffer)
    };
    let text = secret(16);
    let passphrase = Passphrase::new(&text);
    let mut registry = Registry::create(&dir, &passphrase, &mut random)?;
    // The invented citizens have applied for weeks; their certificates are not older than the keys.
    let today = day((now_s() + 19_800).div_euclid(86_400) - 60)?;
    for department in departments() {
        let types = types_of(&department);
        registry.add((&department, Role::Certificates), &types, today, &passphrase, &mut random)?;
    }
    registry.add((DEPARTMENT, Role::StatusLists), &[], today, &passphrase, &mut random)?;
    registry.publish(&passphrase, now_s())?;
    let root = hex(&registry.root(&passphrase)?);
    Ok(DemoFile {
        base_url: base_url.to_owned(),
        portal: base_url.to_owned(),
        department: DEPARTMENT.to_owned(),
        api_key: format!("mohar_{}", secret(24)),
        passphrase: text,
        root,
        officers: officers(),
    })
}
