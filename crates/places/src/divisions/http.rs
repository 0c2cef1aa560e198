//! The doors of this room.

use access::{Body, Day, House, Outcome, Page, Params, Problem, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Level, page};
use sea_orm::{ColumnTrait as _, Order};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ChangeDivisions, ReadDivisions, actions,
    model::NewEvent,
    queue::{self, QueueView},
    row::{division, event, review},
    search, store, story,
    view::{self, Division, DivisionEvent, DivisionPage, Recorded, Review},
};

/// The operations of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(reviews))
        .routes(routes!(get_one))
        .routes(routes!(events))
        .routes(routes!(recorded_events))
        .routes(routes!(record))
        .routes(routes!(preview))
        .routes(routes!(queues))
        .routes(routes!(one_queue))
}

/// Either the children of a division or a search.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Code of the parent, or `root`.
    parent: Option<String>,
    /// Beginning of a name, of its pinyin initials, or of a code of either list (`stat:` / `civil:` force one).
    q: Option<String>,
    /// Search inside this place.
    place: Option<String>,
    /// Search this level only, 1 to 5.
    level: Option<i32>,
    /// The tree of this day.
    on: Option<chrono::NaiveDate>,
    /// Children per page; a search gives at most 50.
    limit: Option<u64>,
    /// Next page of children.
    cursor: Option<String>,
}

/// Lists the children of a division, or searches.
#[utoipa::path(get, path = "/divisions", tag = "places", params(ListQuery),
    responses((status = 200, body = Page<Division>), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn list(scope: Scope<ReadDivisions>, Params(query): Params<ListQuery>) -> Outcome<Json<Page<Division>>> {
    let on = query.on.unwrap_or_else(|| scope.today());
    match (&query.q, &query.parent) {
        (Some(_), Some(_)) => Err(Problem::invalid(Field::new(
            "q",
            "choose",
            "请选择按上级查看或按名称查找，不能同时使用。",
            "List by parent or search by text, not both.",
        ))),
        (Some(text), None) => found(&scope, text, &query, on).await,
        (None, parent) => below(&scope, parent.as_deref(), &query, on).await,
    }
}

async fn below(
    scope: &Scope<ReadDivisions>,
    parent: Option<&str>,
    query: &ListQuery,
    on: Day,
) -> Outcome<Json<Page<Division>>> {
    let limit = query.limit.map_or(Ok(page::MAX_LIMIT), |n| page::limit(Some(n)))?;
    let after: Option<(i32, i32)> = page::decode(query.cursor.as_deref())?;
    let parent = match parent {
        None | Some("root") => None,
        Some(code) => Some(scope.resolve("parent", code).await?.place()),
    };
    let rows = store::children(scope, parent.as_ref(), on, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |r| (r.level, r.id));
    let next = page.next;
    Ok(Json(Page { items: view::divisions(scope, page.items).await?, next }))
}

async fn found(scope: &Scope<ReadDivisions>, text: &str, query: &ListQuery, on: Day) -> Outcome<Json<Page<Division>>> {
    let level = match query.level {
        None => None,
        Some(number) => Some(Level::from_number(number).ok_or_else(|| {
            Problem::invalid(Field::new("level", "range", "层级应为 1 到 5，请修改。", "A level is 1 to 5; change it."))
        })?),
    };
    let limit = page::limit(query.limit.or(Some(search::MOST as u64)))?;
    let place = match &query.place {
        Some(code) if !code.is_empty() => Some(scope.resolve("place", code).await?.place()),
        _ => None,
    };
    let rows = search::search(scope, text, place.as_ref(), level, on).await?;
    let mut rows = rows.ok_or_else(|| {
        Problem::invalid(Field::new(
            "q",
            "length",
            "请输入 1 到 50 个字的名称、代码或拼音首字母。",
            "Enter 1 to 50 characters of a name, a code or pinyin initials.",
        ))
    })?;
    rows.truncate(usize::try_from(limit).unwrap_or(search::MOST));
    Ok(Json(Page::whole(view::divisions(scope, rows).await?)))
}

/// The day of a page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OneQuery {
    /// The division as of this day.
    on: Option<chrono::NaiveDate>,
}

/// Gives one division.
#[utoipa::path(get, path = "/divisions/{code}", tag = "places", params(("code" = String, Path), OneQuery),
    responses((status = 200, body = DivisionPage), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn get_one(
    scope: Scope<ReadDivisions>,
    Segment(code): Segment<String>,
    Params(query): Params<OneQuery>,
) -> Outcome<Json<DivisionPage>> {
    let on = query.on.unwrap_or_else(|| scope.today());
    let row = by_code(&scope, &code).await?;
    let past = store::past_around(&scope, Some(&row.place()), on).await?;
    Ok(Json(view::page(&scope, past.apply(row), on).await?))
}

/// Gives what is known of a division's changes, those recorded here first.
#[utoipa::path(get, path = "/divisions/{code}/events", tag = "places", params(("code" = String, Path)),
    responses((status = 200, body = Page<DivisionEvent>), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn events(scope: Scope<ReadDivisions>, Segment(code): Segment<String>) -> Outcome<Json<Page<DivisionEvent>>> {
    let row = by_code(&scope, &code).await?;
    Ok(Json(Page::whole(story::of(&scope, &row).await?)))
}

/// A code in the path that names nothing is not there.
async fn by_code(scope: &Scope<ReadDivisions>, code: &str) -> Outcome<division::Model> {
    let id = match scope.resolve("code", code).await {
        Ok(found) => found.id,
        Err(Problem::Invalid(_)) => return Err(Problem::NotFound),
        Err(other) => return Err(other),
    };
    scope.find::<division::Entity>().filter(division::Column::Id.eq(id)).required().await
}

/// Where to look for differences of the lists.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReviewQuery {
    /// Place; own place when left out.
    place: Option<String>,
    /// Rows per page.
    limit: Option<u64>,
    /// Next page.
    cursor: Option<String>,
}

/// Lists where the two lists disagree and a person should look.
#[utoipa::path(get, path = "/divisions/reviews", tag = "places", params(ReviewQuery),
    responses((status = 200, body = Page<Review>), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn reviews(scope: Scope<ReadDivisions>, Params(query): Params<ReviewQuery>) -> Outcome<Json<Page<Review>>> {
    let limit = page::limit(query.limit)?;
    let after: Option<i32> = page::decode(query.cursor.as_deref())?;
    let mut rows = match &query.place {
        Some(code) if !code.is_empty() => {
            let place = scope.resolve("place", code).await?.place();
            let place = if place.level > Level::County {
                scope.division(place.at(Level::County)).await?.place()
            } else {
                place
            };
            scope.find_in::<review::Entity>(&place)
        }
        _ => scope.find::<review::Entity>(),
    };
    rows = rows.order(review::Column::Serial, Order::Asc).limit(limit + 1);
    if let Some(serial) = after {
        rows = rows.filter(review::Column::Serial.gt(serial));
    }
    let page = Page::cut(rows.all().await?, limit, |r| r.serial);
    let counties = scope.labels(page.items.iter().map(|r| r.county_id)).await?;
    let linked = linked(&scope, &page.items).await?;
    let items = page.items.into_iter().filter_map(|r| view::review(r, &counties, &linked)).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// The divisions these reviews speak of that an event recorded here has given both codes.
async fn linked(scope: &Scope<ReadDivisions>, reviews: &[review::Model]) -> Outcome<Vec<division::Model>> {
    let mut rows = Vec::new();
    for (column, codes) in [
        (division::Column::CodeStat, reviews.iter().map(|r| r.code_stat.clone()).collect::<Vec<_>>()),
        (division::Column::CodeCivil, reviews.iter().map(|r| r.code_civil.clone()).collect::<Vec<_>>()),
    ] {
        let codes: Vec<String> = codes.into_iter().filter(|c| !c.is_empty()).collect();
        rows.extend(scope.find::<division::Entity>().filter(column.is_in(codes)).all().await?);
    }
    rows.retain(|d| d.valid_to.is_none() && d.valid_from.is_some() && d.code_civil.is_some() && d.code_stat.is_some());
    Ok(rows)
}

/// Records an event of divisions and moves everything that lies in what it closes.
#[utoipa::path(post, path = "/division-events", tag = "places", request_body = NewEvent,
    responses((status = 201, body = Recorded), (status = 200, body = Recorded), (status = 202, body = Recorded), Problems),
    extensions(("x-permit" = json!("places.divisions.change"))))]
async fn record(scope: Scope<ChangeDivisions>, body: Body<NewEvent>) -> Outcome<(StatusCode, Json<Recorded>)> {
    let id = body.value.id;
    if let Some(job) = as_job(&scope, &body).await? {
        return Ok((StatusCode::ACCEPTED, Json(job)));
    }
    let written = actions::record(&scope, body.value, &body.digest).await?;
    let row = scope.find::<event::Entity>().filter(event::Column::Id.eq(id)).required().await?;
    let moved = serde_json::from_str(&row.moved).map_err(Problem::internal)?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Recorded::new(id, moved))))
}

/// Starts an event that moves very many rows as a job, under the id of the event; it is checked first.
async fn as_job(scope: &Scope<ChangeDivisions>, body: &Body<NewEvent>) -> Outcome<Option<Recorded>> {
    let id = body.value.id;
    if scope.find::<event::Entity>().filter(event::Column::Id.eq(id)).one().await?.is_some() {
        return Ok(None);
    }
    let moved = actions::preview(scope, &body.value).await?;
    if moved.values().sum::<i64>() < actions::MANY {
        return Ok(None);
    }
    let (scope_of_job, new, digest) = (scope.clone(), body.value.clone(), body.digest.clone());
    let total: i64 = moved.values().sum();
    scope.start_job(id, "divisions.event", move |progress| async move {
        progress.at(0, u64::try_from(total).unwrap_or(0), "division_event");
        let _ = actions::record(&scope_of_job, new, &digest).await?;
        let row = scope_of_job.find::<event::Entity>().filter(event::Column::Id.eq(id)).required().await?;
        let moved = serde_json::from_str(&row.moved).map_err(Problem::internal)?;
        serde_json::to_value(Recorded::new(id, moved)).map_err(Problem::internal)
    });
    Ok(Some(Recorded { job: Some(id), ..Recorded::new(id, moved) }))
}

/// Counts what an event would move; changes nothing.
#[utoipa::path(post, path = "/division-events/preview", tag = "places", request_body = NewEvent,
    responses((status = 200, body = Recorded), Problems), extensions(("x-permit" = json!("places.divisions.change"))))]
async fn preview(scope: Scope<ChangeDivisions>, body: Body<NewEvent>) -> Outcome<Json<Recorded>> {
    let moved = actions::preview(&scope, &body.value).await?;
    Ok(Json(Recorded::new(body.value.id, moved)))
}

/// Which events or queues.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlaceQuery {
    /// Place; own place when left out.
    place: Option<String>,
    /// Queues: `open` (when left out) or `settled`.
    state: Option<String>,
    /// Rows per page.
    limit: Option<u64>,
    /// Next page.
    cursor: Option<String>,
}

/// Lists the events recorded here in a place, newest first.
#[utoipa::path(get, path = "/division-events", tag = "places", params(PlaceQuery),
    responses((status = 200, body = Page<DivisionEvent>), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn recorded_events(
    scope: Scope<ReadDivisions>,
    Params(query): Params<PlaceQuery>,
) -> Outcome<Json<Page<DivisionEvent>>> {
    if query.state.is_some() {
        return Err(Problem::invalid(Field::new("state", "not_used", "变更记录没有状态。", "Events have no state.")));
    }
    let (place, limit) = (county_or_above(&scope, query.place.as_deref()).await?, page::limit(query.limit)?);
    Ok(Json(story::recorded_in(&scope, &place, page::decode(query.cursor.as_deref())?, limit).await?))
}

/// Lists the queues of unassigned in a place, newest first.
#[utoipa::path(get, path = "/division-queues", tag = "places", params(PlaceQuery),
    responses((status = 200, body = Page<QueueView>), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn queues(scope: Scope<ReadDivisions>, Params(query): Params<PlaceQuery>) -> Outcome<Json<Page<QueueView>>> {
    let state = match query.state.as_deref() {
        None | Some("open") => "open",
        Some("settled") => "settled",
        Some(_) => {
            return Err(Problem::invalid(Field::new(
                "state",
                "code",
                "状态应为 open（待归属）或 settled（已办结）。",
                "The state is open or settled.",
            )));
        }
    };
    let limit = page::limit(query.limit)?;
    let mut place = scope.place_or_own("place", query.place.as_deref().filter(|p| !p.is_empty())).await?.place();
    if place.level == Level::Village {
        place = scope.division(place.at(Level::Township)).await?.place();
    }
    Ok(Json(queue::list(&scope, &place, state, page::decode(query.cursor.as_deref())?, limit).await?))
}

/// Gives one queue of unassigned.
#[utoipa::path(get, path = "/division-queues/{id}", tag = "places", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = QueueView), Problems), extensions(("x-permit" = json!("places.divisions.read"))))]
async fn one_queue(scope: Scope<ReadDivisions>, Segment(id): Segment<uuid::Uuid>) -> Outcome<Json<QueueView>> {
    Ok(Json(queue::one(&scope, id).await?))
}

/// The place asked for or the caller's own, the county of it where it is smaller.
async fn county_or_above(scope: &Scope<ReadDivisions>, place: Option<&str>) -> Outcome<access::Place> {
    let place = scope.place_or_own("place", place.filter(|p| !p.is_empty())).await?.place();
    if place.level > Level::County { Ok(scope.division(place.at(Level::County)).await?.place()) } else { Ok(place) }
}
