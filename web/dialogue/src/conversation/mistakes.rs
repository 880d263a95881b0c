//! "Something on it is wrong": what is still with the citizen is mended here, what the office has is mended
//! through the office, and a certificate is replaced by a corrected one.

use super::asking::row;
use super::{At, Command, Draft, Talk};
use crate::say::{ROWS_MAX, Row, Say};
use mohar_schemas::catalogue::published;
use mohar_schemas::words::rupees;

/// An application on which something may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Its number.
    pub number: String,
    /// Its service.
    pub service: String,
    /// Who can mend it.
    pub held: HeldBy,
}

/// Who has an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldBy {
    /// The citizen: a draft, or sent back.
    Citizen,
    /// Nobody yet: the fee is due.
    Unpaid,
    /// An office.
    Office(String),
    /// It is decided, and there is a certificate.
    Certificate,
}

impl Talk {
    pub(super) fn mistakes(&mut self, all: &[Mistake]) {
        match all {
            [] => {
                self.say(self.t("nothing_to_mend", &[]));
                self.menu();
            }
            [one] => self.mistake(one),
            _ => {
                let rows = all.iter().take(ROWS_MAX).map(|one| self.one_of_them(one)).collect();
                let (body, open) = (self.t("which_is_wrong", &[]), self.t("open_list", &[]));
                self.say.push(Say::List { body, open, rows });
            }
        }
    }

    fn one_of_them(&self, one: &Mistake) -> Row {
        let held = match &one.held {
            HeldBy::Citizen => self.t("held_by_you", &[]),
            HeldBy::Unpaid => self.t("held_unpaid", &[]),
            HeldBy::Office(_) => self.t("held_by_office", &[]),
            HeldBy::Certificate => self.t("held_certificate", &[]),
        };
        let id = format!("wrong:{}", one.number);
        let under = format!("{} · {held}", one.number);
        Row { under, ..row(&id, &self.service(&one.service), "") }
    }

    fn mistake(&mut self, one: &Mistake) {
        let service = self.service(&one.service);
        let menu = self.button("menu", "do:menu");
        match &one.held {
            HeldBy::Citizen => {
                self.state.at = At::Mending;
                self.commands.push(Command::Reopen { number: one.number.clone() });
            }
            HeldBy::Unpaid => {
                let gaps = [("service", service.as_str()), ("number", &one.number)];
                let apply = self.button("begin", &format!("agree:{}", one.service));
                self.buttons(self.t("wrong_unpaid", &gaps), vec![apply, menu]);
            }
            HeldBy::Office(office) => {
                let gaps = [
                    ("service", service.as_str()),
                    ("number", &one.number),
                    ("office", &self.office(office)),
                ];
                self.buttons(self.t("wrong_at_office", &gaps), vec![menu]);
            }
            HeldBy::Certificate => {
                let fee = published().service(&one.service).map_or(0, |s| s.fee.rupees);
                let gaps = [
                    ("service", service.as_str()),
                    ("number", &one.number),
                    ("fee", &rupees(i64::from(fee))),
                ];
                let body =
                    if fee == 0 { self.t("wrong_issued_free", &gaps) } else { self.t("wrong_issued", &gaps) };
                self.state.at = At::Correction { number: one.number.clone() };
                self.buttons(body, vec![self.button("replace", &format!("replace:{}", one.number)), menu]);
            }
        }
    }

    /// A draft that is to replace a certificate.
    pub(super) fn replace(&mut self, number: String) {
        self.state.at = At::Mending;
        self.commands.push(Command::Replace { number });
    }

    /// A draft is there: it is filled in, or what is wrong in it is chosen first.
    pub(super) fn begun(&mut self, draft: Draft) {
        let mending = self.state.at == At::Mending && !draft.answers.is_empty();
        self.state.draft = Some(draft);
        self.state.at = At::Form;
        if mending { self.change(0) } else { self.ask() }
    }
}
