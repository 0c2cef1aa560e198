//! Properties that hold whatever the policy: more knowledge never takes an answer away, and order means nothing.

use policy::person::{Held, Seen};
use policy::screen::Speed;
use proptest::prelude::*;

use crate::invent::{self, Dice, FACTS};
use crate::oracle::World;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn adding_a_fact_never_turns_known_into_unknown(seed in any::<u64>(), fact in 0..FACTS.len()) {
        let mut world = World::new(seed, 12, 8, 50);
        let mut dice = Dice::new(seed ^ 7);
        for row in 0..8 {
            if world.rows[row][fact].is_some() {
                continue;
            }
            let facts = world.facts(row);
            let before: Vec<_> = world.case(row, &facts).answers().iter().map(|a| (a.status, a.settled, a.amount, a.range)).collect();
            world.rows[row][fact] = invent::value(&mut dice, fact, 0);
            let facts = world.facts(row);
            let after: Vec<_> = world.case(row, &facts).answers().iter().map(|a| (a.status, a.settled, a.amount, a.range)).collect();
            for (b, a) in before.iter().zip(&after) {
                prop_assert!(b.0.is_none() || b.0 == a.0, "status {b:?} {a:?}");
                prop_assert!(b.1.is_none() || b.1 == a.1, "settled {b:?} {a:?}");
                prop_assert!(b.2.is_none() || b.2 == a.2, "amount {b:?} {a:?}");
                if let (Some((low, high)), Some((l, h))) = (b.3, a.3) {
                    prop_assert!(low <= l && h <= high, "range {b:?} {a:?}");
                }
            }
        }
    }

    #[test]
    fn the_order_of_facts_and_persons_does_not_matter(seed in any::<u64>()) {
        let mut world = World::new(seed, 10, 50, 30);
        let (ledger, outcome) = world.bulk(Speed::Best, 1);
        let cells: Vec<Vec<_>> = (0..50).map(|row| (0..10).map(|p| outcome.cell(p, ledger.slots()[row])).collect()).collect();
        world.rows.reverse();
        world.regions.reverse();
        let (ledger, outcome) = world.bulk(Speed::Best, 1);
        for row in 0..50 {
            let again: Vec<_> = (0..10).map(|p| outcome.cell(p, ledger.slots()[49 - row])).collect();
            prop_assert_eq!(&again, &cells[row]);
        }
        let mut facts = policy::person::Facts::unknown(world.library.dictionary());
        for (fact, value) in world.rows[0].iter().enumerate().rev() {
            if let Some(value) = value {
                facts.set(fact as u16, Seen { held: Held::Known(*value), ..Seen::default() });
            }
        }
        let plain = world.facts(0);
        let statuses = |facts| world.case(0, facts).answers().iter().map(|a| (a.status, a.amount)).collect::<Vec<_>>();
        prop_assert_eq!(statuses(&facts), statuses(&plain));
    }

    #[test]
    fn bounds_never_say_what_a_value_within_them_denies(seed in any::<u64>(), fact in 4..FACTS.len()) {
        let world = World::new(seed, 12, 6, 20);
        let mut dice = Dice::new(seed ^ 11);
        for row in 0..6 {
            let Some(value) = world.rows[row][fact] else { continue };
            let (_, _, min, max, _) = FACTS[fact];
            let (low, high) = (dice.between(min, value), dice.between(value, max));
            let mut facts = world.facts(row);
            facts.set(fact as u16, Seen { held: Held::Between(low, high), ..Seen::default() });
            let bounded: Vec<_> = world.case(row, &facts).answers().iter().map(|a| (a.settled, a.range)).collect();
            let facts = world.facts(row);
            for (answer, (settled, range)) in world.case(row, &facts).answers().iter().zip(bounded) {
                prop_assert!(settled.is_none() || answer.settled.is_none() || settled == answer.settled);
                if let (Some(amount), Some((low, high))) = (answer.amount, range) {
                    prop_assert!(low <= amount && amount <= high);
                }
            }
        }
    }
}
