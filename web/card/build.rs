//! Lists the films that are made, so that a new one is one file.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let folder = Path::new(&root).join("../../schemas/schemes/films");
    println!("cargo:rerun-if-changed={}", folder.display());
    let files = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<_> = files.map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|end| end == "mp4"));
    files.sort();
    let mut code = String::from("/// Name and bytes of each film.\npub const FILMS: &[(&str, &[u8])] = &[\n");
    for file in files {
        let name = file.file_stem().and_then(|n| n.to_str()).expect("a readable name").to_owned();
        let _ = writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string());
    }
    code.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("films.rs");
    fs::write(out, code).expect("written");
}
