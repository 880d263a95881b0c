//! What holders agree to: that a verifier hears of a certificate's status, and that they themselves are
//! told when somebody checks their certificates. A yes is a tap on the question itself, never a word that
//! might answer something else.

use super::asking::row;
use super::{Command, Talk};
use crate::say::{Button, ROWS_MAX, Row, Say};
use crate::texts::text;
use crate::understand::asks_of_consents;
use mohar_schemas::words::{Language, Words, day_in_words};
use mohar_schemas::{checker, consent, purpose, types};

/// What a holder wants with consents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// See all of them: [`super::Told::Consents`].
    Look,
    /// See the question that is open, if one is: [`super::Told::Asked`].
    Open,
    /// See one again: [`super::Told::Said`].
    One(String),
    /// Say yes or no to one, or take a yes back: [`super::Told::Said`].
    Decide(String, bool),
    /// Be told of checks, or not any more: [`super::Told::Said`].
    Checks(bool),
}

/// A verifier wants to hear of a certificate's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The subscription's name.
    pub id: String,
    /// What the verifier is called.
    pub verifier: String,
    /// Its kind: an id of `mohar_schemas::checker`.
    pub kind: String,
    /// The certificate's type.
    pub certificate: String,
    /// The certificate's number.
    pub number: String,
    /// What for: an id of `mohar_schemas::purpose`.
    pub purpose: String,
    /// The last day.
    pub until: jiff::civil::Date,
    /// The holder has agreed.
    pub agreed: bool,
}

/// What a holder said to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Agreed,
    /// No.
    Refused,
    /// Not any more.
    Withdrawn,
}

/// What a holder has agreed to, or is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consents {
    /// Is told of checks.
    pub checks: bool,
    /// What is open or active.
    pub requests: Vec<Request>,
}

/// Checks of a certificate by callers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The kind: an id of `mohar_schemas::checker`.
    pub kind: String,
    /// The certificate's type.
    pub certificate: String,
    /// The certificate's number.
    pub number: String,
    /// An id of `mohar_schemas::purpose`; none where no purpose was said.
    pub purpose: Option<String>,
    /// Day and time of the first of them, in words.
    pub when: String,
    /// How many.
    pub count: i64,
}

/// So many kinds and certificates are named in one message.
const LINES_MAX: usize = 8;

impl Request {
    fn gaps(&self, language: Language) -> [(&'static str, String); 6] {
        let name = |words: Option<&Words>| words.map_or("", |w| w.get(language)).to_owned();
        [
            ("verifier", self.verifier.clone()),
            ("kind", name(checker::by_id(&self.kind).map(|k| &k.name))),
            ("certificate", title(&self.certificate, language)),
            ("number", self.number.clone()),
            ("purpose", name(purpose::by_id(&self.purpose).map(|p| &p.name))),
            ("until", day_in_words(self.until, language)),
        ]
    }

    fn told(&self, language: Language, key: &str) -> String {
        let gaps = self.gaps(language);
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
        text(language, key, &gaps)
    }
}

fn title(kind: &str, language: Language) -> String {
    let kind = types::by_id(kind);
    kind.map_or_else(String::new, |k| match language {
        Language::English => k.title_en.clone(),
        Language::Hindi => k.title_hi.clone(),
    })
}

fn button(language: Language, key: &str, id: String) -> Button {
    Button { id, title: text(language, key, &[]) }
}

/// The question to the holder: who, what for, until when, and word for word what a yes means.
#[must_use]
pub fn asked(language: Language, request: &Request) -> Say {
    let head = request.told(language, "subscription_asked");
    let words = consent::by_id(consent::STATUS).map_or("", |c| c.text.get(language));
    let body = format!("{head}\n\n_{words}_\n\n{}", text(language, "subscription_question", &[]));
    let answer = |key: &str, word: &str| button(language, key, format!("subscription:{word}:{}", request.id));
    Say::Buttons { body, buttons: vec![answer("agree", "yes"), answer("subscription_no", "no")] }
}

/// One that was agreed to, and how to take it back.
#[must_use]
pub fn agreed(language: Language, request: &Request) -> Say {
    let body = request.told(language, "subscription_active");
    let id = format!("subscription:no:{}", request.id);
    Say::Buttons { body, buttons: vec![button(language, "subscription_withdraw", id)] }
}

/// What came of an answer.
#[must_use]
pub fn decided(language: Language, request: &Request, answer: Answer) -> Say {
    let key = match answer {
        Answer::Agreed => "subscription_agreed",
        Answer::Refused => "subscription_refused",
        Answer::Withdrawn => "subscription_withdrawn",
    };
    Say::Text { body: request.told(language, key) }
}

/// The question was answered before, or its time is over.
#[must_use]
pub fn over(language: Language) -> Say {
    Say::Text { body: text(language, "subscription_over", &[]) }
}

/// The wish is kept.
#[must_use]
pub fn wished(language: Language, wanted: bool) -> Say {
    Say::Text { body: text(language, if wanted { "checks_on" } else { "checks_off" }, &[]) }
}

/// Somebody checked: when, what kind of caller, what for.
#[must_use]
pub fn checked(language: Language, all: &[Checked]) -> Say {
    let total: i64 = all.iter().map(|c| c.count).sum();
    let mut lines = vec![];
    if let [one] = all {
        lines.push(checked_line(language, "checked_one", one));
    } else {
        lines.push(text(language, "checked_many", &[("count", &total.to_string())]));
        lines.extend(all.iter().take(LINES_MAX).map(|c| checked_line(language, "checked_line", c)));
    }
    if all.len() > LINES_MAX {
        lines.push(text(language, "checked_more", &[("n", &(all.len() - LINES_MAX).to_string())]));
    }
    lines.push(String::new());
    lines.push(text(language, "checked_stop", &[]));
    Say::Text { body: lines.join("\n") }
}

fn checked_line(language: Language, key: &str, c: &Checked) -> String {
    let who = checker::by_id(&c.kind).map_or("", |k| k.who.get(language));
    let gaps = [
        ("who", who),
        ("certificate", &title(&c.certificate, language)),
        ("number", &c.number),
        ("when", &c.when),
        ("count", &c.count.to_string()),
    ];
    let mut line = text(language, key, &gaps);
    if c.count > 1 && key == "checked_one" {
        line = format!("{line} {}", text(language, "checked_times", &gaps));
    }
    match c.purpose.as_deref().and_then(purpose::by_id) {
        Some(p) => {
            format!("{line} {}", text(language, "checked_purpose", &[("purpose", p.name.get(language))]))
        }
        None => line,
    }
}

impl Talk {
    /// Whether words ask about consents, and nothing else; then they are looked up.
    pub(super) fn asks_of_consents(&mut self, said: &str) -> bool {
        let asks = asks_of_consents(said);
        if asks {
            self.consents();
        }
        asks
    }

    pub(super) fn consents(&mut self) {
        self.commands.push(Command::Consent(Wish::Look));
    }

    /// A tap on a question that the holder was asked, or on a row of the list.
    pub(super) fn consent_tapped(&mut self, what: &str) {
        let wish = match what.split_once(':') {
            Some(("yes", id)) => Wish::Decide(id.to_owned(), true),
            Some(("no", id)) => Wish::Decide(id.to_owned(), false),
            Some(("show", id)) => Wish::One(id.to_owned()),
            _ => Wish::Look,
        };
        self.commands.push(Command::Consent(wish));
    }

    /// All of them: the verifiers, and whether checks are told.
    pub(super) fn consented(&mut self, all: &Consents) {
        let language = self.language();
        let rows = all.requests.iter().take(ROWS_MAX).map(|r| {
            let state = self.t(if r.agreed { "subscription_is_active" } else { "subscription_is_open" }, &[]);
            let under = format!("{state} · {}", title(&r.certificate, language));
            row(&format!("subscription:show:{}", r.id), &r.verifier, &under)
        });
        let rows: Vec<Row> = rows.collect();
        if !rows.is_empty() {
            let (body, open) = (self.t("subscriptions", &[]), self.t("open_list", &[]));
            self.say.push(Say::List { body, open, rows });
        }
        let (body, key, id) = if all.checks {
            ("checks_are_on", "checks_stop", "checks:no")
        } else {
            ("checks_are_off", "checks_start", "checks:yes")
        };
        let mut body = self.t(body, &[]);
        if all.requests.is_empty() {
            body = format!("{}\n\n{body}", self.t("no_subscriptions", &[]));
        }
        let buttons = vec![self.button(key, id), self.button("menu", "do:menu")];
        self.buttons(body, buttons);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{At, State, Told, World, hear, tell};
    use crate::heard::Heard;
    use crate::say::{BODY_MAX, length};
    use jiff::civil::date;

    const WORLD: World = World { today: date(2026, 11, 25), aadhaar: false, model: false, speech: false };

    fn request(agreed: bool) -> Request {
        Request {
            id: "ab12".into(),
            verifier: "Indraprastha College for Women, University of Delhi, Delhi".into(),
            kind: "college".into(),
            certificate: "surviving-member".into(),
            number: "SMC-2026-0000042-7".into(),
            purpose: "ration-benefit".into(),
            until: date(2027, 9, 30),
            agreed,
        }
    }

    fn state(language: Language) -> State {
        State { language: Some(language), ..State::default() }
    }

    #[test]
    fn the_question_names_who_what_for_and_until_when_and_fits() {
        for language in [Language::English, Language::Hindi] {
            let Say::Buttons { body, buttons } = asked(language, &request(false)) else { panic!() };
            assert!(length(&body) <= BODY_MAX, "{} {body}", length(&body));
            let day = day_in_words(date(2027, 9, 30), language);
            for said in ["Indraprastha College", "SMC-2026-0000042-7", &day] {
                assert!(body.contains(said), "{said}: {body}");
            }
            assert!(!body.contains('{'), "{body}");
            assert_eq!(buttons[0].id, "subscription:yes:ab12");
            assert_eq!(buttons[1].id, "subscription:no:ab12");
        }
    }

    #[test]
    fn a_tap_decides_in_the_middle_of_a_form_and_leaves_it_as_it_is() {
        let filling = State { at: At::Form, ..state(Language::Hindi) };
        let turn = hear(filling.clone(), &Heard::Tap { id: "subscription:yes:ab12".into() }, WORLD);
        assert_eq!(turn.commands, [Command::Consent(Wish::Decide("ab12".into(), true))]);
        assert_eq!(turn.state, filling);
        let turn = hear(filling, &Heard::Tap { id: "checks:no".into() }, WORLD);
        assert_eq!(turn.commands, [Command::Consent(Wish::Checks(false))]);
    }

    #[test]
    fn a_typed_yes_is_shown_the_question_again_and_decides_nothing() {
        let turn = hear(state(Language::Hindi), &Heard::Text { text: "हाँ".into() }, WORLD);
        assert_eq!(turn.commands, [Command::Consent(Wish::Open)]);
        let shown = tell(turn.state.clone(), Told::Asked(Some(request(false))), WORLD);
        assert_eq!(shown.say, [asked(Language::Hindi, &request(false))]);
        let nothing = tell(turn.state, Told::Asked(None), WORLD);
        assert!(matches!(&nothing.say[..], [Say::List { .. }]), "the menu: {:?}", nothing.say);
    }

    #[test]
    fn words_in_three_writings_show_what_was_agreed_to() {
        for (said, language) in [
            ("My consents", Language::English),
            ("meri sahmati", Language::Hindi),
            ("जाँच की सूचना", Language::Hindi),
        ] {
            let turn = hear(state(language), &Heard::Text { text: said.into() }, WORLD);
            assert_eq!(turn.commands, [Command::Consent(Wish::Look)], "{said}");
            let all = Consents { checks: true, requests: vec![request(true), request(false)] };
            let turn = tell(turn.state, Told::Consents(all), WORLD);
            let [Say::List { rows, .. }, Say::Buttons { buttons, .. }] = &turn.say[..] else {
                panic!("{:?}", turn.say)
            };
            assert_eq!((rows.len(), buttons[0].id.as_str()), (2, "checks:no"));
        }
    }

    #[test]
    fn what_is_told_of_checks_fits_however_much_there_was() {
        let one = |kind: &str, count| Checked {
            kind: kind.into(),
            certificate: "surviving-member".into(),
            number: "SMC-2026-0000042-7".into(),
            purpose: Some("ration-benefit".into()),
            when: "25 November 2026, 14:05".into(),
            count,
        };
        for language in [Language::English, Language::Hindi] {
            for kind in checker::all() {
                let Say::Text { body } = checked(language, &[one(&kind.id, 14)]) else { panic!() };
                assert!(body.contains("14:05") && body.contains("SMC-2026-0000042-7"), "{body}");
                assert!(!body.contains('{'), "{body}");
            }
            let many: Vec<Checked> = checker::all().iter().map(|k| one(&k.id, 1_000)).collect();
            let Say::Text { body } = checked(language, &many) else { panic!() };
            assert!(length(&body) <= crate::say::TEXT_MAX && body.contains("10000"), "{body}");
        }
    }
}
