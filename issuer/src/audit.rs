//! Re-verifies everything ever issued: `mohar audit`.

use crate::ports::{Ledger, StoreError};
use crate::seal::Record;
use mohar_schemas::status::StatusList;
use mohar_verifier::{Code, Evidence, Trust, ledger_leaf, verify};
use std::collections::HashSet;

/// What an audit found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Certificates looked at.
    pub certificates: u64,
    /// What is wrong, one sentence each.
    pub faults: Vec<String>,
}

/// Checks signature, place, leaf, number and uniqueness of every certificate.
pub async fn audit<L: Ledger>(
    ledger: &L,
    trust: &Trust,
    now_s: i64,
    progress: impl Fn(u64, u64),
) -> Result<Findings, StoreError> {
    const PAGE: u32 = 1_000;
    let size = ledger.size().await?;
    let mut findings = Findings::default();
    let mut requests = HashSet::new();
    loop {
        let page = ledger.from(findings.certificates, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for record in page {
            let place = findings.certificates;
            let faults = check(&record, place, trust, now_s);
            findings.faults.extend(faults.into_iter().map(|f| format!("index {place}: {f}")));
            if !requests.insert((record.caller, record.idempotency_key)) {
                findings.faults.push(format!("index {place}: the same request was issued twice"));
            }
            findings.certificates += 1;
        }
        progress(findings.certificates, size);
    }
    if findings.certificates != size {
        findings
            .faults
            .push(format!("the ledger says {size} certificates; {} are there", findings.certificates));
    }
    for (_, detail) in ledger.marked(0, u64::MAX >> 1).await? {
        if detail.index >= size || detail.superseded_by.is_some_and(|n| n >= size) {
            findings.faults.push(format!("index {}: a status without its certificate", detail.index));
        }
    }
    Ok(findings)
}

fn check(record: &Record, place: u64, trust: &Trust, now_s: i64) -> Vec<&'static str> {
    let none: &[StatusList] = &[];
    let verdict = verify(&record.credential, &Evidence { trust, status: none, now_s });
    let known = matches!(
        verdict.code,
        Code::StatusUnknown | Code::NotYetValid | Code::Expired | Code::KeyCompromised
    );
    let said = verdict.credential.as_ref();
    let checks = [
        (known, "the certificate does not verify"),
        (record.index == place, "a gap, or an index used twice"),
        (said.is_some_and(|c| c.index == record.index), "the certificate names another index"),
        (said.is_some_and(|c| c.number() == record.number), "the number is another"),
        (said.is_some_and(|c| c.kind.id == record.kind), "the type is another"),
        (ledger_leaf(&record.credential) == record.leaf, "the ledger leaf is another"),
        (record.id == mohar_keys::file::hex(&record.leaf[..16]), "the id is another"),
    ];
    checks.into_iter().filter(|(right, _)| !right).map(|(_, fault)| fault).collect()
}
