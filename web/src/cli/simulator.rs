//! `mohar simulator`: the double of the Graph API with its chat page, for a service elsewhere.

use super::Error;
use crate::simulator::{Settings, Simulator};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tower_http::set_header::SetResponseHeaderLayer;

/// Options of `mohar simulator`.
#[derive(Debug, Args)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// Where files and the journal go.
    #[arg(long, default_value = "simulator-data")]
    data: PathBuf,
    /// The service's webhook, such as `https://mohar.example/whatsapp/webhook`.
    #[arg(long)]
    webhook: String,
    /// The number that the service speaks for.
    #[arg(long, default_value = "1000001")]
    phone_number_id: String,
    /// The token that the service shows. Best given by the environment: arguments show in the process list.
    #[arg(long, env = "MOHAR_SIMULATOR_TOKEN", hide_env_values = true)]
    token: String,
    /// The secret that signs the webhook's calls.
    #[arg(long, env = "MOHAR_SIMULATOR_APP_SECRET", hide_env_values = true)]
    app_secret: String,
}

pub async fn run(options: Options) -> Result<ExitCode, Error> {
    let listener = TcpListener::bind(options.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let simulator = Simulator::start(Settings {
        url: url.clone(),
        folder: options.data,
        phone_number_id: options.phone_number_id,
        token: options.token,
        app_secret: options.app_secret,
        webhook: options.webhook,
    })?;
    println!("Mohar simulator");
    println!("  chat       {url}/simulator");
    println!("  Graph API  {url}/simulator/graph  (base_url of [whatsapp])");
    let seal =
        || async { ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../../portal/seal.svg")) };
    let nosniff = HeaderValue::from_static("nosniff");
    let routes: Router = Router::new().route("/seal.svg", get(seal)).merge(simulator.router());
    let routes = routes.layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, nosniff));
    axum::serve(listener, routes).await?;
    Ok(ExitCode::SUCCESS)
}
