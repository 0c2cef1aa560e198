//! Verbs that change stations.

use access::{Level, Outcome, Scope, Writing, Written, placement::division};
use kernel::{Day, Field, Id, Problem};
use sea_orm::ActiveValue::Set;

use super::{
    model::{NewStation, StationChange},
    row::station,
};
use crate::network::{
    Change,
    checks::kept,
    history::{self, NewStatus, OwnerKey},
    sql::Owner,
};

/// The key of a station's history.
pub fn key(row: &station::Model) -> OwnerKey {
    OwnerKey { kind: Owner::Station, id: row.id, county: row.county_id, host: row.township_id }
}

/// The township-level unit a code names.
pub async fn host(scope: &Scope<Change>, field: &str, code: &str) -> Outcome<division::Model> {
    let unit = scope.resolve(field, code).await?;
    if unit.level != Level::Township.number() {
        return Err(Problem::invalid(Field::new(
            field,
            "level",
            "社工站应设在乡镇、街道或农林场，请选择乡级单位。",
            "A station is hosted by a township, a street or a farm; choose a unit of that level.",
        )));
    }
    if unit.valid_to.is_some_and(|to| to < scope.today()) {
        return Err(Problem::invalid(Field::new(
            field,
            "closed_place",
            "该区划已撤销，请选择现行的乡级单位。",
            "This unit no longer exists; choose one that does.",
        )));
    }
    Ok(unit)
}

/// Sets up a station.
pub async fn set_up(scope: &Scope<Change>, new: NewStation, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    let unit = host(scope, "place", &new.place).await?;
    scope.write_once(new.id, digest, move |tx| Box::pin(async move { put(tx, &unit, new).await.map(|_| ()) })).await
}

/// Inserts a checked station with its first status; for the form above, imports and worlds.
pub async fn put(tx: &Writing<'_, Change>, unit: &division::Model, new: NewStation) -> Outcome<station::Model> {
    let planned = new.opened_on.unwrap_or_else(|| tx.scope().today());
    let row = tx
        .insert::<station::Entity>(station::ActiveModel {
            id: Set(new.id),
            name: Set(new.name.trim().to_owned()),
            township_id: Set(unit.township_id),
            county_id: Set(unit.county_id),
            city_id: Set(unit.city_id),
            province_id: Set(unit.province_id),
            host_org_name: Set(kept(new.host_org_name)),
            operator_org_name: Set(kept(new.operator_org_name)),
            operating_mode: Set(new.operating_mode),
            address: Set(kept(new.address)),
            phone: Set(kept(new.phone)),
            lat: Set(None),
            lng: Set(None),
            crs: Set(None),
            floor_area_m2: Set(None),
            facilities: Set("[]".to_owned()),
            open_hours: Set(None),
            opened_on: Set(new.opened_on),
            plaque_on: Set(None),
            closed_on: Set(None),
            status: Set("planned".to_owned()),
            status_on: Set(planned),
            note: Set(kept(new.note)),
            created_at: Set(tx.scope().now()),
            ..Default::default()
        })
        .await?;
    history::begin(tx, key(&row), planned).await?;
    Ok(row)
}

/// Changes what the form may change.
pub async fn change(scope: &Scope<Change>, id: Id, change: StationChange) -> Outcome<()> {
    change.check()?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<station::Entity>(id, change.rev).await?;
                tx.update::<station::Entity>(&before, |r| apply(r, change)).await?;
                Ok(())
            })
        })
        .await
}

fn apply(row: &mut station::ActiveModel, change: StationChange) {
    if let Some(name) = change.name {
        row.name = Set(name.trim().to_owned());
    }
    if let Some(mode) = change.operating_mode {
        row.operating_mode = Set(mode);
    }
    if let Some(facilities) = change.facilities {
        row.facilities = Set(serde_json::json!(facilities).to_string());
    }
    let text = |column: &mut sea_orm::ActiveValue<Option<String>>, given: Option<Option<String>>| {
        if let Some(value) = given {
            *column = Set(kept(value));
        }
    };
    text(&mut row.host_org_name, change.host_org_name);
    text(&mut row.operator_org_name, change.operator_org_name);
    text(&mut row.address, change.address);
    text(&mut row.phone, change.phone);
    text(&mut row.crs, change.crs);
    text(&mut row.open_hours, change.open_hours);
    text(&mut row.note, change.note);
    if let Some(lat) = change.lat {
        row.lat = Set(lat);
    }
    if let Some(lng) = change.lng {
        row.lng = Set(lng);
    }
    if let Some(area) = change.floor_area_m2 {
        row.floor_area_m2 = Set(area);
    }
}

/// Takes a step of the status machine.
pub async fn step(scope: &Scope<Change>, id: Id, new: NewStatus, digest: &[u8]) -> Outcome<Written> {
    new.check(scope.today())?;
    scope
        .write_once(new.id, digest, move |tx| {
            Box::pin(async move {
                let before = tx.get_rev::<station::Entity>(id, new.rev).await?;
                take(tx, before, &new).await.map(|_| ())
            })
        })
        .await
}

/// Takes a checked step on a station read in this transaction.
pub async fn take(tx: &Writing<'_, Change>, before: station::Model, new: &NewStatus) -> Outcome<station::Model> {
    let step = history::check(tx, key(&before), &before.status, new).await?;
    let first = new.status == "operating" && before.opened_on.is_none();
    let row = tx
        .update::<station::Entity>(&before, |r| {
            r.status = Set(new.status.clone());
            r.status_on = Set(new.on);
            if first {
                r.opened_on = Set(Some(new.on));
            }
            if new.status == "closed" {
                r.closed_on = Set(Some(new.on));
            }
        })
        .await?;
    history::write(tx, key(&row), step, new).await?;
    if new.status == "closed" {
        end_belongings(tx, &row, new.on).await?;
    }
    Ok(row)
}

/// Areas, posts and assignments of a closed station end with it.
async fn end_belongings(tx: &Writing<'_, Change>, row: &station::Model, on: Day) -> Outcome<()> {
    crate::areas::actions::end_all(tx, row, on).await?;
    crate::posts::actions::end_all(tx, row, on).await
}
