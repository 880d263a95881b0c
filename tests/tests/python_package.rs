//! The Python package in `verifier/python`: its data are the schemas', its own tests pass, its types
//! hold, it installs, and it agrees with the Rust verifier on made-up certificates.
//!
//! `MOHAR_CASES=100000` judges as many cases; without it there are 5,000.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mohar_schemas::types::{self, CertificateType, Kind};
use mohar_schemas::{tables, verdict};
use mohar_tests::{cases, checkout};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

fn package() -> PathBuf {
    checkout().join("verifier/python")
}

/// A command of the interpreter that `tests/run` prepares; nothing is written beside the sources.
fn python(arguments: &[&str]) -> Command {
    let python = checkout().join("target/python/bin/python");
    assert!(python.exists(), "tests/run makes {}", python.display());
    let mut command = Command::new(python);
    command.args(arguments).current_dir(package()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn a_type(t: &CertificateType) -> Value {
    let field = |f: &types::Field| {
        let mut field = json!({ "id": f.id, "kind": f.kind, "optional": f.optional });
        if let Some(table) = &f.table {
            field["table"] = json!(table);
        }
        field["label"] = json!([f.label_en, f.label_hi]);
        field
    };
    json!({
        "id": t.id,
        "code": t.code,
        "revision": t.revision,
        "prefix": t.prefix,
        "title": [t.title_en, t.title_hi],
        "fields": t.fields.iter().map(field).collect::<Vec<_>>(),
    })
}

/// The tables that certificates are read with.
fn needed_tables() -> Map<String, Value> {
    let coded = types::all().iter().flat_map(|t| &t.fields).filter(|f| f.kind == Kind::Code);
    let mut names: BTreeSet<_> = coded.filter_map(|f| f.table.as_deref()).collect();
    names.extend(["offices", "status-reasons"]);
    let row = |r: &tables::Row| match &r.department {
        Some(department) => json!([r.id, r.en, r.hi, department]),
        None => json!([r.id, r.en, r.hi]),
    };
    let rows = |name: &str| tables::table(name).unwrap().rows.iter().map(row).collect::<Vec<_>>();
    names.into_iter().map(|name| (name.to_owned(), json!(rows(name)))).collect()
}

fn data() -> Value {
    let message = |(code, m): (&verdict::Code, &verdict::Message)| {
        let texts = json!({
            "title": [m.title_en, m.title_hi],
            "message": [m.en, m.hi],
            "advice": [m.do_en, m.do_hi],
            "tone": m.tone,
            "exit": m.exit,
        });
        (code.id(), texts)
    };
    let foreign = verdict::foreign_codes().iter().map(|(id, b)| (id.clone(), json!([b.en, b.hi])));
    json!({
        "messages": verdict::messages().iter().map(message).collect::<Map<_, _>>(),
        "foreign": foreign.collect::<Map<_, _>>(),
        "types": types::all().iter().map(a_type).collect::<Vec<_>>(),
        "tables": needed_tables(),
    })
}

#[test]
fn its_data_are_the_schemas() {
    let text = format!("{}\n", serde_json::to_string_pretty(&data()).unwrap());
    let path = package().join("mohar_verify/data.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let rewrite = "UPDATE=1 cargo test -p mohar-tests --test python_package its_data";
    assert!(written == text, "{} is older than schemas/: {rewrite} rewrites it", path.display());
}

#[test]
fn its_own_tests_pass() {
    let output =
        python(&["-W", "error", "-m", "unittest", "discover", "-s", "tests", "-t", "."]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    println!("{text}");
}

#[test]
fn its_types_hold() {
    let cache = checkout().join("target/mypy");
    succeeds(python(&["-m", "mypy", "--cache-dir"]).arg(cache).args(["mohar_verify", "tests"]));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What is installed is what colleges get: data, types and the command come along.
#[test]
fn it_installs_and_explains_itself() {
    let dir = std::env::temp_dir().join(format!("mohar-python-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    // A build leaves files beside the sources.
    copy(&package(), &dir.join("source"));
    let pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-build-isolation"];
    let to = ["--no-index", "--no-deps", "--target", "installed", "./source"];
    succeeds(python(&pip).args(to).current_dir(&dir));
    assert!(dir.join("installed/mohar_verify/py.typed").exists());
    let run = |arguments: &[&str]| {
        succeeds(python(arguments).current_dir(dir.join("installed")).env("PYTHONPATH", "."))
    };
    assert!(run(&["-m", "mohar_verify", "--help"]).contains("--root"));
    let words = "import mohar_verify as m; print(m.describe(m.Verdict('altered')).title.hi)";
    assert_eq!(run(&["-c", words]).trim(), "छेड़छाड़ हुई");
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn it_agrees_on_made_up_certificates() {
    let count = std::env::var("MOHAR_CASES").map_or(5_000, |n| n.parse().unwrap());
    let path = std::env::temp_dir().join(format!("mohar-cases-{}.ndjson", std::process::id()));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    cases::write(count, 1, &mut file).unwrap();
    file.flush().unwrap();
    let text = succeeds(python(&["-m", "tests.agreement", "--processes", "2"]).arg(&path));
    println!("{text}");
    assert!(text.contains(&format!("{count} of {count} cases agree")), "{text}");
    std::fs::remove_file(&path).unwrap();
}
