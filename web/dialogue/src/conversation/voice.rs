//! Voice notes: written down by a speech service where there is one, said back, and then heard as words. A
//! yes that binds is tapped or written: a service may mishear it.

use super::asking::{Question, next};
use super::{At, Command, Talk};
use crate::grammar::yes_no;
use crate::heard::Heard;
use crate::texts::text;
use mohar_schemas::words::Language;

/// As much of what was heard is used, in characters.
const HEARD_MAX: usize = 500;

impl Talk {
    /// A voice note, kept under its key.
    pub(super) fn voice(&mut self, key: &str) {
        if self.world.speech && !key.is_empty() {
            self.commands.push(Command::Listen { key: key.to_owned() });
        } else {
            self.not_heard("voice");
        }
    }

    /// What a voice note says, as a speech service wrote it down.
    pub(super) fn transcribed(&mut self, words: Option<&str>) {
        let Some(words) = words.and_then(transcript) else { return self.not_heard("voice_not_heard") };
        let heard = Heard::Text { text: words.clone() };
        if self.state.language.is_none() && !self.choose_language(&heard) {
            return;
        }
        self.say(self.t("voice_heard", &[("words", &words)]));
        if yes_no(&words) == Some(true) && self.wants_a_binding_yes() {
            self.say(self.t("voice_yes", &[]));
            return self.ask_again();
        }
        self.hear(&heard);
    }

    /// Said in both languages: whoever speaks may not read the one that was chosen.
    fn not_heard(&mut self, key: &str) {
        let own = self.language();
        let other = if own == Language::Hindi { Language::English } else { Language::Hindi };
        let why = format!("{}\n\n{}", text(own, key, &[]), text(other, key, &[]));
        if self.state.language.is_some() {
            return self.of_no_use(why);
        }
        self.say(why);
        if self.choose_language(&Heard::Other) {
            self.ask_again();
        }
    }

    /// Whether a yes agrees to something or hands in, rather than answering a question or showing more.
    fn wants_a_binding_yes(&self) -> bool {
        match self.state.at {
            At::Outside
            | At::Service { .. }
            | At::Resume { .. }
            | At::Eligible { .. }
            | At::Asked { .. }
            | At::Number
            | At::Fact { .. }
            | At::Mending => false,
            At::Form => {
                self.filling().is_some_and(|(d, service)| matches!(next(&d, service), Question::ReadBack))
            }
            At::Consent { .. } | At::Identity { .. } | At::Grievance { .. } | At::Correction { .. } => true,
        }
    }
}

/// What was heard as one plain line; nothing where it is empty, in a script that nobody here speaks, or has
/// an address in it, which nobody speaks either.
fn transcript(words: &str) -> Option<String> {
    let plain = |c: char| if c.is_control() || "*_~`<>[]{}|\\".contains(c) { ' ' } else { c };
    let words: String = words.chars().take(HEARD_MAX).map(plain).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let ours = |c: char| {
        c.is_ascii_alphabetic() || ('\u{900}'..='\u{97f}').contains(&c) || "\u{200c}\u{200d}".contains(c)
    };
    let spoken = |c: char| ours(c) || c.is_ascii_digit() || " .,;:!?'\"()%₹।–—’‘“”-/".contains(c);
    let address = words.split(' ').any(|w| {
        let inner = w.trim_end_matches(|c: char| !c.is_alphanumeric());
        let letters = inner.chars().any(char::is_alphabetic);
        inner.contains("//") || (letters && inner.contains('.') && !is_abbreviation(inner))
    });
    (words.chars().any(ours) && words.chars().all(spoken) && !address).then_some(words)
}

/// Letters with points between, such as "o.b.c".
fn is_abbreviation(word: &str) -> bool {
    word.split('.').all(|part| part.chars().count() <= 1)
}

#[cfg(test)]
mod tests {
    use super::transcript;

    #[test]
    fn only_speech_is_heard() {
        for heard in ["आय प्रमाण पत्र चाहिए।", "My income is 1,80,000.", "o.b.c. certificate", "Yes"]
        {
            assert_eq!(transcript(heard).as_deref(), Some(heard));
        }
        assert_eq!(transcript(" a *bold*\n\tword ").as_deref(), Some("a bold word"));
        for not in [
            "",
            " \u{0} ",
            "…",
            "12",
            "میرے",
            "แจ้ง",
            "see https://evil.example",
            "go to evil.example now",
            "www.evil.example.",
            "me@evil.example",
            "\u{202e}reversed",
        ] {
            assert_eq!(transcript(not), None, "{not}");
        }
        assert_eq!(transcript(&"हाँ ".repeat(4_000)).map(|t| t.chars().count() <= 500), Some(true));
    }
}
