//! Devanagari → Latin letters, as people type Hindi: schwas that are not spoken are not written.

/// One consonant (or none) and what follows it.
struct Syllable {
    onset: String,
    vowel: Vowel,
    nasal: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vowel {
    /// Written.
    Sign(&'static str),
    /// The "a" that every consonant carries.
    Schwa,
    None,
}

/// A normalised word in Latin letters; what is no Devanagari stays.
#[must_use]
pub fn romanise(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut syllables = syllables(word);
    drop_schwas(&mut syllables);
    let mut latin = String::new();
    for (i, syllable) in syllables.iter().enumerate() {
        latin.push_str(&syllable.onset);
        latin.push_str(match syllable.vowel {
            Vowel::Sign(vowel) => vowel,
            Vowel::Schwa => "a",
            Vowel::None => "",
        });
        if syllable.nasal {
            let next = syllables.get(i + 1).and_then(|s| s.onset.chars().next());
            latin.push(if matches!(next, Some('p' | 'b' | 'm')) { 'm' } else { 'n' });
        }
    }
    latin
}

fn syllables(word: &str) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = vec![];
    let syllable = |onset: &str, vowel| Syllable { onset: onset.into(), vowel, nasal: false };
    for c in word.chars() {
        if let Some(onset) = consonant(c) {
            // ज्ञ is said "gy".
            match syllables.last_mut() {
                Some(last) if c == 'ञ' && last.onset == "j" && last.vowel == Vowel::None => {
                    "g".clone_into(&mut last.onset);
                    syllables.push(syllable("y", Vowel::Schwa));
                }
                _ => syllables.push(syllable(onset, Vowel::Schwa)),
            }
        } else if let Some(vowel) = vowel(c) {
            syllables.push(syllable("", Vowel::Sign(vowel)));
        } else if let Some(sign) = sign(c) {
            match syllables.last_mut() {
                Some(last) if last.vowel == Vowel::Schwa => last.vowel = Vowel::Sign(sign),
                _ => syllables.push(syllable("", Vowel::Sign(sign))),
            }
        } else if let ('\u{901}' | '\u{902}', Some(last)) = (c, syllables.last_mut()) {
            last.nasal = true;
        } else if let ('\u{94d}', Some(last)) = (c, syllables.last_mut()) {
            last.vowel = Vowel::None;
        } else if !('\u{900}'..='\u{97f}').contains(&c) {
            syllables.push(Syllable { onset: c.into(), vowel: Vowel::None, nasal: false });
        }
    }
    syllables
}

/// The schwa rule: none at the end of a word, and none between two syllables that have vowels.
fn drop_schwas(syllables: &mut [Syllable]) {
    let Some(last) = syllables.len().checked_sub(1).filter(|l| *l > 0) else { return };
    // After a cluster the glides keep it: "patra", but "shulk".
    let after_cluster = syllables[last - 1].vowel == Vowel::None && !syllables[last - 1].onset.is_empty();
    let keeps = after_cluster && matches!(syllables[last].onset.as_str(), "r" | "y" | "v");
    if syllables[last].vowel == Vowel::Schwa && !syllables[last].nasal && !keeps {
        syllables[last].vowel = Vowel::None;
    }
    for i in (1..last).rev() {
        let between = syllables[i - 1].vowel != Vowel::None
            && syllables[i + 1].vowel != Vowel::None
            && !syllables[i + 1].onset.is_empty();
        if syllables[i].vowel == Vowel::Schwa && !syllables[i].nasal && between {
            syllables[i].vowel = Vowel::None;
        }
    }
}

const fn consonant(c: char) -> Option<&'static str> {
    Some(match c {
        'क' => "k",
        'ख' => "kh",
        'ग' => "g",
        'घ' => "gh",
        'ङ' | 'ञ' | 'ण' | 'न' => "n",
        'च' => "ch",
        'छ' => "chh",
        'ज' => "j",
        'झ' => "jh",
        'ट' | 'त' => "t",
        'ठ' | 'थ' => "th",
        'ड' | 'द' => "d",
        'ढ' | 'ध' => "dh",
        'प' => "p",
        'फ' => "ph",
        'ब' => "b",
        'भ' => "bh",
        'म' => "m",
        'य' => "y",
        'र' => "r",
        'ल' | 'ळ' => "l",
        'व' => "v",
        'श' | 'ष' => "sh",
        'स' => "s",
        'ह' => "h",
        _ => return None,
    })
}

const fn vowel(c: char) -> Option<&'static str> {
    Some(match c {
        'अ' => "a",
        'आ' => "aa",
        'इ' => "i",
        'ई' => "ee",
        'उ' => "u",
        'ऊ' => "oo",
        'ऋ' => "ri",
        'ए' | 'ऍ' | 'ऎ' => "e",
        'ऐ' => "ai",
        'ओ' | 'ऑ' | 'ऒ' | 'ॐ' => "o",
        'औ' => "au",
        _ => return None,
    })
}

const fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        'ा' => "aa",
        'ि' => "i",
        'ी' => "ee",
        'ु' => "u",
        'ू' => "oo",
        'ृ' => "ri",
        'े' | 'ॅ' | 'ॆ' => "e",
        'ै' => "ai",
        'ो' | 'ॉ' | 'ॊ' => "o",
        'ौ' => "au",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::romanise;

    #[test]
    fn as_people_type_it() {
        for (hindi, latin) in [
            ("जाति", "jaati"),
            ("प्रमाण", "pramaan"),
            ("पत्र", "patra"),
            ("शुल्क", "shulk"),
            ("कमला", "kamlaa"),
            ("समझना", "samajhnaa"),
            ("न", "na"),
            ("ज्ञान", "gyaan"),
            ("हूँ", "hoon"),
            ("संबंध", "sambandh"),
            ("आय", "aay"),
            ("चाहिए", "chaahie"),
            ("obc", "obc"),
            ("sc\u{947}", "sce"),
            ("\u{94d}", ""),
        ] {
            assert_eq!(romanise(hindi), latin, "{hindi}");
        }
    }
}
