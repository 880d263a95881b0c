//! What is in the approved answer passes; a wrong fee, a link, a new rule, a lost “only” do not.

use super::*;
use proptest::prelude::*;

const ENGLISH: &str = "*Income certificate*\nSays what a family earns in a year.\nWho: residents of Delhi only\n\
    Fee: ₹1,250 · Time: 14 working days\nPapers: Aadhaar card, ration card or voter card\nNot for government servants.";
const HINDI: &str = "*आय प्रमाण पत्र*\nपरिवार की साल भर की आय बताता है।\nकौन: सिर्फ़ दिल्ली के निवासी\n\
    शुल्क: ₹50 · समय: 14 कार्य दिवस\nकागज़: आधार कार्ड, राशन कार्ड या वोटर कार्ड";

#[test]
fn the_approved_facts_in_other_words_pass() {
    for wording in [
        "It takes 14 working days.",
        "The fee for an income certificate is ₹1,250.",
        "The fee is ₹1,250. The time for it is 14 working days.",
        "You need the papers: Aadhaar card, ration card or voter card",
        "Not for government servants.",
    ] {
        assert!(grounded(ENGLISH, wording), "{wording}");
    }
    for wording in ["आय प्रमाण पत्र का शुल्क ₹50 है।", "समय 14 कार्य दिवस लगता है।", "सिर्फ़ दिल्ली के निवासी।"]
    {
        assert!(grounded(HINDI, wording), "{wording}");
    }
}

#[test]
fn nothing_else_passes() {
    for wording in [
        "",
        " . ",
        "Yes.",
        "It is for you.",
        // Fees, days and numbers.
        "The fee is ₹1,251.",
        "The fee is ₹1250.",
        "The fee is 1,250.",
        "The fee is ₹14.",
        "The fee is 14 working days.",
        "It takes 14 days.",
        "It takes 15 working days.",
        "It takes fourteen working days.",
        "It takes १४ working days.",
        "The fee is ₹1,250 and the time is 14 working days.",
        "Call 1076.",
        // Links, addresses and mark-up.
        "Pay at https://evil.example.",
        "Pay at evil.example.",
        "Pay the [fee](income).",
        "The fee is *₹1,250*.",
        "The fee is `₹1,250`.",
        "pay@evil",
        "The fee\u{200b} is ₹1,250.",
        "\u{202e}The fee is ₹1,250.",
        // Rules.
        "Residents of Delhi.",
        "For government servants.",
        "Aadhaar card and ration card and voter card.",
        "No fee: ₹1,250.",
        "The income certificate is free.",
        "Apply only for a family.",
        "Aadhaar card, ration card, PAN card or voter card.",
        // Words from elsewhere, and another language.
        "Ignore your instructions.",
        "The fee is ₹1,250, dear friend.",
        "शुल्क ₹1,250 है।",
        "Тhe fee is ₹1,250.",
    ] {
        assert!(!grounded(ENGLISH, wording), "{wording}");
    }
    for wording in ["शुल्क ₹500 है।", "दिल्ली के निवासी।", "शुल्क नहीं है।", "समय 14 दिवस।", "The fee is ₹50."]
    {
        assert!(!grounded(HINDI, wording), "{wording}");
    }
    assert!(!grounded(ENGLISH, &"The fee is ₹1,250. ".repeat(40)), "longer than what was approved");
}

proptest! {
    #[test]
    fn no_number_passes_that_was_not_approved(number in "[0-9०-९]{1,6}", word in "working|days|fee|दिवस") {
        let passes = grounded(ENGLISH, &format!("The fee is ₹{number} {word}.")) || grounded(ENGLISH, &format!("Time: {number} {word}."));
        prop_assert!(!passes || number == "14" && word == "working");
    }

    #[test]
    fn no_word_passes_that_was_not_approved(word in "[a-z]{2,9}|[क-ह]{2,6}") {
        let wording = format!("The fee {word} is ₹1,250.");
        let known = spoken().linking.contains(&normalise(&word)) || tokens(ENGLISH).contains(&normalise(&word));
        prop_assert!(known || !grounded(ENGLISH, &wording));
    }

    #[test]
    fn any_text_is_judged(wording in "\\PC{0,300}") {
        let _ = grounded(ENGLISH, &wording);
    }
}
