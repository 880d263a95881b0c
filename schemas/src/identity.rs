//! Who somebody has proved to be: all that is kept of an Aadhaar or another proof.

use crate::form::{Answers, By, Known, answer};
use crate::service::Service;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A person, as a proof names them. Never more than this is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// In English letters.
    pub name: String,
    /// The date of birth; of some people only the year is known, and then nothing is kept.
    pub born: Option<Date>,
    /// The last four digits of the Aadhaar number, where the proof has them.
    pub last_four: Option<String>,
}

impl Person {
    /// Whether two proofs may speak of the same person. Names change, with marriage or a correction;
    /// the date of birth and the Aadhaar number do not.
    #[must_use]
    pub fn may_be(&self, other: &Self) -> bool {
        let agree = |a: Option<bool>| a.unwrap_or(true);
        let born = self.born.zip(other.born).map(|(a, b)| a == b);
        let digits = self.last_four.as_ref().zip(other.last_four.as_ref()).map(|(a, b)| a == b);
        let same_name = self.name.to_lowercase() == other.name.to_lowercase();
        agree(born) && agree(digits) && (same_name || born.is_some() || digits.is_some())
    }

    /// The number as it is shown: `XXXX XXXX 1234`; empty where it is not known.
    #[must_use]
    pub fn masked(&self) -> String {
        self.last_four.as_ref().map_or_else(String::new, |four| format!("XXXX XXXX {four}"))
    }

    /// What need not be asked on a service's form: fields that ask for the citizen's own name, birth or
    /// number, where the answer is in order.
    #[must_use]
    pub fn answers(&self, service: &Service, today: Date) -> Answers {
        let value = |known| match known {
            Known::Name => Some(json!({ "en": self.name })),
            Known::Born => self.born.map(|day| json!(day.to_string())),
            Known::LastFour => self.last_four.as_ref().map(|four| json!(four)),
        };
        let own = service.fields.iter().filter(|f| f.by == By::Citizen);
        let answers = own.filter_map(|f| {
            let value: Value = value(f.identity?)?;
            Some((f.id.clone(), answer(f, &value, today).ok()?))
        });
        answers.collect()
    }
}

/// How somebody has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "means", rename_all = "kebab-case")]
pub enum Proof {
    /// With the signed QR code of an Aadhaar.
    AadhaarQr(Person),
    /// By signing in to DigiLocker.
    Digilocker(Person),
    /// An operator of a centre has seen the person and a document with a photograph.
    Counter {
        /// The operator's id.
        operator: String,
    },
}

impl Proof {
    /// Its stable name.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::AadhaarQr(_) => "aadhaar-qr",
            Self::Digilocker(_) => "digilocker",
            Self::Counter { .. } => "counter",
        }
    }

    /// Whom it names.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::AadhaarQr(person) | Self::Digilocker(person) => Some(person),
            Self::Counter { .. } => None,
        }
    }
}

/// A proof that is kept with a citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// How, and whom.
    #[serde(flatten)]
    pub proof: Proof,
    /// When.
    pub on: Date,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::published;
    use jiff::civil::date;

    fn person(name: &str, born: Option<Date>, four: Option<&str>) -> Person {
        Person { name: name.into(), born, last_four: four.map(Into::into) }
    }

    #[test]
    fn a_name_may_change_and_a_birth_may_not() {
        let day = Some(date(1990, 8, 15));
        let sunita = person("Sunita Devi", day, Some("1234"));
        assert!(sunita.may_be(&person("SUNITA SHARMA", day, Some("1234"))));
        assert!(sunita.may_be(&person("Sunita Devi", None, Some("1234"))));
        assert!(!sunita.may_be(&person("Sunita Devi", day, Some("4321"))));
        assert!(!sunita.may_be(&person("Sunita Devi", Some(date(1991, 8, 15)), Some("1234"))));
        assert!(!person("A", None, None).may_be(&person("B", None, None)));
    }

    #[test]
    fn the_applicants_own_fields_are_known_and_nobody_elses() {
        let sunita = person("Sunita Devi", Some(date(1990, 8, 15)), Some("1234"));
        let today = date(2026, 11, 25);
        let income = sunita.answers(published().service("income").unwrap(), today);
        assert_eq!(income["name"], json!({ "en": "Sunita Devi" }));
        assert_eq!(income["born"], json!("1990-08-15"));
        assert_eq!(income["aadhaar"], json!("1234"));
        let birth = sunita.answers(published().service("birth-certificate").unwrap(), today);
        assert!(!birth.contains_key("name") && !birth.contains_key("born"), "the child's: {birth:?}");
        // A name that the certificate cannot print is asked.
        let strange = person("Zoë 2nd", None, None);
        assert!(strange.answers(published().service("income").unwrap(), today).is_empty());
    }

    #[test]
    fn what_is_kept_comes_back_the_same() {
        let all = [
            Proof::AadhaarQr(person("A", None, Some("1234"))),
            Proof::Digilocker(person("A", Some(date(1990, 1, 2)), None)),
            Proof::Counter { operator: "csc-operator".into() },
        ];
        for proof in all {
            let identity = Identity { proof, on: date(2026, 11, 25) };
            let text = serde_json::to_string(&identity).unwrap();
            assert!(text.contains(&format!("\"means\":\"{}\"", identity.proof.id())), "{text}");
            assert_eq!(serde_json::from_str::<Identity>(&text).unwrap(), identity);
        }
    }
}
