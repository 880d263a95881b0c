//! Lists the data files, so that a new certificate type, table, service or workflow is one file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let mut code = String::new();
    for folder in ["types", "tables", "services", "workflows", "schemes"] {
        let path = Path::new(&root).join(folder);
        println!("cargo:rerun-if-changed={}", path.display());
        let files = fs::read_dir(&path).expect("the folder of data files").filter_map(Result::ok);
        let mut files: Vec<_> = files.map(|f| f.path()).collect();
        files.retain(|f| f.extension().is_some_and(|end| end == "toml"));
        files.sort();
        let _ = writeln!(code, "/// Name and text of each file in `{folder}/`.");
        let _ = writeln!(code, "pub const {}: &[(&str, &str)] = &[", folder.to_uppercase());
        for file in files {
            let name = file.file_stem().and_then(|n| n.to_str()).expect("a readable name").to_owned();
            let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string());
        }
        code.push_str("];\n");
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("data.rs");
    fs::write(out, code).expect("written");
}
