//! Re-verifies everything ever issued: `mohar audit`.

use crate::application::event::GENESIS;
use crate::application::port::Applications;
use crate::ports::{Ledger, StoreError};
use crate::seal::Record;
use mohar_schemas::status::StatusList;
use mohar_verifier::{Code, Evidence, Trust, ledger_leaf, verify};
use std::collections::{HashMap, HashSet};

/// What an audit found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Certificates, or acts, looked at.
    pub looked_at: u64,
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
        let page = ledger.from(findings.looked_at, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for record in page {
            let place = findings.looked_at;
            let faults = check(&record, place, trust, now_s);
            findings.faults.extend(faults.into_iter().map(|f| format!("index {place}: {f}")));
            if !requests.insert((record.caller, record.idempotency_key)) {
                findings.faults.push(format!("index {place}: the same request was issued twice"));
            }
            findings.looked_at += 1;
        }
        progress(findings.looked_at, size);
    }
    if findings.looked_at != size {
        findings
            .faults
            .push(format!("the ledger says {size} certificates; {} are there", findings.looked_at));
    }
    for (_, detail) in ledger.marked(0, u64::MAX >> 1).await? {
        if detail.index >= size || detail.superseded_by.is_some_and(|n| n >= size) {
            findings.faults.push(format!("index {}: a status without its certificate", detail.index));
        }
    }
    Ok(findings)
}

/// Checks the chain of acts: every place, every hash, and that no officer both recommended and
/// approved.
pub async fn audit_acts<A: Applications>(store: &A) -> Result<Findings, StoreError> {
    const PAGE: u32 = 1_000;
    let mut findings = Findings::default();
    let (mut before, mut place) = (GENESIS, 0);
    let mut recommended: HashMap<String, String> = HashMap::new();
    loop {
        let page = store.log(place + 1, PAGE).await?;
        if page.is_empty() {
            return Ok(findings);
        }
        for (at, event, hash) in page {
            let mut fault = |what: &str| findings.faults.push(format!("act {at}: {what}"));
            if at != place + 1 {
                fault("a gap in the log before it");
            }
            place = at;
            if event.hash(&before) != hash {
                fault("the act is not what was logged, or the one before it is missing");
            }
            if !event.note.is_whole() {
                fault("the note is not what was written");
            }
            match event.act.as_str() {
                "recommend" => drop(recommended.insert(event.application, event.actor)),
                "approve" if recommended.get(&event.application) == Some(&event.actor) => {
                    fault("one officer recommended and approved");
                }
                _ => {}
            }
            before = hash;
            findings.looked_at += 1;
        }
    }
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
