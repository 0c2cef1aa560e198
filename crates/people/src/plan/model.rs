//! Filling days with visits: pure.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use kernel::{Day, Id, day};

/// Somebody who is due within the plan, or whose day was set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: Id,
    /// Where.
    pub village: i32,
    /// Priority client (重点).
    pub priority: bool,
    /// A national document sets an interval for one of the categories.
    pub statutory: bool,
    /// Last day in time.
    pub due: Day,
    /// Day set by hand.
    pub planned: Option<Day>,
    /// A call resets every timer of this person.
    pub call_will_do: bool,
}

/// What one worker can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// Working days, in order.
    pub days: Vec<Day>,
    /// Visits a day.
    pub visits: usize,
    /// Calls a day.
    pub calls: usize,
}

/// How somebody is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// On the spot.
    Visit,
    /// By telephone or video.
    Call,
}

/// One planned visit or call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Who.
    pub id: Id,
    /// When.
    pub on: Day,
    /// How.
    pub how: How,
    /// The day was set by hand.
    pub fixed: bool,
}

/// A plan and what does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// In order of days; within a day village by village.
    pub stops: Vec<Stop>,
    /// Who cannot be seen in time, the most urgent first.
    pub unmet: Vec<Id>,
}

/// The days of a plan made on `today`: to the end of the month, or of the next one when ten days or fewer are left.
pub fn until(today: Day) -> Day {
    let last = |on: Day| day::add_days(day::add_months(on.with_day(1).unwrap_or(on), 1), -1);
    let end = last(today);
    if day::days_between(today, end) >= 10 { end } else { last(day::add_days(end, 1)) }
}

/// The working days among `from..=to`; `weekdays` are 1 (Monday) to 7.
pub fn working_days(from: Day, to: Day, weekdays: &[String]) -> Vec<Day> {
    let works = |on: &Day| weekdays.contains(&on.weekday().number_from_monday().to_string());
    let span = day::days_between(from, to).max(-1);
    (0..=span).map(|n| day::add_days(from, n)).filter(works).collect()
}

impl Candidate {
    fn urgency(&self) -> (u8, Day, i32, Id) {
        let class = if self.priority { 0 } else { u8::from(!self.statutory) + 1 };
        (class, self.due, self.village, self.id)
    }
}

/// Fills the days.
pub fn plan(mut candidates: Vec<Candidate>, capacity: &Capacity) -> Plan {
    candidates.sort_by_key(Candidate::urgency);
    let mut room: Vec<usize> = vec![capacity.visits; capacity.days.len()];
    let mut fixed: Vec<Stop> = Vec::new();
    let mut open: Vec<Candidate> = Vec::new();
    for one in candidates {
        let at = one.planned.and_then(|on| capacity.days.binary_search(&on).ok());
        match at.and_then(|n| room.get_mut(n)).filter(|free| **free > 0) {
            Some(free) => {
                *free -= 1;
                fixed.push(Stop { id: one.id, on: one.planned.unwrap_or(one.due), how: How::Visit, fixed: true });
            }
            None => open.push(one),
        }
    }
    let visits: usize = room.iter().sum();
    let rest = open.split_off(visits.min(open.len()));
    let (calls, unmet) = calls(rest, capacity);
    let villages_fixed = fixed.clone();
    let mut stops = spread(open, &capacity.days, &room);
    stops.extend(calls);
    stops.extend(villages_fixed);
    stops.sort_by_key(|s| (s.on, s.how));
    Plan { stops, unmet: unmet.into_iter().map(|c| c.id).collect() }
}

/// Those a call will do for, the most urgent first, spread over the days; and who is left.
fn calls(rest: Vec<Candidate>, capacity: &Capacity) -> (Vec<Stop>, Vec<Candidate>) {
    let most = capacity.calls * capacity.days.len();
    let (mut stops, mut unmet): (Vec<Stop>, Vec<Candidate>) = (Vec::new(), Vec::new());
    for one in rest {
        let day = stops.len().checked_div(capacity.calls).and_then(|n| capacity.days.get(n));
        match day.filter(|_| one.call_will_do && stops.len() < most) {
            Some(on) => stops.push(Stop { id: one.id, on: *on, how: How::Call, fixed: false }),
            None => unmet.push(one),
        }
    }
    (stops, unmet)
}

/// Day by day: the most urgent leads, others of the same village fill the trip, but nobody who can wait goes before a
/// priority client whose day has come.
fn spread(mut open: Vec<Candidate>, days: &[Day], room: &[usize]) -> Vec<Stop> {
    let mut stops = Vec::with_capacity(open.len());
    for (on, free) in days.iter().zip(room) {
        let mut seen: BTreeSet<i32> = BTreeSet::new();
        for _ in 0..*free {
            if open.is_empty() {
                break;
            }
            let pressing = open.iter().position(|c| c.priority && c.due <= *on);
            let near = open.iter().position(|c| seen.contains(&c.village) && (pressing.is_none() || c.priority));
            let one = open.remove(near.or(pressing).unwrap_or(0));
            seen.insert(one.village);
            stops.push((one.village, Stop { id: one.id, on: *on, how: How::Visit, fixed: false }));
        }
    }
    // Within a day the villages follow each other.
    stops.sort_by_key(|(village, stop)| (stop.on, *village));
    stops.into_iter().map(|(_, stop)| stop).collect()
}

/// How many of a worker's due people cannot be seen: what visits and calls do not cover.
pub fn unmet(due: i64, call_will_do: i64, visits: i64, calls: i64) -> i64 {
    let over = (due - visits).max(0);
    over - over.min(calls).min(call_will_do)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        day::parse(text).unwrap()
    }

    fn one(n: u128, village: i32, grade: &str, due: &str) -> Candidate {
        Candidate {
            id: Id::from_u128(n),
            village,
            priority: grade == "A",
            statutory: grade == "S",
            due: d(due),
            planned: None,
            call_will_do: grade == "C",
        }
    }

    fn days(plan: &Plan) -> Vec<(u128, String, How)> {
        plan.stops.iter().map(|s| (s.id.as_u128(), s.on.to_string(), s.how)).collect()
    }

    fn capacity(days: &[&str], visits: usize, calls: usize) -> Capacity {
        Capacity { days: days.iter().map(|t| d(t)).collect(), visits, calls }
    }

    #[test]
    fn priority_comes_first_then_statutory_dates_then_the_longest_due() {
        let people = vec![
            one(1, 1, "B", "2026-01-01"),
            one(2, 2, "S", "2026-11-20"),
            one(3, 3, "A", "2026-11-30"),
            one(4, 4, "B", "2025-01-01"),
        ];
        let plan = plan(people, &capacity(&["2026-11-23", "2026-11-24", "2026-11-25"], 1, 0));
        let ids: Vec<u128> = plan.stops.iter().map(|s| s.id.as_u128()).collect();
        assert_eq!(ids, [3, 2, 4]);
        assert_eq!(plan.unmet, [Id::from_u128(1)], "what does not fit is told");
    }

    #[test]
    fn a_day_stays_in_its_village() {
        let people = vec![
            one(1, 1, "B", "2026-11-01"),
            one(2, 2, "B", "2026-11-02"),
            one(3, 1, "B", "2026-11-20"),
            one(4, 2, "B", "2026-11-21"),
        ];
        let plan = plan(people, &capacity(&["2026-11-23", "2026-11-24"], 2, 0));
        let on = |n: u128| plan.stops.iter().find(|s| s.id.as_u128() == n).unwrap().on;
        assert_eq!((on(1), on(2)), (on(3), on(4)));
    }

    #[test]
    fn nobody_who_can_wait_goes_before_a_priority_client_whose_day_has_come() {
        let people = vec![
            one(1, 1, "A", "2026-11-01"),
            one(2, 1, "C", "2026-11-30"),
            one(3, 2, "A", "2026-11-10"),
            one(4, 2, "C", "2026-11-30"),
        ];
        let plan = plan(people, &capacity(&["2026-11-23", "2026-11-24"], 2, 0));
        let first: BTreeSet<u128> = plan.stops.iter().take(2).map(|s| s.id.as_u128()).collect();
        assert_eq!(first, BTreeSet::from([1, 3]));
    }

    #[test]
    fn calls_stand_in_only_where_they_will_do() {
        let people = vec![
            one(1, 1, "A", "2026-11-01"),
            one(2, 1, "B", "2026-11-02"),
            one(3, 1, "C", "2026-11-03"),
            one(4, 1, "C", "2026-11-04"),
        ];
        let plan = plan(people, &capacity(&["2026-11-23"], 1, 1));
        let day = "2026-11-23".to_owned();
        assert_eq!(days(&plan), [(1, day.clone(), How::Visit), (3, day, How::Call)]);
        assert_eq!(plan.unmet, [Id::from_u128(2), Id::from_u128(4)]);
        assert_eq!(unmet(4, 2, 1, 1), 2, "the figures of a station say the same");
        assert_eq!((unmet(4, 0, 1, 1), unmet(4, 4, 10, 0), unmet(0, 0, 8, 6)), (3, 0, 0));
    }

    #[test]
    fn a_day_set_by_hand_is_kept_while_there_is_room() {
        let mut people = vec![one(1, 1, "A", "2026-11-01"), one(2, 2, "C", "2026-12-01"), one(3, 2, "C", "2026-12-01")];
        people[1].planned = Some(d("2026-11-24"));
        people[2].planned = Some(d("2026-11-24"));
        let plan = plan(people, &capacity(&["2026-11-23", "2026-11-24"], 1, 0));
        assert_eq!(days(&plan), [(1, "2026-11-23".to_owned(), How::Visit), (2, "2026-11-24".to_owned(), How::Visit)]);
        assert!(plan.stops[1].fixed && plan.unmet == [Id::from_u128(3)]);
    }

    #[test]
    fn a_plan_never_promises_more_than_can_be_done() {
        let mut seed = 11_u64;
        let mut next = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        for _ in 0..200 {
            let people: Vec<Candidate> = (0..next(60))
                .map(|n| {
                    let grade = ["A", "B", "C", "S"][usize::try_from(next(4)).unwrap()];
                    let mut c = one(u128::from(n) + 1, i32::try_from(next(5)).unwrap(), grade, "2026-11-01");
                    c.due = day::add_days(c.due, i64::try_from(next(60)).unwrap());
                    c
                })
                .collect();
            let capacity = capacity(
                &["2026-11-23", "2026-11-24", "2026-11-25"],
                usize::try_from(next(6)).unwrap(),
                usize::try_from(next(4)).unwrap(),
            );
            let plan = plan(people.clone(), &capacity);
            for on in &capacity.days {
                let n = |how| plan.stops.iter().filter(|s| s.on == *on && s.how == how).count();
                assert!(n(How::Visit) <= capacity.visits && n(How::Call) <= capacity.calls);
            }
            let ids: BTreeSet<Id> = plan.stops.iter().map(|s| s.id).chain(plan.unmet.iter().copied()).collect();
            assert_eq!(
                (ids.len(), plan.stops.len() + plan.unmet.len()),
                (people.len(), people.len()),
                "everybody once"
            );
            let planned = |id: Id| plan.stops.iter().any(|s| s.id == id);
            let left_priority = people.iter().any(|c| c.priority && !planned(c.id));
            let visited_other =
                plan.stops.iter().any(|s| s.how == How::Visit && people.iter().any(|c| c.id == s.id && !c.priority));
            assert!(!(left_priority && visited_other), "priority first");
        }
    }

    #[test]
    fn days_run_to_the_end_of_the_month_or_of_the_next() {
        for (today, end) in [
            ("2026-11-02", "2026-11-30"),
            ("2026-11-20", "2026-11-30"),
            ("2026-11-23", "2026-12-31"),
            ("2024-02-29", "2024-03-31"),
            ("2026-12-25", "2027-01-31"),
        ] {
            assert_eq!(until(d(today)), d(end), "{today}");
        }
        let week: Vec<String> = ["1", "2", "3", "4", "5"].map(str::to_owned).to_vec();
        let found = working_days(d("2026-11-20"), d("2026-11-24"), &week);
        assert_eq!(found, [d("2026-11-20"), d("2026-11-23"), d("2026-11-24")], "no weekend");
    }
}
