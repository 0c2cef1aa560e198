//! Queries over hand-overs.

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Permit, Place, Sees};
use sea_orm::{ColumnTrait as _, Order};

use super::{
    Read,
    row::{handover, outgoing},
};
use crate::persons::row::person;

/// Hand-overs that go to the reach (and the place), newest first.
pub fn incoming(
    scope: &Scope<Read>,
    place: Option<&Place>,
    open: bool,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, handover::Entity> {
    let query = match place {
        Some(place) => scope.find_in::<handover::Entity>(place),
        None => scope.find::<handover::Entity>(),
    };
    let query = query.filter(handover::Column::IsOpen.eq(open)).order(handover::Column::Id, Order::Desc).limit(rows);
    match after {
        Some(after) => query.filter(handover::Column::Id.lt(after)),
        None => query,
    }
}

/// Hand-overs that come from the reach (and the place), newest first.
pub fn sent(
    scope: &Scope<Read>,
    place: Option<&Place>,
    open: bool,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, outgoing::Entity> {
    let query = match place {
        Some(place) => scope.find_in::<outgoing::Entity>(place),
        None => scope.find::<outgoing::Entity>(),
    };
    let query = query.filter(outgoing::Column::IsOpen.eq(open)).order(outgoing::Column::Id, Order::Desc).limit(rows);
    match after {
        Some(after) => query.filter(outgoing::Column::Id.lt(after)),
        None => query,
    }
}

/// The hand-overs of one caseload inside the reach, in the order they were made.
pub fn batch(scope: &Scope<Read>, id: Id, after: Option<Id>, rows: u64) -> Visible<'static, handover::Entity> {
    let query = scope
        .find::<handover::Entity>()
        .filter(handover::Column::BatchId.eq(id))
        .order(handover::Column::Id, Order::Asc)
        .limit(rows);
    match after {
        Some(after) => query.filter(handover::Column::Id.gt(after)),
        None => query,
    }
}

/// The hand-over with this id, seen from either side.
pub async fn one(scope: &Scope<Read>, id: Id) -> Outcome<Option<handover::Model>> {
    if let Some(row) = scope.find::<handover::Entity>().filter(handover::Column::Id.eq(id)).one().await? {
        return Ok(Some(row));
    }
    let sent = scope.find::<outgoing::Entity>().filter(outgoing::Column::Id.eq(id)).one().await?;
    Ok(sent.map(handover::Model::from))
}

/// The hand-over of a person that waits for an answer.
pub async fn open_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Option<handover::Model>> {
    scope.parts::<handover::Entity, person::Entity>(person).filter(handover::Column::IsOpen.eq(true)).read_first().await
}

/// All hand-overs of a person, oldest first.
pub async fn all_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<handover::Model>> {
    let rows = scope.parts::<handover::Entity, person::Entity>(person);
    rows.order(handover::Column::Id, Order::Asc).all().await
}

/// The hand-over that waits, inside a write.
pub async fn open_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Option<handover::Model>> {
    tx.parts::<handover::Entity, person::Entity>(person).filter(handover::Column::IsOpen.eq(true)).one().await
}

/// Persons of these ids whom the caller may see, by their own place or by a read trail.
pub async fn people<P>(scope: &Scope<P>, ids: Vec<Id>) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    scope.find_with_trail::<person::Entity>(None).filter(person::Column::Id.is_in(ids)).all().await
}
