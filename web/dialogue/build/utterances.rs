//! Reads and checks `schemas/assistant/<author>/*.tsv`: for the build script, the report and the test.

use mohar_dialogue_model::corpus::{self, Known, Utterance};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every utterance; or every fault, with file and line.
pub fn utterances(schemas: &Path) -> Result<Vec<Utterance>, Vec<String>> {
    let known = Known { services: ids(&schemas.join("services")), schemes: ids(&schemas.join("schemes")) };
    let (mut utterances, mut faults) = (vec![], vec![]);
    for folder in files(&schemas.join("assistant")).into_iter().filter(|f| f.is_dir()) {
        let author = name(&folder);
        for file in files(&folder).into_iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")) {
            let shown = format!("schemas/assistant/{author}/{}.tsv", name(&file));
            let read = fs::read_to_string(&file).map_err(|e| vec![format!("{shown}: {e}")]);
            match read.and_then(|text| corpus::read(&author, &shown, &text, &known)) {
                Ok(read) => utterances.extend(read),
                Err(found) => faults.extend(found),
            }
        }
    }
    faults.extend(corpus::missing(&utterances, &known));
    if faults.is_empty() { Ok(utterances) } else { Err(faults) }
}

fn ids(folder: &Path) -> BTreeSet<String> {
    files(folder).iter().filter(|f| f.extension().is_some_and(|e| e == "toml")).map(|f| name(f)).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).map(|all| all.filter_map(Result::ok).map(|f| f.path()).collect());
    let mut files: Vec<_> = read.unwrap_or_default();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
