//! HTTP of areas.

use access::{Body, House, Outcome, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::Id;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    actions::{self, AreaChange, NewArea},
    row::{area, area_village},
    store,
};
use crate::{
    network::{Change, Read},
    stations::row::station,
};

/// An area as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AreaView {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Its villages of today (of its last day, when it has ended).
    pub villages: Vec<PlaceRef>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// All areas of a visible station.
pub async fn views(scope: &Scope<Read>, row: &station::Model) -> Outcome<Vec<AreaView>> {
    let (areas, villages) = store::of_station(scope, row).await?;
    let labels = scope.labels(villages.iter().map(|v| v.village_id)).await?;
    let named = |area: &area::Model| {
        let mut ids: Vec<i32> =
            villages.iter().filter(|v| v.area_id == area.id && stands(v, area)).map(|v| v.village_id).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|id| labels.get(&id).cloned()).collect()
    };
    Ok(areas
        .iter()
        .map(|a| AreaView {
            id: a.id,
            name: a.name.clone(),
            villages: named(a),
            from: a.from_on,
            to: a.to_on,
            rev: a.rev,
        })
        .collect())
}

/// Whether a membership is open, or lasted as long as its area did.
fn stands(village: &area_village::Model, area: &area::Model) -> bool {
    village.to_on.is_none() || (area.to_on.is_some() && village.to_on == area.to_on)
}

async fn view(scope: &Scope<Read>, station: Id, area: Id) -> Outcome<Json<AreaView>> {
    let row = crate::stations::store::get(scope, station).await?;
    let found = views(scope, &row).await?.into_iter().find(|a| a.id == area);
    found.map(Json).ok_or(access::Problem::NotFound)
}

/// Divides some villages of a station into a new area.
#[utoipa::path(post, path = "/stations/{id}/areas", tag = "network", params(("id" = Uuid, Path)), request_body = NewArea,
    responses((status = 201, body = AreaView), (status = 200, body = AreaView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn create(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewArea>,
) -> Outcome<(StatusCode, Json<AreaView>)> {
    let area = body.value.id;
    let written = actions::make(&scope, id, body.value, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, view(&scope.also()?, id, area).await?))
}

/// Renames an area, exchanges its villages or ends it.
#[utoipa::path(patch, path = "/areas/{id}", tag = "network", params(("id" = Uuid, Path)), request_body = AreaChange,
    responses((status = 200, body = AreaView), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn change(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<AreaChange>) -> Outcome<Json<AreaView>> {
    let station = actions::change(&scope, id, body.value).await?;
    view(&scope.also()?, station, id).await
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(change))
}
