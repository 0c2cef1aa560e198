//! SQL of service coverage, in the neutral subset of both engines. A `Report` proves that its place lies inside the reach.

use std::collections::BTreeMap;

use access::{Level, Scope, Visible, placement::division, scope::Report};
use kernel::{Day, Id, Outcome, Permit, Place, Sees, place::DivisionId};
use sea_orm::{ColumnTrait as _, Condition, Order, QueryResult, Value};

use super::{Served, Unit, row::served_counter};
use crate::{figures::ALL_DAYS, persons::row::person};

/// The three sums over the counter rows `c` of the period and the one of all days; `$2` is the first day of the period.
const SUMS: &str = "CAST(COALESCE(SUM(CASE WHEN c.last_served_on = $3 THEN c.n ELSE 0 END), 0) AS BIGINT) AS target, \
    CAST(COALESCE(SUM(CASE WHEN c.last_served_on < $3 THEN c.n ELSE 0 END), 0) AS BIGINT) AS served, \
    CAST(COALESCE(SUM(CASE WHEN c.last_served_on = $3 AND c.in_ledger THEN c.n ELSE 0 END), 0) AS BIGINT) AS in_ledger";
/// The counter rows of a place that [`SUMS`] adds up.
const COUNTED: &str = "JOIN served_counter c ON c.place_id = d.id AND c.last_served_on >= $2";

fn period(place: DivisionId, from: Day) -> Vec<Value> {
    vec![place.into(), from.into(), ALL_DAYS.into()]
}

fn read(row: &QueryResult) -> Outcome<Served> {
    Ok(Served {
        target: row.try_get("", "target")?,
        served: row.try_get("", "served")?,
        in_ledger: row.try_get("", "in_ledger")?,
    })
}

/// Today's figure of the report's place, for service since `from`.
pub async fn now_in(report: &Report, from: Day) -> Outcome<Served> {
    let place = report.place();
    let sql = if place.level >= Level::County {
        format!("SELECT {SUMS} FROM served_counter c WHERE c.place_id = $1 AND c.last_served_on >= $2")
    } else {
        // Counters end at the county; a city without counties stands in for one and has its own.
        format!("SELECT {SUMS} FROM division d {COUNTED} WHERE d.{} = $1 AND d.level <= 3", report.column())
    };
    match report.query(&sql, period(place.id, from)).await?.first() {
        Some(row) => read(row),
        None => Ok(Served::default()),
    }
}

/// Today's figures of the divisions right below the report's place, for service since `from`; those without target persons are
/// left out.
pub async fn now_below(report: &Report, from: Day) -> Outcome<BTreeMap<DivisionId, Served>> {
    let own = format!("SELECT d.id AS child, {SUMS} FROM division d {COUNTED} WHERE d.parent_id = $1 GROUP BY d.id");
    let counties = format!(
        "SELECT u.id AS child, {SUMS} FROM division u JOIN division d ON d.city_id = u.id AND d.level = 3 {COUNTED} \
         WHERE u.parent_id = $1 AND u.level = 2 GROUP BY u.id"
    );
    let province = report.place().level == Level::Province;
    let mut found: BTreeMap<DivisionId, Served> = BTreeMap::new();
    for sql in std::iter::once(&own).chain(province.then_some(&counties)) {
        for row in report.query(sql, period(report.place().id, from)).await? {
            *found.entry(row.try_get("", "child")?).or_default() += read(&row)?;
        }
    }
    Ok(found)
}

/// Today's figures of all townships inside the report's place, for service since `from`.
pub async fn now_by_township(report: &Report, from: Day) -> Outcome<BTreeMap<DivisionId, Served>> {
    let sql = format!(
        "SELECT d.id AS child, {SUMS} FROM division d {COUNTED} WHERE d.{} = $1 AND d.level = 4 GROUP BY d.id",
        report.column()
    );
    let mut found = BTreeMap::new();
    for (child, target, served, in_ledger) in report.lines(&sql, period(report.place().id, from)).await? {
        found.insert(child, Served { target, served, in_ledger });
    }
    Ok(found)
}

/// Today's figure of a place that has counters of its own, for a caller whose reach there is own rows only.
pub async fn now_at<P: Permit>(scope: &Scope<P>, place: &division::Model, from: Day) -> Outcome<Served> {
    scope.must_cover(&place.place())?;
    let mut sum = Served::default();
    let rows = scope.parts::<served_counter::Entity, division::Entity>(place);
    for row in rows.filter(served_counter::Column::LastServedOn.gte(from)).all().await? {
        let whole = row.last_served_on == ALL_DAYS;
        sum += Served {
            target: if whole { row.n } else { 0 },
            served: if whole { 0 } else { row.n },
            in_ledger: if whole && row.in_ledger { row.n } else { 0 },
        };
    }
    Ok(sum)
}

/// The counties inside the report's place, with the division right below it that each belongs to; a place at county level
/// or below, and a city without counties, is one unit and its own.
pub async fn units(report: &Report, on: Day) -> Outcome<Vec<Unit>> {
    let place = *report.place();
    if place.level >= Level::County {
        return Ok(vec![Unit { id: place.id, child: None }]);
    }
    // Counties that lay there on the day and lie elsewhere today are among them.
    let sql = format!(
        "SELECT d.id, d.parent_id FROM division d \
         WHERE d.{column} = $1 AND d.level <= 3 AND (d.kind <> 'filler' OR d.id = $2) \
         UNION SELECT d.id, v.parent_id FROM division_version v JOIN division d ON d.id = v.division_id \
         WHERE v.was_{column} = $1 AND v.valid_to >= $3 AND d.{column} <> $1 AND d.level <= 3 AND d.kind <> 'filler' \
         ORDER BY 1",
        column = report.column()
    );
    let rows = report.query(&sql, vec![place.id.into(), place.id.into(), on.into()]).await?;
    let mut units: Vec<Unit> = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, parent): (DivisionId, DivisionId) = (row.try_get("", "id")?, row.try_get("", "parent_id")?);
        let child = if id == place.id {
            None
        } else if parent == place.id {
            Some(id)
        } else {
            Some(parent)
        };
        if units.last().is_none_or(|last| last.id != id) {
            units.push(Unit { id, child });
        }
    }
    Ok(units)
}

/// The figure of one unit on a past day from the facts, by the next level below it, for service in `from..=on`.
///
/// `column` and `group` are the place columns of the unit and of the level below; the same column twice gives one row.
pub async fn at_day(
    report: &Report,
    (column, group): (Level, Level),
    unit: DivisionId,
    (from, on): (Day, Day),
    categories: &[&str],
) -> Outcome<BTreeMap<DivisionId, Served>> {
    let sql = past_sql(name(column), name(group), report.column(), categories.len());
    let mut values: Vec<Value> = vec![unit.into(), on.into(), true.into()];
    values.extend(categories.iter().map(|code| Value::from(*code)));
    values.push(from.into());
    values.push(report.place().id.into());
    let mut found = BTreeMap::new();
    for row in report.query(&sql, values).await? {
        found.insert(row.try_get("", "child")?, read(&row)?);
    }
    Ok(found)
}

/// The query behind [`at_day`], for plan tests: place, day and `true`, so many categories, first day of the period, and the place
/// all of it must have lain in (a county may have come from elsewhere since).
pub fn past_sql(column: &str, group: &str, within: &str, categories: usize) -> String {
    let listed = (0..categories).map(|i| format!("${}", i + 4)).collect::<Vec<_>>().join(", ");
    let state = "(SELECT t.to_state FROM ledger_transition t WHERE t.person_id = p.id AND t.on_day <= $2 \
                   ORDER BY t.on_day DESC, t.serial DESC LIMIT 1)";
    format!(
        "SELECT f.child, CAST(COUNT(*) AS BIGINT) AS target, CAST(COALESCE(SUM(f.served), 0) AS BIGINT) AS served, \
             CAST(COALESCE(SUM(CASE WHEN f.state = 'active' THEN 1 ELSE 0 END), 0) AS BIGINT) AS in_ledger \
         FROM (SELECT r.{group} AS child, COALESCE({state}, '') AS state, \
               CASE WHEN EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.id AND v.qualifies = $3 \
                   AND v.visited_on BETWEEN ${first} AND $2) THEN 1 ELSE 0 END AS served \
             FROM residence r JOIN person p ON p.id = r.person_id \
             WHERE r.{column} = $1 AND r.{within} = ${last} AND r.from_on <= $2 AND (r.to_on IS NULL OR r.to_on > $2) \
               AND (p.died_on IS NULL OR p.died_on > $2) \
               AND EXISTS (SELECT 1 FROM category_assignment a WHERE a.person_id = p.id AND a.from_on <= $2 \
                   AND (a.to_on IS NULL OR a.to_on > $2) AND a.category IN ({listed}))) f \
         WHERE f.state <> 'dismissed' GROUP BY f.child",
        first = categories + 4,
        last = categories + 5,
    )
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Province => "province_id",
        Level::City => "city_id",
        Level::County => "county_id",
        Level::Township => "township_id",
        Level::Village => "village_id",
    }
}

/// Target persons of a place not served since `from`, the longest unserved first, behind `after`.
pub fn unserved<P: Permit + Sees<person::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    from: Day,
    after: Option<(Day, Id)>,
) -> Visible<'static, person::Entity> {
    let query = scope
        .find_in::<person::Entity>(place)
        .filter(person::Column::IsTarget.eq(true))
        .filter(person::Column::LastServedOn.lt(from))
        .filter(person::Column::DiedOn.is_null())
        .filter(person::Column::LedgerState.ne("dismissed"))
        .order(person::Column::LastServedOn, Order::Asc)
        .order(person::Column::Id, Order::Asc);
    match after {
        Some((day, id)) => query.filter(person::Column::LastServedOn.gte(day)).filter(
            Condition::any()
                .add(person::Column::LastServedOn.gt(day))
                .add(Condition::all().add(person::Column::LastServedOn.eq(day)).add(person::Column::Id.gt(id))),
        ),
        None => query,
    }
}
