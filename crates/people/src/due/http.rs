//! The due list over HTTP.

use access::{House, Page, Params, Problems, Scope};
use axum::Json;
use chrono::NaiveDate;
use kernel::{Field, Outcome, Problem, day, page, params};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{actions, model, store};
use crate::{
    persons::{self, PersonRow, row::person},
    visits::{self, Read},
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

/// Which due visits to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct DueQuery {
    /// Inside this place; the caller's own place when left out.
    pub place: Option<String>,
    /// In the care of this account.
    pub worker: Option<Uuid>,
    /// overdue, due (today) or soon; all three when left out. `not_reached`: priority clients missed several times in a row.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// People to be visited, the longest overdue first.
#[utoipa::path(get, path = "/due", tag = "people", params(DueQuery),
    responses((status = 200, body = Page<DueRow>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<DueQuery>) -> Outcome<Json<Page<DueRow>>> {
    let limit = page::limit(q.limit)?;
    let after = visits::model::day_key(q.cursor.as_deref())?;
    let place = scope.place_or_own("place", q.place.as_deref()).await?;
    let codes = actions::codes_in(&scope.labels(place.place().path).await?, &place.place().path);
    let soon = soon_days(&actions::nearest(&codes), scope.today());
    let places = actions::nearest(&codes);
    let missed = (q.state.as_deref() == Some("not_reached")).then(|| model::missed(&places, scope.today()));
    let window = match missed {
        Some((_, until)) => (None, until),
        None => model::window(q.state.as_deref(), soon, scope.today())
            .ok_or_else(|| Problem::invalid(Field::unknown_code("state", "due_state")))?,
    };
    let mut query = store::due_in(&scope, &place.place(), q.worker, window, after);
    if let Some((failures, _)) = missed {
        query = store::missed(query, failures);
    }
    let rows = query.limit(limit + 1).all().await?;
    let page = Page::cut(rows, limit, |p| (p.next_due_on, p.id));
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
