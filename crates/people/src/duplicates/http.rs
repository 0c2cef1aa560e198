//! Operations on possible duplicates.

use std::collections::HashMap;

use access::{Body, House, Page, Params, Problems, Scope, Segment};
use axum::{Json, http::StatusCode};
use kernel::{Field, Id, Level, Outcome, Problem, page as paging};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{DISMISSED, Decide, MERGED, OPEN, Read, actions, row::person_twin, scan, store};
use crate::persons::{self, PersonRow};

/// Which pairs to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TwinQuery {
    /// Division code.
    pub place: Option<String>,
    /// open, dismissed or merged; open when left out.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Two records that may be one person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TwinView {
    /// Id of the pair.
    pub id: Uuid,
    /// How alike, 0 to 100; a hint of the machine.
    pub score: i32,
    /// Reasons, for and against.
    pub why: Vec<String>,
    /// open, dismissed or merged.
    pub state: String,
    /// One record.
    pub first: PersonRow,
    /// The other.
    pub second: PersonRow,
    /// The records lie in different townships, so that a merge needs a second person.
    pub across: bool,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// Why the two are two people.
    pub reason: Option<String>,
}

/// Possible duplicates inside the scope, newest first; both records lie inside.
#[utoipa::path(get, path = "/duplicates", tag = "people", params(TwinQuery),
    responses((status = 200, body = Page<TwinView>), Problems), extensions(("x-permit" = json!("people.duplicates.read"))))]
async fn list(scope: Scope<Read>, Params(q): Params<TwinQuery>) -> Outcome<Json<Page<TwinView>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    let state = q.state.as_deref().unwrap_or(OPEN);
    if ![OPEN, DISMISSED, MERGED].contains(&state) {
        return Err(Problem::invalid(Field::new(
            "state",
            "unknown_code",
            "状态只能是 open、dismissed 或 merged。",
            "The state is open, dismissed or merged.",
        )));
    }
    let place = match q.place.as_deref() {
        Some(text) => Some(scope.resolve("place", text).await?.place()),
        None => None,
    };
    let pairs = store::listing(&scope, place.as_ref(), state, after, limit + 1).all().await?;
    let Page { items, next } = Page::cut(pairs, limit, |pair| pair.id);
    Ok(Json(Page { items: views(&scope, items).await?, next }))
}

/// Pairs with their records; a pair of which the caller sees only one is left out.
async fn views(scope: &Scope<Read>, pairs: Vec<person_twin::Model>) -> Outcome<Vec<TwinView>> {
    let people = store::both(scope, &pairs).await?;
    let townships: HashMap<Id, i32> = people.iter().map(|p| (p.id, p.township_id)).collect();
    let rows: HashMap<Id, PersonRow> =
        persons::rows(scope, people).await?.into_iter().map(|row| (row.id, row)).collect();
    let view = |pair: person_twin::Model| {
        Some(TwinView {
            first: rows.get(&pair.first_id)?.clone(),
            second: rows.get(&pair.second_id)?.clone(),
            across: townships.get(&pair.first_id) != townships.get(&pair.second_id),
            why: serde_json::from_str(&pair.why).unwrap_or_default(),
            id: pair.id,
            score: pair.score,
            state: pair.state,
            decided_at: pair.decided_at.map(access::iso),
            reason: pair.reason.filter(|_| !scope.masked()),
        })
    };
    Ok(pairs.into_iter().filter_map(view).collect())
}

/// Why two records are two people.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// In words.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// Decides that two records are two people; the pair is not shown again.
#[utoipa::path(post, path = "/duplicates/{id}/dismiss", tag = "people", params(("id" = Uuid, Path)), request_body = Dismissal,
    responses((status = 204), Problems), extensions(("x-permit" = json!("people.duplicates.decide"))))]
async fn dismiss(scope: Scope<Decide>, Segment(id): Segment<Uuid>, body: Body<Dismissal>) -> Outcome<StatusCode> {
    actions::dismiss(&scope, id, &body.value.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where to look for duplicates.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScan {
    /// UUIDv7 made by the client; the id of the job.
    pub id: Uuid,
    /// Division code of a county or below; the caller's own place when left out.
    pub place: Option<String>,
}

/// The job of a scan.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScanJob {
    /// Id for `/jobs/{id}`.
    pub job: Uuid,
}

/// Looks for duplicates among all records of a county or below, as a job.
#[utoipa::path(post, path = "/duplicates/scan", tag = "people", request_body = NewScan,
    responses((status = 202, body = ScanJob), Problems), extensions(("x-permit" = json!("people.duplicates.decide"))))]
async fn start_scan(scope: Scope<Decide>, body: Body<NewScan>) -> Outcome<(StatusCode, Json<ScanJob>)> {
    let NewScan { id, place } = body.value;
    let place = scope.place_or_own("place", place.as_deref()).await?.place();
    if id.get_version_num() != 7 || place.level < Level::County {
        return Err(Problem::invalid(Field::new(
            if id.get_version_num() == 7 { "place" } else { "id" },
            "range",
            "请选择县（区）、乡镇（街道）或村（社区）查重，并刷新页面后重试。",
            "Choose a county, township or village to look in, and reload the page.",
        )));
    }
    scope.must_cover(&place)?;
    scan::start(&scope, id, place);
    Ok((StatusCode::ACCEPTED, Json(ScanJob { job: id })))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(dismiss)).routes(routes!(start_scan))
}
