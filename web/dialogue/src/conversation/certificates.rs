//! A certificate once more: the only one at once, of several the one that is chosen.

use super::asking::row;
use super::{Command, Talk};
use crate::say::{ROWS_MAX, Row, Say, Sent};
use jiff::civil::Date;
use mohar_schemas::catalogue::published;
use mohar_schemas::words::day_in_words;

/// A certificate of the citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The number of its application.
    pub application: String,
    /// The service it came from.
    pub service: String,
    /// When it was issued.
    pub on: Date,
    /// Whether it still counts: neither revoked nor suspended nor replaced.
    pub counts: bool,
}

impl Talk {
    pub(super) fn certificates(&mut self, all: &[Held]) {
        match all {
            [] => {
                self.say(self.t("no_certificates", &[]));
                self.commands.push(Command::Status { number: None });
            }
            [one] => self.send(one),
            _ => {
                let rows = all.iter().take(ROWS_MAX).map(|held| self.held(held)).collect();
                let (body, open) = (self.t("which_certificate", &[]), self.t("open_list", &[]));
                self.say.push(Say::List { body, open, rows });
            }
        }
    }

    fn held(&self, held: &Held) -> Row {
        let service = published().service(&held.service).map(|s| self.w(&s.name)).unwrap_or_default();
        let mut under = format!("{} · {}", self.on(held.on), held.application);
        if !held.counts {
            under = format!("{under} · {}", self.t("counts_no_more_short", &[]));
        }
        let id = format!("certificate:{}", held.application);
        // The day tells two of one service apart; a long name is cut rather than the day.
        Row { under: super::asking::cut(&under, crate::say::UNDER_ROW_MAX), ..row(&id, &service, "") }
    }

    fn send(&mut self, held: &Held) {
        let service = published().service(&held.service).map(|s| self.w(&s.name)).unwrap_or_default();
        let gaps = [("service", service.as_str()), ("day", &self.on(held.on))];
        let mut caption = self.t("certificate_again", &gaps);
        if !held.counts {
            caption = format!("{caption}\n{}", self.t("counts_no_more", &[]));
        }
        let what = Sent::Certificate { application: held.application.clone() };
        self.say.push(Say::File { what, caption });
    }

    /// A day in words.
    pub(super) fn on(&self, day: Date) -> String {
        day_in_words(day, self.language())
    }
}
