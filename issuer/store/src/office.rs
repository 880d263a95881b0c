//! How an office runs: who stands in for whom, and what one administrator proposes and another confirms.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::ports::StoreError;

const DELEGATE: &str =
    "INSERT INTO delegations (id, from_officer, to_officer, from_day, until_day) VALUES ($1, $2, $3, $4, $5)";
const STANDING_IN: &str = "SELECT id, from_officer, to_officer, from_day, until_day FROM delegations WHERE to_officer = $1 AND until_day >= $2 ORDER BY until_day LIMIT 50";
const DELEGATED: &str = "SELECT id, from_officer, to_officer, from_day, until_day FROM delegations WHERE from_officer = $1 AND until_day >= $2 ORDER BY until_day LIMIT 50";
const END: &str = "DELETE FROM delegations WHERE id = $1 AND from_officer = $2";
const PROPOSE: &str =
    "INSERT INTO proposals (id, by_officer, body, state, at_s) VALUES ($1, $2, $3, 'open', $4)";
const PROPOSED: &str =
    "SELECT id, by_officer, body, at_s FROM proposals WHERE state = 'open' ORDER BY at_s, id LIMIT 50";
const CONFIRMED: &str = "UPDATE proposals SET state = 'done' WHERE id = $1";

/// An officer stands in for another.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delegation {
    /// Its name.
    pub id: String,
    /// Whose posts.
    pub from_officer: String,
    /// Who holds them, too.
    pub to_officer: String,
    /// From this day on, in days since 1970-01-01.
    pub from_day: i64,
    /// Up to and including this day.
    pub until_day: i64,
}

/// What waits for a second administrator.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Proposal {
    /// Its name.
    pub id: String,
    /// Who proposed it; another confirms.
    pub by_officer: String,
    /// JSON.
    pub body: String,
    /// In seconds since 1970-01-01 UTC.
    pub at_s: i64,
}

impl Store {
    /// Lets an officer stand in for another.
    pub async fn delegate(&self, d: &Delegation) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(DELEGATE)
                .bind(&d.id).bind(&d.from_officer).bind(&d.to_officer).bind(d.from_day).bind(d.until_day)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// For whom an officer stands in on a day or later.
    pub async fn standing_in(&self, officer: &str, day: i64) -> Result<Vec<Delegation>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(STANDING_IN).bind(officer).bind(day).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Who stands in for an officer on a day or later.
    pub async fn delegated(&self, officer: &str, day: i64) -> Result<Vec<Delegation>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(DELEGATED).bind(officer).bind(day).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Ends what the officer began.
    pub async fn end_delegation(&self, id: &str, officer: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(END).bind(id).bind(officer).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Keeps a proposal until it is confirmed.
    pub async fn propose(&self, p: &Proposal) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(PROPOSE).bind(&p.id).bind(&p.by_officer).bind(&p.body).bind(p.at_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// What waits to be confirmed, oldest first, at most 50.
    pub async fn proposals(&self) -> Result<Vec<Proposal>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(PROPOSED).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// It has been carried out.
    pub async fn confirmed(&self, id: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(CONFIRMED).bind(id).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }
}
