//! Sums that do not belong to one service, from `charges.toml`.

use serde::Deserialize;
use std::sync::LazyLock;

/// Whole rupees.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charges {
    /// Owed to the citizen for a working day of delay.
    pub compensation_a_day: u32,
    /// The most that is owed for one application.
    pub compensation_most: u32,
    /// What a centre takes for assisting with one application.
    pub assisted: u32,
}

/// The charges in force.
#[must_use]
pub fn charges() -> Charges {
    static CHARGES: LazyLock<Charges> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and tests read it.
        toml::from_str(include_str!("../charges.toml")).expect("the charges are in order")
    });
    *CHARGES
}
