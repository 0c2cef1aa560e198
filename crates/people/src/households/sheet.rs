//! The household visit sheet (家庭走访单): every present member on one page, with what is due, why, and until when.
//!
//! One household should not mean several trips (experience 3.2 row 13), so whoever is not due stands on it as well.

use access::{House, PlaceRef, Problems, Scope, Segment};
use axum::Json;
use kernel::{Id, Outcome, Problem};
use sea_orm::ColumnTrait as _;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Read, model::HEAD, row::household, store};
use crate::{
    due::{self, http::DueRow},
    persons::{self, Named, row::person},
    visits,
};

/// One member on the sheet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HouseholdSheetRow)]
pub struct SheetRow {
    /// Id of the membership.
    pub membership_id: Uuid,
    /// Code of list `relation`.
    pub relation: String,
    /// Whether this is the head.
    pub is_head: bool,
    /// Lives in the household.
    pub is_cohabiting: bool,
    /// The member and what is due; null when the caller may not see the person.
    pub due: Option<DueRow>,
}

/// A household visit sheet.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HouseholdSheet {
    /// The household.
    pub id: Uuid,
    /// Code of list `household_kind`.
    pub kind: String,
    /// The head; null when the caller may not see the person, or there is none.
    pub head: Option<Named>,
    /// Village.
    pub village: Option<PlaceRef>,
    /// Township.
    pub township: Option<PlaceRef>,
    /// Day the sheet was made for.
    pub on: chrono::NaiveDate,
    /// Present members, the head first, then by due day.
    pub items: Vec<SheetRow>,
}

/// Everybody of a household with what is due; opening it is recorded like opening the household.
#[utoipa::path(get, path = "/households/{id}/sheet", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = HouseholdSheet), Problems), extensions(("x-permit" = json!("people.households.read"))))]
async fn sheet(scope: Scope<Read>, Segment(id): Segment<Uuid>) -> Outcome<Json<HouseholdSheet>> {
    let home = store::find(&scope, None, id).await?.ok_or(Problem::NotFound)?;
    scope.opened::<household::Entity>(&home).await?;
    let members: Vec<_> = store::members_of(&scope, &home).await?.into_iter().filter(|m| m.to_on.is_none()).collect();
    let mut rows = due_rows(&scope, members.iter().map(|m| m.person_id).collect()).await?;
    let mut items: Vec<SheetRow> = members
        .into_iter()
        .map(|m| SheetRow {
            membership_id: m.id,
            is_head: m.relation == HEAD,
            relation: m.relation,
            is_cohabiting: m.is_cohabiting,
            due: rows.iter().position(|r| r.person.id == m.person_id).map(|at| rows.swap_remove(at)),
        })
        .collect();
    items.sort_by_key(|i| (!i.is_head, i.due.is_none(), i.due.as_ref().map(|d| d.next_due_on), i.membership_id));
    let mut labels = scope.labels([home.village_id, home.township_id]).await?;
    let head = items.iter().find(|i| i.is_head).and_then(|i| i.due.as_ref());
    Ok(Json(HouseholdSheet {
        head: head.map(|d| Named { id: d.person.id, name: d.person.name.clone() }),
        village: labels.remove(&home.village_id),
        township: labels.remove(&home.township_id),
        on: scope.today(),
        id: home.id,
        kind: home.kind,
        items,
    }))
}

/// What is due of those the caller may see.
async fn due_rows(scope: &Scope<Read>, ids: Vec<Id>) -> Outcome<Vec<DueRow>> {
    let Ok(people) = scope.also::<persons::Read>() else { return Ok(Vec::new()) };
    let Ok(visits) = scope.also::<visits::Read>() else { return Ok(Vec::new()) };
    let rows = people.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    due::http::rows_of(&visits, rows).await
}

/// The route of the sheet.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(sheet))
}
