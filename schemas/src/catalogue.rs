//! The catalogue: every service with its form, documents and workflow, loaded and checked at start.
//! A fault names the file, the key and the rule.

use crate::form::{Choice, FormField, FormKind, Known};
use crate::service::{DocumentKind, OutcomeKind, Service};
use crate::types::{self, Kind};
use crate::words::{Language, SHORT_MAX, Words, length};
use crate::workflow::Workflow;
use crate::{data, tables};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Everything that can be applied for.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// In the order of the menus.
    services: Vec<Service>,
    workflows: BTreeMap<String, Workflow>,
    documents: Vec<DocumentKind>,
}

/// A fault of a data file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {key}: {rule}")]
pub struct CatalogueError {
    /// The file.
    pub file: String,
    /// What in it.
    pub key: String,
    /// The rule it breaks.
    pub rule: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    field: Vec<FormField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    document: Vec<DocumentKind>,
}

/// The published catalogue.
///
/// # Panics
/// Never: it is part of the program, and a test loads it.
#[must_use]
pub fn published() -> &'static Catalogue {
    static PUBLISHED: LazyLock<Catalogue> = LazyLock::new(|| {
        Catalogue::load(data::SERVICES.iter().copied()).expect("the published catalogue is in order")
    });
    &PUBLISHED
}

impl Catalogue {
    /// Loads services (name of the file, text) with the published workflows, forms and documents.
    pub fn load<'a>(
        services: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<CatalogueError>> {
        let mut faults = vec![];
        let groups = parse::<Groups>("forms", data::FORMS).map_err(|e| vec![e])?.group;
        let documents = parse::<Documents>("documents", data::DOCUMENTS).map_err(|e| vec![e])?.document;
        let mut workflows = BTreeMap::new();
        for (file, text) in data::WORKFLOWS {
            match parse::<Workflow>(file, text) {
                Err(e) => faults.push(e),
                Ok(w) => {
                    let file = format!("workflows/{file}.toml");
                    let fault = |(key, rule)| CatalogueError { file: file.clone(), key, rule };
                    faults.extend(w.faults().into_iter().map(fault));
                    workflows.insert(w.id.clone(), w);
                }
            }
        }
        let mut catalogue = Self { services: vec![], workflows, documents };
        for (file, text) in services {
            match parse::<Service>(file, text) {
                Err(e) => faults.push(e),
                Ok(service) => {
                    let (service, found) = catalogue.checked(service, &groups);
                    let file = format!("services/{file}.toml");
                    let fault = |(key, rule)| CatalogueError { file: file.clone(), key, rule };
                    faults.extend(found.into_iter().map(fault));
                    catalogue.services.push(service);
                }
            }
        }
        catalogue.services.sort_by_key(|s| s.place);
        if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
    }

    /// Every service, in the order of the menus.
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.id == id)
    }

    /// The workflow of a service's applications; none for those one cannot apply for.
    #[must_use]
    pub fn workflow(&self, service: &Service) -> Option<&Workflow> {
        self.workflows.get(&service.workflow)
    }

    /// The kind of document of this name.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&DocumentKind> {
        self.documents.iter().find(|d| d.id == id)
    }

    /// Puts the groups before a service's own fields, and says what is wrong with it.
    fn checked(&self, mut service: Service, groups: &[Group]) -> (Service, Vec<(String, String)>) {
        let mut faults = vec![];
        let mut fault = |key: &str, rule: String| faults.push((key.to_owned(), rule));
        let mut grouped = |key: &str, names: &[String]| {
            let mut fields = vec![];
            for name in names {
                match groups.iter().find(|g| g.id == *name) {
                    Some(group) => fields.extend(group.field.iter().cloned()),
                    None => fault(key, format!("there is no group {name} in forms.toml")),
                }
            }
            fields
        };
        let first = grouped("form", &service.form);
        let last = grouped("form_end", &service.form_end);
        let own = std::mem::take(&mut service.fields);
        service.fields = [first, own, last].concat();
        if self.service(&service.id).is_some() {
            fault("id", format!("another service is called {}", service.id));
        }
        if self.services.iter().any(|s| s.place == service.place) {
            fault("place", format!("another service has the place {}", service.place));
        }
        if tables::table("departments").and_then(|t| t.by_id(&service.department)).is_none() {
            fault("department", format!("there is no department {}", service.department));
        }
        if service.can_be_applied_for() && self.workflow(&service).is_none() {
            fault("workflow", format!("there is no workflow {:?}", service.workflow));
        }
        for words in [&service.name, &service.about, &service.who] {
            in_both_languages("name, about, who", words, &mut fault);
        }
        in_both_languages("short", service.in_short(), &mut fault);
        let long = |language| length(service.in_short().get(language)) > SHORT_MAX;
        if long(Language::English) || long(Language::Hindi) {
            fault("short", format!("a name for rows of lists is needed, of at most {SHORT_MAX} letters"));
        }
        for (place, field) in service.fields.iter().enumerate() {
            field_faults(field, &service.fields[..place], &mut fault);
        }
        for document in &service.documents {
            let key = format!("document {}", document.kind);
            if self.document(&document.kind).is_none() {
                fault(&key, "documents.toml has no such kind".into());
            }
            if document.when.as_ref().is_some_and(|w| service.field(&w.field).is_none()) {
                fault(&key, "its condition names no field of the form".into());
            }
        }
        for rule in &service.rules {
            if let Some(missing) = rule.fields().into_iter().find(|f| service.field(f).is_none()) {
                fault("rule", format!("it names no field of the form: {missing}"));
            }
        }
        outcome_faults(&service, &mut fault);
        (service, faults)
    }
}

pub(crate) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|e| CatalogueError {
        file: format!("{file}.toml"),
        key: e.span().map_or_else(String::new, |s| {
            format!("line {}", text.get(..s.start).unwrap_or(text).lines().count().max(1))
        }),
        rule: e.message().to_owned(),
    })
}

pub(crate) fn in_both_languages(key: &str, words: &Words, fault: &mut impl FnMut(&str, String)) {
    let devanagari = words.hi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
    // Blood groups and the like are the same in both.
    if words.en.trim().is_empty() || !(devanagari || words.en == words.hi) {
        fault(key, "the words are needed in English and in Hindi".into());
    }
}

pub(crate) fn field_faults(field: &FormField, before: &[FormField], fault: &mut impl FnMut(&str, String)) {
    let key = format!("field {}", field.id);
    in_both_languages(&key, &field.label, fault);
    for Choice { name, .. } in &field.options {
        in_both_languages(&key, name, fault);
    }
    if before.iter().any(|f| f.id == field.id) {
        fault(&key, "another field has this id".into());
    }
    let table = field.table.as_deref().map(tables::table);
    if (field.kind == FormKind::Choice) != (table.is_some() || !field.options.is_empty()) {
        fault(&key, "a choice, and nothing else, has a table or options".into());
    }
    if table.is_some_and(|t| t.is_none()) {
        fault(&key, format!("there is no table {:?}", field.table));
    }
    let known = field.identity.map(|known| match known {
        Known::Name => FormKind::Name,
        Known::Born => FormKind::Day,
        Known::LastFour => FormKind::Aadhaar,
    });
    if known.is_some_and(|kind| kind != field.kind) {
        fault(&key, "what a proof of identity says of it is of another kind".into());
    }
    if let Some(when) = &field.when
        && !before.iter().any(|f| f.id == when.field)
    {
        fault(&key, format!("its condition names no field before it: {}", when.field));
    }
}

/// Every field of the certificate is filled by a field of the form with the same id and kind.
fn outcome_faults(service: &Service, fault: &mut impl FnMut(&str, String)) {
    let Some(id) = &service.outcome.certificate else {
        if service.outcome.kind == OutcomeKind::Credential {
            fault("outcome", "a credential names its certificate type".into());
        }
        return;
    };
    let Some(kind) = types::by_id(id) else {
        return fault("outcome", format!("there is no certificate type {id}"));
    };
    if kind.department != service.department {
        fault("outcome", format!("{id} is issued by the department {}", kind.department));
    }
    for field in &kind.fields {
        let source = service.field(&field.id);
        let fits = source.is_some_and(|f| match field.kind {
            Kind::Name => f.kind == FormKind::Name,
            Kind::Text => {
                matches!(
                    f.kind,
                    FormKind::Text
                        | FormKind::Reference
                        | FormKind::Licence
                        | FormKind::Vehicle
                        | FormKind::People
                )
            }
            Kind::Day => f.kind == FormKind::Day,
            Kind::Year => f.kind == FormKind::Year,
            Kind::Amount => f.kind == FormKind::Amount,
            Kind::Code => f.kind == FormKind::Choice && f.table == field.table,
        });
        let missing_is_fine = field.optional && source.is_none();
        if !fits && !missing_is_fine {
            fault("outcome", format!("no field of the form fills {} of the certificate", field.id));
        }
    }
}

/// Whether offices work on a day: Monday to Friday, holidays aside.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    #[derive(Deserialize)]
    struct File {
        holiday: Vec<Holiday>,
    }
    #[derive(Deserialize)]
    struct Holiday {
        day: String,
    }
    static HOLIDAYS: LazyLock<BTreeSet<Date>> = LazyLock::new(|| {
        // Unwrap safety: the file is part of the program, and a test reads it.
        let file: File = toml::from_str(data::HOLIDAYS).expect("the holidays are in order");
        file.holiday.iter().map(|h| h.day.parse().expect("a day")).collect()
    });
    let weekend = matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
    !weekend && !HOLIDAYS.contains(&day)
}

#[cfg(test)]
mod tests;
