//! HTTP of plaques.

use access::{Body, House, Outcome, PartOf, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use sea_orm::EntityTrait;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{actions, model::NewPlaque, row::plaque};
use crate::{
    network::{Change, Read},
    points::http::PointView,
    stations::http::StationPage,
};

/// A plaque event as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaqueView {
    /// Id.
    pub id: Uuid,
    /// hang, replace or remove.
    pub kind: String,
    /// The day.
    pub on: NaiveDate,
    /// Document number.
    pub document_no: Option<String>,
}

/// The events of a visible station or point, oldest first.
pub async fn views<E: EntityTrait>(scope: &Scope<Read>, owner: &E::Model) -> Outcome<Vec<PlaqueView>>
where
    plaque::Entity: PartOf<E>,
{
    let mut rows = scope.parts::<plaque::Entity, E>(owner).all().await?;
    rows.sort_by_key(|p| (p.on_day, p.id));
    Ok(rows
        .into_iter()
        .map(|p| PlaqueView { id: p.id, kind: p.kind, on: p.on_day, document_no: p.document_no })
        .collect())
}

fn answered(written: Written) -> StatusCode {
    if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }
}

/// Records that the plaque of a station was hung, replaced or removed.
#[utoipa::path(post, path = "/stations/{id}/plaques", tag = "network", params(("id" = Uuid, Path)), request_body = NewPlaque,
    responses((status = 201, body = StationPage), (status = 200, body = StationPage), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn of_station(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewPlaque>,
) -> Outcome<(StatusCode, Json<StationPage>)> {
    let written = actions::of_station(&scope, id, body.value, &body.digest).await?;
    Ok((answered(written), Json(crate::stations::http::page_of(&scope.also()?, id).await?)))
}

/// Records that the plaque of a point was hung, replaced or removed.
#[utoipa::path(post, path = "/points/{id}/plaques", tag = "network", params(("id" = Uuid, Path)), request_body = NewPlaque,
    responses((status = 201, body = PointView), (status = 200, body = PointView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn of_point(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewPlaque>,
) -> Outcome<(StatusCode, Json<PointView>)> {
    let written = actions::of_point(&scope, id, body.value, &body.digest).await?;
    Ok((answered(written), Json(crate::points::http::view_of(&scope.also()?, id).await?)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(of_station)).routes(routes!(of_point))
}
