//! Misspellings as thumbs make them: letters dropped, doubled, swapped, vowels changed, the key
//! beside. For training and for measuring, with different seeds.

/// A generator with a fixed seed (`SplitMix64`): the same misspellings in every build.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Starts from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (sides.max(1) as u64)).unwrap_or(0)
    }

    /// Brings a list into an order of its own.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let other = self.below(i + 1);
            list.swap(i, other);
        }
    }
}

/// How carelessly somebody types.
#[derive(Debug, Clone, Copy)]
pub struct Care {
    /// About every so many-th word has a slip, and at least one of a message.
    pub every: usize,
    /// Words of so many letters or more.
    pub letters: usize,
}

/// As training and the main figures have it.
pub const CARE: Care = Care { every: 4, letters: 4 };
/// Worse than the training ever saw: for measuring alone.
pub const HASTE: Care = Care { every: 3, letters: 3 };

/// The text with slips.
#[must_use]
pub fn misspell(text: &str, care: Care, dice: &mut Dice) -> String {
    let mut words: Vec<String> = text.split(' ').map(ToOwned::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|i| words[*i].chars().count() >= care.letters).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let always = long[dice.below(long.len())];
    for i in long {
        if i == always || dice.below(care.every) == 0 {
            words[i] = misspell_word(&words[i], dice);
        }
    }
    words.join(" ")
}

fn misspell_word(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = dice.below(letters.len());
    let c = letters[at];
    match dice.below(5) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, c),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        3 => {
            let vowels: Vec<usize> =
                (0..letters.len()).filter(|i| group(letters[*i], VOWELS).is_some()).collect();
            let at = vowels.get(dice.below(vowels.len())).copied().unwrap_or(at);
            letters[at] = another(letters[at], VOWELS, dice);
        }
        _ => letters[at] = another(c, NEIGHBOURS, dice),
    }
    letters.into_iter().collect()
}

const VOWELS: &[&str] = &["aeiou", "ािीुूेैोौ", "अआइईउऊएऐओऔ"];

/// Keys beside each other in Latin; letters that are confused in Devanagari.
const NEIGHBOURS: &[&str] = &[
    "qwas",
    "wesd",
    "erdf",
    "rtfg",
    "tygh",
    "yuhj",
    "uijk",
    "iokl",
    "opl",
    "asz",
    "dfxc",
    "fgcv",
    "ghvb",
    "hjbn",
    "jknm",
    "शषस",
    "नण",
    "बव",
    "तट",
    "दड",
    "थठ",
    "धढ",
    "रड",
    "जझय",
    "िी",
    "ुू",
    "ेै",
    "ोौ",
    "ंँन",
];

fn group(c: char, groups: &'static [&'static str]) -> Option<&'static str> {
    groups.iter().find(|g| g.contains(c)).copied()
}

fn another(c: char, groups: &'static [&'static str], dice: &mut Dice) -> char {
    let Some(group) = group(c, groups) else { return c };
    let others: Vec<char> = group.chars().filter(|o| *o != c).collect();
    others.get(dice.below(others.len())).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_misspellings() {
        let text = "जाति प्रमाण पत्र income certificate chahiye";
        let twice = |seed| misspell(text, CARE, &mut Dice::new(seed));
        assert_eq!(twice(7), twice(7));
        let changed = (0..100).filter(|seed| twice(*seed) != text).count();
        assert!(changed > 90, "{changed}");
        assert_eq!(misspell("", CARE, &mut Dice::new(1)), "");
    }
}
