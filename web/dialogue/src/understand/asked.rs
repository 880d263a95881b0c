//! Messages that ask for a service and name none, or a family of them: `assistant/services.toml`.

use super::commands::{heard, without_fillers};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// "I need a certificate".
    Any,
    /// "I need a pension": one of these services.
    OneOf(&'static [String]),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    wanted: String,
    around: String,
    family: Vec<Kin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kin {
    words: String,
    services: Vec<String>,
}

/// The words of the file as they sound.
struct Known {
    wanted: HashSet<String>,
    around: HashSet<String>,
    families: Vec<(HashSet<String>, Vec<String>)>,
}

/// Whether a message asks for some service, by words that say no more.
pub(super) fn asked(text: &str) -> Option<Asked> {
    let known = known();
    let heard = without_fillers(&heard(text));
    let words: Vec<&str> = heard.split(' ').collect();
    let kin = |word: &str| known.families.iter().any(|(words, _)| words.contains(word));
    if !words.iter().all(|w| known.wanted.contains(*w) || known.around.contains(*w) || kin(w)) {
        return None;
    }
    let mut families = known.families.iter();
    match families.find(|(family, _)| words.iter().any(|w| family.contains(*w))) {
        Some((_, services)) => Some(Asked::OneOf(services)),
        None => words.iter().any(|w| known.wanted.contains(*w)).then_some(Asked::Any),
    }
}

fn known() -> &'static Known {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        let file: File =
            toml::from_str(mohar_schemas::data::ASKED_SERVICES).expect("assistant/services.toml is in order");
        let words = |text: &str| text.split_whitespace().map(heard).collect();
        Known {
            wanted: words(&file.wanted),
            around: words(&file.around),
            families: file.family.into_iter().map(|f| (words(&f.words), f.services)).collect(),
        }
    });
    &KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;
    use mohar_schemas::catalogue::published;

    #[test]
    fn who_names_no_service_asks_for_any() {
        for text in [
            "I need a certificate",
            "Which certificates do you make?",
            "Hello, I want to apply",
            "new application",
            "प्रमाण पत्र चाहिए",
            "मुझे कोई प्रमाण-पत्र बनवाना है",
            "नया आवेदन करना है",
            "certificate chahiye ji",
            "kaun kaun se certificate bante hain",
            "mujhe form bharna hai",
        ] {
            assert_eq!(asked(text), Some(Asked::Any), "{text}");
        }
        for text in [
            "",
            "application",
            "chahiye",
            "income certificate chahiye",
            "mera certificate kahan hai",
            "certificate kab milega",
            "check a certificate",
            "naya pani ka connection",
            "आय प्रमाण पत्र चाहिए",
            "widow pension",
        ] {
            assert_eq!(asked(text), None, "{text}");
        }
    }

    #[test]
    fn who_names_a_family_is_asked_which_one() {
        for (text, first) in [
            ("caste certificate", "caste-sc"),
            ("मुझे जाति प्रमाण पत्र चाहिए", "caste-sc"),
            ("OBC jaati praman patra banwana hai", "caste-obc"),
            ("pention kaise milega", "old-age-pension"),
            ("licence", "driving-licence"),
            ("शादी का प्रमाण पत्र", "marriage-hindu"),
        ] {
            let Some(Asked::OneOf(services)) = asked(text) else { panic!("{text}") };
            assert_eq!(services[0], first, "{text}");
        }
        let named = known().families.iter().flat_map(|(_, services)| services);
        assert!(named.clone().count() > 10 && named.clone().all(|id| published().service(id).is_some()));
    }
}
