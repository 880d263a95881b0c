//! Money: every movement is one transfer from an account to another, so that the books balance by
//! construction.
//!
//! Accounts: `gateway` and `bank` hold what has been paid, `operator/ID` what an operator took in cash,
//! `fees/DEPARTMENT` and `csc` say what it was paid for.

/// Paise to a rupee.
pub const PAISE: i64 = 100;

/// One movement: the debited account has the money now, the credited one gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Names the movement, so that it cannot be booked twice: `paid/ORDER`.
    pub id: String,
    /// Where the money is now.
    pub debit: String,
    /// Where it came from, or what it was paid for.
    pub credit: String,
    /// How much, always positive.
    pub paise: i64,
    /// The application it belongs to; none where a day is settled.
    pub application: Option<String>,
    /// In seconds since 1970-01-01 UTC.
    pub at_s: i64,
}

/// The fee of an application, and when it moves.
#[derive(Debug, Clone, Copy)]
pub struct Fee<'a> {
    /// The application.
    pub application: &'a str,
    /// The department whose fee it is.
    pub department: &'a str,
    /// Whole rupees.
    pub rupees: i64,
    /// In seconds since 1970-01-01 UTC.
    pub at_s: i64,
}

impl Fee<'_> {
    /// Paid at the gateway under an order.
    #[must_use]
    pub fn paid(&self, order: &str) -> Transfer {
        self.moved(format!("paid/{order}"), "gateway".into(), self.account())
    }

    /// Given back by the gateway.
    #[must_use]
    pub fn refunded(&self, order: &str) -> Transfer {
        self.moved(format!("refunded/{order}"), self.account(), "gateway".into())
    }

    /// Paid in cash to an operator.
    #[must_use]
    pub fn in_cash(&self, operator: &str) -> Transfer {
        let application = self.application;
        self.moved(format!("cash/{application}"), format!("operator/{operator}"), self.account())
    }

    /// What an operator takes for assisting.
    #[must_use]
    pub fn assisted(&self, operator: &str, rupees: i64) -> Transfer {
        let id = format!("assisted/{}", self.application);
        let fee = Fee { rupees, ..*self };
        fee.moved(id, format!("operator/{operator}"), "csc".into())
    }

    /// Collected by the department itself.
    #[must_use]
    pub fn collected(&self) -> Transfer {
        let id = format!("collected/{}", self.application);
        self.moved(id, format!("collected/{}", self.department), self.account())
    }

    fn account(&self) -> String {
        format!("fees/{}", self.department)
    }

    fn moved(&self, id: String, debit: String, credit: String) -> Transfer {
        let application = Some(self.application.to_owned());
        Transfer { id, debit, credit, paise: self.rupees * PAISE, application, at_s: self.at_s }
    }
}

/// An operator hands over what was taken in cash.
#[must_use]
pub fn settled(operator: &str, paise: i64, at_s: i64) -> Transfer {
    Transfer {
        id: format!("settled/{operator}/{at_s}"),
        debit: "bank".into(),
        credit: format!("operator/{operator}"),
        paise,
        application: None,
        at_s,
    }
}

/// What is wrong between an order and the movements of its application.
#[must_use]
pub fn faults(order: (&str, &str, i64), moved: &[Transfer]) -> Vec<&'static str> {
    let (id, state, rupees) = order;
    let booked = |what: &str| moved.iter().find(|t| t.id == format!("{what}/{id}")).map(|t| t.paise);
    let due = Some(rupees * PAISE);
    let (paid, refunded) = match state {
        "paid" | "refund-due" => (due, None),
        "refunded" => (due, due),
        _ => (None, None),
    };
    let checks = [
        (booked("paid") == paid, "what was paid and what is booked differ"),
        (booked("refunded") == refunded, "what was given back and what is booked differ"),
    ];
    checks.into_iter().filter(|(right, _)| !right).map(|(_, fault)| fault).collect()
}
