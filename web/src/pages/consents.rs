//! On a citizen's own page: who asks to hear of a certificate's status, who does, and whether the citizen
//! is told of checks.

use super::{Failure, Page, view};
use crate::app::App;
use crate::subscriptions::{decide, standing};
use mohar_issuer::subscription::{Act, State, Subscription};
use mohar_schemas::words::{Words, day_in_words};
use mohar_schemas::{checker, consent, purpose, types};

/// Where these acts come from, in the log.
const CHANNEL: &str = "web";

/// Does what a button says and gives what to say of it; none where the button is another's.
pub async fn change(app: &App, p: &Page, act: &str) -> Result<Option<&'static str>, Failure> {
    let who = p.who()?;
    let said = match act.split_once(':') {
        Some(("agree", id)) => decided(app, p, who, (id, Act::Agree(p.lang))).await?,
        Some(("refuse", id)) => decided(app, p, who, (id, Act::Refuse)).await?,
        Some(("checks", wish)) => {
            app.store.wish_checks(who, wish == "yes").await?;
            p.t(if wish == "yes" { "checks_saved" } else { "checks_ended" })
        }
        _ => return Ok(None),
    };
    Ok(Some(said))
}

async fn decided(app: &App, p: &Page, who: &str, (id, act): (&str, Act)) -> Result<&'static str, Failure> {
    let now = decide(app, who, id, act, CHANNEL).await?.map(|(_, now)| now);
    Ok(match now {
        Some(State::Active) => p.t("subscription_agreed"),
        Some(State::Withdrawn) => p.t("subscription_withdrawn"),
        Some(_) => p.t("subscription_refused"),
        None => p.t("subscription_over"),
    })
}

/// What the page shows.
pub async fn shown(app: &App, p: &Page) -> Result<view::Consents, Failure> {
    let who = p.who()?;
    let all = standing(app, who).await?;
    Ok(view::Consents {
        checks: app.store.wants_checks(who).await?,
        text: consent::by_id(consent::STATUS).map(|c| p.w(&c.text).to_owned()).unwrap_or_default(),
        requests: all.iter().map(|s| request(p, s)).collect(),
    })
}

fn request(p: &Page, s: &Subscription) -> view::Request {
    let name = |words: Option<&Words>| words.map(|w| p.w(w).to_owned()).unwrap_or_default();
    let title = types::by_id(&s.kind).map(|k| Words::new(&k.title_en, &k.title_hi));
    view::Request {
        id: s.id.clone(),
        verifier: s.verifier.name.clone(),
        kind: name(checker::by_id(&s.verifier.kind).map(|k| &k.name)),
        certificate: format!("{}, {}", name(title.as_ref()), s.certificate),
        purpose: name(purpose::by_id(&s.purpose).map(|x| &x.name)),
        until: day_in_words(s.until, p.lang),
        agreed: s.state == State::Active,
    }
}
