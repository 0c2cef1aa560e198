//! The library over HTTP.

use access::{House, Problems, Scope, Segment};
use axum::Json;
use kernel::{Outcome, Problem};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Read,
    shelf::shelf,
    view::{FactKind, PolicyPage, PolicyShort},
};

/// The library.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PolicyList {
    /// Policies in the order they are looked at: statuses, special assistance, emergencies.
    pub items: Vec<PolicyShort>,
    /// The facts conditions ask for.
    pub facts: Vec<FactKind>,
}

/// All policies and the facts they ask for.
#[utoipa::path(get, path = "/policies", tag = "aid", responses((status = 200, body = PolicyList), Problems),
    extensions(("x-permit" = json!("aid.policies.read"))))]
async fn list(_: Scope<Read>) -> Outcome<Json<PolicyList>> {
    let library = &shelf()?.all;
    Ok(Json(PolicyList {
        items: library.in_order().into_iter().map(PolicyShort::from).collect(),
        facts: library.dictionary().facts().iter().map(FactKind::from).collect(),
    }))
}

/// One policy: where to apply, papers, time limits.
#[utoipa::path(get, path = "/policies/{id}", tag = "aid", params(("id" = String, Path)),
    responses((status = 200, body = PolicyPage), Problems), extensions(("x-permit" = json!("aid.policies.read"))))]
async fn get_one(_: Scope<Read>, Segment(id): Segment<String>) -> Outcome<Json<PolicyPage>> {
    let library = &shelf()?.all;
    let card = library.cards().iter().find(|c| c.id == id).ok_or(Problem::NotFound)?;
    Ok(Json(PolicyPage::of(card, library.cards())))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get_one))
}
