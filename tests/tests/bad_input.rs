//! What is sent by mistake, or to do harm: the right words for each, within limits on memory and work.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, Luma, imageops};
use mohar_tests::{Service, mohar, sample};
use serde_json::Value;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

fn ask(service: &Service, body: &[u8]) -> Value {
    let (status, answer) = service.post("/v1/verify", None, body).expect("an answer");
    assert_eq!(status, 200, "{answer}");
    answer
}

fn verdict(service: &Service, body: &[u8]) -> String {
    ask(service, body)["verdict"].as_str().unwrap_or_default().to_owned()
}

/// The reason that is given, after its words were looked at.
fn reason(service: &Service, body: &[u8]) -> String {
    let answer = ask(service, body);
    assert_eq!(answer["verdict"], "unreadable-picture", "{answer}");
    let hindi = answer["message"]["hi"].as_str().expect("words in Hindi");
    assert!(hindi.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{hindi}");
    answer["reason"].as_str().expect("a reason").to_owned()
}

/// Issues a sample and saves its paper.
fn paper(service: &Service, kind: &str) -> (std::path::PathBuf, Value) {
    let certificate = service.issue(&sample(kind), kind);
    let pdf =
        service.get_as_caller(&format!("/v1/certificates/{}/pdf", certificate["id"].as_str().expect("id")));
    let path = service.dir.join(format!("{kind}.pdf"));
    std::fs::write(&path, pdf).expect("written");
    (path, certificate)
}

fn run(program: &str, arguments: &[&str], paths: &[&Path]) {
    let done = Command::new(program).args(arguments).args(paths).status();
    assert!(done.unwrap_or_else(|_| panic!("{program}; tests/run installs it")).success(), "{program}");
}

fn page(pdf: &Path, dots: &str) -> GrayImage {
    let to = pdf.with_extension("page");
    run("pdftoppm", &["-r", dots, "-gray", "-png", "-singlefile"], &[pdf, &to]);
    image::open(to.with_extension("page.png")).expect("the page").to_luma8()
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(vec![]);
    DynamicImage::ImageLuma8(picture.clone()).write_to(&mut bytes, image::ImageFormat::Png).expect("encoded");
    bytes.into_inner()
}

fn jpeg(picture: &GrayImage, quality: u8) -> Vec<u8> {
    let mut bytes = vec![];
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).expect("encoded");
    bytes
}

fn symbol(text: &str, unit: u32) -> GrayImage {
    let code = qrcode::QrCode::new(text).expect("it fits");
    let (side, colors) = (u32::try_from(code.width()).expect("small"), code.to_colors());
    GrayImage::from_fn((side + 8) * unit, (side + 8) * unit, |x, y| {
        let at = |n: u32| (n / unit).checked_sub(4).filter(|n| *n < side);
        let dark =
            at(x).zip(at(y)).is_some_and(|(x, y)| colors[(y * side + x) as usize] == qrcode::Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

#[test]
fn every_code_of_a_picture_is_told() {
    let service = Service::start("several-codes");
    let ((income, _), (marriage, certificate)) =
        (paper(&service, "income"), paper(&service, "marriage-hindu"));
    let (income, marriage) = (page(&income, "120"), page(&marriage, "120"));
    // Ours beside a payment code.
    let mut both = GrayImage::from_pixel(income.width(), income.height() + 400, Luma([255]));
    imageops::replace(&mut both, &income, 0, 0);
    imageops::replace(&mut both, &symbol("upi://pay?pa=someone@bank", 6), 60, i64::from(income.height()));
    let answer = ask(&service, &png(&both));
    assert_eq!((answer["verdict"].as_str(), answer["type"].as_str()), (Some("genuine"), Some("income")));
    assert_eq!(answer["others"][0]["verdict"], "not-a-certificate", "{answer}");
    assert!(answer["note"]["hi"].as_str().is_some_and(|note| note.contains("एक से ज़्यादा")));
    // Two of ours, one of them revoked: it stands first.
    let revoke = format!("/v1/certificates/{}/status", certificate["id"].as_str().expect("id"));
    let (status, _) =
        service.post(&revoke, None, br#"{"status": "revoked", "reason": "fraud"}"#).expect("an answer");
    assert_eq!(status, 200);
    let mut two = GrayImage::from_pixel(income.width() * 2, income.height(), Luma([255]));
    imageops::replace(&mut two, &income, 0, 0);
    imageops::replace(&mut two, &marriage, i64::from(income.width()), 0);
    let answer = ask(&service, &png(&two));
    assert_eq!(answer["verdict"], "revoked", "{answer}");
    assert_eq!(answer["others"][0]["verdict"], "genuine", "{answer}");
    // Only something else.
    let answer = ask(&service, &png(&symbol("https://example.org/menu", 6)));
    assert_eq!((answer["verdict"].as_str(), answer.get("others")), (Some("not-a-certificate"), None));
}

#[test]
fn pictures_that_cannot_be_read_are_told_why() {
    let service = Service::start("bad-pictures");
    let (pdf, _) = paper(&service, "income");
    let whole = page(&pdf, "150");
    // The upper half of the code; the page above it; somebody else's name over the table.
    let (width, height) = whole.dimensions();
    let code_side = width / 5;
    let foot = height * 3 / 4;
    let above = imageops::crop_imm(&whole, 0, 0, width, foot).to_image();
    let cut = (foot..height).step_by(4).find(|y| {
        let part = imageops::crop_imm(&whole, 0, 0, width, *y).to_image();
        verdict(&service, &png(&part)) == "genuine"
    });
    let half =
        imageops::crop_imm(&whole, 0, 0, width, cut.expect("the whole page is genuine") - code_side / 2)
            .to_image();
    assert_eq!(reason(&service, &png(&half)), "no-code");
    assert_eq!(reason(&service, &png(&above)), "no-code");
    let mut copied = whole.clone();
    imageops::replace(
        &mut copied,
        &GrayImage::from_pixel(width / 2, 30, Luma([200])),
        i64::from(width / 3),
        i64::from(height / 2),
    );
    assert_eq!(verdict(&service, &png(&copied)), "genuine", "the code says whose it is");
    // Cut short, and bytes that only begin well.
    let bytes = png(&whole);
    assert_eq!(reason(&service, &bytes[..bytes.len() / 3]), "broken");
    assert_eq!(reason(&service, b"\x89PNG\r\n\x1a\nnothing of a picture"), "broken");
    assert_eq!(reason(&service, b"%PDF-1.7\nnothing of a page"), "broken");
    // What phones and chats send and we do not read: named.
    let others: [(&[u8], &str); 3] = [
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"GIF89a\x01\0\x01\0\0\0\0", "GIF"),
    ];
    for (bytes, name) in others {
        let (status, answer) =
            service.post_as("/v1/verify", "application/octet-stream", bytes).expect("an answer");
        assert_eq!(status, 415, "{answer}");
        for key in ["detail", "detail_hi"] {
            assert!(answer[key].as_str().is_some_and(|text| text.contains(name)), "{answer}");
        }
    }
    // The command line has the same words.
    let file = service.dir.join("phone.heic");
    std::fs::write(&file, others[1].0).expect("written");
    let keys = service.dir.join("keys");
    let path = |name: &str| keys.join(name).display().to_string();
    let said = mohar(&[
        "verify",
        &file.display().to_string(),
        "--trust",
        &path("trust-list.cbor"),
        "--root",
        &path("root.pub"),
    ]);
    assert_eq!(said.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&said.stdout).contains("HEIC"));
}

#[test]
fn large_pictures_are_scaled_or_refused() {
    let service = Service::start("large-pictures");
    let (pdf, _) = paper(&service, "caste-sc");
    let page = page(&pdf, "200");
    // Fifty megapixels: the page on a table.
    let mut photograph = GrayImage::from_pixel(8_160, 6_128, Luma([90]));
    let large = imageops::resize(&page, 4_100, 5_800, imageops::Nearest);
    imageops::replace(&mut photograph, &large, 1_800, 150);
    let bytes = jpeg(&photograph, 60);
    assert!(bytes.len() < 10 << 20, "{} bytes", bytes.len());
    assert_eq!(verdict(&service, &bytes), "genuine");
    let small = png(&photograph);
    assert!(small.len() > 10 << 20 || verdict(&service, &small) == "genuine");
    // Headers that claim 60,000 × 60,000 pixels.
    let mut claim = png(&GrayImage::new(2, 2));
    claim[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let checksum = crc32(&claim[12..29]);
    claim[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(reason(&service, &claim), "too-large");
    let mut claim = jpeg(&GrayImage::new(8, 8), 50);
    let frame = claim.windows(2).position(|w| w == [0xff, 0xc0]).expect("a frame");
    claim[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    assert!(["too-large", "broken"].contains(&reason(&service, &claim).as_str()));
    assert!(service.memory_mb("VmHWM") < 200.0, "{} MB", service.memory_mb("VmHWM"));
}

/// The checksum of PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

/// A PDF of these objects, the first of which is the catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut out, mut places) = (b"%PDF-1.7\n".to_vec(), vec![]);
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).bytes().chain(object.iter().copied()).chain(*b"\nendobj\n"));
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places.iter().for_each(|place| out.extend(format!("{place:010} 00000 n \n").bytes()));
    let size = places.len() + 1;
    out.extend(format!("trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {entries} >>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A PDF of one A4 page with these resources and content.
fn one_page(resources: &str, content: Vec<u8>, more: Vec<Vec<u8>>) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>"
    );
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        content,
    ];
    objects.extend(more);
    pdf(&objects)
}

#[test]
fn pdfs_of_every_sort() {
    let service = Service::start("bad-pdfs");
    let (paper, _) = paper(&service, "income");
    let dir = &service.dir;
    // On page 60 of a hundred.
    let (filler, many) = (dir.join("filler.pdf"), dir.join("many.pdf"));
    std::fs::write(&filler, one_page("", stream("", b"1 w 50 50 300 400 re S 80 80 20 20 re f"), vec![]))
        .expect("written");
    let mut pages: Vec<&Path> = vec![&filler; 100];
    pages[59] = &paper;
    pages.push(&many);
    run("pdfunite", &[], &pages);
    assert_eq!(verdict(&service, &std::fs::read(&many).expect("united")), "genuine");
    assert_eq!(reason(&service, &std::fs::read(&filler).expect("the filler")), "no-code");
    // Only a scan of the paper.
    let scan = dir.join("scan");
    run("pdftoppm", &["-r", "150", "-gray", "-jpeg", "-singlefile"], &[&paper, &scan]);
    let scan = std::fs::read(scan.with_extension("jpg")).expect("a scan");
    let size = image::load_from_memory(&scan).expect("a picture").to_luma8().dimensions();
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
        size.0, size.1
    );
    let scanned = one_page(
        "/XObject << /Scan 5 0 R >>",
        stream("", b"q 595 0 0 842 0 0 cm /Scan Do Q"),
        vec![stream(&entries, &scan)],
    );
    assert_eq!(verdict(&service, &scanned), "genuine");
    // Locked, with and without the need of a password to open it.
    let locked = dir.join("locked.pdf");
    for (user, expected) in [("secret", None), ("", Some("genuine"))] {
        run("qpdf", &["--encrypt", user, "owner", "256", "--"], &[&paper, &locked]);
        let bytes = std::fs::read(&locked).expect("locked");
        match expected {
            None => assert_eq!(reason(&service, &bytes), "encrypted"),
            Some(expected) => assert_eq!(verdict(&service, &bytes), expected),
        }
    }
    let bytes = std::fs::read(&paper).expect("the paper");
    assert_ne!(verdict(&service, &bytes[..bytes.len() / 2]), "genuine");
}

#[test]
fn pdf_bombs_only_hurt_their_reader() {
    let service = Service::start("pdf-bombs");
    // Four gigabytes in a few kilobytes, compressed twice. The inner stream is one literal and then a
    // match of 258 bytes again and again (RFC 1951, fixed codes: 11000101 and 00000).
    let mut bits: Vec<bool> = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0].map(|bit| bit == 1).to_vec();
    let again = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].map(|bit| bit == 1);
    bits.extend(again.iter().copied().cycle().take(again.len() * 16_000_000));
    bits.extend([false; 7]);
    let mut inner = vec![0x78, 0x9c];
    inner.extend(
        bits.chunks(8).map(|eight| eight.iter().rev().fold(0u8, |byte, bit| byte << 1 | u8::from(*bit))),
    );
    let outer = miniz_oxide::deflate::compress_to_vec_zlib(&inner, 9);
    assert!(outer.len() < 100_000, "{} bytes", outer.len());
    let bomb = one_page("", stream("/Filter [/FlateDecode /FlateDecode]", &outer), vec![]);
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        stream("/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", &outer),
    ];
    let packed = pdf(&objects);
    // A form that draws itself, and ten forms of which each draws the next ten times.
    let form = |times: usize, next: usize| {
        let resources = format!("/Resources << /XObject << /N {next} 0 R >> >>");
        stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 595 842] {resources}"),
            &b"/N Do ".repeat(times),
        )
    };
    let endless = one_page("/XObject << /N 5 0 R >>", stream("", b"/N Do"), vec![form(1, 5)]);
    let mut forms: Vec<Vec<u8>> = (0..10).map(|n| form(10, n + 6)).collect();
    forms.push(stream("/Type /XObject /Subtype /Form /BBox [0 0 595 842]", b"0 0 595 842 re f"));
    let laughs = one_page("/XObject << /N 5 0 R >>", stream("", b"/N Do"), forms);
    for (name, bytes) in [("bomb", bomb), ("packed", packed), ("endless", endless), ("laughs", laughs)] {
        let reason = reason(&service, &bytes);
        assert!(["too-much", "broken", "no-code"].contains(&reason.as_str()), "{name}: {reason}");
        assert!(service.memory_mb("VmHWM") < 150.0, "{name}: {} MB", service.memory_mb("VmHWM"));
    }
    assert_eq!(service.get("/healthz").0, 200, "the service lives on");
}
