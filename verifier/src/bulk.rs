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

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use jiff::civil::date;
    use mohar_schemas::bulk::{Totals, with_line};
    use mohar_schemas::trust::{TrustList, TrustedKey};

    fn trust(role: Role, state: KeyState) -> Trust {
        let key = TrustedKey {
            public_key: SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes(),
            role,
            department: "revenue".into(),
            types: vec![],
            signs_from: date(2026, 1, 1),
            signs_until: None,
            state,
        };
        let list =
            TrustList { version: 1, issued_at_s: 0, next_update_s: 0, keys: vec![key], digests: vec![] };
        Trust::new(list)
    }

    fn signed(context: Context) -> Vec<u8> {
        let file = b"%PDF-1.7\n398 rows\n%%EOF\n".to_vec();
        let totals = Totals { genuine: 396, refused: 2, undecided: 0 };
        let service = "https://v.example".to_owned();
        let report = BulkReport { made_at_s: 1_795_500_000, service, totals, sha256: sha256(&file) };
        let key = SigningKey::from_bytes(&[7; 32]);
        let kid = cose::key_id(&key.verifying_key().to_bytes());
        let payload = report.encode();
        let signature = key.sign(&cose::to_be_signed(context, kid, &payload)).to_bytes();
        with_line(file, &cose::assemble(context, kid, &payload, &signature))
    }

    #[test]
    fn a_report_is_unaltered_or_it_is_said_what_is_wrong() {
        let (good, report) = (trust(Role::StatusLists, KeyState::Active), signed(Context::BulkReport));
        let unaltered = judge(&report, &good).unwrap();
        assert!(matches!(&unaltered, Conclusion::Unaltered(r) if r.totals.refused == 2), "{unaltered:?}");
        let (_, said) = unaltered.words();
        assert!(said.en.contains("https://v.example made this report on 24-11-2026"), "{said:?}");
        assert!(!said.en.contains('{') && !said.hi.contains('{'), "{said:?}");
        for at in 6..report.len() {
            let mut other = report.clone();
            other[at] ^= 1;
            assert_ne!(judge(&other, &good), Some(unaltered.clone()), "byte {at}");
        }
        let mut changed = report.clone();
        changed[9] = b'9';
        assert_eq!(judge(&changed, &good), Some(Conclusion::Altered));
        assert_eq!(
            judge(&signed(Context::Delta), &good),
            Some(Conclusion::Altered),
            "signed as something else"
        );
        for state in [KeyState::Compromised { from_index: 0 }, KeyState::Active] {
            let role = if state == KeyState::Active { Role::Certificates } else { Role::StatusLists };
            assert_eq!(judge(&report, &trust(role, state)), Some(Conclusion::UnknownSigner));
        }
        let retired = trust(Role::StatusLists, KeyState::Retired);
        assert!(matches!(judge(&report, &retired), Some(Conclusion::Unaltered(_))));
        assert_eq!(judge(b"%PDF-1.7\n", &good), None);
    }
}
