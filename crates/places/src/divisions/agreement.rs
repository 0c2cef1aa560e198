//! Agreement (核对) of placed rows with the tree: the ids of all levels a row carries are those of its own division.

use access::{Id, Outcome, audit::Snapshot};
use sea_orm::{ConnectionTrait as _, Statement};

/// Placed tables whose rows may lie in no place at all (records that were merged or removed); that something says why is
/// compared by the room of the record.
const MAY_BE_AWAY: &[&str] = &["person", "household"];

/// Placed tables, and the column of the division a row lies in.
const PLACED: &[(&str, &str)] = &[
    ("station", "township_id"),
    ("point", "village_id"),
    ("post", "township_id"),
    ("assignment", "township_id"),
    ("person", "village_id"),
    ("household", "village_id"),
    ("visit", "village_id"),
    ("application", "village_id"),
    ("screening_finding", "village_id"),
];

/// Rows whose place is no division or whose levels are not those of it: table and id, at most a hundred of each table.
pub async fn misplaced(snapshot: &Snapshot) -> Outcome<Vec<(&'static str, Id)>> {
    let conn = snapshot.conn();
    let mut found = Vec::new();
    for (table, leaf) in PLACED {
        let township = if *leaf == "village_id" { "d.township_id <> t.township_id OR " } else { "" };
        let away = if MAY_BE_AWAY.contains(table) {
            "NOT (t.village_id = 0 AND t.township_id = 0 AND t.county_id = 0 AND t.city_id = 0 AND t.province_id = 0) AND "
        } else {
            ""
        };
        let text = format!(
            "SELECT t.id AS id FROM {table} t LEFT JOIN division d ON d.id = t.{leaf} WHERE {away}(d.id IS NULL OR {township}\
             d.county_id <> t.county_id OR d.city_id <> t.city_id OR d.province_id <> t.province_id) LIMIT 100"
        );
        for row in conn.query_all_raw(Statement::from_string(conn.get_database_backend(), text)).await? {
            found.push((*table, row.try_get("", "id")?));
        }
    }
    Ok(found)
}
