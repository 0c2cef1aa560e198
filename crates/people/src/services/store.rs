//! Keeping and recomputing `service_counter`.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use access::{Writing, placement};
use chrono::Datelike;
use kernel::{Day, Id, Outcome, Permit};
use places::divisions::recount;
use sea_orm::{ColumnTrait as _, ConnectionTrait, Value};

use super::model::{self, Act, Cell, Key};
use crate::{
    figures::Difference,
    persons::row::person,
    visits::{
        COMPLETED,
        model::is_contact,
        row::{VisitAct, visit},
    },
};

/// Rows of one statement, well below the limit on bound values.
const BATCH: usize = 200;

/// Moves the counters from what a visit said `before` (nothing for a new one) to what it says now.
///
/// Call it in the transaction of the visit, after the visit is written.
pub async fn counted<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    before: Option<&visit::Model>,
    after: &visit::Model,
) -> Outcome<()> {
    let days = [before.map(|v| v.visited_on), Some(after.visited_on)];
    let years = (days.iter().flatten().map(Datelike::year).min(), days.iter().flatten().map(Datelike::year).max());
    let mut others = of_years(tx, person, years).await?;
    others.retain(|v| v.id != after.id);
    let with = |one: Option<&visit::Model>| others.iter().cloned().chain(one.map(VisitAct::from)).collect::<Vec<_>>();
    let (old, new) = (with(before), with(Some(after)));
    let paths = paths(tx, old.iter().chain(&new)).await?;
    put(tx, &model::delta(&acts(&old, &paths), &acts(&new, &paths)), &paths).await
}

/// Moves the counters when visits change hands: `before` and `after` are all visits of one person.
pub async fn regrouped<P: Permit>(tx: &Writing<'_, P>, before: &[visit::Model], after: &[visit::Model]) -> Outcome<()> {
    let narrow = |visits: &[visit::Model]| visits.iter().map(VisitAct::from).collect::<Vec<_>>();
    let (old, new) = (narrow(before), narrow(after));
    let paths = paths(tx, old.iter().chain(&new)).await?;
    put(tx, &model::delta(&acts(&old, &paths), &acts(&new, &paths)), &paths).await
}

async fn of_years<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    (first, last): (Option<i32>, Option<i32>),
) -> Outcome<Vec<VisitAct>> {
    let day = |year: Option<i32>, m, d| year.and_then(|y| Day::from_ymd_opt(y, m, d));
    let (Some(from), Some(to)) = (day(first, 1, 1), day(last, 12, 31)) else { return Ok(Vec::new()) };
    tx.parts::<visit::Entity, person::Entity>(person)
        .filter(visit::Column::VisitedOn.between(from, to))
        .filter(visit::Column::State.eq(COMPLETED))
        .lines(VisitAct::columns(), |a: &VisitAct, b| a.id.cmp(&b.id))
        .await
}

type Paths = HashMap<i32, [i32; 5]>;

async fn paths<'a, P: Permit>(tx: &Writing<'_, P>, visits: impl Iterator<Item = &'a VisitAct>) -> Outcome<Paths> {
    let mut paths = Paths::new();
    for visit in visits {
        let id = visit.served_village_id;
        if let std::collections::hash_map::Entry::Vacant(free) = paths.entry(id) {
            let [province, city, county, township, _] = placement::by_id(tx.derived(), id).await?.place().path;
            free.insert([province, city, county, township, id]);
        }
    }
    Ok(paths)
}

fn acts(visits: &[VisitAct], paths: &Paths) -> Vec<Act> {
    let counts = |v: &&VisitAct| v.state == COMPLETED && is_contact(&v.contact_result);
    visits
        .iter()
        .filter(counts)
        .filter_map(|v| {
            Some(Act {
                on: v.visited_on,
                path: *paths.get(&v.served_village_id)?,
                bits: v.service_bits,
                field: v.work_field.clone(),
                mode: v.mode.clone(),
                minutes: if v.minutes_shared { 0 } else { v.minutes.map_or(0, i64::from) },
            })
        })
        .collect()
}

async fn put<P: Permit>(tx: &Writing<'_, P>, cells: &BTreeMap<Key, Cell>, paths: &Paths) -> Outcome<()> {
    let county = |path: &[i32; 5]| path.get(2).copied();
    let several = paths.values().map(county).collect::<std::collections::BTreeSet<_>>().len() > 1;
    let cells: Vec<(&Key, &Cell)> = cells.iter().collect();
    for batch in cells.chunks(BATCH) {
        let mut sql = String::from("INSERT INTO service_counter (at_id, span, kind, acts, people, minutes) VALUES ");
        let mut values: Vec<Value> = Vec::with_capacity(batch.len() * 6);
        for ((place, span, kind), cell) in batch {
            let n = values.len();
            let comma = if n == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}(${}, ${}, ${}, ${}, ${}, ${})", n + 1, n + 2, n + 3, n + 4, n + 5, n + 6);
            values.extend([(*place).into(), span.clone().into(), kind.clone().into()]);
            values.extend([cell.acts.into(), cell.people.into(), cell.minutes.into()]);
        }
        sql.push_str(
            " ON CONFLICT (at_id, span, kind) DO UPDATE SET acts = service_counter.acts + excluded.acts, \
             people = service_counter.people + excluded.people, minutes = service_counter.minutes + excluded.minutes",
        );
        tx.execute(&sql, values).await?;
    }
    // Only what went down can be empty now; above counties the figure itself is negative, so there also what went up.
    let fell = cells.iter().filter(|(_, c)| several || c.acts < 0 || c.people < 0 || c.minutes < 0);
    for ((place, span, kind), _) in fell {
        let sql = "DELETE FROM service_counter WHERE at_id = $1 AND span = $2 AND kind = $3 \
                   AND acts = 0 AND people = 0 AND minutes = 0";
        tx.execute(sql, vec![(*place).into(), span.clone().into(), kind.clone().into()]).await?;
    }
    Ok(())
}

/// Every counter row that differs from a recomputation, in either direction.
pub async fn differences(conn: &impl ConnectionTrait) -> Outcome<Vec<Difference>> {
    let sql = format!(
        "{} SELECT CAST(at_id AS text) || ' ' || span || ' ' || kind AS k, CAST(SUM(acts) AS bigint) AS acts, \
           CAST(SUM(people) AS bigint) AS people, CAST(SUM(minutes) AS bigint) AS minutes FROM (\
           SELECT at_id, span, kind, acts, people, minutes, 0 AS empty FROM expected \
           UNION ALL SELECT at_id, span, kind, -acts, -people, -minutes, \
             CASE WHEN acts = 0 AND people = 0 AND minutes = 0 THEN 1 ELSE 0 END FROM service_counter) AS both_ways \
         GROUP BY at_id, span, kind HAVING SUM(acts) <> 0 OR SUM(people) <> 0 OR SUM(minutes) <> 0 OR MAX(empty) = 1",
        recount::expected("1 = 1"),
    );
    let statement = sea_orm::Statement::from_string(conn.get_database_backend(), sql);
    let mut found = Vec::new();
    for row in conn.query_all_raw(statement).await? {
        let figures: [i64; 3] = [row.try_get("", "acts")?, row.try_get("", "people")?, row.try_get("", "minutes")?];
        let missing = figures.into_iter().find(|n| *n != 0).unwrap_or(0);
        found.push(Difference { table: "service_counter", key: row.try_get("", "k")?, missing });
    }
    Ok(found)
}

/// Empties the table and fills it from the visits, for bulk loads.
pub async fn rebuild(conn: &impl ConnectionTrait) -> Outcome<()> {
    let sql = format!(
        "INSERT INTO service_counter (at_id, span, kind, acts, people, minutes) {} \
         SELECT at_id, span, kind, CAST(acts AS bigint), CAST(people AS bigint), CAST(minutes AS bigint) FROM expected",
        recount::expected("1 = 1"),
    );
    conn.execute_unprepared("DELETE FROM service_counter").await?;
    conn.execute_unprepared(&sql).await?;
    Ok(())
}

/// The visit this one shares its minutes with, still standing; the first by id.
pub async fn sharer<P: Permit>(tx: &Writing<'_, P>, group: Id, but: Id) -> Outcome<Option<visit::Model>> {
    use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};
    let query = visit::Entity::find()
        .filter(visit::Column::GroupId.eq(group))
        .filter(visit::Column::Id.ne(but))
        .filter(visit::Column::State.eq(COMPLETED))
        .order_by_asc(visit::Column::Id);
    Ok(query.one(tx.derived()).await?)
}
