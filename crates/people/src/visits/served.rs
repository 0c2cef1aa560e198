//! Service coverage of target persons (服务覆盖): how many there are, how many were served, how many are in the ledger.
//!
//! Target persons on day D: alive, resident on D, with at least one open category of `coverage.target_categories`, and no
//! dismissed lead. Served in a period: at least one visit that counts as service in it. Today's figures come from the
//! counters by last served day, for any first day of the period, and are exact at all times. A past day is asked of the
//! facts themselves: where people lived, which categories were open, how the ledger stood, which visits took place.
//! Domain reference §3.5.

use kernel::{Day, day, params::Params, place::DivisionId};

mod row;
mod store;

pub use crate::persons::row::NEVER_BEFORE as NEVER;
pub use store::{at_day, now_at, now_below, now_by_township, now_in, past_sql, units, unserved};

/// Target persons of one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    /// Target persons.
    pub target: i64,
    /// Those served in the period.
    pub served: i64,
    /// Those active in the ledger.
    pub in_ledger: i64,
}

impl std::ops::AddAssign for Served {
    fn add_assign(&mut self, other: Self) {
        self.target += other.target;
        self.served += other.served;
        self.in_ledger += other.in_ledger;
    }
}

/// A division with counters of its own: a county, or a city that stands in for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its id, as in `county_id` of what lies inside.
    pub id: DivisionId,
    /// The division right below the asked place that it belongs to; `None` when it is the asked place itself.
    pub child: Option<DivisionId>,
}

/// The first day of the usual period that ends on `on`: so many full months.
pub fn period_from(params: &Params, places: &[&str], on: Day) -> Day {
    let months = params.whole("coverage.period_months", places, on).and_then(|n| i32::try_from(n).ok()).unwrap_or(12);
    day::add_days(day::add_months(on, -months), 1)
}

/// A share in percent with two decimals, halves rounded up; none of nothing.
pub fn percent(numerator: i64, denominator: i64) -> Option<String> {
    if denominator <= 0 {
        return None;
    }
    let hundredths = (i128::from(numerator) * 20_000 + i128::from(denominator)) / (2 * i128::from(denominator));
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// The category codes that make a target person, disability spelled out.
pub fn target_categories(params: &Params, places: &[&str], on: Day) -> Vec<&'static str> {
    let mask = kernel::codes::categories_mask(
        params.codes("coverage.target_categories", places, on).iter().map(String::as_str),
    );
    let items = kernel::codes::list("category").map_or(&[][..], |list| &list.items);
    items
        .iter()
        .map(|item| item.code.as_str())
        .filter(|code| kernel::codes::category_mask(code).is_some_and(|bit| bit & mask != 0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_is_whole_months_up_to_the_day() {
        for (on, from) in [("2026-11-23", "2025-11-24"), ("2024-02-29", "2023-03-01"), ("2025-02-28", "2024-02-29")] {
            let on = day::parse(on).unwrap();
            assert_eq!(period_from(Params::national(), &[], on).to_string(), from);
        }
    }

    #[test]
    fn percent_has_two_decimals_rounded_half_up() {
        for (n, of, shown) in [
            (7, 8, "87.50"),
            (1, 3, "33.33"),
            (2, 3, "66.67"),
            (1, 800, "0.13"),
            (1, 20_000, "0.01"),
            (1, 20_001, "0.00"),
            (0, 5, "0.00"),
            (5, 5, "100.00"),
            (19_999, 20_000, "100.00"),
        ] {
            assert_eq!(percent(n, of).as_deref(), Some(shown), "{n}/{of}");
        }
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn disability_is_spelled_out_and_others_are_left_out() {
        let codes = target_categories(Params::national(), &[], day::parse("2026-11-23").unwrap());
        assert!(codes.contains(&"DIS_3_2") && codes.contains(&"DIBAO"));
        assert!(!codes.contains(&"MENTAL"));
    }
}
