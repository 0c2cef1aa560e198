//! Time, injected. Instants are UTC milliseconds; business days are Beijing days (UTC+8, no summer time).

use kernel::{Day, Millis};

const BEIJING_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// A source of time.
pub trait Clock: Send + Sync {
    /// Now, in UTC milliseconds since 1970.
    fn now(&self) -> Millis;
}

/// The clock of the machine.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place where machine time enters
    fn now(&self) -> Millis {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The Beijing day of an instant.
pub fn beijing_day(at: Millis) -> Day {
    let days = (at + BEIJING_OFFSET_MS).div_euclid(DAY_MS);
    let from_ce = i32::try_from(days).unwrap_or(0).saturating_add(719_163);
    Day::from_num_days_from_ce_opt(from_ce).unwrap_or_default()
}

/// The first instant of a Beijing day.
pub fn start_of_day(day: Day) -> Millis {
    use chrono::Datelike as _;
    (i64::from(day.num_days_from_ce()) - 719_163) * DAY_MS - BEIJING_OFFSET_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beijing_day_begins_at_sixteen_utc_of_the_day_before() {
        let day = Day::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(beijing_day(start_of_day(day)), day);
        assert_eq!(beijing_day(start_of_day(day) - 1), day.pred_opt().unwrap());
    }
}
