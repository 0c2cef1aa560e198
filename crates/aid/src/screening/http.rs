//! Operations of screening.

use access::{Body, House, Page, Params, Problems, Scope, Segment, Written};
use axum::{Json, extract::State, http::StatusCode};
use kernel::{Field, Id, Outcome, Problem, page};
use people::screening::store::{self, Filter};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Dismiss, Read, Run,
    actions::{self, NewDismissal},
    model::{ELIGIBLE, LOST, UNKNOWN},
    run,
    view::{self, FindingRow, ScreeningView},
};

/// Where.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScreeningQuery {
    /// The caller's own place when left out.
    pub place: Option<String>,
}

/// Which findings to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindingQuery {
    /// Inside this place.
    pub place: Option<String>,
    /// eligible (default), lost or unknown.
    pub kind: Option<String>,
    /// Of this policy.
    pub policy: Option<String>,
    /// Those set aside instead of those that wait.
    pub dismissed: Option<bool>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// A screening to start.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScreening {
    /// UUIDv7 made by the client; the job has this id.
    pub id: Uuid,
    /// A county or township; the caller's own place when left out.
    #[schema(max_length = 32)]
    pub place: Option<String>,
}

/// A screening that runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScreeningJob {
    /// The job, to watch.
    pub job: Uuid,
}

/// What a screening found at a place, by policy.
#[utoipa::path(get, path = "/screening", tag = "aid", params(ScreeningQuery),
    responses((status = 200, body = ScreeningView), Problems), extensions(("x-permit" = json!("aid.screening.read"))))]
async fn summary(scope: Scope<Read>, Params(q): Params<ScreeningQuery>) -> Outcome<Json<ScreeningView>> {
    let place = scope.place_or_own("place", q.place.as_deref().filter(|p| !p.is_empty())).await?;
    scope.must_cover(&place.place())?;
    view::of(&scope, &place).await.map(Json)
}

/// Findings, the newest first.
#[utoipa::path(get, path = "/screening/findings", tag = "aid", params(FindingQuery),
    responses((status = 200, body = Page<FindingRow>), Problems), extensions(("x-permit" = json!("aid.screening.read"))))]
async fn findings(scope: Scope<Read>, Params(q): Params<FindingQuery>) -> Outcome<Json<Page<FindingRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let kind = q.kind.unwrap_or_else(|| ELIGIBLE.to_owned());
    if ![ELIGIBLE, LOST, UNKNOWN].contains(&kind.as_str()) {
        return Err(Problem::invalid(Field::unknown_code("kind", "screening_kind")));
    }
    let policy = q.policy.filter(|p| !p.is_empty());
    if let Some(policy) = &policy
        && !view::screened()?.iter().any(|card| card.id == *policy)
    {
        return Err(Problem::invalid(Field::unknown_code("policy", "policy")));
    }
    let place = match q.place.as_deref().filter(|p| !p.is_empty()) {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let filter = Filter { kind, policy, dismissed: q.dismissed.unwrap_or(false) };
    let rows = store::listing(&scope, place.as_ref(), &filter, after, limit + 1).read().await?;
    let Page { items, next } = Page::cut(rows, limit, |row| row.id);
    Ok(Json(Page { items: view::rows(&scope, items).await?, next }))
}

/// Sets a finding aside after a second look.
#[utoipa::path(post, path = "/screening/findings/{id}/dismissals", tag = "aid", params(("id" = Uuid, Path)),
    request_body = NewDismissal, responses((status = 201), (status = 200), Problems),
    extensions(("x-permit" = json!("aid.screening.dismiss"))))]
async fn dismiss(scope: Scope<Dismiss>, Segment(id): Segment<Uuid>, body: Body<NewDismissal>) -> Outcome<StatusCode> {
    let written = actions::dismiss(&scope, id, body).await?;
    Ok(if written == Written::New { StatusCode::CREATED } else { StatusCode::OK })
}

/// Screens a county (whoever may differ) or a township (everybody) now, as a job of the caller.
#[utoipa::path(post, path = "/screening/runs", tag = "aid", request_body = NewScreening,
    responses((status = 202, body = ScreeningJob), Problems), extensions(("x-permit" = json!("aid.screening.run"))))]
async fn start(
    scope: Scope<Run>,
    State(house): State<House>,
    body: Body<NewScreening>,
) -> Outcome<(StatusCode, Json<ScreeningJob>)> {
    let new = body.value;
    if new.id.get_version_num() != 7 {
        return Err(Problem::invalid(Field::new(
            "id",
            "format",
            "编号格式不正确（应为 UUIDv7），请刷新页面后重试。",
            "The id must be a UUIDv7; reload the page and try again.",
        )));
    }
    let place = scope.place_or_own("place", new.place.as_deref().filter(|p| !p.is_empty())).await?.place();
    scope.must_cover(&place)?;
    run::start(&scope, &house, new.id, place).await?;
    Ok((StatusCode::ACCEPTED, Json(ScreeningJob { job: new.id })))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(summary))
        .routes(routes!(findings))
        .routes(routes!(dismiss))
        .routes(routes!(start))
}
