//! Ten thousand invented policies over invented facts: the engine against DuckDB, and the bulk run against the single person.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;

use policy::ledger::{Layout, Ledger};
use policy::library::{Library, Plan};
use policy::local::Local;
use policy::params::{Params, Places};
use policy::person::{Case, Facts, Held, Seen};
use policy::screen::{Outcome, Screen, Speed};
use policy::sql;
use serde_json::{Value, json};

use crate::invent::{self, Dice, FACTS, PARAMS};

const BATCHES: u64 = 100;
const POLICIES: usize = 100;
const ROWS: usize = 80;
const REGIONS: u32 = 3;

/// Policies of one seed with persons and parameters.
pub struct World {
    pub library: Library,
    pub plan: Plan,
    pub locals: Vec<Local>,
    pub params: Vec<BTreeMap<&'static str, Option<i64>>>,
    pub regions: Vec<u32>,
    pub rows: Vec<Vec<Option<i64>>>,
}

impl World {
    /// `policies` policies that pass the bounds check, and `rows` persons.
    pub fn new(seed: u64, policies: usize, rows: usize, unknown: u64) -> World {
        let mut dice = Dice::new(seed);
        let dictionary = invent::dictionary();
        let spot = policy::fault::Spot::default();
        let day = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        let empty = Library::read(("d", &dictionary), []).unwrap();
        let mut params = Params::default();
        let mut held = Vec::new();
        for region in 0..REGIONS {
            let mut values = BTreeMap::new();
            for (at, (word, _)) in PARAMS.iter().enumerate() {
                let value = match *word {
                    "std" => Some(dice.between(300, 1200)),
                    "cap" => Some(dice.between(-500, 90_000)),
                    "on" => Some(dice.between(0, 2)),
                    // Missing in all regions but one.
                    "gone" => (region == 1).then(|| dice.between(0, 50)),
                    _ => Some(dice.between(0, 2500)),
                };
                if let Some(value) = value {
                    let (place, at) = (region.to_string(), u16::try_from(at).unwrap());
                    // Whole numbers are set without a decimal point, so steps are written as a decimal text.
                    let decimals = empty.dictionary().param(at).unwrap().decimals as usize;
                    let digits = format!("{:0width$}", value.abs(), width = decimals + 1);
                    let (whole, part) = digits.split_at(digits.len() - decimals);
                    let sign = if value < 0 { "-" } else { "" };
                    let text = format!(
                        "[[param]]\nid = \"{word}\"\nplace = \"{place}\"\nfrom = 2026-01-01\nvalue = {sign}{whole}.{part}0\n"
                    );
                    params
                        .read(empty.dictionary(), &mut Places::default(), "p", &text)
                        .unwrap_or_else(|f| panic!("{f} {spot}"));
                }
                values.insert(*word, value);
            }
            held.push(values);
        }
        let mut texts: Vec<(String, String)> = Vec::new();
        while texts.len() < policies {
            let id = format!("q{}", texts.len());
            let text = invent::policy(&mut dice, &id);
            // Refused are only policies whose numbers may leave 64 bits or a name that hides a fact.
            let Ok(one) = Library::read(("d", &dictionary), [(id.as_str(), text.as_str())]) else {
                panic!(
                    "refused: {text}\n{:?}",
                    Library::read(("d", &dictionary), [(id.as_str(), text.as_str())]).err()
                );
            };
            let plan = one.plan(day).unwrap();
            if (0..REGIONS).all(|r| plan.at(&one, &params, &Places::default(), &r.to_string()).is_ok()) {
                texts.push((id, text));
            }
        }
        let library = Library::read(("d", &dictionary), texts.iter().map(|(i, t)| (i.as_str(), t.as_str()))).unwrap();
        let plan = library.plan(day).unwrap();
        let locals =
            (0..REGIONS).map(|r| plan.at(&library, &params, &Places::default(), &r.to_string()).unwrap()).collect();
        let regions = (0..rows).map(|_| dice.below(u64::from(REGIONS)) as u32).collect();
        let rows =
            (0..rows).map(|_| (0..FACTS.len()).map(|f| invent::value(&mut dice, f, unknown)).collect()).collect();
        World { library, plan, locals, params: held, regions, rows }
    }

    pub fn ledger(&self) -> Ledger {
        let all: Vec<u16> = (0..FACTS.len() as u16).collect();
        let mut ledger = Ledger::new(Layout::new(self.library.dictionary(), &all), &self.regions, REGIONS);
        for fact in 0..FACTS.len() {
            ledger.fill(fact as u16, self.rows.iter().map(|row| row[fact])).unwrap();
        }
        ledger
    }

    pub fn bulk(&self, speed: Speed, threads: usize) -> (Ledger, Outcome) {
        let ledger = self.ledger();
        let screen = Screen::new(&self.plan, ledger.layout(), &self.locals);
        let mut outcome = screen.outcome(&ledger);
        screen.run_at(speed, &ledger, NonZero::new(threads).unwrap(), &mut outcome);
        (ledger, outcome)
    }

    pub fn facts(&self, row: usize) -> Facts {
        let mut facts = Facts::unknown(self.library.dictionary());
        for (fact, value) in self.rows[row].iter().enumerate() {
            if let Some(value) = value {
                facts.set(fact as u16, Seen { held: Held::Known(*value), ..Seen::default() });
            }
        }
        facts
    }

    pub fn case<'a>(&'a self, row: usize, facts: &Facts) -> Case<'a> {
        Case::new(&self.plan, &self.locals[self.regions[row] as usize], self.library.dictionary(), facts)
    }

    fn batch(&self) -> Value {
        let types: BTreeMap<&str, &str> =
            FACTS.iter().map(|(name, kind, ..)| (*name, if *kind == "flag" { "BOOLEAN" } else { "BIGINT" })).collect();
        let facts: BTreeMap<&str, Vec<Value>> = (0..FACTS.len())
            .map(|f| {
                let flag = FACTS[f].1 == "flag";
                let cell = |v: Option<i64>| v.map_or(Value::Null, |v| if flag { json!(v == 1) } else { json!(v) });
                (FACTS[f].0, self.rows.iter().map(|row| cell(row[f])).collect())
            })
            .collect();
        let sql: Vec<Value> = (0..self.plan.policies.len())
            .map(|p| {
                let card = self.library.card(self.plan.policies[p].card).unwrap();
                let sql = sql::write(self.library.dictionary(), card, card.version_on(self.plan.day).unwrap()).unwrap();
                json!([sql.status, sql.amount])
            })
            .collect();
        json!({ "types": types, "facts": facts, "region": self.regions, "params": self.params, "sql": sql })
    }
}

#[test]
fn ten_thousand_policies_agree_with_the_database() {
    let folder = std::env::temp_dir().join(format!("sheqiao-oracle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (source, target) = (folder.join("in.json"), folder.join("out.json"));
    let worlds: Vec<World> = (1..=BATCHES).map(|seed| World::new(seed, POLICIES, ROWS, 25)).collect();
    std::fs::write(&source, serde_json::to_vec(&worlds.iter().map(World::batch).collect::<Vec<_>>()).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/oracle.sh");
    let status = Command::new(script).arg(&source).arg(&target).status().unwrap();
    assert!(status.success(), "the database did not run");
    let answers: Vec<Vec<Value>> = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut counts = [0_usize; 4];
    for (seed, (world, answers)) in (1..).zip(worlds.iter().zip(&answers)) {
        let (ledger, outcome) = world.bulk(Speed::Best, 1);
        for (p, answer) in answers.iter().enumerate() {
            for row in 0..ROWS {
                let cell = outcome.cell(p, ledger.slots()[row]).unwrap();
                let (status, amount) = (answer["status"][row].as_bool(), answer["amount"][row].as_i64());
                assert_eq!((cell.status, cell.amount), (status, amount), "seed {seed} policy {p} row {row}");
                counts[status.map_or(2, usize::from)] += 1;
                counts[3] += usize::from(amount.is_some());
            }
        }
    }
    // The comparison would be empty if nearly everything came out the same way.
    assert!(counts.iter().all(|c| *c > 20_000), "{counts:?}");
}

#[test]
fn the_single_person_gets_what_the_bulk_run_says() {
    for seed in 1000..1040 {
        let world = World::new(seed, 40, 60, 30);
        let (ledger, outcome) = world.bulk(Speed::Best, 1);
        for row in 0..60 {
            let facts = world.facts(row);
            for (p, answer) in world.case(row, &facts).answers().iter().enumerate() {
                let cell = outcome.cell(p, ledger.slots()[row]).unwrap();
                assert_eq!(
                    (answer.status, answer.amount),
                    (cell.status, cell.amount),
                    "seed {seed} policy {p} row {row}"
                );
            }
        }
    }
}

#[test]
fn all_inner_loops_and_any_number_of_threads_give_the_same_bits() {
    // The last is larger than the caches, where amounts are written past them.
    let worlds = (2000..2010).map(|seed| (seed, 2000)).chain([(2010, 200_000)]);
    for (seed, rows) in worlds {
        let world = World::new(seed, 60, rows, 20);
        let (_, best) = world.bulk(Speed::Best, 1);
        for (speed, threads) in [(Speed::Avx2, 1), (Speed::Portable, 1), (Speed::Best, 2), (Speed::Best, 7)] {
            assert!(world.bulk(speed, threads).1 == best, "seed {seed} {speed:?} {threads}");
        }
    }
}

#[test]
fn room_that_was_used_before_holds_nothing_of_the_former_run() {
    for seed in 3000..3020 {
        let mut world = World::new(seed, 30, 1500, 20);
        let (_, mut outcome) = world.bulk(Speed::Best, 1);
        let mut dice = Dice::new(seed);
        for row in &mut world.rows {
            for (fact, value) in row.iter_mut().enumerate() {
                if dice.chance(30) {
                    *value = invent::value(&mut dice, fact, 50);
                }
            }
        }
        let (ledger, fresh) = world.bulk(Speed::Best, 1);
        let screen = Screen::new(&world.plan, ledger.layout(), &world.locals);
        for speed in [Speed::Best, Speed::Avx2, Speed::Portable] {
            let mut used = outcome.clone();
            screen.run_at(speed, &ledger, NonZero::<usize>::MIN, &mut used);
            assert!(used == fresh, "seed {seed} {speed:?}");
        }
        let before = outcome.clone();
        screen.run(&ledger, NonZero::<usize>::MIN, &mut outcome);
        let mut changed = [0_u32; 3];
        for policy in 0..30 {
            for block in 0..ledger.blocks() {
                let found = outcome.differences(&before, policy, block);
                changed
                    .iter_mut()
                    .zip(found)
                    .for_each(|(sum, bits)| *sum += bits.iter().map(|w| w.count_ones()).sum::<u32>());
            }
        }
        let mut counted = [0_u32; 3];
        for slot in ledger.slots() {
            for policy in 0..30 {
                let (was, is) =
                    (before.cell(policy, *slot).unwrap().status, outcome.cell(policy, *slot).unwrap().status);
                counted[0] += u32::from(is == Some(true) && was != Some(true));
                counted[1] += u32::from(was == Some(true) && is == Some(false));
                counted[2] += u32::from(is.is_none() && was.is_some());
            }
        }
        assert_eq!(changed, counted, "seed {seed}");
    }
}
