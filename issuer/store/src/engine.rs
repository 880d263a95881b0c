//! What differs between the engines: opening, migrating, and how a transaction begins.

use crate::rows::driver;
use mohar_issuer::ports::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use std::str::FromStr;
use std::time::Duration;

/// A database, open and migrated.
#[derive(Debug, Clone)]
pub enum Store {
    /// SQLite: one writer at a time, readers beside it.
    Sqlite {
        /// Takes the write lock when it begins.
        writer: SqlitePool,
        /// Never waits for the writer.
        reader: SqlitePool,
    },
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres(PgPool),
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`, creating a missing SQLite file, and migrates it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres") {
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(10));
            // Statements are planned for the tables as they are: a plan made while a table was small
            // reads it whole, and would be kept while it grows.
            let options = PgConnectOptions::from_str(url).map_err(driver)?;
            let options = options.options([("plan_cache_mode", "force_custom_plan")]);
            let pool = pool.connect_with(options).await.map_err(driver)?;
            // sqlx takes an advisory lock, so that nodes starting together migrate once.
            sqlx::migrate!("migrations/postgres").run(&pool).await.map_err(|e| driver(e.into()))?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(driver)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an answered request survives a power cut, not only a crash.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(driver)?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(|e| driver(e.into()))?;
        let reader = SqlitePoolOptions::new().max_connections(4);
        let reader = reader.connect_with(options.read_only(true)).await.map_err(driver)?;
        Ok(Self::Sqlite { writer, reader })
    }
}

impl Store {
    /// Whether other nodes may be at work on it: SQLite has one.
    pub(crate) fn has_other_nodes(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

/// Runs a body on either engine: `on!(store, write tx => …)` in a transaction that commits when the
/// body is `Ok` and is rolled back otherwise, `on!(store, read c => …)` on a connection for reading.
macro_rules! on {
    ($store:expr, write $tx:ident => $body:block) => {
        match $store {
            $crate::engine::Store::Sqlite { writer, .. } => {
                let begun = writer.begin_with("BEGIN IMMEDIATE").await;
                $crate::engine::on!(@commit begun, $tx, $body)
            }
            $crate::engine::Store::Postgres(pool) => {
                let begun = pool.begin().await;
                $crate::engine::on!(@commit begun, $tx, $body)
            }
        }
    };
    ($store:expr, read $c:ident => $body:block) => {
        match $store {
            $crate::engine::Store::Sqlite { reader, .. } => {
                let mut $c = reader.acquire().await.map_err(driver)?;
                $body
            }
            $crate::engine::Store::Postgres(pool) => {
                let mut $c = pool.acquire().await.map_err(driver)?;
                $body
            }
        }
    };
    (@commit $begun:ident, $tx:ident, $body:block) => {{
        let mut $tx = $begun.map_err(driver)?;
        let done: Result<_, StoreError> = async { $body }.await;
        let done = done?;
        $tx.commit().await.map_err(driver)?;
        Ok(done)
    }};
}
pub(crate) use on;
