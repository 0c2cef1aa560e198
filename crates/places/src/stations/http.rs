//! HTTP of stations.

use access::{
    Body, House, Outcome, Page, Params, PlaceRef, Problem, Problems, Scope, Segment, Written, placement::division,
};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Day, Field, Id, page};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    actions,
    model::{NewStation, StationChange},
    row::station,
    store::{self, Filter},
};
use crate::{
    areas::http::AreaView,
    network::{
        Change, Read,
        checks::Faults,
        figures,
        history::{self, NewStatus, StatusView},
        sql::Owner,
    },
    plaques::http::PlaqueView,
    points::http::PointView,
    posts::{http::PostView, row::assignment},
};

/// What rows and the page of a station have in common.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationFacts {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The township, street or farm that hosts it.
    pub place: Option<PlaceRef>,
    /// Its county.
    pub county: Option<PlaceRef>,
    /// Status on the day asked for, see code list `station_status`.
    pub status: String,
    /// See code list `operating_mode`.
    pub operating_mode: String,
    /// Who runs it.
    pub operator_org_name: Option<String>,
    /// Who hosts it.
    pub host_org_name: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Latitude.
    pub lat: Option<f64>,
    /// Longitude.
    pub lng: Option<f64>,
    /// Coordinate system of the two.
    pub crs: Option<String>,
    /// Floor area in square metres.
    pub floor_area_m2: Option<i32>,
    /// Open since.
    pub opened_on: Option<NaiveDate>,
    /// Since when a plaque hangs.
    pub plaque_on: Option<NaiveDate>,
    /// Closed on.
    pub closed_on: Option<NaiveDate>,
    /// Opening hours.
    pub open_hours: Option<String>,
    /// Codes of list `premises`.
    pub facilities: Vec<String>,
    /// Note.
    pub note: Option<String>,
    /// People assigned on the day asked for.
    pub workers: i64,
    /// Villages its points cover on that day.
    pub villages: i64,
    /// Clients today. The only station of a township has all of it; several share it by the villages of their areas, else of
    /// their points, so that nobody is counted for two stations by their areas.
    pub clients: i64,
    /// What they are counted by: `township`, `areas`, `points`, or `none` when several stations share the township and this
    /// one has neither.
    pub clients_by: String,
    /// Whether it counts in coverage on that day.
    pub counted: bool,
    /// Why not: no_plaque, not_operating, no_assignment, suspended_too_long.
    pub not_counted_why: Vec<String>,
    /// Revision.
    pub rev: i32,
}

/// A station in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationView {
    #[serde(flatten)]
    facts: StationFacts,
    /// Number of its points on the day asked for.
    points: i64,
}

/// A station with all that belongs to it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationPage {
    #[serde(flatten)]
    facts: StationFacts,
    /// Areas, oldest first.
    areas: Vec<AreaView>,
    /// Points, oldest first.
    points: Vec<PointView>,
    /// Posts with their assignments, oldest first.
    posts: Vec<PostView>,
    /// Plaque events, oldest first.
    plaques: Vec<PlaqueView>,
    /// Status history, oldest first.
    statuses: Vec<StatusView>,
    /// What deserves a look; nothing follows from it by itself.
    hints: Vec<Hint>,
    /// Who works here today; the counts of each stand at `/stations/{id}/workload`.
    workload: Vec<AtWork>,
}

/// A figure beyond a line that a parameter draws; people decide whether that matters.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Hint {
    /// `few_workers` (fewer people at work than `staff.per_station.min`) or `many_clients` (more clients for each of them than
    /// `staff.clients_per_worker.max`).
    code: &'static str,
    /// The figure.
    value: i64,
    /// The line.
    limit: i64,
    /// Where the line comes from.
    source: String,
    /// Whether a text that states it was read.
    verified: bool,
}

/// Somebody who works at a station today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AtWork {
    /// The worker.
    worker: Worker,
    /// Share of full time at this station.
    share: f64,
}

/// A worker by name, with the account if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Worker {
    /// Account id.
    pub id: Option<Uuid>,
    /// Name.
    pub name: String,
}

/// Which stations to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StationQuery {
    /// Code of the place; the caller's own when left out.
    pub place: Option<String>,
    /// Show the network of this day; today when left out.
    pub on: Option<NaiveDate>,
    /// Statuses (repeatable).
    #[serde(default)]
    pub status: Vec<String>,
    /// Beginning of the name.
    pub q: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The day and place a list starts from; a place that has nothing in common with the reach does not exist for the caller.
pub async fn start(
    scope: &Scope<Read>,
    place: Option<&str>,
    on: Option<Day>,
    statuses: &[String],
) -> Outcome<(Day, division::Model)> {
    let mut faults = Faults::default();
    for (i, status) in statuses.iter().enumerate() {
        faults.code(&format!("status[{i}]"), "station_status", status);
    }
    if let Some(on) = on {
        faults.past("on", on, scope.today());
    }
    faults.finish()?;
    let place = scope.place_or_own("place", place).await?;
    if !scope.reaches().iter().any(|r| r.within(&place.place()).is_some()) {
        return Err(Problem::NotFound);
    }
    Ok((on.unwrap_or_else(|| scope.today()), place))
}

async fn views(scope: &Scope<Read>, rows: Vec<station::Model>, on: Day) -> Outcome<Vec<StationView>> {
    let labels = scope.labels(rows.iter().flat_map(|s| [s.township_id, s.county_id])).await?;
    let figures = figures::of(scope, Owner::Station, rows.iter().map(|s| s.id).collect(), on).await?;
    Ok(rows
        .into_iter()
        .map(|s| {
            let figure = figures.get(&s.id);
            let standing = figure.map(|f| f.standing);
            let facts = StationFacts {
                place: labels.get(&s.township_id).cloned(),
                county: labels.get(&s.county_id).cloned(),
                status: figure.map_or(s.status, |f| f.status.clone()),
                facilities: serde_json::from_str(&s.facilities).unwrap_or_default(),
                workers: figure.map_or(0, |f| f.workers),
                villages: figure.map_or(0, |f| f.villages),
                clients: figure.map_or(0, |f| f.clients),
                clients_by: figure.map_or_else(|| "none".to_owned(), |f| f.clients_by.clone()),
                counted: standing.is_some_and(|x| x.counts()),
                not_counted_why: standing
                    .map(|x| x.reasons())
                    .unwrap_or_default()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                id: s.id,
                name: s.name,
                operating_mode: s.operating_mode,
                operator_org_name: s.operator_org_name,
                host_org_name: s.host_org_name,
                address: s.address,
                phone: s.phone,
                lat: s.lat,
                lng: s.lng,
                crs: s.crs,
                floor_area_m2: s.floor_area_m2,
                opened_on: s.opened_on,
                plaque_on: s.plaque_on,
                closed_on: s.closed_on,
                open_hours: s.open_hours,
                note: s.note,
                rev: s.rev,
            };
            StationView { facts, points: figure.map_or(0, |f| f.points) }
        })
        .collect())
}

/// The page of a station as it is today.
pub async fn page_of(scope: &Scope<Read>, id: Id) -> Outcome<StationPage> {
    let row = store::get(scope, id).await?;
    let today = scope.today();
    let points = crate::points::store::of_station(scope, &row).await?;
    let (posts, people) = crate::posts::http::rows(scope, &row).await?;
    let shown = views(scope, vec![row.clone()], today).await?.pop().ok_or(Problem::NotFound)?;
    let hints = hints(&places_of(scope, &row).await?, &shown.facts, today);
    Ok(StationPage {
        hints,
        facts: shown.facts,
        areas: crate::areas::http::views(scope, &row).await?,
        points: crate::points::http::views(scope, points, today).await?,
        posts: crate::posts::http::views(&posts, &people, today),
        plaques: crate::plaques::http::views::<station::Entity>(scope, &row).await?,
        statuses: history::list::<Read, station::Entity>(scope, &row).await?,
        workload: at_work(&people, today),
    })
}

/// Codes of the township of a station and of what lies above it, nearest first, as parameters are asked.
async fn places_of(scope: &Scope<Read>, row: &station::Model) -> Outcome<Vec<String>> {
    let path = [row.township_id, row.county_id, row.city_id, row.province_id];
    let labels = scope.labels(path).await?;
    let codes = path.iter().filter_map(|id| labels.get(id)).map(|p| p.code.trim_start_matches("stat:").to_owned());
    Ok(codes.collect())
}

/// What deserves a look at a station that works.
fn hints(places: &[String], facts: &StationFacts, today: Day) -> Vec<Hint> {
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let line = |param: &str| kernel::params::Params::national().lookup(param, &places, today);
    let mut found = Vec::new();
    let mut note = |code, param: &str, value: i64, beyond: fn(i64, i64) -> bool| {
        if let Some((line, limit)) = line(param).and_then(|p| p.whole().map(|limit| (p, limit)))
            && beyond(value, limit)
        {
            found.push(Hint { code, value, limit, source: line.source.clone(), verified: line.verified });
        }
    };
    if facts.status == "operating" {
        note("few_workers", "staff.per_station.min", facts.workers, |value, limit| value < limit);
        note("many_clients", "staff.clients_per_worker.max", facts.clients / facts.workers.max(1), |value, limit| {
            value > limit
        });
    }
    found
}

/// Everybody at work on a day, each once, with all shares at this station added up.
fn at_work(people: &[assignment::Model], on: Day) -> Vec<AtWork> {
    let mut found: Vec<(Worker, i32)> = Vec::new();
    for person in people.iter().filter(|a| a.is_active(on)) {
        let worker = Worker { id: person.account_id, name: person.worker_name.clone() };
        let same = found.iter_mut().find(|(w, _)| w.id.is_some() && w.id == worker.id);
        match same {
            Some((_, share)) => *share += person.share_pct,
            None => found.push((worker, person.share_pct)),
        }
    }
    found.into_iter().map(|(worker, share)| AtWork { worker, share: f64::from(share) / 100.0 }).collect()
}

/// The people at work today at a station the caller may see, with the station's township, for rooms above.
pub async fn workers_of(scope: &Scope<Read>, id: Id) -> Outcome<(i32, Vec<Worker>)> {
    let row = store::get(scope, id).await?;
    let (_, people) = crate::posts::http::rows(scope, &row).await?;
    Ok((row.township_id, at_work(&people, scope.today()).into_iter().map(|w| w.worker).collect()))
}

/// Stations of a place.
#[utoipa::path(get, path = "/stations", tag = "network", params(StationQuery),
    responses((status = 200, body = Page<StationView>), Problems), extensions(("x-permit" = json!("places.network.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<StationQuery>) -> Outcome<Json<Page<StationView>>> {
    let limit = page::limit(q.limit)?;
    let (on, place) = start(&scope, q.place.as_deref(), q.on, &q.status).await?;
    let name = q.q.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    if name.as_ref().is_some_and(|t| t.chars().count() > 50) {
        return Err(Problem::invalid(Field::too_long("q", 50)));
    }
    let filter =
        Filter { statuses: q.status, name, on: q.on, after: page::decode(q.cursor.as_deref())?, rows: limit + 1 };
    let page = Page::cut(store::page(&scope, &place, &filter).all().await?, limit, |s| s.id);
    let items = views(&scope, page.items, on).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// Sets up a station.
#[utoipa::path(post, path = "/stations", tag = "network", request_body = NewStation,
    responses((status = 201, body = StationPage), (status = 200, body = StationPage), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn create(scope: Scope<Change>, body: Body<NewStation>) -> Outcome<(StatusCode, Json<StationPage>)> {
    let id = body.value.id;
    let written = actions::set_up(&scope, body.value, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(page_of(&scope.also()?, id).await?)))
}

/// One station with all that belongs to it.
#[utoipa::path(get, path = "/stations/{id}", tag = "network", params(("id" = Uuid, Path)),
    responses((status = 200, body = StationPage), Problems), extensions(("x-permit" = json!("places.network.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<StationPage>> {
    let row = store::get(&scope, id).await?;
    scope.opened::<station::Entity>(&row).await?;
    Ok(Json(page_of(&scope, id).await?))
}

/// Changes a station.
#[utoipa::path(patch, path = "/stations/{id}", tag = "network", params(("id" = Uuid, Path)), request_body = StationChange,
    responses((status = 200, body = StationPage), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn change(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<StationChange>,
) -> Outcome<Json<StationPage>> {
    actions::change(&scope, id, body.value).await?;
    Ok(Json(page_of(&scope.also()?, id).await?))
}

/// Takes a step of a station's status.
#[utoipa::path(post, path = "/stations/{id}/status", tag = "network", params(("id" = Uuid, Path)), request_body = NewStatus,
    responses((status = 201, body = StationPage), (status = 200, body = StationPage), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn step(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewStatus>,
) -> Outcome<(StatusCode, Json<StationPage>)> {
    let written = actions::step(&scope, id, body.value, &body.digest).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(page_of(&scope.also()?, id).await?)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get_one, change)).routes(routes!(step))
}
