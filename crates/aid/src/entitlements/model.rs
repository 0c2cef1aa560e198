//! From what the ledger and people say to facts of the engine: pure.

use std::{collections::BTreeSet, sync::OnceLock};

use kernel::{Day, day};
use people::{
    facts::{self, row::person_fact},
    screening::known::{Open, Subject},
};
use policy::{
    dictionary::{Dictionary, Unit},
    person::{Facts, Held, Seen},
};

use crate::policies::shelf::shelf;

/// What is known of a person.
pub struct Known<'a> {
    /// The person.
    pub person: &'a Subject,
    /// Open categories.
    pub categories: &'a [Open],
    /// What was told of the person and those assessed together, the newest first.
    pub told: &'a [person_fact::Model],
    /// How many are assessed together, when a household says so.
    pub members: Option<usize>,
    /// Today.
    pub today: Day,
}

/// Source kind of what stands in the ledger.
const LEDGER: &str = "ledger";

/// The facts of a person as they stand.
pub fn facts(dictionary: &Dictionary, known: &Known<'_>) -> Facts {
    let mut facts = Facts::unknown(dictionary);
    let mut set = |code: &str, seen: Seen| {
        if let Some(id) = dictionary.fact_id(code) {
            facts.set(id, seen);
        }
    };
    let ledger = from_ledger(dictionary, known);
    for (code, seen) in &ledger {
        set(code, seen.clone());
    }
    let codes: BTreeSet<&str> = known.told.iter().map(|t| t.code.as_str()).collect();
    for code in codes {
        let Some(fact) = dictionary.fact_id(code).and_then(|id| dictionary.fact(id)) else { continue };
        let mine =
            |t: &&person_fact::Model| t.code == code && (fact.of == Unit::Household || t.person_id == known.person.id);
        let ledger = ledger.iter().find(|(c, _)| c == code).map(|(_, seen)| seen.clone());
        set(code, newest(known.told.iter().filter(mine), ledger));
    }
    facts
}

/// What the ledger itself says.
fn from_ledger(dictionary: &Dictionary, known: &Known<'_>) -> Vec<(String, Seen)> {
    let seen = |held, as_of| Seen { held, source: LEDGER.to_owned(), as_of };
    let mut out = Vec::new();
    if let Some(age) = known.person.birth_date.and_then(|birth| day::age_on(birth, known.today)) {
        out.push(("p.age".to_owned(), seen(Held::Known(age.into()), None)));
    }
    // Before a lead is verified the ledger's silence says nothing.
    let speaks = matches!(known.person.ledger_state.as_str(), "active" | "suspended");
    for fact in dictionary.facts().iter().filter(|f| !f.categories.is_empty()) {
        match known.categories.iter().find(|a| fact.categories.contains(&a.category)) {
            Some(open) => out.push((fact.id.clone(), seen(Held::Known(1), Some(open.from_on)))),
            None if speaks => out.push((fact.id.clone(), seen(Held::Known(0), Some(known.today)))),
            None => {}
        }
    }
    if let Some((kind, grade, from)) = known.categories.iter().find_map(disability) {
        out.push(("p.dis_cert".to_owned(), seen(Held::Known(1), Some(from))));
        out.push(("p.dis_kind".to_owned(), seen(Held::Known(kind), Some(from))));
        out.push(("p.dis_grade".to_owned(), seen(Held::Known(grade), Some(from))));
    }
    if let Some(members) = known.members.and_then(|n| i64::try_from(n).ok()).filter(|n| *n > 0) {
        out.push(("hh.size".to_owned(), seen(Held::Known(members), Some(known.today))));
    }
    out
}

/// Kind, grade and first day of a disability (`DIS_5_2`).
fn disability(open: &Open) -> Option<(i64, i64, Day)> {
    let mut parts = open.category.strip_prefix("DIS_")?.split('_');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, open.from_on))
}

/// What counts of one fact: the newest day, then what was told last. Sources that tell different values of one day, or a
/// match that contradicts the ledger, are contradictory: somebody has to look.
fn newest<'a>(told: impl Iterator<Item = &'a person_fact::Model>, ledger: Option<Seen>) -> Seen {
    let told: Vec<&person_fact::Model> = told.collect();
    let Some(last) = told.iter().max_by_key(|t| (t.as_of, t.at, t.id)) else { return ledger.unwrap_or_default() };
    let held = held(last);
    // The last word of each source on that day.
    let others = told.iter().filter(|t| t.as_of == last.as_of && t.source != last.source);
    let latest =
        |t: &&&person_fact::Model| !told.iter().any(|u| u.source == t.source && u.as_of == t.as_of && u.id > t.id);
    let disagrees = others.filter(latest).any(|t| held != self::held(t) && !matches!(self::held(t), Held::Unknown));
    if held == Held::Unknown {
        return ledger.unwrap_or_default();
    }
    let against = ledger.as_ref().is_some_and(|seen| seen.held != held);
    let held = if disagrees || against { Held::Contradictory } else { held };
    Seen { held, source: last.source.clone(), as_of: Some(last.as_of) }
}

fn held(told: &person_fact::Model) -> Held {
    match (told.held.as_str(), told.value) {
        (facts::VALUE, Some(value)) => Held::Known(value),
        (facts::NONE, _) => Held::NotApplicable,
        _ => Held::Unknown,
    }
}

/// Whether only policies of restricted records ask for this fact.
pub fn is_restricted(code: &str) -> bool {
    static RESTRICTED: OnceLock<BTreeSet<String>> = OnceLock::new();
    RESTRICTED.get_or_init(|| restricted().unwrap_or_default()).contains(code)
}

fn restricted() -> Option<BTreeSet<String>> {
    let library = &shelf().ok()?.all;
    let words = |restricted: bool| -> Option<BTreeSet<String>> {
        let mut words = BTreeSet::new();
        for plan in days(library)? {
            for policy in &plan.policies {
                if library.card(policy.card).is_some_and(|card| card.restricted == restricted) {
                    let facts = policy.facts.iter().chain(&policy.amount_facts);
                    words.extend(facts.filter_map(|f| library.dictionary().fact(*f)).map(|f| f.id.clone()));
                }
            }
        }
        Some(words)
    };
    let open = words(false)?;
    Some(words(true)?.difference(&open).cloned().collect())
}

/// The plans of all days on which a version begins: together they name every fact a policy ever asks for.
fn days(library: &policy::library::Library) -> Option<Vec<policy::library::Plan>> {
    let days: BTreeSet<Day> = library.cards().iter().flat_map(|c| c.versions.iter().map(|v| v.from)).collect();
    days.into_iter().map(|day| library.plan(day).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &str, value: Option<i64>, source: &str, as_of: &str, n: u128) -> person_fact::Model {
        person_fact::Model {
            id: kernel::Id::from_u128(n),
            person_id: kernel::Id::nil(),
            code: code.to_owned(),
            held: if value.is_some() { facts::VALUE } else { facts::UNKNOWN }.to_owned(),
            value,
            source: source.to_owned(),
            as_of: day::parse(as_of).unwrap(),
            note: String::new(),
            actor_id: kernel::Id::nil(),
            at: i64::try_from(n).unwrap(),
            county_id: 1,
            rev: 1,
            audit_no: 1,
        }
    }

    #[test]
    fn the_newest_day_counts_and_sources_that_differ_on_it_contradict_each_other() {
        let of = |all: &[person_fact::Model]| newest(all.iter(), None).held;
        let visit = told("hh.income_pc", Some(300), "visit", "2026-11-01", 1);
        let later = told("hh.income_pc", Some(500), "declared", "2026-11-20", 2);
        assert_eq!(of(&[visit.clone(), later.clone()]), Held::Known(500));
        assert_eq!(
            of(&[later.clone(), told("hh.income_pc", Some(900), "declared", "2026-10-01", 9)]),
            Held::Known(500)
        );
        let matched = told("hh.income_pc", Some(800), "matched", "2026-11-20", 3);
        assert_eq!(of(&[later.clone(), matched.clone()]), Held::Contradictory);
        let corrected = told("hh.income_pc", Some(800), "declared", "2026-11-20", 4);
        assert_eq!(of(&[later.clone(), matched, corrected]), Held::Known(800), "the last word of each source");
        let gone = told("hh.income_pc", None, "declared", "2026-11-21", 5);
        assert_eq!(of(&[later, gone]), Held::Unknown, "taken back");
    }

    #[test]
    fn a_match_against_the_ledger_has_to_be_looked_at() {
        let ledger = |value| Some(Seen { held: Held::Known(value), source: LEDGER.to_owned(), as_of: None });
        let matched = told("p.dibao", Some(1), "matched", "2026-11-20", 1);
        assert_eq!(newest([&matched].into_iter(), ledger(0)).held, Held::Contradictory);
        assert_eq!(newest([&matched].into_iter(), ledger(1)).held, Held::Known(1));
        assert_eq!(newest([].into_iter(), ledger(0)).held, Held::Known(0));
    }

    #[test]
    fn what_only_restricted_records_ask_for_is_not_told() {
        assert!(is_restricted("p.hiv"));
        for open in ["p.age", "hh.income_pc", "p.dibao", "p.dis_grade"] {
            assert!(!is_restricted(open), "{open}");
        }
    }
}
