//! Makes the demo's Aadhaar of nobody, `web/demo/aadhaar-specimen.{png,pem}`: with a new key, which is
//! thrown away, so that nobody can make another. `cargo run -p mohar-tests --bin specimen`.

use image::ImageFormat;
use mohar_tests::aadhaar::{Authority, Card, drawn, file};
use mohar_tests::checkout;
use std::process::Command;

/// Thirty years.
const DAYS: u32 = 10_957;

const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><style>
@font-face { font-family: N; src: url(FONTS/NotoSansDevanagari-Bold.ttf) }
@font-face { font-family: L; src: url(FONTS/NotoSans-Bold.ttf) }
body { margin: 0; width: 720px; height: 900px; font: 26px L, N; text-align: center; background: #fff; color: #000 }
h1 { font-size: 46px; margin: 24px 0 0 } p { margin: 8px 0 } img { width: 640px; image-rendering: pixelated }
</style><h1>SPECIMEN · नमूना</h1><p>not an Aadhaar, not by UIDAI · यह आधार नहीं है</p><img src="code.png">
<p>Sunita Devi · 15-08-1990 · XXXX XXXX 1234</p>"#;

fn main() {
    let folder = std::env::temp_dir().join(format!("mohar-specimen-{}", std::process::id()));
    let authority = Authority::new(&folder, DAYS);
    let text = authority.code(&Card::of("Sunita Devi", "15-08-1990", "1234"));
    std::fs::write(folder.join("code.png"), file(&drawn(&text, 4), ImageFormat::Png)).expect("a file");
    let fonts = checkout().join("issuer/print/fonts").display().to_string();
    std::fs::write(folder.join("page.html"), PAGE.replace("FONTS", &fonts)).expect("a file");
    let demo = checkout().join("web/demo");
    let done = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        .args(["--hide-scrollbars", "--window-size=720,900", "--allow-file-access-from-files"])
        .arg(format!("--screenshot={}", demo.join("aadhaar-specimen.png").display()))
        .arg(format!("file://{}", folder.join("page.html").display()))
        .status();
    assert!(done.expect("chromium").success());
    std::fs::write(demo.join("aadhaar-specimen.pem"), authority.certificate()).expect("a file");
    std::fs::remove_dir_all(folder).expect("the key is thrown away");
}
