//! Issuing, as one numbered pipeline (the numbers are the steps of the design):
//!
//! 1. accept: [`request`] reads the body and its idempotency key
//! 2. lint: [`lint`] turns it into a [`lint::Linted`], the only thing that can be signed
//! 3. index: the [`sequencer`] groups what waits; the store takes the next indices
//! 4. sign, and 5. verify our own output: [`seal`]
//! 6. store: certificate, ledger leaf and new size in one transaction ([`ports::Ledger`])
//! 7. answer
//!
//! Steps 3 to 6 happen inside one transaction, so a crash at any moment leaves either the whole
//! certificate or nothing, and the same request may be sent again with the same key.

pub mod application;
pub mod audit;
pub mod lint;
pub mod ports;
pub mod request;
pub mod seal;
pub mod sequencer;
pub mod subscription;
