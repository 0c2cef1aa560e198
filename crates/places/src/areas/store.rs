//! Queries over areas and their villages.

use access::{Outcome, Permit, Problem, Scope, Writing};
use kernel::{Day, Id, place::DivisionId};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};

use super::row::{area, area_village};
use crate::{network::Read, stations::row::station};

/// The areas of a visible station, oldest first, with their villages.
pub async fn of_station(
    scope: &Scope<Read>,
    row: &station::Model,
) -> Outcome<(Vec<area::Model>, Vec<area_village::Model>)> {
    let mut areas = scope.parts::<area::Entity, station::Entity>(row).all().await?;
    areas.sort_by_key(|a| a.id);
    let villages = scope.parts::<area_village::Entity, station::Entity>(row).all().await?;
    Ok((areas, villages))
}

/// The area with this id, whoever may see it; the caller then asks for its station.
pub async fn any<P: Permit>(tx: &Writing<'_, P>, id: Id) -> Outcome<area::Model> {
    area::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)
}

/// Rows of villages that stand in open areas of a station.
pub async fn open_villages<P: Permit>(tx: &Writing<'_, P>, station: Id) -> Outcome<Vec<area_village::Model>> {
    Ok(area_village::Entity::find()
        .filter(area_village::Column::StationId.eq(station))
        .filter(area_village::Column::ToOn.is_null())
        .all(tx.derived())
        .await?)
}

/// Puts villages into an area from a day on.
pub async fn put_villages<P: Permit>(
    tx: &Writing<'_, P>,
    area: &area::Model,
    ids: &[DivisionId],
    from: Day,
) -> Outcome<()> {
    for id in ids {
        let row = area_village::ActiveModel {
            area_id: Set(area.id),
            village_id: Set(*id),
            from_on: Set(from),
            station_id: Set(area.station_id),
            to_on: Set(None),
        };
        // Taken out and put back on one day is one membership.
        let again = OnConflict::columns([
            area_village::Column::AreaId,
            area_village::Column::VillageId,
            area_village::Column::FromOn,
        ])
        .update_column(area_village::Column::ToOn)
        .to_owned();
        area_village::Entity::insert(row).on_conflict(again).exec_without_returning(tx.derived()).await?;
    }
    Ok(())
}

/// Ends the membership of one village with its last day, or takes it back when it would begin after that.
pub async fn end_village<P: Permit>(tx: &Writing<'_, P>, row: &area_village::Model, last: Day) -> Outcome<()> {
    let key = vec![row.area_id.into(), row.village_id.into(), row.from_on.into()];
    if row.from_on > last {
        let text = "DELETE FROM area_village WHERE area_id = $1 AND village_id = $2 AND from_on = $3";
        tx.execute(text, key).await?;
    } else {
        let text = "UPDATE area_village SET to_on = $4 WHERE area_id = $1 AND village_id = $2 AND from_on = $3";
        tx.execute(text, key.into_iter().chain([last.into()]).collect()).await?;
    }
    Ok(())
}
