//! Open risks on the page of a person, and their closing.

use access::{Body, House, Problems, Scope, Segment, Written};
use axum::{Json, http::StatusCode};
use kernel::{Outcome, Permit};
use sea_orm::Order;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    actions::{self, CloseRisk},
    row::risk,
};
use crate::{
    ledger::http::Mover,
    persons::{self, Named, PersonPage, row::person},
};

/// A red risk sign as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RiskView {
    /// Id.
    pub id: Uuid,
    /// Code of list `risk_sign`; empty where names are masked.
    pub sign: String,
    /// The visit that saw it.
    pub visit_id: Uuid,
    /// open, closing (waits for the second person) or closed.
    pub state: String,
    /// Day on which it was entered.
    pub opened_on: chrono::NaiveDate,
    /// Who entered it.
    pub opened_by: Named,
    /// Who asked for the closing.
    pub asked_by: Option<Named>,
    /// What was done; empty where names are masked.
    pub close_note: String,
    /// Who signed it off.
    pub closed_by: Option<Named>,
    /// When.
    pub closed_on: Option<chrono::NaiveDate>,
    /// Whether this caller may take the next step (ask, or sign off).
    pub allowed: bool,
    /// Revision.
    pub rev: i32,
}

/// The risks of a person, the newest first; `masked` leaves out what they are.
pub async fn of<P: Permit>(scope: &Scope<P>, person: &person::Model, masked: bool) -> Outcome<Vec<RiskView>> {
    let rows = scope.parts::<risk::Entity, person::Entity>(person).order(risk::Column::Id, Order::Desc).read().await?;
    let ids = rows.iter().flat_map(|r| [Some(r.opened_by), r.asked_by, r.closed_by]).flatten().collect();
    let names = scope.account_names(ids).await?;
    let named = |id: Uuid| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let (moves, approves) = (scope.holds::<crate::ledger::Move>(), scope.holds::<crate::ledger::Approve>());
    let shown = |r: risk::Model| RiskView {
        allowed: match r.state.as_str() {
            "open" => moves,
            "closing" => approves && r.asked_by != Some(scope.actor()),
            _ => false,
        },
        id: r.id,
        sign: if masked { String::new() } else { r.sign },
        visit_id: r.visit_id,
        state: r.state,
        opened_on: r.opened_on,
        opened_by: named(r.opened_by),
        asked_by: r.asked_by.map(named),
        close_note: if masked { String::new() } else { r.close_note },
        closed_by: r.closed_by.map(named),
        closed_on: r.closed_on,
        rev: r.rev,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Asks for the closing of a red risk, or signs it off: it takes two people.
#[utoipa::path(post, path = "/persons/{id}/risks/{risk}/close", tag = "people",
    params(("id" = Uuid, Path), ("risk" = Uuid, Path)), request_body = CloseRisk,
    responses((status = 201, body = PersonPage), (status = 200, body = PersonPage), Problems),
    extensions(("x-permit" = json!(["people.ledger.move", "people.ledger.approve"]))))]
async fn close(
    mover: Mover,
    Segment((id, risk)): Segment<(Uuid, Uuid)>,
    body: Body<CloseRisk>,
) -> Outcome<(StatusCode, Json<PersonPage>)> {
    persons::page(&mover.read, id).await?;
    let (hands, new, digest) = (mover.hands(), body.value, &body.digest);
    let written = match (&mover.moves, &mover.approves) {
        (_, Some(scope)) => actions::close(scope, hands, risk, new, digest).await?,
        (Some(scope), None) => actions::close(scope, hands, risk, new, digest).await?,
        (None, None) => return Err(kernel::Problem::Forbidden),
    };
    let page = persons::page(&mover.read, id).await?;
    Ok((if written == Written::New { StatusCode::CREATED } else { StatusCode::OK }, Json(page)))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(close))
}
