//! The door: what there is to do, every service, what may have been meant, and the way back into a draft.

use super::asking::row;
use super::{At, Command, Talk};
use crate::say::{ROWS_MAX, Row, Say};
use mohar_schemas::catalogue::published;
use mohar_schemas::scheme::published as schemes;
use mohar_schemas::service::Service;
use mohar_schemas::words::Language;

/// So many guesses are offered.
const OFFERED_MAX: usize = 3;

impl Talk {
    /// What there is to do, in one list.
    pub(super) fn menu(&mut self) {
        let body = self.what();
        let resume = self
            .filling()
            .map(|(_, service)| row("do:resume", &self.t("resume", &[]), &self.w(&service.name)));
        let rows = resume.into_iter().chain(self.doors()).collect();
        self.say.push(Say::List { body, open: self.t("open_menu", &[]), rows });
    }

    /// Asks what is needed; whoever is new is greeted in the same breath.
    fn what(&mut self) -> String {
        let greeting = if std::mem::take(&mut self.first) { self.t("welcome", &[]) } else { String::new() };
        format!("{greeting}\n\n{}", self.t("what", &[])).trim().to_owned()
    }

    /// Greets whoever is new.
    pub(super) fn welcome(&mut self) {
        if std::mem::take(&mut self.first) {
            self.say(self.t("welcome", &[]));
        }
    }

    /// What can be done here, a row each.
    fn doors(&self) -> [Row; 9] {
        let other = if self.language() == Language::Hindi { "lang:en" } else { "lang:hi" };
        let doors = [
            ("do:services", self.t("door_apply", &[]), self.t("door_apply_more", &[])),
            ("do:status", self.t("door_status", &[]), self.t("door_status_more", &[])),
            ("do:certificates", self.t("door_certificates", &[]), self.t("door_certificates_more", &[])),
            ("do:verify", self.t("door_verify", &[]), self.t("door_verify_more", &[])),
            ("do:schemes", self.t("door_schemes", &[]), self.t("door_schemes_more", &[])),
            ("do:grievance", self.t("door_late", &[]), self.t("door_late_more", &[])),
            ("do:correct", self.t("door_wrong", &[]), self.t("door_wrong_more", &[])),
            ("do:person", self.t("door_person", &[]), self.t("door_person_more", &[])),
            (other, self.t("change_language", &[]), String::new()),
        ];
        doors.map(|(id, title, under)| row(id, &title, &under))
    }

    pub(super) fn services(&mut self, from: usize) {
        let body = self.what();
        self.list_services(body, from, "apply", "page");
    }

    /// Every service, page by page: what a tap on one comes back with, and on the last row.
    pub(super) fn list_services(&mut self, body: String, from: usize, one: &str, page: &str) {
        let all = published().services();
        let last = all.len() <= from + ROWS_MAX;
        let shown = if last { ROWS_MAX } else { ROWS_MAX - 1 };
        let of = |s: &Service| self.service_row(&format!("{one}:{}", s.id), s);
        let mut rows: Vec<Row> = all.iter().skip(from).take(shown).map(of).collect();
        if !last {
            rows.push(row(&format!("{page}:{}", from + shown), &self.t("more", &[]), ""));
        }
        self.say.push(Say::List { body, open: self.t("open_list", &[]), rows });
    }

    /// A service by its short name; below it the whole, or what it is for.
    pub(super) fn service_row(&self, id: &str, service: &Service) -> Row {
        let (short, name) = (self.w(service.in_short()), self.w(&service.name));
        let under = if short == name { self.w(&service.about) } else { name };
        row(id, &short, &under)
    }

    pub(super) fn greet(&mut self) {
        if self.state.draft.is_some() { self.offer_resume(None) } else { self.menu() }
    }

    /// Up to three that may be meant.
    pub(super) fn offer(&mut self, found: &[String]) {
        let mut rows: Vec<Row> = vec![];
        for row in found.iter().filter_map(|id| self.possible(id)) {
            // All services come last anyway.
            if rows.len() < OFFERED_MAX && row.id != "do:services" && rows.iter().all(|r| r.id != row.id) {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return self.menu();
        }
        self.welcome();
        rows.push(row("do:services", &self.t("services", &[]), ""));
        self.say.push(Say::List { body: self.t("did_you_mean", &[]), open: self.t("open_list", &[]), rows });
    }

    /// What may be meant, by the id of an intent or of a door.
    pub(super) fn possible(&self, id: &str) -> Option<Row> {
        let door = match id.split_once(':') {
            Some(("apply", service)) => {
                let service = published().service(service)?;
                return Some(self.service_row(id, service));
            }
            Some(("scheme", scheme)) => {
                let scheme = schemes().scheme(scheme)?;
                return Some(row(id, &self.w(&scheme.short), &self.w(&scheme.line)));
            }
            Some((_, door)) => door,
            None => id,
        };
        if let "fees" | "documents" | "timeline" | "eligibility" = door {
            return Some(row(&format!("ask:{door}:0"), &self.t(&format!("ask_{door}"), &[]), ""));
        }
        let door = match door {
            "download" => "do:certificates".to_owned(),
            "language" if self.language() == Language::Hindi => "lang:en".to_owned(),
            "language" => "lang:hi".to_owned(),
            door => format!("do:{door}"),
        };
        self.doors().into_iter().find(|row| row.id == door)
    }

    pub(super) fn person(&mut self) {
        self.state.misses = 0;
        self.commands.push(Command::Person);
        self.say(self.t("person_help", &[]));
    }

    pub(super) fn offer_resume(&mut self, wanted: Option<String>) {
        let Some((draft, service)) = self.filling() else { return self.menu() };
        let gaps = [("service", self.w(&service.name)), ("number", draft.number)];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let body = self.t("resume_question", &gaps);
        self.state.at = At::Resume { wanted };
        let buttons = vec![
            self.button("resume", "do:resume"),
            self.button("start_again", "do:restart"),
            self.button("menu", "do:menu"),
        ];
        self.buttons(body, buttons);
    }

    pub(super) fn resume(&mut self) {
        self.state.at = At::Form;
        self.ask();
    }

    /// The draft is emptied, and what was wanted instead is opened.
    pub(super) fn restart(&mut self) {
        let wanted = if let At::Resume { wanted } = &self.state.at { wanted.clone() } else { None };
        if let Some(draft) = self.state.draft.take() {
            self.commands.push(Command::Clear { number: draft.number });
        }
        self.state.at = At::Outside;
        match wanted {
            Some(service) => self.open(&service),
            None => self.menu(),
        }
    }

    pub(super) fn applications(&mut self, all: &[(String, String)]) {
        match all {
            [] => {
                let buttons = vec![self.button("services", "do:services"), self.button("menu", "do:menu")];
                self.buttons(self.t("no_applications", &[]), buttons);
            }
            [(_, one)] => self.say(one.clone()),
            _ => {
                let rows = all.iter().take(ROWS_MAX);
                let rows =
                    rows.map(|(number, words)| row(&format!("number:{number}"), number, words)).collect();
                let (body, open) = (self.t("my_applications", &[]), self.t("open_list", &[]));
                self.say.push(Say::List { body, open, rows });
            }
        }
    }
}
