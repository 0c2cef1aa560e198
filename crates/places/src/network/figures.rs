//! Figures of the stations or points of one page: standing on a day, and what belongs to them.

use std::collections::HashMap;

use access::{Outcome, Place, Scope};
use kernel::{Day, Id, day, params::Params};
use sea_orm::Value;

use super::{
    Read,
    sql::{self, Owner},
    status::{Shortfall, Standing},
};
use access::reach::Reach;

/// What the page shows beside the row itself.
#[derive(Debug, Clone)]
pub struct Figures {
    /// How it stands on the day.
    pub standing: Standing,
    /// Its status on the day.
    pub status: String,
    /// People assigned on the day (a person with two posts counts once).
    pub workers: i64,
    /// Points that were there on the day and not closed.
    pub points: i64,
    /// Villages these points cover.
    pub villages: i64,
    /// Clients today.
    pub clients: i64,
    /// Whose they are: `township`, or `areas`, `points`, `none` where several stations share one.
    pub clients_by: String,
}

/// Days of suspension that still count. One number for the country, so that lists and coverage of any level agree.
pub fn grace_days(on: Day) -> i64 {
    Params::national().whole("network.suspend_grace_days", &[], on).unwrap_or(0)
}

/// The figures of these visible stations or points on a day.
pub async fn of(scope: &Scope<Read>, owner: Owner, ids: Vec<Id>, on: Day) -> Outcome<HashMap<Id, Figures>> {
    let mut found = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(found);
    }
    for reach in scope.reaches() {
        let Reach::Inside(place) = reach else { continue };
        found.extend(in_place(scope, owner, place, &ids, on).await?);
    }
    Ok(found)
}

async fn in_place(
    scope: &Scope<Read>,
    owner: Owner,
    place: &Place,
    ids: &[Id],
    on: Day,
) -> Outcome<Vec<(Id, Figures)>> {
    let report = scope.report(place)?;
    let grace = day::add_days(on, -grace_days(on));
    let marks: Vec<String> = (4..ids.len() + 4).map(|n| format!("${n}")).collect();
    let text = format!(
        "SELECT o.id, {status} AS lacks, {name} AS status, {hung} AS hung, {manned} AS manned, {more} \
         FROM {table} o WHERE o.{column} = $3 AND o.id IN ({ids})",
        status = sql::status_lacks("$1", "$2"),
        name = sql::status_on("$1"),
        hung = sql::hung("$1"),
        manned = sql::manned(owner, "$1"),
        more = belongings(owner),
        table = owner.word(),
        column = report.column(),
        ids = marks.join(", "),
    );
    let mut values: Vec<Value> = vec![on.into(), grace.into(), place.id.into()];
    values.extend(ids.iter().map(|id| Value::from(*id)));
    let rows = report.query(&text, values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let flag = |name: &str| row.try_get::<i32>("", name).map(|n| n == 1);
        let figures = Figures {
            standing: Standing {
                status: Shortfall::from_number(i64::from(row.try_get::<i32>("", "lacks")?)),
                hung: flag("hung")?,
                manned: flag("manned")?,
            },
            status: row.try_get::<Option<String>>("", "status")?.unwrap_or_else(|| "planned".to_owned()),
            workers: row.try_get("", "workers")?,
            points: row.try_get("", "points")?,
            villages: row.try_get("", "villages")?,
            clients: row.try_get("", "clients")?,
            clients_by: row.try_get("", "clients_by")?,
        };
        found.push((row.try_get::<Id>("", "id")?, figures));
    }
    Ok(found)
}

/// A point has none of its own: its answer carries people and villages by name.
fn belongings(owner: Owner) -> &'static str {
    match owner {
        Owner::Point => {
            "CAST(0 AS bigint) AS workers, CAST(0 AS bigint) AS points, CAST(0 AS bigint) AS villages, CAST(0 AS bigint) AS clients, \
             'none' AS clients_by"
        }
        Owner::Station => {
            "(SELECT COUNT(DISTINCT COALESCE(a.account_id, a.id)) FROM assignment a WHERE a.station_id = o.id \
              AND a.from_on <= $1 AND (a.to_on IS NULL OR a.to_on >= $1)) AS workers, \
             (SELECT COUNT(*) FROM point p WHERE p.station_id = o.id AND (p.closed_on IS NULL OR p.closed_on > $1) \
              AND EXISTS (SELECT 1 FROM network_status h WHERE h.owner_id = p.id AND h.on_day <= $1)) AS points, \
             (SELECT COUNT(DISTINCT v.village_id) FROM point p JOIN point_village v ON v.point_id = p.id \
              WHERE p.station_id = o.id AND (p.closed_on IS NULL OR p.closed_on > $1) \
              AND v.from_on <= $1 AND (v.to_on IS NULL OR v.to_on >= $1)) AS villages, \
             CASE WHEN NOT EXISTS (SELECT 1 FROM station s WHERE s.township_id = o.township_id AND s.id <> o.id AND s.closed_on IS NULL) \
               THEN COALESCE((SELECT c.n FROM client_counter c WHERE c.place_id = o.township_id AND c.category = '*' AND c.grade = '*'), 0) \
              WHEN EXISTS (SELECT 1 FROM area_village v WHERE v.station_id = o.id AND v.to_on IS NULL) \
               THEN CAST(COALESCE((SELECT SUM(c.n) FROM client_counter c WHERE c.category = '*' AND c.grade = '*' AND c.place_id IN \
                (SELECT v.village_id FROM area_village v WHERE v.station_id = o.id AND v.to_on IS NULL)), 0) AS bigint) \
              ELSE CAST(COALESCE((SELECT SUM(c.n) FROM client_counter c WHERE c.category = '*' AND c.grade = '*' AND c.place_id IN \
                (SELECT v.village_id FROM point p JOIN point_village v ON v.point_id = p.id WHERE p.station_id = o.id \
                 AND p.closed_on IS NULL AND v.to_on IS NULL)), 0) AS bigint) END AS clients, \
             CASE WHEN NOT EXISTS (SELECT 1 FROM station s WHERE s.township_id = o.township_id AND s.id <> o.id AND s.closed_on IS NULL) THEN 'township' \
              WHEN EXISTS (SELECT 1 FROM area_village v WHERE v.station_id = o.id AND v.to_on IS NULL) THEN 'areas' \
              WHEN EXISTS (SELECT 1 FROM point p JOIN point_village v ON v.point_id = p.id WHERE p.station_id = o.id \
                 AND p.closed_on IS NULL AND v.to_on IS NULL) THEN 'points' ELSE 'none' END AS clients_by"
        }
    }
}
