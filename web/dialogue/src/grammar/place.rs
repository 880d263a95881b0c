//! The districts of Delhi, as people call them.

use super::spoken::{sounds, spoken};

/// The district that an answer names: a row of the table `districts`.
#[must_use]
pub fn district(text: &str) -> Option<&'static str> {
    let spoken = spoken();
    let dropped = |w: &String| spoken.fillers.contains(w) || spoken.beside_district.contains(w);
    let words: Vec<String> = sounds(text).into_iter().filter(|w| !dropped(w)).collect();
    let plain = spoken.plain_districts.iter().find(|(phrase, _)| *phrase == words);
    plain.map(|(_, id)| id.as_str()).or_else(|| district_spoken(text))
}

/// The district that a sentence speaks of. "North" alone is none; "North district" is.
#[must_use]
pub fn district_spoken(text: &str) -> Option<&'static str> {
    let spoken = spoken();
    let words = sounds(text);
    let whole = spoken.districts.iter().find(|(phrase, _)| words.windows(phrase.len()).any(|w| w == phrase));
    let beside = || {
        spoken.plain_districts.iter().find(|(phrase, _)| {
            let is_beside = |at: Option<usize>| {
                at.and_then(|at| words.get(at)).is_some_and(|w| spoken.beside_district.contains(w))
            };
            let starts = (0..words.len()).filter(|at| words[*at..].starts_with(phrase));
            let mut starts =
                starts.filter(|at| is_beside(at.checked_sub(1)) || is_beside(Some(at + phrase.len())));
            starts.next().is_some()
        })
    };
    whole.or_else(beside).map(|(_, id)| id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_districts_in_use_in_both_scripts() {
        let table = mohar_schemas::tables::table("districts").unwrap();
        let named: BTreeSet<_> = spoken().districts.iter().map(|(_, id)| id.as_str()).collect();
        for row in table.rows.iter().filter(|r| r.until.is_none()) {
            assert!(named.contains(row.id.as_str()), "{}", row.id);
            assert_eq!(district(&row.en), Some(row.id.as_str()), "{}", row.en);
            assert_eq!(district(&row.hi), Some(row.id.as_str()), "{}", row.hi);
        }
        assert!(named.iter().all(|id| table.by_id(id).is_some_and(|r| r.until.is_none())));
    }

    #[test]
    fn directions_alone_are_no_district_in_a_sentence() {
        assert_eq!(district_spoken("मैं दक्षिणी दिल्ली में रहता हूँ"), Some("south"));
        assert_eq!(district_spoken("south west delhi ka office"), Some("south-west"));
        assert_eq!(district_spoken("west district"), Some("west"));
        assert_eq!(district_spoken("central government job"), None);
        assert_eq!(district_spoken("new delhi me income certificate"), None);
        assert_eq!(district("North"), Some("north"));
        assert_eq!(district("mumbai"), None);
    }
}
