//! What a holder agrees to, carried out for the conversation.

use super::CHANNEL;
use crate::app::App;
use crate::pages::Failure;
use crate::subscriptions::{decide, request, standing};
use mohar_dialogue::conversation::Told;
use mohar_dialogue::conversation::consents::{Answer, Consents, Wish, agreed, asked, decided, over, wished};
use mohar_issuer::subscription::{Act, State};
use mohar_schemas::words::Language;

/// Does what is wished. Repeated after a crash, a yes that was kept is found kept.
pub async fn done(app: &App, citizen: &str, wish: &Wish, language: Language) -> Result<Told, Failure> {
    Ok(match wish {
        Wish::Look => {
            let requests = standing(app, citizen).await?.iter().map(request).collect();
            Told::Consents(Consents { checks: app.store.wants_checks(citizen).await?, requests })
        }
        Wish::Open => {
            let all = standing(app, citizen).await?;
            Told::Asked(all.iter().find(|s| s.state == State::Asked).map(request))
        }
        Wish::One(id) => {
            let one = standing(app, citizen).await?.into_iter().find(|s| s.id == *id);
            Told::Said(vec![match one.as_ref().map(request) {
                Some(request) if request.agreed => agreed(language, &request),
                Some(request) => asked(language, &request),
                None => over(language),
            }])
        }
        Wish::Decide(id, yes) => {
            let act = if *yes { Act::Agree(language) } else { Act::Refuse };
            let done = decide(app, citizen, id, act, CHANNEL).await?;
            let answer = done.and_then(|(was, now)| Some((request(&was), answered(now)?)));
            Told::Said(vec![answer.map_or_else(|| over(language), |(r, a)| decided(language, &r, a))])
        }
        Wish::Checks(yes) => {
            app.store.wish_checks(citizen, *yes).await?;
            Told::Said(vec![wished(language, *yes)])
        }
    })
}

fn answered(now: State) -> Option<Answer> {
    match now {
        State::Active => Some(Answer::Agreed),
        State::Refused => Some(Answer::Refused),
        State::Withdrawn => Some(Answer::Withdrawn),
        State::Asked | State::Ended => None,
    }
}
