//! The shelf: the embedded library, what places made of it, and the plan of a day at a place.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use access::Scope;
use kernel::{Day, Outcome, Permit, Problem, place::DivisionId};
use policy::{
    library::{Library, Plan},
    local::Local,
    params::{Params, Places},
};

use crate::revisions::{draft, row::policy_revision, store};

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

/// Places and days whose plan is kept: the counties of a busy day.
const KEPT: usize = 4_000;
/// The nation as a place of parameters.
const NATION: &str = "national";

/// The library the product brings, with its parameters.
pub struct Shelf {
    /// Cards and dictionary.
    pub library: Arc<Library>,
    /// Values by place and day.
    pub params: Params,
    /// The tree of places that have values of their own.
    pub places: Places,
    /// The texts of the cards by policy.
    pub texts: BTreeMap<&'static str, &'static str>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    generation: i64,
    plans: HashMap<Day, Arc<Plan>>,
    here: HashMap<String, Here>,
}

/// The plan of a day at a place.
#[derive(Clone)]
pub struct Here {
    /// Cards and dictionary.
    pub library: Arc<Library>,
    /// All policies in force.
    pub plan: Arc<Plan>,
    /// Parameters as they hold here.
    pub local: Arc<Local>,
    /// Texts of the cards that differ here from those of the product, by policy.
    pub own: Arc<BTreeMap<String, String>>,
}

impl Here {
    /// The text of a policy's card.
    pub fn text(&self, policy: &str) -> Option<&str> {
        let own = self.own.get(policy).map(String::as_str);
        own.or_else(|| shelf().ok()?.texts.get(policy).copied())
    }
}

/// A place and those above it, the nearest first: county, city, province, each with its code of six digits (GB/T 2260).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chain(Vec<(DivisionId, String)>);

impl Chain {
    /// Of these places, the nearest first, by id and code; a code of fewer digits is filled up.
    pub fn new<'a>(places: impl IntoIterator<Item = (DivisionId, &'a str)>) -> Self {
        Self(places.into_iter().map(|(id, code)| (id, format!("{code:0<6}"))).collect())
    }

    /// Ids and codes.
    pub fn places(&self) -> &[(DivisionId, String)] {
        &self.0
    }

    fn key(&self, day: Day) -> String {
        let codes: Vec<String> = self.0.iter().map(|(id, code)| format!("{id}:{code}")).collect();
        format!("{day} {}", codes.join(" "))
    }
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
        let mut texts = BTreeMap::new();
        for (file, text) in CARDS {
            let card = library.cards().iter().find(|card| card.spot.file == *file).ok_or("a card without its text")?;
            texts.insert(&*Box::leak(card.id.clone().into_boxed_str()), *text);
        }
        Ok(Self { library: Arc::new(library), params, places, texts, kept: Mutex::default() })
    }

    /// What is kept of a place and day under this generation.
    fn kept(&self, generation: i64, key: &str) -> Option<Here> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.generation == generation { kept.here.get(key).cloned() } else { None }
    }

    fn keep(&self, generation: i64, key: String, here: &Here) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if generation > kept.generation || kept.here.len() >= KEPT {
            *kept = Kept { generation: generation.max(kept.generation), ..Kept::default() };
        }
        if kept.generation == generation {
            kept.here.insert(key, here.clone());
        }
    }

    /// The plan of a day for all places without cards of their own.
    fn plan(&self, day: Day) -> Outcome<Arc<Plan>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = kept.plans.get(&day) {
            return Ok(plan.clone());
        }
        let plan = Arc::new(self.library.plan(day).map_err(Problem::internal)?);
        if kept.plans.len() >= KEPT {
            kept.plans.clear();
        }
        kept.plans.insert(day, plan.clone());
        Ok(plan)
    }

    /// The plan of a day at a place with these revisions of it and the places above.
    ///
    /// # Errors
    /// Invalid with the place in the text, when a revision does not fit the library.
    pub fn with(&self, day: Day, chain: &Chain, rows: &[policy_revision::Model]) -> Outcome<Here> {
        let edition = draft::edition(&self.library, &self.texts, &self.params, chain.places(), rows)?;
        let own = Arc::new(edition.own);
        let (library, plan) = if own.is_empty() {
            (self.library.clone(), self.plan(day)?)
        } else {
            let plan = edition.library.plan(day).map_err(draft::told)?;
            (Arc::new(edition.library), Arc::new(plan))
        };
        let mut places = self.places.clone();
        let codes: Vec<&str> = chain.0.iter().map(|(_, code)| code.as_str()).chain([NATION]).collect();
        for pair in codes.windows(2) {
            if let [below, above] = pair {
                places.put(below, above);
            }
        }
        let place = codes.first().copied().unwrap_or(NATION);
        let local = plan.at(&library, &edition.params, &places, place).map_err(draft::told)?;
        Ok(Here { library, plan, local: Arc::new(local), own })
    }
}

/// The shelf of the program.
pub fn shelf() -> Outcome<&'static Shelf> {
    static SHELF: OnceLock<Result<Shelf, String>> = OnceLock::new();
    SHELF.get_or_init(Shelf::read).as_ref().map_err(Problem::internal)
}

/// The plan of a day at a place: the library of the product with the revisions in force of the place and those above.
/// It is remembered while no revision or division changes ([`Scope::generation`]).
pub async fn here<P: Permit>(scope: &Scope<P>, day: Day, chain: &Chain) -> Outcome<Here> {
    here_by(scope.generation(), day, chain, async |ids| store::in_force(scope, ids).await).await
}

/// The same for a reader without a scope: `rows` gives the revisions in force of these places. Under a generation below
/// zero nothing is remembered.
pub async fn here_by(
    generation: i64,
    day: Day,
    chain: &Chain,
    rows: impl AsyncFnOnce(Vec<DivisionId>) -> Outcome<Vec<policy_revision::Model>>,
) -> Outcome<Here> {
    let (shelf, key) = (shelf()?, chain.key(day));
    if let Some(found) = shelf.kept(generation, &key) {
        return Ok(found);
    }
    let rows = rows(chain.0.iter().map(|(id, _)| *id).collect()).await?;
    let here = match shelf.with(day, chain, &rows) {
        Ok(here) => here,
        Err(problem) => {
            // A newer product may no longer know what a card of a place asks for: its numbers hold all the same.
            tracing::error!(cause = %problem, "revised cards do not fit the library; left out");
            let numbers: Vec<_> = rows.into_iter().filter(|row| row.policy.is_none()).collect();
            shelf.with(day, chain, &numbers)?
        }
    };
    shelf.keep(generation, key, &here);
    Ok(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_no_fault_and_every_policy_a_plan_everywhere() {
        let day = kernel::day::parse("2026-11-25").unwrap();
        let at =
            |codes: &[&str]| shelf().unwrap().with(day, &Chain::new((1..).zip(codes.iter().copied())), &[]).unwrap();
        let nowhere = at(&["110101", "110000"]);
        let dingcheng = at(&["430703", "4307", "43"]);
        let k = nowhere.library.dictionary().param_id("near.k").unwrap();
        assert_eq!(dingcheng.local.params[usize::from(k)].as_ref().unwrap().place, "430000", "of the province");
        assert!(nowhere.plan.policies.len() >= 35, "{}", nowhere.plan.policies.len());
        let std = nowhere.library.dictionary().param_id("dibao.std").unwrap();
        assert_eq!(nowhere.local.params[usize::from(std)], None, "no standard is invented");
        let example = dingcheng.local.params[usize::from(std)].clone().unwrap();
        assert!(example.example && !example.verified, "values of a real place are not known");
    }
}
