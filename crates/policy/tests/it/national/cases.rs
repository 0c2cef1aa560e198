//! Golden cases as written in `data/policies/cases`, and what one of them comes to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use policy::dictionary::{Dictionary, FactId};
use policy::library::Plan;
use policy::local::Local;
use policy::person::{Case as Asked, Facts, Held, Seen, State};
use serde::Deserialize;

/// The cases of one policy.
pub struct Cases {
    pub file: String,
    pub policy: String,
    /// Whether the policy has a publicity step (公示).
    pub publicity: bool,
    pub list: Vec<Case>,
}

/// One person at a place on a day, and what must come out.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub place: String,
    pub day: NaiveDate,
    pub facts: Vec<(FactId, i64)>,
    /// Days that facts were true on, where the case tells.
    dated: Vec<(FactId, NaiveDate)>,
    pub expected: Expected,
}

#[derive(Clone)]
pub enum Expected {
    /// Eligible, with an amount where one is known.
    Eligible(Option<i64>),
    Not,
    /// Unknown, waiting for these facts; none when a parameter is missing.
    Unknown(BTreeSet<String>),
    /// The value of this fact is refused.
    Fact(String),
    /// A further value of this parameter is refused.
    Param(String, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    policy: String,
    place: String,
    day: toml::value::Datetime,
    #[serde(default = "yes")]
    publicity: bool,
    base: toml::Table,
    cases: Vec<RawCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: String,
    place: Option<String>,
    day: Option<toml::value::Datetime>,
    /// Birthday, from which `p.age` on the day follows.
    born: Option<toml::value::Datetime>,
    #[serde(default)]
    facts: toml::Table,
    #[serde(default)]
    unknown: Vec<String>,
    /// Days that facts were true on; too old ones count as unknown.
    #[serde(default)]
    dated: BTreeMap<String, toml::value::Datetime>,
    is: Outcome,
    amount: Option<i64>,
    #[serde(default)]
    missing: BTreeSet<String>,
    /// Word of the fact or parameter whose value is refused.
    refused: Option<String>,
    /// A further value, written like in a parameter file.
    param: Option<toml::Table>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Eligible,
    Not,
    Unknown,
    Refused,
}

fn yes() -> bool {
    true
}

fn day(written: &toml::value::Datetime) -> NaiveDate {
    written.to_string().parse().unwrap()
}

/// Full years on the day; who was born on 29 February comes of age on 28 February of a common year, as in `kernel::day`.
pub fn age_on(born: NaiveDate, on: NaiveDate) -> i64 {
    let birthday = born.with_year(on.year()).or_else(|| NaiveDate::from_ymd_opt(on.year(), 2, 28)).unwrap();
    i64::from(on.year() - born.year()) - i64::from(on < birthday)
}

/// `{ p.age = 3 }` as words with values; a yes-or-no is 1 or 0.
fn flat(table: &toml::Table, before: &str, out: &mut Vec<(String, i64)>) {
    for (key, value) in table {
        let word = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        match value {
            toml::Value::Table(inner) => flat(inner, &word, out),
            toml::Value::Boolean(b) => out.push((word, i64::from(*b))),
            other => out.push((word, other.as_integer().unwrap())),
        }
    }
}

pub fn read(dictionary: &Dictionary, file: &str, text: &str) -> Cases {
    let raw: Raw = toml::from_str(text).unwrap_or_else(|e| panic!("{file}: {e}"));
    let mut base = Vec::new();
    flat(&raw.base, "", &mut base);
    let list = raw.cases.iter().map(|c| case(dictionary, file, &raw, &base, c)).collect();
    Cases { file: file.to_owned(), policy: raw.policy, publicity: raw.publicity, list }
}

fn case(dictionary: &Dictionary, file: &str, raw: &Raw, base: &[(String, i64)], c: &RawCase) -> Case {
    let on = day(c.day.as_ref().unwrap_or(&raw.day));
    let mut own = Vec::new();
    flat(&c.facts, "", &mut own);
    own.extend(c.born.as_ref().map(|born| ("p.age".to_owned(), age_on(day(born), on))));
    for word in own.iter().map(|(w, _)| w).chain(&c.unknown).chain(&c.missing).chain(c.dated.keys()) {
        assert!(base.iter().any(|(w, _)| w == word), "{file}: {}: `{word}` is not in the base", c.name);
    }
    let of = |word: &String, value: i64| own.iter().rev().find(|(w, _)| w == word).map_or(value, |(_, v)| *v);
    let id = |word: &str| dictionary.fact_id(word).unwrap_or_else(|| panic!("{file}: no fact `{word}`"));
    let known = base.iter().filter(|(word, _)| !c.unknown.contains(word));
    Case {
        name: c.name.clone(),
        place: c.place.clone().unwrap_or_else(|| raw.place.clone()),
        day: on,
        facts: known.map(|(word, value)| (id(word), of(word, *value))).collect(),
        dated: c.dated.iter().map(|(word, on)| (id(word), day(on))).collect(),
        expected: expected(file, c),
    }
}

fn expected(file: &str, c: &RawCase) -> Expected {
    let stray = |bad: bool| assert!(!bad, "{file}: {}: something is written that does not go with `is`", c.name);
    stray(c.amount.is_some() && c.is != Outcome::Eligible);
    stray(!c.missing.is_empty() && c.is != Outcome::Unknown);
    stray(c.refused.is_some() != (c.is == Outcome::Refused) || c.param.is_some() && c.is != Outcome::Refused);
    match (c.is, &c.refused, &c.param) {
        (Outcome::Refused, Some(word), Some(param)) => {
            let mut all = toml::Table::new();
            all.insert("param".to_owned(), toml::Value::Array(vec![param.clone().into()]));
            Expected::Param(word.clone(), all.to_string())
        }
        (Outcome::Refused, word, _) => Expected::Fact(word.clone().unwrap()),
        (Outcome::Eligible, ..) => Expected::Eligible(c.amount),
        (Outcome::Not, ..) => Expected::Not,
        (Outcome::Unknown, ..) => Expected::Unknown(c.missing.clone()),
    }
}

impl Case {
    pub fn seen(&self, dictionary: &Dictionary) -> Facts {
        let mut facts = Facts::unknown(dictionary);
        for (fact, value) in &self.facts {
            let as_of = self.dated.iter().find(|(f, _)| f == fact).map(|(_, on)| *on);
            facts.set(*fact, Seen { held: Held::Known(*value), as_of, ..Seen::default() });
        }
        facts
    }

    /// What a bulk run is given of a fact: nothing where it is too old by the day.
    pub fn value(&self, dictionary: &Dictionary, fact: FactId) -> Option<i64> {
        let stale = self.seen(dictionary).state(dictionary, fact, self.day) == State::Stale;
        self.facts.iter().find(|(f, _)| *f == fact && !stale).map(|(_, value)| *value)
    }

    /// What the engine says otherwise than the case, of the policy at `index` of the plan; refusals are not asked here.
    pub fn differs(&self, dictionary: &Dictionary, plan: &Plan, local: &Local, index: usize) -> Option<String> {
        let facts = self.seen(dictionary);
        let answer = Asked::new(plan, local, dictionary, &facts).answer(&plan.policies[index]);
        let word = |id: FactId| dictionary.fact(id).unwrap().id.clone();
        let asked: BTreeSet<String> = answer.missing.asked().map(|(fact, _)| word(fact)).collect();
        let fits = match &self.expected {
            Expected::Eligible(amount) => (answer.status, answer.amount) == (Some(true), *amount),
            Expected::Not => (answer.status, answer.amount) == (Some(false), None),
            Expected::Unknown(missing) => answer.status.is_none() && asked == *missing,
            Expected::Fact(_) | Expected::Param(..) => true,
        };
        let said = || format!("{}: {:?}, amount {:?}, asks {asked:?}", self.name, answer.status, answer.amount);
        (!fits).then(said)
    }
}
