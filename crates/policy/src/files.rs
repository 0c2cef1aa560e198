//! Files of persons, parameters and results, for commands (feature `files`): CSV, Parquet, TOML and JSON.
//!
//! A persons file has a column `person_id` (whole number), `region` (number of the place) and one column per fact, named
//! like in the dictionary; an empty cell is unknown, so is a fact without a column. Further columns are read over. For runs
//! night after night [`narrow`] keeps the ledger as it stands in memory.

pub mod narrow;
mod read;
mod tree;
mod write;

use std::path::{Path, PathBuf};

pub use read::{Persons, persons};
pub use tree::{Regions, parameters};
pub use write::results;

use crate::fault::{Fault, Spot};
use crate::ledger::{Layout, Ledger};
use crate::library::{Library, Plan};
use crate::local::Local;

/// Reads a folder of policies: `dictionary.toml` and one file per policy; folders in it (parameters, cases) are left out.
///
/// # Errors
/// All faults of the files, or one for a folder that cannot be read.
pub fn library(folder: &Path) -> Result<Library, Vec<Fault>> {
    let texts = texts(folder).map_err(|f| vec![f])?;
    let is_dictionary = |name: &str| Path::new(name).file_name().is_some_and(|n| n == "dictionary.toml");
    let dictionary = texts.iter().find(|(name, _)| is_dictionary(name));
    let Some(dictionary) = dictionary else {
        return Err(vec![
            Spot::file(&folder.display().to_string()).fault("缺少 dictionary.toml", "dictionary.toml is missing"),
        ]);
    };
    let cards = texts.iter().filter(|(name, _)| !is_dictionary(name)).map(|(n, t)| (n.as_str(), t.as_str()));
    Library::read((&dictionary.0, &dictionary.1), cards)
}

/// The TOML files of a folder, each as (path, text).
///
/// # Errors
/// A fault for the folder or the first file that cannot be read.
pub fn texts(folder: &Path) -> Result<Vec<(String, String)>, Fault> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(|e| unopened(&path, &e))?;
        Ok((path.display().to_string(), text))
    };
    toml_files(folder)?.into_iter().map(read).collect()
}

/// The plan at every place that persons live at, in the order of [`Persons::places`].
///
/// # Errors
/// The first fault of a parameter or a policy.
pub fn locals(library: &Library, plan: &Plan, regions: &Regions, persons: &Persons) -> Result<Vec<Local>, Fault> {
    let at = |place: &u32| plan.at(library, &regions.params, &regions.places, &regions.place(*place));
    persons.places.iter().map(at).collect()
}

/// The persons as a ledger that holds every fact of the plan.
///
/// # Errors
/// A fault that names file, row and fact of a value out of bounds.
pub fn ledger(library: &Library, plan: &Plan, persons: &Persons) -> Result<Ledger, Fault> {
    let layout = Layout::new(library.dictionary(), &narrow::facts_of(plan));
    let places = u32::try_from(persons.places.len()).unwrap_or(u32::MAX);
    let mut ledger = Ledger::new(layout, &persons.regions, places);
    for (fact, values) in &persons.facts {
        ledger.fill(*fact, values.iter().copied()).map_err(|out| {
            let fact = library.dictionary().fact(out.fact);
            let word = fact.map_or("", |f| f.id.as_str());
            let spot = Spot::file(&persons.file).within(&format!("row {}, {word}", out.row + 1));
            let (label, min, max) = fact.map_or(("", 0, 0), |f| (f.label.as_str(), f.min, f.max));
            spot.fault(
                format!(
                    "第 {} 行数据的“{label}”写的是 {}，应在 {min} 到 {max} 之间，请改正后重新运行",
                    out.row + 1,
                    out.value
                ),
                format!("{} is outside the bounds of the dictionary", out.value),
            )
        })?;
    }
    Ok(ledger)
}

/// The TOML files of a folder by name; folders in it are left out.
pub(crate) fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = std::fs::read_dir(folder).map_err(|e| unopened(folder, &e))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.retain(|path| path.is_file() && path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    Ok(paths)
}

pub(crate) fn unopened(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    Spot::file(&path.display().to_string()).fault(format!("文件打不开：{error}"), format!("cannot be read: {error}"))
}
