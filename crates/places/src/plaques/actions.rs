//! Recording plaque events.

use access::{Outcome, Permit, Scope, Writing, Written};
use kernel::{Day, Id};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    model::{self, NewPlaque},
    row::plaque,
};
use crate::{
    network::{Change, checks::kept, history::OwnerKey},
    points::row::point,
    stations::row::station,
};

/// Records an event of a station's plaque.
pub async fn of_station(scope: &Scope<Change>, id: Id, new: NewPlaque, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let before = tx.get::<station::Entity>(id).await?;
                hang_at_station(tx, &before, &new).await.map(|_| ())
            })
        })
        .await
}

/// Records a checked event of a station read in this transaction.
pub async fn hang_at_station(
    tx: &Writing<'_, Change>,
    before: &station::Model,
    new: &NewPlaque,
) -> Outcome<station::Model> {
    let row = event(crate::stations::actions::key(before), new);
    tx.insert_part::<plaque::Entity, station::Entity>(before, row).await?;
    let since = next(tx, before.id, before.plaque_on, new).await?;
    tx.update::<station::Entity>(before, |r| r.plaque_on = Set(since)).await
}

/// Records an event of a point's plaque.
pub async fn of_point(scope: &Scope<Change>, id: Id, new: NewPlaque, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let before = tx.get::<point::Entity>(id).await?;
                hang_at_point(tx, &before, &new).await.map(|_| ())
            })
        })
        .await
}

/// Records a checked event of a point read in this transaction.
pub async fn hang_at_point(tx: &Writing<'_, Change>, before: &point::Model, new: &NewPlaque) -> Outcome<point::Model> {
    let row = event(crate::points::actions::key(before), new);
    tx.insert_part::<plaque::Entity, point::Entity>(before, row).await?;
    let since = next(tx, before.id, before.plaque_on, new).await?;
    tx.update::<point::Entity>(before, |r| r.plaque_on = Set(since)).await
}

/// What hangs after the event. Asked after the insert, whose audit record makes writers of a county wait for each other.
async fn next<P: Permit>(tx: &Writing<'_, P>, owner: Id, since: Option<Day>, new: &NewPlaque) -> Outcome<Option<Day>> {
    let newest = plaque::Entity::find()
        .filter(plaque::Column::OwnerId.eq(owner))
        .filter(plaque::Column::Id.ne(new.id))
        .order_by_desc(plaque::Column::OnDay)
        .order_by_desc(plaque::Column::Id)
        .one(tx.derived())
        .await?;
    model::after(newest.as_ref().map(|p| (p.on_day, p.kind.as_str())), since, new)
}

fn event(owner: OwnerKey, new: &NewPlaque) -> plaque::ActiveModel {
    plaque::ActiveModel {
        id: Set(new.id),
        owner_kind: Set(owner.kind.word().to_owned()),
        owner_id: Set(owner.id),
        kind: Set(new.kind.clone()),
        on_day: Set(new.on),
        document_no: Set(kept(new.document_no.clone())),
        county_id: Set(owner.county),
        ..Default::default()
    }
}
