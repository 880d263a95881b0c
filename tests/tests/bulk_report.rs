//! A bulk report is unaltered, or it is said what is wrong with it, whatever is done to its bytes.

use jiff::civil::date;
use mohar_keys::{MemoryKey, Signer, sign1};
use mohar_schemas::bulk::{BulkReport, Totals, with_line};
use mohar_schemas::cose::Context;
use mohar_schemas::sha256;
use mohar_schemas::trust::{KeyState, Role, TrustList, TrustedKey};
use mohar_verifier::Trust;
use mohar_verifier::bulk::{Conclusion, judge};

fn key() -> MemoryKey {
    MemoryKey::from_secret(&[7; 32])
}

fn trust(role: Role, state: KeyState) -> Trust {
    let key = TrustedKey {
        public_key: key().public_key(),
        role,
        department: "revenue".into(),
        types: vec![],
        signs_from: date(2026, 1, 1),
        signs_until: None,
        state,
    };
    Trust::new(TrustList { version: 1, issued_at_s: 0, next_update_s: 0, keys: vec![key], digests: vec![] })
}

fn signed(context: Context) -> Vec<u8> {
    let file = b"%PDF-1.7\n398 rows\n%%EOF\n".to_vec();
    let report = BulkReport {
        made_at_s: 1_795_500_000,
        service: "https://v.example".into(),
        totals: Totals { genuine: 396, refused: 2, undecided: 0 },
        sha256: sha256(&file),
    };
    let message = sign1(&key(), context, &report.encode()).expect("a key in memory signs");
    with_line(file, &message)
}

#[test]
fn a_report_says_who_made_it_when_and_of_how_many() {
    let unaltered = judge(&signed(Context::BulkReport), &trust(Role::StatusLists, KeyState::Active));
    let unaltered = unaltered.expect("a report");
    assert!(matches!(&unaltered, Conclusion::Unaltered(r) if r.totals.refused == 2), "{unaltered:?}");
    let (_, said) = unaltered.words();
    assert!(said.en.contains("https://v.example made this report on 24-11-2026"), "{said:?}");
    assert!(said.en.contains("398 rows, of which 396 genuine") && said.hi.contains("398 पंक्तियाँ"), "{said:?}");
    assert!(!said.en.contains('{') && !said.hi.contains('{'), "{said:?}");
}

#[test]
fn no_byte_of_it_can_be_another() {
    let (good, report) = (trust(Role::StatusLists, KeyState::Active), signed(Context::BulkReport));
    for at in 0..report.len() {
        let mut other = report.clone();
        other[at] ^= 1;
        let said = judge(&other, &good);
        assert!(!matches!(said, Some(Conclusion::Unaltered(_))), "byte {at}");
    }
    let mut changed = report.clone();
    changed[9] = b'9';
    assert_eq!(judge(&changed, &good), Some(Conclusion::Altered));
    assert_eq!(judge(&[report.as_slice(), b"\n"].concat(), &good), Some(Conclusion::Altered));
    assert_eq!(judge(b"%PDF-1.7\n", &good), None, "without a line it is no report");
}

#[test]
fn only_a_key_for_lists_that_nobody_else_has_signs_reports_and_only_as_such() {
    let report = signed(Context::BulkReport);
    for (role, state) in
        [(Role::StatusLists, KeyState::Compromised { from_index: 0 }), (Role::Certificates, KeyState::Active)]
    {
        assert_eq!(judge(&report, &trust(role, state)), Some(Conclusion::UnknownSigner));
    }
    let retired = trust(Role::StatusLists, KeyState::Retired);
    assert!(matches!(judge(&report, &retired), Some(Conclusion::Unaltered(_))), "what it signed stays good");
    let active = trust(Role::StatusLists, KeyState::Active);
    for context in [Context::Certificate, Context::Delta, Context::Snapshot] {
        assert_eq!(judge(&signed(context), &active), Some(Conclusion::Altered), "signed as something else");
    }
}
