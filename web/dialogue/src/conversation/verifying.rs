//! Checking a certificate by its number and one fact printed on it; PDF and photo need no question.

use super::{At, Command, Talk};
use crate::grammar::day;
use crate::understand::{Slip, certificate_number};
use jiff::civil::Date;

/// Digits from which on words are meant as a number.
const DIGITS_MIN: usize = 6;
/// The longest name that is compared, in characters.
const NAME_MAX: usize = 120;

/// What a citizen says that a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Its holder was born on this day.
    Born(Date),
    /// Its holder has this name.
    Named(String),
}

/// Why a certificate was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unproven {
    /// None has this number and says this.
    NoMatch,
    /// Too many attempts.
    Wait,
}

impl Talk {
    /// The three ways.
    pub(super) fn how_to_verify(&mut self) {
        self.state.at = At::Number;
        self.buttons(self.t("verify_how", &[]), vec![self.button("menu", "do:menu")]);
    }

    /// Words where a number may stand: the number, one that is none, or something else altogether.
    pub(super) fn number(&mut self, said: &str) {
        let digits = said.chars().filter(|c| c.is_numeric()).count();
        match certificate_number(said) {
            None if digits >= DIGITS_MIN => {
                self.say(self.t("number_shape", &[]));
                self.how_to_verify();
            }
            None if self.state.at == At::Number => self.wanted_instead(said),
            None => self.how_to_verify(),
            number => self.certificate(number),
        }
    }

    /// Who is told to send a number and asks for something else gets that.
    fn wanted_instead(&mut self, said: &str) {
        self.state.at = At::Outside;
        self.wanted(said);
    }

    /// A number: its slip is named, or a fact is asked for.
    pub(super) fn certificate(&mut self, number: Option<Result<String, Slip>>) {
        match number {
            Some(Ok(number)) => self.which_fact(&number),
            Some(Err(Slip)) => {
                self.state.at = At::Number;
                self.buttons(self.t("number_slip", &[]), vec![self.button("menu", "do:menu")]);
            }
            None => self.how_to_verify(),
        }
    }

    pub(super) fn which_fact(&mut self, number: &str) {
        self.state.at = At::Fact { number: number.to_owned() };
        let body = self.t("which_fact", &[("number", number)]);
        self.buttons(body, vec![self.button("menu", "do:menu")]);
    }

    /// Words in answer to that: a day, a name, or another number.
    pub(super) fn fact(&mut self, number: &str, said: &str) {
        let other = certificate_number(said);
        if other.is_some() {
            return self.certificate(other);
        }
        let is_name = said.chars().any(char::is_alphabetic) && said.chars().count() <= NAME_MAX;
        let fact = match day(said, self.world.today) {
            Some(born) => Fact::Born(born),
            None if is_name => Fact::Named(said.to_owned()),
            None => {
                let body = self.t("fact_again", &[]);
                return self.buttons(body, vec![self.button("menu", "do:menu")]);
            }
        };
        self.commands.push(Command::ByNumber { number: number.to_owned(), fact });
    }

    /// The verdict in words, or why there is none.
    pub(super) fn by_number(&mut self, found: Result<String, Unproven>) {
        match found {
            Ok(verdict) => {
                self.state.at = At::Outside;
                self.say(verdict);
            }
            // The next fact, or another number, is tried at once.
            Err(Unproven::NoMatch) => {
                self.buttons(self.t("no_match", &[]), vec![self.button("menu", "do:menu")]);
            }
            Err(Unproven::Wait) => {
                self.state.at = At::Outside;
                self.buttons(self.t("verify_wait", &[]), vec![self.button("menu", "do:menu")]);
            }
        }
    }
}
