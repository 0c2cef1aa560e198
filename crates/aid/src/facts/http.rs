//! Telling facts over HTTP.

use access::{Body, House, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::Outcome;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{State, actions, model::NewFact};
use crate::entitlements::{Read, http::Entitlements, view};

/// Tells a fact of a person; answers with what policies say now.
#[utoipa::path(post, path = "/persons/{id}/facts", tag = "aid", params(("id" = Uuid, Path)), request_body = NewFact,
    responses((status = 201, body = Entitlements), (status = 200, body = Entitlements), Problems),
    extensions(("x-permit" = json!("aid.facts.state"))))]
async fn create(
    scope: Scope<State>,
    Segment(id): Segment<Uuid>,
    body: Body<NewFact>,
) -> Outcome<(StatusCode, Json<Entitlements>)> {
    let written = actions::tell(&scope, id, body).await?;
    let answer = view::of(&scope.also::<Read>()?, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(create))
}
