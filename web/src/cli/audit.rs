//! `mohar audit`.

use super::Error;
use crate::edge::now_s;
use clap::Args;
use mohar_issuer::application::money;
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
    let (orders, wrong) = audit_money(&store).await?;
    println!("{orders} orders, {wrong} faults");
    let clean = findings.faults.is_empty() && acts.faults.is_empty() && wrong == 0;
    Ok(ExitCode::from(u8::from(!clean)))
}

/// Every order against the movements of its application, and the gateway's account against all orders.
async fn audit_money(store: &Store) -> Result<(u64, u64), Error> {
    let (mut looked_at, mut wrong, mut held, mut last) = (0, 0, 0, String::new());
    loop {
        let page = store.orders(&last).await?;
        let Some(end) = page.last() else { break };
        last.clone_from(&end.order_id);
        for order in &page {
            let moved = store.transfers_of(&order.application).await?;
            for fault in money::faults((&order.order_id, &order.state, order.rupees), &moved) {
                println!("order {}: {fault}", order.order_id);
                wrong += 1;
            }
            let at_gateway = matches!(order.state.as_str(), "paid" | "refund-due");
            held += if at_gateway { order.rupees * money::PAISE } else { 0 };
            looked_at += 1;
        }
    }
    if store.balance("gateway").await? != held {
        println!("the gateway’s account does not hold what was paid and not given back");
        wrong += 1;
    }
    Ok((looked_at, wrong))
}
