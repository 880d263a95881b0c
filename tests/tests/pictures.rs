//! What people send: the PDF they were given, a photograph of the paper, or something else.

use image::{DynamicImage, GrayImage, Luma, imageops};
use mohar_tests::{Service, mohar, sample};
use proptest::prelude::*;
use std::io::Cursor;
use std::process::Command;

fn verdict(service: &Service, body: &[u8]) -> String {
    let (status, answer) = service.post("/v1/verify", None, body).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    answer["verdict"].as_str().unwrap_or_default().to_owned()
}

fn paper(service: &Service, kind: &str) -> Vec<u8> {
    let certificate = service.issue(&sample(kind), kind);
    service.get_as_caller(&format!("/v1/certificates/{}/pdf", certificate["id"].as_str().expect("id")))
}

/// The first page as a scanner or a print shop sees it.
fn rendered(service: &Service, pdf: &[u8], format: &str, dots: u16) -> Vec<u8> {
    let (from, to) = (service.dir.join("page.pdf"), service.dir.join("page"));
    std::fs::write(&from, pdf).expect("written");
    let done = Command::new("pdftoppm")
        .args(["-r", &dots.to_string(), format!("-{format}").as_str(), "-singlefile"])
        .args([&from, &to])
        .status();
    assert!(done.expect("pdftoppm; tests/run installs it").success());
    std::fs::read(to.with_extension(if format == "jpeg" { "jpg" } else { "png" })).expect("the page")
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    DynamicImage::ImageLuma8(picture.clone()).write_to(&mut bytes, image::ImageFormat::Png).expect("encoded");
    bytes.into_inner()
}

#[test]
fn pdf_scan_and_photograph_are_read() {
    let service = Service::start("pictures");
    for kind in ["caste-sc", "income", "marriage-hindu"] {
        let pdf = paper(&service, kind);
        assert_eq!(verdict(&service, &pdf), "genuine", "{kind} as PDF");
        for (format, dots) in [("png", 200), ("jpeg", 150), ("png", 100)] {
            let page = rendered(&service, &pdf, format, dots);
            assert_eq!(verdict(&service, &page), "genuine", "{kind} as {format} at {dots} dots an inch");
        }
        let page =
            image::load_from_memory(&rendered(&service, &pdf, "png", 150)).expect("a picture").to_luma8();
        assert_eq!(verdict(&service, &png(&imageops::rotate90(&page))), "genuine", "{kind} turned");
        assert_eq!(verdict(&service, &png(&imageops::fast_blur(&page, 1.2))), "genuine", "{kind} blurred");
        assert_eq!(
            verdict(&service, &png(&photograph(&page))),
            "genuine",
            "{kind} from the side, in bad light"
        );
    }
}

/// The page from an angle: each row further down is wider, and one side lies in shadow.
fn photograph(page: &GrayImage) -> GrayImage {
    let (width, height) = page.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let part = f64::from(y) / f64::from(height);
        let half = f64::from(width) / 2.0;
        let source = half + (f64::from(x) - half) * (1.15 - 0.12 * part);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked against the width"
        )]
        let source = if source >= 0.0 && source < f64::from(width) { Some(source as u32) } else { None };
        let grey = source.map_or(90, |x| page.get_pixel(x, y).0[0]);
        let light = 200 - 90 * x / width;
        Luma([u8::try_from(u32::from(grey) * light / 255 + 20).unwrap_or(255)])
    })
}

#[test]
fn other_pictures_are_named() {
    let service = Service::start("other-pictures");
    assert_eq!(verdict(&service, &png(&GrayImage::from_pixel(400, 400, Luma([255])))), "unreadable-picture");
    assert_eq!(verdict(&service, b"\x89PNG\r\n\x1a\nnothing of a picture"), "unreadable-picture");
    assert_eq!(verdict(&service, b"%PDF-1.7\nnothing of a page"), "unreadable-picture");
    // A header that claims 60,000 × 60,000 pixels.
    let mut huge = png(&GrayImage::new(2, 2));
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    assert_eq!(verdict(&service, &huge), "unreadable-picture");
    let code = qrcode::QrCode::new("upi://pay?pa=someone@bank").expect("it fits");
    let side = u32::try_from(code.width()).expect("small") + 8;
    let colors = code.to_colors();
    let symbol = GrayImage::from_fn(side * 6, side * 6, |x, y| {
        let at = |n: u32| (n / 6).checked_sub(4).map(|n| n as usize).filter(|n| *n < code.width());
        let dark = at(x).zip(at(y)).is_some_and(|(x, y)| colors[y * code.width() + x] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    });
    assert_eq!(verdict(&service, &png(&symbol)), "not-a-certificate");
    let refused = service.post("/v1/verify", None, &vec![b' '; 11 << 20]).map(|a| a.0);
    assert!(refused.is_err() || refused.is_ok_and(|status| status == 413));
}

#[test]
fn the_command_line_prints_and_reads_paper() {
    let service = Service::start("paper-cli");
    let pdf = service.dir.join("income.pdf").display().to_string();
    let sample = mohar_tests::checkout().join("schemas/samples/income.json").display().to_string();
    let issued = mohar(&[
        "issue",
        "income",
        &sample,
        "--url",
        &service.base_url,
        "--api-key",
        &service.api_key,
        "--out",
        &pdf,
    ]);
    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
    let keys = service.dir.join("keys");
    let (trust, root) =
        (keys.join("trust-list.cbor").display().to_string(), keys.join("root.pub").display().to_string());
    let status = format!("{}/v1/status-lists/0", service.base_url);
    let verified = mohar(&["verify", &pdf, "--trust", &trust, "--root", &root, "--status", &status]);
    let text = String::from_utf8_lossy(&verified.stdout);
    assert!(verified.status.success() && text.contains("Genuine") && text.contains("असली"), "{text}");
    let offline = mohar(&["verify", &pdf, "--trust", &trust, "--root", &root]);
    assert_eq!(offline.status.code(), Some(2), "status not known");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_bytes_are_an_answer(kind in 0..3usize, bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let start: [&[u8]; 3] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-1.7\n"];
        let reading = mohar_picture::read(&[start[kind], &bytes].concat());
        prop_assert!(matches!(reading, mohar_picture::Reading::Unread(_)), "{reading:?}");
    }
}
