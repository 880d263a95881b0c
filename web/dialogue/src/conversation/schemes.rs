//! Schemes: what there is, a picture and the facts of one, and "am I eligible?" question by question.

use super::answering::Taken;
use super::asking::row;
use super::ear::meant;
use super::{At, Talk};
use crate::say::{BODY_MAX, ROWS_MAX, Row, Say, Sent, length};
use mohar_schemas::catalogue;
use mohar_schemas::form::{Answers, FormField};
use mohar_schemas::scheme::{Eligibility, Scheme, eligibility, published};

impl Talk {
    /// All schemes, page by page.
    pub(super) fn schemes(&mut self, from: usize) {
        let all: Vec<&Scheme> = published().groups().flat_map(|(_, schemes)| schemes).collect();
        let last = all.len() <= from + ROWS_MAX;
        let shown = if last { ROWS_MAX } else { ROWS_MAX - 1 };
        let of = |s: &&Scheme| row(&format!("scheme:{}", s.id), &self.w(&s.short), &self.w(&s.line));
        let mut rows: Vec<Row> = all.iter().skip(from).take(shown).map(of).collect();
        if !last {
            rows.push(row(&format!("schemes:{}", from + shown), &self.t("more", &[]), ""));
        }
        self.say.push(Say::List { body: self.t("which_scheme", &[]), open: self.t("open_list", &[]), rows });
    }

    /// One scheme: picture, facts, and what can be done next.
    pub(super) fn scheme(&mut self, id: &str) {
        let Some(scheme) = published().scheme(id) else { return self.schemes(0) };
        let caption = published().caption(scheme, self.language());
        let what = Sent::SchemeCard { scheme: id.to_owned(), language: self.language() };
        if length(&caption) <= BODY_MAX {
            self.say.push(Say::File { what, caption });
        } else {
            self.say.push(Say::File { what, caption: self.w(&scheme.name) });
            self.say(caption);
        }
        let mut buttons = vec![self.button("eligible", &format!("eligible:{id}"))];
        if scheme.film {
            buttons.push(self.button("film", &format!("film:{id}")));
        }
        buttons.push(self.button("schemes", "do:schemes"));
        self.buttons(self.t("scheme_next", &[]), buttons);
    }

    pub(super) fn film(&mut self, id: &str) {
        match published().scheme(id).filter(|s| s.film) {
            Some(scheme) => {
                let caption = self.w(&scheme.name);
                let what = Sent::SchemeFilm { scheme: id.to_owned(), language: self.language() };
                self.say.push(Say::File { what, caption });
            }
            None => self.scheme(id),
        }
    }

    /// Begins with the first question.
    pub(super) fn eligible(&mut self, id: &str) {
        if published().scheme(id).is_none() {
            return self.schemes(0);
        }
        self.state.at = At::Eligible { scheme: id.to_owned(), answers: Answers::new() };
        self.ask_eligible();
    }

    /// The next question that is open, or the answer.
    pub(super) fn ask_eligible(&mut self) {
        let Some((scheme, answers)) = self.asked_about() else { return self.menu() };
        self.state.turn += 1;
        match eligibility(scheme, &answers, self.world.today) {
            Eligibility::Unsure(open) if !open.is_empty() => {
                let done = scheme.questions.iter().filter(|q| answers.contains_key(&q.id)).count();
                let (n, of) = ((done + 1).to_string(), (done + open.len()).to_string());
                let progress = self.t("progress", &[("n", &n), ("of", &of)]);
                self.put(open[0], format!("{progress} *{}*", self.w(&open[0].label)));
            }
            found => {
                self.state.at = At::Outside;
                self.say(self.w(&published().answer(scheme, &found)));
                let needed = scheme.needs.iter().filter_map(|of| of.first());
                let needed = needed.filter_map(|id| catalogue::published().service(id));
                let rows = needed.map(|s| self.service_row(&format!("apply:{}", s.id), s));
                let rows: Vec<Row> = rows.take(ROWS_MAX).collect();
                if rows.is_empty() {
                    self.menu();
                } else {
                    let (body, open) = (self.t("needed", &[]), self.t("open_list", &[]));
                    self.say.push(Say::List { body, open, rows });
                }
            }
        }
    }

    fn asked_about(&self) -> Option<(&'static Scheme, Answers)> {
        let At::Eligible { scheme, answers } = &self.state.at else { return None };
        Some((published().scheme(scheme)?, answers.clone()))
    }

    /// Words in answer to the open question.
    pub(super) fn answer_eligible(&mut self, said: &str) {
        let Some((scheme, answers)) = self.asked_about() else { return self.menu() };
        let open: Option<&FormField> =
            scheme.questions.iter().find(|q| q.asked(&answers) && !answers.contains_key(&q.id));
        let Some(field) = open else { return self.ask_eligible() };
        match self.take_one(field, said) {
            Taken::Whole(value) => {
                if let At::Eligible { answers, .. } = &mut self.state.at {
                    answers.insert(field.id.clone(), value);
                }
                self.state.misses = 0;
            }
            Taken::Part(_) => {}
            Taken::Again(_) if self.surely_wants_another(said) => {
                self.state.at = At::Outside;
                return self.wanted(said);
            }
            Taken::Again(why) => return self.missed(why),
        }
        self.ask_eligible();
    }

    /// These questions can be left: nothing is lost with them.
    fn surely_wants_another(&self, said: &str) -> bool {
        let meant = meant(said, self.world.today);
        let first = meant.intents.first().map(String::as_str);
        meant.certain && !first.is_some_and(|i| ["yes", "no", "thanks", "greeting"].contains(&i))
    }
}
