//! The texts of the pages, from `texts.toml`.

use mohar_schemas::words::Words;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static TEXTS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the program, and a test reads it.
    toml::from_str(include_str!("../../texts.toml")).expect("texts.toml is in order")
});

/// The text of a key. A key that is missing shows itself; a test finds it first.
pub fn text(key: &str) -> &'static Words {
    static MISSING: LazyLock<Words> = LazyLock::new(|| Words::same("?"));
    TEXTS.get(key).unwrap_or(&MISSING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_in_use_is_there_in_both_languages() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = String::new();
        for folder in ["templates", "src/pages"] {
            let files = std::fs::read_dir(root.join(folder)).unwrap().filter_map(Result::ok);
            for file in files.filter(|f| f.path().is_file()) {
                sources.push_str(&std::fs::read_to_string(file.path()).unwrap());
            }
        }
        let keys = sources.split(".t(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let keys: Vec<_> = keys.filter(|k| !k.is_empty() && !k.contains(['{', '\\'])).collect();
        assert!(keys.len() > 90, "{}", keys.len());
        for key in keys {
            assert!(TEXTS.contains_key(key), "{key} is not in texts.toml");
        }
        for (key, words) in TEXTS.iter() {
            assert!(words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{key} lacks Hindi");
        }
    }
}
