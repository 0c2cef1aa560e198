//! Parameters from TOML, or from the JSON tree of the benchmark: province, prefectures of ten counties, counties.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{toml_files, unopened};
use crate::dictionary::Dictionary;
use crate::fault::{Fault, Spot};
use crate::params::{Params, Places};

/// Parameters with the tree of places they are inherited along.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    /// Values.
    pub params: Params,
    /// Tree.
    pub places: Places,
    /// Whether places are called `county/N` (JSON tree) or by their number alone (TOML).
    tree: bool,
}

type Values = BTreeMap<String, Vec<(NaiveDate, i64)>>;

#[derive(Deserialize)]
struct Tree {
    province: Values,
    prefecture: BTreeMap<String, Values>,
    county: BTreeMap<String, Values>,
}

impl Regions {
    /// Code of a region.
    pub fn place(&self, region: u32) -> String {
        if self.tree { format!("county/{region}") } else { region.to_string() }
    }
}

/// Reads a `.toml` or `.json` parameter file, or all `.toml` files of a folder together.
///
/// # Errors
/// A fault with file and place.
pub fn parameters(path: &Path, dictionary: &Dictionary) -> Result<Regions, Fault> {
    if path.is_dir() {
        return folder(path, dictionary);
    }
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| unopened(path, &e))?;
    let mut regions = Regions { tree: path.extension().is_some_and(|e| e == "json"), ..Regions::default() };
    if !regions.tree {
        regions.params.read(dictionary, &mut regions.places, &name, &text)?;
        return Ok(regions);
    }
    let tree: Tree = serde_json::from_str(&text).map_err(|e| unopened(path, &e))?;
    let spot = Spot::file(&name);
    put(&mut regions.params, dictionary, &spot, "province", &tree.province)?;
    for (prefecture, values) in &tree.prefecture {
        let place = format!("prefecture/{prefecture}");
        regions.places.put(&place, "province");
        put(&mut regions.params, dictionary, &spot, &place, values)?;
    }
    for (county, values) in &tree.county {
        let place = format!("county/{county}");
        let number: u32 =
            county.parse().map_err(|_| spot.within(&place).fault("县编号不是数字", "not the number of a county"))?;
        regions.places.put(&place, &format!("prefecture/{}", number / 10));
        put(&mut regions.params, dictionary, &spot, &place, values)?;
    }
    Ok(regions)
}

fn folder(path: &Path, dictionary: &Dictionary) -> Result<Regions, Fault> {
    let mut regions = Regions::default();
    for path in toml_files(path)? {
        let text = std::fs::read_to_string(&path).map_err(|e| unopened(&path, &e))?;
        regions.params.read(dictionary, &mut regions.places, &path.display().to_string(), &text)?;
    }
    Ok(regions)
}

/// A parameter that no dictionary entry names is read over: the tree may serve other policies too.
fn put(params: &mut Params, dictionary: &Dictionary, spot: &Spot, place: &str, values: &Values) -> Result<(), Fault> {
    for (word, list) in values {
        let Some(id) = dictionary.param_id(word) else { continue };
        for (from, value) in list {
            let spot = spot.within(&format!("{word} at {place}"));
            params.set(id, place, *from, *value, &spot.file, &spot)?;
        }
    }
    Ok(())
}
