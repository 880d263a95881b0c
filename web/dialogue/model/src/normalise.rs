//! Text as typed → plain text and words.

use unicode_normalization::UnicodeNormalization;

/// As much of a message is read, in characters: `WhatsApp`'s own limit.
pub const LIMIT: usize = 4_096;

/// Lower case, ASCII digits, no accents, nuktas, joiners or direction marks.
///
/// Decomposed (NFKD) rather than composed, because composing never gives Devanagari letters with a
/// nukta back: decomposed, the nukta is one mark to drop.
#[must_use]
pub fn normalise(text: &str) -> String {
    let text = text.chars().take(LIMIT).nfkd().flat_map(char::to_lowercase);
    text.filter(|c| !is_dropped(*c)).map(ascii_digit).collect()
}

/// The words of a normalised text: letters and digits together, each emoji a word of its own.
/// Letters that stand alone are one word: "o.b.c." is "obc".
#[must_use]
pub fn words(normalised: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    for c in normalised.chars().chain([' ']) {
        if is_of_word(c) {
            word.push(c);
            continue;
        }
        if matches!(c, '\'' | '’') {
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        let emoji = c > '\u{2190}' && !c.is_whitespace() && !('\u{3000}'..='\u{303f}').contains(&c);
        if emoji && words.last().is_none_or(|w| !w.starts_with(c)) {
            words.push(c.into());
        }
    }
    joined(words)
}

fn joined(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = vec![];
    let mut alone = false;
    for word in words {
        let is_letter = word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase();
        match joined.last_mut() {
            Some(last) if alone && is_letter => last.push_str(&word),
            _ => joined.push(word),
        }
        alone = is_letter;
    }
    joined
}

fn is_of_word(c: char) -> bool {
    // The virama is no letter for Unicode, yet part of words; dandas are punctuation.
    c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{963}' | '\u{971}'..='\u{97f}')
}

fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' // accents
        | '\u{93c}' // nukta
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' // joiners, directions
        | '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn ascii_digit(c: char) -> char {
    match c {
        '०'..='९' => char::from(b'0' + u8::try_from(c as u32 - '०' as u32).unwrap_or(0)),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_nobody_sees_are_dropped() {
        assert_eq!(normalise("क़ज़्\u{200d}ज़ा \u{202e}ABC\u{feff} १२३ é"), "कज्जा abc 123 e");
        assert_eq!(normalise("\u{958}"), "क");
    }

    #[test]
    fn letters_alone_are_one_word_and_emoji_are_words() {
        assert_eq!(words("o.b.c. ka 😂😂 chahiye?"), ["obc", "ka", "😂", "chahiye"]);
        assert_eq!(words("प्रमाण-पत्र।"), ["प्रमाण", "पत्र"]);
        assert_eq!(words(" \t "), Vec::<String>::new());
    }

    #[test]
    fn a_long_message_is_read_to_the_limit() {
        assert_eq!(normalise(&"अ".repeat(9_000)).chars().count(), LIMIT);
    }
}
