//! Verbs that change points.

use access::{Outcome, Scope, Writing, Written, placement::division};
use kernel::{Day, Field, Id, Problem, day};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

use super::{
    model::{NewPoint, PointChange},
    row::point,
    store,
};
use crate::{
    areas::{
        actions::{changed_villages, inside, open, villages},
        row::area,
    },
    network::{
        Change,
        checks::kept,
        history::{self, NewStatus, OwnerKey},
        sql::Owner,
    },
    stations::row::station,
};

/// The key of a point's history.
pub fn key(row: &point::Model) -> OwnerKey {
    OwnerKey { kind: Owner::Point, id: row.id, county: row.county_id, host: row.village_id }
}

/// Sets up a point.
pub async fn set_up(scope: &Scope<Change>, new: NewPoint, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    let seat =
        villages(scope, "seat", std::slice::from_ref(&new.seat)).await.map_err(|p| renamed(p, "seat[0]", "seat"))?;
    let covered = villages(scope, "covered", &new.covered).await?;
    let seat = seat.into_iter().next().ok_or(Problem::NotFound)?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let station = tx.get::<station::Entity>(new.station_id).await?;
                put(tx, &station, &seat, covered, new).await.map(|_| ())
            })
        })
        .await
}

fn renamed(problem: Problem, from: &str, to: &str) -> Problem {
    match problem {
        Problem::Invalid(fields) => Problem::Invalid(
            fields.into_iter().map(|f| if f.field == from { Field { field: to.to_owned(), ..f } } else { f }).collect(),
        ),
        other => other,
    }
}

/// Inserts a checked point with its first status and the villages it covers; for the form above, imports and worlds.
pub async fn put(
    tx: &Writing<'_, Change>,
    station: &station::Model,
    seat: &division::Model,
    mut covered: Vec<division::Model>,
    new: NewPoint,
) -> Outcome<point::Model> {
    open(station)?;
    inside(station, "seat", std::slice::from_ref(seat))?;
    inside(station, "covered", &covered)?;
    own_area(tx, station, new.area_id).await?;
    let planned = new.from.unwrap_or_else(|| tx.scope().today());
    let row = tx
        .insert::<point::Entity>(point::ActiveModel {
            id: Set(new.id),
            station_id: Set(station.id),
            area_id: Set(new.area_id),
            name: Set(new.name.trim().to_owned()),
            village_id: Set(seat.id),
            township_id: Set(seat.township_id),
            county_id: Set(seat.county_id),
            city_id: Set(seat.city_id),
            province_id: Set(seat.province_id),
            premises: Set(kept(new.premises)),
            days_open_per_week: Set(new.days_open_per_week),
            plaque_on: Set(None),
            closed_on: Set(None),
            status: Set("planned".to_owned()),
            status_on: Set(planned),
            created_at: Set(tx.scope().now()),
            ..Default::default()
        })
        .await?;
    history::begin(tx, key(&row), planned).await?;
    with_seat(&mut covered, seat);
    store::cover(tx, row.id, &covered, planned).await?;
    Ok(row)
}

fn with_seat(covered: &mut Vec<division::Model>, seat: &division::Model) {
    if !covered.iter().any(|v| v.id == seat.id) {
        covered.insert(0, seat.clone());
    }
}

async fn own_area(tx: &Writing<'_, Change>, station: &station::Model, id: Option<Id>) -> Outcome<()> {
    let Some(id) = id else { return Ok(()) };
    let found = tx.parts::<area::Entity, station::Entity>(station).filter(area::Column::Id.eq(id)).one().await?;
    match found {
        Some(area) if area.to_on.is_none() => Ok(()),
        _ => Err(Problem::invalid(Field::new(
            "area_id",
            "unknown",
            "该片区不属于本站或已结束，请重新选择。",
            "This area does not belong to the station or has ended; choose again.",
        ))),
    }
}

/// Changes what the form may change.
pub async fn change(scope: &Scope<Change>, id: Id, change: PointChange) -> Outcome<()> {
    change.check()?;
    let covered = match &change.covered {
        Some(codes) => Some(villages(scope, "covered", codes).await?),
        None => None,
    };
    let today = scope.today();
    // The seat is found before the write, so that the write reads no divisions.
    let seat = {
        let read: Scope<crate::network::Read> = scope.also()?;
        let row = store::get(&read, id).await?;
        scope.division(row.village_id).await?
    };
    scope.write(move |tx| Box::pin(async move { apply(tx, id, change, covered, &seat, today).await })).await
}

async fn apply(
    tx: &Writing<'_, Change>,
    id: Id,
    change: PointChange,
    covered: Option<Vec<division::Model>>,
    seat: &division::Model,
    today: Day,
) -> Outcome<()> {
    let before = tx.get_rev::<point::Entity>(id, change.rev).await?;
    let station = tx.get::<station::Entity>(before.station_id).await?;
    own_area(tx, &station, change.area_id.flatten()).await?;
    let row = tx
        .update::<point::Entity>(&before, |r| {
            if let Some(name) = &change.name {
                r.name = Set(name.trim().to_owned());
            }
            if let Some(area) = change.area_id {
                r.area_id = Set(area);
            }
            if let Some(days) = change.days_open_per_week {
                r.days_open_per_week = Set(days);
            }
            if let Some(premises) = change.premises {
                r.premises = Set(kept(premises));
            }
        })
        .await?;
    let Some(mut covered) = covered else { return Ok(()) };
    inside(&station, "covered", &covered)?;
    with_seat(&mut covered, seat);
    swap(tx, &row, covered, today).await
}

/// Ends villages that left, adds those that came, and records both sets.
async fn swap(tx: &Writing<'_, Change>, row: &point::Model, covered: Vec<division::Model>, today: Day) -> Outcome<()> {
    let open = store::open_villages(tx, row).await?;
    let gone: Vec<_> = open.iter().filter(|o| !covered.iter().any(|v| v.id == o.village_id)).collect();
    let came: Vec<division::Model> =
        covered.iter().filter(|v| !open.iter().any(|o| o.village_id == v.id)).cloned().collect();
    if gone.is_empty() && came.is_empty() {
        return Ok(());
    }
    // The new set holds from today, so what leaves it ended yesterday.
    let yesterday = day::add_days(today, -1);
    for village in &gone {
        store::uncover(tx, village, yesterday).await?;
    }
    store::cover(tx, row.id, &came, today).await?;
    let labels = tx.scope().labels(open.iter().map(|o| o.village_id)).await?;
    let before: Vec<String> = open.iter().filter_map(|o| labels.get(&o.village_id)).map(|l| l.name.clone()).collect();
    let after: Vec<String> = covered.iter().map(|v| v.name.clone()).collect();
    tx.touch::<point::Entity>(row, vec![changed_villages(&before, &after)]).await.map(|_| ())
}

/// Takes a step of the status machine.
pub async fn step(scope: &Scope<Change>, id: Id, new: NewStatus, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<point::Entity>(id, new.rev).await?;
                take(tx, before, &new).await.map(|_| ())
            })
        })
        .await
}

/// Takes a checked step on a point read in this transaction.
pub async fn take(tx: &Writing<'_, Change>, before: point::Model, new: &NewStatus) -> Outcome<point::Model> {
    let step = history::check(tx, key(&before), &before.status, new).await?;
    let row = tx
        .update::<point::Entity>(&before, |r| {
            r.status = Set(new.status.clone());
            r.status_on = Set(new.on);
            if new.status == "closed" {
                r.closed_on = Set(Some(new.on));
            }
        })
        .await?;
    if let Some(planned) = history::write(tx, key(&row), step, new).await? {
        store::move_begin(tx, row.id, planned, new.on).await?;
    }
    Ok(row)
}
