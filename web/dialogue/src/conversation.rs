//! The conversation: where a citizen stands, what was heard, what is said and what is to be done.
//!
//! [`hear`] takes what a citizen does; where something has to be looked up or written first, it gives
//! [`Command`]s instead of words, and [`tell`] takes what came of them.

mod answering;
mod asking;
mod ear;
mod filling;
mod identity;
mod outside;
mod schemes;

use crate::heard::{Format, Heard};
use crate::say::{Button, Say};
use crate::texts::text;
pub use identity::{Card, Standing};
use jiff::civil::Date;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::Answers;
use mohar_schemas::identity::Person;
use mohar_schemas::words::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A citizen's conversation. Never expires.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The language, once it is known.
    pub language: Option<Language>,
    /// Where the citizen stands.
    pub at: At,
    /// The application that is being filled in.
    pub draft: Option<Draft>,
    /// Counts the questions, so that a tap on an earlier one is recognised.
    pub turn: u32,
    /// How often the last question was not answered.
    pub misses: u8,
    /// A file that came at the wrong moment.
    pub unfiled: Option<String>,
}

/// Where a citizen stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "kebab-case")]
pub enum At {
    /// At the door, or between things.
    #[default]
    Outside,
    /// Looks at a service.
    Service {
        /// Which.
        service: String,
    },
    /// Is asked to agree.
    Consent {
        /// To what for.
        service: String,
    },
    /// Is asked whether to go on with the draft.
    Resume {
        /// What else was asked for.
        wanted: Option<String>,
    },
    /// Fills in the draft.
    Form,
    /// Is asked about a scheme.
    Eligible {
        /// Which.
        scheme: String,
        /// The answers so far; kept nowhere else.
        answers: Answers,
    },
    /// Is to prove who they are.
    Identity {
        /// Who a genuine code is about, until the citizen says that this is right; kept nowhere else.
        offered: Option<Person>,
        /// Whether a form waits behind it.
        form: bool,
    },
}

/// An application that is being filled in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The service.
    pub service: String,
    /// The application's number.
    pub number: String,
    /// The answers so far, in canonical form.
    pub answers: Answers,
    /// The field that is half answered, and what is known of it.
    pub partial: Option<(String, Value)>,
    /// Half answers that are known from elsewhere: a proved name lacks its Hindi.
    #[serde(default)]
    pub known: Answers,
    /// Optional questions and papers that were left out.
    pub skipped: Vec<String>,
    /// The kinds of papers that are attached.
    pub documents: Vec<String>,
    /// What was answered, in order: the way back.
    pub trail: Vec<String>,
}

/// What is to be done outside; [`tell`] hears what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start a draft, or take up the citizen's draft for the service: [`Told::Begun`].
    Begin {
        /// The service.
        service: String,
    },
    /// Take up an application that was sent back, to be mended: [`Told::Begun`].
    Reopen {
        /// The application's number.
        number: String,
    },
    /// Forget what was entered into a draft, to start again; nothing is told.
    Clear {
        /// The application's number.
        number: String,
    },
    /// Keep the draft's answers; nothing is told.
    Keep,
    /// Attach a file to the draft: [`Told::Attached`].
    Attach {
        /// The kind of document.
        kind: String,
        /// The file.
        key: String,
    },
    /// Hand the draft in, agreed to in the conversation's language: [`Told::Submitted`] or
    /// [`Told::Refused`].
    Submit,
    /// Look at the citizen's applications: [`Told::Applications`].
    Status {
        /// Only this one.
        number: Option<String>,
    },
    /// Check a certificate: [`Told::Said`].
    Verify {
        /// The file that was sent.
        key: String,
    },
    /// Look up whether the citizen has proved who they are, and how it can be done: [`Told::Identity`].
    Identity,
    /// Look at a file that may be the citizen's Aadhaar; if it is, it is not kept: [`Told::Card`].
    Look {
        /// The file that was sent.
        key: String,
    },
    /// Keep who the citizen is, as proved by a code that was looked at: [`Told::Proved`].
    Prove {
        /// Who.
        person: Person,
    },
    /// Show that a person is wanted.
    Person,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A draft has this number, and perhaps answers that are known already.
    Begun {
        /// The service.
        service: String,
        /// The application's number.
        number: String,
        /// What need not be asked.
        answers: Answers,
        /// The papers that are attached already.
        documents: Vec<String>,
    },
    /// A paper is attached, or why not, in the citizen's language.
    Attached(Result<String, String>),
    /// Handed in: the fee and where to pay it, if there is one.
    Submitted(Option<(String, String)>),
    /// Not handed in: what does not fit.
    Refused(Vec<Fault>),
    /// Applications: number and what to say of each.
    Applications(Vec<(String, String)>),
    /// Where the citizen stands with the proof of identity.
    Identity(Standing),
    /// What was seen in the file of this key.
    Card(String, Card),
    /// Whether the identity is kept; it is not where another person's is.
    Proved(bool),
    /// Words that are ready.
    Said(Vec<Say>),
    /// It did not work.
    Failed,
}

/// What is known besides.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Today in India.
    pub today: Date,
    /// Whether the code of an Aadhaar can be checked.
    pub aadhaar: bool,
}

/// What a turn comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Turn {
    /// Where the citizen stands now.
    pub state: State,
    /// What is said.
    pub say: Vec<Say>,
    /// What is to be done.
    pub commands: Vec<Command>,
}

/// The citizen does something.
#[must_use]
pub fn hear(state: State, heard: &Heard, world: World) -> Turn {
    let mut talk = Talk::new(state, world);
    if talk.state.language.is_none() && !talk.choose_language(heard) {
        return talk.done();
    }
    match heard {
        Heard::Text { text } => talk.text(text.trim()),
        Heard::Tap { id } => talk.tap(id),
        Heard::File { format: Format::Voice, .. } => {
            talk.say(talk.t("voice", &[]));
            talk.ask_again();
        }
        Heard::File { key, .. } if key.is_empty() => {
            talk.say(talk.t("file_unread", &[]));
            talk.ask_again();
        }
        Heard::File { key, .. } => talk.file(key),
        Heard::Location { .. } | Heard::Other => {
            talk.say(talk.t("nothing_to_do", &[]));
            talk.ask_again();
        }
    }
    talk.done()
}

/// A command was done.
#[must_use]
pub fn tell(state: State, told: Told, world: World) -> Turn {
    let mut talk = Talk::new(state, world);
    match told {
        Told::Begun { service, number, answers, documents } => {
            let mut draft = Draft { service, number, answers, documents, ..Draft::default() };
            identity::halve(&mut draft);
            talk.begun(draft);
        }
        Told::Attached(result) => talk.attached(result),
        Told::Submitted(fee) => talk.submitted(fee),
        Told::Refused(faults) => talk.refused(&faults),
        Told::Applications(all) => talk.applications(&all),
        Told::Identity(standing) => talk.standing(standing),
        Told::Card(key, card) => talk.card(&key, card),
        Told::Proved(kept) => talk.proved(kept),
        Told::Said(says) => talk.say.extend(says),
        Told::Failed => talk.say(talk.t("failed", &[])),
    }
    talk.done()
}

/// A turn in the making.
struct Talk {
    state: State,
    world: World,
    say: Vec<Say>,
    commands: Vec<Command>,
    /// The citizen is new.
    first: bool,
}

impl Talk {
    fn new(state: State, world: World) -> Self {
        Self { state, world, say: vec![], commands: vec![], first: false }
    }

    /// Takes the language of the first words; where they tell none, asks. A new citizen is greeted.
    fn choose_language(&mut self, heard: &Heard) -> bool {
        self.first = true;
        match heard {
            Heard::Tap { id } if id.starts_with("lang:") => true,
            Heard::Text { text } if !ear::says_nothing_of_language(text) => {
                self.state.language = Some(ear::language(text));
                true
            }
            _ => {
                let both = [Language::Hindi, Language::English].map(|l| text(l, "welcome", &[]));
                let body = format!("{}\n\n{}", both.join("\n\n"), self.t("which_language", &[]));
                let buttons = vec![self.button("in_hindi", "lang:hi"), self.button("in_english", "lang:en")];
                self.buttons(body, buttons);
                false
            }
        }
    }

    fn done(self) -> Turn {
        Turn { state: self.state, say: joined(self.say), commands: self.commands }
    }

    fn language(&self) -> Language {
        self.state.language.unwrap_or_default()
    }

    fn t(&self, key: &str, gaps: &[(&str, &str)]) -> String {
        text(self.language(), key, gaps)
    }

    fn say(&mut self, body: String) {
        self.say.push(Say::Text { body });
    }

    fn buttons(&mut self, body: String, buttons: Vec<Button>) {
        self.say.push(Say::Buttons { body, buttons });
    }

    /// A button whose id any later moment understands.
    fn button(&self, key: &str, id: &str) -> Button {
        Button { id: id.to_owned(), title: self.t(key, &[]) }
    }

    /// A button that belongs to the question of this turn.
    fn answer_button(&self, key: &str, what: &str) -> Button {
        Button { id: format!("{}:{what}", self.state.turn), title: self.t(key, &[]) }
    }
}

/// One bubble a turn where it can be: what is only said goes above what is asked.
fn joined(says: Vec<Say>) -> Vec<Say> {
    use crate::say::{BODY_MAX, length};
    let mut out: Vec<Say> = vec![];
    for say in says {
        let Some(Say::Text { body: above }) = out.last() else {
            out.push(say);
            continue;
        };
        let above = above.clone();
        let mut say = say;
        let body = match &mut say {
            Say::Text { body } | Say::Buttons { body, .. } | Say::List { body, .. } => body,
            Say::Link { body, .. } | Say::AskLocation { body } => body,
            Say::File { caption, .. } => caption,
        };
        let both = format!("{above}\n\n{body}");
        if length(&both) <= BODY_MAX {
            *body = both;
            out.pop();
        }
        out.push(say);
    }
    out
}

#[cfg(test)]
mod tests;
