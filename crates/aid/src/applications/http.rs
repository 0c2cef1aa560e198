//! Operations on applications.

use access::{Body, House, Page, Params as Query, Problems, Scope, Segment, Written};
use axum::{
    Json,
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use kernel::{Field, Id, Outcome, Problem, page};
use people::applications::store::{self, Filter};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Prepare, Process, Read, actions,
    flow::State,
    model::{Changes, NewAct, NewApplication},
    view::{self, ApplicationPage, ApplicationRow},
};

/// Which applications to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationQuery {
    /// Inside this place.
    pub place: Option<String>,
    /// In this state; `open` does not matter then.
    pub state: Option<String>,
    /// true (default): neither decided nor withdrawn; false: the others.
    pub open: Option<bool>,
    /// Of persons this account answers for.
    pub worker: Option<Uuid>,
    /// All of this person; nothing else matters then.
    pub person: Option<Uuid>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Applications, the newest first.
#[utoipa::path(get, path = "/applications", tag = "aid", params(ApplicationQuery),
    responses((status = 200, body = Page<ApplicationRow>), Problems), extensions(("x-permit" = json!("aid.applications.read"))))]
async fn list(scope: Scope<Read>, Query(q): Query<ApplicationQuery>) -> Outcome<Json<Page<ApplicationRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    if q.state.as_deref().is_some_and(|word| State::parse(word).is_none()) {
        return Err(Problem::invalid(Field::unknown_code("state", "application_state")));
    }
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let found = match q.person {
        Some(person) => store::of_person(&scope, person, after, limit + 1),
        None => {
            let filter = Filter { state: q.state, open: q.open.unwrap_or(true), worker: q.worker };
            store::listing(&scope, place.as_ref(), &filter, after, limit + 1)
        }
    };
    let Page { items, next } = Page::cut(found.all().await?, limit, |row| row.id);
    Ok(Json(Page { items: view::rows(&scope, items).await?, next }))
}

/// One application with its acts, papers, limits and what may follow.
#[utoipa::path(get, path = "/applications/{id}", tag = "aid", params(("id" = Uuid, Path)),
    responses((status = 200, body = ApplicationPage), Problems), extensions(("x-permit" = json!("aid.applications.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<ApplicationPage>> {
    view::page(&scope, id).await.map(Json)
}

/// Begins an application for a person.
#[utoipa::path(post, path = "/applications", tag = "aid", request_body = NewApplication,
    responses((status = 201, body = ApplicationPage), (status = 200, body = ApplicationPage), Problems),
    extensions(("x-permit" = json!("aid.applications.prepare"))))]
async fn create(scope: Scope<Prepare>, body: Body<NewApplication>) -> Outcome<(StatusCode, Json<ApplicationPage>)> {
    let id = body.value.id;
    let written = actions::begin(&scope, body).await?;
    answer(&scope.also()?, id, written).await
}

/// Changes what is being prepared: authorisation, relatives, papers, note.
#[utoipa::path(patch, path = "/applications/{id}", tag = "aid", params(("id" = Uuid, Path)), request_body = Changes,
    responses((status = 200, body = ApplicationPage), Problems), extensions(("x-permit" = json!("aid.applications.prepare"))))]
async fn change(
    scope: Scope<Prepare>,
    Segment(id): Segment<Uuid>,
    body: Body<Changes>,
) -> Outcome<Json<ApplicationPage>> {
    actions::prepare(&scope, id, body.value).await?;
    view::page(&scope.also()?, id).await.map(Json)
}

/// A caller who may prepare applications, process them, or both; whoever may do neither is refused before the body is read.
struct Hands {
    read: Scope<Read>,
    prepare: Option<Scope<Prepare>>,
    process: Option<Scope<Process>>,
}

impl FromRequestParts<House> for Hands {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let read = Scope::<Read>::from_request_parts(parts, house).await?;
        let (prepare, process) = (read.also().ok(), read.also().ok());
        if prepare.is_none() && process.is_none() {
            return Err(Problem::Forbidden);
        }
        Ok(Self { read, prepare, process })
    }
}

/// Carries an act out or writes down that it was done. Who prepares hands in, tells and withdraws; the reviewer does the rest.
#[utoipa::path(post, path = "/applications/{id}/acts", tag = "aid", params(("id" = Uuid, Path)), request_body = NewAct,
    responses((status = 201, body = ApplicationPage), (status = 200, body = ApplicationPage), Problems),
    extensions(("x-permit" = json!(["aid.applications.prepare", "aid.applications.process"]))))]
async fn act(
    hands: Hands,
    Segment(id): Segment<Uuid>,
    body: Body<NewAct>,
) -> Outcome<(StatusCode, Json<ApplicationPage>)> {
    let Body { value: new, digest } = body;
    // The permit depends on the act only, so that a repeated call is recognised.
    let written = match (new.act.is_of_worker(), &hands.prepare, &hands.process) {
        (true, Some(scope), _) => actions::act(scope, id, new, &digest).await?,
        (false, _, Some(scope)) => actions::act(scope, id, new, &digest).await?,
        _ => return Err(Problem::Forbidden),
    };
    answer(&hands.read, id, written).await
}

async fn answer(scope: &Scope<Read>, id: Id, written: Written) -> Outcome<(StatusCode, Json<ApplicationPage>)> {
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view::page(scope, id).await?)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get_one, change)).routes(routes!(act))
}
