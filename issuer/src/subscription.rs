//! A verifier wants to hear when a certificate's status changes, and the holder says yes or no.
//!
//! ```text
//! asked → active → withdrawn (by the holder) | ended (by the verifier, or its day is over)
//!       → refused | ended (nobody answered)
//! ```
//!
//! Only while it is active is anything told, and nothing but number and status.

use crate::application::event::{Event, Note};
use jiff::ToSpan;
use jiff::civil::Date;
use mohar_schemas::credential::day_number;
use mohar_schemas::status::Status;
use mohar_schemas::words::Language;
use serde_json::json;

/// A subscription lasts at most a year.
pub const DAYS_MAX: i64 = 365;
/// A holder who does not answer within this has not agreed.
pub const ANSWER_DAYS: i32 = 30;
/// After no, or no answer, or an end, the same verifier asks about the same certificate again no sooner.
pub const ASK_AGAIN_DAYS: i32 = 90;

/// Characters of a verifier's name: it stands in text messages.
pub const NAME_CHARS_MAX: usize = 60;

/// Who checks certificates with an API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    /// The key's name, which may be logged.
    pub id: String,
    /// What holders are told it is called.
    pub name: String,
    /// An id of `mohar_schemas::checker` that a key can be of.
    pub kind: String,
}

/// What the store says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The holder has not answered.
    Asked,
    /// The holder has agreed.
    Active,
    /// The holder has said no.
    Refused,
    /// The holder has taken the yes back.
    Withdrawn,
    /// The verifier does not want it any more, or its time is over.
    Ended,
}

impl State {
    const ALL: [Self; 5] = [Self::Asked, Self::Active, Self::Refused, Self::Withdrawn, Self::Ended];

    /// Its stable name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Active => "active",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }

    /// By its name.
    #[must_use]
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The holder agrees, reading this language.
    Agree(Language),
    /// The holder says no, or takes the yes back.
    Refuse,
    /// The verifier ends it.
    End,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name.
    pub id: String,
    /// Who wants to hear, as the holder was told.
    pub verifier: Verifier,
    /// The certificate's place in the ledger.
    pub index: u64,
    /// The certificate's number.
    pub certificate: String,
    /// The certificate's type.
    pub kind: String,
    /// The application that it came from.
    pub application: String,
    /// The holder, by our id.
    pub citizen: String,
    /// What for: an id of `mohar_schemas::purpose`.
    pub purpose: String,
    /// The last day on which anything is told.
    pub until: Date,
    /// The day the verifier asked.
    pub asked: Date,
    /// What the store says.
    pub state: State,
}

impl Subscription {
    /// Where it stands on a day: what is over by itself has ended.
    #[must_use]
    pub fn standing(&self, today: Date) -> State {
        let unanswered = self.state == State::Asked && (today - self.asked).get_days() > ANSWER_DAYS;
        let over = matches!(self.state, State::Asked | State::Active) && today > self.until;
        if unanswered || over { State::Ended } else { self.state }
    }

    /// What an act makes of it on a day; none where it does not fit.
    #[must_use]
    pub fn after(&self, act: Act, today: Date) -> Option<State> {
        match (self.standing(today), act) {
            (State::Asked, Act::Agree(_)) => Some(State::Active),
            (State::Asked, Act::Refuse) => Some(State::Refused),
            (State::Active, Act::Refuse) => Some(State::Withdrawn),
            (State::Asked | State::Active, Act::End) => Some(State::Ended),
            _ => None,
        }
    }

    /// The first day on which the same verifier may ask about the same certificate again.
    #[must_use]
    pub fn again_from(&self) -> Date {
        self.asked.checked_add(ASK_AGAIN_DAYS.days()).unwrap_or(Date::MAX)
    }

    /// The entry in the log.
    #[must_use]
    pub fn event(&self, to: State, by: &By<'_>, at_s: i64) -> Event {
        Event {
            application: self.application.clone(),
            at_s,
            actor: by.actor(&self.verifier),
            channel: by.channel().to_owned(),
            act: format!("subscription-{}", to.id()),
            from: "issued".into(),
            to: "issued".into(),
            note: Note::new(&match by {
                By::Holder { text: Some(text), .. } => (*text).to_owned(),
                _ => format!("{} · {} · {}", self.verifier.name, self.purpose, self.until),
            }),
        }
    }
}

/// Who acts, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'a> {
    /// The verifier, over the API.
    Verifier,
    /// The holder.
    Holder {
        /// Such as `web`.
        channel: &'a str,
        /// The text that was agreed to, and its language.
        text: Option<&'a str>,
    },
}

impl By<'_> {
    fn actor(&self, verifier: &Verifier) -> String {
        match self {
            Self::Verifier => format!("verifier/{}", verifier.id),
            Self::Holder { .. } => "citizen".into(),
        }
    }

    fn channel(&self) -> &str {
        match self {
            Self::Verifier => "api",
            Self::Holder { channel, .. } => channel,
        }
    }
}

/// What the verifier hears: number and status, nothing of the holder.
#[must_use]
pub fn news(subscription: &str, certificate: &str, status: Status, since: Date) -> String {
    json!({
        "subscription": subscription, "certificate": certificate, "status": status.id(),
        "since": since.to_string(),
    })
    .to_string()
}

/// Whether the last day that is asked for is one that can be.
#[must_use]
pub fn lasts(until: Date, today: Date) -> bool {
    (1..=DAYS_MAX).contains(&(day_number(until) - day_number(today)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::collections::BTreeSet;

    fn subscription(state: State) -> Subscription {
        Subscription {
            id: "s".into(),
            verifier: Verifier { id: "v".into(), name: "Metro".into(), kind: "employer".into() },
            index: 1,
            certificate: "INC-2026-0000001-9".into(),
            kind: "income".into(),
            application: "A-2026-0000001-1".into(),
            citizen: "c".into(),
            purpose: "job".into(),
            until: date(2027, 3, 1),
            asked: date(2026, 11, 24),
            state,
        }
    }

    #[test]
    fn only_an_open_question_is_agreed_to_and_only_once() {
        let day = date(2026, 12, 1);
        let agree = Act::Agree(Language::Hindi);
        let asked = subscription(State::Asked);
        assert_eq!(asked.after(agree, day), Some(State::Active));
        assert_eq!(asked.after(Act::Refuse, day), Some(State::Refused));
        assert_eq!(asked.after(agree, date(2026, 12, 25)), None, "nobody answered for a month");
        let active = subscription(State::Active);
        assert_eq!(active.after(agree, day), None);
        assert_eq!(active.after(Act::Refuse, day), Some(State::Withdrawn));
        assert_eq!(active.after(Act::Refuse, date(2027, 3, 2)), None, "it is over");
        assert_eq!(active.standing(date(2027, 3, 1)), State::Active, "its last day counts");
        for state in [State::Refused, State::Withdrawn, State::Ended] {
            for act in [agree, Act::Refuse, Act::End] {
                assert_eq!(subscription(state).after(act, day), None);
            }
        }
    }

    #[test]
    fn it_lasts_a_day_to_a_year() {
        let today = date(2026, 11, 24);
        for (until, can) in [
            (date(2026, 11, 24), false),
            (date(2026, 11, 25), true),
            (date(2027, 11, 24), true),
            (date(2027, 11, 25), false),
        ] {
            assert_eq!(lasts(until, today), can, "{until}");
        }
    }

    #[test]
    fn the_news_has_nothing_of_the_holder() {
        let news = news("s", "INC-2026-0000001-9", Status::Revoked, date(2026, 12, 1));
        let news: serde_json::Value = serde_json::from_str(&news).unwrap();
        let keys: BTreeSet<&str> = news.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, BTreeSet::from(["certificate", "since", "status", "subscription"]));
    }
}
