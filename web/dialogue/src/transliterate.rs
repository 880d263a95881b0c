//! A name in Latin letters as it may be written in Devanagari: offered, never imposed.

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

/// Each word by the common spellings; none where something stands that is not a letter.
pub fn devanagari(name: &str) -> Option<String> {
    let right = name.chars().all(|c| c.is_ascii_alphabetic() || " .".contains(c));
    let words = name.split([' ', '.']).filter(|w| !w.is_empty());
    (right && !name.is_empty()).then(|| words.map(word).collect::<Vec<_>>().join(" "))
}

fn word(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let (mut rest, mut out, mut consonant) = (text.as_str(), String::new(), false);
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
    use super::devanagari;

    #[test]
    fn common_names_come_out_as_they_are_written() {
        for (latin, hindi) in [
            ("Sunita Devi", "सुनिता देवी"),
            ("Rajesh", "रजेश"),
            ("Mohan Lal", "मोहन लल"),
            ("Sanjay", "संजय"),
            ("Priya", "प्रिया"),
        ] {
            assert_eq!(devanagari(latin).as_deref(), Some(hindi));
        }
        assert_eq!(devanagari("R2-D2"), None);
    }
}
