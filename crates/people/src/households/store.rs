//! Queries over households and memberships.

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Permit, Place, Problem, Sees};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Order};

use super::{
    Read,
    model::NewMember,
    row::{household, membership, unit_decision},
};
use crate::persons::row::person;

/// Open households inside the reach, newest first.
pub fn listing(
    scope: &Scope<Read>,
    place: Option<&Place>,
    kind: Option<&str>,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, household::Entity> {
    let query = match place {
        Some(place) => scope.find_in::<household::Entity>(place),
        None => scope.find::<household::Entity>(),
    };
    let query = query.filter(household::Column::ToOn.is_null()).order(household::Column::Id, Order::Desc).limit(rows);
    let query = match kind {
        Some(kind) => query.filter(household::Column::Kind.eq(kind)),
        None => query,
    };
    match after {
        Some(after) => query.filter(household::Column::Id.lt(after)),
        None => query,
    }
}

/// Present members of a page of households.
pub async fn present_of<P: Permit>(scope: &Scope<P>, homes: &[household::Model]) -> Outcome<Vec<membership::Model>> {
    let ids: Vec<Id> = homes.iter().map(|h| h.id).collect();
    let rows = scope.parts_of::<membership::Entity, household::Entity>(&ids);
    rows.filter(membership::Column::ToOn.is_null()).read().await
}

/// Open memberships of a person inside a write.
pub async fn open_of<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<membership::Model>> {
    let rows = tx.parts::<membership::Entity, person::Entity>(person);
    by_id(rows.filter(membership::Column::ToOn.is_null())).await
}

/// The latest decision on a means-test unit.
pub async fn decision_of<P: Permit>(
    scope: &Scope<P>,
    household: &household::Model,
) -> Outcome<Option<unit_decision::Model>> {
    let rows = scope.parts::<unit_decision::Entity, household::Entity>(household);
    rows.order(unit_decision::Column::Id, Order::Desc).one().await
}

/// The household with this id inside the reach (and the place).
pub async fn find<P>(scope: &Scope<P>, place: Option<&Place>, id: Id) -> Outcome<Option<household::Model>>
where
    P: Permit + Sees<household::Entity>,
{
    let query = match place {
        Some(place) => scope.find_in::<household::Entity>(place),
        None => scope.find::<household::Entity>(),
    };
    query.filter(household::Column::Id.eq(id)).read_first().await
}

/// All memberships of a household, oldest first.
pub async fn members_of<P: Permit>(scope: &Scope<P>, household: &household::Model) -> Outcome<Vec<membership::Model>> {
    by_id(scope.parts::<membership::Entity, household::Entity>(household)).await
}

/// Open memberships of a household inside a write.
pub async fn open_in<P: Permit>(tx: &Writing<'_, P>, household: &household::Model) -> Outcome<Vec<membership::Model>> {
    let rows = tx.parts::<membership::Entity, household::Entity>(household);
    by_id(rows.filter(membership::Column::ToOn.is_null())).await
}

/// All memberships of a person, oldest first.
pub async fn memberships_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<membership::Model>> {
    by_id(scope.parts::<membership::Entity, person::Entity>(person)).await
}

/// Open memberships of people the caller has at hand (a page of them), in the order of the people, then oldest first.
pub async fn open_of_page<P: Permit>(scope: &Scope<P>, people: &[Id]) -> Outcome<Vec<membership::Model>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows = scope.parts_of::<membership::Entity, person::Entity>(people);
    let mut rows = by_id(rows.filter(membership::Column::ToOn.is_null())).await?;
    rows.sort_by_key(|row| people.iter().position(|id| *id == row.person_id));
    Ok(rows)
}

async fn by_id(rows: Visible<'_, membership::Entity>) -> Outcome<Vec<membership::Model>> {
    rows.order(membership::Column::Id, Order::Asc).read().await
}

/// How many open households a person belongs to.
pub async fn open_count<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<u32> {
    let rows = tx.parts::<membership::Entity, person::Entity>(person).filter(membership::Column::ToOn.is_null());
    Ok(u32::try_from(rows.count(100).await?).unwrap_or(u32::MAX))
}

/// Whether the person is a member of an open household of this kind.
pub async fn is_member<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, kind: &str) -> Outcome<bool> {
    let rows = tx.parts::<membership::Entity, person::Entity>(person);
    for row in by_id(rows.filter(membership::Column::ToOn.is_null())).await? {
        let home = household::Entity::find_by_id(row.household_id).one(tx.derived()).await?;
        if home.is_some_and(|h| h.kind == kind) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The membership with this id, whosever it is: the caller looks its household up with the scope.
pub async fn membership<P: Permit>(tx: &Writing<'_, P>, id: Id) -> Outcome<membership::Model> {
    membership::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)
}

/// Inserts a member of a visible household.
pub async fn insert<P: Permit>(
    tx: &Writing<'_, P>,
    household: &household::Model,
    new: &NewMember,
) -> Outcome<membership::Model> {
    let row = membership::ActiveModel {
        id: Set(new.id),
        person_id: Set(new.person_id),
        relation: Set(new.relation.clone()),
        is_cohabiting: Set(new.is_cohabiting.unwrap_or(true)),
        from_on: Set(new.from),
        to_on: Set(None),
        end_reason: Set(None),
        county_id: Set(household.county_id),
        ..Default::default()
    };
    tx.insert_part::<membership::Entity, household::Entity>(household, row).await
}
