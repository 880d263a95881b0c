//! "It takes too long": what the law says of each application that an office has, what is owed, and a
//! grievance, which is filed only after an explicit yes.

use super::asking::row;
use super::{At, Command, Talk};
use crate::say::{ROWS_MAX, Row, Say};
use jiff::civil::Date;
use mohar_schemas::catalogue::published;
use mohar_schemas::charges::charges;
use mohar_schemas::tables;
use mohar_schemas::words::{Words, rupees};

/// The longest grievance, in characters.
const WORDS_MAX: usize = 1_000;

/// An application that an office has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub number: String,
    /// Its service.
    pub service: String,
    /// The office that has it.
    pub office: String,
    /// When it was handed in.
    pub since: Date,
    /// Its clock; none where no law sets a time.
    pub clock: Option<Time>,
    /// When a grievance was filed.
    pub grieved: Option<Date>,
}

/// What the clock says, in working days and rupees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// The last day in time.
    pub due: Date,
    /// What the law gives.
    pub limit: u32,
    /// Used so far.
    pub used: u32,
    /// Over the limit.
    pub over: u32,
    /// Owed to the citizen.
    pub owed: u32,
}

impl Waiting {
    fn over(&self) -> u32 {
        self.clock.map_or(0, |c| c.over)
    }
}

impl Talk {
    /// Remembers the words, which become the grievance's if it comes to one, and looks.
    pub(super) fn complain(&mut self, words: &str, number: Option<String>) {
        let words = words.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect();
        self.state.at = At::Grievance { words, number: None };
        self.commands.push(Command::Delays { number });
    }

    pub(super) fn delays(&mut self, mut all: Vec<Waiting>) {
        all.sort_by_key(|w| std::cmp::Reverse(w.over()));
        match &all[..] {
            [] => {
                self.state.at = At::Outside;
                self.say(self.t("nothing_waits", &[]));
                self.commands.push(Command::Status { number: None });
            }
            [one] => self.delay(one),
            _ => {
                let rows = all.iter().take(ROWS_MAX).map(|one| self.waiting(one)).collect();
                let (body, open) = (self.t("which_delay", &[]), self.t("open_list", &[]));
                self.say.push(Say::List { body, open, rows });
            }
        }
    }

    fn waiting(&self, one: &Waiting) -> Row {
        let over = one.over().to_string();
        let late = if one.over() > 0 { "late_by" } else { "in_time" };
        let late = crate::texts::text(self.language(), late, &[("over", &over)]);
        let under = format!("{} · {late}", one.number);
        let id = format!("late:{}", one.number);
        Row {
            under: super::asking::cut(&under, crate::say::UNDER_ROW_MAX),
            ..row(&id, &self.service(&one.service), "")
        }
    }

    fn delay(&mut self, one: &Waiting) {
        let words =
            if let At::Grievance { words, .. } = &self.state.at { words.clone() } else { String::new() };
        self.state.at = At::Outside;
        self.say(self.told(one));
        let menu = self.button("menu", "do:menu");
        if let Some(day) = one.grieved {
            return self.buttons(self.t("grieved_on", &[("day", &self.on(day))]), vec![menu]);
        }
        if one.over() == 0 {
            let number = one.number.clone();
            let key = if one.clock.is_some() { self.t("not_late", &[]) } else { self.t("no_law", &[]) };
            return self.buttons(key, vec![self.button("status", &format!("number:{number}")), menu]);
        }
        self.state.turn += 1;
        let office = self.office(&one.office);
        let gaps = [("office", office.as_str()), ("words", &words)];
        let body = if words.is_empty() { self.t("grieve", &gaps) } else { self.t("grieve_words", &gaps) };
        self.state.at = At::Grievance { words, number: Some(one.number.clone()) };
        self.buttons(body, vec![self.answer_button("grieve_yes", "grieve"), menu]);
    }

    /// Since when, what the law gives, and what is owed.
    fn told(&self, one: &Waiting) -> String {
        let (service, since) = (self.service(&one.service), self.on(one.since));
        let head = [("service", service.as_str()), ("number", &one.number), ("since", &since)];
        let head = self.t("handed_in", &head);
        let Some(clock) = one.clock else { return head };
        let money = |n: u32| rupees(i64::from(n));
        let charges = charges();
        let gaps = [
            ("limit", clock.limit.to_string()),
            ("used", clock.used.to_string()),
            ("over", clock.over.to_string()),
            ("due", self.on(clock.due)),
            ("owed", money(clock.owed)),
            ("a_day", money(charges.compensation_a_day)),
            ("most", money(charges.compensation_most)),
        ];
        let gaps = gaps.each_ref().map(|(k, v)| (*k, v.as_str()));
        let law = if clock.over > 0 { self.t("clock_late", &gaps) } else { self.t("clock_in_time", &gaps) };
        format!("{head} {law}")
    }

    /// The explicit yes.
    pub(super) fn grieve(&mut self) {
        if let At::Grievance { words, number: Some(number) } = self.state.at.clone() {
            self.commands.push(Command::Grieve { number, words });
        }
    }

    pub(super) fn grieved(&mut self, number: &str) {
        self.state.at = At::Outside;
        let buttons =
            vec![self.button("status", &format!("number:{number}")), self.button("menu", "do:menu")];
        self.buttons(self.t("grieved", &[("number", number)]), buttons);
    }

    /// What a service is called.
    pub(super) fn service(&self, id: &str) -> String {
        published().service(id).map(|s| self.w(&s.name)).unwrap_or_default()
    }

    /// What an office is called.
    pub(super) fn office(&self, id: &str) -> String {
        let row = tables::offices().by_id(id);
        row.map(|o| self.w(&Words::new(&o.en, &o.hi))).unwrap_or_default()
    }
}
