//! The conversation: where a citizen stands, what was heard, what is said and what is to be done.
//!
//! [`hear`] takes what a citizen does; where something has to be looked up or written first, it gives
//! [`Command`]s instead of words, and [`tell`] takes what came of them.

mod answering;
mod asking;
mod certificates;
pub mod consents;
mod delay;
mod ear;
mod filling;
mod helped;
mod identity;
mod menu;
mod missing;
mod mistakes;
mod outside;
mod place;
mod schemes;
mod service;
mod state;
mod verifying;
mod voice;

pub use certificates::Held;
pub use delay::{Time, Waiting};
pub use identity::{Card, Standing};
pub use mistakes::{HeldBy, Mistake};
pub use service::Query;
pub use state::{At, Draft, State};
pub use verifying::{Fact, Unproven};

use crate::heard::{Format, Heard};
use crate::language_model::Question;
use crate::say::{Button, Say, joined};
use crate::texts::text;
use jiff::civil::Date;
use mohar_schemas::entry::Fault;
use mohar_schemas::form::Answers;
use mohar_schemas::identity::Person;
use mohar_schemas::words::Language;

/// What is to be done outside; [`tell`] hears what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start a draft, or take up the citizen's draft for the service: [`Told::Begun`].
    Begin {
        /// The service.
        service: String,
    },
    /// Take up a draft, or an application that was sent back, to be mended: [`Told::Begun`].
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
    /// Check a certificate by its number: [`Told::ByNumber`].
    ByNumber {
        /// Its number.
        number: String,
        /// What stands on it.
        fact: Fact,
    },
    /// Look for the citizen's certificates: [`Told::Certificates`].
    Certificates {
        /// Only that of this application.
        number: Option<String>,
        /// Only those of this service, if there are any.
        service: Option<String>,
    },
    /// Look at the citizen's applications that an office has: [`Told::Delays`].
    Delays {
        /// Only this one.
        number: Option<String>,
    },
    /// File a grievance about a delay: [`Told::Grieved`].
    Grieve {
        /// The application's number.
        number: String,
        /// What the citizen wrote.
        words: String,
    },
    /// Look for what something may be wrong with: [`Told::Mistakes`].
    Mistakes {
        /// Only this application.
        number: Option<String>,
    },
    /// Start a draft that is to replace a certificate, or take it up: [`Told::Begun`].
    Replace {
        /// The number of the certificate's application.
        number: String,
    },
    /// Look at, or change, what the citizen agrees to: [`Told::Consents`], [`Told::Asked`] or
    /// [`Told::Said`].
    Consent(consents::Wish),
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
    /// Ask the language model: [`Told::Advised`].
    Consult(Box<Question>),
    /// Write down what a voice note says: [`Told::Transcribed`].
    Listen {
        /// The file.
        key: String,
    },
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
    /// The verdict in words, or why there is none.
    ByNumber(Result<String, Unproven>),
    /// Certificates, the newest first.
    Certificates(Vec<Held>),
    /// What offices have.
    Delays(Vec<Waiting>),
    /// A grievance is filed: the application's number.
    Grieved(String),
    /// What something may be wrong with.
    Mistakes(Vec<Mistake>),
    /// What the citizen has agreed to, or is asked.
    Consents(consents::Consents),
    /// The question of a verifier that is open, if one is.
    Asked(Option<consents::Request>),
    /// Where the citizen stands with the proof of identity.
    Identity(Standing),
    /// What was seen in the file of this key.
    Card(String, Card),
    /// Whether the identity is kept; it is not where another person's is.
    Proved(bool),
    /// Words that are ready.
    Said(Vec<Say>),
    /// What the language model answered to a question, as it came; nothing where it did not.
    Advised(Box<Question>, Option<String>),
    /// What the speech service wrote down, as it came; nothing where it did not.
    Transcribed(Option<String>),
    /// It did not work.
    Failed,
}

/// What is known besides.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Today in India.
    pub today: Date,
    /// Whether a language model is there to be asked.
    pub model: bool,
    /// Whether a speech service is there to listen.
    pub speech: bool,
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
    match heard {
        Heard::File { format: Format::Voice, key, .. } => talk.voice(key),
        _ if talk.state.language.is_none() && !talk.choose_language(heard) => {}
        _ => talk.hear(heard),
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
            // Who mends an answer is not asked about others.
            if talk.state.at != At::Mending {
                identity::halve(&mut draft);
            }
            talk.begun(draft);
        }
        Told::Attached(result) => talk.attached(result),
        Told::Submitted(fee) => talk.submitted(fee),
        Told::Refused(faults) => talk.refused(&faults),
        Told::Applications(all) => talk.applications(&all),
        Told::ByNumber(found) => talk.by_number(found),
        Told::Certificates(all) => talk.certificates(&all),
        Told::Delays(all) => talk.delays(all),
        Told::Grieved(number) => talk.grieved(&number),
        Told::Mistakes(all) => talk.mistakes(&all),
        Told::Consents(all) => talk.consented(&all),
        Told::Asked(Some(request)) => talk.say.push(consents::asked(talk.language(), &request)),
        Told::Asked(None) => talk.greet(),
        Told::Identity(standing) => talk.standing(standing),
        Told::Card(key, card) => talk.card(&key, card),
        Told::Proved(kept) => talk.proved(kept),
        Told::Said(says) => talk.say.extend(says),
        Told::Advised(question, answer) => talk.advised(*question, answer.as_deref()),
        Told::Transcribed(words) => talk.transcribed(words.as_deref()),
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

    fn hear(&mut self, heard: &Heard) {
        match heard {
            Heard::Text { text } => self.text(&ear::plain(text)),
            Heard::Tap { id } => self.tap(id),
            Heard::File { key, .. } if key.is_empty() => self.useless("file_unread"),
            Heard::File { key, .. } => self.file(key),
            Heard::Location { latitude, longitude } => self.location(*latitude, *longitude),
            Heard::Contact { phone } if self.asks_for_phone() => self.text(phone),
            Heard::Contact { .. } | Heard::Other => self.useless("nothing_to_do"),
        }
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

#[cfg(test)]
mod tests;
