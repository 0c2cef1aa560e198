//! Service minutes of a worker: nobody serves at two places at once, and no day has more than 24 hours.
//!
//! Minutes are service only; the way there is not counted. Two services overlap when both tell begin and end, the times
//! meet, both modes take place somewhere (`service.place_modes`: not a call) and the villages differ. What happens then is
//! the parameter `service.overlap_rule`: `warn` asks once, `refuse` never takes it. More than `service.day_minutes_warn`
//! a day asks as well; more than 1,440 is refused everywhere.

use access::Writing;
use kernel::{Day, Id, Outcome, Permit, Problem, day, params::Params};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::visits::{
    COMPLETED,
    content::Content,
    row::visit::{self, Column as C},
};

/// Minutes of a day.
pub const DAY_MINUTES: i64 = 1440;

/// A service as this rule looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Day.
    pub on: Day,
    /// Begin and end, where told.
    pub times: Option<(i64, i64)>,
    /// Village.
    pub village: i32,
    /// Mode.
    pub mode: String,
    /// Minutes that count.
    pub minutes: i64,
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

/// Looks at one more service beside the others of the same worker.
pub fn clash(new: &Span, others: &[Span], place_modes: &[String], long: i64) -> Option<Clash> {
    let total: i64 = new.minutes + others.iter().filter(|o| o.on == new.on).map(|o| o.minutes).sum::<i64>();
    if total > DAY_MINUTES {
        return Some(Clash::Impossible(total));
    }
    let somewhere = |span: &Span| place_modes.contains(&span.mode);
    let meet = |other: &Span| match (new.times, other.times) {
        (Some((a, b)), Some((c, d))) => a < d && c < b,
        _ => false,
    };
    let twice = |o: &&Span| o.village != new.village && somewhere(o) && meet(o);
    if somewhere(new) && others.iter().any(|o| twice(&o)) {
        return Some(Clash::Overlap);
    }
    (new.minutes > 0 && total > long).then_some(Clash::Long(total))
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
    let near = (day::add_days(content.visited_on, -1), day::add_days(content.visited_on, 1));
    let others: Vec<Beside> = visit::Entity::find()
        .select_only()
        .columns([C::Id, C::GroupId, C::VisitedOn, C::StartedAt, C::EndedAt, C::ServedVillageId, C::Mode])
        .columns([C::MinutesShared, C::Minutes])
        .filter(C::WorkerId.eq(worker))
        .filter(C::VisitedOn.between(near.0, near.1))
        .filter(C::State.eq(COMPLETED))
        .into_tuple()
        .all(tx.derived())
        .await?;
    let same = |v: &Beside| v.0 == visit || (group.is_some() && v.1 == group);
    let others: Vec<Span> = others.into_iter().filter(|v| !same(v)).map(span).collect();
    let new = Span {
        on: content.visited_on,
        times: content.started_at.zip(content.ended_at),
        village,
        mode: content.mode.clone(),
        minutes: content.minutes.map_or(0, i64::from),
    };
    let (params, today) = (Params::national(), content.visited_on);
    let long = params.whole("service.day_minutes_warn", places, today).unwrap_or(DAY_MINUTES);
    let found = clash(&new, &others, params.codes("service.place_modes", places, today), long);
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

/// Another visit: id, group, day, begin, end, village, mode, whether another one carries its minutes, minutes.
type Beside = (Id, Option<Id>, Day, Option<i64>, Option<i64>, i32, String, bool, Option<i32>);

fn span((_, _, on, begin, end, village, mode, shared, minutes): Beside) -> Span {
    let minutes = if shared { 0 } else { minutes.map_or(0, i64::from) };
    Span { on, times: begin.zip(end), village, mode, minutes }
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

    fn at(times: Option<(i64, i64)>, village: i32, mode: &str, minutes: i64) -> Span {
        Span { on: day::parse("2026-11-23").unwrap(), times, village, mode: mode.to_owned(), minutes }
    }

    #[test]
    fn one_worker_is_at_one_place() {
        let modes = ["home".to_owned(), "institution".to_owned()];
        let there = [at(Some((100, 200)), 1, "home", 30)];
        for (times, village, mode, expected) in [
            (Some((150, 250)), 2, "home", Some(Clash::Overlap)),
            (Some((50, 400)), 2, "institution", Some(Clash::Overlap)),
            (Some((200, 300)), 2, "home", None),
            (Some((0, 100)), 2, "home", None),
            (Some((150, 250)), 1, "home", None),
            (Some((150, 250)), 2, "phone", None),
            (None, 2, "home", None),
        ] {
            assert_eq!(
                clash(&at(times, village, mode, 30), &there, &modes, 720),
                expected,
                "{times:?} {village} {mode}"
            );
        }
        let call = [at(Some((100, 200)), 1, "phone", 30)];
        assert_eq!(clash(&at(Some((150, 250)), 2, "home", 30), &call, &modes, 720), None);
    }

    #[test]
    fn a_day_is_warned_of_and_then_full() {
        let there = [at(None, 1, "home", 700)];
        assert_eq!(clash(&at(None, 1, "home", 20), &there, &[], 720), None);
        assert_eq!(clash(&at(None, 1, "home", 21), &there, &[], 720), Some(Clash::Long(721)));
        assert_eq!(clash(&at(None, 1, "home", 740), &there, &[], 720), Some(Clash::Long(1440)));
        assert_eq!(clash(&at(None, 1, "home", 741), &there, &[], 720), Some(Clash::Impossible(1441)));
        let yesterday = Span { on: day::parse("2026-11-22").unwrap(), ..at(None, 1, "home", 1400) };
        assert_eq!(clash(&at(None, 1, "home", 60), &[yesterday], &[], 720), None);
    }
}
