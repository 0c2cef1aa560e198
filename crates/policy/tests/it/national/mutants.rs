//! No small change of a policy or of a parameter goes unnoticed (变异测试): each turns a case of its policy red.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use policy::card::Card;
use policy::dictionary::Dictionary;
use policy::fault::Fault;
use policy::library::{Library, Plan};
use policy::local::Local;
use policy::params::{Params, Places};

use super::Shelf;
use super::cases::{self, Case, Cases};
use super::edit;

/// Policies with their cases, each standing alone, and the parameters.
struct Bench {
    shelf: Shelf,
    dictionary: Dictionary,
    params: Params,
    places: Places,
    policies: Vec<(Card, Cases)>,
}

/// What the cases say to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// A case comes out otherwise.
    Red,
    /// All cases come out as before.
    Green,
    /// The policy cannot be loaded any more.
    Refused,
}

/// How a value of a parameter is changed: from the value in steps and the steps of one unit.
type Change = fn(i64, i64) -> i64;
const CHANGES: [(&str, Change); 3] =
    [("one step more", |v, _| v + 1), ("one unit more", |v, steps| v + steps), ("doubled", |v, _| v * 2)];

impl Bench {
    fn new() -> Bench {
        let shelf = Shelf::open();
        let dictionary = alone(&shelf);
        let (params, places) = shelf.params(&dictionary);
        let library = shelf.library();
        let policy = |(file, text): &(String, String)| {
            let cases = cases::read(&dictionary, file, text);
            let card = library.cards().iter().find(|c| c.id == cases.policy).unwrap();
            (Card { conflicts: Vec::new(), stacking: Vec::new(), ..card.clone() }, cases)
        };
        let policies = shelf.cases.iter().map(policy).collect();
        Bench { dictionary, params, places, policies, shelf }
    }

    fn judge(&self, card: &Card, cases: &Cases, params: &Params) -> Verdict {
        if card.no_publicity == cases.publicity {
            return Verdict::Red;
        }
        let Ok(library) = Library::of(self.dictionary.clone(), vec![card.clone()]) else { return Verdict::Refused };
        let mut made: HashMap<(NaiveDate, &str), (Plan, Local)> = HashMap::new();
        for case in &cases.list {
            let place = match made.entry((case.day, case.place.as_str())) {
                Entry::Occupied(held) => held.into_mut(),
                Entry::Vacant(free) => match self.at(&library, params, case) {
                    Ok(new) => free.insert(new),
                    Err(_) => return Verdict::Refused,
                },
            };
            if case.differs(&self.dictionary, &place.0, &place.1, 0).is_some() {
                return Verdict::Red;
            }
        }
        Verdict::Green
    }

    fn at(&self, library: &Library, params: &Params, case: &Case) -> Result<(Plan, Local), Fault> {
        let plan = library.plan(case.day)?;
        let local = plan.at(library, params, &self.places, &case.place)?;
        Ok((plan, local))
    }

    /// Words of the parameters a policy uses.
    fn used(&self, card: &Card) -> Vec<String> {
        let library = Library::of(self.dictionary.clone(), vec![card.clone()]).unwrap();
        let mut words = Vec::new();
        for version in &card.versions {
            let plan = library.plan(version.from).unwrap();
            let policy = &plan.policies[0];
            let amount = policy.amount.map_or_else(Vec::new, |n| plan.core.asks_num(n).1);
            let ids = plan.core.asks(policy.when).1.into_iter().chain(amount);
            words.extend(ids.map(|id| self.dictionary.param(id).unwrap().id.clone()));
        }
        words.sort();
        words.dedup();
        words
    }

    /// All parameters with the chosen entries changed; nothing when no value is another one then.
    fn changed(&self, change: Change, chosen: impl Fn(&toml::Table) -> bool) -> Option<Params> {
        let (mut params, mut places, mut any) = (Params::default(), Places::default(), false);
        for (name, text) in &self.shelf.params {
            let mut table: toml::Table = toml::from_str(text).unwrap();
            for entry in table["param"].as_array_mut().unwrap() {
                let entry = entry.as_table_mut().unwrap();
                if chosen(entry) {
                    let id = self.dictionary.param_id(entry["id"].as_str().unwrap()).unwrap();
                    let steps = 10_i64.pow(self.dictionary.param(id).unwrap().decimals);
                    let value = in_steps(&entry["value"], steps);
                    let new = change(value, steps);
                    any |= new != value;
                    entry.insert("value".to_owned(), written(new, steps));
                }
            }
            params.read(&self.dictionary, &mut places, name, &table.to_string()).unwrap();
        }
        any.then_some(params)
    }
}

/// The dictionary without references to other policies, so that a policy can stand alone.
fn alone(shelf: &Shelf) -> Dictionary {
    let lines = shelf.dictionary.lines().filter(|l| !l.starts_with("approved_of"));
    Dictionary::read("dictionary.toml", &lines.collect::<Vec<_>>().join("\n")).unwrap()
}

fn in_steps(value: &toml::Value, steps: i64) -> i64 {
    match value {
        toml::Value::Integer(v) => v * steps,
        other => (other.as_float().unwrap() * steps as f64).round() as i64,
    }
}

fn written(value: i64, steps: i64) -> toml::Value {
    if value % steps == 0 { (value / steps).into() } else { (value as f64 / steps as f64).into() }
}

/// Counts verdicts and keeps the words of what survives.
#[derive(Default)]
struct Tally {
    red: usize,
    refused: usize,
    survivors: Vec<String>,
}

impl Tally {
    fn put(&mut self, words: String, verdict: Verdict) {
        match verdict {
            Verdict::Red => self.red += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::Green => self.survivors.push(words),
        }
    }

    fn all_noticed(self, least: usize) {
        let Tally { red, refused, survivors } = self;
        println!("{red} noticed, {refused} refused, {} survive", survivors.len());
        assert!(survivors.is_empty(), "{} survive:\n{}", survivors.len(), survivors.join("\n"));
        assert!(red >= least && refused * 20 < red, "{red} noticed, {refused} refused: what was tried?");
    }
}

#[test]
fn no_small_change_of_a_policy_goes_unnoticed() {
    let bench = Bench::new();
    let mut tally = Tally::default();
    for (card, cases) in &bench.policies {
        assert_eq!(bench.judge(card, cases, &bench.params), Verdict::Green, "{} before any change", card.number);
        for (words, mutant) in edit::cards(&bench.dictionary, card) {
            tally.put(format!("{}: {words}", card.number), bench.judge(&mutant, cases, &bench.params));
        }
        let publicity = Card { no_publicity: !card.no_publicity, ..card.clone() };
        tally.put(format!("{}: publicity", card.number), bench.judge(&publicity, cases, &bench.params));
    }
    tally.all_noticed(900);
}

#[test]
fn no_parameter_of_a_policy_changes_unnoticed() {
    let bench = Bench::new();
    let mut tally = Tally::default();
    for (card, cases) in &bench.policies {
        for word in bench.used(card) {
            for (how, change) in CHANGES {
                if let Some(params) = bench.changed(change, |entry| entry["id"].as_str() == Some(&word)) {
                    tally.put(format!("{}: @{word} {how}", card.number), bench.judge(card, cases, &params));
                }
            }
        }
    }
    tally.all_noticed(250);
}

#[test]
fn no_single_value_of_a_place_changes_unnoticed() {
    let bench = Bench::new();
    let uses: Vec<Vec<String>> = bench.policies.iter().map(|(card, _)| bench.used(card)).collect();
    let mut tally = Tally::default();
    for (_, text) in &bench.shelf.params {
        let table: toml::Table = toml::from_str(text).unwrap();
        for entry in table["param"].as_array().unwrap().iter().map(|e| e.as_table().unwrap()) {
            let word = entry["id"].as_str().unwrap().to_owned();
            for (how, change) in CHANGES {
                let same = |e: &toml::Table| ["id", "place", "from"].iter().all(|key| e[*key] == entry[*key]);
                let Some(params) = bench.changed(change, same) else { continue };
                let mut of = bench.policies.iter().zip(&uses).filter(|(_, words)| words.contains(&word));
                let red = of.any(|((card, cases), _)| bench.judge(card, cases, &params) == Verdict::Red);
                let words = format!("@{word} at {} from {} {how}", entry["place"], entry["from"]);
                tally.put(words, if red { Verdict::Red } else { Verdict::Green });
            }
        }
    }
    tally.all_noticed(250);
}
