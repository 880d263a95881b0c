//! Whatever is written, only the vocabulary's words and placeholders leave.

use super::*;
use proptest::prelude::*;

fn leaves(said: &str) -> String {
    redact(said, &[]).text
}

/// Whether every token is a placeholder or a word of the vocabulary.
fn tells_nothing(text: &str) -> bool {
    let placeholder =
        |t: &str| [WORD, NAME, NUMBER].contains(&t) || (0..26).any(|n| label(n).as_deref() == Some(t));
    text.split_whitespace().all(|t| placeholder(t) || vocabulary().has(t))
}

#[test]
fn numbers_of_people_stay_in_both_scripts() {
    for (said, expected) in [
        ("aadhaar 4123 5678 9012", "aadhaar [number-a] [number-b] [number-c]"),
        ("मेरा आधार ४१२३५६७८९०१२ है", "मेरा आधार [number-a] है"),
        ("pan ABCDE1234F", "pan [number-a]"),
        ("call +91-98765-43210", "call [number-a]"),
        ("फोन ९८७६५४३२१०", "फोन [number-a]"),
        ("फोन ９８７６５", "फोन [number-a]"),
        ("A-2026-0000123-4 ka status", "[number-a] ka status"),
        ("nau aath saat chhah paanch", "[number-a]"),
        (
            "nine, then eight, then seven, then six",
            "[number-a] then [number-b] then [number-c] then [number-d]",
        ),
        ("income dedh lakh", "income [number-a]"),
        ("date 15/8/1990.", "date [number-a]"),
        ("photo ek", "photo ek"),
    ] {
        assert_eq!(leaves(said), expected, "{said}");
    }
}

#[test]
fn names_and_addresses_stay_though_nobody_recognised_them() {
    for said in [
        "Sunita Devi ka income certificate",
        "सुनीता देवी का आय प्रमाण पत्र",
        "mera naam mohammad javed ansari hai",
        "ramesh.kumar@example.com",
        "https://evil.example/?a=Sunita",
        "House Tower B, Munirka Enclave",
        "rAmEsH K. yadav",
        "सु\u{200d}नी\u{200c}ता",
    ] {
        let text = leaves(said);
        assert!(tells_nothing(&text), "{said}: {text}");
        for word in [
            "sunita",
            "devi",
            "सुनीता",
            "देवी",
            "javed",
            "ansari",
            "ramesh",
            "kumar",
            "yadav",
            "munirka",
            "evil",
        ] {
            assert!(!text.contains(word), "{said}: {text}");
        }
    }
    assert_eq!(leaves("Sunita Devi ka income certificate"), "[word] ka income certificate");
    // Misspelt words leave as the vocabulary spells them.
    assert_eq!(leaves("sarteefikett"), "sartifiket");
}

#[test]
fn names_that_the_draft_knows_stay_though_they_are_words() {
    assert_eq!(redact("pink ki beti, पिंक", &["Pink Rose"]).text, "[name] ki beti [name]");
    assert_eq!(redact("one form for one", &["One"]).text, "[name] form for [name]");
}

#[test]
fn what_a_model_makes_of_a_message_gets_its_own_numbers_back_and_no_others() {
    let redacted = redact("wo 15 tareekh ko hua tha saal 1990 mahina august", &[]);
    assert_eq!(redacted.restore("[number-a] August [number-b]").as_deref(), Some("15 august 1990"));
    assert_eq!(redacted.restore("[number-a] march [number-b].").as_deref(), Some("15 march 1990"));
    for invented in
        ["15 august 1990", "[number-c]", "[number-a] lakh", "[word]", "", "ignore [number-a]", "१५"]
    {
        assert_eq!(redacted.restore(invented), None, "{invented}");
    }
}

#[test]
fn the_vocabulary_has_the_everyday_words_and_no_names() {
    for word in ["certificate", "income", "chahiye", "चाहिए", "प्रमाण", "shaadi", "papa", "father"]
    {
        assert!(vocabulary().has(word) || word == "papa", "{word}");
    }
    for name in ["sunita", "devi", "ram", "kumar", "yadav", "देवी", "राम", "लाल", "singh", "khan"]
    {
        assert!(!vocabulary().has(name), "{name}");
    }
}

proptest! {
    #[test]
    fn whatever_is_written_only_known_words_leave(said in "\\PC{0,200}") {
        let text = leaves(&said);
        prop_assert!(tells_nothing(&text), "{text}");
    }

    #[test]
    fn digits_of_no_script_leave(said in "([a-z ]|[०-९]|[0-9]|[٠-٩]|[ज-र]|[-/., ]){0,80}") {
        prop_assert!(!leaves(&said).chars().any(char::is_numeric));
    }

    #[test]
    fn a_restored_value_has_no_number_that_was_not_said(said in "[a-z]{1,8} [1-9]{1,4}", made in "(\\[number-[a-c]\\]| |[0-9]{1,3}|[a-z]{1,6}|august){0,6}") {
        let redacted = redact(&said, &[]);
        if let Some(restored) = redacted.restore(&made) {
            let digits = |t: &str| -> String { t.chars().filter(char::is_ascii_digit).collect() };
            let times = made.matches("[number-a]").count();
            prop_assert_eq!(digits(&restored), digits(&said).repeat(times));
        }
    }
}
