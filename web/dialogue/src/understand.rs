//! What a message wants: exact commands, then the intent model, then search, then the menu
//! (design §8). A guess only opens or offers; nothing is submitted, paid or changed on it.

mod asked;
mod commands;
mod search;
mod slots;
mod writing;

pub(crate) use commands::asks_of_consents;
pub use commands::command;
pub use search::Index;
pub use slots::{Slip, Slots, certificate_number};
pub use writing::{Writing, writing};

use crate::grammar::day;
use crate::grammar::spoken::spoken;
use asked::{Asked, asked};
use jiff::civil::Date;
use mohar_dialogue_model::model::Model;
use mohar_dialogue_model::skeleton::skeletons;
use mohar_dialogue_model::{OUT_OF_SCOPE, normalise};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;

/// As much of a message is understood, in characters.
pub const LIMIT: usize = normalise::LIMIT;

/// The trained model, as the build wrote it.
pub const MODEL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ear.bin"));

/// Search answers at least this share of a question, or it is not shown …
const WORTH_SHOWING: f32 = 0.45;
/// … and this share, where the model rather thinks that the question is none of ours.
const SURELY_OURS: f32 = 0.6;
/// A question of which a service's name answers this share may be about it.
const WORTH_NAMING: f32 = 0.3;
/// A question is about a service that takes this share of what all services and schemes get.
const SPOKEN_OF: f32 = 0.7;

/// From here on the intent tells the service, too.
pub(crate) const LIKELY: f32 = 0.5;

/// What a message wants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Understanding {
    /// The likeliest intent: `apply:<service>`, `scheme:<scheme>` or a plain one.
    pub intent: String,
    /// How often such a guess is right, 0 to 1.
    pub confidence: f32,
    /// Up to three other intents, the likeliest first; after a search, what it found.
    pub alternatives: Vec<Guess>,
    /// What else the message says.
    pub slots: Slots,
    /// In which writing.
    pub writing: Writing,
    /// What to do about it.
    pub action: Action,
}

/// An intent and how likely it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guess {
    /// The intent.
    pub intent: String,
    /// Its probability; after a search, the share of the question that it answers.
    pub confidence: f32,
}

/// What an understanding allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Open it.
    Open,
    /// Offer up to three as buttons: see [`Understanding::offered`].
    Offer,
    /// Show what search found: the alternatives.
    Search,
    /// Show the menu; what is out of scope is declined first.
    Menu,
}

impl Understanding {
    /// Up to three intents to offer as buttons, the likeliest first.
    #[must_use]
    pub fn offered(&self) -> Vec<&str> {
        let own = (self.action != Action::Search).then_some(self.intent.as_str());
        let others = self.alternatives.iter().map(|g| g.intent.as_str());
        own.into_iter().chain(others).filter(|i| *i != OUT_OF_SCOPE).take(3).collect()
    }
}

/// Understands a message, its first [`LIMIT`] characters. `today` tells the century of "15/8/90".
#[must_use]
pub fn understand(text: &str, today: Date) -> Understanding {
    let slots = slots::slots(text, today);
    let writing = writing(text);
    let plain = |intent: &str, confidence, action, slots| Understanding {
        intent: intent.into(),
        confidence,
        alternatives: vec![],
        slots,
        writing,
        action,
    };
    if let Some(intent) = command(text).or_else(|| only_a_number(text, &slots)) {
        return plain(intent, 1.0, Action::Open, slots);
    }
    let said = skeletons(text);
    if said.is_empty() || only_an_answer(text, today) {
        return plain(OUT_OF_SCOPE, 0.0, Action::Menu, slots);
    }
    if let Some(intent) = names().get(&said) {
        let (service, scheme) = service_or_scheme(intent);
        return plain(intent, 1.0, Action::Open, Slots { service, scheme, ..slots });
    }
    match asked(text) {
        Some(Asked::Any) => return plain("menu", 1.0, Action::Menu, slots),
        Some(Asked::OneOf(services)) => {
            let confidence = rounded(share_of(services.len()));
            let each = services.iter().map(|id| Guess { intent: format!("apply:{id}"), confidence });
            let first = plain(&format!("apply:{}", services[0]), confidence, Action::Offer, slots);
            return Understanding { alternatives: each.skip(1).collect(), ..first };
        }
        None => {}
    }
    let ranked = model().ranked(text);
    let (intent, confidence) = ranked[0];
    let mut heard = Understanding {
        intent: intent.into(),
        confidence: rounded(confidence),
        alternatives: guesses(ranked.iter().skip(1).filter(|(_, p)| *p >= 0.02).copied()),
        slots: Slots { service: None, scheme: None, ..slots },
        writing,
        action: Action::Menu,
    };
    if confidence >= LIKELY {
        (heard.slots.service, heard.slots.scheme) = spoken_of(intent, text);
    }
    act(&mut heard, text, &ranked);
    heard
}

/// Decides between opening, offering, searching and the menu.
fn act(heard: &mut Understanding, text: &str, ranked: &[(&str, f32)]) {
    let thresholds = model().thresholds();
    let ours = heard.intent != OUT_OF_SCOPE;
    if heard.confidence >= thresholds.open {
        heard.action = if ours { Action::Open } else { Action::Menu };
        return;
    }
    if heard.confidence >= thresholds.offer && ours {
        heard.action = Action::Offer;
        return;
    }
    let enough = if ours { WORTH_SHOWING } else { SURELY_OURS };
    // What the model half thinks of counts with what the words say.
    let weighed = index().search(text).into_iter().map(|(intent, share)| {
        let probability = ranked.iter().find(|(i, _)| *i == intent).map_or(0.0, |(_, p)| *p);
        (intent, (share + probability).min(1.0))
    });
    let mut shown: Vec<_> = weighed.filter(|(_, weight)| *weight >= enough).collect();
    shown.sort_by(|a, b| b.1.total_cmp(&a.1));
    if !shown.is_empty() {
        heard.action = Action::Search;
        if heard.intent.contains(':') {
            shown.retain(|(intent, _)| *intent != heard.intent);
            shown.insert(0, ranked[0]);
        }
        heard.alternatives = guesses(shown.into_iter());
    }
}

/// A message that is only a number asks about it.
fn only_a_number(text: &str, slots: &Slots) -> Option<&'static str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    match (&slots.application, &slots.certificate) {
        (Some(_), _) if letters <= 1 => Some("status"),
        (_, Some(number)) if letters <= number.split('-').next().map_or(0, str::len) => Some("verify"),
        _ => None,
    }
}

/// An answer to nothing that is asked: "40" is no scheme for the old, nor is a day of birth.
fn only_an_answer(text: &str, today: Date) -> bool {
    const OF_A_DAY: usize = 3;
    let bare = text.split_whitespace().count() <= OF_A_DAY && day(text, today).is_some();
    bare || !text.chars().any(char::is_alphabetic)
}

/// Questions that may be about one service or scheme.
const ABOUT_ONE: &[&str] =
    &["documents", "download", "eligibility", "fees", "grievance", "status", "timeline", "verify"];

/// The service or scheme a message speaks of: what is applied for, or what a question is about.
fn spoken_of(intent: &str, text: &str) -> (Option<String>, Option<String>) {
    if intent.contains(':') {
        return service_or_scheme(intent);
    }
    if !ABOUT_ONE.contains(&intent) {
        return (None, None);
    }
    // "My status" is not about the service that has the word in its name.
    let rest: Vec<&str> = text.split_whitespace().filter(|word| command(word) != Some(intent)).collect();
    let ranked = model().ranked(&rest.join(" "));
    let mut named = ranked.iter().filter(|(i, _)| i.contains(':'));
    let Some((best, most)) = named.next().copied() else { return (None, None) };
    let share = most / (most + named.map(|(_, p)| p).sum::<f32>());
    if share >= SPOKEN_OF { service_or_scheme(best) } else { (None, None) }
}

fn service_or_scheme(intent: &str) -> (Option<String>, Option<String>) {
    match intent.split_once(':') {
        Some(("apply", id)) => (Some(id.to_owned()), None),
        Some(("scheme", id)) => (None, Some(id.to_owned())),
        _ => (None, None),
    }
}

fn guesses<'a>(of: impl Iterator<Item = (&'a str, f32)>) -> Vec<Guess> {
    of.take(3).map(|(intent, p)| Guess { intent: intent.into(), confidence: rounded(p) }).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few services")]
const fn share_of(many: usize) -> f32 {
    1.0 / many as f32
}

fn rounded(probability: f32) -> f32 {
    (probability * 1_000.0).round() / 1_000.0
}

/// The model that the build trained.
#[must_use]
pub fn model() -> &'static Model {
    static EAR: LazyLock<Model> = LazyLock::new(|| {
        // Unwrap safety: the build wrote it from the same source, and every test reads it.
        Model::from_bytes(MODEL).expect("the model of this build")
    });
    &EAR
}

/// The names of services and schemes, word by word: who says no more than one means that one.
fn names() -> &'static HashMap<Vec<String>, String> {
    static NAMES: LazyLock<HashMap<Vec<String>, String>> = LazyLock::new(|| {
        let services = mohar_schemas::catalogue::published().services().iter();
        let schemes = mohar_schemas::scheme::published().schemes().iter();
        let services = services.map(|s| (&s.name, format!("apply:{}", s.id)));
        let named = schemes.map(|s| (&s.name, format!("scheme:{}", s.id))).chain(services);
        named.flat_map(|(name, id)| [&name.en, &name.hi].map(|n| (skeletons(n), id.clone()))).collect()
    });
    &NAMES
}

/// The services that a question names, the likeliest first, up to four; none where it names none.
#[must_use]
pub fn services_named(text: &str) -> Vec<String> {
    static NAMES: LazyLock<Index> = LazyLock::new(|| {
        let services = mohar_schemas::catalogue::published().services().iter();
        let names = services.map(|s| (s.id.clone(), vec![s.name.en.as_str(), s.name.hi.as_str()]));
        let little = spoken().little_hindi.iter().chain(&spoken().little_english);
        Index::new(names, little.map(String::as_str))
    });
    let mut found = NAMES.search(text);
    let most = found.first().map_or(0.0, |(_, share)| *share);
    found.retain(|(_, share)| *share >= WORTH_NAMING.max(most * 0.8));
    let ranked = model().ranked(text);
    let place = |id: &str| ranked.iter().position(|(i, _)| i.strip_prefix("apply:") == Some(id));
    found.sort_by_key(|(id, _)| place(id));
    found.into_iter().take(4).map(|(id, _)| id.to_owned()).collect()
}

/// What search covers: every service and scheme of the catalogue.
fn index() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        let services = mohar_schemas::catalogue::published().services().iter().map(|s| {
            let texts = [&s.name, &s.name, &s.about, &s.who].into_iter();
            (
                format!("apply:{}", s.id),
                texts.flat_map(|w| [w.en.as_str(), w.hi.as_str()]).collect::<Vec<_>>(),
            )
        });
        let schemes = mohar_schemas::scheme::published().schemes().iter().map(|s| {
            let texts = [&s.name, &s.name, &s.about, &s.who].into_iter();
            let keywords = s.keywords.en.iter().chain(&s.keywords.hi).chain(&s.keywords.latin);
            let texts =
                texts.flat_map(|w| [w.en.as_str(), w.hi.as_str()]).chain(keywords.map(String::as_str));
            (format!("scheme:{}", s.id), texts.collect())
        });
        let little = spoken().little_hindi.iter().chain(&spoken().little_english);
        Index::new(services.chain(schemes), little.map(String::as_str))
    });
    &INDEX
}
