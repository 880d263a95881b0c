//! One service: its card, a question about it answered first, consent, and the beginning of a draft.

use super::asking::row;
use super::ear::meant;
use super::{At, Command, Talk};
use crate::say::{Row, Say};
use mohar_schemas::catalogue::published;
use mohar_schemas::charges::charges;
use mohar_schemas::consent;
use mohar_schemas::form::When;
use mohar_schemas::service::{Document, Service};
use mohar_schemas::words::rupees;
use serde::{Deserialize, Serialize};

/// What is asked about a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Query {
    /// What it costs.
    Fees,
    /// Which papers it takes.
    Documents,
    /// How long it takes.
    Time,
    /// Who may apply.
    Who,
}

impl Query {
    /// The question of an intent or an id.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "fees" => Self::Fees,
            "documents" => Self::Documents,
            "timeline" => Self::Time,
            _ => Self::Who,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Fees => "fees",
            Self::Documents => "documents",
            Self::Time => "timeline",
            Self::Who => "who",
        }
    }
}

impl Talk {
    /// Asks which service is meant; the question is remembered.
    pub(super) fn which_service(&mut self, query: Query, from: usize) {
        self.state.at = At::Asked { query };
        let body = match query {
            Query::Fees => self.t("which_fees", &[]),
            Query::Documents => self.t("which_documents", &[]),
            Query::Time => self.t("which_time", &[]),
            Query::Who => self.t("which_who", &[]),
        };
        let ask = format!("ask:{}", query.id());
        self.list_services(body, from, &ask, &ask);
    }

    /// The same, where a few are named already.
    pub(super) fn which_of(&mut self, query: Query, named: &[String]) {
        self.which_service(query, 0);
        let few = named.iter().filter_map(|id| published().service(id));
        let few: Vec<Row> =
            few.map(|s| self.service_row(&format!("ask:{}:{}", query.id(), s.id), s)).collect();
        let all = row(&format!("ask:{}:0", query.id()), &self.t("services", &[]), "");
        if let (false, Some(Say::List { rows, .. })) = (few.is_empty(), self.say.last_mut()) {
            *rows = few.into_iter().chain([all]).collect();
        }
    }

    /// A tap on a service, or on the next page, where a question waits: `fees:income`, `fees:9`.
    pub(super) fn asked(&mut self, of: &str) {
        let (query, which) = of.split_once(':').unwrap_or((of, ""));
        match which.parse() {
            Ok(from) => self.which_service(Query::of(query), from),
            Err(_) => self.tell_of(Query::of(query), which),
        }
    }

    /// Words where a service was asked for: its name, or something else altogether.
    pub(super) fn named(&mut self, query: Query, said: &str) {
        let meant = meant(said, self.world.today);
        let first = meant.intents.first().map_or("unknown", String::as_str);
        let asks =
            ["fees", "documents", "timeline", "eligibility", "unknown", "out-of-scope"].contains(&first);
        match first.strip_prefix("apply:").map(str::to_owned).or(meant.service.filter(|_| asks)) {
            Some(service) => self.tell_of(query, &service),
            None => self.wanted(said),
        }
    }

    /// The answer to a question about a service, then what can be done.
    pub(super) fn tell_of(&mut self, query: Query, id: &str) {
        let Some(service) = published().service(id).filter(|s| s.can_be_applied_for()) else {
            return self.open(id);
        };
        self.welcome();
        self.say(self.told_of(query, service));
        self.state.at = At::Service { service: id.to_owned() };
        let buttons = vec![self.button("begin", &format!("agree:{id}")), self.button("menu", "do:menu")];
        self.buttons(self.t("apply_question", &[]), buttons);
    }

    /// The answer itself.
    pub(super) fn told_of(&self, query: Query, service: &Service) -> String {
        match query {
            Query::Fees => self.fees(service),
            Query::Documents => self.papers(service),
            Query::Time => self.time(service),
            Query::Who => {
                let gaps = [("service", self.w(&service.name)), ("who", self.w(&service.who))];
                self.t("who_may", &gaps.each_ref().map(|(k, v)| (*k, v.as_str())))
            }
        }
    }

    fn fees(&self, service: &Service) -> String {
        let (name, charge) = (self.w(&service.name), rupees(i64::from(charges().assisted)));
        let fee = rupees(i64::from(service.fee.rupees));
        let gaps = [("service", name.as_str()), ("fee", &fee), ("charge", &charge)];
        if service.fee.rupees == 0 { self.t("fees_none", &gaps) } else { self.t("fees_are", &gaps) }
    }

    fn time(&self, service: &Service) -> String {
        let name = self.w(&service.name);
        let Some(limit) = &service.time_limit else { return self.t("time_none", &[("service", &name)]) };
        let money = |n: u32| rupees(i64::from(n));
        let charges = charges();
        let gaps = [
            ("service", name.as_str()),
            ("days", &limit.days.to_string()),
            ("a_day", &money(charges.compensation_a_day)),
            ("most", &money(charges.compensation_most)),
        ];
        self.t("time_is", &gaps)
    }

    /// Every paper with what counts as one, and when it is asked for.
    fn papers(&self, service: &Service) -> String {
        let name = self.w(&service.name);
        if service.documents.is_empty() {
            return self.t("papers_none", &[("service", &name)]);
        }
        let lines = service.documents.iter().filter_map(|d| self.paper(service, d));
        let head = self.t("papers_are", &[("service", &name)]);
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    }

    fn paper(&self, service: &Service, document: &Document) -> Option<String> {
        let kind = published().document(&document.kind)?;
        let (name, help) = (self.w(&kind.name), self.w(&kind.help));
        let when = document.when.as_ref().and_then(|w| self.condition(service, w)).unwrap_or_default();
        let gaps = [("name", name.as_str()), ("help", &help), ("when", &when)];
        Some(match (&document.when, document.optional) {
            (Some(_), _) => self.t("paper_when", &gaps),
            (None, true) => self.t("paper_optional", &gaps),
            (None, false) => self.t("paper", &gaps),
        })
    }

    /// A condition on an answer in words: the question and the answer that makes it true.
    fn condition(&self, service: &Service, when: &When) -> Option<String> {
        let field = service.field(&when.field)?;
        let named = |id: &String| match id.as_str() {
            "yes" => self.t("yes", &[]),
            "no" => self.t("no", &[]),
            _ => {
                let mut choices = field.choices(self.world.today).into_iter();
                choices.find(|(choice, _)| choice == id).map_or_else(|| id.clone(), |(_, w)| self.w(&w))
            }
        };
        let answers: Vec<String> = when.is.iter().map(named).collect();
        let gaps = [("question", self.w(&field.label)), ("answer", answers.join(" / "))];
        Some(self.t("condition", &gaps.each_ref().map(|(k, v)| (*k, v.as_str()))))
    }

    /// A service: what it is, costs and needs.
    pub(super) fn open(&mut self, id: &str) {
        let Some(service) = published().service(id) else { return self.menu() };
        self.welcome();
        let name = self.w(&service.name);
        if let Some(elsewhere) = &service.information {
            let body = self.t("elsewhere", &[("service", &name), ("where", &self.w(elsewhere))]);
            return self.buttons(body, vec![self.button("menu", "do:menu")]);
        }
        if self.state.draft.as_ref().is_some_and(|d| d.service == id) {
            return self.offer_resume(Some(id.to_owned()));
        }
        self.state.at = At::Service { service: id.to_owned() };
        let fee = rupees(i64::from(service.fee.rupees));
        let fee = if service.fee.rupees == 0 { self.t("free", &[]) } else { fee };
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

    pub(super) fn consent(&mut self, service: &str) {
        let text = consent::by_id(consent::APPLY).map(|c| self.w(&c.text)).unwrap_or_default();
        self.state.at = At::Consent { service: service.to_owned() };
        let buttons = vec![self.button("agree", &format!("begin:{service}")), self.button("menu", "do:menu")];
        self.buttons(self.t("consent", &[("text", &text)]), buttons);
    }

    pub(super) fn begin(&mut self, service: String) {
        if published().service(&service).is_some_and(Service::can_be_applied_for) {
            self.commands.push(Command::Begin { service });
        } else {
            self.menu();
        }
    }
}
