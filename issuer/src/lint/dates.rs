//! Days lie in the right order: nobody is registered before they married, or born tomorrow.

use crate::request::Fault;
use mohar_schemas::credential::{Credential, Value};

pub(super) fn check(c: &Credential) -> Option<Fault> {
    let late = c.kind.fields.iter().zip(&c.values).find(|(_, v)| matches!(v, Value::Day(d) if *d > c.issued));
    if let Some((field, _)) = late {
        return Some(Fault::new(
            &field.id,
            "not-in-future",
            "This date is in the future.",
            "यह तारीख आने वाले समय की है।",
        ));
    }
    match (c.value("married_on"), c.value("registered_on")) {
        (Some(Value::Day(married)), Some(Value::Day(registered))) if registered < married => {
            Some(Fault::new(
                "registered_on",
                "registered-after-marriage",
                "The marriage cannot be registered before it took place.",
                "विवाह होने से पहले उसका पंजीकरण नहीं हो सकता।",
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;

    #[test]
    fn fails_on() {
        assert_eq!(broken("caste-sc", |r| r.fields["born"] = "2027-01-01".into()), ["not-in-future"]);
        assert_eq!(
            broken("marriage-hindu", |r| r.fields["registered_on"] = "2015-01-01".into()),
            ["registered-after-marriage"]
        );
    }
}
