//! Operations on minors' files: what the caller may do, and asking.

use access::{Body, House, Problems, Scope, Segment, Written, iso, restricted};
use axum::{Json, http::StatusCode};
use kernel::Outcome;
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Ask, actions, is_minor, store};
use crate::persons::{Read, row::person};

/// Whether the caller may open the file of a person.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct MinorAccess {
    /// Whether the person is a minor today.
    pub minor: bool,
    /// Whether the file is open to the caller.
    pub open: bool,
    /// How; null while closed.
    pub way: Option<store::Way>,
    /// Until when (ISO 8601, UTC); null when it has no end.
    pub until: Option<String>,
    /// Newest request of the caller: waiting, approved, refused or revoked; null when there is none.
    pub request: Option<String>,
}

/// A request for one opening.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpening {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// What for.
    #[schema(max_length = 200)]
    pub reason: String,
    /// For how long; the parameter `minors.opening_minutes` is the most.
    #[schema(minimum = 1)]
    pub minutes: i32,
}

/// What the caller may do with the file of this person.
pub async fn access_of(scope: &Scope<Read>, person: &person::Model) -> Outcome<MinorAccess> {
    let way = store::way(scope, person).await?;
    let minor = is_minor(person, scope.today());
    let request = if minor { restricted::newest_request(scope, person.id).await? } else { None };
    Ok(MinorAccess {
        minor,
        open: way.is_some(),
        way: way.map(|(way, _)| way),
        until: way.and_then(|(_, until)| until).map(iso),
        request,
    })
}

/// Whether the file of this person is open to the caller; the desk asks again while a request waits.
#[utoipa::path(get, path = "/persons/{id}/opening", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = MinorAccess), Problems), extensions(("x-permit" = json!("people.persons.read"))))]
async fn get_one(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<MinorAccess>> {
    let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
    access_of(&scope, &person).await.map(Json)
}

/// Asks for one opening of a minor's file.
#[utoipa::path(post, path = "/persons/{id}/opening", tag = "people", params(("id" = Uuid, Path)), request_body = NewOpening,
    responses((status = 201, body = MinorAccess), (status = 200, body = MinorAccess), Problems),
    extensions(("x-permit" = json!("people.minors.ask"))))]
async fn request(
    scope: Scope<Ask>,
    Segment(id): Segment<Uuid>,
    body: Body<NewOpening>,
) -> Outcome<(StatusCode, Json<MinorAccess>)> {
    let written = actions::request(&scope, id, body.value, &body.digest).await?;
    let read: Scope<Read> = scope.also()?;
    let person = read.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(access_of(&read, &person).await?)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(get_one, request))
}
