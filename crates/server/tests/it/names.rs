//! Names in the contract: two types of one name would silently become one of them.

use std::{
    collections::{BTreeMap, BTreeSet},
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

#[test]
fn parameters_stand_in_the_path_exactly_where_it_names_them() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api/openapi.json");
    let contract: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, operations) in contract["paths"].as_object().unwrap() {
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        for (method, operation) in operations.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
            let stands: BTreeSet<&str> =
                parameters.iter().filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
            seen += stands.len();
            if stands != named {
                wrong.push(format!("{method} {path}: {stands:?}"));
            }
        }
    }
    assert!(seen > 100, "{seen} parameters of paths");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
