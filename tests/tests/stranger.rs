//! Could a stranger write a verifier from `schemas/credential.md`? `tests/python/verifier.py` is one,
//! in another language with other libraries: it judges every vector and made-up certificates, and reads
//! our paper.

use mohar_tests::{Service, checkout, sample};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn stranger(arguments: &[&str]) -> Output {
    let python = checkout().join("target/python/bin/python");
    assert!(python.exists(), "tests/run makes {}", python.display());
    Command::new(python)
        .arg(checkout().join("tests/python/verifier.py"))
        .args(arguments)
        .output()
        .expect("it runs")
}

#[test]
fn agrees_with_every_vector() {
    let output = stranger(&["vectors"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    println!("{text}");
}

#[test]
fn agrees_on_made_up_certificates() {
    let path = std::env::temp_dir().join(format!("mohar-stranger-{}.ndjson", std::process::id()));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("created"));
    mohar_tests::cases::write(5_000, 2, &mut file).expect("written");
    drop(file);
    let output = stranger(&["cases", &path.display().to_string()]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("5000 of 5000 cases agree"), "{text}");
    std::fs::remove_file(&path).expect("removed");
}

#[test]
fn reads_the_paper() {
    let service = Service::start("stranger");
    let path = |name: &str| service.dir.join(name).display().to_string();
    let save = |name: &str, bytes: &[u8]| std::fs::write(service.dir.join(name), bytes).expect("written");
    let demo: Value =
        serde_json::from_slice(&std::fs::read(service.dir.join("demo.json")).expect("demo.json"))
            .expect("JSON");
    for kind in ["caste-sc", "income", "marriage-hindu"] {
        let certificate = service.issue(&sample(kind), kind);
        let id = certificate["id"].as_str().expect("id");
        save("paper.pdf", &service.get_as_caller(&format!("/v1/certificates/{id}/pdf")));
        save("status", &service.get("/v1/status-lists/0").1);
        save("trust", &service.get("/v1/trust-list").1);
        let page = Command::new("pdftoppm")
            .args(["-r", "150", "-png", "-singlefile", &path("paper.pdf"), &path("paper")])
            .status();
        assert!(page.expect("pdftoppm; tests/run installs it").success());
        assert!(Path::new(&path("paper.png")).exists());
        let root = demo["root"].as_str().expect("root");
        let now = std::fs::metadata(path("status")).and_then(|m| m.modified()).expect("a time");
        let now = now.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs().to_string();
        let output = stranger(&["picture", &path("paper.png"), &path("trust"), &path("status"), root, &now]);
        let errors = String::from_utf8_lossy(&output.stderr);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{errors}"));
        assert_eq!(answer["verdict"], "genuine", "{kind}");
        assert!(answer["lines"].as_array().is_some_and(|l| l.len() > 8), "{kind}");
    }
}
