//! The smallest sets of missing facts against brute force over every set and every value.

use std::fmt::Write as _;

use policy::library::Library;
use policy::params::{Params, Places};
use policy::person::{Case, Facts, Held, Seen};

use crate::invent::Dice;

/// A formula that is read by the engine as text and judged here directly.
enum Formula {
    /// Fact `at` lies in the values of the mask.
    In(usize, u8),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl Formula {
    fn new(dice: &mut Dice, sizes: &[i64], depth: u32) -> Formula {
        if depth == 0 || dice.chance(20) {
            let at = dice.below(sizes.len() as u64) as usize;
            return Formula::In(at, dice.between(1, (1 << sizes[at]) - 2) as u8);
        }
        let parts = |dice: &mut Dice| (0..2 + dice.below(3)).map(|_| Formula::new(dice, sizes, depth - 1)).collect();
        match dice.below(5) {
            0 | 1 => Formula::All(parts(dice)),
            2 | 3 => Formula::Any(parts(dice)),
            _ => Formula::Not(Box::new(Formula::new(dice, sizes, depth - 1))),
        }
    }

    fn text(&self, sizes: &[i64]) -> String {
        let join = |parts: &[Formula], word: &str| {
            format!("({})", parts.iter().map(|p| p.text(sizes)).collect::<Vec<_>>().join(word))
        };
        match self {
            Formula::In(at, 0b10) if sizes[*at] == 2 => format!("x{at}"),
            Formula::In(at, _) if sizes[*at] == 2 => format!("not x{at}"),
            Formula::In(at, mask) => {
                let values: Vec<String> =
                    (0..sizes[*at]).filter(|v| mask >> v & 1 == 1).map(|v| v.to_string()).collect();
                format!("x{at} in {{{}}}", values.join(", "))
            }
            Formula::Not(part) => format!("not {}", part.text(sizes)),
            Formula::All(parts) => join(parts, " and "),
            Formula::Any(parts) => join(parts, " or "),
        }
    }

    fn holds(&self, values: &[i64]) -> bool {
        match self {
            Formula::In(at, mask) => mask >> values[*at] & 1 == 1,
            Formula::Not(part) => !part.holds(values),
            Formula::All(parts) => parts.iter().all(|p| p.holds(values)),
            Formula::Any(parts) => parts.iter().any(|p| p.holds(values)),
        }
    }
}

/// Smallest sets of `missing` that can force `aim`, by trying every set and every value.
fn brute(formula: &Formula, sizes: &[i64], known: &[Option<i64>], missing: &[usize], aim: bool) -> Vec<u64> {
    let rows: Vec<Vec<i64>> =
        missing.iter().fold(vec![known.iter().map(|k| k.unwrap_or(0)).collect()], |rows, fact| {
            rows.iter()
                .flat_map(|row: &Vec<i64>| {
                    (0..sizes[*fact]).map(|v| {
                        let mut row = row.clone();
                        row[*fact] = v;
                        row
                    })
                })
                .collect()
        });
    let truth: Vec<bool> = rows.iter().map(|row| formula.holds(row)).collect();
    let mut forcing = Vec::new();
    for set in 0..1_u64 << missing.len() {
        let mut all = std::collections::HashMap::new();
        for (row, truth) in rows.iter().zip(&truth) {
            let key = missing
                .iter()
                .enumerate()
                .filter(|(bit, _)| set >> bit & 1 == 1)
                .fold(0, |key, (_, f)| key * 8 + row[*f]);
            *all.entry(key).or_insert(true) &= *truth == aim;
        }
        if all.values().any(|v| *v) {
            forcing.push(set);
        }
    }
    let smaller = |set: &u64| !forcing.iter().any(|other| other != set && other & set == *other);
    let mut smallest: Vec<u64> = forcing.iter().copied().filter(smaller).collect();
    smallest.sort_unstable();
    smallest
}

#[test]
fn ten_thousand_residuals_have_the_sets_brute_force_finds() {
    let (mut open, mut settled, mut large) = (0_usize, 0_usize, 0_usize);
    for seed in 0.. {
        if open == 10_000 {
            break;
        }
        let mut dice = Dice::new(seed + 77);
        let count = 3 + dice.below(6) as usize;
        let mut sizes: Vec<i64> = (0..count).map(|_| if dice.chance(65) { 2 } else { dice.between(3, 4) }).collect();
        while sizes.iter().product::<i64>() > 400 {
            *sizes.iter_mut().max().unwrap() = 2;
        }
        let formula = Formula::new(&mut dice, &sizes, 3);
        let known: Vec<Option<i64>> = sizes.iter().map(|s| dice.chance(15).then(|| dice.between(0, s - 1))).collect();
        let mut dictionary = String::new();
        for (at, size) in sizes.iter().enumerate() {
            let kind = if *size == 2 { "flag" } else { "code" };
            let _ = writeln!(
                dictionary,
                "[[fact]]\nid = \"x{at}\"\nlabel = \"x\"\nkind = \"{kind}\"\nmin = 0\nmax = {}",
                size - 1
            );
        }
        let text = formula.text(&sizes);
        let card = format!("id = \"q\"\ntitle = \"q\"\n[[version]]\nfrom = 2026-01-01\nwhen = {{ is = \"{text}\" }}\n");
        let library = Library::read(("d", &dictionary), [("q", card.as_str())]).unwrap();
        let plan = library.plan(chrono::NaiveDate::from_ymd_opt(2026, 7, 1).unwrap()).unwrap();
        let local = plan.at(&library, &Params::default(), &Places::default(), "x").unwrap();
        let mut facts = Facts::unknown(library.dictionary());
        for (at, value) in known.iter().enumerate() {
            if let Some(value) = value {
                facts.set(at as u16, Seen { held: Held::Known(*value), ..Seen::default() });
            }
        }
        let answer = Case::new(&plan, &local, library.dictionary(), &facts).answer(&plan.policies[0]);
        if answer.status.is_some() {
            continue;
        }
        let found = &answer.missing;
        assert!(found.exact, "seed {seed}: {text}");
        let missing: Vec<usize> = found.facts.iter().map(|f| usize::from(*f)).collect();
        for (aim, sets) in [(true, &found.yes), (false, &found.no)] {
            let mut sets = sets.clone();
            sets.sort_unstable();
            assert_eq!(
                sets,
                brute(&formula, &sizes, &known, &missing, aim),
                "seed {seed} {aim}: {text} with {known:?}"
            );
        }
        settled += usize::from(found.settled.is_some());
        large += usize::from(found.facts.len() >= 7);
        open += 1;
    }
    assert!(settled > 500 && large > 400, "{settled} {large}");
}
