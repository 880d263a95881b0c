//! Outside a form: commands that work at any moment, taps, and what words mean where no form waits for them.

use super::consents::Wish;
use super::ear::{self, Meant, meant};
use super::service::Query;
use super::{At, Command, Talk};
use crate::grammar::yes_no;
use mohar_schemas::words::Language;

impl Talk {
    /// Words: a command, an answer, or what is wanted.
    pub(super) fn text(&mut self, said: &str) {
        // "home" may be an option here, and a command everywhere else.
        if let Some(command) = ear::command(said).filter(|_| !self.is_an_option(said)) {
            return self.command(command);
        }
        if self.asks_of_consents(said) {
            return;
        }
        match (self.state.at.clone(), yes_no(said)) {
            (At::Form, _) => self.answer(said),
            (At::Eligible { .. }, _) => self.answer_eligible(said),
            (At::Identity { .. }, _) => self.answer_identity(said),
            (At::Consent { service }, Some(true)) => self.begin(service),
            (At::Service { service }, Some(true)) => self.consent(&service),
            (At::Resume { .. }, Some(true)) => self.resume(),
            (At::Grievance { number: Some(_), .. }, Some(true)) => self.grieve(),
            (At::Correction { number }, Some(true)) => self.replace(number),
            (At::Fact { number }, _) => self.fact(&number, said),
            (At::Number, _) => self.number(said),
            // It may be meant for a verifier's question, which is shown again.
            (At::Outside | At::Asked { .. } | At::Mending, Some(_)) => {
                self.commands.push(Command::Consent(Wish::Open));
            }
            (At::Asked { query }, _) => self.named(query, said),
            _ => self.wanted_or_asked(said),
        }
    }

    pub(super) fn tap(&mut self, id: &str) {
        let (what, of) = id.split_once(':').unwrap_or((id, ""));
        let number = || of.to_owned();
        match what {
            "do" => self.command(of),
            "apply" => self.open(of),
            "page" => self.services(of.parse().unwrap_or(0)),
            "ask" => self.asked(of),
            "scheme" => self.scheme(of),
            "schemes" => self.schemes(of.parse().unwrap_or(0)),
            "eligible" => self.eligible(of),
            "film" => self.film(of),
            "agree" => self.consent(of),
            "begin" => self.begin(of.to_owned()),
            "subscription" => self.consent_tapped(of),
            "checks" => self.commands.push(Command::Consent(Wish::Checks(of == "yes"))),
            "number" => self.commands.push(Command::Status { number: Some(number()) }),
            "certificate" => {
                self.commands.push(Command::Certificates { number: Some(number()), service: None });
            }
            "late" => self.commands.push(Command::Delays { number: Some(number()) }),
            "wrong" => self.commands.push(Command::Mistakes { number: Some(number()) }),
            "replace" => self.replace(number()),
            "mend-here" => self.commands.push(Command::Reopen { number: number() }),
            "lang" => {
                // Who has just been greeted in both languages is not greeted again.
                self.first = false;
                self.state.language = Some(if of == "en" { Language::English } else { Language::Hindi });
                self.ask_again();
            }
            turn if turn.parse() == Ok(self.state.turn) => match (&self.state.at, of.split_once(':')) {
                (At::Eligible { .. }, Some((_, said))) => self.answer_eligible(said),
                (At::Identity { .. }, Some((_, said))) => self.answer_identity(said),
                (At::Grievance { .. }, _) => self.grieve(),
                _ => self.tapped(of),
            },
            turn if turn.parse::<u32>().is_ok() => {
                self.say(self.t("stale", &[]));
                self.ask_again();
            }
            _ => self.ask_again(),
        }
    }

    pub(super) fn command(&mut self, command: &str) {
        match command {
            "back" if self.state.at == At::Form => self.back(),
            "back" if matches!(self.state.at, At::Identity { .. }) => self.leave_identity(),
            "identity" => self.commands.push(Command::Identity),
            "cancel" if self.state.draft.is_some() => {
                let number = self.state.draft.as_ref().map(|d| d.number.clone()).unwrap_or_default();
                self.state.at = At::Outside;
                self.say(self.t("cancelled", &[("number", &number)]));
                self.menu();
            }
            "help" => {
                self.say(self.t("help", &[]));
                self.ask_again();
            }
            "language" => {
                let buttons = vec![self.button("in_hindi", "lang:hi"), self.button("in_english", "lang:en")];
                self.buttons(self.t("which_language", &[]), buttons);
            }
            "person" => {
                self.person();
                self.ask_again();
            }
            "resume" => self.resume(),
            "restart" => self.restart(),
            "services" => self.services(0),
            "schemes" => self.schemes(0),
            "status" => self.commands.push(Command::Status { number: None }),
            "certificates" => self.commands.push(Command::Certificates { number: None, service: None }),
            "verify" => self.how_to_verify(),
            "grievance" => self.complain("", None),
            "correct" => self.commands.push(Command::Mistakes { number: None }),
            _ => {
                self.state.at = At::Outside;
                self.menu();
            }
        }
    }

    /// The question that is open, or the menu.
    pub(super) fn ask_again(&mut self) {
        match self.state.at.clone() {
            At::Form => self.ask(),
            At::Eligible { .. } => self.ask_eligible(),
            At::Identity { .. } => self.ask_identity(),
            At::Service { service } => self.open(&service),
            At::Consent { service } => self.consent(&service),
            At::Resume { wanted } => self.offer_resume(wanted),
            At::Asked { query } => self.which_service(query, 0),
            At::Number => self.how_to_verify(),
            At::Fact { number } => self.which_fact(&number),
            At::Grievance { number, .. } => self.commands.push(Command::Delays { number }),
            At::Correction { number } => self.commands.push(Command::Mistakes { number: Some(number) }),
            At::Outside | At::Mending => self.menu(),
        }
    }

    /// What the words mean, where no form waits for them.
    pub(super) fn wanted(&mut self, said: &str) {
        let Meant {
            intents,
            certain,
            likely,
            service,
            services,
            scheme,
            application: number,
            certificate,
            ..
        } = meant(said, self.world.today);
        // The service that is looked at is the one a question is about that names none.
        let looked_at =
            if let At::Service { service } = &self.state.at { Some(service.clone()) } else { None };
        let looked_at = looked_at.filter(|_| scheme.is_none() && services.is_empty());
        let about = service.or(looked_at);
        if !matches!(self.state.at, At::Service { .. } | At::Consent { .. } | At::Resume { .. }) {
            self.state.at = At::Outside;
        }
        let first = intents.first().map_or("unknown", String::as_str);
        if first == "unknown" {
            return self.missed_outside(self.t("not_understood", &[]));
        }
        if first != "out-of-scope" {
            self.state.misses = 0;
        }
        let names_one = number.is_some() || certificate.is_some() || about.is_some() || !services.is_empty();
        match first {
            _ if !certain && !likely && !names_one && first != "out-of-scope" => self.offer(&intents),
            "download" => self.commands.push(Command::Certificates { number, service: about }),
            "grievance" => self.complain(said, number),
            "correct" => self.commands.push(Command::Mistakes { number }),
            _ if number.is_some() => self.commands.push(Command::Status { number }),
            _ if certificate.is_some() => self.certificate(certificate),
            // Much that is said of a certificate sounds like it.
            "verify" if !certain => self.offer(&intents),
            "verify" => self.number(said),
            "greeting" | "menu" | "back" | "cancel" | "yes" | "no" => self.greet(),
            "thanks" => self.say(self.t("thanks", &[])),
            "help" | "status" | "language" | "person" | "schemes" | "services" => self.command(first),
            "out-of-scope" => self.missed_outside(self.t("out_of_scope", &[])),
            scheme if scheme.starts_with("scheme:") && certain => self.scheme(&scheme[7..]),
            "fees" | "documents" | "timeline" | "eligibility" => match (about, scheme) {
                (Some(service), _) => self.tell_of(Query::of(first), &service),
                (_, Some(scheme)) if first == "eligibility" => self.eligible(&scheme),
                (_, Some(scheme)) => self.scheme(&scheme),
                _ => self.which_of(Query::of(first), &services),
            },
            _ => match first.strip_prefix("apply:").filter(|_| certain) {
                Some(service) => self.open(service),
                None => self.offer(&intents),
            },
        }
    }

    /// Words that lead nowhere: why, and the menu; at the third time a person.
    fn missed_outside(&mut self, why: String) {
        self.state.misses += 1;
        if self.state.misses >= super::missing::MISSES_MAX {
            self.person();
        } else {
            self.say(why);
        }
        self.menu();
    }
}
