//! Operations on hand-overs and caseloads.

use access::{Body, House, Page, Params, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Place, Problem, page};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Assign, Decide, Propose, Read, actions, caseloads,
    model::{Acceptance, NewCaseloadStep, NewHandover, Refusal},
    row::handover,
    store,
    view::{self, HandoverView},
};
use crate::persons::{self, Named, PersonRow};

/// Which hand-overs to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HandoverQuery {
    /// `in` (default): what comes to the caller's places; `out`: what was sent from them.
    pub side: Option<String>,
    /// true (default): waits for an answer; false: answered or withdrawn.
    pub open: Option<bool>,
    /// Division code.
    pub place: Option<String>,
    /// One caseload, in the order of its list; side and state do not matter then.
    pub batch: Option<Uuid>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Hand-overs, newest first.
#[utoipa::path(get, path = "/handovers", tag = "people", params(HandoverQuery),
    responses((status = 200, body = Page<HandoverView>), Problems), extensions(("x-permit" = json!("people.handovers.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<HandoverQuery>) -> Outcome<Json<Page<HandoverView>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let place = place(&scope, q.place.as_deref()).await?;
    let open = q.open.unwrap_or(true);
    let rows: Vec<handover::Model> = match (q.batch, q.side.as_deref()) {
        (Some(batch), _) => store::batch(&scope, batch, after, limit + 1).all().await?,
        (None, None | Some("in")) => store::incoming(&scope, place.as_ref(), open, after, limit + 1).all().await?,
        (None, Some("out")) => {
            let rows = store::sent(&scope, place.as_ref(), open, after, limit + 1).all().await?;
            rows.into_iter().map(handover::Model::from).collect()
        }
        (None, Some(_)) => return Err(Problem::invalid(Field::unknown_code("side", "handover_side"))),
    };
    let Page { items, next } = Page::cut(rows, limit, |r| r.id);
    Ok(Json(Page { items: view::views(&scope, items).await?, next }))
}

async fn place(scope: &Scope<Read>, text: Option<&str>) -> Outcome<Option<Place>> {
    match text {
        Some(text) => Ok(Some(scope.resolve("place", text).await?.place())),
        None => Ok(None),
    }
}

/// One hand-over, seen from either side.
#[utoipa::path(get, path = "/handovers/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = HandoverView), Problems), extensions(("x-permit" = json!("people.handovers.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<HandoverView>> {
    one(&scope, id).await.map(Json)
}

async fn one(scope: &Scope<Read>, id: Id) -> Outcome<HandoverView> {
    let row = store::one(scope, id).await?.ok_or(Problem::NotFound)?;
    view::views(scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)
}

async fn shown(scope: &Scope<Read>, id: Id, written: Written) -> Outcome<(StatusCode, Json<HandoverView>)> {
    Ok((status(written), Json(one(scope, id).await?)))
}

fn status(written: Written) -> StatusCode {
    if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }
}

/// Proposes to hand a person over to the station of another township.
#[utoipa::path(post, path = "/persons/{id}/handover", tag = "people", params(("id" = Uuid, Path)), request_body = NewHandover,
    responses((status = 201, body = HandoverView), (status = 200, body = HandoverView), Problems),
    extensions(("x-permit" = json!("people.handovers.propose"))))]
async fn propose(
    scope: Scope<Propose>,
    Segment(id): Segment<Uuid>,
    body: Body<NewHandover>,
) -> Outcome<(StatusCode, Json<HandoverView>)> {
    let handover = body.value.id;
    let written = actions::propose(&scope, id, body.value, &body.digest).await?;
    shown(&scope.also()?, handover, written).await
}

/// Takes a person on.
#[utoipa::path(post, path = "/handovers/{id}/accept", tag = "people", params(("id" = Uuid, Path)), request_body = Acceptance,
    responses((status = 201, body = HandoverView), (status = 200, body = HandoverView), Problems),
    extensions(("x-permit" = json!("people.handovers.decide"))))]
async fn accept(
    scope: Scope<Decide>,
    Segment(id): Segment<Uuid>,
    body: Body<Acceptance>,
) -> Outcome<(StatusCode, Json<HandoverView>)> {
    let written = actions::accept(&scope, id, body.value, &body.digest).await?;
    shown(&scope.also()?, id, written).await
}

/// Declines a hand-over with the reason; the person goes back.
#[utoipa::path(post, path = "/handovers/{id}/decline", tag = "people", params(("id" = Uuid, Path)), request_body = Refusal,
    responses((status = 201, body = HandoverView), (status = 200, body = HandoverView), Problems),
    extensions(("x-permit" = json!("people.handovers.decide"))))]
async fn decline(
    scope: Scope<Decide>,
    Segment(id): Segment<Uuid>,
    body: Body<Refusal>,
) -> Outcome<(StatusCode, Json<HandoverView>)> {
    let written = actions::decline(&scope, id, body.value, &body.digest).await?;
    shown(&scope.also()?, id, written).await
}

/// Withdraws a proposal that waits for an answer; the person comes back.
#[utoipa::path(post, path = "/handovers/{id}/withdraw", tag = "people", params(("id" = Uuid, Path)), request_body = Refusal,
    responses((status = 201, body = HandoverView), (status = 200, body = HandoverView), Problems),
    extensions(("x-permit" = json!("people.handovers.propose"))))]
async fn withdraw(
    scope: Scope<Propose>,
    Segment(id): Segment<Uuid>,
    body: Body<Refusal>,
) -> Outcome<(StatusCode, Json<HandoverView>)> {
    let written = actions::withdraw(&scope, id, body.value, &body.digest).await?;
    shown(&scope.also()?, id, written).await
}

/// Where caseloads are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CaseloadQuery {
    /// Division code; the caller's own place when left out.
    pub place: Option<String>,
}

/// How many persons a worker answers for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseloadView {
    /// Who; null for persons without a worker.
    pub worker: Option<Named>,
    /// Whether the account works there today.
    pub in_office: bool,
    /// Living persons there, counted up to 10,000.
    pub persons: u64,
}

/// Who answers for how many, in a place.
#[utoipa::path(get, path = "/caseloads", tag = "people", params(CaseloadQuery),
    responses((status = 200, body = Page<CaseloadView>), Problems), extensions(("x-permit" = json!("people.handovers.read"))))]
async fn loads(scope: Scope<Read>, Params(q): Params<CaseloadQuery>) -> Outcome<Json<Page<CaseloadView>>> {
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    let rows = caseloads::of_place(&scope, &place).await?;
    let names = scope.account_names(rows.iter().filter_map(|r| r.worker).collect()).await?;
    let items = rows.into_iter().map(|r| CaseloadView {
        worker: r.worker.map(|id| Named { id, name: names.get(&id).cloned().unwrap_or_default() }),
        in_office: r.in_office,
        persons: r.persons,
    });
    Ok(Json(Page::whole(items.collect())))
}

/// Persons nobody answers for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrphanQuery {
    /// Division code; the caller's own place when left out.
    pub place: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Persons of a place without a worker, or with one whose grant has ended (无责任社工), newest first.
#[utoipa::path(get, path = "/caseloads/unassigned", tag = "people", params(OrphanQuery),
    responses((status = 200, body = Page<PersonRow>), Problems), extensions(("x-permit" = json!("people.handovers.read"))))]
async fn unassigned(scope: Scope<Read>, Params(q): Params<OrphanQuery>) -> Outcome<Json<Page<PersonRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    let people = caseloads::orphans(&scope, &place, after, limit + 1).await?;
    let Page { items, next } = Page::cut(people, limit, |p| p.id);
    Ok(Json(Page { items: persons::rows(&scope, items).await?, next }))
}

/// What a step of a caseload did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CaseloadDone {
    /// The whole hand-over, for its list.
    pub batch_id: Uuid,
    /// Persons still in the care of the sender there, counted up to 10,000.
    pub left: u64,
}

/// Gives clients of one worker to another, at most 200 in one step.
#[utoipa::path(post, path = "/caseloads", tag = "people", request_body = NewCaseloadStep,
    responses((status = 201, body = CaseloadDone), (status = 200, body = CaseloadDone), Problems),
    extensions(("x-permit" = json!("people.handovers.assign"))))]
async fn assign(scope: Scope<Assign>, body: Body<NewCaseloadStep>) -> Outcome<(StatusCode, Json<CaseloadDone>)> {
    let (batch_id, from, place) = (body.value.batch_id, body.value.from_worker_id, body.value.place.clone());
    let written = caseloads::step(&scope, body.value, &body.digest).await?;
    let read: Scope<Read> = scope.also()?;
    let place = read.resolve("place", &place).await?.place();
    let left = caseloads::left(&read, &place, from).await?;
    Ok((status(written), Json(CaseloadDone { batch_id, left })))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get_one))
        .routes(routes!(propose))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(withdraw))
        .routes(routes!(loads, assign))
        .routes(routes!(unassigned))
}
