//! Operations on the recycle bin.

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Permit, Problem, Sees, page as paging};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Approve, BINNED, DECLINED, RESTORED, Read, Remove, Restore, WAITING,
    actions::{self, NewRemoval},
    restore::{self, NewRestore},
    row::recycled,
    store,
};
use crate::{
    merges::{self, row::survivor},
    persons::Named,
};

/// Something that was removed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecycledView {
    /// Id of the removal.
    pub id: Uuid,
    /// person, visit, household or membership.
    pub kind: String,
    /// Which.
    pub object_id: Uuid,
    /// The person it is about, as this caller may see the name.
    pub person: Option<Named>,
    /// waiting, binned, restored or declined.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Where it lay.
    pub place: Option<PlaceRef>,
    /// Who removed it or asked for the removal.
    pub asked_by: Named,
    /// When.
    pub asked_at: String,
    /// Who approved.
    pub decided_by: Option<Named>,
    /// When.
    pub decided_at: Option<String>,
    /// Last day on which it can be brought back here.
    pub until: Option<chrono::NaiveDate>,
    /// It can still be brought back here.
    pub restorable: bool,
    /// The caller asked for it and so cannot approve it.
    pub mine: bool,
    /// Revision.
    pub rev: i32,
}

impl access::PartOf<recycled::Entity> for survivor::Entity {
    fn parent_column() -> survivor::Column {
        survivor::Column::Id
    }
    fn parent_key(parent: &recycled::Model) -> sea_orm::Value {
        parent.person_id.into()
    }
}

async fn views<P: Permit>(scope: &Scope<P>, rows: Vec<recycled::Model>) -> Outcome<Vec<RecycledView>> {
    let places = scope.labels(rows.iter().flat_map(|r| [r.village_id, r.township_id])).await?;
    let people = rows.iter().flat_map(|r| [Some(r.asked_by), r.decided_by]).flatten().collect();
    let names = scope.account_names(people).await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let ids: Vec<Id> = rows.iter().filter_map(|r| r.person_id).collect();
    let about = scope.parts_of::<survivor::Entity, recycled::Entity>(&ids).all().await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let about = about.iter().find(|p| Some(p.id) == row.person_id);
        views.push(RecycledView {
            person: about.map(|p| Named { id: p.id, name: merges::name_of(scope, p) }),
            place: places.get(&row.village_id).or_else(|| places.get(&row.township_id)).cloned(),
            asked_by: named(row.asked_by),
            asked_at: access::iso(row.asked_at),
            decided_by: row.decided_by.map(named),
            decided_at: row.decided_at.map(access::iso),
            restorable: row.state == BINNED && row.until_on.is_some_and(|until| until >= scope.today()),
            until: row.until_on,
            mine: row.asked_by == scope.actor(),
            reason: if scope.masked() { String::new() } else { row.reason },
            id: row.id,
            kind: row.kind,
            object_id: row.object_id,
            state: row.state,
            rev: row.rev,
        });
    }
    Ok(views)
}

/// What of the bin to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BinQuery {
    /// Division code.
    pub place: Option<String>,
    /// waiting, binned, restored or declined; binned when left out.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The recycle bin inside the scope, newest first.
#[utoipa::path(get, path = "/recycle-bin", tag = "people", params(BinQuery),
    responses((status = 200, body = Page<RecycledView>), Problems), extensions(("x-permit" = json!("people.recycle.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<BinQuery>) -> Outcome<Json<Page<RecycledView>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    let state = q.state.as_deref().unwrap_or(BINNED);
    if ![WAITING, BINNED, RESTORED, DECLINED].contains(&state) {
        return Err(Problem::invalid(Field::new(
            "state",
            "unknown_code",
            "状态只能是 waiting、binned、restored 或 declined。",
            "The state is waiting, binned, restored or declined.",
        )));
    }
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let rows = store::listing(&scope, place.as_ref(), state, after, limit + 1).all().await?;
    let Page { items, next } = Page::cut(rows, limit, |row| row.id);
    Ok(Json(Page { items: views(&scope, items).await?, next }))
}

async fn view<P>(scope: &Scope<P>, id: Id) -> Outcome<RecycledView>
where
    P: Permit + Sees<recycled::Entity>,
{
    let row = scope.find::<recycled::Entity>().filter(recycled::Column::Id.eq(id)).required().await?;
    views(scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)
}

/// Removes a household or membership that never was, or asks for the removal of a person entered in error.
#[utoipa::path(post, path = "/recycle-bin", tag = "people", request_body = NewRemoval,
    responses((status = 201, body = RecycledView), (status = 200, body = RecycledView), Problems),
    extensions(("x-permit" = json!("people.recycle.remove"))))]
async fn remove(scope: Scope<Remove>, body: Body<NewRemoval>) -> Outcome<(StatusCode, Json<RecycledView>)> {
    let id = body.value.id;
    let written = actions::remove(&scope, body.value, &body.digest).await?;
    let view = view(&scope, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// A decision of the second person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovalDecision {
    /// Revision the caller saw.
    pub rev: i32,
}

/// Approves the removal of a person somebody else asked for.
#[utoipa::path(post, path = "/recycle-bin/{id}/approve", tag = "people", params(("id" = Uuid, Path)), request_body = RemovalDecision,
    responses((status = 200, body = RecycledView), Problems), extensions(("x-permit" = json!("people.recycle.approve"))))]
async fn approve(
    scope: Scope<Approve>,
    Segment(id): Segment<Uuid>,
    body: Body<RemovalDecision>,
) -> Outcome<Json<RecycledView>> {
    actions::approve(&scope, id, body.value.rev).await?;
    Ok(Json(view(&scope, id).await?))
}

/// Says no to the removal of a person.
#[utoipa::path(post, path = "/recycle-bin/{id}/decline", tag = "people", params(("id" = Uuid, Path)), request_body = RemovalDecision,
    responses((status = 200, body = RecycledView), Problems), extensions(("x-permit" = json!("people.recycle.approve"))))]
async fn decline(
    scope: Scope<Approve>,
    Segment(id): Segment<Uuid>,
    body: Body<RemovalDecision>,
) -> Outcome<Json<RecycledView>> {
    actions::decline(&scope, id, body.value.rev).await?;
    Ok(Json(view(&scope, id).await?))
}

/// Brings something back exactly as it was, while its time lasts.
#[utoipa::path(post, path = "/recycle-bin/{id}/restore", tag = "people", params(("id" = Uuid, Path)), request_body = NewRestore,
    responses((status = 201, body = RecycledView), (status = 200, body = RecycledView), Problems),
    extensions(("x-permit" = json!("people.recycle.restore"))))]
async fn bring_back(
    scope: Scope<Restore>,
    Segment(id): Segment<Uuid>,
    body: Body<NewRestore>,
) -> Outcome<(StatusCode, Json<RecycledView>)> {
    let written = restore::restore(&scope, id, body.value, &body.digest).await?;
    let view = view(&scope, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, remove))
        .routes(routes!(approve))
        .routes(routes!(decline))
        .routes(routes!(bring_back))
}
