//! Figures (计数): clients by place, category and grade, and target persons by last served day, exact at all times.
//!
//! Screens read these counters instead of counting people. They are kept for village, township and county in the
//! transaction of every change of a person, so each change must end in [`moved`] (room code calls `persons::change`, which
//! does). `sheqiao check` compares them with a recomputation, both ways; bulk loads fill them once with [`rebuild`].
//!
//! `client_counter` has a row per (place, category, grade) with at least one living person who is no dismissed lead;
//! category `*` counts persons once, grade `*` any grade. Disabilities count under `DIS_SEVERE` and `DIS_OTHER`. Grade `!`
//! counts the others, who died or are dismissed leads: clients and they together are what a list shows.
//! `served_counter` has a row per (place, last served day, in ledger) for the target persons among the clients, and one for
//! all days together ([`ALL_DAYS`]), so that a period reads the days of the period and no more.

mod store;

use std::collections::BTreeMap;

use access::Writing;
use kernel::{Day, Outcome, Permit, codes};

use crate::persons::row::{NEVER_DUE, person};

pub use store::{Difference, differences, rebuild};

/// Category or grade of a counter row that stands for any.
pub const ANY: &str = "*";
/// Grade of a counter row for persons who are no clients.
pub const GONE: &str = "!";
/// Stands for all days together in `served_counter`; no last served day lies so late.
pub const ALL_DAYS: Day = NEVER_DUE;

/// Moves the counters from what `before` (nothing for a new person) contributed to what `after` contributes.
///
/// Each audited write first advances the county's audit chain, so writers of one county queue there and cannot deadlock here.
pub async fn moved<P: Permit>(
    tx: &Writing<'_, P>,
    before: Option<&person::Model>,
    after: &person::Model,
) -> Outcome<()> {
    let (mut clients, mut served) = (BTreeMap::new(), BTreeMap::new());
    if let Some(before) = before {
        add(before, -1, &mut clients, &mut served);
    }
    add(after, 1, &mut clients, &mut served);
    clients.retain(|_, n| *n != 0);
    served.retain(|_, n| *n != 0);
    store::add_clients(tx, &clients).await?;
    store::add_served(tx, &served).await
}

/// Place, category, grade.
type ClientKey = (i32, &'static str, String);
/// Place, last served day, in ledger.
type ServedKey = (i32, Day, bool);

/// Adds `n` for every counter row this person belongs to.
fn add(person: &person::Model, n: i64, clients: &mut BTreeMap<ClientKey, i64>, served: &mut BTreeMap<ServedKey, i64>) {
    let client = person.is_client();
    for place in places(person) {
        for category in std::iter::once(ANY).chain(bit_codes(person.cat_bits)) {
            let mut count = |grade: &str| *clients.entry((place, category, grade.to_owned())).or_default() += n;
            if !client {
                count(GONE);
                continue;
            }
            count(ANY);
            if !person.grade.is_empty() {
                count(&person.grade);
            }
        }
        if client && person.is_target {
            let in_ledger = person.ledger_state == "active";
            for day in [person.last_served_on, ALL_DAYS] {
                *served.entry((place, day, in_ledger)).or_default() += n;
            }
        }
    }
}

/// Village, township and county; where the tree skips a level two of them are one place and count once.
fn places(person: &person::Model) -> impl Iterator<Item = i32> {
    let (village, township, county) = (person.village_id, person.township_id, person.county_id);
    let upper = (county != township && county != village).then_some(county);
    [Some(village), (township != village).then_some(township), upper].into_iter().flatten()
}

/// Bit and code of every category counter; the 28 disability codes share two.
pub fn bits() -> &'static [(u8, &'static str)] {
    static BITS: std::sync::LazyLock<Vec<(u8, &'static str)>> = std::sync::LazyLock::new(|| {
        let mut by_bit: BTreeMap<u8, &'static str> = BTreeMap::new();
        for item in codes::list("category").map_or(&[][..], |l| &l.items) {
            if let Some(bit) = item.bit {
                by_bit.insert(bit, &item.code);
            }
        }
        for shared in ["DIS_SEVERE", "DIS_OTHER"] {
            if let Some(bit) = codes::category_bit(shared) {
                by_bit.insert(bit, shared);
            }
        }
        by_bit.into_iter().collect()
    });
    &BITS
}

/// The counter codes of the open categories in a mask.
fn bit_codes(mask: i64) -> impl Iterator<Item = &'static str> {
    bits().iter().filter(move |(bit, _)| mask & (1_i64 << bit) != 0).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disability_bits_count_under_their_shared_names() {
        let mask = codes::categories_mask(["DIS_4_1", "DIS_2_4", "DIBAO"]);
        assert_eq!(bit_codes(mask).collect::<Vec<_>>(), ["DIBAO", "DIS_SEVERE", "DIS_OTHER"]);
    }

    #[test]
    fn every_bit_has_one_code() {
        let codes: std::collections::BTreeSet<_> = bits().iter().map(|(_, c)| c).collect();
        assert_eq!(codes.len(), bits().len());
        assert!(codes.contains(&"ELDER80"));
    }
}
