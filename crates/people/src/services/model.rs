//! What one person's acts contribute to the counters: pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use kernel::{Day, codes};

/// One act of service to one person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Act {
    /// Day of service.
    pub on: Day,
    /// Province, city, county, township, village of service.
    pub path: [i32; 5],
    /// Services given, one bit each.
    pub bits: i64,
    /// Work field.
    pub field: String,
    /// Mode.
    pub mode: String,
    /// Service minutes that count here.
    pub minutes: i64,
}

/// Place, span (month, quarter, year), kind.
pub type Key = (i32, String, String);

/// What a counter row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// 人次.
    pub acts: i64,
    /// 人数.
    pub people: i64,
    /// Minutes.
    pub minutes: i64,
}

impl Cell {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The bit of a service.
pub fn bit(code: &str) -> Option<u8> {
    codes::list("service_kind").and_then(|l| l.get(code)).and_then(|i| i.bit)
}

/// The services of a visit as one bit each.
pub fn mask<'a>(services: impl IntoIterator<Item = &'a str>) -> i64 {
    services.into_iter().filter_map(bit).fold(0, |mask, bit| mask | (1 << bit))
}

/// The spans a day lies in: month, quarter, year.
pub fn spans(on: Day) -> [String; 3] {
    let (year, month) = (on.year(), on.month());
    [format!("{year:04}-{month:02}"), format!("{year:04}-Q{}", month.div_ceil(3)), format!("{year:04}")]
}

impl Act {
    fn kinds(&self) -> Vec<String> {
        let items = codes::list("service_kind").map_or(&[][..], |l| &l.items);
        let given = items.iter().filter(|i| i.bit.is_some_and(|bit| self.bits & (1 << bit) != 0));
        let services = given.map(|i| format!("s:{}", i.code));
        ["*".to_owned(), format!("f:{}", self.field), format!("m:{}", self.mode)].into_iter().chain(services).collect()
    }

    /// Village, township and county, each once.
    fn places(&self) -> impl Iterator<Item = i32> {
        let [_, _, county, township, village] = self.path;
        let upper = (county != township && county != village).then_some(county);
        [Some(village), (township != village).then_some(township), upper].into_iter().flatten()
    }
}

/// What the acts of one person give to every counter row.
pub fn tally(acts: &[Act]) -> BTreeMap<Key, Cell> {
    let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
    let mut counties: BTreeMap<Key, BTreeSet<i32>> = BTreeMap::new();
    let county = |act: &Act| act.path.get(2).copied();
    let several = acts.iter().any(|a| county(a) != acts.first().and_then(county));
    for act in acts {
        let [month, quarter, year] = spans(act.on);
        for kind in act.kinds() {
            for place in act.places() {
                let cell = cells.entry((place, month.clone(), kind.clone())).or_default();
                cell.acts += 1;
                cell.minutes += act.minutes;
                cell.people = 1;
                for span in [&quarter, &year] {
                    cells.entry((place, span.clone(), kind.clone())).or_default().people = 1;
                }
            }
            if several {
                let [province, city, county, ..] = act.path;
                // A county right below its province has the province for a city.
                let above = (city != province).then_some(-city);
                for place in above.into_iter().chain([-province]) {
                    for span in [&month, &quarter, &year] {
                        counties.entry((place, span.clone(), kind.clone())).or_default().insert(county);
                    }
                }
            }
        }
    }
    for (key, counties) in counties.into_iter().filter(|(_, c)| c.len() > 1) {
        cells.entry(key).or_default().people -= i64::try_from(counties.len()).unwrap_or(1) - 1;
    }
    cells
}

/// How the counters move when a person's acts of these years change.
pub fn delta(before: &[Act], after: &[Act]) -> BTreeMap<Key, Cell> {
    let mut cells = tally(after);
    for (key, old) in tally(before) {
        let cell = cells.entry(key).or_default();
        cell.acts -= old.acts;
        cell.people -= old.people;
        cell.minutes -= old.minutes;
    }
    cells.retain(|_, cell| !cell.is_empty());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(on: &str, county: i32, bits: i64) -> Act {
        Act {
            on: kernel::day::parse(on).unwrap(),
            path: [1, 2, county, county * 10, county * 100],
            bits,
            field: "elder_care".to_owned(),
            mode: "home".to_owned(),
            minutes: 30,
        }
    }

    fn at(cells: &BTreeMap<Key, Cell>, place: i32, span: &str, kind: &str) -> (i64, i64, i64) {
        let cell = cells.get(&(place, span.to_owned(), kind.to_owned())).copied().unwrap_or_default();
        (cell.acts, cell.people, cell.minutes)
    }

    #[test]
    fn acts_add_up_and_a_person_counts_once_per_span() {
        let care = mask(["visiting_care"]);
        let cells = tally(&[act("2026-10-01", 3, care), act("2026-11-02", 3, care | 1), act("2026-11-30", 3, 0)]);
        assert_eq!(at(&cells, 300, "2026-11", "*"), (2, 1, 60));
        assert_eq!(at(&cells, 30, "2026-10", "*"), (1, 1, 30));
        assert_eq!(at(&cells, 3, "2026-Q4", "*"), (0, 1, 0), "acts stand in months only");
        assert_eq!(at(&cells, 3, "2026", "s:visiting_care"), (0, 1, 0));
        assert_eq!(at(&cells, 3, "2026-11", "s:means_survey"), (1, 1, 30));
        assert_eq!(at(&cells, 3, "2026-11", "s:visiting_care"), (1, 1, 30));
        assert_eq!(at(&cells, 3, "2026-11", "f:elder_care"), (2, 1, 60));
        assert_eq!(at(&cells, 2, "2026-11", "*"), (0, 0, 0), "a city adds up its counties");
    }

    #[test]
    fn who_was_served_in_two_counties_is_one_person_above_them() {
        let cells = tally(&[act("2026-10-01", 3, 0), act("2026-11-02", 4, 0)]);
        assert_eq!(at(&cells, -2, "2026-11", "*"), (0, 0, 0));
        assert_eq!((at(&cells, -2, "2026-Q4", "*").1, at(&cells, -1, "2026", "*").1), (-1, -1));
        let county_sum = at(&cells, 3, "2026", "*").1 + at(&cells, 4, "2026", "*").1;
        assert_eq!(county_sum + at(&cells, -2, "2026", "*").1, 1);
    }

    #[test]
    fn taking_an_act_back_leaves_the_other_of_the_month() {
        let (a, b) = (act("2026-11-02", 3, 0), act("2026-11-30", 3, 0));
        let cells = delta(&[a.clone(), b.clone()], std::slice::from_ref(&a));
        assert_eq!(at(&cells, 3, "2026-11", "*"), (-1, 0, -30));
        assert!(!cells.contains_key(&(3, "2026".to_owned(), "*".to_owned())));
        assert_eq!(at(&delta(&[a], &[]), 3, "2026-11", "*"), (-1, -1, -30));
        assert!(delta(std::slice::from_ref(&b), std::slice::from_ref(&b)).is_empty());
    }

    #[test]
    fn the_bits_of_services_are_frozen() {
        let frozen = [
            "means_survey",
            "file_visit",
            "need_analysis",
            "visiting_care",
            "psychological_counselling",
            "resource_link",
            "capacity",
            "integration",
            "emotional_counselling",
            "psychological_comfort",
            "spiritual_care",
            "relationship_adjustment",
            "social_inclusion",
        ];
        for (n, code) in frozen.iter().enumerate() {
            assert_eq!(bit(code).map(usize::from), Some(n), "{code}");
        }
        let list = codes::list("service_kind").unwrap();
        assert_eq!(list.items.len(), frozen.len());
        for (group, size) in [("art55", 8), ("companion", 5)] {
            assert_eq!(list.items.iter().filter(|i| i.group.as_deref() == Some(group)).count(), size);
        }
    }

    #[test]
    fn spans_are_months_quarters_and_years() {
        for (on, quarter) in
            [("2026-01-31", "2026-Q1"), ("2024-02-29", "2024-Q1"), ("2026-04-01", "2026-Q2"), ("2026-12-31", "2026-Q4")]
        {
            assert_eq!(spans(kernel::day::parse(on).unwrap()), [&on[..7], quarter, &on[..4]]);
        }
    }
}
