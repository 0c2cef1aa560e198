//! The timeline over HTTP.

use access::{House, Page, Params, Problems, Scope, Segment, iso};
use axum::{
    Json,
    http::{HeaderMap, header},
};
use chrono::NaiveDate;
use kernel::{Outcome, codes::Lang, page};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::{self, Key},
    store,
};
use crate::{
    minors,
    persons::Named,
    visits::{self, Read, http::named},
};

/// Something that happened to or with a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimelineItem {
    /// When it was entered (ISO 8601, UTC).
    pub at: String,
    /// The day it belongs to; an addendum stands on the day of its visit.
    pub on: NaiveDate,
    /// visit, addendum, ledger, category, household or person.
    pub kind: String,
    /// What happened.
    pub title: String,
    /// More about it.
    pub text: String,
    /// Who did it; null when that is only in the history of the record.
    pub actor: Option<Named>,
    /// The record behind it: visit (also for addenda), ledger entry, category assignment, household or person.
    pub ref_id: Uuid,
}

/// Which page of the timeline.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// What happened to a person, the latest first; words in the language asked for.
#[utoipa::path(get, path = "/persons/{id}/timeline", tag = "people", params(("id" = Uuid, Path), TimelineQuery),
    responses((status = 200, body = Page<TimelineItem>), Problems), extensions(("x-permit" = json!("people.visits.read"))))]
async fn list(
    scope: Scope<Read>,
    headers: HeaderMap,
    Segment(id): Segment<Uuid>,
    Params(q): Params<TimelineQuery>,
) -> Outcome<Json<Page<TimelineItem>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Key> = page::decode(q.cursor.as_deref())?;
    visits::model::refuse(visits::model::day_faults("cursor", after.map(|k| k.0)).into_iter().collect())?;
    let person = visits::store::person(&scope, id, None).await?;
    let rows = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let mut items = store::items(&scope, &person, after, rows, language(&headers)).await?;
    match minors::way(&scope, &person).await? {
        Some((minors::Way::Adult, _)) => {}
        // A minor's file: the opening is recorded before the answer.
        Some((way, _)) => minors::record(&scope, &person, Some(way)).await?,
        None => items.iter_mut().for_each(|item| item.text.clear()),
    }
    let names = scope.account_names(items.iter().filter_map(|i| i.actor).collect()).await?;
    let page = Page::cut(items, limit, |item| item.key);
    Ok(Json(page.map(|item: model::Item| TimelineItem {
        at: iso(item.at),
        on: item.key.0,
        kind: item.kind.to_owned(),
        title: item.title,
        text: item.text,
        actor: item.actor.map(|id| named(&names, id)),
        ref_id: item.ref_id,
    })))
}

fn language(headers: &HeaderMap) -> Lang {
    let english =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("en"));
    if english { Lang::En } else { Lang::Zh }
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list))
}
