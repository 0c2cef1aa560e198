//! What a browser must answer: every golden case and invented persons, with the conditions as data, as one file for the
//! tests of the desk (`web/tests/fixtures/policies.gen.json`). The file is generated; a difference is red.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aid::library::conditions::{CheckCondition, Data};
use policy::{
    dictionary::{Dictionary, FactId},
    library::{Library, Plan},
    local::Local,
    lower::Lowered,
    params::{Params, Places},
    person::{Case, Facts, Held, Seen, State},
};
use serde_json::{Value, json};

use crate::cases;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn tomls(folder: &str) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root(folder)).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let name = |p: &Path| p.file_name().unwrap().to_str().unwrap().to_owned();
    paths.into_iter().map(|p| (name(&p), std::fs::read_to_string(&p).unwrap())).collect()
}

struct World {
    library: Library,
    params: Params,
    places: Places,
}

fn world() -> World {
    let all = tomls("data/policies");
    let (dictionary, cards): (Vec<_>, Vec<_>) = all.iter().partition(|(name, _)| name == "dictionary.toml");
    let (name, text) = dictionary[0];
    let library = Library::read((name, text), cards.iter().map(|(n, t)| (n.as_str(), t.as_str()))).unwrap();
    let (mut params, mut places) = (Params::default(), Places::default());
    for (name, text) in tomls("data/policies/params") {
        params.read(library.dictionary(), &mut places, &name, &text).unwrap();
    }
    World { library, params, places }
}

/// A policy at a place on a day, and the rows asked of it.
struct Sheet<'a> {
    plan: &'a Plan,
    local: Local,
    policy: &'a Lowered,
    data: Data,
    rows: Vec<Value>,
}

impl Sheet<'_> {
    fn row(&mut self, dictionary: &Dictionary, name: &str, facts: &Facts) {
        let mut case = Case::new(self.plan, &self.local, dictionary, facts);
        let answer = case.answer(self.policy);
        let at = |ids: &[FactId]| self.data.places(ids);
        let known = self.data.facts.iter().enumerate().filter_map(|(place, id)| {
            let held = facts.seen(*id).map_or(Held::Unknown, |s| s.held);
            match (facts.state(dictionary, *id, self.plan.day), held) {
                // Too old: unknown to everybody.
                (State::Stale, _) => None,
                (_, Held::Known(value)) => Some(json!([place, value])),
                _ => None,
            }
        });
        let known: Vec<Value> = known.collect();
        let missing = &answer.missing;
        let asked: Vec<FactId> = missing.asked().map(|(fact, _)| fact).collect();
        let sets: Vec<Vec<usize>> = missing.sets.iter().map(|s| at(&missing.named(*s).collect::<Vec<_>>())).collect();
        let range = answer.range.map(|(low, high)| [low, high]);
        self.rows.push(json!([
            name,
            known,
            answer.status,
            answer.settled,
            answer.amount,
            range,
            at(&asked),
            sets,
            at(&answer.amount_missing)
        ]));
    }

    /// Values worth trying of a fact: its ends, and each side of every end of a run.
    fn values(&self, dictionary: &Dictionary, place: usize) -> Vec<i64> {
        let fact = dictionary.fact(self.data.facts[place]).unwrap();
        let mut values = vec![fact.min, fact.max, (fact.min + fact.max) / 2];
        for condition in &self.data.conditions {
            if let CheckCondition::Runs { fact: of, runs: Some(runs) } = condition
                && *of == place
            {
                values.extend(runs.iter().flat_map(|[a, b]| [a - 1, *a, *b, b + 1]));
            }
        }
        values.retain(|v| (fact.min..=fact.max).contains(v));
        values.sort_unstable();
        values.dedup();
        values
    }

    fn text(&self, library: &Library) -> String {
        let dictionary = library.dictionary();
        let fact = |id: &FactId| dictionary.fact(*id).map(|f| json!([f.id, f.min, f.max]));
        let head = json!({
            "policy": library.card(self.policy.card).unwrap().id, "place": self.local.place, "day": self.plan.day,
            "facts": self.data.facts.iter().filter_map(fact).collect::<Vec<_>>(),
            "conditions": self.data.conditions, "numbers": self.data.numbers,
            "when": self.data.condition(self.policy.when), "amount": self.policy.amount.map(|n| self.data.number(n)),
            "of": self.data.places(&self.policy.facts), "amount_of": self.data.places(&self.policy.amount_facts),
        });
        let rows: Vec<String> = self.rows.iter().map(Value::to_string).collect();
        let head = head.to_string();
        format!("{},\n\"rows\":[\n{}\n]}}", head.strip_suffix('}').unwrap(), rows.join(",\n"))
    }
}

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }
}

/// Invented persons per policy and place.
const INVENTED: usize = 12;

#[test]
fn the_file_of_the_browser_is_what_the_engine_says() {
    let world = world();
    let (library, dictionary) = (&world.library, world.library.dictionary());
    let sheets: Vec<cases::Cases> =
        tomls("data/policies/cases").iter().map(|(name, text)| cases::read(dictionary, name, text)).collect();
    let plans: BTreeMap<chrono::NaiveDate, Plan> =
        sheets.iter().flat_map(|s| &s.list).map(|c| (c.day, library.plan(c.day).unwrap())).collect();
    let mut texts = Vec::new();
    let mut count = 0;
    for file in &sheets {
        let mut groups: BTreeMap<(&str, chrono::NaiveDate), Vec<&cases::Case>> = BTreeMap::new();
        for case in &file.list {
            groups.entry((case.place.as_str(), case.day)).or_default().push(case);
        }
        for (number, ((place, day), list)) in groups.into_iter().enumerate() {
            let plan = &plans[&day];
            let policy = plan.policies.iter().find(|p| library.card(p.card).unwrap().id == file.policy).unwrap();
            let local = plan.at(library, &world.params, &world.places, place).unwrap();
            let data = Data::of(plan, &local, dictionary, [policy]);
            let mut sheet = Sheet { plan, local, policy, data, rows: Vec::new() };
            for case in list {
                sheet.row(dictionary, &case.name, &case.seen(dictionary));
                count += 1;
            }
            let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ ((policy.card as u64 + 1) * 7_919) ^ number as u64);
            for _ in 0..INVENTED {
                let mut facts = Facts::unknown(dictionary);
                for at in 0..sheet.data.facts.len() {
                    let values = sheet.values(dictionary, at);
                    if chance.below(5) < 3 {
                        let held = Held::Known(values[chance.below(values.len())]);
                        facts.set(sheet.data.facts[at], Seen { held, ..Seen::default() });
                    }
                }
                sheet.row(dictionary, "", &facts);
            }
            texts.push(sheet.text(library));
        }
    }
    assert!(count >= 677, "{count} golden cases");
    let now = format!("[\n{}\n]\n", texts.join(",\n"));
    let path = root("web/tests/fixtures/policies.gen.json");
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "web/tests/fixtures/policies.gen.json is out of date; run: make cases");
}
