//! The printed page, read back with the tools a reader would use.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use mohar_print::{PrintError, Row, Sheet, certificate};

const LINK: &str = "https://mohar.delhi.gov.in/c#";

fn qr() -> (String, Vec<Vec<bool>>) {
    let payload = format!("{LINK}{}", "Ab3_".repeat(96));
    let version = qrcode::Version::Normal(13);
    let code = qrcode::QrCode::with_version(payload.as_bytes(), version, qrcode::EcLevel::L).unwrap();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|c| c == qrcode::Color::Dark).collect();
    assert_eq!(code.width(), 69);
    (payload, dark.chunks(69).map(<[bool]>::to_vec).collect())
}

fn row(label_hi: &str, label_en: &str, value_hi: &str, value_en: &str) -> Row {
    let [label_hi, label_en, value_hi, value_en] =
        [label_hi, label_en, value_hi, value_en].map(str::to_owned);
    Row { label_en, label_hi, value_en, value_hi }
}

fn sample() -> Sheet {
    Sheet {
        title_en: "Scheduled Caste Certificate".into(),
        title_hi: "अनुसूचित जाति प्रमाण पत्र".into(),
        government_en: "Government of National Capital Territory of Delhi".into(),
        government_hi: "राष्ट्रीय राजधानी क्षेत्र दिल्ली सरकार".into(),
        office_en: "Office of the District Magistrate, Revenue Department, District North West".into(),
        office_hi: "कार्यालय ज़िला मजिस्ट्रेट, राजस्व विभाग, ज़िला उत्तर पश्चिम".into(),
        number: "SC/2026/NW/0048213".into(),
        wording_en: "This is to certify that Kumari Sunita Verma, daughter of Shri Ramkishan Verma, resident of \
            House No. 14, Village Kanjhawala, District North West, Delhi, belongs to the Jatav caste, which is \
            recognised as a Scheduled Caste under the Constitution (Scheduled Castes) (Union Territories) \
            Order, 1951.\nShe and her family ordinarily reside in the National Capital Territory of Delhi."
            .into(),
        wording_hi: "प्रमाणित किया जाता है कि कुमारी सुनीता वर्मा, पुत्री श्री रामकिशन वर्मा, निवासी मकान संख्या 14, ग्राम \
            कंझावला, ज़िला उत्तर पश्चिम, दिल्ली, जाटव जाति से संबंध रखती हैं, जो संविधान (अनुसूचित जातियाँ) (संघ राज्यक्षेत्र) \
            आदेश, 1951 के अंतर्गत अनुसूचित जाति के रूप में मान्यता प्राप्त है।\nवे और उनका परिवार सामान्यतः राष्ट्रीय राजधानी क्षेत्र \
            दिल्ली में निवास करते हैं।"
            .into(),
        rows: vec![
            row("नाम", "Name", "सुनीता वर्मा", "Sunita Verma"),
            row("पिता का नाम", "Father's name", "रामकिशन वर्मा", "Ramkishan Verma"),
            row("जन्म तिथि", "Date of birth", "12/08/2004", "12/08/2004"),
            row("जाति", "Caste", "जाटव", "Jatav"),
            row("स्थायी पता", "Permanent address", "मकान संख्या 14, ग्राम कंझावला, दिल्ली 110081",
                "House No. 14, Village Kanjhawala, Delhi 110081"),
        ],
        officer_en: "Tehsildar (Executive Magistrate), Kanjhawala".into(),
        officer_hi: "तहसीलदार (कार्यकारी मजिस्ट्रेट), कंझावला".into(),
        law_en: "Issued under the Constitution (Scheduled Castes) (Union Territories) Order, 1951".into(),
        law_hi: "संविधान (अनुसूचित जातियाँ) (संघ राज्यक्षेत्र) आदेश, 1951 के अंतर्गत जारी".into(),
        issued_en: "24 November 2026".into(),
        issued_hi: "24 नवंबर 2026".into(),
        validity_en: "Permanent, unless cancelled".into(),
        validity_hi: "स्थायी, जब तक निरस्त न हो".into(),
        host: "mohar.delhi.gov.in".into(),
        link: format!("https://mohar.delhi.gov.in/#{}", "0123456789".repeat(50)),
        qr: qr().1,
        created: [2026, 11, 24],
        id: "SC/2026/NW/0048213".into(),
    }
}

/// Runs a tool on input; `None` when it is not installed.
fn tool(name: &str, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: {name} is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feed = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap().ok();
    assert!(output.status.success(), "{name} failed");
    Some(output.stdout)
}

fn text(pdf: &[u8]) -> Option<String> {
    let text = tool("pdftotext", &["-", "-"], pdf)?;
    Some(String::from_utf8(text).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn same_sheet_same_bytes() {
    let pdf = certificate(&sample()).unwrap();
    std::fs::write(scratch("sample.pdf"), &pdf).unwrap();
    assert_eq!(pdf, certificate(&sample()).unwrap());
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(pdf.len() < 60_000, "{} bytes", pdf.len());
    let other = Sheet { id: "another".into(), ..sample() };
    assert_ne!(pdf, certificate(&other).unwrap());
}

#[test]
fn text_can_be_copied_in_both_scripts() {
    let sheet = sample();
    let Some(text) = text(&certificate(&sheet).unwrap()) else { return };
    for wanted in [&sheet.title_hi, &sheet.title_en, &sheet.government_hi, &sheet.number, &sheet.validity_hi]
    {
        assert!(text.contains(wanted.as_str()), "{wanted} not in {text}");
    }
    for paragraph in sheet.wording_hi.lines().chain(sheet.wording_en.lines()) {
        let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&paragraph), "{paragraph} not in {text}");
    }
    assert!(text.contains("It must open mohar.delhi.gov.in"), "{text}");
}

#[test]
fn qr_code_scans_from_the_picture() {
    let pdf = certificate(&sample()).unwrap();
    let Some(png) = tool("pdftoppm", &["-r", "200", "-png", "-"], &pdf) else { return };
    let path = scratch("scan.png");
    std::fs::write(&path, png).unwrap();
    let Some(read) = tool("zbarimg", &["--raw", "-q", path.to_str().unwrap()], &[]) else { return };
    assert_eq!(String::from_utf8(read).unwrap().trim(), qr().0);
}

#[test]
fn the_code_is_a_link_that_programs_find_as_it_is() {
    let (sheet, plain) = (sample(), Sheet { link: String::new(), ..sample() });
    let (pdf, plain) = (certificate(&sheet).unwrap(), certificate(&plain).unwrap());
    let has = |pdf: &[u8], wanted: &str| pdf.windows(wanted.len()).any(|w| w == wanted.as_bytes());
    assert!(has(&pdf, &format!("/URI ({})", sheet.link)) && has(&pdf, "/OBJR"));
    assert!(!has(&plain, "/Annots") && !has(&plain, "/OBJR"));
    let Some(links) = tool("pdfinfo", &["-url", "-"], &pdf) else { return };
    assert!(String::from_utf8(links).unwrap().contains(&sheet.link));
}

#[test]
fn file_is_well_formed() {
    let pdf = certificate(&sample()).unwrap();
    let path = scratch("check.pdf");
    std::fs::write(&path, &pdf).unwrap();
    tool("qpdf", &["--check", path.to_str().unwrap()], &[]);
    let Some(info) = tool("pdfinfo", &["-isodates", "-"], &pdf) else { return };
    let info = String::from_utf8(info).unwrap();
    for wanted in ["Pages:           1", "Tagged:          yes", "2026-11-2", "अनुसूचित जाति प्रमाण पत्र", "(A4)"]
    {
        assert!(info.contains(wanted), "{wanted} not in {info}");
    }
}

#[test]
fn long_sheets_shrink_and_then_refuse() {
    let mut sheet = sample();
    let extra = sheet.rows[4].clone();
    let mut most = 0;
    let refused = loop {
        sheet.rows.push(extra.clone());
        match certificate(&sheet) {
            Ok(pdf) => {
                most = sheet.rows.len();
                std::fs::write(scratch("long.pdf"), pdf).unwrap();
            }
            Err(error) => break error,
        }
    };
    assert_eq!(refused, PrintError::TooLong);
    assert!(most >= 14, "only {most} rows fit");
}

#[test]
fn hard_words_are_cut_rather_than_overflow() {
    let mut sheet = sample();
    sheet.host = "a-very-long-name-of-a-service.".repeat(3) + "delhi.gov.in";
    sheet.rows.push(row("लंबा", "Long", &"क्षत्रियप्रमाणपत्र".repeat(12), &"Abcdefghij".repeat(14)));
    std::fs::write(scratch("hard.pdf"), certificate(&sheet).unwrap()).unwrap();
}

#[test]
fn faulty_sheets_are_refused() {
    let with = |change: fn(&mut Sheet)| {
        let mut sheet = sample();
        change(&mut sheet);
        certificate(&sheet).unwrap_err()
    };
    assert_eq!(with(|s| s.number = "漢".into()), PrintError::Glyph('漢'));
    assert_eq!(with(|s| s.title_hi.push('\u{7}')), PrintError::Glyph('\u{7}'));
    assert_eq!(with(|s| s.qr.truncate(60)), PrintError::Qr);
    assert_eq!(with(|s| s.qr.clear()), PrintError::Qr);
    assert_eq!(with(|s| s.created = [2026, 13, 1]), PrintError::Date);
    assert_eq!(with(|s| s.wording_en = "word ".repeat(3000)), PrintError::TooLong);
    assert_eq!(with(|s| s.officer_en = "word ".repeat(900)), PrintError::TooLong);
}

#[test]
fn empty_texts_are_no_trouble() {
    certificate(&Sheet { qr: qr().1, created: [2026, 1, 1], ..Sheet::default() }).unwrap();
}

/// Prints the cost of a page; run it in release mode with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn cost() {
    let sheet = sample();
    let bytes = certificate(&sheet).unwrap().len();
    let start = std::time::Instant::now();
    for _ in 0..200 {
        certificate(&sheet).unwrap();
    }
    eprintln!("{:.2} ms and {bytes} bytes a page", start.elapsed().as_secs_f64() * 5.0);
}
