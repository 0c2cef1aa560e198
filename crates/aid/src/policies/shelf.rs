//! The shelf: the embedded library, and the plan of a day at a place.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use kernel::{Day, Outcome, Problem};
use policy::{
    library::{Library, Plan},
    local::Local,
    params::{Params, Places},
};

/// Fact dictionary (事实字典).
const DICTIONARY: &str = include_str!("../../../../data/policies/dictionary.toml");

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../data/policies/", $folder, $name)))),*]
    };
}

/// Cards.
const CARDS: &[(&str, &str)] = files!("":
    "P01-dibao.toml",
    "P02-dibao-single.toml",
    "P03-near.toml",
    "P04-rigid.toml",
    "P05-tekun.toml",
    "P06-temp-urgent.toml",
    "P07-temp-spend.toml",
    "P08-med-premium.toml",
    "P09-med-cost.toml",
    "P10-disease-emergency.toml",
    "P11-edu.toml",
    "P12-housing-urban.toml",
    "P13-housing-rural.toml",
    "P14-employment.toml",
    "P15-disaster.toml",
    "P16-homeless.toml",
    "P17-orphan.toml",
    "P18-defacto.toml",
    "P19-hiv-child.toml",
    "P20-rehab-child.toml",
    "P21-dis-living.toml",
    "P22-dis-care.toml",
    "P23-elder-allowance.toml",
    "P24a-elder-service.toml",
    "P24b-elder-care.toml",
    "P25-legal-aid.toml",
    "P26-judicial-aid.toml",
    "P27-price-subsidy.toml",
    "P28-veteran.toml",
    "P29-fp-special.toml",
    "P30-guardianship.toml",
    "P31-mental-care.toml",
    "P32-correction-help.toml",
    "P33-child-subsidy.toml",
    "P34-ltc.toml",
    "P35-local-misc.toml",
);

/// Parameters by place and day.
const PARAMS: &[(&str, &str)] = files!("params/":
    "430703-example.toml",
    "500107-example.toml",
    "national.toml",
);

/// Plans that are kept: the counties of a busy day.
const KEPT: usize = 4_000;

/// The library with its parameters.
pub struct Shelf {
    /// Cards and dictionary.
    pub library: Library,
    /// Values by place and day.
    pub params: Params,
    /// The tree of places that have values of their own.
    pub places: Places,
    plans: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    day: Option<Day>,
    plan: Option<Arc<Plan>>,
    local: HashMap<String, Arc<Local>>,
}

/// The plan of a day at a place.
pub struct Here {
    /// Cards and dictionary.
    pub library: &'static Library,
    /// All policies in force.
    pub plan: Arc<Plan>,
    /// Parameters as they hold here.
    pub local: Arc<Local>,
}

impl Shelf {
    fn read() -> Result<Self, String> {
        let faults =
            |all: Vec<policy::fault::Fault>| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let library = Library::read(("dictionary.toml", DICTIONARY), CARDS.iter().copied()).map_err(faults)?;
        let (mut params, mut places) = (Params::default(), Places::default());
        for (file, text) in PARAMS {
            params.read(library.dictionary(), &mut places, file, text).map_err(|fault| fault.to_string())?;
        }
        Ok(Self { library, params, places, plans: Mutex::default() })
    }
}

/// The shelf of the program.
pub fn shelf() -> Outcome<&'static Shelf> {
    static SHELF: OnceLock<Result<Shelf, String>> = OnceLock::new();
    SHELF.get_or_init(Shelf::read).as_ref().map_err(Problem::internal)
}

/// The plan of a day at a place, whose codes are given nearest first (county, city, province); parameters of the nearest
/// place hold, the nation's last.
pub fn here(day: Day, codes: &[&str]) -> Outcome<Here> {
    let shelf = shelf()?;
    let mut kept = shelf.plans.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.day != Some(day) || kept.local.len() > KEPT {
        let plan = shelf.library.plan(day).map_err(Problem::internal)?;
        *kept = Kept { day: Some(day), plan: Some(Arc::new(plan)), local: HashMap::new() };
    }
    let plan = kept.plan.clone().ok_or(Problem::Unavailable)?;
    // Parameters name provinces and cities by six digits as well (GB/T 2260).
    let codes: Vec<String> = codes.iter().map(|code| format!("{code:0<6}")).collect();
    let key = codes.join(" ");
    if let Some(local) = kept.local.get(&key) {
        return Ok(Here { library: &shelf.library, plan, local: local.clone() });
    }
    let mut places = shelf.places.clone();
    let chain: Vec<&str> = codes.iter().map(String::as_str).chain([NATION]).collect();
    for pair in chain.windows(2) {
        if let [below, above] = pair {
            places.put(below, above);
        }
    }
    let place = chain.first().copied().unwrap_or(NATION);
    let local = plan.at(&shelf.library, &shelf.params, &places, place).map_err(Problem::internal)?;
    let local = Arc::new(local);
    kept.local.insert(key, local.clone());
    Ok(Here { library: &shelf.library, plan, local })
}

/// The nation as a place of parameters.
const NATION: &str = "national";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_no_fault_and_every_policy_a_plan_everywhere() {
        let day = kernel::day::parse("2026-11-25").unwrap();
        let nowhere = here(day, &["110101", "110000"]).unwrap();
        let dingcheng = here(day, &["430703", "4307", "43"]).unwrap();
        let k = nowhere.library.dictionary().param_id("near.k").unwrap();
        assert_eq!(dingcheng.local.params[usize::from(k)].as_ref().unwrap().place, "430000", "of the province");
        assert!(nowhere.plan.policies.len() >= 35, "{}", nowhere.plan.policies.len());
        let std = nowhere.library.dictionary().param_id("dibao.std").unwrap();
        assert_eq!(nowhere.local.params[usize::from(std)], None, "no standard is invented");
        let example = dingcheng.local.params[usize::from(std)].clone().unwrap();
        assert!(example.example && !example.verified, "values of a real place are not known");
    }
}
