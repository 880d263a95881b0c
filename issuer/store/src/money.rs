//! Orders at the payment gateway, and the ledger of every movement of money.

use crate::engine::{Store, on};
use crate::rows::driver;
use mohar_issuer::application::money::Transfer;
use mohar_issuer::ports::StoreError;

const ORDER: &str = "INSERT INTO orders (order_id, application, rupees, state, created_s, ask_s) VALUES ($1, $2, $3, 'open', $4, $4) ON CONFLICT (application) DO NOTHING";
const ORDER_OF: &str =
    "SELECT order_id, application, rupees, state, created_s, reference FROM orders WHERE application = $1";
const BY_ORDER: &str =
    "SELECT order_id, application, rupees, state, created_s, reference FROM orders WHERE order_id = $1";
const TO_ASK: &str = "SELECT order_id, application, rupees, state, created_s, reference FROM orders WHERE ask_s <= $1 ORDER BY ask_s, order_id LIMIT 200";
const ORDERS: &str = "SELECT order_id, application, rupees, state, created_s, reference FROM orders WHERE order_id > $1 ORDER BY order_id LIMIT 1000";
const ASKED: &str = "UPDATE orders SET ask_s = $1 WHERE order_id = $2 AND ask_s IS NOT NULL";
const REFER: &str = "UPDATE orders SET reference = $1 WHERE order_id = $2";
const TURN: &str = "UPDATE orders SET state = $1, ask_s = $2 WHERE order_id = $3 AND state = $4";
pub(crate) const ADD_TRANSFER: &str =
    "INSERT INTO transfers (id, debit, credit, paise, application, at_s) VALUES ($1, $2, $3, $4, $5, $6)";
const TRANSFERS_OF: &str = "SELECT id, debit, credit, paise, application, at_s FROM transfers WHERE application = $1 ORDER BY at_s, id LIMIT 100";
const RECEIVED: &str = "SELECT id, debit, credit, paise, application, at_s FROM transfers WHERE debit = $1 AND at_s >= $2 ORDER BY at_s, id LIMIT 1000";
const DEBITS: &str = "SELECT CAST(COALESCE(SUM(paise), 0) AS BIGINT) FROM transfers WHERE debit = $1";
const CREDITS: &str = "SELECT CAST(COALESCE(SUM(paise), 0) AS BIGINT) FROM transfers WHERE credit = $1";

/// An order at the payment gateway.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Order {
    /// Our name for it.
    pub order_id: String,
    /// What is paid for.
    pub application: String,
    /// Whole rupees.
    pub rupees: i64,
    /// `open`, `paid`, `refund-due` or `refunded`.
    pub state: String,
    /// In seconds since 1970-01-01 UTC.
    pub created_s: i64,
    /// The gateway's name for it.
    pub reference: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    debit: String,
    credit: String,
    paise: i64,
    application: Option<String>,
    at_s: i64,
}

impl From<Row> for Transfer {
    fn from(r: Row) -> Self {
        Self {
            id: r.id,
            debit: r.debit,
            credit: r.credit,
            paise: r.paise,
            application: r.application,
            at_s: r.at_s,
        }
    }
}

impl Store {
    /// The order for an application; made under `new` if there is none.
    pub async fn order(
        &self,
        application: &str,
        rupees: u32,
        new: &str,
        now_s: i64,
    ) -> Result<Order, StoreError> {
        on!(self, write tx => {
            sqlx::query(ORDER).bind(new).bind(application).bind(i64::from(rupees)).bind(now_s)
                .execute(&mut *tx).await.map_err(driver)?;
            sqlx::query_as(ORDER_OF).bind(application).fetch_one(&mut *tx).await.map_err(driver)
        })
    }

    /// The order for an application, if the citizen ever went to pay.
    pub async fn order_of(&self, application: &str) -> Result<Option<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(ORDER_OF).bind(application).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// An order by its name.
    pub async fn order_by_id(&self, order: &str) -> Result<Option<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(BY_ORDER).bind(order).fetch_optional(&mut *read).await.map_err(driver)
        })
    }

    /// A page of all orders, by name, from behind one on.
    pub async fn orders(&self, after: &str) -> Result<Vec<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(ORDERS).bind(after).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// Orders that the gateway is to be asked about by now, at most 200.
    pub async fn orders_to_ask(&self, now_s: i64) -> Result<Vec<Order>, StoreError> {
        on!(self, read read => {
            sqlx::query_as(TO_ASK).bind(now_s).fetch_all(&mut *read).await.map_err(driver)
        })
    }

    /// The gateway had nothing to say; it is asked again at a time.
    pub async fn ask_again(&self, order: &str, at_s: i64) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(ASKED).bind(at_s).bind(order).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Remembers the gateway's name for an order.
    pub async fn refer(&self, order: &str, reference: &str) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(REFER).bind(reference).bind(order).execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Turns an order from a state to another together with the money that moved; the gateway is asked
    /// again at a time, if one is given. [`StoreError::Overtaken`] if it is not in that state.
    pub async fn turn(
        &self,
        order: &str,
        (from, to): (&str, &str),
        ask_s: Option<i64>,
        transfer: &Transfer,
    ) -> Result<(), StoreError> {
        on!(self, write tx => {
            let done = sqlx::query(TURN).bind(to).bind(ask_s).bind(order).bind(from)
                .execute(&mut *tx).await.map_err(driver)?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Overtaken);
            }
            let t = transfer;
            sqlx::query(ADD_TRANSFER)
                .bind(&t.id).bind(&t.debit).bind(&t.credit).bind(t.paise).bind(&t.application).bind(t.at_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// Books a movement that belongs to no application.
    pub async fn transfer(&self, t: &Transfer) -> Result<(), StoreError> {
        on!(self, write tx => {
            sqlx::query(ADD_TRANSFER)
                .bind(&t.id).bind(&t.debit).bind(&t.credit).bind(t.paise).bind(&t.application).bind(t.at_s)
                .execute(&mut *tx).await.map_err(driver)?;
            Ok(())
        })
    }

    /// What moved for an application.
    pub async fn transfers_of(&self, application: &str) -> Result<Vec<Transfer>, StoreError> {
        on!(self, read read => {
            let rows: Vec<Row> =
                sqlx::query_as(TRANSFERS_OF).bind(application).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(Transfer::from).collect())
        })
    }

    /// What came into an account since a time, at most 1,000.
    pub async fn received(&self, account: &str, since_s: i64) -> Result<Vec<Transfer>, StoreError> {
        on!(self, read read => {
            let rows: Vec<Row> = sqlx::query_as(RECEIVED)
                .bind(account).bind(since_s).fetch_all(&mut *read).await.map_err(driver)?;
            Ok(rows.into_iter().map(Transfer::from).collect())
        })
    }

    /// What an account holds, in paise.
    pub async fn balance(&self, account: &str) -> Result<i64, StoreError> {
        on!(self, read read => {
            let debits: i64 =
                sqlx::query_scalar(DEBITS).bind(account).fetch_one(&mut *read).await.map_err(driver)?;
            let credits: i64 =
                sqlx::query_scalar(CREDITS).bind(account).fetch_one(&mut *read).await.map_err(driver)?;
            Ok(debits - credits)
        })
    }
}
