//! A name as it may be written in the other script: offered, never imposed. Names that are known are
//! written as people write them (`assistant/names.tsv`), others by the common spellings.

use mohar_schemas::data;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Consonants, the longest spelling first.
const CONSONANTS: [(&str, &str); 38] = [
    ("chh", "छ"),
    ("ksh", "क्ष"),
    ("kh", "ख"),
    ("gh", "घ"),
    ("ch", "च"),
    ("jh", "झ"),
    ("th", "थ"),
    ("dh", "ध"),
    ("ph", "फ"),
    ("bh", "भ"),
    ("sh", "श"),
    ("gy", "ज्ञ"),
    ("tt", "ट्ट"),
    ("dd", "द्द"),
    ("ck", "क"),
    ("k", "क"),
    ("q", "क"),
    ("c", "क"),
    ("g", "ग"),
    ("j", "ज"),
    ("z", "ज़"),
    ("t", "त"),
    ("d", "द"),
    ("n", "न"),
    ("p", "प"),
    ("f", "फ़"),
    ("b", "ब"),
    ("m", "म"),
    ("y", "य"),
    ("r", "र"),
    ("l", "ल"),
    ("v", "व"),
    ("w", "व"),
    ("s", "स"),
    ("h", "ह"),
    ("x", "क्स"),
    ("nj", "ंज"),
    ("nd", "ंद"),
];
/// Vowels: spelling, letter, sign behind a consonant.
const VOWELS: [(&str, &str, &str); 12] = [
    ("aa", "आ", "ा"),
    ("ai", "ऐ", "ै"),
    ("au", "औ", "ौ"),
    ("ee", "ई", "ी"),
    ("ii", "ई", "ी"),
    ("oo", "ऊ", "ू"),
    ("uu", "ऊ", "ू"),
    ("a", "अ", ""),
    ("i", "इ", "ि"),
    ("u", "उ", "ु"),
    ("e", "ए", "े"),
    ("o", "ओ", "ो"),
];

/// Known names by their spellings in Latin letters, and the most common of these by the name.
struct Names {
    hindi: HashMap<&'static str, &'static str>,
    latin: HashMap<&'static str, &'static str>,
}

fn names() -> &'static Names {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        let lines = data::NAMES.lines().filter(|line| !line.starts_with('#'));
        let rows = lines.filter_map(|line| line.split_once('\t'));
        let (mut hindi, mut latin) = (HashMap::new(), HashMap::new());
        for (name, spellings) in rows {
            latin.extend(spellings.split(' ').next().map(|common| (name, common)));
            hindi.extend(spellings.split(' ').map(|spelling| (spelling, name)));
        }
        Names { hindi, latin }
    });
    &NAMES
}

/// A name in Devanagari; none where something stands that is not a letter.
pub fn devanagari(name: &str) -> Option<String> {
    let right = name.chars().all(|c| c.is_ascii_alphabetic() || " .".contains(c));
    let words = name.split([' ', '.']).filter(|w| !w.is_empty()).map(str::to_ascii_lowercase);
    let words = words.map(|w| names().hindi.get(w.as_str()).map_or_else(|| word(&w), |n| (*n).to_owned()));
    (right && !name.is_empty()).then(|| words.collect::<Vec<_>>().join(" "))
}

/// A name in Latin letters; none where a part of it is not known: letters alone do not tell how a person
/// spells it.
pub fn latin(name: &str) -> Option<String> {
    let words = name.split_whitespace().map(|word| names().latin.get(word).copied());
    let words: Option<Vec<String>> = words.map(|word| word.map(capital)).collect();
    words.filter(|words| !words.is_empty()).map(|words| words.join(" "))
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    format!("{}{rest}", first.to_ascii_uppercase())
}

/// A word of small letters by the common spellings.
fn word(text: &str) -> String {
    let (mut rest, mut out, mut consonant) = (text, String::new(), false);
    while !rest.is_empty() {
        if let Some((spelling, letter, sign)) = VOWELS.iter().find(|(v, ..)| rest.starts_with(v)) {
            rest = &rest[spelling.len()..];
            // At the end of a word a short vowel is written long: Sunita, Devi, Raju.
            let last = rest.is_empty() && consonant;
            out.push_str(match (consonant, last, *spelling) {
                (_, true, "a") => "ा",
                (_, true, "i") => "ी",
                (_, true, "u") => "ू",
                (true, ..) => sign,
                (false, ..) => letter,
            });
            consonant = false;
            continue;
        }
        // A nasal before another consonant is a dot: Sanjay, Anand keeps its vowel.
        let nasal = rest.starts_with('n') && rest[1..].starts_with(['j', 'd', 'g', 'k', 'c', 't', 's']);
        if nasal && !out.is_empty() {
            (rest, consonant) = (&rest[1..], false);
            out.push('ं');
            continue;
        }
        let Some((spelling, letter)) = CONSONANTS.iter().find(|(c, _)| rest.starts_with(c)) else { break };
        if consonant {
            out.push('्');
        }
        out.push_str(letter);
        (rest, consonant) = (&rest[spelling.len()..], true);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_as_people_write_them() {
        for (name, hindi) in [
            ("Sunita Devi", "सुनीता देवी"),
            ("RAMESH KUMAR", "रमेश कुमार"),
            ("Rajesh", "राजेश"),
            ("Mohan Lal", "मोहन लाल"),
            ("Mohd. Aslam", "मोहम्मद असलम"),
            // Nobody is known by this name.
            ("Priyesh", "प्रियेश"),
        ] {
            assert_eq!(devanagari(name).as_deref(), Some(hindi));
        }
        assert_eq!(devanagari("R2-D2"), None);
        assert_eq!(latin("सुनीता देवी").as_deref(), Some("Sunita Devi"));
        assert_eq!(latin("अज्ञातनाम देवी"), None);
        assert_eq!(latin(" "), None);
    }

    #[test]
    fn the_file_of_names_is_in_order() {
        let rows: Vec<_> = data::NAMES.lines().filter(|line| !line.starts_with('#')).collect();
        let mut spellings = 0;
        for row in &rows {
            let (name, latin) = row.split_once('\t').expect(row);
            assert!(name.chars().all(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{row}");
            assert!(latin.chars().all(|c| c.is_ascii_lowercase() || c == ' '), "{row}");
            spellings += latin.split(' ').count();
        }
        assert!(rows.len() > 600 && rows.is_sorted());
        assert_eq!((names().latin.len(), names().hindi.len()), (rows.len(), spellings), "each stands once");
    }
}
