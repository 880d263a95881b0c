//! Makes one script of the portal's plain modules, and one of those that come when they are needed, so that a
//! check is not a fetch a module. Every module becomes a function that gives what it exports; lines of comment
//! and indentation are left out. The modules keep to few forms of `import` and `export`, one a line and one
//! name an `export`; any other form ends the build.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where the page begins.
const PAGE: &[&str] = &["/js/app.js"];
/// What it asks for later, and the script that has it.
const LATER: &[&str] = &["/js/files.js", "/js/scanner/decoder.js", "/js/scanner/view.js"];
const LATER_SCRIPT: &str = "/js/later.js";

fn main() {
    println!("cargo:rerun-if-changed=portal/js");
    println!("cargo:rerun-if-changed=package");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let write = |name: &str, text: String| fs::write(out.join(name), text).expect("the build's own folder");
    let later = Bundle::of(LATER, &Bundle::of(PAGE, &Bundle::default()));
    let shared: Vec<_> = later.shared.iter().map(|path| name_of(path)).collect();
    let [shared, given] = [&shared, &later.names()].map(|names| names.join(", "));
    let page = Bundle::of(PAGE, &Bundle::default());
    // What the page shares is handed in: both have the same state.
    let open = format!("import({LATER_SCRIPT:?}).then((script) => script.open({{ {shared} }}))");
    write("page.js", format!("const later = () => {open};\n{}", page.text()));
    write(
        "later.js",
        format!(
            "let opened = null;\nexport const open = (shared) => (opened ??= all(shared));\nfunction all({{ {shared} }}) {{\n{}return {{ {given} }};\n}}\n",
            later.text()
        ),
    );
}

/// Modules, each after those that it imports.
#[derive(Default)]
struct Bundle {
    /// Path and text of each.
    modules: Vec<(String, String)>,
    /// What it takes from the bundle before it.
    shared: BTreeSet<String>,
}

impl Bundle {
    fn of(entries: &[&str], before: &Self) -> Self {
        let mut bundle = Self::default();
        for path in entries {
            bundle.add(path, before);
        }
        bundle
    }

    fn has(&self, path: &str) -> bool {
        self.modules.iter().any(|(p, _)| p == path)
    }

    fn names(&self) -> Vec<String> {
        self.modules.iter().map(|(path, _)| name_of(path)).collect()
    }

    fn text(&self) -> String {
        self.modules.iter().map(|(_, text)| text.as_str()).collect()
    }

    fn add(&mut self, path: &str, before: &Self) {
        if before.has(path) {
            self.shared.insert(path.to_owned());
            return;
        }
        if self.has(path) {
            return;
        }
        let file = file_of(path);
        let source = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let (mut body, mut exports) = (String::new(), vec![]);
        for line in source.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("//")) {
            let known = self.line(path, line, &mut exports, before);
            let known = known.filter(|_| line.matches('`').count() % 2 == 0);
            let line = known.unwrap_or_else(|| panic!("{path}: the build does not know this form: {line}"));
            body.push_str(&line);
        }
        let (name, exports) = (name_of(path), exports.join(", "));
        self.modules.push((
            path.to_owned(),
            format!("const {name} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"),
        ));
    }

    /// A line as it stands in the function of its module; none if its form is not known.
    fn line(&mut self, path: &str, line: &str, exports: &mut Vec<String>, before: &Self) -> Option<String> {
        if let Some(rest) = line.strip_prefix("import ") {
            let (names, from) = rest.strip_suffix("\";")?.split_once('"')?;
            let from = resolved(path, from);
            self.add(&from, before);
            return Some(match names.strip_suffix(" from ") {
                None => String::new(),
                Some(names) => {
                    let names = names.strip_prefix("* as ").unwrap_or(names).replace(" as ", ": ");
                    format!("const {names} = {};\n", name_of(&from))
                }
            });
        }
        if let Some(rest) = line.strip_prefix("export { ") {
            let (names, from) = rest.strip_suffix("\";")?.split_once(" } from \"")?;
            let from = resolved(path, from);
            self.add(&from, before);
            exports.extend(names.split(", ").map(|name| format!("{name}: {}.{name}", name_of(&from))));
            return Some(String::new());
        }
        if let Some(rest) = line.strip_prefix("export ") {
            let kinds = ["const ", "class ", "function ", "async function "];
            let named = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
            exports.push(named.split(|c: char| !c.is_alphanumeric() && c != '_').next()?.to_owned());
            return Some(format!("{rest}\n"));
        }
        let Some((head, rest)) = line.split_once("import(\"") else { return Some(format!("{line}\n")) };
        let (asked, tail) = rest.split_once("\")")?;
        let asked = resolved(path, asked);
        LATER
            .contains(&asked.as_str())
            .then(|| format!("{head}later().then((modules) => modules.{}){tail}\n", name_of(&asked)))
    }
}

/// The address of what a module imports.
fn resolved(path: &str, import: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            "" => parts.truncate(1),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn name_of(path: &str) -> String {
    path.trim_start_matches('/').trim_end_matches(".js").replace(['/', '-'], "_")
}

fn file_of(path: &str) -> PathBuf {
    let room = if path.starts_with("/package/") { "." } else { "portal" };
    Path::new(room).join(path.trim_start_matches('/'))
}
