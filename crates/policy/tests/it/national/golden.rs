//! Every golden case, one person at a time and in bulk.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;

use chrono::NaiveDate;
use policy::ledger::{Layout, Ledger};
use policy::library::{Library, Plan};
use policy::local::Local;
use policy::params::{Params, Places};
use policy::person;
use policy::screen::{Cell, Screen};

use super::Shelf;
use super::cases::{self, Case, Cases, Expected};

/// Fewest cases of a policy.
const LEAST: usize = 10;

fn all(shelf: &Shelf, library: &Library) -> Vec<Cases> {
    shelf.cases.iter().map(|(file, text)| cases::read(library.dictionary(), file, text)).collect()
}

#[test]
fn every_policy_has_its_cases_and_they_know_every_fact_it_asks_for() {
    let shelf = Shelf::open();
    let library = shelf.library();
    let files = all(&shelf, &library);
    let plan = library.plan("2026-07-15".parse().unwrap()).unwrap();
    assert_eq!(plan.policies.len(), library.cards().len());
    for policy in &plan.policies {
        let card = library.card(policy.card).unwrap();
        let of = files.iter().find(|c| c.policy == card.id).unwrap_or_else(|| panic!("no cases of {}", card.id));
        assert_eq!(of.file, format!("{}.toml", card.number));
        assert!(of.list.len() >= LEAST, "{}: {} cases", of.file, of.list.len());
        let names: BTreeSet<&str> = of.list.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.len(), of.list.len(), "{}: two cases of one name", of.file);
        assert_eq!(of.publicity, !card.no_publicity, "{}: publicity", of.file);
        let full: Vec<_> = of.list.iter().max_by_key(|c| c.facts.len()).unwrap().facts.iter().map(|f| f.0).collect();
        let lacks = policy.facts.iter().chain(&policy.amount_facts).find(|f| !full.contains(f));
        assert!(lacks.is_none(), "{}: the base lacks {:?}", of.file, lacks.and_then(|f| library.dictionary().fact(*f)));
    }
    assert_eq!(files.len(), library.cards().len(), "cases without a policy");
}

#[test]
fn every_case_of_one_person_comes_out_as_written() {
    let shelf = Shelf::open();
    let library = shelf.library();
    let (params, places) = shelf.params(library.dictionary());
    let mut wrong = Vec::new();
    for file in all(&shelf, &library) {
        for case in &file.list {
            let plan = library.plan(case.day).unwrap();
            let of = |p: &policy::lower::Lowered| library.card(p.card).unwrap().id == file.policy;
            let index = plan.policies.iter().position(of).unwrap();
            let local = plan.at(&library, &params, &places, &case.place).unwrap();
            let said = case.differs(library.dictionary(), &plan, &local, index);
            wrong.extend(said.or_else(|| refused(&shelf, &library, case)).map(|s| format!("{}: {s}", file.file)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not refused although the case says so.
fn refused(shelf: &Shelf, library: &Library, case: &Case) -> Option<String> {
    let dictionary = library.dictionary();
    match &case.expected {
        Expected::Fact(word) => {
            let fact = dictionary.fact_id(word).unwrap();
            let value = case.facts.iter().find(|(f, _)| *f == fact).map(|(_, v)| *v);
            let mut ledger = Ledger::new(Layout::new(dictionary, &[fact]), &[0], 1);
            let state = case.seen(dictionary).state(dictionary, fact, case.day);
            let both = ledger.fill(fact, [value]).is_err() && state == person::State::Contradictory;
            (!both).then(|| format!("{}: {word} is not refused", case.name))
        }
        Expected::Param(word, text) => {
            let (mut params, mut places): (Params, Places) = shelf.params(dictionary);
            let fault = params.read(dictionary, &mut places, "further", text).err().map(|f| f.to_string());
            let fits = fault.as_ref().is_some_and(|f| f.contains("overlaps") && f.contains(word.as_str()));
            (!fits).then(|| format!("{}: {fault:?}", case.name))
        }
        Expected::Eligible(_) | Expected::Not | Expected::Unknown(_) => None,
    }
}

#[test]
fn the_bulk_run_gives_every_person_of_every_case_what_the_single_person_gets() {
    let shelf = Shelf::open();
    let library = shelf.library();
    let (params, places) = shelf.params(library.dictionary());
    let mut days: BTreeMap<NaiveDate, Vec<Case>> = BTreeMap::new();
    for case in all(&shelf, &library).into_iter().flat_map(|c| c.list) {
        if !matches!(case.expected, Expected::Fact(_)) {
            days.entry(case.day).or_default().push(case);
        }
    }
    for (day, cases) in days {
        let plan = library.plan(day).unwrap();
        let mut codes: Vec<&str> = cases.iter().map(|c| c.place.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        let locals: Vec<Local> = codes.iter().map(|code| plan.at(&library, &params, &places, code).unwrap()).collect();
        let of: Vec<u32> = cases.iter().map(|c| codes.binary_search(&c.place.as_str()).unwrap() as u32).collect();
        compare(&library, &plan, &locals, &of, &cases);
    }
}

fn compare(library: &Library, plan: &Plan, locals: &[Local], of: &[u32], cases: &[Case]) {
    let dictionary = library.dictionary();
    let ids: Vec<u16> = (0..dictionary.facts().len() as u16).collect();
    let mut ledger = Ledger::new(Layout::new(dictionary, &ids), of, locals.len() as u32);
    for id in ids {
        ledger.fill(id, cases.iter().map(|case| case.value(dictionary, id))).unwrap();
    }
    let screen = Screen::new(plan, ledger.layout(), locals);
    let mut outcome = screen.outcome(&ledger);
    screen.run(&ledger, NonZero::<usize>::MIN, &mut outcome);
    for ((case, place), slot) in cases.iter().zip(of).zip(ledger.slots()) {
        let facts = case.seen(dictionary);
        let answers = person::Case::new(plan, &locals[*place as usize], dictionary, &facts).answers();
        for (policy, answer) in answers.iter().enumerate() {
            let single = Cell { status: answer.status, amount: answer.amount };
            let id = &library.card(answer.policy.card).unwrap().id;
            assert_eq!(outcome.cell(policy, *slot), Some(single), "{id} of “{}” on {}", case.name, case.day);
        }
    }
}
