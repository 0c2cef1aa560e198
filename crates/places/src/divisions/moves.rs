//! Every column of the database that says in which township or village a row lies, and how an event rewrites it.
//!
//! A test compares [`MOVES`] with the live schema, so a new placed table that is not named here turns it red. Counties and
//! above never change by a merge: both sides hang on one parent. A change of parent is another thing, see [`super::shift`].

use std::collections::{BTreeMap, HashMap, HashSet};

use access::{Day, Id, Level, Outcome, Scope, Writing};
use kernel::place::DivisionId;
use sea_orm::{
    ConnectionTrait as _,
    sea_query::{Alias, Expr, ExprTrait as _, Query},
};

use super::{ChangeDivisions, row::division, shift};

/// The level of the divisions a column names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Townships.
    Township,
    /// Villages.
    Village,
    /// Divisions of any level.
    Any,
}

/// How a column is rewritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Set to the new division.
    Set,
    /// Periods per owner (`point_id`, `area_id`): what was before the day stays, what the old and the new division have from
    /// the day on is united.
    Periods(&'static str),
    /// Kept figures per place: added up by these two columns.
    Sums(&'static str, &'static str),
    /// Half-open periods of somebody's residence: what holds on the day of the event is cut there, so that figures of earlier
    /// days stay what they were.
    Dated,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Move {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Which divisions it names.
    pub names: Names,
    /// How it is rewritten.
    pub how: How,
    /// The word under which the answer counts its rows; empty when people need not know.
    pub word: &'static str,
}

const fn set(table: &'static str, column: &'static str, names: Names, word: &'static str) -> Move {
    Move { table, column, names, how: How::Set, word }
}

/// All columns outside this room.
pub const MOVES: &[Move] = &[
    set("station", "township_id", Names::Township, "stations"),
    set("point", "township_id", Names::Township, "points"),
    set("point", "village_id", Names::Village, "points"),
    set("point_village", "township_id", Names::Township, ""),
    Move { how: How::Periods("point_id"), ..set("point_village", "village_id", Names::Village, "") },
    Move { how: How::Periods("area_id"), ..set("area_village", "village_id", Names::Village, "") },
    set("post", "township_id", Names::Township, "posts"),
    set("assignment", "township_id", Names::Township, "assignments"),
    set("person", "township_id", Names::Township, "persons"),
    set("person", "village_id", Names::Village, "persons"),
    set("person", "hukou_village_id", Names::Village, ""),
    Move { how: How::Dated, ..set("residence", "township_id", Names::Township, "") },
    Move { how: How::Dated, ..set("residence", "village_id", Names::Village, "") },
    set("household", "township_id", Names::Township, "households"),
    set("household", "village_id", Names::Village, "households"),
    set("visit", "township_id", Names::Township, "visits"),
    set("visit", "village_id", Names::Village, "visits"),
    set("visit", "served_village_id", Names::Village, ""),
    set("visit_review", "township_id", Names::Township, ""),
    set("visit_review", "village_id", Names::Village, ""),
    set("application", "township_id", Names::Township, ""),
    set("application", "village_id", Names::Village, ""),
    set("policy_revision", "place_id", Names::Any, ""),
    set("policy_revision", "township_id", Names::Township, ""),
    set("screening_state", "township_id", Names::Township, ""),
    set("screening_state", "village_id", Names::Village, ""),
    set("screening_finding", "township_id", Names::Township, ""),
    set("screening_finding", "village_id", Names::Village, ""),
    set("screening_run", "township_id", Names::Township, ""),
    set("bulk_run", "township_id", Names::Township, ""),
    set("bulk_run", "village_id", Names::Village, ""),
    set("handover", "township_id", Names::Township, ""),
    set("handover", "village_id", Names::Village, ""),
    set("handover", "from_township_id", Names::Township, ""),
    set("handover", "from_village_id", Names::Village, ""),
    set("share", "township_id", Names::Township, ""),
    set("share", "village_id", Names::Village, ""),
    set("task", "township_id", Names::Township, "tasks"),
    set("task", "village_id", Names::Village, "tasks"),
    set("clearance", "township_id", Names::Township, ""),
    set("clearance", "village_id", Names::Village, ""),
    set("worklist", "shared_place_id", Names::Any, ""),
    set("list_export", "place_id", Names::Any, ""),
    set("person_twin", "township_id", Names::Township, ""),
    set("person_twin", "village_id", Names::Village, ""),
    set("person_merge", "township_id", Names::Township, ""),
    set("person_merge", "village_id", Names::Village, ""),
    set("recycled", "township_id", Names::Township, ""),
    set("recycled", "village_id", Names::Village, ""),
    set("role_grant", "place_id", Names::Any, "grants"),
    set("organisation", "place_id", Names::Any, "organisations"),
    Move { how: How::Sums("category", "grade"), ..set("client_counter", "place_id", Names::Any, "") },
    Move { how: How::Sums("last_served_on", "in_ledger"), ..set("served_counter", "place_id", Names::Any, "") },
];

/// Rows by the word of their kind.
pub type Moved = BTreeMap<String, i64>;

pub(super) fn concerned(level: Level) -> Vec<&'static Move> {
    let names = |m: &&Move| match m.names {
        Names::Any => true,
        Names::Township => level == Level::Township,
        Names::Village => level == Level::Village,
    };
    MOVES.iter().filter(names).collect()
}

/// How many rows a merge would move; changes nothing.
pub async fn count(scope: &Scope<ChangeDivisions>, closed: &[division::Model]) -> Outcome<Moved> {
    let mut moved = Moved::new();
    for division in closed {
        let place = division.place();
        let report = scope.report(&place)?;
        for m in concerned(place.level) {
            if m.word.is_empty() {
                continue;
            }
            let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE {} = $1", m.table, m.column);
            let rows = report.query(&sql, vec![place.id.into()]).await?;
            let n: i64 = rows.first().map_or(Ok(0), |r| r.try_get("", "n"))?;
            *moved.entry(m.word.to_owned()).or_default() += n;
        }
    }
    Ok(moved)
}

/// Rewrites every row that lies in `closed` to `target`, which is of the same level below the same parent.
pub async fn rewrite(
    tx: &Writing<'_, ChangeDivisions>,
    closed: &[division::Model],
    target: &division::Model,
    on: Day,
) -> Outcome<Moved> {
    let mut moved = Moved::new();
    for m in concerned(target.place().level) {
        let mut rows = 0_u64;
        for division in closed {
            rows += match m.how {
                How::Set => {
                    let sql = format!("UPDATE {} SET {} = $1 WHERE {} = $2", m.table, m.column, m.column);
                    tx.execute(&sql, vec![target.id.into(), division.id.into()]).await?
                }
                How::Periods(owner) => {
                    cut_periods(tx, m.table, division.id, on).await?;
                    unite(tx, m.table, owner, (division.id, target.id), on).await?
                }
                How::Sums(a, b) => sum(tx, m.table, (a, b), division.id, target.id).await?,
                How::Dated => shift::cut(tx, m.column, division.id, &[(m.column, target.id)], on).await?,
            };
        }
        if !m.word.is_empty() {
            *moved.entry(m.word.to_owned()).or_default() += i64::try_from(rows).unwrap_or(i64::MAX);
        }
    }
    Ok(moved)
}

/// Gives the kept figures of one place to another.
async fn sum(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    keys: (&str, &str),
    from: DivisionId,
    to: DivisionId,
) -> Outcome<u64> {
    let rows = add(tx, table, keys, from, to).await?;
    tx.execute(&format!("DELETE FROM {table} WHERE place_id = $1"), vec![from.into()]).await?;
    Ok(rows)
}

/// Adds the kept figures of one place to another's.
pub(super) async fn add(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    (a, b): (&str, &str),
    from: DivisionId,
    to: DivisionId,
) -> Outcome<u64> {
    let text = format!(
        "INSERT INTO {table} (place_id, {a}, {b}, n) SELECT $1, {a}, {b}, n FROM {table} WHERE place_id = $2 \
         ON CONFLICT (place_id, {a}, {b}) DO UPDATE SET n = {table}.n + excluded.n"
    );
    tx.execute(&text, vec![to.into(), from.into()]).await
}

/// Takes the kept figures of one place from another's.
pub(super) async fn subtract(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    (a, b): (&str, &str),
    part: DivisionId,
    whole: DivisionId,
) -> Outcome<()> {
    let text = format!(
        "UPDATE {table} SET n = n - (SELECT c.n FROM {table} c WHERE c.place_id = $1 AND c.{a} = {table}.{a} \
         AND c.{b} = {table}.{b}) WHERE place_id = $2 AND EXISTS (SELECT 1 FROM {table} c WHERE c.place_id = $1 \
         AND c.{a} = {table}.{a} AND c.{b} = {table}.{b})"
    );
    tx.execute(&text, vec![part.into(), whole.into()]).await?;
    tx.execute(&format!("DELETE FROM {table} WHERE place_id = $1 AND n = 0"), vec![whole.into()]).await?;
    Ok(())
}

/// First and last day (inclusive); open when there is no last.
type Period = (Day, Option<Day>);

/// Cuts the periods of a village on a day, so that what was before stays with it.
async fn cut_periods(tx: &Writing<'_, ChangeDivisions>, table: &str, village: DivisionId, on: Day) -> Outcome<()> {
    let columns = if table == "area_village" {
        "area_id, village_id, station_id"
    } else {
        "point_id, village_id, township_id, county_id, city_id, province_id"
    };
    let holds = "village_id = $1 AND from_on < $2 AND (to_on IS NULL OR to_on >= $2)";
    let text = format!(
        "INSERT INTO {table} ({columns}, from_on, to_on) SELECT {columns}, $2, to_on FROM {table} WHERE {holds}"
    );
    tx.execute(&text, vec![village.into(), on.into()]).await?;
    let text = format!("UPDATE {table} SET to_on = $3 WHERE {holds}");
    tx.execute(&text, vec![village.into(), on.into(), kernel::day::add_days(on, -1).into()]).await?;
    Ok(())
}

/// Gives the periods that one village has from a day on to another, uniting those that meet in one owner.
async fn unite(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    owner: &str,
    (from, to): (DivisionId, DivisionId),
    on: Day,
) -> Outcome<u64> {
    let mut rows = 0;
    for (id, periods) in periods_of(tx, table, owner, (from, to), on).await? {
        let delete = format!("DELETE FROM {table} WHERE {owner} = $1 AND village_id = $2 AND from_on = $3");
        let mut starts: Vec<Day> = periods.iter().map(|(start, _)| *start).collect();
        starts.sort_unstable();
        // Where both villages began on one day only one row can stay.
        let twice = starts.windows(2).filter_map(|w| w.first().filter(|a| w.last() == Some(*a)));
        for start in twice {
            tx.execute(&delete, vec![id.into(), from.into(), (*start).into()]).await?;
        }
        let give =
            format!("UPDATE {table} SET village_id = $1 WHERE {owner} = $2 AND village_id = $3 AND from_on >= $4");
        rows += tx.execute(&give, vec![to.into(), id.into(), from.into(), on.into()]).await?;
        starts.dedup();
        let united = united(periods);
        for start in starts {
            if let Some((_, end)) = united.iter().find(|(first, _)| *first == start) {
                let set =
                    format!("UPDATE {table} SET to_on = $1 WHERE {owner} = $2 AND village_id = $3 AND from_on = $4");
                tx.execute(&set, vec![(*end).into(), id.into(), to.into(), start.into()]).await?;
            } else {
                tx.execute(&delete, vec![id.into(), to.into(), start.into()]).await?;
            }
        }
    }
    Ok(rows)
}

/// The periods of the first village from the day on and all of the second by owner, for owners that have the first.
async fn periods_of(
    tx: &Writing<'_, ChangeDivisions>,
    table: &str,
    owner: &str,
    (from, to): (DivisionId, DivisionId),
    on: Day,
) -> Outcome<Vec<(Id, Vec<Period>)>> {
    let query = Query::select()
        .columns([owner, "village_id", "from_on", "to_on"].map(Alias::new))
        .from(Alias::new(table))
        .and_where(Expr::col(Alias::new("village_id")).is_in([from, to]))
        .to_owned();
    let mut owners: HashMap<Id, Vec<Period>> = HashMap::new();
    let mut concerned: HashSet<Id> = HashSet::new();
    for row in tx.derived().query_all(&query).await? {
        let id: Id = row.try_get("", owner)?;
        let start: Day = row.try_get("", "from_on")?;
        if row.try_get::<DivisionId>("", "village_id")? == from {
            if start < on {
                continue;
            }
            concerned.insert(id);
        }
        owners.entry(id).or_default().push((start, row.try_get("", "to_on")?));
    }
    Ok(owners.into_iter().filter(|(id, _)| concerned.contains(id)).collect())
}

/// Periods (both days inclusive, open when the end is missing) without overlaps, in order.
fn united(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_unstable();
    let mut out: Vec<Period> = Vec::new();
    for (start, end) in periods {
        match out.last_mut() {
            Some((_, last)) if last.is_none_or(|l| start <= kernel::day::add_days(l, 1)) => {
                *last = match (*last, end) {
                    (Some(a), Some(b)) => Some(Ord::max(a, b)),
                    _ => None,
                };
            }
            _ => out.push((start, end)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_that_meet_become_one() {
        let day = |d: &str| kernel::day::parse(d).unwrap();
        let (a, b, c, d) = (day("2024-01-01"), day("2024-06-30"), day("2024-07-01"), day("2025-01-01"));
        assert_eq!(united(vec![(c, None), (a, Some(b))]), [(a, None)]);
        assert_eq!(united(vec![(a, None), (c, Some(d))]), [(a, None)]);
        assert_eq!(united(vec![(a, Some(b)), (d, None)]), [(a, Some(b)), (d, None)]);
        assert_eq!(united(vec![(a, Some(d)), (b, Some(c))]), [(a, Some(d))]);
    }
}
