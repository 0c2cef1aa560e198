//! Keeping the pairs of a record in step with it, and deciding about a pair.

use access::{Scope, Writing, audit::Detail};
use kernel::{Id, Outcome, Permit, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    DISMISSED, Decide, OPEN,
    model::{Match, compare},
    row::person_twin,
    store,
};
use crate::persons::{
    checks::{Faults, SHORT},
    row::person,
};

/// Looks again which records may be the same as this one; what people decided stays.
pub async fn refresh<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    if person.county_id == 0 {
        return Ok(());
    }
    let mine = store::traits(tx.scope(), person)?;
    let known = store::pairs_in(tx, person.id).await?;
    let mut alike: Vec<(person::Model, Match)> = Vec::new();
    for other in store::candidates_in(tx, person).await? {
        let found = compare(&mine, &store::traits(tx.scope(), &other)?);
        if found.is_shown() {
            alike.push((other, found));
        }
    }
    for pair in &known {
        let other = if pair.first_id == person.id { pair.second_id } else { pair.first_id };
        if pair.state == OPEN && !alike.iter().any(|(row, _)| row.id == other) {
            person_twin::Entity::delete_by_id(pair.id).exec(tx.derived()).await?;
        }
    }
    for (other, found) in alike {
        put(tx, &known, person, &other, &found).await?;
    }
    Ok(())
}

/// Writes a pair, or brings the one that is there up to date.
async fn put<P: Permit>(
    tx: &Writing<'_, P>,
    known: &[person_twin::Model],
    person: &person::Model,
    other: &person::Model,
    found: &Match,
) -> Outcome<()> {
    let shared = |a: i32, b: i32| if a == b { a } else { 0 };
    let [p, c, k, t, v] = person.path();
    let [op, oc, ok, ot, ov] = other.path();
    let mut row = person_twin::ActiveModel {
        score: Set(found.score),
        why: Set(json!(found.why).to_string()),
        village_id: Set(shared(v, ov)),
        township_id: Set(shared(t, ot)),
        county_id: Set(shared(k, ok)),
        city_id: Set(shared(c, oc)),
        province_id: Set(shared(p, op)),
        ..Default::default()
    };
    let there = known.iter().find(|pair| [pair.first_id, pair.second_id].contains(&other.id));
    if let Some(pair) = there {
        person_twin::Entity::update_many()
            .set(row)
            .filter(person_twin::Column::Id.eq(pair.id))
            .exec(tx.derived())
            .await?;
        return Ok(());
    }
    let (first, second) = if person.id < other.id { (person.id, other.id) } else { (other.id, person.id) };
    row.id = Set(tx.scope().new_id());
    row.first_id = Set(first);
    row.second_id = Set(second);
    row.state = Set(OPEN.to_owned());
    row.found_at = Set(tx.scope().now());
    person_twin::Entity::insert(row).exec_without_returning(tx.derived()).await?;
    Ok(())
}

/// Decides that the two records are two people; remembered, so that the pair is not shown again.
pub async fn dismiss(scope: &Scope<Decide>, id: Id, reason: &str) -> Outcome<()> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", reason, SHORT);
    faults.done(Some(()))?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let pair = tx.find::<person_twin::Entity>().filter(person_twin::Column::Id.eq(id)).required().await?;
                if pair.state != OPEN {
                    return Err(Problem::refused(
                        "duplicate.decided",
                        "这一对档案已经处理过，请刷新列表。",
                        "This pair has been decided already; reload the list.",
                    ));
                }
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                let row = person_twin::ActiveModel {
                    state: Set(DISMISSED.to_owned()),
                    decided_at: Set(Some(now)),
                    decided_by: Set(Some(actor)),
                    reason: Set(Some(reason.clone())),
                    ..Default::default()
                };
                person_twin::Entity::update_many()
                    .set(row)
                    .filter(person_twin::Column::Id.eq(id))
                    .exec(tx.derived())
                    .await?;
                let detail = Detail { changes: Vec::new(), reason: Some(reason) };
                for person in [pair.first_id, pair.second_id] {
                    tx.append("not_the_same", "person", person, pair.county_id, 0, &detail).await?;
                }
                Ok(())
            })
        })
        .await
}
