//! What holders read by text message or e-mail of verifiers who ask, and of those who check.

use super::outbox::template;
use mohar_dialogue::conversation::consents::{Checked, Request};
use mohar_schemas::words::{Language, Words, day_in_words};
use mohar_schemas::{checker, purpose};
use serde_json::json;

/// So many kinds of callers and certificates stand in one text message.
const LINES_MAX: usize = 2;

/// A verifier's question, and where to answer it.
pub fn asked(request: &Request, link: &str, language: Language) -> String {
    let name = |words: Option<&Words>| words.map_or("", |w| w.get(language)).to_owned();
    let gaps = [
        ("verifier", request.verifier.clone()),
        ("kind", name(checker::by_id(&request.kind).map(|k| &k.name))),
        ("number", request.number.clone()),
        ("purpose", name(purpose::by_id(&request.purpose).map(|p| &p.name))),
        ("until", day_in_words(request.until, language)),
        ("link", link.to_owned()),
    ];
    filled("asked", language, &gaps)
}

/// What the outbox keeps of checks: the words themselves, until they are sent.
pub fn checks(all: &[Checked], link: &str, language: Language) -> String {
    let total: i64 = all.iter().map(|c| c.count).sum();
    let mut lines: Vec<String> =
        all.iter().take(LINES_MAX).map(|c| filled("checked-line", language, &gaps(c, language))).collect();
    if all.len() > LINES_MAX {
        lines.push("…".into());
    }
    let text = match all {
        [one] if one.count == 1 => {
            let mut gaps = gaps(one, language);
            gaps.push(("link", link.to_owned()));
            filled("checked", language, &gaps)
        }
        _ => {
            let gaps = [("count", total.to_string()), ("lines", lines.join("; ")), ("link", link.to_owned())];
            filled("checked-often", language, &gaps)
        }
    };
    json!({ "template": "checked", "text": text }).to_string()
}

fn gaps(c: &Checked, language: Language) -> Vec<(&'static str, String)> {
    let purpose = c.purpose.as_deref().and_then(purpose::by_id);
    let purpose =
        purpose.map(|p| filled("checked-purpose", language, &[("purpose", p.name.get(language).to_owned())]));
    vec![
        ("who", checker::by_id(&c.kind).map_or("", |k| k.who.get(language)).to_owned()),
        ("number", c.number.clone()),
        ("when", c.when.clone()),
        ("count", c.count.to_string()),
        ("for", purpose.unwrap_or_default()),
    ]
}

fn filled(name: &str, language: Language, gaps: &[(&str, String)]) -> String {
    let text = template(name, language).unwrap_or_default().to_owned();
    gaps.iter().fold(text, |text, (gap, value)| text.replace(&format!("{{{gap}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five parts of 67 UTF-16 units each: what carriers take in one go.
    const UNITS_MAX: usize = 335;

    #[test]
    fn the_longest_fits_a_text_message_and_names_what_matters() {
        let link = "https://certificates.delhi.gov.in/apply/me";
        for language in [Language::English, Language::Hindi] {
            for kind in checker::all() {
                for purpose in purpose::all() {
                    let request = Request {
                        id: "s".into(),
                        verifier: "V".repeat(mohar_issuer::subscription::NAME_CHARS_MAX),
                        kind: kind.id.clone(),
                        certificate: "income".into(),
                        number: "INC-2026-0000042-7".into(),
                        purpose: purpose.id.clone(),
                        until: jiff::civil::date(2027, 9, 30),
                        agreed: false,
                    };
                    let checked = |count| Checked {
                        kind: kind.id.clone(),
                        certificate: "income".into(),
                        number: "INC-2026-0000042-7".into(),
                        purpose: Some(purpose.id.clone()),
                        when: crate::pages::when_in_words(1_795_500_000, language),
                        count,
                    };
                    let many = vec![checked(1_000); 5];
                    let texts = [
                        asked(&request, link, language),
                        checks(&[checked(1)], link, language),
                        checks(&[checked(14)], link, language),
                        checks(&many, link, language),
                    ];
                    for text in texts {
                        let text = text.replace("{\"template\":\"checked\",\"text\":", "");
                        assert!(text.contains("INC-2026-0000042-7") && text.contains(link), "{text}");
                        assert!(!text.contains('{'), "{text}");
                        let units = text.encode_utf16().count();
                        assert!(units <= UNITS_MAX + 3, "{units}: {text}");
                    }
                }
            }
        }
    }
}
