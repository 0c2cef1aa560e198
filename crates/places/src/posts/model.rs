//! What comes in for posts and assignments, and how shares add up. Pure.

use chrono::NaiveDate;
use kernel::{Day, Field, Outcome};
use serde::Deserialize;
use uuid::Uuid;

use crate::network::checks::Faults;

/// A post to plan.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Kind, see code list `post_kind`.
    pub kind: String,
    /// People planned.
    #[schema(minimum = 1, maximum = 1000)]
    pub headcount: i32,
    /// The point it stands at; left out for the station itself.
    pub point_id: Option<Uuid>,
    /// Who pays for it.
    #[schema(max_length = 200)]
    pub funded_by: Option<String>,
    /// First day.
    pub from: NaiveDate,
}

impl NewPost {
    /// Checks the form.
    pub fn check(&self, today: Day) -> Outcome<()> {
        let mut faults = Faults::default();
        faults.code("kind", "post_kind", &self.kind);
        faults.range("headcount", self.headcount, 1, 1_000);
        faults.short("funded_by", self.funded_by.as_deref());
        faults.planned("from", self.from, today);
        faults.finish()
    }
}

/// What may change on a post.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostChange {
    /// The revision that was seen.
    pub rev: i32,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// People planned.
    #[schema(minimum = 1, maximum = 1000)]
    pub headcount: Option<i32>,
}

/// Somebody to assign to a post.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssignment {
    /// Client-made UUIDv7.
    pub id: Uuid,
    /// Name of the worker.
    #[schema(min_length = 1, max_length = 50)]
    pub worker_name: String,
    /// The worker's account, if there is one.
    pub account_id: Option<Uuid>,
    /// See code list `employment_mode`.
    pub employment_mode: String,
    /// Share of full time, above 0 and at most 1.
    #[schema(exclusive_minimum = 0, maximum = 1)]
    pub share: f64,
    /// First day.
    pub from: NaiveDate,
}

impl NewAssignment {
    /// Checks the form and gives the share in percent.
    pub fn check(&self, today: Day) -> Outcome<i32> {
        let mut faults = Faults::default();
        faults.name("worker_name", &self.worker_name);
        faults.code("employment_mode", "employment_mode", &self.employment_mode);
        faults.planned("from", self.from, today);
        let percent = percent(self.share);
        if percent.is_none() {
            faults.push(Field::new(
                "share",
                "range",
                "工作时间比例应大于 0 且不超过 1（如 0.5 表示半职），请修改。",
                "The share of full time must be above 0 and at most 1 (0.5 is half time); change it.",
            ));
        }
        faults.finish()?;
        Ok(percent.unwrap_or(100))
    }
}

/// What may change on an assignment.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignmentChange {
    /// The revision that was seen.
    pub rev: i32,
    /// Last day.
    pub to: NaiveDate,
}

/// A share of full time in whole percent, 1 to 100.
pub fn percent(share: f64) -> Option<i32> {
    (1..=100).find(|p| (share * 100.0 - f64::from(*p)).abs() < 0.5 && share <= 1.0)
}

/// A share of full time, first and last day.
pub type Stretch = (i32, Day, Option<Day>);

/// The most percent that `others` add up to on any day from `from` to `to`.
pub fn peak(others: &[Stretch], from: Day, to: Option<Day>) -> i32 {
    let starts = others.iter().map(|(_, start, _)| (*start).max(from)).chain([from]);
    let inside = starts.filter(|day| to.is_none_or(|to| *day <= to));
    let load = |day: Day| {
        others
            .iter()
            .filter(|(_, a, b)| *a <= day && b.is_none_or(|b| day <= b))
            .map(|(share, _, _)| share)
            .sum::<i32>()
    };
    inside.map(load).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        kernel::day::parse(text).unwrap()
    }

    #[test]
    fn a_share_is_a_whole_percent_above_nothing() {
        for (share, expected) in [
            (1.0, Some(100)),
            (0.5, Some(50)),
            (0.29, Some(29)),
            (0.01, Some(1)),
            (0.001, None),
            (0.0, None),
            (-0.5, None),
            (1.004, None),
            (2.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(percent(share), expected, "{share}");
        }
    }

    #[test]
    fn the_peak_is_the_busiest_day_and_not_the_sum_of_all() {
        let others = [
            (50, d("2026-01-01"), Some(d("2026-03-31"))),
            (50, d("2026-04-01"), Some(d("2026-06-30"))),
            (20, d("2026-03-15"), None),
        ];
        assert_eq!(peak(&others, d("2025-01-01"), None), 70);
        assert_eq!(peak(&others, d("2026-07-01"), None), 20);
        assert_eq!(peak(&others, d("2025-01-01"), Some(d("2025-12-31"))), 0);
        assert_eq!(peak(&others, d("2026-01-15"), Some(d("2026-02-01"))), 50);
        assert_eq!(peak(&[], d("2026-01-15"), None), 0);
    }
}
