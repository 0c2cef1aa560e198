//! Queries over points and the villages they cover.

use std::collections::HashMap;

use access::{Outcome, Permit, Scope, Visible, Writing, placement::division};
use kernel::{Day, Id};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, Order,
    sea_query::{Expr, OnConflict},
};

use super::row::{point, point_village};
use crate::{
    network::Read,
    stations::{row::station, store::status_on},
};

/// Which points to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Statuses on the day; none = any.
    pub statuses: Vec<String>,
    /// The day the list shows.
    pub on: Option<Day>,
    /// Rows after this id.
    pub after: Option<Id>,
    /// Rows to fetch.
    pub rows: u64,
}

impl Filter {
    fn condition(&self) -> Condition {
        let mut condition = Condition::all();
        if let Some(id) = self.after {
            condition = condition.add(point::Column::Id.gt(id));
        }
        match self.on {
            None if self.statuses.is_empty() => condition,
            None => condition.add(point::Column::Status.is_in(self.statuses.clone())),
            Some(on) => condition.add(status_on(Expr::col((point::Entity, point::Column::Id)), on, &self.statuses)),
        }
    }
}

/// One page (and one row more) of points of a place, in order of their ids.
pub fn page(scope: &Scope<Read>, place: &division::Model, filter: &Filter) -> Visible<'static, point::Entity> {
    scope
        .find_in::<point::Entity>(&place.place())
        .filter(filter.condition())
        .order(point::Column::Id, Order::Asc)
        .limit(filter.rows)
}

/// The same of one visible station.
pub fn page_of_station(scope: &Scope<Read>, row: &station::Model, filter: &Filter) -> Visible<'static, point::Entity> {
    scope
        .parts::<point::Entity, station::Entity>(row)
        .filter(filter.condition())
        .order(point::Column::Id, Order::Asc)
        .limit(filter.rows)
}

/// All points of a visible station, oldest first.
pub async fn of_station(scope: &Scope<Read>, row: &station::Model) -> Outcome<Vec<point::Model>> {
    scope.parts::<point::Entity, station::Entity>(row).order(point::Column::Id, Order::Asc).all().await
}

/// The point with this id inside the reach.
pub async fn get(scope: &Scope<Read>, id: Id) -> Outcome<point::Model> {
    scope.find::<point::Entity>().filter(point::Column::Id.eq(id)).required().await
}

/// Villages covered on a day by each of these visible points, in order of the tree.
pub async fn covered(scope: &Scope<Read>, points: &[point::Model], on: Day) -> Outcome<HashMap<Id, Vec<i32>>> {
    let mut found: HashMap<Id, Vec<i32>> = HashMap::with_capacity(points.len());
    if points.is_empty() {
        return Ok(found);
    }
    let rows = scope
        .find::<point_village::Entity>()
        .filter(point_village::Column::PointId.is_in(points.iter().map(|p| p.id)))
        .filter(point_village::Column::FromOn.lte(on))
        .filter(Condition::any().add(point_village::Column::ToOn.is_null()).add(point_village::Column::ToOn.gte(on)))
        .all()
        .await?;
    for row in rows {
        found.entry(row.point_id).or_default().push(row.village_id);
    }
    for ids in found.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    Ok(found)
}

/// Covered rows of a point that are open, inside a write.
pub async fn open_villages<P: Permit>(tx: &Writing<'_, P>, point: &point::Model) -> Outcome<Vec<point_village::Model>> {
    let rows = tx.parts::<point_village::Entity, point::Entity>(point).all().await?;
    Ok(rows.into_iter().filter(|r| r.to_on.is_none()).collect())
}

/// Covers villages from a day on.
pub async fn cover<P: Permit>(tx: &Writing<'_, P>, point: Id, villages: &[division::Model], from: Day) -> Outcome<()> {
    for village in villages {
        let row = point_village::ActiveModel {
            point_id: Set(point),
            village_id: Set(village.id),
            from_on: Set(from),
            to_on: Set(None),
            township_id: Set(village.township_id),
            county_id: Set(village.county_id),
            city_id: Set(village.city_id),
            province_id: Set(village.province_id),
        };
        // Dropped and covered again on one day is one period.
        let again = OnConflict::columns([
            point_village::Column::PointId,
            point_village::Column::VillageId,
            point_village::Column::FromOn,
        ])
        .update_column(point_village::Column::ToOn)
        .to_owned();
        point_village::Entity::insert(row).on_conflict(again).exec_without_returning(tx.derived()).await?;
    }
    Ok(())
}

/// Ends covering one village with its last day, or takes it back when it would begin after that.
pub async fn uncover<P: Permit>(tx: &Writing<'_, P>, row: &point_village::Model, last: Day) -> Outcome<()> {
    let key = vec![row.point_id.into(), row.village_id.into(), row.from_on.into()];
    if row.from_on > last {
        let text = "DELETE FROM point_village WHERE point_id = $1 AND village_id = $2 AND from_on = $3";
        tx.execute(text, key).await?;
    } else {
        let text = "UPDATE point_village SET to_on = $4 WHERE point_id = $1 AND village_id = $2 AND from_on = $3";
        tx.execute(text, key.into_iter().chain([last.into()]).collect()).await?;
    }
    Ok(())
}

/// Takes covering that began with the plan back with the plan.
pub async fn move_begin<P: Permit>(tx: &Writing<'_, P>, point: Id, from: Day, to: Day) -> Outcome<()> {
    let text = "UPDATE point_village SET from_on = $1 WHERE point_id = $2 AND from_on = $3";
    tx.execute(text, vec![to.into(), point.into(), from.into()]).await?;
    Ok(())
}
