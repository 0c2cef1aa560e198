//! Records that lie in no place: persons that were merged or removed, households that never were. Lists and figures must find
//! nothing of them, and something must say why they are away.

use access::{Id, Outcome};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, Statement};

use super::{Fault, facts::Facts};
use crate::{
    persons::row::{NEVER_BEFORE, NEVER_DUE},
    recycle::BINNED,
};

/// Whether the row of a person lies in no place.
pub(super) fn is_away(facts: &Facts) -> bool {
    facts.person.path() == [0; 5]
}

/// What the row of a person who is away still shows.
pub(super) fn shows(facts: &Facts) -> impl Iterator<Item = &'static str> {
    let p = &facts.person;
    // The residences of a record that was merged stay with it as they were (合并后的历史); those of a removed one go with it.
    let homes = p.merged_into.is_some()
        || facts.homes.iter().all(|home| {
            [home.province_id, home.city_id, home.county_id, home.township_id, home.village_id] == p.path()
        });
    [
        ("cat_bits", p.cat_bits == 0),
        ("is_target", !p.is_target),
        ("ledger_state", p.ledger_state == "dismissed"),
        ("grade", p.grade.is_empty()),
        ("last_visit_on", p.last_visit_on == NEVER_BEFORE),
        ("last_served_on", p.last_served_on == NEVER_BEFORE),
        ("failed_in_row", p.failed_in_row == 0),
        ("next_due_on", p.next_due_on == NEVER_DUE),
        ("next_check_on", p.next_check_on == NEVER_DUE),
        ("red_open", p.red_open == 0),
        ("worker", p.worker_id.is_none()),
        ("numbers", p.id_hash.is_none() && p.phone_hash.is_none()),
        ("residence", homes),
        ("search keys", facts.words.is_empty()),
    ]
    .into_iter()
    .filter(|(_, right)| !right)
    .map(|(what, _)| what)
}

/// Persons and households that are away though nothing says so, and persons said to be merged that are in a place.
pub(super) async fn unexplained(conn: &DatabaseTransaction) -> Outcome<Vec<Fault>> {
    let binned = |kind: &str| {
        format!(
            "EXISTS (SELECT 1 FROM recycled r WHERE r.object_id = t.id AND r.kind = '{kind}' AND r.state = '{BINNED}')"
        )
    };
    let merged = "EXISTS (SELECT 1 FROM person s WHERE s.id = t.merged_into)";
    let texts = [
        (
            format!(
                "SELECT t.id AS id FROM person t WHERE t.village_id = 0 AND NOT {merged} AND NOT {}",
                binned("person")
            ),
            "lies in no place and was neither merged nor removed",
        ),
        (
            "SELECT t.id AS id FROM person t WHERE t.merged_into IS NOT NULL AND t.village_id <> 0".to_owned(),
            "was merged and lies in a place",
        ),
        (
            format!("SELECT t.id AS id FROM household t WHERE t.village_id = 0 AND NOT {}", binned("household")),
            "is a household that lies in no place and was not removed",
        ),
    ];
    let mut found = Vec::new();
    for (text, what) in texts {
        for row in conn.query_all_raw(Statement::from_string(conn.get_database_backend(), text)).await? {
            let person: Id = row.try_get("", "id")?;
            found.push(Fault { person, what });
        }
    }
    Ok(found)
}
