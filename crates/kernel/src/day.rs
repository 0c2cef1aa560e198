//! Days (业务日期): calendar days of Beijing time, ages in full years, and periods in months.
//!
//! A day is never derived from an instant in SQL. China has had one time zone and no summer time since 1992, so the day
//! of an instant is its UTC day eight hours later. Where a month has no such day (29 Feb, 31st) a period ends on the last
//! day of the month: 民法典 art. 202. Ages are full years (周岁) by the same rule, so someone born on 29 Feb turns 60 on
//! 28 Feb of a common year.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime};

use crate::Day;

/// Beijing time is UTC+8.
const EIGHT_HOURS: i64 = 8 * 60 * 60 * 1000;

/// The business day (业务日期) of an instant in UTC milliseconds.
pub fn of_millis(utc_millis: i64) -> Day {
    let shifted = utc_millis.saturating_add(EIGHT_HOURS);
    match DateTime::from_timestamp_millis(shifted) {
        Some(time) => time.date_naive(),
        None if utc_millis < 0 => NaiveDate::MIN,
        None => NaiveDate::MAX,
    }
}

/// The first instant of a Beijing day in UTC milliseconds; the day ends before `start_millis(next day)`.
pub fn start_millis(day: Day) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - EIGHT_HOURS
}

/// Reads `2026-11-23`; anything else (other separators, missing zeros, impossible days) is `None`.
pub fn parse(text: &str) -> Option<Day> {
    let exact = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if exact { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None }
}

/// The day `n` days later (earlier when negative); stays at the calendar's end instead of overflowing.
pub fn add_days(day: Day, n: i64) -> Day {
    let step = Days::new(n.unsigned_abs());
    if n >= 0 {
        day.checked_add_days(step).unwrap_or(NaiveDate::MAX)
    } else {
        day.checked_sub_days(step).unwrap_or(NaiveDate::MIN)
    }
}

/// The day `n` months later (earlier when negative), the last of the month where there is no such day (民法典 art. 202).
pub fn add_months(day: Day, n: i32) -> Day {
    let step = Months::new(n.unsigned_abs());
    if n >= 0 {
        day.checked_add_months(step).unwrap_or(NaiveDate::MAX)
    } else {
        day.checked_sub_months(step).unwrap_or(NaiveDate::MIN)
    }
}

/// The `n`th working day after `day`: Monday to Friday, without the days in `off`, with those in `extra` (调休).
pub fn add_workdays(day: Day, n: i64, off: &[Day], extra: &[Day]) -> Day {
    let works = |day: Day| {
        let weekday = !matches!(day.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun);
        (weekday && !off.contains(&day)) || extra.contains(&day)
    };
    let (mut on, mut left) = (day, n);
    while left > 0 && on < NaiveDate::MAX {
        on = add_days(on, 1);
        if works(on) {
            left -= 1;
        }
    }
    on
}

/// Days from `earlier` to `later`; negative when they stand the other way round.
pub fn days_between(earlier: Day, later: Day) -> i64 {
    later.signed_duration_since(earlier).num_days()
}

/// The day on which someone born on `birth` reaches `age` full years (周岁).
pub fn birthday(birth: Day, age: u16) -> Day {
    add_months(birth, i32::from(age) * 12)
}

/// The age in full years (周岁) on a day; `None` before birth.
pub fn age_on(birth: Day, day: Day) -> Option<u16> {
    if day < birth {
        return None;
    }
    let years = u16::try_from(day.year() - birth.year()).ok()?;
    if birthday(birth, years) <= day { Some(years) } else { years.checked_sub(1) }
}

/// The latest birth date of those who are at least `age` on `day`, so that an age filter is one comparison on a column.
pub fn latest_birth(age: u16, day: Day) -> Day {
    let plain = add_months(day, -(i32::from(age) * 12));
    let next = add_days(plain, 1);
    if birthday(next, age) <= day { next } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        parse(text).unwrap_or_else(|| panic!("{text} is no day"))
    }

    #[test]
    fn the_beijing_day_begins_at_sixteen_hundred_utc() {
        let midnight = start_millis(d("2026-11-23"));
        assert_eq!(midnight, 1_795_363_200_000);
        assert_eq!(of_millis(midnight), d("2026-11-23"));
        assert_eq!(of_millis(midnight - 1), d("2026-11-22"));
        assert_eq!(of_millis(-1), d("1970-01-01"));
        assert_eq!(of_millis(i64::MAX), NaiveDate::MAX);
        assert_eq!(of_millis(i64::MIN), NaiveDate::MIN);
    }

    #[test]
    fn only_the_written_form_of_the_contract_is_a_day() {
        assert!(parse("2024-02-29").is_some());
        for bad in
            ["2023-02-29", "2023-2-28", "2023/02/28", "20230228", "2023-02-28 ", "+023-02-28", "", "２０２３-02-28"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ages_change_on_the_birthday() {
        for (birth, day, age) in [
            ("1960-03-01", "2020-02-29", Some(59)),
            ("1960-03-01", "2020-03-01", Some(60)),
            ("1960-02-29", "2020-02-28", Some(59)),
            ("1960-02-29", "2020-02-29", Some(60)),
            ("1960-02-29", "2023-02-27", Some(62)),
            ("1960-02-29", "2023-02-28", Some(63)),
            ("2010-09-01", "2026-08-31", Some(15)),
            ("2010-09-01", "2026-09-01", Some(16)),
            ("2026-01-01", "2026-01-01", Some(0)),
            ("2026-01-02", "2026-01-01", None),
        ] {
            assert_eq!(age_on(d(birth), d(day)), age, "{birth} on {day}");
        }
    }

    #[test]
    fn the_latest_birth_agrees_with_the_age() {
        for day in ["2020-02-28", "2020-02-29", "2023-02-28", "2023-03-01", "2024-02-29", "2026-12-31"] {
            for age in [3, 16, 18, 60, 80] {
                let latest = latest_birth(age, d(day));
                assert!(age_on(latest, d(day)) >= Some(age), "{age} on {day}");
                assert!(age_on(add_days(latest, 1), d(day)) < Some(age), "{age} on {day}");
            }
        }
    }

    #[test]
    fn months_end_where_there_is_no_such_day() {
        for (from, n, to) in [
            ("2024-01-31", 1, "2024-02-29"),
            ("2023-01-31", 1, "2023-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", -48, "2020-02-29"),
            ("2026-03-31", -1, "2026-02-28"),
        ] {
            assert_eq!(add_months(d(from), n), d(to), "{from} {n:+}");
        }
        assert_eq!(add_days(d("2024-02-28"), 2), d("2024-03-01"));
        assert_eq!(add_days(d("2024-03-01"), -1), d("2024-02-29"));
        assert_eq!(add_days(d("2024-03-01"), i64::MAX), NaiveDate::MAX);
        assert_eq!(days_between(d("2024-03-01"), d("2024-02-28")), -2);
    }

    #[test]
    fn working_days_skip_weekends_and_days_off_and_count_days_worked_instead() {
        for (from, n, off, extra, expected) in [
            ("2026-11-23", 0, &[][..], &[][..], "2026-11-23"),
            ("2026-11-23", 10, &[], &[], "2026-12-07"),
            ("2026-11-27", 1, &[], &[], "2026-11-30"),
            ("2026-11-28", 1, &[], &[], "2026-11-30"),
            ("2024-02-28", 2, &[], &[], "2024-03-01"),
            ("2026-09-30", 1, &["2026-10-01", "2026-10-02", "2026-10-05"], &[], "2026-10-06"),
            ("2026-11-27", 1, &[], &["2026-11-28"], "2026-11-28"),
        ] {
            let days = |list: &[&str]| list.iter().map(|t| d(t)).collect::<Vec<_>>();
            assert_eq!(add_workdays(d(from), n, &days(off), &days(extra)), d(expected), "{from} + {n}");
        }
    }
}
