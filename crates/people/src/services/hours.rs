//! Service minutes of a worker: nobody serves at two places at once, and no day has more than 24 hours.
//!
//! Minutes are service only; the way there is not counted. Two services overlap when both tell begin and end, the times
//! meet, both modes take place somewhere (`service.place_modes`: not a call) and the villages differ. What happens then is
//! the parameter `service.overlap_rule`: `warn` asks once, `refuse` never takes it. More than `service.day_minutes_warn`
//! a day asks as well; more than 1,440 is refused everywhere.

use access::Writing;
use kernel::{Id, Outcome, Permit, Problem, day, params::Params};
use sea_orm::Value;

use crate::visits::{COMPLETED, content::Content};

/// Minutes of a day.
pub const DAY_MINUTES: i64 = 1440;

/// What the other services of a worker around a day come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Others {
    /// Minutes on the day itself.
    pub minutes: i64,
    /// Whether one of them was somewhere else at the same time.
    pub elsewhere: bool,
}

/// What is wrong with one more service on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// At two places at once.
    Overlap,
    /// So many minutes on the day in all, more than usual.
    Long(i64),
    /// So many minutes on the day in all, more than it has.
    Impossible(i64),
}

/// Looks at one more service of so many minutes beside the others of the same worker.
pub fn clash(minutes: i64, others: Others, long: i64) -> Option<Clash> {
    let total = minutes + others.minutes;
    if total > DAY_MINUTES {
        return Some(Clash::Impossible(total));
    }
    if others.elsewhere {
        return Some(Clash::Overlap);
    }
    (minutes > 0 && total > long).then_some(Clash::Long(total))
}

/// Refuses a service that clashes with others of the worker; `confirmed` takes what may be taken after being asked.
pub async fn check<P: Permit>(
    tx: &Writing<'_, P>,
    (worker, visit, group): (Id, Id, Option<Id>),
    village: i32,
    content: &Content,
    places: &[&str],
    confirmed: bool,
) -> Outcome<()> {
    let minutes = content.minutes.map_or(0, i64::from);
    let (params, today) = (Params::national(), content.visited_on);
    let long = params.whole("service.day_minutes_warn", places, today).unwrap_or(DAY_MINUTES);
    let modes = params.codes("service.place_modes", places, today);
    let others = others(tx, (worker, visit, group), village, content, modes).await?;
    let found = clash(minutes, others, long);
    let refuses = params.lookup("service.overlap_rule", places, today).and_then(|p| p.text()) == Some("refuse");
    match found {
        None => Ok(()),
        Some(Clash::Impossible(total)) => Err(impossible(total)),
        Some(Clash::Overlap) if refuses => Err(overlap(true)),
        Some(_) if confirmed => Ok(()),
        Some(Clash::Overlap) => Err(overlap(false)),
        Some(Clash::Long(total)) => Err(too_long(total)),
    }
}

/// The other services of the worker, added up by the database: one row, however many there are.
async fn others<P: Permit>(
    tx: &Writing<'_, P>,
    (worker, visit, group): (Id, Id, Option<Id>),
    village: i32,
    content: &Content,
    modes: &[String],
) -> Outcome<Others> {
    let on = content.visited_on;
    let mut values: Vec<Value> = vec![
        worker.into(),
        day::add_days(on, -1).into(),
        day::add_days(on, 1).into(),
        COMPLETED.into(),
        visit.into(),
        group.unwrap_or(visit).into(),
        on.into(),
    ];
    // Only who is somewhere at a told time can be at two places.
    let times = content.started_at.zip(content.ended_at).filter(|_| modes.contains(&content.mode));
    let elsewhere = match times {
        Some((begin, end)) => {
            values.extend([village.into(), begin.into(), end.into()]);
            let first = values.len();
            values.extend(modes.iter().map(|mode| Value::from(mode.as_str())));
            let modes: Vec<String> = (first + 1..=values.len()).map(|n| format!("${n}")).collect();
            format!("served_village_id <> $8 AND started_at < $10 AND ended_at > $9 AND mode IN ({})", modes.join(", "))
        }
        None => "1 = 0".to_owned(),
    };
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(CASE WHEN visited_on = $7 AND NOT minutes_shared THEN minutes ELSE 0 END), 0) AS bigint), \
         CAST(COALESCE(MAX(CASE WHEN {elsewhere} THEN 1 ELSE 0 END), 0) AS bigint) FROM visit \
         WHERE worker_id = $1 AND visited_on BETWEEN $2 AND $3 AND state = $4 AND id <> $5 \
           AND (group_id IS NULL OR group_id <> $6)"
    );
    let rows = tx.query(&sql, values).await?;
    let Some(row) = rows.first() else { return Ok(Others::default()) };
    Ok(Others { minutes: row.try_get_by_index(0)?, elsewhere: row.try_get_by_index::<i64>(1)? == 1 })
}

fn overlap(final_: bool) -> Problem {
    let (zh, en) =
        ("这段时间您在另一个村（社区）已有服务记录，", "At this time you already served in another village; ");
    if final_ {
        return Problem::refused(
            "service.overlap",
            format!("{zh}同一人不能同时在两地。请核对开始时间和时长。"),
            format!("{en}nobody can be at two places. Correct the begin or the length."),
        );
    }
    Problem::refused(
        "service.overlap_ask",
        format!("{zh}请核对开始时间和时长；确实无误的，可以确认后保存。"),
        format!("{en}check the begin and the length. If it is right, confirm and save."),
    )
}

fn too_long(total: i64) -> Problem {
    let (h, m) = (total / 60, total % 60);
    Problem::refused(
        "service.day_long_ask",
        format!(
            "当天服务时长合计将达到 {h} 小时 {m} 分钟，明显偏多（不含路途）。请核对时长；确实无误的，可以确认后保存。"
        ),
        format!(
            "The service of the day would come to {h} h {m} min without travel, which is a lot. Check the length, or confirm and save."
        ),
    )
}

fn impossible(total: i64) -> Problem {
    let (h, m) = (total / 60, total % 60);
    Problem::refused(
        "service.day_full",
        format!("当天服务时长合计将达到 {h} 小时 {m} 分钟，超过 24 小时。请改小时长或核对日期。"),
        format!(
            "The service of the day would come to {h} h {m} min, more than 24 hours. Correct the length or the day."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_warned_of_and_then_full() {
        let there = Others { minutes: 700, elsewhere: false };
        assert_eq!(clash(20, there, 720), None);
        assert_eq!(clash(21, there, 720), Some(Clash::Long(721)));
        assert_eq!(
            clash(0, Others { minutes: 900, elsewhere: false }, 720),
            None,
            "what takes no time makes no day longer"
        );
        assert_eq!(clash(740, there, 720), Some(Clash::Long(1440)));
        assert_eq!(clash(741, there, 720), Some(Clash::Impossible(1441)));
        assert_eq!(clash(10, Others { minutes: 0, elsewhere: true }, 720), Some(Clash::Overlap));
    }
}
