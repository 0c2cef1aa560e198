//! Queries over revisions.

use access::{Open, Scope, Visible};
use kernel::{Id, Outcome, Permit, Place, Sees, place::DivisionId};
use sea_orm::{ColumnTrait as _, Order};

use super::row::policy_revision;
use people::persons::row::person;

/// The revisions in force of these places.
pub async fn in_force<P: Permit>(scope: &Scope<P>, places: Vec<DivisionId>) -> Outcome<Vec<policy_revision::Model>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    scope.published::<policy_revision::Entity>().filter(policy_revision::Column::PlaceId.is_in(places)).all().await
}

/// The same for a reader without a session.
pub async fn in_force_openly(door: &Open, places: Vec<DivisionId>) -> Outcome<Vec<policy_revision::Model>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    door.published::<policy_revision::Entity>().filter(policy_revision::Column::PlaceId.is_in(places)).all().await
}

/// Revisions inside a place, the newest first, behind `after`.
pub fn listing<P: Permit + Sees<policy_revision::Entity>>(
    scope: &Scope<P>,
    place: Option<&Place>,
    state: Option<&str>,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, policy_revision::Entity> {
    let mut query = match place {
        Some(place) => scope.find_in::<policy_revision::Entity>(place),
        None => scope.find::<policy_revision::Entity>(),
    };
    if let Some(state) = state {
        query = query.filter(policy_revision::Column::State.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(policy_revision::Column::Id.lt(after));
    }
    query.order(policy_revision::Column::Id, Order::Desc).limit(rows)
}

/// The revision with this id inside the reach.
pub async fn one<P: Permit + Sees<policy_revision::Entity>>(
    scope: &Scope<P>,
    id: Id,
) -> Outcome<policy_revision::Model> {
    scope.find::<policy_revision::Entity>().filter(policy_revision::Column::Id.eq(id)).required().await
}

/// How many persons live in a place, counting `most` at the most.
pub async fn persons<P: Permit + Sees<person::Entity>>(scope: &Scope<P>, place: &Place, most: u64) -> Outcome<u64> {
    scope.find_in::<person::Entity>(place).count(most).await
}

/// These persons, a few hundred at the most.
pub async fn people<P: Permit + Sees<person::Entity>>(scope: &Scope<P>, ids: Vec<Id>) -> Outcome<Vec<person::Model>> {
    scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await
}
