//! Due days by the limits of the card: pure.

use kernel::{Day, day, params::Params};
use people::applications::row::application;
use policy::card::{Card, Ends, Limit};

use super::flow::State;

/// Which days are worked.
#[derive(Debug, Default)]
pub struct Calendar {
    off: Vec<Day>,
    extra: Vec<Day>,
}

impl Calendar {
    /// The calendar of the nation as parameters hold it.
    pub fn of(today: Day) -> Self {
        let list = |code| -> Vec<Day> {
            Params::national().codes(code, &[], today).iter().filter_map(|text| day::parse(text)).collect()
        };
        Self { off: list("calendar.days_off"), extra: list("calendar.extra_workdays") }
    }

    /// Whether holidays were entered; without them working days are Monday to Friday.
    pub fn knows_holidays(&self) -> bool {
        !self.off.is_empty()
    }

    /// The last day of a limit that begins behind `from`.
    pub fn end(&self, from: Day, limit: &Limit) -> Day {
        let days = i64::from(limit.days);
        if limit.workdays { day::add_workdays(from, days, &self.off, &self.extra) } else { day::add_days(from, days) }
    }
}

/// The day a limit counts from; none until it has begun.
pub fn start(ends: Ends, row: &application::Model) -> Option<Day> {
    match ends {
        Ends::Survey | Ends::Opinion | Ends::Whole => row.accepted_on,
        Ends::Publicity => None,
        Ends::Result => row.submitted_on,
        Ends::Told => row.decided_on.filter(|_| row.state == State::Refused.word()),
    }
}

/// The last day of one limit of the card.
pub fn last_day(calendar: &Calendar, limit: &Limit, row: &application::Model) -> Option<Day> {
    match limit.ends? {
        Ends::Publicity => row.publicity_to,
        ends => start(ends, row).map(|from| calendar.end(from, limit)),
    }
}

/// The last day for the next act: the earliest limit that it keeps.
pub fn due(calendar: &Calendar, card: &Card, row: &application::Model) -> Option<Day> {
    let state = State::parse(&row.state)?;
    let watched: &[Ends] = match state {
        State::Accepted => &[Ends::Survey, Ends::Opinion, Ends::Whole],
        State::Surveyed => &[Ends::Opinion, Ends::Whole],
        State::Publicity if row.publicity_ended_on.is_none() => return row.publicity_to,
        State::Opinion | State::Publicity => &[Ends::Whole],
        State::Submitted => &[Ends::Result, Ends::Whole],
        State::Refused if row.told_on.is_none() => &[Ends::Told],
        State::Draft | State::Confirmed | State::Refused | State::Withdrawn => &[],
    };
    let limits = card.limits.iter().filter(|limit| limit.ends.is_some_and(|ends| watched.contains(&ends)));
    limits.filter_map(|limit| last_day(calendar, limit, row)).min()
}

/// The last day of a notice that begins on this day, where the card says how long it lasts.
pub fn notice_end(calendar: &Calendar, card: &Card, from: Day) -> Option<Day> {
    card.limits.iter().find(|limit| limit.ends == Some(Ends::Publicity)).map(|limit| calendar.end(from, limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::shelf::shelf;

    fn card(id: &str) -> &'static Card {
        shelf().unwrap().library.cards().iter().find(|c| c.id == id).unwrap()
    }

    fn d(text: &str) -> Day {
        day::parse(text).unwrap()
    }

    #[test]
    fn working_days_skip_weekends_and_holidays_that_are_known() {
        let limit = card("dibao").limits.iter().find(|l| l.ends == Some(Ends::Survey)).unwrap();
        let plain = Calendar::default();
        assert_eq!(plain.end(d("2026-11-25"), limit), d("2026-11-30"), "Wednesday and three working days");
        let holiday = Calendar { off: vec![d("2026-11-27")], extra: vec![] };
        assert_eq!(holiday.end(d("2026-11-25"), limit), d("2026-12-01"));
        assert!(!plain.knows_holidays() && holiday.knows_holidays());
    }

    #[test]
    fn a_notice_runs_calendar_days_and_only_where_the_card_says_how_long() {
        let calendar = Calendar::default();
        assert_eq!(notice_end(&calendar, card("tekun"), d("2026-11-25")), Some(d("2026-12-02")));
        assert_eq!(notice_end(&calendar, card("near"), d("2026-11-25")), None);
    }
}
