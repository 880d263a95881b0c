//! The same certificate as other systems would put it into a code: honest sizes and encodings, from
//! the published specifications. Signatures are bytes of the right length that do not compress, for
//! nothing here verifies them.

use super::chance::Chance;
use minicbor::Encoder;
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use mohar_schemas::qr;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use serde_json::{Map, Value, json};

/// How a certificate is put into a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Ours.
    Mohar,
    /// EU Digital COVID Certificate: CWT, COSE, zlib, Base45, correction Q.
    Hcert,
    /// MOSIP Claim 169: CWT with number keys, COSE, zlib, Base45, correction M.
    Claim169,
    /// SMART Health Card: JWS with raw deflate in numeric mode, correction L.
    SmartHealth,
    /// DIVOC: a JSON-LD credential in a ZIP as text in byte mode, correction M.
    Divoc,
}

impl Format {
    /// All, ours first.
    pub const ALL: [Self; 5] = [Self::Mohar, Self::Hcert, Self::Claim169, Self::SmartHealth, Self::Divoc];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mohar => "Mohar",
            Self::Hcert => "HCERT, Q",
            Self::Claim169 => "Claim 169, M",
            Self::SmartHealth => "SMART Health Card, L",
            Self::Divoc => "DIVOC, M",
        }
    }
}

/// A code: what a reader should give, and its modules.
#[derive(Debug, Clone)]
pub struct Code {
    /// The text.
    pub text: String,
    /// Rows of modules, dark = true.
    pub modules: Vec<Vec<bool>>,
}

/// What is certified: our own text, and the request it came from.
#[derive(Debug, Clone)]
pub struct Certified {
    /// Our QR text.
    pub text: String,
    /// The number of the certificate.
    pub number: String,
    /// The request (`schemas/samples`).
    pub request: Value,
}

/// The code of a certificate in a format.
///
/// # Panics
/// If a sample does not fit.
#[must_use]
pub fn code(certified: &Certified, format: Format) -> Code {
    let drawn = |parts: &[Part<'_>], level| draw(parts, level).expect("a certificate fits a code");
    let (text, modules) = match format {
        Format::Mohar => {
            let modules = qr::symbol(&certified.text).expect("our own text fits").modules;
            (certified.text.clone(), modules)
        }
        Format::Hcert => {
            let text = format!("HC1:{}", base45(&zlib(&cose(-7, 64, &hcert(certified)))));
            (text.clone(), drawn(&[Part::Alphanumeric(&text)], EcLevel::Q))
        }
        Format::Claim169 => {
            let text = base45(&zlib(&cose(-8, 64, &claim_169(certified))));
            (text.clone(), drawn(&[Part::Alphanumeric(&text)], EcLevel::M))
        }
        Format::SmartHealth => {
            let jws = jws(certified);
            let digits = jws.bytes().flat_map(|byte| {
                let pair = byte - 45;
                [char::from(b'0' + pair / 10), char::from(b'0' + pair % 10)]
            });
            let digits: String = digits.collect();
            (format!("shc:/{digits}"), drawn(&[Part::Bytes("shc:/"), Part::Numeric(&digits)], EcLevel::L))
        }
        Format::Divoc => {
            // A JavaScript “binary string”: each byte a character, which the QR library writes as UTF-8.
            let text: String =
                zip("certificate.json", &divoc(certified)).into_iter().map(char::from).collect();
            (text.clone(), drawn(&[Part::Bytes(&text)], EcLevel::M))
        }
    };
    Code { text, modules }
}

enum Part<'a> {
    Bytes(&'a str),
    Alphanumeric(&'a str),
    Numeric(&'a str),
}

/// The smallest symbol that holds the parts.
fn draw(parts: &[Part<'_>], level: EcLevel) -> Option<Vec<Vec<bool>>> {
    let fits = |version| {
        let mut bits = Bits::new(Version::Normal(version));
        for part in parts {
            match part {
                Part::Bytes(text) => bits.push_byte_data(text.as_bytes()),
                Part::Alphanumeric(text) => bits.push_alphanumeric_data(text.as_bytes()),
                Part::Numeric(text) => bits.push_numeric_data(text.as_bytes()),
            }
            .ok()?;
        }
        bits.push_terminator(level).ok()?;
        QrCode::with_bits(bits, level).ok()
    };
    let code = (1..=40).find_map(fits)?;
    let colors = code.to_colors();
    Some(colors.chunks(code.width()).map(|row| row.iter().map(|c| *c == Color::Dark).collect()).collect())
}

const ISSUED_S: i64 = 1_795_500_000;
const EXPIRES_S: i64 = ISSUED_S + 5 * 365 * 86_400;

/// `{1: issuer, 4: expires, 6: issued, -260: {1: {…}}}` with short text keys, as its schemas have.
fn hcert(c: &Certified) -> Vec<u8> {
    let mut e = Encoder::new(vec![]);
    let _ = e.map(4).and_then(|e| e.u8(1)?.str("IN")?.u8(4)?.i64(EXPIRES_S)?.u8(6)?.i64(ISSUED_S));
    let _ = e.i32(-260).and_then(|e| e.map(1)?.u8(1)?.map(3));
    let _ = e.str("ver").and_then(|e| e.str("1.0.0")?.str("ci")?.str(&c.number)?.str("d"));
    let fields = fields(c);
    let _ = e.map(fields.len() as u64 + 2);
    let _ =
        e.str("ty").and_then(|e| e.str(text(&c.request["type"]))?.str("of")?.str(text(&c.request["office"])));
    for (key, value) in fields {
        let _ = e.str(&short(key));
        cbor(&mut e, value);
    }
    e.into_writer()
}

/// `{1: issuer, 4: expires, 6: issued, 169: {1: id, 2: version, …}}` with number keys.
fn claim_169(c: &Certified) -> Vec<u8> {
    let mut e = Encoder::new(vec![]);
    let _ = e.map(4).and_then(|e| e.u8(1)?.str("delhi.gov.in")?.u8(4)?.i64(EXPIRES_S)?.u8(6)?.i64(ISSUED_S));
    let fields = fields(c);
    let _ = e.u8(169).and_then(|e| e.map(fields.len() as u64 + 4)?.u8(1)?.str(&c.number)?.u8(2)?.str("1.0"));
    let _ = e.u8(75).and_then(|e| e.str(text(&c.request["type"]))?.u8(76)?.str(text(&c.request["office"])));
    for (key, value) in (4u8..).zip(fields.values()) {
        let _ = e.u8(key);
        cbor(&mut e, value);
    }
    e.into_writer()
}

/// `COSE_Sign1` with an algorithm and a key id of eight bytes.
fn cose(algorithm: i8, signature: usize, payload: &[u8]) -> Vec<u8> {
    let mut protected = Encoder::new(vec![]);
    let _ = protected.map(2).and_then(|e| e.u8(1)?.i8(algorithm)?.u8(4)?.bytes(&noise(8)));
    let mut e = Encoder::new(vec![]);
    let _ = e.tag(minicbor::data::Tag::new(18)).and_then(|e| e.array(4)?.bytes(protected.writer())?.map(0));
    let _ = e.bytes(payload).and_then(|e| e.bytes(&noise(signature)));
    e.into_writer()
}

/// A verifiable credential as minified JSON, compressed, in a compact JWS.
fn jws(c: &Certified) -> String {
    let header = json!({ "zip": "DEF", "alg": "ES256", "kid": url64(&noise(32)) });
    let subject = json!({ "number": c.number, "office": c.request["office"], "fields": c.request["fields"] });
    let kind = format!("https://delhi.gov.in/cards#{}", text(&c.request["type"]));
    let credential =
        json!({ "type": ["https://smarthealth.cards#health-card", kind], "credentialSubject": subject });
    let payload =
        json!({ "iss": "https://cards.delhi.gov.in", "nbf": ISSUED_S, "exp": EXPIRES_S, "vc": credential });
    let body = compress_to_vec(payload.to_string().as_bytes(), 9);
    format!("{}.{}.{}", url64(header.to_string().as_bytes()), url64(&body), url64(&noise(64)))
}

/// A JSON-LD credential with an RSA signature of 256 bytes, detached.
fn divoc(c: &Certified) -> Vec<u8> {
    let jws = format!("{}..{}", url64(br#"{"alg":"PS256","b64":false,"crit":["b64"]}"#), url64(&noise(256)));
    let proof = json!({
        "type": "RsaSignature2018", "created": "2026-11-24T06:30:00Z", "verificationMethod": "did:india",
        "proofPurpose": "assertionMethod", "jws": jws,
    });
    let subject = json!({
        "type": "Person", "id": format!("did:in.gov.delhi:{}", c.number), "certificate": c.request["fields"],
    });
    let credential = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://cowin.gov.in/credentials/vaccination/v1"],
        "type": ["VerifiableCredential", "ProofOfVaccinationCredential"], "credentialSubject": subject,
        "issuer": "https://cowin.gov.in/", "issuanceDate": "2026-11-24T06:30:00.000Z",
        "evidence": [{
            "id": format!("https://cowin.gov.in/vaccine/{}", c.number), "type": [c.request["type"]],
            "certificateId": c.number, "facility": { "name": c.request["office"],
            "address": { "district": "", "addressRegion": "Delhi", "addressCountry": "IN" } },
        }],
        "nonTransferable": "true", "proof": proof,
    });
    credential.to_string().into_bytes()
}

fn fields(c: &Certified) -> &Map<String, Value> {
    c.request["fields"].as_object().expect("a sample has fields")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// `parent_name` to `pn`, as the short keys of the schemas are.
fn short(key: &str) -> String {
    let initials: String = key.split('_').filter_map(|word| word.chars().next()).collect();
    if initials.len() > 1 { initials } else { key.chars().take(2).collect() }
}

/// Texts in two languages as a pair, all else as it is.
fn cbor(e: &mut Encoder<Vec<u8>>, value: &Value) {
    let _ = match value {
        Value::Object(both) => {
            let _ = e.array(both.len() as u64);
            both.values().for_each(|value| cbor(e, value));
            return;
        }
        Value::Number(n) => e.i64(n.as_i64().unwrap_or_default()),
        other => e.str(text(other)),
    };
}

/// Bytes that no compressor makes shorter, in place of keys and signatures.
fn noise(length: usize) -> Vec<u8> {
    let mut chance = Chance::new(169);
    (0..length).map(|_| chance.bits().to_le_bytes()[0]).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, 9)
}

/// RFC 9285.
fn base45(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let digits = |pair: &[u8]| {
        let mut n = pair.iter().fold(0, |n, byte| n * 256 + usize::from(*byte));
        let mut out = String::new();
        for _ in 0..=pair.len() {
            out.push(char::from(SYMBOLS[n % 45]));
            n /= 45;
        }
        out
    };
    bytes.chunks(2).map(digits).collect()
}

/// RFC 4648 §5, without padding.
fn url64(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digits = |three: &[u8]| {
        let n = (0..3).fold(0, |n, i| n << 8 | usize::from(three.get(i).copied().unwrap_or(0)));
        (0..=three.len()).map(|i| char::from(SYMBOLS[n >> (18 - 6 * i) & 63])).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

/// A ZIP of one deflated file (APPNOTE 6.3, without the optional parts).
fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    let packed = compress_to_vec(content, 9);
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
    let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0x34, 0x78, 0x5d];
    common.extend(crc32(content).to_le_bytes());
    common.extend(size(&packed));
    common.extend(size(content));
    common.extend([u8::try_from(name.len()).unwrap_or(0), 0, 0, 0]);
    let mut out = b"PK\x03\x04".to_vec();
    out.extend(&common);
    out.extend(name.as_bytes());
    out.extend(&packed);
    let start = size(&out);
    out.extend(b"PK\x01\x02\x14\x00");
    out.extend(&common);
    out.extend([0; 14]);
    out.extend(name.as_bytes());
    let end = size(&out);
    let length = u32::from_le_bytes(end) - u32::from_le_bytes(start);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    out.extend(length.to_le_bytes());
    out.extend(start);
    out.extend([0, 0]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}
