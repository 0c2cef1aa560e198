//! Operations on the queue of unassigned.

use std::collections::HashMap;

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Problem, page as paging};
use places::{
    divisions::{
        queue as queues,
        row::{queue, queue_item},
    },
    points::row::point,
};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Assign,
    actions::{self, NewPlacing},
};
use crate::{
    households::row::household,
    persons::{self, PersonRow, row::person},
};

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(items)).routes(routes!(assign))
}

/// Which items.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ItemQuery {
    /// person (when left out), household or point.
    kind: Option<String>,
    /// Those that are assigned already, instead of those that wait.
    assigned: Option<bool>,
    /// Rows per page.
    limit: Option<u64>,
    /// Next page.
    cursor: Option<String>,
}

/// What waits to be assigned, or was.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QueueItem {
    /// person, household or point.
    pub kind: String,
    /// Id.
    pub id: Uuid,
    /// Name of the person, of the head of the household or of the point; empty when it lies outside the caller's reach now.
    pub name: String,
    /// The person.
    pub person: Option<PersonRow>,
    /// Household: code of list `household_kind`.
    pub household_kind: Option<String>,
    /// Where it was assigned.
    pub to: Option<PlaceRef>,
}

/// How far a queue is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QueueState {
    /// Rows queued so far.
    pub total: i32,
    /// Rows that still wait.
    pub open_items: i32,
    /// open or settled.
    pub state: String,
}

/// Lists what waits in a queue, or what was assigned.
#[utoipa::path(get, path = "/division-queues/{id}/items", tag = "people", params(("id" = Uuid, Path), ItemQuery),
    responses((status = 200, body = Page<QueueItem>), Problems), extensions(("x-permit" = json!("people.placing.assign"))))]
async fn items(
    scope: Scope<Assign>,
    Segment(id): Segment<Uuid>,
    Params(query): Params<ItemQuery>,
) -> Outcome<Json<Page<QueueItem>>> {
    let kind = query.kind.as_deref().unwrap_or("person");
    if !queues::KINDS.iter().any(|(k, _)| *k == kind) {
        let (zh, en) = ("类别应为人员、家庭或服务点。", "The kind is person, household or point.");
        return Err(Problem::invalid(Field::new("kind", "code", zh, en)));
    }
    let queue = scope.find::<queue::Entity>().filter(queue::Column::Id.eq(id)).required().await?;
    let (limit, after) = (paging::limit(query.limit)?, paging::decode(query.cursor.as_deref())?);
    let rows = queues::items(&scope, &queue, kind, query.assigned == Some(true), after, limit + 1).await?;
    let page = Page::cut(rows, limit, |i| i.object_id);
    let next = page.next;
    Ok(Json(Page { items: shown(&scope, kind, page.items).await?, next }))
}

async fn shown(scope: &Scope<Assign>, kind: &str, items: Vec<queue_item::Model>) -> Outcome<Vec<QueueItem>> {
    let ids: Vec<Id> = items.iter().map(|i| i.object_id).collect();
    let labels = scope.labels(items.iter().map(|i| i.to_id)).await?;
    let mut homes: HashMap<Id, household::Model> = HashMap::new();
    let mut points: HashMap<Id, point::Model> = HashMap::new();
    let mut heads = Vec::new();
    match kind {
        "household" => {
            let rows = scope.find::<household::Entity>().filter(household::Column::Id.is_in(ids.clone())).all().await?;
            heads.extend(rows.iter().filter_map(|h| h.head_id));
            homes = rows.into_iter().map(|h| (h.id, h)).collect();
        }
        "point" => {
            let rows = scope.find::<point::Entity>().filter(point::Column::Id.is_in(ids.clone())).all().await?;
            points = rows.into_iter().map(|p| (p.id, p)).collect();
        }
        _ => heads.clone_from(&ids),
    }
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(heads)).all().await?;
    let mut people: HashMap<Id, PersonRow> =
        persons::rows(scope, people).await?.into_iter().map(|p| (p.id, p)).collect();
    Ok(items
        .into_iter()
        .map(|item| {
            let id = item.object_id;
            let home = homes.get(&id);
            let head = home.and_then(|h| h.head_id).and_then(|head| people.get(&head)).map(|p| p.name.clone());
            let person = people.remove(&id);
            let name = head.or_else(|| points.get(&id).map(|p| p.name.clone()));
            QueueItem {
                name: name.or_else(|| person.as_ref().map(|p| p.name.clone())).unwrap_or_default(),
                household_kind: home.map(|h| h.kind.clone()),
                to: labels.get(&item.to_id).cloned(),
                kind: item.kind,
                person,
                id,
            }
        })
        .collect())
}

/// Assigns persons, households or points of a queue to a village, from the day of the event on.
#[utoipa::path(post, path = "/division-queues/{id}/assign", tag = "people", params(("id" = Uuid, Path)),
    request_body = NewPlacing, responses((status = 201, body = QueueState), (status = 200, body = QueueState), Problems),
    extensions(("x-permit" = json!("people.placing.assign"))))]
async fn assign(
    scope: Scope<Assign>,
    Segment(id): Segment<Uuid>,
    body: Body<NewPlacing>,
) -> Outcome<(StatusCode, Json<QueueState>)> {
    scope.find::<queue::Entity>().filter(queue::Column::Id.eq(id)).required().await?;
    let written = actions::assign(&scope, id, body.value, &body.digest).await?;
    let row = scope.find::<queue::Entity>().filter(queue::Column::Id.eq(id)).required().await?;
    let state = QueueState { total: row.total, open_items: row.open_items, state: row.state };
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(state)))
}
