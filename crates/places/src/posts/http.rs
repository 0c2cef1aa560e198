//! HTTP of posts and assignments.

use access::{Body, House, Outcome, Problem, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Day, Id};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    actions,
    model::{AssignmentChange, NewAssignment, NewPost, PostChange},
    row::{assignment, post},
};
use crate::{
    network::{Change, Read},
    stations::row::station,
};

/// An assignment as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AssignmentView {
    /// Id.
    pub id: Uuid,
    /// Name of the worker.
    pub worker_name: String,
    /// The worker's account.
    pub account_id: Option<Uuid>,
    /// See code list `employment_mode`.
    pub employment_mode: String,
    /// Share of full time.
    pub share: f64,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Revision.
    pub rev: i32,
}

/// A post as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PostView {
    /// Id.
    pub id: Uuid,
    /// Kind, see code list `post_kind`.
    pub kind: String,
    /// People planned.
    pub headcount: i32,
    /// The point it stands at; null for the station itself.
    pub point_id: Option<Uuid>,
    /// Who pays for it.
    pub funded_by: Option<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Full-time equivalents filled today.
    pub filled: f64,
    /// Who was and is assigned, oldest first.
    pub assignments: Vec<AssignmentView>,
    /// Revision.
    pub rev: i32,
}

impl AssignmentView {
    fn of(row: &assignment::Model) -> Self {
        Self {
            id: row.id,
            worker_name: row.worker_name.clone(),
            account_id: row.account_id,
            employment_mode: row.employment_mode.clone(),
            share: f64::from(row.share_pct) / 100.0,
            from: row.from_on,
            to: row.to_on,
            rev: row.rev,
        }
    }
}

impl assignment::Model {
    /// Whether it holds on a day.
    pub fn is_active(&self, on: Day) -> bool {
        self.from_on <= on && self.to_on.is_none_or(|to| on <= to)
    }
}

/// The posts of a visible station with their assignments, oldest first.
pub async fn rows(scope: &Scope<Read>, row: &station::Model) -> Outcome<(Vec<post::Model>, Vec<assignment::Model>)> {
    let mut posts = scope.parts::<post::Entity, station::Entity>(row).all().await?;
    posts.sort_by_key(|p| (p.from_on, p.id));
    let mut people = scope.parts::<assignment::Entity, station::Entity>(row).all().await?;
    people.sort_by_key(|a| (a.from_on, a.id));
    Ok((posts, people))
}

/// Posts as shown on a day.
pub fn views(posts: &[post::Model], people: &[assignment::Model], on: Day) -> Vec<PostView> {
    posts.iter().map(|post| view(post, people, on)).collect()
}

fn view(post: &post::Model, people: &[assignment::Model], on: Day) -> PostView {
    let here: Vec<&assignment::Model> = people.iter().filter(|a| a.post_id == post.id).collect();
    let percent: i32 = here.iter().filter(|a| a.is_active(on)).map(|a| a.share_pct).sum();
    PostView {
        id: post.id,
        kind: post.kind.clone(),
        headcount: post.headcount,
        point_id: post.point_id,
        funded_by: post.funded_by.clone(),
        from: post.from_on,
        to: post.to_on,
        filled: f64::from(percent) / 100.0,
        assignments: here.into_iter().map(AssignmentView::of).collect(),
        rev: post.rev,
    }
}

async fn one(scope: &Scope<Read>, station: Id, post: Id) -> Outcome<PostView> {
    let row = crate::stations::store::get(scope, station).await?;
    let (posts, people) = rows(scope, &row).await?;
    let found = posts.iter().find(|p| p.id == post).ok_or(Problem::NotFound)?;
    Ok(view(found, &people, scope.today()))
}

fn answered(written: Written) -> StatusCode {
    if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }
}

/// Plans a post of a station or of one of its points.
#[utoipa::path(post, path = "/stations/{id}/posts", tag = "network", params(("id" = Uuid, Path)), request_body = NewPost,
    responses((status = 201, body = PostView), (status = 200, body = PostView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn plan(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewPost>,
) -> Outcome<(StatusCode, Json<PostView>)> {
    let post = body.value.id;
    let written = actions::plan(&scope, id, body.value, &body.digest).await?;
    Ok((answered(written), Json(one(&scope.also()?, id, post).await?)))
}

/// Changes the headcount of a post, or ends it with its open assignments.
#[utoipa::path(patch, path = "/posts/{id}", tag = "network", params(("id" = Uuid, Path)), request_body = PostChange,
    responses((status = 200, body = PostView), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn change(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<PostChange>) -> Outcome<Json<PostView>> {
    let station = actions::change(&scope, id, body.value).await?;
    Ok(Json(one(&scope.also()?, station, id).await?))
}

/// Assigns a worker to a post.
#[utoipa::path(post, path = "/posts/{id}/assignments", tag = "network", params(("id" = Uuid, Path)),
    request_body = NewAssignment,
    responses((status = 201, body = AssignmentView), (status = 200, body = AssignmentView), Problems),
    extensions(("x-permit" = json!("places.network.change"))))]
async fn assign(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewAssignment>,
) -> Outcome<(StatusCode, Json<AssignmentView>)> {
    let assignment = body.value.id;
    let written = actions::assign(&scope, id, body.value, &body.digest).await?;
    Ok((answered(written), Json(assigned(&scope.also()?, assignment).await?)))
}

/// An account that may be put on a post: just enough to choose it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Candidate {
    /// Account id.
    pub id: Uuid,
    /// Display name.
    pub display_name: String,
}

/// Accounts that may be put on a post.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Candidates {
    /// In the order of their names.
    pub items: Vec<Candidate>,
}

/// Accounts with a worker's role for the township of a station (or a wider place of the caller), to tie an assignment to.
#[utoipa::path(get, path = "/stations/{id}/candidates", tag = "network", params(("id" = Uuid, Path)),
    responses((status = 200, body = Candidates), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn candidates(scope: Scope<Change>, Segment(id): Segment<Uuid>) -> Outcome<Json<Candidates>> {
    use sea_orm::ColumnTrait as _;
    let row = scope.find::<station::Entity>().filter(station::Column::Id.eq(id)).required().await?;
    let township = scope.division(row.township_id).await?.place();
    let found = scope.workers_at(&township).await?;
    let items = found.into_iter().map(|(id, display_name)| Candidate { id, display_name }).collect();
    Ok(Json(Candidates { items }))
}

/// Ends an assignment.
#[utoipa::path(patch, path = "/assignments/{id}", tag = "network", params(("id" = Uuid, Path)),
    request_body = AssignmentChange,
    responses((status = 200, body = AssignmentView), Problems), extensions(("x-permit" = json!("places.network.change"))))]
async fn end(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<AssignmentChange>,
) -> Outcome<Json<AssignmentView>> {
    actions::end(&scope, id, body.value).await?;
    Ok(Json(assigned(&scope.also()?, id).await?))
}

async fn assigned(scope: &Scope<Read>, id: Id) -> Outcome<AssignmentView> {
    use sea_orm::ColumnTrait as _;
    let row = scope.find::<assignment::Entity>().filter(assignment::Column::Id.eq(id)).required().await?;
    Ok(AssignmentView::of(&row))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(plan))
        .routes(routes!(change))
        .routes(routes!(assign))
        .routes(routes!(end))
        .routes(routes!(candidates))
}
