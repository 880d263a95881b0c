//! Is a bulk report as the service made it? A pure function of the file and the trust list
//! (credential.md §14).

use crate::report::moment;
use crate::{Trust, signed_by};
use mohar_schemas::bulk::{BulkReport, REPORT_BYTES_MAX, Said, split, texts};
use mohar_schemas::cose::{self, Context};
use mohar_schemas::sha256;
use mohar_schemas::trust::{KeyState, Role};
use mohar_schemas::words::Words;
use serde::Serialize;

/// What is concluded about a file that has a report's signed line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// As it was signed.
    Unaltered(BulkReport),
    /// Changed after it was signed, or signed by nobody.
    Altered,
    /// Signed with a key that is not on the trust list, or known to somebody else.
    UnknownSigner,
}

/// Judges a file; none: it is no report.
#[must_use]
pub fn judge(bytes: &[u8], trust: &Trust) -> Option<Conclusion> {
    if bytes.len() > REPORT_BYTES_MAX {
        return None;
    }
    let split = split(bytes)?;
    let message = split.message.and_then(|m| cose::parse(Context::BulkReport, &m).ok());
    let Some(message) = message else { return Some(Conclusion::Altered) };
    let safe = |state: KeyState| !matches!(state, KeyState::Compromised { .. });
    let mut keys =
        trust.keys_of(Role::StatusLists, message.kid).filter(|(trusted, _)| safe(trusted.state)).peekable();
    if keys.peek().is_none() {
        return Some(Conclusion::UnknownSigner);
    }
    let signed = keys.any(|(_, key)| key.is_some_and(|key| signed_by(key, &message)));
    let report = BulkReport::decode(&message.payload).ok();
    let report = report.filter(|report| signed && report.sha256 == sha256(split.file));
    Some(report.map_or(Conclusion::Altered, Conclusion::Unaltered))
}

impl Conclusion {
    /// A few words, and what they mean.
    #[must_use]
    pub fn words(&self) -> (Words, Words) {
        let texts = texts();
        match self {
            Self::Unaltered(report) => (texts.unaltered.title.clone(), filled(&texts.unaltered, report)),
            Self::Altered => (texts.altered.title.clone(), texts.altered.message.clone()),
            Self::UnknownSigner => (texts.unknown_signer.title.clone(), texts.unknown_signer.message.clone()),
        }
    }

    /// Exit code of the command line: 0 unaltered, 1 not.
    #[must_use]
    pub fn exit(&self) -> u8 {
        u8::from(!matches!(self, Self::Unaltered(_)))
    }
}

fn filled(said: &Said, report: &BulkReport) -> Words {
    let totals = report.totals;
    let fill = |text: &str| {
        text.replace("{at}", &moment(report.made_at_s))
            .replace("{rows}", &totals.rows().to_string())
            .replace("{genuine}", &totals.genuine.to_string())
            .replace("{refused}", &totals.refused.to_string())
            .replace("{undecided}", &totals.undecided.to_string())
            .replace("{service}", &report.service)
    };
    Words::new(fill(&said.message.en), fill(&said.message.hi))
}
