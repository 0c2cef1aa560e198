//! Letters, differences and what is to be looked at: pure.

use std::collections::BTreeMap;

use kernel::Day;
use policy::{
    dictionary::Dictionary,
    person::{Facts, Held},
};

/// May fit and is not received (可能漏保).
pub const ELIGIBLE: &str = "eligible";
/// No longer fits (不再符合).
pub const LOST: &str = "lost";
/// Was known and is no longer (情况不清).
pub const UNKNOWN: &str = "unknown";

/// How a policy stands to a person; unknown has no letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    /// May fit, is neither received nor applied for.
    Eligible,
    /// May fit and is applied for, or was decided not long ago.
    Applied,
    /// Does not fit.
    Not,
    /// Is received.
    Receives,
    /// Is received and no longer fits by what is known.
    Outgrown,
}

/// The letters of a person by policy.
pub type Letters = BTreeMap<String, Letter>;

impl Letter {
    const ALL: [(Letter, &'static str); 5] = [
        (Letter::Eligible, "e"),
        (Letter::Applied, "a"),
        (Letter::Not, "n"),
        (Letter::Receives, "r"),
        (Letter::Outgrown, "x"),
    ];

    /// From what the engine says, whether it is received and whether it was applied for.
    pub fn of(says: Option<bool>, receives: bool, applied: bool) -> Option<Self> {
        match (receives, says) {
            (true, Some(false)) => Some(Self::Outgrown),
            (true, _) => Some(Self::Receives),
            (false, Some(true)) if applied => Some(Self::Applied),
            (false, Some(true)) => Some(Self::Eligible),
            (false, Some(false)) => Some(Self::Not),
            (false, None) => None,
        }
    }
}

/// Letters as they are kept: `dibao=e near=n`.
pub fn written(letters: &Letters) -> String {
    let word = |letter: &Letter| Letter::ALL.iter().find(|(l, _)| l == letter).map_or("", |(_, word)| word);
    letters.iter().map(|(policy, letter)| format!("{policy}={}", word(letter))).collect::<Vec<_>>().join(" ")
}

/// Letters from what was kept.
pub fn read(text: &str) -> Letters {
    let one = |pair: &str| {
        let (policy, word) = pair.split_once('=')?;
        Letter::ALL.iter().find(|(_, w)| *w == word).map(|(letter, _)| (policy.to_owned(), *letter))
    };
    text.split(' ').filter_map(one).collect()
}

/// Policies by what became of them since last time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Newly eligible (新符合).
    pub gained: Vec<String>,
    /// No longer fits (不再符合); what is received and no longer fits among them.
    pub lost: Vec<String>,
    /// Newly unknown (情况不清).
    pub unknown: Vec<String>,
}

/// What became of each policy since last time. `speaks`: the ledger entry runs; of others nobody asks for what became unknown.
pub fn differences(before: &Letters, now: &Letters, speaks: bool) -> Differences {
    use Letter::{Applied, Eligible, Not, Outgrown};
    let mut found = Differences::default();
    for (policy, letter) in now {
        let was = before.get(policy).copied();
        match letter {
            Eligible if !matches!(was, Some(Eligible | Applied)) => found.gained.push(policy.clone()),
            Not if matches!(was, Some(Eligible | Applied)) => found.lost.push(policy.clone()),
            Outgrown if was != Some(Outgrown) => found.lost.push(policy.clone()),
            _ => {}
        }
    }
    let gone = before.iter().filter(|(policy, was)| matches!(was, Eligible | Not) && !now.contains_key(*policy));
    found.unknown.extend(gone.filter(|_| speaks).map(|(policy, _)| policy.clone()));
    found
}

/// The findings that hold: kind and policy. Eligible ones and what is received and no longer fits hold by themselves; the
/// others came up as a difference and stay while they are true.
pub fn holding(now: &Letters, differences: &Differences, before: &[(String, String)]) -> Vec<(&'static str, String)> {
    let mut hold: Vec<(&'static str, String)> = Vec::new();
    for (policy, letter) in now {
        match letter {
            Letter::Eligible => hold.push((ELIGIBLE, policy.clone())),
            Letter::Outgrown => hold.push((LOST, policy.clone())),
            Letter::Not if differences.lost.contains(policy) || had(before, LOST, policy) => {
                hold.push((LOST, policy.clone()));
            }
            _ => {}
        }
    }
    let still = before.iter().filter(|(kind, policy)| kind == UNKNOWN && !now.contains_key(policy)).map(|(_, p)| p);
    let mut unknown: Vec<String> = differences.unknown.iter().chain(still).cloned().collect();
    unknown.sort_unstable();
    unknown.dedup();
    hold.extend(unknown.into_iter().map(|policy| (UNKNOWN, policy)));
    hold
}

fn had(before: &[(String, String)], kind: &str, policy: &str) -> bool {
    before.iter().any(|(k, p)| k == kind && p == policy)
}

/// The first day on which the calendar alone may change what policies say: a birthday, or a fact that grows too old. What the
/// ledger itself says does not age.
pub fn next_on(dictionary: &Dictionary, facts: &Facts, birth: Option<Day>, today: Day) -> Day {
    let age =
        birth.and_then(|birth| kernel::day::age_on(birth, today).map(|age| kernel::day::birthday(birth, age + 1)));
    let aged = (0..).zip(dictionary.facts()).filter_map(|(id, fact)| {
        let (seen, days) = facts.seen(id).zip(fact.valid_days)?;
        let counts = matches!(seen.held, Held::Known(_) | Held::Between(..)) && seen.source != "ledger";
        let stale = kernel::day::add_days(seen.as_of.filter(|_| counts)?, i64::from(days) + 1);
        (stale > today).then_some(stale)
    });
    aged.chain(age).min().unwrap_or(NEVER)
}

/// Stands for "never" in `next_on`.
pub const NEVER: Day = people::persons::row::NEVER_DUE;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn letters(text: &str) -> Letters {
        read(text)
    }

    #[test]
    fn letters_are_read_as_they_are_written() {
        let text = "dibao=e edu=a near=n rigid=x tekun=r";
        assert_eq!(written(&letters(text)), text);
        assert!(letters("").is_empty());
    }

    #[test]
    fn a_difference_is_what_a_worker_has_to_look_at() {
        let of = |before: &str, now: &str, speaks: bool| {
            let found = differences(&letters(before), &letters(now), speaks);
            format!("+{} -{} ?{}", found.gained.join(","), found.lost.join(","), found.unknown.join(","))
        };
        for (before, now, speaks, expected) in [
            ("", "a=e b=n", true, "+a - ?"),
            ("a=n", "a=e", true, "+a - ?"),
            ("a=e", "a=e", true, "+ - ?"),
            ("a=e", "a=a", true, "+ - ?"),
            ("a=a", "a=e", true, "+ - ?"),
            ("a=e", "a=n", true, "+ -a ?"),
            ("a=r", "a=x", true, "+ -a ?"),
            ("a=x", "a=x", true, "+ - ?"),
            ("a=r", "a=n", true, "+ - ?"),
            ("a=r", "a=e", true, "+a - ?"),
            ("a=e b=n c=r", "", true, "+ - ?a,b"),
            ("a=e b=n", "", false, "+ - ?"),
        ] {
            assert_eq!(of(before, now, speaks), expected, "{before} -> {now}");
        }
    }

    #[test]
    fn a_finding_stays_while_it_is_true() {
        let before = |kind: &str, policy: &str| vec![(kind.to_owned(), policy.to_owned())];
        let none = Differences::default();
        assert_eq!(holding(&letters("a=n"), &none, &before(LOST, "a")), [(LOST, "a".to_owned())]);
        assert_eq!(holding(&letters("a=e"), &none, &before(LOST, "a")), [(ELIGIBLE, "a".to_owned())]);
        assert_eq!(holding(&letters(""), &none, &before(UNKNOWN, "a")), [(UNKNOWN, "a".to_owned())]);
        assert_eq!(holding(&letters("a=n"), &none, &before(UNKNOWN, "a")), []);
        assert_eq!(holding(&letters("a=x"), &none, &[]), [(LOST, "a".to_owned())]);
    }

    #[test]
    fn what_the_ledger_says_of_categories_does_not_age() {
        for fact in shelf().unwrap().library.dictionary().facts().iter().filter(|f| !f.categories.is_empty()) {
            assert_eq!(fact.valid_days, None, "{}: next_on would have to look at it", fact.id);
        }
    }

    #[test]
    fn the_calendar_is_asked_for_the_next_birthday_and_the_next_fact_that_grows_too_old() {
        let dictionary = shelf().unwrap().library.dictionary();
        let day = |text: &str| kernel::day::parse(text).unwrap();
        let mut facts = Facts::unknown(dictionary);
        let today = day("2026-11-25");
        assert_eq!(next_on(dictionary, &facts, None, today), NEVER);
        assert_eq!(next_on(dictionary, &facts, Some(day("1966-11-26")), today), day("2026-11-26"));
        assert_eq!(next_on(dictionary, &facts, Some(day("1966-11-25")), today), day("2027-11-25"));
        let income = dictionary.fact_id("hh.income_pc").unwrap();
        let told = |as_of: &str| policy::person::Seen {
            held: Held::Known(1),
            source: "visit".to_owned(),
            as_of: Some(day(as_of)),
        };
        facts.set(income, told("2026-11-20"));
        let stale = kernel::day::add_days(day("2026-11-20"), 181);
        assert_eq!(next_on(dictionary, &facts, None, today), stale);
        assert_eq!(
            facts.value(dictionary, income, kernel::day::add_days(stale, -1)),
            Some(1),
            "the day before it counts"
        );
        assert_eq!(facts.value(dictionary, income, stale), None);
        facts.set(income, told("2026-01-01"));
        assert_eq!(next_on(dictionary, &facts, None, today), NEVER, "it is too old already");
    }
}
