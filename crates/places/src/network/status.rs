//! The status machine of stations and points, and when one counts (正式挂牌运作). Pure.
//!
//! `规划 → 筹建 → 人员到位 → 已挂牌 → 运作 ⇄ 暂停 → 撤销`; the steps that may follow stand in `data/codes/station_status.toml`.
//! One counts on a day D when it operates on D (or was suspended no longer than the grace days ago), a plaque hangs on D, and
//! somebody is assigned on D. All three are read from dated facts, so the answer for a past day never changes by itself.

use kernel::{Day, codes, day};

/// How far a station or point is from counting, nearest first; the number is the one the SQL of `network::sql` computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortfall {
    /// Nobody is assigned on the day.
    NoAssignment = 1,
    /// No plaque hangs on the day.
    NoPlaque = 2,
    /// Suspended for longer than the grace days.
    SuspendedTooLong = 3,
    /// Planned, under preparation or ready, but not operating.
    NotOperating = 4,
    /// Closed.
    Closed = 5,
    /// Nothing is there yet.
    NeverOpened = 6,
}

impl Shortfall {
    /// The shortfall of this number; `None` for 0, which counts.
    pub fn from_number(number: i64) -> Option<Shortfall> {
        match number {
            0 => None,
            1 => Some(Self::NoAssignment),
            2 => Some(Self::NoPlaque),
            3 => Some(Self::SuspendedTooLong),
            4 => Some(Self::NotOperating),
            5 => Some(Self::Closed),
            _ => Some(Self::NeverOpened),
        }
    }

    /// The stable code of answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoAssignment => "no_assignment",
            Self::NoPlaque => "no_plaque",
            Self::SuspendedTooLong => "suspended_too_long",
            Self::NotOperating => "not_operating",
            Self::Closed => "closed",
            Self::NeverOpened => "never_opened",
        }
    }
}

/// What is known of one station or point on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What its status lacks, if anything.
    pub status: Option<Shortfall>,
    /// Whether a plaque hangs.
    pub hung: bool,
    /// Whether somebody is assigned.
    pub manned: bool,
}

impl Standing {
    /// Whether it counts.
    pub fn counts(&self) -> bool {
        self.status.is_none() && self.hung && self.manned
    }

    /// The one shortfall that names it in the list of missing ones: the status first, then plaque, then people.
    pub fn nearest(&self) -> Option<Shortfall> {
        match (self.status, self.hung, self.manned) {
            (Some(why), _, _) => Some(why),
            (None, false, _) => Some(Shortfall::NoPlaque),
            (None, true, false) => Some(Shortfall::NoAssignment),
            (None, true, true) => None,
        }
    }

    /// Every reason why it does not count, as codes; a closed or unopened one is simply not operating here.
    pub fn reasons(&self) -> Vec<&'static str> {
        let status = self.status.map(|why| match why {
            Shortfall::SuspendedTooLong => why.code(),
            _ => Shortfall::NotOperating.code(),
        });
        let plaque = (!self.hung).then(|| Shortfall::NoPlaque.code());
        let people = (!self.manned).then(|| Shortfall::NoAssignment.code());
        status.into_iter().chain(plaque).chain(people).collect()
    }
}

/// The dated facts of one station or point, each list in order of the day (and of entry within a day).
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Statuses with the day from which each holds.
    pub statuses: Vec<(Day, String)>,
    /// Plaque events: hang, replace, remove.
    pub plaques: Vec<(Day, String)>,
    /// Assignments: first and last day, both included; open when the last is none.
    pub assignments: Vec<(Day, Option<Day>)>,
}

impl History {
    /// How it stands on a day.
    pub fn standing(&self, on: Day, grace_days: i64) -> Standing {
        let last = self.statuses.iter().rev().find(|(from, _)| *from <= on);
        let status = match last {
            None => Some(Shortfall::NeverOpened),
            Some((since, status)) => status_lacks(status, *since, on, grace_days),
        };
        let hung = self.plaques.iter().rev().find(|(day, _)| *day <= on).is_some_and(|(_, kind)| kind != "remove");
        let manned = self.assignments.iter().any(|(from, to)| *from <= on && to.is_none_or(|to| on <= to));
        Standing { status, hung, manned }
    }
}

fn status_lacks(status: &str, since: Day, on: Day, grace_days: i64) -> Option<Shortfall> {
    match status {
        "operating" => None,
        "suspended" if day::days_between(since, on) <= grace_days => None,
        "suspended" => Some(Shortfall::SuspendedTooLong),
        "closed" => Some(Shortfall::Closed),
        _ => Some(Shortfall::NotOperating),
    }
}

/// Whether `to` may follow `from`.
pub fn may_follow(from: &str, to: &str) -> bool {
    let next = codes::list("station_status").and_then(|l| l.get(from)).and_then(|i| i.next.as_ref());
    next.is_some_and(|n| n.iter().any(|code| code == to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        day::parse(text).unwrap()
    }

    fn opened() -> History {
        History {
            statuses: vec![
                (d("2021-09-01"), "planned".into()),
                (d("2021-10-20"), "plaque_hung".into()),
                (d("2021-10-20"), "operating".into()),
                (d("2022-03-01"), "suspended".into()),
                (d("2022-05-01"), "operating".into()),
                (d("2023-01-01"), "closed".into()),
            ],
            plaques: vec![
                (d("2021-10-20"), "hang".into()),
                (d("2022-06-01"), "remove".into()),
                (d("2022-06-10"), "hang".into()),
            ],
            assignments: vec![(d("2021-10-01"), Some(d("2022-07-31"))), (d("2022-08-02"), None)],
        }
    }

    #[test]
    fn a_station_counts_only_while_status_plaque_and_people_hold() {
        for (on, why) in [
            ("2021-08-31", Some(Shortfall::NeverOpened)),
            ("2021-09-01", Some(Shortfall::NotOperating)),
            ("2021-10-19", Some(Shortfall::NotOperating)),
            ("2021-10-20", None),
            ("2022-03-31", None),
            ("2022-04-01", Some(Shortfall::SuspendedTooLong)),
            ("2022-05-01", None),
            ("2022-05-31", None),
            ("2022-06-01", Some(Shortfall::NoPlaque)),
            ("2022-06-10", None),
            ("2022-07-31", None),
            ("2022-08-01", Some(Shortfall::NoAssignment)),
            ("2022-08-02", None),
            ("2022-12-31", None),
            ("2023-01-01", Some(Shortfall::Closed)),
            ("2026-11-23", Some(Shortfall::Closed)),
        ] {
            assert_eq!(opened().standing(d(on), 30).nearest(), why, "{on}");
        }
    }

    #[test]
    fn every_reason_is_given_and_not_only_the_nearest() {
        let bare = History { statuses: vec![(d("2026-01-01"), "planned".into())], ..History::default() };
        let standing = bare.standing(d("2026-01-02"), 30);
        assert_eq!(standing.reasons(), ["not_operating", "no_plaque", "no_assignment"]);
        assert!(!standing.counts());
    }

    #[test]
    fn the_machine_allows_exactly_the_listed_steps() {
        let all = ["planned", "preparing", "staffed", "plaque_hung", "operating", "suspended", "closed"];
        let allowed = [
            ("planned", vec!["preparing", "closed"]),
            ("preparing", vec!["staffed", "closed"]),
            ("staffed", vec!["plaque_hung", "closed"]),
            ("plaque_hung", vec!["operating", "closed"]),
            ("operating", vec!["suspended", "closed"]),
            ("suspended", vec!["operating", "closed"]),
            ("closed", vec![]),
        ];
        for (from, next) in allowed {
            for to in all {
                assert_eq!(may_follow(from, to), next.contains(&to), "{from} → {to}");
            }
        }
        assert!(!may_follow("nonsense", "operating"));
    }

    #[test]
    fn the_numbers_of_shortfalls_are_stable() {
        for number in 1..=6 {
            assert_eq!(Shortfall::from_number(number).map(|s| s as i64), Some(number));
        }
        assert_eq!(Shortfall::from_number(0), None);
    }
}
