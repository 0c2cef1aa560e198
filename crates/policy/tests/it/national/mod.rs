//! The policy library of the product (`data/policies`): it loads, every golden case comes out as written, by the path of
//! one person and in bulk, and no small change of a policy goes unnoticed by its cases.

mod cases;
mod edit;
mod golden;
mod mutants;
mod words;

use std::path::{Path, PathBuf};

use policy::dictionary::Dictionary;
use policy::library::Library;
use policy::params::{Params, Places};

/// The texts of the library as (file name, text).
pub struct Shelf {
    pub dictionary: String,
    pub cards: Vec<(String, String)>,
    pub params: Vec<(String, String)>,
    pub cases: Vec<(String, String)>,
}

impl Shelf {
    pub fn open() -> Shelf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/policies");
        let mut cards = texts(&folder);
        let at = cards.iter().position(|(name, _)| name == "dictionary.toml").unwrap();
        let (_, dictionary) = cards.remove(at);
        Shelf { dictionary, cards, params: texts(&folder.join("params")), cases: texts(&folder.join("cases")) }
    }

    pub fn library(&self) -> Library {
        let cards = self.cards.iter().map(|(n, t)| (n.as_str(), t.as_str()));
        Library::read(("dictionary.toml", &self.dictionary), cards).unwrap_or_else(|faults| {
            let said: Vec<String> = faults.iter().map(|f| f.to_string()).collect();
            panic!("{}", said.join("\n"))
        })
    }

    pub fn params(&self, dictionary: &Dictionary) -> (Params, Places) {
        let (mut params, mut places) = (Params::default(), Places::default());
        for (name, text) in &self.params {
            params.read(dictionary, &mut places, name, text).unwrap_or_else(|f| panic!("{f}"));
        }
        (params, places)
    }
}

/// The TOML files of a folder, by name.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}
