//! The printed certificate: read from the picture by a camera's eyes, and from the text layer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mohar_tests::{Service, sample};
use std::process::Command;

#[test]
fn the_paper_verifies_itself() {
    let service = Service::start("paper");
    for (name, hindi) in [
        ("caste-sc", "अनुसूचित जाति प्रमाण पत्र"),
        ("income", "आय प्रमाण पत्र"),
        ("marriage-hindu", "विवाह प्रमाण पत्र"),
    ] {
        let answer = service.issue(&sample(name), name);
        let pdf = service.get_as_caller(&format!("/v1/certificates/{}/pdf", answer["id"].as_str().unwrap()));
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let path = service.dir.join(format!("{name}.pdf"));
        std::fs::write(&path, &pdf).unwrap();
        let picture = service.dir.join(name);
        run(Command::new("pdftoppm").args(["-r", "150", "-png", "-singlefile"]).arg(&path).arg(&picture));
        let code = run(Command::new("zbarimg").args(["--quiet", "--raw"]).arg(picture.with_extension("png")));
        assert_eq!(code.trim(), answer["qr"].as_str().unwrap(), "{name}");
        assert_eq!(service.verdict(code.trim()), "genuine");
        let text = run(Command::new("pdftotext").arg(&path).arg("-"));
        assert!(text.contains(hindi), "{name}: {text}");
        assert!(text.contains(answer["number"].as_str().unwrap()));
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("tests/run installs it");
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}
