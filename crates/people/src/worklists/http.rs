//! Saved lists over HTTP.

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written, reach::Reach};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Place, Problem};
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Keep, Share,
    lists::{self, List},
    model::{self, MOST_COUNTED},
    row::worklist,
    store,
};
use crate::persons::Named;

/// A saved list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorklistView {
    /// Id.
    pub id: Uuid,
    /// persons, due or visits.
    pub list: String,
    /// Name.
    pub name: String,
    /// Filter as a query string of that list.
    pub query: String,
    /// Keys of the columns, in order; empty means the list's own.
    pub columns: Vec<String>,
    /// Order; empty means the list's own.
    pub sort: String,
    /// Whether the caller saved it and may change it.
    pub mine: bool,
    /// Who saved it.
    pub owner: Named,
    /// The place it is shared with.
    pub shared_with: Option<PlaceRef>,
    /// Revision.
    pub rev: i32,
}

/// How many rows a saved list has now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorklistCount {
    /// Rows, at most 10,000.
    pub count: u64,
    /// Whether there are more.
    pub over: bool,
}

/// Which saved lists.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorklistQuery {
    /// persons, due or visits.
    pub list: String,
}

/// A list to save.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorklist {
    /// Id made by the client (UUIDv7).
    pub id: Uuid,
    /// persons, due or visits.
    #[schema(max_length = 20)]
    pub list: String,
    /// Name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// Filter as a query string of that list, without page and order.
    #[schema(max_length = 2000)]
    pub query: String,
    /// Keys of the columns, in order.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Order; empty for the list's own.
    #[serde(default)]
    pub sort: String,
    /// Share it with the place of the caller's office.
    #[serde(default)]
    pub shared: bool,
}

/// What to change of a saved list.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorklistChange {
    /// Revision the caller saw.
    pub rev: i32,
    /// Name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: Option<String>,
    /// Filter.
    #[schema(max_length = 2000)]
    pub query: Option<String>,
    /// Columns.
    pub columns: Option<Vec<String>>,
    /// Order.
    pub sort: Option<String>,
    /// Share it, or no longer.
    pub shared: Option<bool>,
}

/// A saved list to remove.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveWorklist {
    /// Revision the caller saw.
    pub rev: i32,
}

fn list_of(code: &str) -> Outcome<List> {
    List::from_code(code).ok_or_else(|| Problem::invalid(Field::unknown_code("list", "list")))
}

/// The place a list is shared with: that of the first grant that allows sharing.
fn office(scope: &Scope<Keep>) -> Outcome<Place> {
    let share = scope.also::<Share>()?;
    let place = share.reaches().iter().find_map(|r| match r {
        Reach::Inside(place) => Some(*place),
        _ => None,
    });
    place.ok_or(Problem::Forbidden)
}

async fn views(scope: &Scope<Keep>, rows: Vec<worklist::Model>) -> Outcome<Vec<WorklistView>> {
    let names = scope.account_names(rows.iter().map(|r| r.account_id).collect()).await?;
    let places = scope.labels(rows.iter().map(|r| r.shared_place_id).filter(|id| *id > 0)).await?;
    let view = |row: worklist::Model| WorklistView {
        mine: row.account_id == scope.actor(),
        owner: Named { id: row.account_id, name: names.get(&row.account_id).cloned().unwrap_or_default() },
        shared_with: places.get(&row.shared_place_id).cloned(),
        columns: serde_json::from_str(&row.columns).unwrap_or_default(),
        id: row.id,
        list: row.list,
        name: row.name,
        query: row.query,
        sort: row.sort,
        rev: row.rev,
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn shown(scope: &Scope<Keep>, id: Id) -> Outcome<Json<WorklistView>> {
    let row = store::one(scope, id).await?;
    views(scope, vec![row]).await?.into_iter().next().map(Json).ok_or(Problem::NotFound)
}

/// The saved lists of the caller, then those shared with the caller's places.
#[utoipa::path(get, path = "/worklists", tag = "people", params(WorklistQuery),
    responses((status = 200, body = Page<WorklistView>), Problems), extensions(("x-permit" = json!("people.worklists.keep"))))]
async fn list(scope: Scope<Keep>, Params(q): Params<WorklistQuery>) -> Outcome<Json<Page<WorklistView>>> {
    let rows = store::seen(&scope, list_of(&q.list)?.code()).await?;
    Ok(Json(Page::whole(views(&scope, rows).await?)))
}

/// Saves a list under a name; its filter is checked by the list itself.
#[utoipa::path(post, path = "/worklists", tag = "people", request_body = NewWorklist,
    responses((status = 201, body = WorklistView), (status = 200, body = WorklistView), Problems),
    extensions(("x-permit" = json!("people.worklists.keep"))))]
async fn create(scope: Scope<Keep>, body: Body<NewWorklist>) -> Outcome<(StatusCode, Json<WorklistView>)> {
    let new = body.value;
    let list = list_of(&new.list)?;
    let words = model::words(list, &new.name, &new.query, &new.columns, &new.sort)?;
    lists::ask(&scope, list, &words.query, &words.sort).await?;
    let place = if new.shared { office(&scope)?.id } else { 0 };
    let county_id = scope.place_or_own("place", None).await?.county_id;
    let id = new.id;
    let written = scope
        .write_once(id, &body.digest, move |tx| {
            Box::pin(async move {
                store::has_room(tx, list.code()).await?;
                let row = worklist::ActiveModel {
                    id: Set(id),
                    shared_place_id: Set(place),
                    county_id: Set(county_id),
                    list: Set(list.code().to_owned()),
                    name: Set(words.name),
                    query: Set(words.query),
                    columns: Set(words.columns),
                    sort: Set(words.sort),
                    state: Set("kept".to_owned()),
                    created_at: Set(tx.scope().now()),
                    ..Default::default()
                };
                tx.insert_mine::<worklist::Entity>(row).await.map(|_| ())
            })
        })
        .await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, shown(&scope, id).await?))
}

/// Changes a saved list of the caller.
#[utoipa::path(patch, path = "/worklists/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = WorklistChange,
    responses((status = 200, body = WorklistView), Problems), extensions(("x-permit" = json!("people.worklists.keep"))))]
async fn change(
    scope: Scope<Keep>,
    Segment(id): Segment<Uuid>,
    body: Body<WorklistChange>,
) -> Outcome<Json<WorklistView>> {
    let change = body.value;
    let before = store::one(&scope, id).await?;
    let list = list_of(&before.list)?;
    let columns = match change.columns {
        Some(columns) => columns,
        None => serde_json::from_str(&before.columns).unwrap_or_default(),
    };
    let name = change.name.as_deref().unwrap_or(&before.name);
    let query = change.query.as_deref().unwrap_or(&before.query);
    let words = model::words(list, name, query, &columns, change.sort.as_deref().unwrap_or(&before.sort))?;
    lists::ask(&scope, list, &words.query, &words.sort).await?;
    let place = match change.shared {
        Some(true) if before.shared_place_id == 0 => office(&scope)?.id,
        Some(false) => 0,
        _ => before.shared_place_id,
    };
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = store::mine_in(tx, id, change.rev).await?;
                tx.update_part::<worklist::Entity>(&row, |r| {
                    r.name = Set(words.name);
                    r.query = Set(words.query);
                    r.columns = Set(words.columns);
                    r.sort = Set(words.sort);
                    r.shared_place_id = Set(place);
                })
                .await
            })
        })
        .await?;
    shown(&scope, id).await
}

/// Takes a saved list of the caller out of the menu.
#[utoipa::path(post, path = "/worklists/{id}/remove", tag = "people", params(("id" = Uuid, Path)), request_body = RemoveWorklist,
    responses((status = 204), Problems), extensions(("x-permit" = json!("people.worklists.keep"))))]
async fn remove(scope: Scope<Keep>, Segment(id): Segment<Uuid>, body: Body<RemoveWorklist>) -> Outcome<StatusCode> {
    let rev = body.value.rev;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let row = store::mine_in(tx, id, rev).await?;
                tx.update_part::<worklist::Entity>(&row, |r| r.state = Set("removed".to_owned())).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many rows a saved list has now, inside the caller's own reach.
#[utoipa::path(get, path = "/worklists/{id}/count", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = WorklistCount), Problems), extensions(("x-permit" = json!("people.worklists.keep"))))]
async fn count(scope: Scope<Keep>, Segment(id): Segment<Uuid>) -> Outcome<Json<WorklistCount>> {
    let row = store::one(&scope, id).await?;
    let asked = lists::ask(&scope, list_of(&row.list)?, &row.query, "").await?;
    let count = asked.count(MOST_COUNTED + 1).await?;
    Ok(Json(WorklistCount { count: count.min(MOST_COUNTED), over: count > MOST_COUNTED }))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(change))
        .routes(routes!(remove))
        .routes(routes!(count))
}
