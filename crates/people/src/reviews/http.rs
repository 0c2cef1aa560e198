//! Reviews over HTTP.

use access::{Body, House, Page, Params as Query, Problems, Scope, Segment, Written, iso};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Outcome, Problem, page, params::Params};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Review, actions,
    model::{self, NewReview},
    row::visit_review,
    store,
};
use crate::{
    due,
    persons::Named,
    visits::{Read, Revise, VisitView, http::views},
};

/// A review as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReviewView {
    /// Id.
    pub id: Uuid,
    /// The visit.
    pub visit_id: Uuid,
    /// Who visited.
    pub worker: Named,
    /// Who read it.
    pub reviewer: Named,
    /// ok or ask.
    pub verdict: String,
    /// Why it was asked back, list `review_reason`.
    pub reasons: Vec<String>,
    /// What the worker should add or explain.
    pub comment: String,
    /// What the worker answered.
    pub answer: Option<String>,
    /// When (ISO 8601, UTC).
    pub answered_at: Option<String>,
    /// When it was written (ISO 8601, UTC).
    pub created_at: String,
    /// Whether this caller may answer it now.
    pub can_answer: bool,
    /// Revision.
    pub rev: i32,
}

/// A drawn sample.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SampleView {
    /// The seed; the same seed draws the same visits while none was reviewed or entered since.
    pub seed: u64,
    /// Days from which it was drawn.
    pub window_days: i64,
    /// The visits.
    pub items: Vec<VisitView>,
}

/// What to draw.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SampleQuery {
    /// Inside this place; the caller's own place when left out.
    pub place: Option<String>,
    /// How many visits, 1 to 100; 20 when left out.
    pub n: Option<usize>,
    /// Seed; a new one when left out.
    pub seed: Option<u64>,
}

/// Which reviews to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReviewQuery {
    /// Of this visit.
    pub visit: Option<Uuid>,
    /// Inside this place; the caller's own place when left out.
    pub place: Option<String>,
    /// ok or ask.
    pub verdict: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The answer to a question.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnswer {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision the caller saw.
    pub rev: i32,
    /// The answer.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// Draws visits to read.
#[utoipa::path(get, path = "/visit-reviews/sample", tag = "people", params(SampleQuery),
    responses((status = 200, body = SampleView), Problems), extensions(("x-permit" = json!("people.visits.review"))))]
async fn sample(scope: Scope<Review>, Query(q): Query<SampleQuery>) -> Outcome<Json<SampleView>> {
    let n = q.n.unwrap_or(20);
    if !(1..=model::MOST).contains(&n) {
        return Err(Problem::invalid(Field::new(
            "n",
            "range",
            "抽查数量应在 1 到 100 之间，请修改。",
            "Draw between 1 and 100 visits.",
        )));
    }
    let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
    scope.must_cover(&place)?;
    let codes = due::codes_in(&scope.labels(place.path).await?, &place.path);
    let window = Params::national().whole("review.window_days", &due::nearest(&codes), scope.today()).unwrap_or(30);
    // A seed that a desk can hold as a number.
    let fresh = || scope.new_id().as_u64_pair().1 >> 11;
    let seed = q.seed.unwrap_or_else(fresh);
    let visits = store::sample(&scope, &place, n, window, seed).await?;
    let items = views(&scope.also::<Read>()?, visits, false).await?;
    Ok(Json(SampleView { seed, window_days: window, items }))
}

/// Writes what was found in a visit.
#[utoipa::path(post, path = "/visit-reviews", tag = "people", request_body = NewReview,
    responses((status = 201, body = ReviewView), (status = 200, body = ReviewView), Problems),
    extensions(("x-permit" = json!("people.visits.review"))))]
async fn create(scope: Scope<Review>, body: Body<NewReview>) -> Outcome<(StatusCode, Json<ReviewView>)> {
    let id = body.value.id;
    let written = actions::record(&scope, body).await?;
    answered(&scope.also::<Read>()?, id, written).await
}

/// Answers a question about an own visit.
#[utoipa::path(post, path = "/visit-reviews/{id}/answer", tag = "people", params(("id" = Uuid, Path)), request_body = NewAnswer,
    responses((status = 201, body = ReviewView), (status = 200, body = ReviewView), Problems),
    extensions(("x-permit" = json!("people.visits.revise"))))]
async fn answer(
    scope: Scope<Revise>,
    Segment(id): Segment<Uuid>,
    body: Body<NewAnswer>,
) -> Outcome<(StatusCode, Json<ReviewView>)> {
    let NewAnswer { id: once, rev, text } = body.value;
    let written = actions::answer(&scope, id, (once, rev), text, &body.digest).await?;
    answered(&scope.also::<Read>()?, id, written).await
}

/// Reviews, newest first.
#[utoipa::path(get, path = "/visit-reviews", tag = "people", params(ReviewQuery),
    responses((status = 200, body = Page<ReviewView>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn list(scope: Scope<Read>, Query(q): Query<ReviewQuery>) -> Outcome<Json<Page<ReviewView>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    if q.verdict.as_deref().is_some_and(|v| v != "ok" && v != "ask") {
        return Err(Problem::invalid(Field::unknown_code("verdict", "review_verdict")));
    }
    let query = match q.visit {
        Some(visit) => store::of_visit(&scope, visit),
        None => {
            let place = scope.place_or_own("place", q.place.as_deref()).await?.place();
            store::of_place(&scope, &place, q.verdict.as_deref(), after, limit + 1)
        }
    };
    let page = Page::cut(query.all().await?, limit, |r| r.id);
    let items = shown(&scope, page.items).await?;
    Ok(Json(Page { items, next: page.next }))
}

async fn answered(scope: &Scope<Read>, id: Id, written: Written) -> Outcome<(StatusCode, Json<ReviewView>)> {
    use sea_orm::ColumnTrait as _;
    let row = scope.find::<visit_review::Entity>().filter(visit_review::Column::Id.eq(id)).required().await?;
    let view = shown(scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(view)))
}

async fn shown(scope: &Scope<Read>, rows: Vec<visit_review::Model>) -> Outcome<Vec<ReviewView>> {
    let names = scope.account_names(rows.iter().flat_map(|r| [r.worker_id, r.reviewer_id]).collect()).await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    Ok(rows
        .into_iter()
        .map(|r| ReviewView {
            id: r.id,
            visit_id: r.visit_id,
            worker: named(r.worker_id),
            reviewer: named(r.reviewer_id),
            reasons: serde_json::from_str(&r.reasons).unwrap_or_default(),
            can_answer: r.verdict == "ask" && r.answer.is_none() && r.worker_id == scope.actor(),
            verdict: r.verdict,
            comment: r.comment,
            answer: r.answer,
            answered_at: r.answered_at.map(iso),
            created_at: iso(r.created_at),
            rev: r.rev,
        })
        .collect())
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(sample)).routes(routes!(answer))
}
