//! Names in the contract: two types of one name would silently become one of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// All sources of the rooms.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The names under which a source puts types into the contract.
fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !(line.trim_start().starts_with("#[derive(") && line.contains("ToSchema")) {
            continue;
        }
        let mut alias = None;
        for line in lines.by_ref() {
            let line = line.trim_start();
            if let Some((_, rest)) = line.split_once("schema(as = ") {
                alias = rest.split([')', ',']).next().map(str::to_owned);
            }
            let declared =
                line.split_once("struct ").or(line.split_once("enum ")).filter(|_| !line.starts_with(['/', '#']));
            if let Some((_, rest)) = declared {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                found.push(alias.unwrap_or(name));
                break;
            }
        }
    }
    found
}

#[test]
fn no_two_types_have_one_name_in_the_contract() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let mut all: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files.into_iter().filter(|f| f.components().any(|c| c.as_os_str() == "src")) {
        for name in names(&std::fs::read_to_string(&file).unwrap()) {
            all.entry(name).or_default().push(file.clone());
        }
    }
    assert!(all.len() > 200, "{} names were found", all.len());
    let twice: Vec<_> = all.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}
