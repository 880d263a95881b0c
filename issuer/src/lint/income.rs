//! An income certificate is about a financial year that has begun.

use crate::request::Fault;
use mohar_schemas::credential::{Credential, Value};

pub(super) fn check(c: &Credential) -> Option<Fault> {
    let Some(Value::Year(year)) = c.value("financial_year") else { return None };
    // India's financial year starts on 1 April.
    let begun = c.issued.year() - i16::from(c.issued.month() < 4);
    (*year > begun || *year < begun - 10).then(|| {
        Fault::new(
            "financial_year",
            "financial-year-begun",
            "The financial year must have begun, and be one of the last ten.",
            "वित्तीय वर्ष शुरू हो चुका हो और पिछले दस वर्षों में से हो।",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;

    #[test]
    fn fails_on() {
        assert_eq!(broken("income", |r| r.fields["financial_year"] = 2027.into()), ["financial-year-begun"]);
    }
}
