//! What holders and verifiers do with a subscription, whatever the channel.

use crate::app::App;
use crate::edge::now_s;
use crate::pages::today;
use mohar_dialogue::conversation::consents::Request;
use mohar_issuer::ports::StoreError;
use mohar_issuer::subscription::{Act, By, State, Subscription};
use mohar_schemas::consent;

/// What a holder is asked, or has agreed to; the latest first.
pub async fn standing(app: &App, citizen: &str) -> Result<Vec<Subscription>, StoreError> {
    let mut all = app.store.asked_of(citizen).await?;
    all.retain(|s| matches!(s.standing(today()), State::Asked | State::Active));
    Ok(all)
}

/// A holder's yes or no; gives the subscription as it was and where it stands now, or none where it is
/// not the holder's, was answered otherwise before, or is over. The same answer again, as after a crash,
/// is found given.
pub async fn decide(
    app: &App,
    citizen: &str,
    id: &str,
    act: Act,
    channel: &str,
) -> Result<Option<(Subscription, State)>, StoreError> {
    let found = app.store.subscription(id).await?.filter(|s| s.citizen == citizen);
    let Some(subscription) = found else { return Ok(None) };
    let standing = subscription.standing(today());
    let Some(to) = subscription.after(act, today()) else {
        let given = match act {
            Act::Agree(_) => standing == State::Active,
            Act::Refuse => matches!(standing, State::Refused | State::Withdrawn),
            Act::End => false,
        };
        return Ok(given.then_some((subscription, standing)));
    };
    let text = match act {
        Act::Agree(language) => Some(format!("{} {}", consent::STATUS, language.code())),
        Act::Refuse | Act::End => None,
    };
    let by = By::Holder { channel, text: text.as_deref() };
    settle(app, &subscription, to, &by).await?;
    Ok(Some((subscription, to)))
}

/// Moves a subscription on, with its entry in the log.
pub async fn settle(app: &App, now: &Subscription, to: State, by: &By<'_>) -> Result<(), StoreError> {
    app.store.settle(now, to, &now.event(to, by, now_s())).await?;
    tracing::info!(
        subscription = now.id,
        verifier = now.verifier.id,
        state = to.id(),
        "a subscription moved"
    );
    Ok(())
}

/// What the holder reads of it.
pub fn request(subscription: &Subscription) -> Request {
    let s = subscription;
    Request {
        id: s.id.clone(),
        verifier: s.verifier.name.clone(),
        kind: s.verifier.kind.clone(),
        certificate: s.kind.clone(),
        number: s.certificate.clone(),
        purpose: s.purpose.clone(),
        until: s.until,
        agreed: s.state == State::Active,
    }
}

/// Forgets what a citizen agreed to: nobody is told anything any more.
pub async fn withdraw_all(app: &App, citizen: &str) -> Result<(), StoreError> {
    for subscription in standing(app, citizen).await? {
        decide(app, citizen, &subscription.id, Act::Refuse, "web").await?;
    }
    app.store.wish_checks(citizen, false).await
}
