//! Operations on categories.

use access::{Body, House, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Outcome, codes};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Change, Review, actions,
    model::{EndCategory, NewCategory},
    review::{self, RecheckCategory, ReviewCategory},
    row::category_assignment,
};
use crate::persons::{self, PersonPage};

/// A category of a person as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CategoryView {
    /// Id.
    pub id: Uuid,
    /// Code of list `category`.
    pub category: String,
    /// Chinese label.
    pub label: String,
    /// Decided by an authority (法定类别).
    pub statutory: bool,
    /// Code of list `category_source`.
    pub source: String,
    /// Code of list `evidence_kind`.
    pub evidence_kind: String,
    /// Number or name of the evidence; empty where names are masked.
    pub evidence_ref: String,
    /// First day.
    pub from: chrono::NaiveDate,
    /// First day without it; null while open.
    pub to: Option<chrono::NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// When to look at it again.
    pub next_review_on: Option<chrono::NaiveDate>,
    /// Why it is to be looked at early, list `recheck_cause`.
    pub review_cause: Option<String>,
    /// Last review.
    pub reviewed_on: Option<chrono::NaiveDate>,
    /// Finer code of list `category_sub`.
    pub sub_code: Option<String>,
    /// Last day of certificate or recognition.
    pub valid_until: Option<chrono::NaiveDate>,
    /// Revision.
    pub rev: i32,
}

impl CategoryView {
    /// The view; none for a restricted category.
    pub fn of(row: category_assignment::Model, masked: bool) -> Option<Self> {
        let known = codes::category(&row.category);
        if known.and_then(|c| c.restricted) == Some(true) {
            return None;
        }
        Some(Self {
            id: row.id,
            label: known.map_or_else(|| row.category.clone(), |c| c.label.clone()),
            statutory: known.and_then(|c| c.statutory) == Some(true),
            category: row.category,
            source: row.source,
            evidence_kind: row.evidence_kind,
            evidence_ref: if masked { String::new() } else { row.evidence_ref },
            from: row.from_on,
            to: row.to_on,
            end_reason: row.end_reason.filter(|_| !masked),
            next_review_on: row.next_review_on,
            review_cause: Some(row.review_cause).filter(|c| !c.is_empty()),
            reviewed_on: row.reviewed_on,
            sub_code: Some(row.sub_code).filter(|c| !c.is_empty()),
            valid_until: row.valid_until,
            rev: row.rev,
        })
    }
}

/// Assigns a category.
#[utoipa::path(post, path = "/persons/{id}/categories", tag = "people", params(("id" = Uuid, Path)), request_body = NewCategory,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!("people.categories.change"))))]
async fn assign(
    scope: Scope<Change>,
    Segment(id): Segment<Uuid>,
    body: Body<NewCategory>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let written = actions::assign(&scope, id, body.value, &body.digest).await?;
    let page = persons::page(&scope.also()?, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

/// Ends a category.
#[utoipa::path(post, path = "/categories/{id}/end", tag = "people", params(("id" = Uuid, Path)), request_body = EndCategory,
    responses((status = 200, body = PersonPage), Problems), extensions(("x-permit" = json!("people.categories.change"))))]
async fn end(scope: Scope<Change>, Segment(id): Segment<Uuid>, body: Body<EndCategory>) -> Outcome<Json<PersonPage>> {
    let person = actions::end(&scope, id, body.value).await?;
    Ok(Json(persons::page(&scope.also()?, person).await?))
}

/// Records a review of a category: kept until its next one, or ended.
#[utoipa::path(post, path = "/persons/{id}/categories/{category}/review", tag = "people",
    params(("id" = Uuid, Path), ("category" = Uuid, Path)), request_body = ReviewCategory,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!("people.categories.review"))))]
async fn review_one(
    scope: Scope<Review>,
    Segment((id, category)): Segment<(Uuid, Uuid)>,
    body: Body<ReviewCategory>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let written = review::review(&scope, (id, category), body.value, &body.digest).await?;
    let page = persons::page(&scope.also()?, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

/// Notes a cause that asks for an early review of a category.
#[utoipa::path(post, path = "/persons/{id}/categories/{category}/recheck", tag = "people",
    params(("id" = Uuid, Path), ("category" = Uuid, Path)), request_body = RecheckCategory,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!("people.categories.review"))))]
async fn recheck_one(
    scope: Scope<Review>,
    Segment((id, category)): Segment<(Uuid, Uuid)>,
    body: Body<RecheckCategory>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    let written = review::recheck(&scope, (id, category), body.value, &body.digest).await?;
    let page = persons::page(&scope.also()?, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(assign))
        .routes(routes!(end))
        .routes(routes!(review_one))
        .routes(routes!(recheck_one))
}
