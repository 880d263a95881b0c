//! Checking certificates in the chat: what the portal and the API would say, in words.

use super::proving;
use crate::app::App;
use crate::by_number::{self, Given, Question, Refused};
use crate::identity::look_or_judge;
use crate::pages::Failure;
use crate::told::Checker;
use mohar_dialogue::conversation::{Fact, Told, Unproven};
use mohar_dialogue::say::Say;
use mohar_schemas::words::Language;
use mohar_verifier::Report;
use mohar_verifier::fact::FactKind;

/// The verdict on the codes in a picture or a PDF; or who is on it, if it is an Aadhaar.
pub async fn file(
    app: &App,
    citizen: &str,
    key: &str,
    bytes: Vec<u8>,
    language: Language,
) -> Result<Told, Failure> {
    match look_or_judge(app, bytes.into(), Checker::Chat(citizen)).await? {
        Ok(look) => proving::card(app, citizen, key, look, language).await,
        Err(report) => Ok(Told::Said(vec![Say::Text { body: words(&report, language) }])),
    }
}

/// The verdict on a certificate of which its number and one fact are known. Who guesses is refused soon,
/// counted by citizen.
pub async fn number(
    app: &App,
    citizen: &str,
    number: &str,
    fact: &Fact,
    language: Language,
) -> Result<Told, Failure> {
    let fact = match fact {
        Fact::Born(day) => Given { kind: FactKind::DateOfBirth, value: day.to_string() },
        Fact::Named(name) => Given { kind: FactKind::Name, value: name.clone() },
    };
    let question = Question { number: number.to_owned(), fact };
    Ok(Told::ByNumber(
        match by_number::answer(app, &format!("chat/{citizen}"), &question, None, Checker::Chat(citizen))
            .await
        {
            Ok(report) => {
                app.metrics.verdict(report.verdict);
                Ok(words(&report, language))
            }
            Err(Refused::Wait(_)) => Err(Unproven::Wait),
            Err(Refused::Away(e)) => return Err(e.into()),
            // The conversation has looked at number and fact before; they are not told apart from a mismatch.
            Err(Refused::NoMatch | Refused::Number | Refused::Fact(_)) => Err(Unproven::NoMatch),
        },
    ))
}

/// The verdict, its sentence, what to do, and what the paper shows.
fn words(report: &Report, language: Language) -> String {
    let said = [&report.title, &report.message, &report.advice].map(|w| w.get(language));
    let line =
        |l: &mohar_verifier::report::Line| format!("{}: {}", l.label.get(language), l.value.get(language));
    let lines: Vec<String> = report.fields.iter().map(line).collect();
    let body = format!("*{}*\n{}\n{}\n\n{}", said[0], said[1], said[2], lines.join("\n"));
    body.trim().to_owned()
}
