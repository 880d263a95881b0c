//! The secure QR code of an Aadhaar: right ones in every version, spoilt ones, bombs, and any bytes.

use image::ImageFormat;
use jiff::civil::date;
use mohar_aadhaar::{Certificate, Refusal, Unfit, is_aadhaar, read};
use mohar_picture::Reading;
use mohar_schemas::identity::Person;
use mohar_tests::aadhaar::{Authority, Card, digits, drawn, file, packed, pdf};
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::LazyLock;

struct World {
    authority: Authority,
    known: Vec<Certificate>,
    folder: PathBuf,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("mohar-aadhaar-{}", std::process::id()));
    let authority = Authority::new(&folder, 10);
    let known = Certificate::read_all(&authority.certificate()).expect("a certificate");
    World { authority, known, folder }
});

fn sunita() -> Card {
    Card::of("Sunita Devi", "15-08-1990", "1234")
}

fn judged(text: &str) -> Result<Person, Refusal> {
    assert!(is_aadhaar(text), "{}", &text[..20]);
    read(text, &WORLD.known)
}

#[test]
fn every_version_says_the_same_and_no_more_than_is_kept() {
    let expected =
        Person { name: "Sunita Devi".into(), born: Some(date(1990, 8, 15)), last_four: Some("1234".into()) };
    for version in [None, Some("V2"), Some("V5"), Some("V12")] {
        for (born, photo) in [("15-08-1990", 800), ("15/08/1990", 0)] {
            let card = Card { version, born: born.into(), photo, ..sunita() };
            assert_eq!(judged(&WORLD.authority.code(&card)), Ok(expected.clone()), "{card:?}");
        }
    }
    let year = Card { born: "1990".into(), ..sunita() };
    assert_eq!(judged(&WORLD.authority.code(&year)).map(|p| p.born), Ok(None));
    let latin = Card { name: b" Zo\xeb  D'Souza ".to_vec(), ..sunita() };
    assert_eq!(judged(&WORLD.authority.code(&latin)).map(|p| p.name), Ok("Zoë D'Souza".into()));
}

#[test]
fn what_a_known_key_did_not_sign_is_forged() {
    let signed = WORLD.authority.signed(&sunita().payload());
    for place in 0..signed.len() {
        let mut other = signed.clone();
        other[place] ^= 1;
        let found = judged(&digits(&packed(&other)));
        assert_eq!(found, Err(Refusal::Forged), "byte {place}");
    }
    let stranger = Authority::new(&WORLD.folder.join("stranger"), 10);
    assert_eq!(judged(&stranger.code(&sunita())), Err(Refusal::Forged));
    assert_eq!(read(&WORLD.authority.code(&sunita()), &[]), Err(Refusal::Forged));
}

#[test]
fn a_key_signs_only_while_its_certificate_is_valid() {
    for made in ["20190305150137123", "20990305150137123"] {
        let card = Card { made: made.into(), ..sunita() };
        assert_eq!(judged(&WORLD.authority.code(&card)), Err(Refusal::OutOfTime), "{made}");
    }
}

#[test]
fn signed_nonsense_is_damaged() {
    let wrong: [(&str, Card); 6] = [
        ("no name", Card { name: b"  ".to_vec(), ..sunita() }),
        ("a control", Card { name: b"Sunita\x07Devi".to_vec(), ..sunita() }),
        ("a day", Card { born: "31-02-1990".into(), ..sunita() }),
        ("a day without end", Card { born: "1-1-1-1990".into(), ..sunita() }),
        ("digits", Card { last_four: "12a4".into(), ..sunita() }),
        ("a time", Card { made: "20261325000000000".into(), ..sunita() }),
    ];
    for (what, card) in wrong {
        assert_eq!(judged(&WORLD.authority.code(&card)), Err(Refusal::Damaged), "{what}");
    }
    let cut = packed(&WORLD.authority.signed(&sunita().payload()));
    assert_eq!(judged(&digits(&cut[..cut.len() - 9])), Err(Refusal::Damaged));
    let mut garbled = cut.clone();
    garbled[40] ^= 0x55;
    assert_eq!(judged(&digits(&garbled)), Err(Refusal::Damaged));
    // Nothing but ends, and nothing but a signature.
    for bytes in [vec![255; 2_000], vec![0; 255]] {
        assert!(read(&digits(&packed(&bytes)), &WORLD.known).is_err());
    }
}

#[test]
fn the_old_code_carries_no_signature() {
    let old = r#"<?xml version="1.0" encoding="UTF-8"?> <PrintLetterBarcodeData uid="999999990019" name="Sunita Devi" yob="1990"/>"#;
    assert_eq!(judged(old), Err(Refusal::Unsigned));
    for other in ["https://example.org", "12345", "<?xml version=\"1.0\"?><rss/>", &"7".repeat(3_000)] {
        assert!(!is_aadhaar(other), "{other}");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    // A gigabyte would fit into a code; what is more than a card can hold is not even read on.
    let bomb = packed(&vec![0; 1 << 20]);
    let text = digits(&bomb);
    assert!(text.len() < 7_089, "{}", text.len());
    assert_eq!(judged(&text), Err(Refusal::Damaged));
}

#[test]
fn certificates_are_read_as_they_are_published() {
    let pem = WORLD.authority.certificate();
    assert_eq!(Certificate::read_all(&[&pem[..], b"\n", &pem].concat()).map(|all| all.len()), Ok(2));
    let out = std::process::Command::new("openssl")
        .args(["x509", "-outform", "DER", "-in", "cert.pem"])
        .current_dir(&WORLD.folder)
        .output();
    let der = out.expect("openssl").stdout;
    assert_eq!(Certificate::read_all(&der), Ok(WORLD.known.clone()));
    assert_eq!(Certificate::read_all(b"# nothing"), Err(Unfit::None));
    for length in 1..der.len() {
        assert_eq!(Certificate::read_all(&der[..length]), Err(Unfit::Broken), "{length}");
    }
    let elliptic = WORLD.folder.join("ec.pem");
    let done = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=x",
        ])
        .args(["-keyout", "/dev/null", "-out"])
        .arg(&elliptic)
        .stderr(std::process::Stdio::null())
        .status();
    assert!(done.expect("openssl").success());
    let elliptic = std::fs::read(elliptic).expect("a certificate");
    assert_eq!(Certificate::read_all(&elliptic), Err(Unfit::Broken), "no RSA key");
}

/// The codes are dense: version 25 and more. Our readers give them back from pictures and pages.
#[test]
fn pictures_of_it_are_read() {
    for photo in [500, 900, 1_300] {
        let text = WORLD.authority.code(&Card { photo, ..sunita() });
        let code = drawn(&text, 6);
        let files = [
            ("png", file(&code, ImageFormat::Png)),
            ("small png", file(&drawn(&text, 3), ImageFormat::Png)),
            ("jpeg", file(&code, ImageFormat::Jpeg)),
            ("pdf, 60 mm", pdf(&code, 60.0)),
            ("pdf, 35 mm", pdf(&code, 35.0)),
        ];
        for (what, bytes) in files {
            let Reading::Codes(texts) = mohar_picture::read(&bytes) else {
                panic!("{what} with {} digits is not read", text.len())
            };
            assert_eq!(texts, std::slice::from_ref(&text), "{what}");
        }
    }
}

proptest! {
    #[test]
    fn any_text_and_any_bytes_are_an_answer(text in "\\PC{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&text, &WORLD.known);
        prop_assert!(read(&digits(&bytes), &WORLD.known).is_err());
        prop_assert!(read(&digits(&packed(&bytes)), &WORLD.known).is_err());
        let _ = Certificate::read_all(&bytes);
    }

    #[test]
    fn nothing_that_is_signed_panics(bytes in prop::collection::vec(prop_oneof![Just(255u8), any::<u8>(), b'0'..=b'9'], 0..200)) {
        // Signing takes a process; the parser is met before it by the forged, behind it here.
        let whole = [&bytes[..], &[0; 256]].concat();
        prop_assert!(read(&digits(&packed(&whole)), &WORLD.known).is_err());
    }
}
