//! Outside a form: greeting, menus, services, status, and commands that work at any moment.

use super::asking::row;
use super::ear::{self, Meant, meant};
use super::{At, Command, Talk};
use crate::grammar::yes_no;
use crate::say::{ROWS_MAX, Row, Say};
use mohar_schemas::catalogue::published;
use mohar_schemas::consent;
use mohar_schemas::scheme::published as schemes;
use mohar_schemas::service::Service;
use mohar_schemas::words::Language;

impl Talk {
    /// Words: a command, an answer, or what is wanted.
    pub(super) fn text(&mut self, said: &str) {
        // "home" may be an option here, and a command everywhere else.
        if let Some(command) = ear::command(said).filter(|_| !self.is_an_option(said)) {
            return self.command(command);
        }
        match self.state.at.clone() {
            At::Form => self.answer(said),
            At::Eligible { .. } => self.answer_eligible(said),
            At::Identity { .. } => self.answer_identity(said),
            At::Consent { service } if yes_no(said) == Some(true) => self.begin(service),
            At::Service { service } if yes_no(said) == Some(true) => self.consent(&service),
            At::Resume { .. } if yes_no(said) == Some(true) => self.resume(),
            _ => self.wanted(said),
        }
    }

    pub(super) fn tap(&mut self, id: &str) {
        match id.split_once(':').unwrap_or((id, "")) {
            ("do", command) => self.command(command),
            ("apply", service) => self.open(service),
            ("page", from) => self.services(from.parse().unwrap_or(0)),
            ("mend-here", number) => self.commands.push(Command::Reopen { number: number.to_owned() }),
            ("scheme", id) => self.scheme(id),
            ("schemes", from) => self.schemes(from.parse().unwrap_or(0)),
            ("eligible", id) => self.eligible(id),
            ("film", id) => self.film(id),
            ("agree", service) => self.consent(service),
            ("begin", service) => self.begin(service.to_owned()),
            ("number", number) => self.commands.push(Command::Status { number: Some(number.to_owned()) }),
            ("lang", code) => {
                // Who has just been greeted in both languages is not greeted again.
                self.first = false;
                self.state.language = Some(if code == "en" { Language::English } else { Language::Hindi });
                self.ask_again();
            }
            (turn, what) if turn.parse() == Ok(self.state.turn) => {
                match (&self.state.at, what.split_once(':')) {
                    (At::Eligible { .. }, Some((_, said))) => self.answer_eligible(said),
                    (At::Identity { .. }, Some((_, said))) => self.answer_identity(said),
                    _ => self.tapped(what),
                }
            }
            (turn, _) if turn.parse::<u32>().is_ok() => {
                self.say(self.t("stale", &[]));
                self.ask_again();
            }
            _ => self.ask_again(),
        }
    }

    fn command(&mut self, command: &str) {
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
            "status" => self.commands.push(Command::Status { number: None }),
            "language" => {
                let buttons = vec![self.button("in_hindi", "lang:hi"), self.button("in_english", "lang:en")];
                self.buttons(self.t("which_language", &[]), buttons);
            }
            "person" => {
                self.person();
                self.ask_again();
            }
            "resume" => self.resume(),
            "restart" => {
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
            "services" => self.services(0),
            "schemes" => self.schemes(0),
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
            At::Outside => self.menu(),
        }
    }

    pub(super) fn person(&mut self) {
        self.state.misses = 0;
        self.commands.push(Command::Person);
        self.say(self.t("person_help", &[]));
    }

    /// The door: what there is to do.
    pub(super) fn menu(&mut self) {
        let greeting = if std::mem::take(&mut self.first) { self.t("welcome", &[]) } else { String::new() };
        let body = format!("{greeting}\n\n{}", self.t("what", &[])).trim().to_owned();
        let other = if self.language() == Language::Hindi { "lang:en" } else { "lang:hi" };
        let mut buttons = vec![
            self.button("services", "do:services"),
            self.button("my_applications", "do:status"),
            self.button("change_language", other),
        ];
        if self.state.draft.is_some() {
            buttons[2] = self.button("resume", "do:resume");
        }
        self.buttons(body, buttons);
    }

    fn services(&mut self, from: usize) {
        let all = published().services();
        let last = all.len() <= from + ROWS_MAX;
        let shown = if last { ROWS_MAX } else { ROWS_MAX - 1 };
        let of = |s: &Service| row(&format!("apply:{}", s.id), &self.w(&s.name), &self.w(&s.about));
        let mut rows: Vec<Row> = all.iter().skip(from).take(shown).map(of).collect();
        if !last {
            rows.push(row(&format!("page:{}", from + shown), &self.t("more", &[]), ""));
        }
        self.say.push(Say::List { body: self.t("what", &[]), open: self.t("open_list", &[]), rows });
    }

    /// What the words mean, where no form waits for them.
    fn wanted(&mut self, said: &str) {
        let Meant { intents, certain, service, scheme, number } = meant(said, self.world.today);
        if number.is_some() {
            return self.commands.push(Command::Status { number });
        }
        let first = intents.first().map_or("menu", String::as_str);
        match first {
            "greeting" | "menu" | "back" | "cancel" | "yes" | "no" => self.greet(),
            "thanks" => self.say(self.t("thanks", &[])),
            "help" | "status" | "language" | "person" => self.command(first),
            "out-of-scope" => {
                self.say(self.t("out_of_scope", &[]));
                self.menu();
            }
            "download" | "grievance" | "correct" => self.commands.push(Command::Status { number: None }),
            "schemes" => self.schemes(0),
            scheme if scheme.starts_with("scheme:") && certain => self.scheme(&scheme[7..]),
            "fees" | "documents" | "timeline" | "eligibility" => match (service, scheme) {
                (Some(service), _) => self.open(&service),
                (_, Some(scheme)) if first == "eligibility" => self.eligible(&scheme),
                (_, Some(scheme)) => self.scheme(&scheme),
                _ => self.services(0),
            },
            _ => match first.strip_prefix("apply:").filter(|_| certain) {
                Some(service) => self.open(service),
                None => self.offer(&intents),
            },
        }
    }

    fn greet(&mut self) {
        if self.state.draft.is_some() { self.offer_resume(None) } else { self.menu() }
    }

    /// Up to three that may be meant.
    fn offer(&mut self, found: &[String]) {
        let of = |id: &String| match id.split_once(':')? {
            ("apply", service) => {
                published().service(service).map(|s| row(id, &self.w(&s.name), &self.w(&s.about)))
            }
            (_, scheme) => schemes().scheme(scheme).map(|s| row(id, &self.w(&s.short), &self.w(&s.line))),
        };
        let mut rows: Vec<Row> = found.iter().filter_map(of).take(3).collect();
        if rows.is_empty() {
            return self.menu();
        }
        rows.push(row("do:services", &self.t("services", &[]), ""));
        self.say.push(Say::List { body: self.t("did_you_mean", &[]), open: self.t("open_list", &[]), rows });
    }

    /// A service: what it is, costs and needs.
    fn open(&mut self, id: &str) {
        let Some(service) = published().service(id) else { return self.menu() };
        if std::mem::take(&mut self.first) {
            self.say(self.t("welcome", &[]));
        }
        let name = self.w(&service.name);
        if let Some(elsewhere) = &service.information {
            let body = self.t("elsewhere", &[("service", &name), ("where", &self.w(elsewhere))]);
            return self.buttons(body, vec![self.button("menu", "do:menu")]);
        }
        if self.state.draft.as_ref().is_some_and(|d| d.service == id) {
            return self.offer_resume(Some(id.to_owned()));
        }
        self.state.at = At::Service { service: id.to_owned() };
        let rupees = mohar_schemas::words::rupees(i64::from(service.fee.rupees));
        let fee = if service.fee.rupees == 0 { self.t("free", &[]) } else { rupees };
        let time = service.time_limit.as_ref().map_or_else(
            || self.t("no_limit", &[]),
            |limit| self.t("days", &[("days", &limit.days.to_string())]),
        );
        let papers = service.documents.iter().filter(|d| d.when.is_none() && !d.optional);
        let papers: Vec<String> =
            papers.filter_map(|d| published().document(&d.kind)).map(|d| self.w(&d.name)).collect();
        let papers = if papers.is_empty() { self.t("none_needed", &[]) } else { papers.join(", ") };
        let gaps = [
            ("service", name.as_str()),
            ("about", &self.w(&service.about)),
            ("who", &self.w(&service.who)),
            ("fee", &fee),
            ("time", &time),
            ("papers", &papers),
        ];
        let buttons = vec![self.button("begin", &format!("agree:{id}")), self.button("menu", "do:menu")];
        self.buttons(self.t("about", &gaps), buttons);
    }

    fn consent(&mut self, service: &str) {
        let text = consent::by_id(consent::APPLY).map(|c| self.w(&c.text)).unwrap_or_default();
        self.state.at = At::Consent { service: service.to_owned() };
        let buttons = vec![self.button("agree", &format!("begin:{service}")), self.button("menu", "do:menu")];
        self.buttons(self.t("consent", &[("text", &text)]), buttons);
    }

    fn begin(&mut self, service: String) {
        if published().service(&service).is_some_and(Service::can_be_applied_for) {
            self.commands.push(Command::Begin { service });
        } else {
            self.menu();
        }
    }

    fn offer_resume(&mut self, wanted: Option<String>) {
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

    fn resume(&mut self) {
        self.state.at = At::Form;
        self.ask();
    }

    pub(super) fn applications(&mut self, all: &[(String, String)]) {
        match all {
            [] => self.say(self.t("no_applications", &[])),
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
