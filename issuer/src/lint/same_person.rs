//! Nobody is their own parent or spouse: a clerk's most frequent copy-and-paste slip.

use crate::request::Fault;
use mohar_schemas::credential::Credential;

const PAIRS: &[(&str, &str)] = &[
    ("name", "parent_name"),
    ("groom_name", "bride_name"),
    ("groom_name", "groom_father"),
    ("bride_name", "bride_father"),
];

pub(super) fn check(c: &Credential) -> Option<Fault> {
    let same = |(a, b): &&(&str, &str)| c.value(a).is_some() && c.value(a) == c.value(b);
    PAIRS.iter().find(same).map(|(_, field)| {
        Fault::new(
            field,
            "two-persons",
            "The same name stands for two different persons.",
            "दो अलग व्यक्तियों के लिए एक ही नाम लिखा है।",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::broken;

    #[test]
    fn fails_on() {
        assert_eq!(
            broken("caste-sc", |r| r.fields["parent_name"] = r.fields["name"].clone()),
            ["two-persons"]
        );
    }
}
