//! Hindu Marriage Act 1955, section 5 (iii): a groom of 21 and a bride of 18 years.

use crate::request::Fault;
use jiff::civil::Date;
use mohar_schemas::credential::{Credential, Value};

pub(super) fn check(c: &Credential) -> Option<Fault> {
    let Some(Value::Day(married)) = c.value("married_on") else { return None };
    [("groom_born", 21), ("bride_born", 18)].into_iter().find_map(|(field, years)| match c.value(field) {
        Some(Value::Day(born)) if !has_reached(*born, years, *married) => Some(Fault::new(
            field,
            "age-at-marriage",
            format!("Must have been at least {years} years old on the day of the marriage."),
            format!("विवाह के दिन आयु कम से कम {years} वर्ष होनी चाहिए।"),
        )),
        _ => None,
    })
}

fn has_reached(born: Date, years: i16, on: Date) -> bool {
    (on.year() - born.year(), (on.month(), on.day())) >= (years, (born.month(), born.day()))
        || on.year() - born.year() > years
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;
    use super::*;

    #[test]
    fn fails_on() {
        let date = jiff::civil::date;
        assert!(has_reached(date(2000, 5, 5), 21, date(2021, 5, 5)));
        assert!(!has_reached(date(2000, 5, 5), 21, date(2021, 5, 4)));
        assert!(has_reached(date(2000, 5, 5), 21, date(2022, 1, 1)));
        assert_eq!(
            broken("marriage-hindu", |r| r.fields["bride_born"] = r.fields["married_on"].clone()),
            ["age-at-marriage"]
        );
    }
}
