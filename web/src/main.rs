//! `mohar`: issue certificates and check them.

mod api;
mod app;
mod bulk;
mod by_number;
mod cli;
mod demo;
mod edge;
mod identity;
mod limits;
mod metrics;
mod model;
mod multipart;
mod pages;
mod portal;
mod post;
mod reader;
mod serve;
mod served;
mod simulator;
mod snapshots;
mod subscriptions;
mod told;
mod whatsapp;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("mohar: {e}");
            ExitCode::from(2)
        }
    }
}
