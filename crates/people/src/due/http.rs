//! The due list over HTTP.

use access::{House, Page, Params, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Outcome, day, page, params};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    actions,
    asked::{Asked, DueQuery},
    model, store,
};
use crate::{
    persons::{self, PersonRow, row::person},
    visits::Read,
};

/// Somebody who is due, with the reason.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DueRow {
    /// Who.
    pub person: PersonRow,
    /// The last day in time.
    pub next_due_on: NaiveDate,
    /// Days since then; 0 while in time.
    pub overdue_days: i64,
    /// Who should look at it by now: none, worker, head or reviewer.
    pub escalated_to: String,
    /// Why then; null when a rule has changed since the day was set.
    pub why: Option<model::Why>,
}

/// People to be visited, the longest overdue first.
#[utoipa::path(get, path = "/due", tag = "people", params(DueQuery),
    responses((status = 200, body = Page<DueRow>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<DueQuery>) -> Outcome<Json<Page<DueRow>>> {
    let limit = page::limit(q.limit)?;
    let page = Asked::check(&scope, &q).await?.page(&scope, q.cursor.as_deref(), limit).await?;
    let items = rows_of(&scope, page.items).await?;
    Ok(Json(Page { items, next: page.next }))
}

/// How many days ahead a visit is shown as soon.
pub(crate) fn soon_days(places: &[&str], today: NaiveDate) -> i64 {
    params::Params::national().whole("visit.soon_days", places, today).unwrap_or(0)
}

/// Due people as shown.
pub(crate) async fn rows_of(scope: &Scope<Read>, people: Vec<person::Model>) -> Outcome<Vec<DueRow>> {
    let (params, today) = (params::Params::national(), scope.today());
    let labels = scope.labels(people.iter().flat_map(person::Model::path)).await?;
    let mut reasons = Vec::with_capacity(people.len());
    for person in &people {
        let codes = actions::codes_in(&labels, &person.path());
        let places = actions::nearest(&codes);
        let plain = model::plain_why(&person.ledger_state, &person.grade, person.cat_bits, params, &places, today);
        let why = match plain {
            Some(why) => Some(why),
            None => {
                let standing = store::standing_of(scope, person).await?;
                model::next_due(&standing, params, &places, today).map(|next| next.why)
            }
        };
        let overdue = day::days_between(person.next_due_on, today).max(0);
        reasons.push((person.next_due_on, overdue, model::escalated_to(overdue, params, &places, today), why));
    }
    let people = persons::rows(scope, people).await?;
    Ok(people
        .into_iter()
        .zip(reasons)
        .map(|(person, (next_due_on, overdue_days, escalated_to, why))| DueRow {
            person,
            next_due_on,
            overdue_days,
            escalated_to: escalated_to.to_owned(),
            why,
        })
        .collect())
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}
