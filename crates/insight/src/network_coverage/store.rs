//! SQL over the network: which units lack what on a day, grouped or one by one.
//!
//! Per unit a correlated minimum over its stations or points gives the number of the nearest shortfall (0 counts, 6 nothing
//! there); the fragments come from `places::network::sql`, so lists and coverage cannot disagree. Placeholders: $1 day, $2 first
//! day on which a suspension is still within the grace days, $3 the place, then kinds, cursor and limit.

use std::collections::HashMap;

use access::{Level, Outcome, Scope};
use kernel::{Day, day, place::DivisionId};
use places::network::{
    figures::grace_days,
    sql::{self, Owner},
};
use sea_orm::Value;

use super::{Kind, Mode, Question, ReadNetworkCoverage, model::child_sql};
use access::Place;

/// A statement with its values.
pub type Asked = (String, Vec<Value>);

/// Numerator in hundredths and denominator by child division.
pub type Groups = HashMap<DivisionId, (i64, i64)>;

/// The column of placed tables for a level.
pub fn column(level: Level) -> &'static str {
    match level {
        Level::Province => "province_id",
        Level::City => "city_id",
        Level::County => "county_id",
        Level::Township => "township_id",
        Level::Village => "village_id",
    }
}

fn start(on: Day, place: &Place) -> Vec<Value> {
    let grace = day::add_days(on, -grace_days(on));
    vec![on.into(), grace.into(), place.id.into()]
}

/// Adds values and gives their placeholders.
fn marks(values: &mut Vec<Value>, more: impl IntoIterator<Item = Value>) -> String {
    let mut out = Vec::new();
    for value in more {
        values.push(value);
        out.push(format!("${}", values.len()));
    }
    out.join(", ")
}

/// The nearest shortfall of the unit `d`.
fn lacking(kind: Kind, mode: Mode) -> String {
    let owner = if kind == Kind::Point { Owner::Point } else { Owner::Station };
    let rank = sql::rank(owner, "$1", "$2");
    let from = match (kind, mode) {
        (Kind::Point, Mode::Strict) => "point o WHERE o.village_id = d.id",
        (Kind::Point, Mode::Area) => {
            "point_village v JOIN point o ON o.id = v.point_id WHERE v.village_id = d.id \
             AND v.from_on <= $1 AND (v.to_on IS NULL OR v.to_on >= $1)"
        }
        _ => "station o WHERE o.township_id = d.id",
    };
    format!("COALESCE((SELECT MIN({rank}) FROM {from}), 6)")
}

fn units(q: &Question, place: &Place, values: &mut Vec<Value>) -> String {
    let kinds = marks(values, q.kinds.iter().map(|k| Value::from(k.as_str())));
    format!(
        "d.{} = $3 AND d.level = {} AND d.counted AND d.kind IN ({kinds}) AND (d.valid_to IS NULL OR d.valid_to >= $1) \
         AND (d.begun_on IS NULL OR d.begun_on <= $1)",
        column(place.level),
        q.kind.level().number(),
    )
}

/// Units and covered units by child of a place.
pub fn grouped(q: &Question, place: &Place) -> Asked {
    let mut values = start(q.on, place);
    let units = units(q, place, &mut values);
    let child = child_sql("d", place.level, q.kind.level());
    let lacking = lacking(q.kind, q.mode);
    let text = format!(
        "SELECT t.child AS child, SUM(CASE WHEN t.lacking = 0 THEN 100 ELSE 0 END) AS numerator, COUNT(*) AS denominator \
         FROM (SELECT {child} AS child, {lacking} AS lacking FROM division d WHERE {units}) t GROUP BY t.child"
    );
    (text, values)
}

/// Full-time equivalents (in hundredths) and planned headcount by child of a place.
pub fn staffing(q: &Question, place: &Place) -> Asked {
    let mut values: Vec<Value> = vec![q.on.into(), place.id.into()];
    let kinds = if q.kinds.is_empty() {
        String::new()
    } else {
        let marks = marks(&mut values, q.kinds.iter().map(|k| Value::from(k.as_str())));
        format!("AND EXISTS (SELECT 1 FROM division d WHERE d.id = p.township_id AND d.kind IN ({marks}))")
    };
    let child = child_sql("p", place.level, Level::Township);
    let column = column(place.level);
    let text = format!(
        "SELECT t.child AS child, CAST(SUM(t.filled) AS bigint) AS numerator, CAST(SUM(t.planned) AS bigint) AS denominator \
         FROM (SELECT {child} AS child, p.headcount AS planned, \
         COALESCE((SELECT SUM(a.share_pct) FROM assignment a WHERE a.post_id = p.id \
         AND a.from_on <= $1 AND (a.to_on IS NULL OR a.to_on >= $1)), 0) AS filled \
         FROM post p WHERE p.{column} = $2 AND p.from_on <= $1 AND (p.to_on IS NULL OR p.to_on >= $1) {kinds}) t GROUP BY t.child"
    );
    (text, values)
}

/// Posts by the township they belong to today and the one their station belonged to on the day, with full-time equivalents (in
/// hundredths) and planned headcount: [`staffing`] for a day on which the tree was another. `elsewhere` are townships that lay
/// in the place then and lie outside today.
pub async fn staff_of(
    scope: &Scope<ReadNetworkCoverage>,
    q: &Question,
    place: &Place,
    elsewhere: &[DivisionId],
) -> Outcome<Vec<(DivisionId, DivisionId, (i64, i64))>> {
    let report = scope.report(place)?;
    let column = column(place.level);
    let mut found = Vec::new();
    let outside = elsewhere.chunks(400).map(Some);
    for chunk in std::iter::once(None).chain(outside) {
        let mut values: Vec<Value> = vec![q.on.into(), place.id.into()];
        let condition = match chunk {
            None => format!("p.{column} = $2"),
            Some(ids) => {
                let listed = marks(&mut values, ids.iter().map(|id| Value::from(*id)));
                format!("p.township_id IN ({listed}) AND p.{column} <> $2")
            }
        };
        for row in report.query(&staff_sql(&condition), values).await? {
            let counted = (row.try_get("", "numerator")?, row.try_get("", "denominator")?);
            found.push((row.try_get("", "today")?, row.try_get("", "host")?, counted));
        }
    }
    Ok(found)
}

fn staff_sql(condition: &str) -> String {
    format!(
        "SELECT t.today AS today, t.host AS host, CAST(SUM(t.filled) AS bigint) AS numerator, \
         CAST(SUM(t.planned) AS bigint) AS denominator FROM (SELECT p.township_id AS today, \
         COALESCE((SELECT h.host_id FROM network_status h WHERE h.owner_id = p.station_id AND h.on_day <= $1 \
         ORDER BY h.on_day DESC, h.serial DESC LIMIT 1), p.township_id) AS host, p.headcount AS planned, \
         COALESCE((SELECT SUM(a.share_pct) FROM assignment a WHERE a.post_id = p.id \
         AND a.from_on <= $1 AND (a.to_on IS NULL OR a.to_on >= $1)), 0) AS filled \
         FROM post p WHERE {condition} AND p.from_on <= $1 AND (p.to_on IS NULL OR p.to_on >= $1)) t \
         GROUP BY t.today, t.host"
    )
}

/// Ids of units that lack something, in order, behind `after`, with what is nearest.
pub fn missing(q: &Question, place: &Place, after: Option<DivisionId>, limit: u64) -> Asked {
    let mut values = start(q.on, place);
    let units = units(q, place, &mut values);
    let lacking = lacking(q.kind, q.mode);
    let after = match after {
        None => String::new(),
        Some(id) => format!(" AND d.id > {}", marks(&mut values, [id.into()])),
    };
    let limit = marks(&mut values, [i64::try_from(limit).unwrap_or(i64::MAX).into()]);
    let text = format!(
        "SELECT t.id AS id, t.lacking AS lacking FROM (SELECT d.id AS id, {lacking} AS lacking FROM division d \
         WHERE {units}{after}) t WHERE t.lacking > 0 ORDER BY t.id LIMIT {limit}"
    );
    (text, values)
}

/// Stations or points of a place one by one: where they are today, where they were on the day, and what they lack.
pub fn owners(q: &Question, place: &Place) -> Asked {
    owners_where(q, start(q.on, place), &format!("{} = $3", column(place.level)))
}

/// The same for those that today lie in given units, which may be outside the place.
fn owners_in(q: &Question, place: &Place, units: &[DivisionId]) -> Asked {
    let mut values = start(q.on, place);
    let unit = if q.kind == Kind::Point { "village_id" } else { "township_id" };
    let listed = marks(&mut values, units.iter().map(|id| Value::from(*id)));
    owners_where(q, values, &format!("{unit} IN ({listed}) AND $3 = $3"))
}

fn owners_where(q: &Question, values: Vec<Value>, condition: &str) -> Asked {
    let (owner, unit) =
        if q.kind == Kind::Point { (Owner::Point, "village_id") } else { (Owner::Station, "township_id") };
    let rank = sql::rank(owner, "$1", "$2");
    let text = if q.kind == Kind::Point && q.mode == Mode::Area {
        format!(
            "SELECT v.village_id AS today, v.village_id AS host, {rank} AS lacking FROM point o \
             JOIN point_village v ON v.point_id = o.id WHERE o.{condition} \
             AND v.from_on <= $1 AND (v.to_on IS NULL OR v.to_on >= $1)"
        )
    } else {
        format!(
            "SELECT o.{unit} AS today, COALESCE((SELECT h.host_id FROM network_status h WHERE h.owner_id = o.id \
             AND h.on_day <= $1 ORDER BY h.on_day DESC, h.serial DESC LIMIT 1), o.{unit}) AS host, {rank} AS lacking \
             FROM {table} o WHERE o.{condition}",
            table = owner.word(),
        )
    };
    (text, values)
}

/// Runs [`grouped`] or [`staffing`].
pub async fn groups(scope: &Scope<ReadNetworkCoverage>, q: &Question, place: &Place) -> Outcome<Groups> {
    let report = scope.report(place)?;
    if q.kind == Kind::Staffing && place.level == Level::Village {
        return Ok(Groups::new());
    }
    let (text, values) = if q.kind == Kind::Staffing { staffing(q, place) } else { grouped(q, place) };
    let mut found = Groups::new();
    for row in report.query(&text, values).await? {
        let child: DivisionId = row.try_get("", "child")?;
        let (numerator, denominator): (i64, i64) = (row.try_get("", "numerator")?, row.try_get("", "denominator")?);
        found.insert(child, (numerator, denominator));
    }
    Ok(found)
}

/// Runs [`missing`].
pub async fn lacking_units(
    scope: &Scope<ReadNetworkCoverage>,
    q: &Question,
    place: &Place,
    after: Option<DivisionId>,
    limit: u64,
) -> Outcome<Vec<(DivisionId, i64)>> {
    let (text, values) = missing(q, place, after, limit);
    let rows = scope.report(place)?.query(&text, values).await?;
    let read = |row: sea_orm::QueryResult| -> Outcome<(DivisionId, i64)> {
        Ok((row.try_get("", "id")?, i64::from(row.try_get::<i32>("", "lacking")?)))
    };
    rows.into_iter().map(read).collect()
}

/// Runs [`owners`], and for units that lay in the place on the day and lie elsewhere today: unit of today, unit of the day,
/// what it lacks.
pub async fn standing_owners(
    scope: &Scope<ReadNetworkCoverage>,
    q: &Question,
    place: &Place,
    elsewhere: &[DivisionId],
) -> Outcome<Vec<(DivisionId, DivisionId, i64)>> {
    let report = scope.report(place)?;
    let (text, values) = owners(q, place);
    let mut rows = report.query(&text, values).await?;
    for chunk in elsewhere.chunks(400) {
        let (text, values) = owners_in(q, place, chunk);
        rows.extend(report.query(&text, values).await?);
    }
    let read = |row: sea_orm::QueryResult| -> Outcome<(DivisionId, DivisionId, i64)> {
        let lacking = i64::from(row.try_get::<i32>("", "lacking")?);
        Ok((row.try_get("", "today")?, row.try_get("", "host")?, lacking))
    };
    rows.into_iter().map(read).collect()
}
