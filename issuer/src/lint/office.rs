//! The office exists, is open today, and belongs to the type's department.

use crate::request::Fault;
use jiff::civil::Date;
use mohar_schemas::credential::Credential;
use mohar_schemas::tables::{self, Row};

/// The office of an id that issues on a day.
pub fn find(id: &str, today: Date) -> Result<&'static Row, Fault> {
    let office = tables::offices().by_id(id).ok_or_else(|| {
        Fault::new(
            "office",
            "known-office",
            "There is no office of this name.",
            "इस नाम का कोई कार्यालय नहीं है।",
        )
    })?;
    if office.in_use_on(today) {
        Ok(office)
    } else {
        Err(Fault::new(
            "office",
            "open-office",
            "This office has been closed or merged.",
            "यह कार्यालय बंद हो चुका है या दूसरे में मिला दिया गया है।",
        ))
    }
}

pub(super) fn check(c: &Credential) -> Option<Fault> {
    (c.office.department.as_ref() != Some(&c.kind.department)).then(|| {
        Fault::new(
            "office",
            "own-department",
            "This office does not issue this type of certificate.",
            "यह कार्यालय इस प्रकार का प्रमाण पत्र जारी नहीं करता।",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;

    #[test]
    fn fails_on() {
        assert_eq!(broken("income", |r| r.office = "sdm-nowhere".into()), ["known-office"]);
        assert_eq!(broken("income", |r| r.office = "sdm-seelampur".into()), ["open-office"]);
    }
}
