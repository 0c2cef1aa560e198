//! The shelf: the embedded library, what places made of it, and the plan of a day at a place.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use access::{PlaceRef, Scope};
use kernel::{Day, Outcome, Permit, Problem, place::DivisionId};
use people::persons::row::person;
use policy::{
    card::{self, Card},
    dictionary::{FactId, ParamId},
    fault::{Fault, Spot},
    library::{Library, Plan},
    local::Local,
    params::{Params, Places},
};

use super::view::{FactKind, PolicyShort, UNITS};
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

/// The library the product brings with what the installation adds to it, and its parameters.
pub struct Shelf {
    /// Cards that hold everywhere, and the dictionary.
    pub library: Arc<Library>,
    /// The same with the cards of places: for titles and lists, where no place is known.
    pub all: Library,
    /// Values by place and day.
    pub params: Params,
    /// The tree of places that have values of their own.
    pub places: Places,
    /// The texts of the cards that hold everywhere, by policy.
    pub texts: BTreeMap<&'static str, &'static str>,
    placed: Vec<Placed>,
    kept: Mutex<Kept>,
}

/// A card that holds at one place and below it.
struct Placed {
    place: String,
    policy: String,
    text: &'static str,
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
    /// What every answer says again.
    pub said: Arc<Said>,
}

/// What answers for persons say of policies and facts whoever is asked about: made once for a plan.
pub struct Said {
    /// By the number of a card in the library.
    cards: Vec<OfCard>,
    /// By the number of a fact in the dictionary.
    kinds: Vec<Arc<FactKind>>,
}

/// The same of one card.
pub struct OfCard {
    /// As lists show it.
    pub short: Arc<PolicyShort>,
    /// Facts that say that somebody receives it.
    pub approved: Vec<FactId>,
    /// Parameters of its condition.
    pub of_condition: Vec<ParamId>,
    /// Parameters of its amount.
    pub of_amount: Vec<ParamId>,
}

impl Said {
    fn of(library: &Library, plan: &Plan) -> Self {
        let facts = library.dictionary().facts();
        let card = |(number, card): (usize, &Card)| {
            let planned = plan.policies.iter().find(|p| p.card == number);
            let mut of_condition = Vec::new();
            if let Some(planned) = planned {
                params_of(&planned.line, &mut of_condition);
            }
            let amount = planned.and_then(|p| p.amount);
            let approved = facts.iter().zip(0..).filter(|(f, _)| f.approved_of.as_deref() == Some(card.id.as_str()));
            OfCard {
                short: Arc::new(PolicyShort::from(card)),
                approved: approved.map(|(_, id)| id).collect(),
                of_condition,
                of_amount: amount.map(|n| plan.core.asks_num(n).1).unwrap_or_default(),
            }
        };
        Self {
            cards: library.cards().iter().enumerate().map(card).collect(),
            kinds: facts.iter().map(|fact| Arc::new(FactKind::from(fact))).collect(),
        }
    }

    /// Of a card by its number.
    pub fn card(&self, number: usize) -> Option<&OfCard> {
        self.cards.get(number)
    }

    /// What a fact is.
    pub fn kind(&self, fact: FactId) -> Option<&Arc<FactKind>> {
        self.kinds.get(usize::from(fact))
    }
}

/// The parameters of a line and all below it.
fn params_of(line: &policy::lower::Line, found: &mut Vec<ParamId>) {
    found.extend(&line.params);
    line.below.iter().for_each(|below| params_of(below, found));
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
    /// The library of the product and the cards that an installation adds, each as (file, text). A card that names a place
    /// holds there and below it only.
    ///
    /// # Errors
    /// All faults of the cards: unreadable, unknown words, a word used twice, a place that is no code, a unit no screen shows.
    pub fn read(added: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        let own = CARDS.iter().map(|(file, text)| ((*file).to_owned(), *text));
        let added = added.iter().map(|(file, text)| (file.clone(), &*Box::leak(text.clone().into_boxed_str())));
        let (mut everywhere, mut placed, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (file, text) in own.chain(added) {
            match card::read(&file, text).and_then(usable) {
                Ok(card) if card.place.is_empty() => everywhere.push((card, text)),
                Ok(card) => placed.push((card, text)),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let base = Library::read(("dictionary.toml", DICTIONARY), std::iter::empty())?;
        let cards = |at: &dyn Fn(&Card) -> bool| {
            let here = placed.iter().map(|(card, _)| card).filter(|card| at(card));
            let cards: Vec<Card> = everywhere.iter().map(|(card, _)| card).chain(here).cloned().collect();
            Library::of(base.dictionary().clone(), cards)
        };
        let (library, all) = (cards(&|_| false)?, cards(&|_| true)?);
        // What a place reads is what holds everywhere, at the place and above it: nothing else may be named there.
        for place in placed.iter().map(|(card, _)| &card.place).collect::<BTreeSet<_>>() {
            cards(&|card| covers(&card.place, place))?;
        }
        let (mut params, mut places) = (Params::default(), Places::default());
        for (file, text) in PARAMS {
            params.read(library.dictionary(), &mut places, file, text).map_err(|fault| vec![fault])?;
        }
        let texts = everywhere.iter().map(|(card, text)| (&*Box::leak(card.id.clone().into_boxed_str()), *text));
        let texts = texts.collect();
        let placed =
            placed.into_iter().map(|(card, text)| Placed { place: card.place, policy: card.id, text }).collect();
        Ok(Self { library: Arc::new(library), all, params, places, texts, placed, kept: Mutex::default() })
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
        let placed = self.placed.iter().filter(|p| chain.0.iter().any(|(_, code)| *code == p.place));
        let placed = placed.map(|p| (p.policy.clone(), p.text.to_owned())).collect();
        let base = draft::Base { library: &self.library, texts: &self.texts, params: &self.params, placed };
        let edition = draft::edition(base, chain.places(), rows)?;
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
        let said = Arc::new(Said::of(&library, &plan));
        Ok(Here { library, plan, local: Arc::new(local), own, said })
    }
}

/// A card that every screen can show.
fn usable(card: Card) -> Result<Card, Fault> {
    let place = &card.place;
    if !place.is_empty() && (place.len() != 6 || !place.bytes().all(|b| b.is_ascii_digit())) {
        return Err(card.spot.within("place").fault(
            format!("“{place}”不是六位区划代码，请填县、市或省的代码（GB/T 2260）"),
            format!("`{place}` is no code of six digits of a county, city or province (GB/T 2260)"),
        ));
    }
    let units = card.versions.iter().filter_map(|v| v.amount.as_ref()).map(|a| &a.unit);
    if let Some(unit) = units.into_iter().find(|unit| !UNITS.iter().any(|(words, _)| words == *unit)) {
        return Err(card.spot.within("amount").fault(
            format!("不认识单位“{unit}”，请用 分、分/月 或 分/年"),
            format!("unknown unit `{unit}`; use 分, 分/月 or 分/年"),
        ));
    }
    Ok(card)
}

/// Whether what holds at one place holds at another: the same or one above it.
fn covers(above: &str, place: &str) -> bool {
    let digits = above.trim_end_matches("00");
    place.starts_with(digits) || above == place
}

static SHELF: OnceLock<Result<Shelf, Vec<Fault>>> = OnceLock::new();

/// Adds cards of the installation to the library, each as (file, text); to be called before anybody asks for the shelf.
/// Gives how many policies there are.
///
/// # Errors
/// All faults of the cards, with file, line and place.
pub fn stock(added: &[(String, String)]) -> Result<usize, Vec<Fault>> {
    let shelf = Shelf::read(added)?;
    let count = shelf.all.cards().len();
    if SHELF.set(Ok(shelf)).is_err() {
        let spot = Spot::file("policies");
        return Err(vec![spot.fault("政策库已经载入，不能再加", "the library is in use and takes no more cards")]);
    }
    Ok(count)
}

/// The shelf of the program.
pub fn shelf() -> Outcome<&'static Shelf> {
    SHELF
        .get_or_init(|| Shelf::read(&[]))
        .as_ref()
        .map_err(|faults| Problem::internal(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))
}

/// The plan of a day at a place: the library of the product with the revisions in force of the place and those above.
/// It is remembered while no revision or division changes ([`Scope::generation`]).
pub async fn here<P: Permit>(scope: &Scope<P>, day: Day, chain: &Chain) -> Outcome<Here> {
    here_by(scope.generation(), day, chain, async |ids| store::in_force(scope, ids).await).await
}

/// The places whose standards hold for a person, the nearest first, the county among them, and what they are called. Standards
/// are those of the registered place (社会救助法 art. 37); without one those of the residence.
pub async fn standards_of<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
) -> Outcome<(Chain, DivisionId, HashMap<DivisionId, PlaceRef>)> {
    let path = match person.hukou_village_id {
        Some(village) => scope.division(village).await?.place().path,
        None => person.path(),
    };
    let labels = scope.labels(path).await?;
    let [province, city, county, ..] = path;
    let places = [county, city, province].into_iter().filter_map(|id| Some((id, labels.get(&id)?.code.as_str())));
    Ok((Chain::new(places), county, labels))
}

/// The plan of a day at a place for a reader without a scope: `rows` gives the revisions in force of these places. Under a
/// generation below zero nothing is remembered.
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

    fn added(id: &str, place: &str, when: &str) -> (String, String) {
        let text = format!(
            "id = '{id}'\nnumber = 'X1'\ntitle = '本地补贴'\nplace = '{place}'\n[[version]]\nfrom = 2026-01-01\nsource = '某文件'\n\
             [version.when]\nis = '{when}'\ntext = '条件'\nsource = '第一条'\n[version.amount]\nis = '5000'\nunit = '分/月'\n"
        );
        (format!("{id}.toml"), text)
    }

    #[test]
    fn a_card_of_a_place_holds_there_and_below_it_only() {
        let day = kernel::day::parse("2026-11-25").unwrap();
        let cards = [
            added("x_nation", "", "p.age >= 70"),
            added("x_hunan", "430000", "p.age >= 75"),
            added("x_dingcheng", "430703", "p.age >= 80"),
        ];
        let shelf = Shelf::read(&cards).unwrap();
        let ids = |codes: &[&str]| {
            let here = shelf.with(day, &Chain::new((1..).zip(codes.iter().copied())), &[]).unwrap();
            let mut ids: Vec<String> =
                here.plan.policies.iter().map(|p| here.library.card(p.card).unwrap().id.clone()).collect();
            ids.retain(|id| id.starts_with("x_"));
            ids
        };
        assert_eq!(ids(&["430703", "4307", "43"]), ["x_dingcheng", "x_hunan", "x_nation"]);
        assert_eq!(ids(&["430702", "430700", "430000"]), ["x_hunan", "x_nation"]);
        assert_eq!(ids(&["110101", "110000"]), ["x_nation"]);
        assert_eq!(shelf.all.cards().len(), CARDS.len() + 3);
        assert_eq!(shelf.library.cards().len(), CARDS.len() + 1);
    }

    #[test]
    fn a_card_that_does_not_fit_is_refused_with_its_file() {
        let wrong = |card: (String, String)| Shelf::read(&[card]).err().unwrap().first().unwrap().to_string();
        assert!(wrong(added("dibao", "", "p.age >= 70")).contains("dibao"), "a word of the product");
        assert!(wrong(added("x", "4307", "p.age >= 70")).contains("x.toml"), "a code of four digits");
        assert!(wrong(added("x", "", "p.agee >= 70")).contains("p.agee"));
        let (file, text) = added("x", "", "p.age >= 70");
        assert!(wrong((file.clone(), text.replace("分/月", "元/月"))).contains("元/月"));
        let conflict = text.replace("title =", "conflicts = ['y']\ntitle =");
        let pair = [(file, conflict), added("y", "430703", "p.age >= 70")];
        assert!(Shelf::read(&pair).is_err(), "what holds everywhere names nothing of a place");
        assert!(covers("430000", "430703") && covers("430700", "430703") && !covers("430703", "430702"));
        assert!(!covers("430703", "430700") && covers("500107", "500107") && !covers("110000", "430703"));
    }
}
