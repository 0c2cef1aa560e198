//! HTTP of points.

use access::{Body, House, Outcome, Page, Params, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Day, Id, page};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    actions,
    model::{NewPoint, PointChange},
    row::point,
    store::{self, Filter},
};
use crate::{
    network::{Change, Read, figures, history::NewStatus, sql::Owner},
    stations::{http::start, row::station},
};

/// A point as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PointView {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Its station.
    pub station_id: Uuid,
    /// Name of its station.
    pub station_name: String,
    /// The village it is seated in.
    pub seat: Option<PlaceRef>,
    /// The villages it covers on the day asked for, the seat among them.
    pub covered: Vec<PlaceRef>,
    /// Its area.
    pub area_id: Option<Uuid>,
    /// Status on the day asked for, see code list `station_status`.
    pub status: String,
    /// Since when a plaque hangs.
    pub plaque_on: Option<NaiveDate>,
    /// Days open per week.
    pub days_open_per_week: Option<i32>,
    /// Where it is.
    pub premises: Option<String>,
    /// Whether it counts in coverage on the day asked for.
    pub counted: bool,
    /// Why not: no_plaque, not_operating, no_assignment, suspended_too_long.
    pub not_counted_why: Vec<String>,
    /// Revision.
    pub rev: i32,
}

/// Which points to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PointQuery {
    /// Code of the place; the caller's own when left out.
    pub place: Option<String>,
    /// Only those of this station.
    pub station: Option<Uuid>,
    /// Show the network of this day; today when left out.
    pub on: Option<NaiveDate>,
    /// Statuses (repeatable).
    #[serde(default)]
    pub status: Vec<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Points as shown on a day; `stations` names those that are known already.
pub async fn views(scope: &Scope<Read>, rows: Vec<point::Model>, on: Day) -> Outcome<Vec<PointView>> {
    let ids: Vec<Id> = rows.iter().map(|p| p.id).collect();
    let covered = store::covered(scope, &rows, on).await?;
    let villages = covered.values().flatten().copied().chain(rows.iter().map(|p| p.village_id));
    let labels = scope.labels(villages).await?;
    let names = crate::stations::store::names(scope, rows.iter().map(|p| p.station_id).collect()).await?;
    let figures = figures::of(scope, Owner::Point, ids, on).await?;
    Ok(rows
        .into_iter()
        .map(|p| {
            let figure = figures.get(&p.id);
            let standing = figure.map(|f| f.standing);
            let covered = covered.get(&p.id).into_iter().flatten().filter_map(|v| labels.get(v).cloned()).collect();
            PointView {
                station_name: names.get(&p.station_id).cloned().unwrap_or_default(),
                seat: labels.get(&p.village_id).cloned(),
                covered,
                status: figure.map_or(p.status, |f| f.status.clone()),
                counted: standing.is_some_and(|s| s.counts()),
                not_counted_why: standing
                    .map(|s| s.reasons())
                    .unwrap_or_default()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                id: p.id,
                name: p.name,
                station_id: p.station_id,
                area_id: p.area_id,
                plaque_on: p.plaque_on,
                days_open_per_week: p.days_open_per_week,
                premises: p.premises,
                rev: p.rev,
            }
        })
        .collect())
}

/// One point as shown today.
pub async fn view_of(scope: &Scope<Read>, id: Id) -> Outcome<PointView> {
    let row = store::get(scope, id).await?;
    let mut found = views(scope, vec![row], scope.today()).await?;
    found.pop().ok_or(access::Problem::NotFound)
}

/// Points of a place or of a station.
#[utoipa::path(get, path = "/points", tag = "network", params(PointQuery), responses((status = 200, body = Page<PointView>), Problems),
    extensions(("x-permit" = json!("places.network.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<PointQuery>) -> Outcome<Json<Page<PointView>>> {
    let limit = page::limit(q.limit)?;
    let (on, place) = start(&scope, q.place.as_deref(), q.on, &q.status).await?;
    let filter = Filter { statuses: q.status, on: q.on, after: page::decode(q.cursor.as_deref())?, rows: limit + 1 };
    let rows = match q.station {
        Some(id) => {
            let station: station::Model = crate::stations::store::get(&scope, id).await?;
            store::page_of_station(&scope, &station, &filter).all().await?
        }
        None => store::page(&scope, &place, &filter).all().await?,
    };
    let page = Page::cut(rows, limit, |p| p.id);
    let items = views(&scope, page.items, on).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// Sets up a point.
#[utoipa::path(post, path = "/points", tag = "network", request_body = NewPoint,
    responses((status = 201, body = PointView), (status = 200, body = PointView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn create(scope: Scope<Change>, body: Body<NewPoint>) -> Outcome<(StatusCode, Json<PointView>)> {
    let id = body.value.id;
    let written = actions::set_up(&scope, body.value, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view_of(&scope.also()?, id).await?)))
}

/// One point.
#[utoipa::path(get, path = "/points/{id}", tag = "network", params(("id" = Uuid, Path)),
    responses((status = 200, body = PointView), Problems), extensions(("x-permit" = json!("places.network.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<PointView>> {
    let row = store::get(&scope, id).await?;
    scope.opened::<point::Entity>(&row).await?;
    Ok(Json(view_of(&scope, id).await?))
}

/// Changes a point.
#[utoipa::path(patch, path = "/points/{id}", tag = "network", params(("id" = Uuid, Path)), request_body = PointChange,
    responses((status = 200, body = PointView), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn change(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<PointChange>) -> Outcome<Json<PointView>> {
    actions::change(&scope, id, body.value).await?;
    Ok(Json(view_of(&scope.also()?, id).await?))
}

/// Takes a step of a point's status.
#[utoipa::path(post, path = "/points/{id}/status", tag = "network", params(("id" = Uuid, Path)), request_body = NewStatus,
    responses((status = 201, body = PointView), (status = 200, body = PointView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn step(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewStatus>,
) -> Outcome<(StatusCode, Json<PointView>)> {
    let written = actions::step(&scope, id, body.value, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view_of(&scope.also()?, id).await?)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get_one, change)).routes(routes!(step))
}
