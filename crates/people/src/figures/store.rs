//! SQL of the counters, in the neutral subset of both engines.

use std::{collections::BTreeMap, fmt::Write as _};

use access::Writing;
use kernel::{Outcome, Permit};
use sea_orm::{ConnectionTrait, Value};

use super::{ANY, ClientKey, GONE, ServedKey, bits};

/// A counter that does not say what the persons say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Table.
    pub table: &'static str,
    /// Key, as text.
    pub key: String,
    /// Recomputed figure minus stored figure; 0 for a stored row without content.
    pub missing: i64,
}

pub(super) async fn add_clients<P: Permit>(tx: &Writing<'_, P>, deltas: &BTreeMap<ClientKey, i64>) -> Outcome<()> {
    if deltas.is_empty() {
        return Ok(());
    }
    let mut sql = String::from("INSERT INTO client_counter (place_id, category, grade, n) VALUES ");
    let mut values: Vec<Value> = Vec::with_capacity(deltas.len() * 4);
    for ((place, category, grade), n) in deltas {
        tuple(&mut sql, values.len(), 4);
        values.extend([(*place).into(), (*category).into(), grade.clone().into(), (*n).into()]);
    }
    sql.push_str(" ON CONFLICT (place_id, category, grade) DO UPDATE SET n = client_counter.n + excluded.n");
    tx.execute(&sql, values).await?;
    for place in falling(deltas.iter().map(|((place, ..), n)| (*place, *n))) {
        tx.execute("DELETE FROM client_counter WHERE place_id = $1 AND n = 0", vec![place.into()]).await?;
    }
    Ok(())
}

pub(super) async fn add_served<P: Permit>(tx: &Writing<'_, P>, deltas: &BTreeMap<ServedKey, i64>) -> Outcome<()> {
    if deltas.is_empty() {
        return Ok(());
    }
    let mut sql = String::from("INSERT INTO served_counter (place_id, last_served_on, in_ledger, n) VALUES ");
    let mut values: Vec<Value> = Vec::with_capacity(deltas.len() * 4);
    for ((place, day, in_ledger), n) in deltas {
        tuple(&mut sql, values.len(), 4);
        values.extend([(*place).into(), (*day).into(), (*in_ledger).into(), (*n).into()]);
    }
    sql.push_str(" ON CONFLICT (place_id, last_served_on, in_ledger) DO UPDATE SET n = served_counter.n + excluded.n");
    tx.execute(&sql, values).await?;
    for ((place, day, in_ledger), _) in deltas.iter().filter(|(_, n)| **n < 0) {
        let sql = "DELETE FROM served_counter WHERE place_id = $1 AND last_served_on = $2 AND in_ledger = $3 AND n = 0";
        tx.execute(sql, vec![(*place).into(), (*day).into(), (*in_ledger).into()]).await?;
    }
    Ok(())
}

/// Appends `($n, …)` for one row.
fn tuple(sql: &mut String, bound: usize, columns: usize) {
    sql.push_str(if bound == 0 { "(" } else { ", (" });
    for column in 1..=columns {
        let comma = if column == 1 { "" } else { ", " };
        let _ = write!(sql, "{comma}${}", bound + column);
    }
    sql.push(')');
}

/// The places where some counter went down, each once.
fn falling(deltas: impl Iterator<Item = (i32, i64)>) -> Vec<i32> {
    let mut places: Vec<i32> = deltas.filter(|(_, n)| *n < 0).map(|(place, _)| place).collect();
    places.dedup();
    places
}

/// Common table expression `expected (place_id, category, grade, n)`: what `client_counter` should hold.
fn expected_clients() -> String {
    let masks: Vec<String> = bits().iter().map(|(bit, code)| format!("({}, '{code}')", 1_i64 << bit)).collect();
    format!(
        "WITH bit (mask, code) AS (VALUES {masks}), \
         base AS MATERIALIZED (SELECT village_id, township_id, county_id, cat_bits, \
             CASE WHEN died_on IS NULL AND ledger_state <> 'dismissed' THEN grade ELSE '{GONE}' END AS grade, COUNT(*) AS n \
           FROM person GROUP BY 1, 2, 3, 4, 5), \
         at (place_id, cat_bits, grade, n) AS (\
           SELECT village_id, cat_bits, grade, n FROM base \
           UNION ALL SELECT township_id, cat_bits, grade, n FROM base WHERE township_id <> village_id \
           UNION ALL SELECT county_id, cat_bits, grade, n FROM base WHERE county_id <> township_id AND county_id <> village_id), \
         cat (place_id, category, grade, n) AS (\
           SELECT place_id, '{ANY}', grade, n FROM at \
           UNION ALL SELECT at.place_id, bit.code, at.grade, at.n FROM at JOIN bit ON (at.cat_bits & bit.mask) <> 0), \
         expected (place_id, category, grade, n) AS (\
           SELECT place_id, category, '{ANY}', n FROM cat WHERE grade <> '{GONE}' \
           UNION ALL SELECT place_id, category, grade, n FROM cat WHERE grade <> '') ",
        masks = masks.join(", "),
    )
}

/// Common table expression `expected (place_id, last_served_on, in_ledger, n)`: what `served_counter` should hold; the
/// literal is [`super::ALL_DAYS`].
const EXPECTED_SERVED: &str = "WITH base AS MATERIALIZED (\
     SELECT village_id, township_id, county_id, last_served_on, ledger_state = 'active' AS in_ledger, COUNT(*) AS n FROM person \
       WHERE died_on IS NULL AND ledger_state <> 'dismissed' AND is_target \
       GROUP BY village_id, township_id, county_id, last_served_on, ledger_state = 'active'), \
   at (place_id, last_served_on, in_ledger, n) AS (\
     SELECT village_id, last_served_on, in_ledger, n FROM base \
     UNION ALL SELECT township_id, last_served_on, in_ledger, n FROM base WHERE township_id <> village_id \
     UNION ALL SELECT county_id, last_served_on, in_ledger, n FROM base WHERE county_id <> township_id AND county_id <> village_id), \
   expected (place_id, last_served_on, in_ledger, n) AS (\
     SELECT place_id, last_served_on, in_ledger, n FROM at \
     UNION ALL SELECT place_id, '9999-12-31', in_ledger, n FROM at) ";

/// Every counter row that differs from a recomputation, in either direction; each table is compared in one statement, so
/// that writes of other people in the meantime cannot look like differences.
pub async fn differences(conn: &impl ConnectionTrait) -> Outcome<Vec<Difference>> {
    let clients = format!(
        "{with} SELECT CAST(place_id AS text) || ' ' || category || ' ' || grade AS k, CAST(SUM(n) AS bigint) AS missing FROM (\
           SELECT place_id, category, grade, n, 0 AS empty FROM expected \
           UNION ALL SELECT place_id, category, grade, -n, CASE WHEN n <= 0 THEN 1 ELSE 0 END FROM client_counter) AS both_ways \
         GROUP BY place_id, category, grade HAVING SUM(n) <> 0 OR MAX(empty) = 1",
        with = expected_clients(),
    );
    let served = format!(
        "{EXPECTED_SERVED} SELECT CAST(place_id AS text) || ' ' || CAST(last_served_on AS text) || ' ' || \
             CASE WHEN in_ledger THEN 'in' ELSE 'out' END AS k, CAST(SUM(n) AS bigint) AS missing FROM (\
           SELECT place_id, last_served_on, in_ledger, n, 0 AS empty FROM expected \
           UNION ALL SELECT place_id, last_served_on, in_ledger, -n, CASE WHEN n <= 0 THEN 1 ELSE 0 END FROM served_counter) AS both_ways \
         GROUP BY place_id, last_served_on, in_ledger HAVING SUM(n) <> 0 OR MAX(empty) = 1",
    );
    let mut found = Vec::new();
    for (table, sql) in [("client_counter", clients), ("served_counter", served)] {
        let statement = sea_orm::Statement::from_string(conn.get_database_backend(), sql);
        for row in conn.query_all_raw(statement).await? {
            found.push(Difference { table, key: row.try_get("", "k")?, missing: row.try_get("", "missing")? });
        }
    }
    found.extend(crate::services::differences(conn).await?);
    Ok(found)
}

/// Empties the tables and fills them from persons and visits, for bulk loads.
pub async fn rebuild(conn: &impl ConnectionTrait) -> Outcome<()> {
    let clients = format!(
        "INSERT INTO client_counter (place_id, category, grade, n) {} \
         SELECT place_id, category, grade, CAST(SUM(n) AS bigint) FROM expected GROUP BY place_id, category, grade",
        expected_clients(),
    );
    let served = format!(
        "INSERT INTO served_counter (place_id, last_served_on, in_ledger, n) {EXPECTED_SERVED} \
         SELECT place_id, last_served_on, in_ledger, CAST(SUM(n) AS bigint) FROM expected \
         GROUP BY place_id, last_served_on, in_ledger",
    );
    conn.execute_unprepared("DELETE FROM client_counter").await?;
    conn.execute_unprepared("DELETE FROM served_counter").await?;
    conn.execute_unprepared(&clients).await?;
    conn.execute_unprepared(&served).await?;
    crate::services::rebuild(conn).await
}
