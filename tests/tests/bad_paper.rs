//! A slice of the robustness suite: every kind of bad paper, two pictures of each, ours alone. The whole
//! of it is `cargo bench -p mohar-tests --bench paper`; its table stands in the README.

use mohar_tests::Service;
use mohar_tests::paper::formats::{Certified, Format, code};
use mohar_tests::paper::kinds;
use mohar_tests::paper::suite::{Case, Suite, cases};
use mohar_tests::sample;

/// Two of each kind.
const PICTURES: usize = 68;
/// So many may remain unread; two of them have fewer pixels than modules.
const MISSED_MAX: usize = 4;

#[test]
fn bad_paper_is_read_and_never_read_wrong() {
    let service = Service::start("bad-paper");
    let suite = Suite::new(&service, kinds());
    let all: Vec<usize> = (0..kinds().len()).collect();
    let cases = cases(&all, &Format::ALL[..1], 2);
    let mut missed = vec![];
    suite.run(&cases, &|_, _| {}, |outcome| {
        let name = &kinds()[outcome.case.kind].name;
        assert!(outcome.wrong.is_empty(), "{name} was read wrong: {:?}", outcome.wrong);
        if !outcome.read {
            missed.push(name.as_str());
        }
    });
    assert_eq!(cases.len(), PICTURES);
    assert!(missed.len() <= MISSED_MAX, "{} of {PICTURES}: {missed:?}", missed.len());
}

#[test]
fn the_other_formats_are_read_where_the_paper_is_good() {
    let service = Service::start("formats");
    let suite = Suite::new(&service, kinds());
    let kind = kinds().iter().position(|kind| kind.name == "scanned at 300 dpi").expect("the kind");
    for format in Format::ALL {
        let (bytes, text) = suite.picture(Case { kind, seed: 1, format });
        let reading = mohar_picture::read(&bytes);
        assert_eq!(reading, mohar_picture::Reading::Codes(vec![text.to_owned()]), "{}", format.name());
    }
}

#[test]
fn the_other_formats_are_as_large_as_their_specifications_make_them() {
    let certified =
        Certified { text: String::new(), number: "INC-2025-0000001-7".into(), request: sample("income") };
    let text = |format| code(&certified, format).text;
    // `78 DA` in Base45: zlib at its best level (RFC 1950, FLEVEL 3).
    assert!(text(Format::Hcert).starts_with("HC1:NCF"), "{}", text(Format::Hcert));
    assert!(text(Format::Claim169).starts_with("NCF"), "{}", text(Format::Claim169));
    let health = text(Format::SmartHealth);
    // `eyJ`, as every JWS begins, in pairs of digits; at most 1,195 characters (FAQ of the specification).
    assert!(health.starts_with("shc:/567629") && (health.len() - 5) / 2 <= 1_195, "{}", health.len());
    let divoc = text(Format::Divoc);
    assert!(divoc.starts_with("PK\u{3}\u{4}") && (1_100..2_000).contains(&divoc.len()), "{}", divoc.len());
}
