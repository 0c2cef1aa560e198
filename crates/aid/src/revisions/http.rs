//! Operations on revisions.

use access::{Body, House, Page, Params as Query, Problems, Scope, Segment, Written};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use kernel::{Field, Id, Outcome, Problem, page};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Decide, Draft, Read, actions, effect,
    model::{Act, NewAct, NewRevision, Redraft},
    standards::{self, Standards, VersionView},
    store,
    view::{self, RevisionPage, RevisionRow},
};

/// States a revision can be listed by.
const STATES: [&str; 5] = ["draft", "handed", "in_force", "withdrawn", "void"];

/// Which revisions to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevisionQuery {
    /// Of places inside this one.
    pub place: Option<String>,
    /// draft, handed, in_force, withdrawn or void.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Where and when.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AtQuery {
    /// Place; the caller's own when left out.
    pub place: Option<String>,
    /// Day; today when left out.
    pub on: Option<chrono::NaiveDate>,
}

/// Revisions, the newest first.
#[utoipa::path(get, path = "/policy-revisions", tag = "aid", params(RevisionQuery),
    responses((status = 200, body = Page<RevisionRow>), Problems), extensions(("x-permit" = json!("aid.revisions.read"))))]
async fn list(scope: Scope<Read>, Query(q): Query<RevisionQuery>) -> Outcome<Json<Page<RevisionRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let state = q.state.as_deref().filter(|s| !s.is_empty());
    if state.is_some_and(|s| !STATES.contains(&s)) {
        return Err(Problem::invalid(Field::unknown_code("state", "revision_state")));
    }
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let found = store::listing(&scope, place.as_ref(), state, after, limit + 1).all().await?;
    let Page { items, next } = Page::cut(found, limit, |row| row.id);
    Ok(Json(Page { items: view::rows(&scope, items).await?, next }))
}

/// One revision with what it changes, its examples, and whom it changes.
#[utoipa::path(get, path = "/policy-revisions/{id}", tag = "aid", params(("id" = Uuid, Path)),
    responses((status = 200, body = RevisionPage), Problems), extensions(("x-permit" = json!("aid.revisions.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<RevisionPage>> {
    view::page(&scope, id).await.map(Json)
}

/// Drafts a revision of a place's numbers or of a policy's conditions.
#[utoipa::path(post, path = "/policy-revisions", tag = "aid", request_body = NewRevision,
    responses((status = 201, body = RevisionPage), (status = 200, body = RevisionPage), Problems),
    extensions(("x-permit" = json!("aid.revisions.draft"))))]
async fn create(scope: Scope<Draft>, body: Body<NewRevision>) -> Outcome<(StatusCode, Json<RevisionPage>)> {
    let id = body.value.id;
    let written = actions::begin(&scope, body).await?;
    answer(&scope.also()?, id, written).await
}

/// Changes a draft; whom it changes has to be worked out anew.
#[utoipa::path(patch, path = "/policy-revisions/{id}", tag = "aid", params(("id" = Uuid, Path)), request_body = Redraft,
    responses((status = 200, body = RevisionPage), Problems), extensions(("x-permit" = json!("aid.revisions.draft"))))]
async fn change(scope: Scope<Draft>, Segment(id): Segment<Uuid>, body: Body<Redraft>) -> Outcome<Json<RevisionPage>> {
    actions::redraft(&scope, id, body.value).await?;
    view::page(&scope.also()?, id).await.map(Json)
}

/// A caller who may draft, decide, or both; others are refused before the body is read.
struct Hands {
    read: Scope<Read>,
    draft: Option<Scope<Draft>>,
    decide: Option<Scope<Decide>>,
}

impl FromRequestParts<House> for Hands {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let read = Scope::<Read>::from_request_parts(parts, house).await?;
        let (draft, decide) = (read.also().ok(), read.also().ok());
        if draft.is_none() && decide.is_none() {
            return Err(Problem::Forbidden);
        }
        Ok(Self { read, draft, decide })
    }
}

/// Hands a draft in, decides about somebody else's, gives it up or takes it back.
#[utoipa::path(post, path = "/policy-revisions/{id}/acts", tag = "aid", params(("id" = Uuid, Path)), request_body = NewAct,
    responses((status = 201, body = RevisionPage), (status = 200, body = RevisionPage), Problems),
    extensions(("x-permit" = json!(["aid.revisions.draft", "aid.revisions.decide"]))))]
async fn act(
    hands: Hands,
    Segment(id): Segment<Uuid>,
    body: Body<NewAct>,
) -> Outcome<(StatusCode, Json<RevisionPage>)> {
    let Body { value: new, digest } = body;
    let drafts = matches!(new.act, Act::HandIn | Act::Withdraw);
    let written = match (drafts, &hands.draft, &hands.decide) {
        (true, Some(scope), _) => actions::act(scope, id, new, &digest).await?,
        (false, _, Some(scope)) => actions::act(scope, id, new, &digest).await?,
        _ => return Err(Problem::Forbidden),
    };
    answer(&hands.read, id, written).await
}

async fn answer(scope: &Scope<Read>, id: Id, written: Written) -> Outcome<(StatusCode, Json<RevisionPage>)> {
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view::page(scope, id).await?)))
}

/// A job that was started.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Started {
    /// Watch it under `/jobs/{id}`.
    pub job_id: Uuid,
}

/// Works out, over the whole ledger of its place, whom a draft would change; the counts are kept with the draft.
#[utoipa::path(post, path = "/policy-revisions/{id}/effect", tag = "aid", params(("id" = Uuid, Path)),
    responses((status = 202, body = Started), Problems), extensions(("x-permit" = json!("aid.revisions.draft"))))]
async fn weigh(scope: Scope<Draft>, Segment(id): Segment<Uuid>) -> Outcome<(StatusCode, Json<Started>)> {
    let job_id = effect::start(&scope, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Started { job_id })))
}

/// All numbers policies ask for, as they hold at a place on a day, each with its document.
#[utoipa::path(get, path = "/policy-standards", tag = "aid", params(AtQuery),
    responses((status = 200, body = Standards), Problems), extensions(("x-permit" = json!("aid.policies.read"))))]
async fn standards_at(scope: Scope<crate::policies::Read>, Query(q): Query<AtQuery>) -> Outcome<Json<Standards>> {
    standards::at(&scope, q.place.as_deref(), q.on).await.map(Json)
}

/// Conditions and amount of a policy as they hold at a place on a day, in the form a revision is written in.
#[utoipa::path(get, path = "/policies/{id}/version", tag = "aid", params(("id" = String, Path), AtQuery),
    responses((status = 200, body = VersionView), Problems), extensions(("x-permit" = json!("aid.policies.read"))))]
async fn version_at(
    scope: Scope<crate::policies::Read>,
    Segment(id): Segment<String>,
    Query(q): Query<AtQuery>,
) -> Outcome<Json<VersionView>> {
    standards::version(&scope, &id, q.place.as_deref(), q.on).await.map(Json)
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get_one, change))
        .routes(routes!(act))
        .routes(routes!(weigh))
        .routes(routes!(standards_at))
        .routes(routes!(version_at))
}
