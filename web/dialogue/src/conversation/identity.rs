//! Proving who one is: with the signed code of an Aadhaar, which is shown back before anything is kept,
//! elsewhere on the web, or at a counter.

use super::asking::{Question, fields, next};
use super::{At, Command, Draft, Talk};
use crate::grammar::yes_no;
use crate::say::Say;
use mohar_schemas::form::{FormKind, Known};
use mohar_schemas::identity::{Identity, Person};
use mohar_schemas::words::day_in_words;

/// Where a citizen stands who asks about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Proved.
    Proved(Identity),
    /// Not yet; where else than here it can be proved, if anywhere.
    Open {
        /// The address at which a sign-in to DigiLocker begins.
        digilocker: Option<String>,
    },
}

/// What was seen in a file that may be somebody's Aadhaar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// A code that the authority signed. Nothing is kept yet, and the file is gone.
    Genuine(Person),
    /// One of another person than the one this citizen has proved to be.
    Another,
    /// The old code, which nobody signed.
    Unsigned,
    /// Half a code, or one with mistakes in it.
    Damaged,
    /// One that the authority did not sign like this.
    Forged,
    /// One that was signed when the certificate was not valid.
    OutOfTime,
    /// There is nothing here to check it with.
    Unchecked,
    /// A file without any code that can be read, and why, in the citizen's language.
    Unread(String),
    /// A file with something else on it.
    Other,
}

impl Talk {
    /// How the citizen can prove who they are, or has.
    pub(super) fn standing(&mut self, standing: Standing) {
        match standing {
            Standing::Proved(identity) => {
                let on = day_in_words(identity.on, self.language());
                let how = self.t(&format!("proved_{}", identity.proof.id()), &[("day", &on)]);
                let lines = identity.proof.person().map(|person| self.lines(person)).unwrap_or_default();
                self.say(format!("{how}\n{lines}").trim().to_owned());
                // It may have been proved elsewhere since the form was begun.
                if let Some(person) = identity.proof.person() {
                    self.fill(person);
                }
                self.leave_identity();
            }
            Standing::Open { digilocker } => {
                let asked = self.world.aadhaar;
                if asked {
                    self.state.at = At::Identity { offered: None, form: self.in_form() };
                }
                let mut body = self.how_to_prove();
                match digilocker {
                    Some(url) => {
                        body = format!("{body}\n\n{}", self.t("identity_digilocker", &[]));
                        let label = self.t("identity_sign_in", &[]);
                        self.say.push(Say::Link { body, label, url });
                    }
                    None => self.say(body),
                }
                if !asked {
                    self.ask_again();
                }
            }
        }
    }

    /// In words: the code, where it can be checked, and the counter, which always is there.
    fn how_to_prove(&self) -> String {
        let number = self.state.draft.as_ref().map(|d| d.number.clone());
        let counter = match number {
            Some(number) => self.t("identity_counter_number", &[("number", &number)]),
            None => self.t("identity_counter", &[]),
        };
        if !self.world.aadhaar {
            return counter;
        }
        format!("{}\n\n{counter}", self.t("identity_send", &[]))
    }

    /// The question that is open here.
    pub(super) fn ask_identity(&mut self) {
        let At::Identity { offered, .. } = self.state.at.clone() else { return };
        match offered {
            None => self.say(self.how_to_prove()),
            Some(person) => {
                self.state.turn += 1;
                let body = self.t("identity_read_back", &[("person", &self.lines(&person))]);
                let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("no", "a:no")];
                self.buttons(body, buttons);
            }
        }
    }

    /// What the citizen says to that.
    pub(super) fn answer_identity(&mut self, said: &str) {
        let At::Identity { offered, .. } = self.state.at.clone() else { return };
        match (yes_no(said), offered) {
            (Some(true), Some(person)) => self.commands.push(Command::Prove { person }),
            (Some(false), _) => {
                self.say(self.t("identity_not_kept", &[]));
                self.leave_identity();
            }
            // Who waits with the Aadhaar in the hand may still want something else.
            (_, None) => {
                self.leave_quietly();
                self.text(said);
            }
            (None, Some(_)) => self.ask_identity(),
        }
    }

    /// What came of looking at a file.
    pub(super) fn card(&mut self, key: &str, card: Card) {
        let asked = matches!(self.state.at, At::Identity { .. });
        let why = match card {
            Card::Genuine(person) => {
                let form = self.in_form();
                self.state.at = At::Identity { offered: Some(person), form };
                return self.ask_identity();
            }
            // In a form it is most likely a paper that is asked for later.
            Card::Unread(_) | Card::Other if !asked => return self.put_by(key),
            Card::Unread(why) => format!("{why}\n{}", self.t("identity_photo", &[])),
            Card::Other => self.t("identity_other", &[]),
            Card::Another => self.t("identity_another", &[]),
            Card::Unsigned => self.t("identity_unsigned", &[]),
            Card::Damaged => self.t("identity_damaged", &[]),
            Card::Forged => self.t("identity_forged", &[]),
            Card::OutOfTime => self.t("identity_out_of_time", &[]),
            Card::Unchecked => format!("{}\n{}", self.t("identity_unchecked", &[]), self.how_to_prove()),
        };
        self.say(why);
        // Whoever was asked for it may try again; whoever was doing something else goes on.
        if !asked {
            self.ask_again();
        }
    }

    /// It is kept, or was refused since another person's is.
    pub(super) fn proved(&mut self, kept: bool) {
        let At::Identity { offered: Some(person), .. } = self.state.at.clone() else { return };
        if !kept {
            self.say(self.t("identity_another", &[]));
            return self.leave_identity();
        }
        self.say(self.t("identity_kept", &[]));
        self.fill(&person);
        self.leave_identity();
    }

    /// What is known of the person need not be asked in the form that is open. What the citizen has said
    /// already stays.
    fn fill(&mut self, person: &Person) {
        let Some((draft, service)) = self.filling() else { return };
        let asked: Vec<&str> = fields(&draft, service).map(|f| f.id.as_str()).collect();
        let mut known = person.answers(service, self.world.today);
        known.retain(|id, _| asked.contains(&id.as_str()) && !draft.answers.contains_key(id));
        let Some(draft) = self.state.draft.as_mut().filter(|_| !known.is_empty()) else { return };
        draft.skipped.retain(|skipped| !known.contains_key(skipped));
        draft.answers.extend(known);
        halve(draft);
        self.commands.push(Command::Keep);
    }

    /// Back to where the citizen was.
    pub(super) fn leave_identity(&mut self) {
        self.leave_quietly();
        self.ask_again();
    }

    fn leave_quietly(&mut self) {
        if let At::Identity { form, .. } = self.state.at {
            self.state.at = if form { At::Form } else { At::Outside };
        }
    }

    /// Whether a form waits behind this.
    fn in_form(&self) -> bool {
        matches!(self.state.at, At::Form | At::Identity { form: true, .. })
    }

    /// A person as read back: name, birth, and of the number no more than four digits.
    fn lines(&self, person: &Person) -> String {
        let born = person.born.map(|day| day_in_words(day, self.language()));
        let born = born.unwrap_or_else(|| self.t("identity_year_only", &[]));
        let mut lines = vec![
            self.t("identity_name", &[("name", &person.name)]),
            self.t("identity_born", &[("born", &born)]),
        ];
        if person.last_four.is_some() {
            lines.push(self.t("identity_number", &[("number", &person.masked())]));
        }
        lines.join("\n")
    }
}

/// A name that is known in English alone is half known: how it is written in Hindi is asked, unless the
/// form was filled in before without it.
pub(super) fn halve(draft: &mut Draft) {
    let Some(service) = mohar_schemas::catalogue::published().service(&draft.service) else { return };
    if !matches!(next(draft, service), Question::Field(_)) {
        return;
    }
    let names = service.fields.iter().filter(|f| f.kind == FormKind::Name && f.identity == Some(Known::Name));
    for field in names.filter(|f| !draft.trail.contains(&f.id)) {
        if draft.answers.get(&field.id).is_some_and(|name| name.get("hi").is_none()) {
            let half = draft.answers.remove(&field.id).unwrap_or_default();
            draft.known.insert(field.id.clone(), half);
        }
    }
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
