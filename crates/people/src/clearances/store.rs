//! Queries over clearances a decider sees.

use access::{Id, Outcome, Scope, Visible, restricted::row::clearance};
use sea_orm::{ColumnTrait as _, Order};

use super::Decide;
use crate::persons::row::person;

/// Roles that decide.
const DECIDERS: [&str; 3] = ["SH", "TR", "CA"];

/// The queries of the inbox, one per deciding role of the caller: newest first, behind `after`.
pub fn inbox(
    scope: &Scope<Decide>,
    state: &str,
    after: Option<Id>,
    rows: u64,
) -> Vec<Visible<'static, clearance::Entity>> {
    let mine: Vec<&str> = DECIDERS.into_iter().filter(|role| scope.roles().any(|r| r == *role)).collect();
    let query = |role: &str| {
        let query = scope
            .find::<clearance::Entity>()
            .filter(clearance::Column::Approver.eq(role))
            .filter(clearance::Column::State.eq(state))
            .order(clearance::Column::Id, Order::Desc)
            .limit(rows);
        match after {
            Some(after) => query.filter(clearance::Column::Id.lt(after)),
            None => query,
        }
    };
    mine.into_iter().map(query).collect()
}

/// The newest clearances for a person that are not about a restricted file's list.
pub async fn of_person(scope: &Scope<Decide>, person: &person::Model) -> Outcome<Vec<clearance::Model>> {
    scope
        .find::<clearance::Entity>()
        .filter(clearance::Column::PersonId.eq(person.id))
        .filter(clearance::Column::Way.ne("named"))
        .order(clearance::Column::Id, Order::Desc)
        .limit(100)
        .all()
        .await
}

/// One clearance inside the reach that one of the caller's roles decides on.
pub async fn one(scope: &Scope<Decide>, id: Id) -> Outcome<clearance::Model> {
    let row = scope.find::<clearance::Entity>().filter(clearance::Column::Id.eq(id)).required().await?;
    if scope.roles().any(|r| r == row.approver) { Ok(row) } else { Err(kernel::Problem::NotFound) }
}

/// What waits for a worker's standing approvals inside the reach, oldest first.
pub fn standing_query(scope: &Scope<Decide>, worker: Id, rows: u64) -> Visible<'static, clearance::Entity> {
    scope
        .find::<clearance::Entity>()
        .filter(clearance::Column::AccountId.eq(worker))
        .filter(clearance::Column::Way.eq("standing"))
        .filter(clearance::Column::State.eq("waiting"))
        .order(clearance::Column::Id, Order::Asc)
        .limit(rows)
}
