//! Schemes as data: what the governments offer, who gets it, and the questions that tell whether it is
//! worth asking. Nothing is applied for here; the certificates that a scheme asks for are.

mod eligibility;
mod load;

pub use eligibility::{Eligibility, eligibility, read};

use crate::catalogue::CatalogueError;
use crate::data;
use crate::form::{FormField, Rule};
use crate::words::{Language, Words};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::LazyLock;

/// One scheme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Its name everywhere.
    pub id: String,
    /// Its place in menus.
    pub place: u16,
    /// A group of `schemes.toml`.
    pub group: String,
    /// A runner of `schemes.toml`: whose scheme it is.
    pub runner: String,
    /// The department that decides.
    pub department: Words,
    /// What it is called.
    pub name: Words,
    /// The same in at most [`SHORT_MAX`](crate::words::SHORT_MAX) letters, for a row of a list.
    pub short: Words,
    /// What stands below it there, in at most [`LINE_MAX`] letters.
    pub line: Words,
    /// What it is, in one or two sentences.
    pub about: Words,
    /// Who gets it.
    pub who: Words,
    /// How much.
    pub amount: Words,
    /// How to apply.
    pub apply: Words,
    /// The official address.
    pub site: String,
    /// Services whose certificates it asks for: one of each list.
    pub needs: Vec<Vec<String>>,
    /// What else it asks for.
    pub documents: Vec<Words>,
    /// Where these facts come from, and of when they are.
    pub source: Words,
    /// When they were last looked at.
    pub checked: Date,
    /// What of it is announced or reported, but not confirmed.
    pub unconfirmed: Option<Words>,
    /// Whether there is a film of it.
    #[serde(default)]
    pub film: bool,
    /// Other words for it.
    pub keywords: Keywords,
    /// Its picture.
    pub card: Card,
    /// What is asked to tell whether somebody may be eligible.
    #[serde(rename = "question")]
    pub questions: Vec<FormField>,
    /// What speaks against it, each with the reason to give.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// What people call a scheme, in the three ways they write.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// In English.
    pub en: Vec<String>,
    /// In Hindi.
    pub hi: Vec<String>,
    /// In Hindi, with Latin letters.
    pub latin: Vec<String>,
}

/// What stands on a scheme's picture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The large drawing.
    pub icon: Icon,
    /// The benefit, in a word or a sum.
    pub big: Words,
    /// What that is.
    pub note: Words,
    /// Three or four facts.
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
}

/// A fact with its drawing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The drawing.
    pub icon: Icon,
    /// The fact.
    pub text: Words,
}

/// The drawings there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the drawing of what its name says")]
pub enum Icon {
    Baby,
    Bank,
    Book,
    Bus,
    Calendar,
    Cap,
    Card,
    Cart,
    Check,
    Clock,
    Elder,
    Family,
    Flame,
    Girl,
    Grain,
    Hospital,
    House,
    Mother,
    Paper,
    Pension,
    Person,
    Phone,
    Pin,
    Rupee,
    Savings,
    School,
    Shield,
    Tools,
    Umbrella,
    Woman,
    Worker,
}

/// The most letters of [`Scheme::line`], by [`length`](crate::words::length).
pub const LINE_MAX: usize = 72;

/// Schemes of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name in the schemes' files.
    pub id: String,
    /// What it is called.
    pub name: Words,
    /// The colour of its pictures, `#rrggbb`.
    pub colour: String,
}

/// Whose schemes there are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runner {
    /// Its name in the schemes' files.
    pub id: String,
    /// What it is called.
    pub name: Words,
}

/// What stands above the parts of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headings {
    /// Above who gets it.
    pub who: Words,
    /// Above how much.
    pub amount: Words,
    /// Above how to apply.
    pub apply: Words,
    /// Above what to bring.
    pub documents: Words,
}

/// The sentences around an answer to "am I eligible?".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentences {
    /// Nothing speaks against it.
    pub likely: Words,
    /// Before the reasons that do.
    pub unlikely: Words,
    /// After them.
    pub ask: Words,
    /// Before what is not known.
    pub unsure: Words,
}

/// What stands on every picture.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardWords {
    /// Who decides.
    pub decides: Words,
    /// That nobody pays for knowing.
    pub free: Words,
    /// Of when the facts are; `{day}` is the day.
    pub as_of: Words,
    /// That a part is not confirmed.
    pub unconfirmed: Words,
}

/// What the schemes share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// In the order of the menus.
    #[serde(rename = "group")]
    pub groups: Vec<Group>,
    /// Whose schemes there are.
    #[serde(rename = "runner")]
    pub runners: Vec<Runner>,
    /// Above the parts of a scheme.
    pub heading: Headings,
    /// Around an answer.
    pub answer: Sentences,
    /// On every picture.
    pub card: CardWords,
}

/// All schemes.
#[derive(Debug, Clone)]
pub struct Schemes {
    /// In the order of the menus.
    schemes: Vec<Scheme>,
    shared: Shared,
}

/// The published schemes.
///
/// # Panics
/// Never: they are part of the program, and a test loads them.
#[must_use]
pub fn published() -> &'static Schemes {
    static PUBLISHED: LazyLock<Schemes> = LazyLock::new(|| {
        Schemes::load(data::SCHEMES.iter().copied()).expect("the published schemes are in order")
    });
    &PUBLISHED
}

impl Schemes {
    /// Loads schemes (name of the file, text). Faults name file, key and rule.
    pub fn load<'a>(
        schemes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<CatalogueError>> {
        load::load(schemes)
    }

    /// Every scheme, in the order of the menus.
    #[must_use]
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    /// The scheme of this name.
    #[must_use]
    pub fn scheme(&self, id: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|s| s.id == id)
    }

    /// The groups that have schemes, each with its own, in the order of the menus.
    pub fn groups(&self) -> impl Iterator<Item = (&Group, Vec<&Scheme>)> {
        let of = |group: &Group| self.schemes.iter().filter(|s| s.group == group.id).collect();
        self.shared.groups.iter().map(move |g| (g, of(g))).filter(|(_, s): &(_, Vec<_>)| !s.is_empty())
    }

    /// The group of a scheme.
    #[must_use]
    pub fn group(&self, scheme: &Scheme) -> Option<&Group> {
        self.shared.groups.iter().find(|g| g.id == scheme.group)
    }

    /// Whose scheme it is.
    #[must_use]
    pub fn runner(&self, scheme: &Scheme) -> Option<&Words> {
        self.shared.runners.iter().find(|r| r.id == scheme.runner).map(|r| &r.name)
    }

    /// What the schemes share.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// A scheme in plain text, short enough to stand below a picture.
    #[must_use]
    pub fn caption(&self, scheme: &Scheme, language: Language) -> String {
        let heading = &self.shared.heading;
        let part =
            |heading: &Words, text: &Words| format!("{}: {}", heading.get(language), text.get(language));
        [
            format!("{}\n{}", scheme.name.get(language), scheme.about.get(language)),
            part(&heading.amount, &scheme.amount),
            format!("{}\n{}", part(&heading.apply, &scheme.apply), scheme.site),
        ]
        .join("\n\n")
    }

    /// An answer in words: it never promises and never refuses, for the department decides.
    #[must_use]
    pub fn answer(&self, scheme: &Scheme, eligibility: &Eligibility<'_>) -> Words {
        let said = &self.shared.answer;
        let in_language = |language: Language| {
            let w = |words: &Words| words.get(language).to_owned();
            let mut lines = match eligibility {
                Eligibility::Likely => vec![w(&said.likely)],
                Eligibility::Unlikely(reasons) => {
                    let reasons = reasons.iter().map(|r| format!("– {}", r.get(language)));
                    std::iter::once(w(&said.unlikely)).chain(reasons).chain([w(&said.ask)]).collect()
                }
                Eligibility::Unsure(missing) => {
                    let missing = missing.iter().map(|f| format!("– {}", f.label.get(language)));
                    std::iter::once(w(&said.unsure)).chain(missing).collect()
                }
            };
            lines.extend(scheme.unconfirmed.as_ref().map(w));
            lines.join("\n")
        };
        Words { en: in_language(Language::English), hi: in_language(Language::Hindi) }
    }
}

impl Scheme {
    /// Every text that somebody may search it by.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let said = [&self.name, &self.short, &self.line, &self.about, &self.who, &self.department];
        let said = said.into_iter().flat_map(|w| [w.en.as_str(), w.hi.as_str()]);
        let Keywords { en, hi, latin } = &self.keywords;
        said.chain([en, hi, latin].into_iter().flatten().map(String::as_str))
    }
}

impl Group {
    /// Its colour as red, green and blue.
    #[must_use]
    pub fn rgb(&self) -> Option<[u8; 3]> {
        let digits = self.colour.strip_prefix('#').filter(|d| d.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some([part(0)?, part(2)?, part(4)?])
    }
}

#[cfg(test)]
mod tests;
