//! Queries over the recycle bin.

use access::{Scope, Visible, Writing};
use kernel::{Day, Id, Outcome, Permit, Place, day, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _};

use super::{BINNED, Read, WAITING, row::recycled};

/// Removals in a state inside the reach (and the place), newest first.
pub fn listing(
    scope: &Scope<Read>,
    place: Option<&Place>,
    state: &str,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, recycled::Entity> {
    let query = match place {
        Some(place) => scope.find_in::<recycled::Entity>(place),
        None => scope.find::<recycled::Entity>(),
    };
    let query = query.filter(recycled::Column::State.eq(state)).order(recycled::Column::Id, Order::Desc).limit(rows);
    match after {
        Some(after) => query.filter(recycled::Column::Id.lt(after)),
        None => query,
    }
}

/// What is removed, and why.
pub struct Removal<'a> {
    /// Id of the removal.
    pub id: Id,
    /// person, visit, household or membership.
    pub kind: &'static str,
    /// Which.
    pub object: Id,
    /// The person it is about.
    pub person: Option<Id>,
    /// Where it lay.
    pub path: [i32; 5],
    /// Why.
    pub reason: &'a str,
}

/// The row of a removal: waiting for a second person, or in the bin at once.
pub fn new_row<P: Permit>(tx: &Writing<'_, P>, new: &Removal<'_>, waits: bool) -> recycled::ActiveModel {
    let [province_id, city_id, county_id, township_id, village_id] = new.path;
    let (now, actor) = (tx.scope().now(), tx.scope().actor());
    recycled::ActiveModel {
        id: Set(new.id),
        kind: Set(new.kind.to_owned()),
        object_id: Set(new.object),
        person_id: Set(new.person),
        state: Set(if waits { WAITING } else { BINNED }.to_owned()),
        reason: Set(new.reason.to_owned()),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        asked_by: Set(actor),
        asked_at: Set(now),
        decided_by: Set((!waits).then_some(actor)),
        decided_at: Set((!waits).then_some(now)),
        until_on: Set((!waits).then(|| until(tx))),
        restored_by: Set(None),
        restored_at: Set(None),
        ..Default::default()
    }
}

/// The last day on which something removed today can be brought back.
pub fn until<P: Permit>(tx: &Writing<'_, P>) -> Day {
    let today = tx.scope().today();
    let days = Params::national().whole("recycle.days", &[], today).unwrap_or(0);
    day::add_days(today, i32::try_from(days).unwrap_or(0).into())
}

/// The removal of an object that waits or is in the bin.
pub async fn standing<P: Permit>(tx: &Writing<'_, P>, object: Id) -> Outcome<Option<recycled::Model>> {
    Ok(recycled::Entity::find()
        .filter(recycled::Column::ObjectId.eq(object))
        .filter(recycled::Column::State.is_in([WAITING, BINNED]))
        .one(tx.derived())
        .await?)
}
