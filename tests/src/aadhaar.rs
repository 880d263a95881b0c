//! Aadhaar codes of invented people, signed by a key of our own as UIDAI's signs the real ones.

use flate2::Compression;
use flate2::write::GzEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A key that signs, and its certificate.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
}

/// What stands on a card.
#[derive(Debug, Clone)]
pub struct Card {
    /// `V2`, `V5` …; the first version has none.
    pub version: Option<&'static str>,
    /// The name, in ISO-8859-1.
    pub name: Vec<u8>,
    /// As printed: `15-08-1990`.
    pub born: String,
    /// Of the number.
    pub last_four: String,
    /// When it was made, `YYYYMMDDHHMMSSmmm`, India's time.
    pub made: String,
    /// Bytes of the photograph, which do not compress.
    pub photo: usize,
}

impl Card {
    /// A card of today.
    ///
    /// # Panics
    /// If there is no `date`.
    #[must_use]
    pub fn of(name: &str, born: &str, last_four: &str) -> Self {
        let now = Command::new("date").env("TZ", "IST-5:30").arg("+%Y%m%d%H%M%S%3N").output();
        let made = String::from_utf8(now.expect("date").stdout).expect("digits").trim().to_owned();
        let name = name.as_bytes().to_vec();
        Self { version: Some("V5"), name, born: born.into(), last_four: last_four.into(), made, photo: 800 }
    }

    /// The texts and the photograph: what is signed.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let reference = format!("{}{}", self.last_four, self.made);
        let mut out = vec![];
        let mut text = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            out.push(255);
        };
        if let Some(version) = self.version {
            text(version.as_bytes());
        }
        text(b"2");
        text(reference.as_bytes());
        text(&self.name);
        text(self.born.as_bytes());
        // Gender, care of, district, landmark, house, location, PIN, post office, state, street,
        // sub-district, town.
        for rest in [
            "F",
            "C/O Ram Kumar",
            "North West",
            "",
            "12",
            "Sector 3",
            "110085",
            "Rohini",
            "Delhi",
            "",
            "",
            "Delhi",
        ] {
            text(rest.as_bytes());
        }
        if self.version.is_some() {
            text(b"3210");
        }
        let mut seed = 7_u64;
        out.extend((0..self.photo).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed.to_be_bytes()[0]
        }));
        out
    }
}

impl Authority {
    /// One with a new key, whose certificate is valid for so many days from now.
    ///
    /// # Panics
    /// If `openssl` does not make it.
    #[must_use]
    pub fn new(folder: &Path, days: u32) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let done = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-subj"])
            .args([
                "/O=Mohar/CN=Specimen, not UIDAI",
                "-days",
                &days.to_string(),
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem",
            ])
            .current_dir(folder)
            .stderr(Stdio::null())
            .status();
        assert!(done.expect("openssl; tests/run installs it").success());
        Self { folder: folder.to_owned() }
    }

    /// Its certificate, PEM.
    ///
    /// # Panics
    /// If it is gone.
    #[must_use]
    pub fn certificate(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("cert.pem")).expect("the certificate")
    }

    /// Bytes with the signature behind them.
    ///
    /// # Panics
    /// If `openssl` does not sign.
    #[must_use]
    pub fn signed(&self, bytes: &[u8]) -> Vec<u8> {
        let mut child = Command::new("openssl")
            .args(["dgst", "-sha256", "-sign", "key.pem"])
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("openssl");
        child.stdin.take().expect("its input").write_all(bytes).expect("it reads");
        let signature = child.wait_with_output().expect("a signature").stdout;
        assert_eq!(signature.len(), 256);
        [bytes, &signature].concat()
    }

    /// The digits of a card's code.
    #[must_use]
    pub fn code(&self, card: &Card) -> String {
        digits(&packed(&self.signed(&card.payload())))
    }
}

/// Packed as the codes are.
///
/// # Panics
/// Never: writing to memory does not fail.
#[must_use]
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(vec![], Compression::default());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

/// The decimal number that bytes are, the highest first.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    // Base 10⁹, the lowest first.
    let mut limbs: Vec<u64> = vec![0];
    for byte in bytes {
        let mut carry = u64::from(*byte);
        for limb in &mut limbs {
            let sum = *limb * 256 + carry;
            *limb = sum % 1_000_000_000;
            carry = sum / 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = String::new();
    for limb in limbs.iter().rev() {
        let _ = write!(text, "{limb:09}");
    }
    text.trim_start_matches('0').to_owned()
}

/// The code of a text, so many pixels a module, on white.
///
/// # Panics
/// If no code holds the text.
#[must_use]
pub fn drawn(text: &str, pixels: u32) -> GrayImage {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).expect("it fits");
    let width = u32::try_from(code.width()).expect("at most 177");
    let colors = code.to_colors();
    GrayImage::from_fn((width + 8) * pixels, (width + 8) * pixels, |x, y| {
        let inside = |v: u32| (v / pixels).checked_sub(4).filter(|m| *m < width);
        let dark =
            inside(x).zip(inside(y)).is_some_and(|(x, y)| colors[(y * width + x) as usize] == Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

/// A picture as a file.
///
/// # Panics
/// Never: memory takes it.
#[must_use]
pub fn file(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(vec![]);
    DynamicImage::ImageLuma8(picture.clone()).write_to(&mut out, format).expect("memory");
    out.into_inner()
}

/// A page of A4 with a picture so many millimetres wide on it, as an e-Aadhaar has it.
#[must_use]
pub fn pdf(picture: &GrayImage, millimetres: f32) -> Vec<u8> {
    let jpeg = file(picture, ImageFormat::Jpeg);
    let side = millimetres * 72.0 / 25.4;
    let content = format!("q {side} 0 0 {side} 60 600 cm /Code Do Q");
    let (width, height) = picture.dimensions();
    let mut objects: Vec<Vec<u8>> = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /Code 5 0 R >> >> >>",
    ]
    .map(|o| o.as_bytes().to_vec())
    .to_vec();
    objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()).into_bytes());
    let head = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Length {} >>\nstream\n",
        jpeg.len()
    );
    objects.push([head.as_bytes(), &jpeg, b"\nendstream"].concat());
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut starts = vec![];
    for (n, object) in objects.iter().enumerate() {
        starts.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).bytes());
        out.extend_from_slice(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", starts.len() + 1).bytes());
    for start in &starts {
        out.extend(format!("{start:010} 00000 n \n").bytes());
    }
    let trailer =
        format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", starts.len() + 1);
    out.extend(trailer.bytes());
    out
}
