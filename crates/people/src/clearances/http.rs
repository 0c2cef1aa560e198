//! Operations on clearances.

use access::{
    Body, House, Page, Params, Problems, Scope, Segment, iso,
    restricted::{self, row::clearance},
};
use axum::Json;
use kernel::{Field, Id, Outcome, Permit, Problem, page as paging};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Decide, actions, store};
use crate::persons::{
    self, Named, PersonRow,
    checks::{Faults, SHORT},
    row::person,
};

/// A clearance without what it is for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ClearanceView {
    /// Id.
    pub id: Uuid,
    /// named, standing, minor or break_glass.
    pub way: String,
    /// Part on the list of a restricted file; empty for other ways.
    pub part: String,
    /// Who may look.
    pub account: Named,
    /// Who asked.
    pub asked_by: Named,
    /// When (ISO 8601, UTC).
    pub asked_at: String,
    /// How long an opening shall last.
    pub minutes: Option<i32>,
    /// waiting, approved, refused or revoked.
    pub state: String,
    /// Whether it opens something now.
    pub in_force: bool,
    /// Who decided.
    pub decided_by: Option<Named>,
    /// When (ISO 8601, UTC).
    pub decided_at: Option<String>,
    /// End (ISO 8601, UTC); null while it has none.
    pub until: Option<String>,
    /// Revision.
    pub rev: i32,
}

/// A clearance in the inbox.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InboxRow {
    /// The clearance.
    #[serde(flatten)]
    pub clearance: ClearanceView,
    /// Whose file, as lists show the person.
    pub person: Option<PersonRow>,
}

/// A request in full.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClearancePage {
    /// The clearance.
    #[serde(flatten)]
    pub clearance: ClearanceView,
    /// Whose file.
    pub person: Named,
    /// Why.
    pub reason: String,
    /// Everybody proposed with it for the same restricted file.
    pub together: Vec<ClearanceView>,
}

/// What to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// waiting (default), approved, refused or revoked.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// A decision.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = ClearanceDecision)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Revision the caller saw.
    pub rev: i32,
    /// true: approve; false: refuse.
    pub approve: bool,
    /// A word to who asked.
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

/// The end of a clearance.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Revision the caller saw.
    pub rev: i32,
    /// Why.
    #[schema(max_length = 200)]
    pub reason: String,
}

/// All that waits for one worker.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingWish {
    /// The responsible worker.
    pub worker: Uuid,
}

/// How many were approved.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StandingDone {
    /// Approved now.
    pub approved: u64,
    /// Whether more wait; call again.
    pub more: bool,
}

/// Clearances as shown, in the order given.
pub(crate) async fn view<P: Permit>(scope: &Scope<P>, rows: Vec<clearance::Model>) -> Outcome<Vec<ClearanceView>> {
    let ids = rows.iter().flat_map(|r| [Some(r.account_id), Some(r.asked_by), r.decided_by]).flatten().collect();
    let names = scope.account_names(ids).await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let now = scope.now();
    let view = |row: clearance::Model| ClearanceView {
        in_force: row.holds(now),
        id: row.id,
        way: row.way,
        part: row.part,
        account: named(row.account_id),
        asked_by: named(row.asked_by),
        asked_at: iso(row.asked_at),
        minutes: row.minutes,
        state: row.state,
        decided_by: row.decided_by.map(named),
        decided_at: row.decided_at.map(iso),
        until: row.until_at.map(iso),
        rev: row.rev,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// What waits for the caller's decision, newest first.
#[utoipa::path(get, path = "/clearances", tag = "people", params(InboxQuery),
    responses((status = 200, body = Page<InboxRow>), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn list(scope: Scope<Decide>, Params(q): Params<InboxQuery>) -> Outcome<Json<Page<InboxRow>>> {
    let limit = paging::limit(q.limit)?;
    let after: Option<Id> = paging::decode(q.cursor.as_deref())?;
    let state = q.state.unwrap_or_else(|| "waiting".to_owned());
    if !["waiting", "approved", "refused", "revoked"].contains(&state.as_str()) {
        return Err(Problem::invalid(Field::unknown_code("state", "clearance_state")));
    }
    let mut rows = Vec::new();
    for query in store::inbox(&scope, &state, after, limit + 1) {
        rows.extend(query.all().await?);
    }
    rows.sort_by_key(|r| std::cmp::Reverse(r.id));
    let Page { items, next } = Page::cut(rows, limit, |r| r.id);
    let ids: Vec<Id> = items.iter().map(|r| r.person_id).collect();
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids.clone())).all().await?;
    let people = persons::rows(&scope, people).await?;
    let views = view(&scope, items).await?;
    let of = |id: &Id| people.iter().find(|p| p.id == *id).cloned();
    let items = views.into_iter().zip(&ids).map(|(clearance, id)| InboxRow { clearance, person: of(id) }).collect();
    Ok(Json(Page { items, next }))
}

/// One request with its reason; reading it is recorded before the answer.
#[utoipa::path(get, path = "/clearances/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = ClearancePage), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn get_one(scope: Scope<Decide>, Segment(id): Segment<Uuid>) -> Outcome<Json<ClearancePage>> {
    let row = store::one(&scope, id).await?;
    let found = scope.find::<person::Entity>().filter(person::Column::Id.eq(row.person_id));
    let person = found.required().await?;
    scope.record_opening::<clearance::Entity>(&row, None).await?;
    let reason = restricted::reason_of(&scope, &row)?;
    let together = match row.file_id {
        Some(file) => scope.find::<clearance::Entity>().filter(clearance::Column::FileId.eq(file)).all().await?,
        None => Vec::new(),
    };
    let together = together.into_iter().filter(|c| c.asked_by == row.asked_by && c.asked_at == row.asked_at);
    let together = view(&scope, together.collect()).await?;
    let clearance = view(&scope, vec![row]).await?.into_iter().next().ok_or(Problem::NotFound)?;
    let person = Named { id: person.id, name: person.name };
    Ok(Json(ClearancePage { clearance, person, reason, together }))
}

async fn shown(scope: &Scope<Decide>, id: Id) -> Outcome<Json<ClearanceView>> {
    let row = store::one(scope, id).await?;
    view(scope, vec![row]).await?.into_iter().next().map(Json).ok_or(Problem::NotFound)
}

/// Approves or refuses; a proposed restricted file is decided with its whole list.
#[utoipa::path(post, path = "/clearances/{id}/decide", tag = "people", params(("id" = Uuid, Path)), request_body = Decision,
    responses((status = 200, body = ClearanceView), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn decide(
    scope: Scope<Decide>,
    Segment(id): Segment<Uuid>,
    body: Body<Decision>,
) -> Outcome<Json<ClearanceView>> {
    let Decision { rev, approve, note } = body.value;
    let mut faults = Faults::default();
    let note = faults.optional_text("note", note.as_deref(), SHORT);
    faults.done(Some(()))?;
    actions::decide(&scope, id, rev, approve, note).await?;
    shown(&scope, id).await
}

/// Ends a clearance at once.
#[utoipa::path(post, path = "/clearances/{id}/revoke", tag = "people", params(("id" = Uuid, Path)), request_body = Revocation,
    responses((status = 200, body = ClearanceView), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn revoke(
    scope: Scope<Decide>,
    Segment(id): Segment<Uuid>,
    body: Body<Revocation>,
) -> Outcome<Json<ClearanceView>> {
    let mut faults = Faults::default();
    let reason = faults.text("reason", &body.value.reason, SHORT);
    faults.done(Some(()))?;
    actions::revoke(&scope, id, body.value.rev, reason).await?;
    shown(&scope, id).await
}

/// Who may look at this person's closed files, beside the lists of restricted files.
#[utoipa::path(get, path = "/persons/{id}/clearances", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = Page<ClearanceView>), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn of_person(scope: Scope<Decide>, Segment(id): Segment<Uuid>) -> Outcome<Json<Page<ClearanceView>>> {
    let person = scope.find::<person::Entity>().filter(person::Column::Id.eq(id)).required().await?;
    let rows = store::of_person(&scope, &person).await?;
    Ok(Json(Page::whole(view(&scope, rows).await?)))
}

/// Approves all standing approvals that wait for one worker, at most 200 at a time.
#[utoipa::path(post, path = "/clearances/standing", tag = "people", request_body = StandingWish,
    responses((status = 200, body = StandingDone), Problems), extensions(("x-permit" = json!("people.clearances.decide"))))]
async fn standing(scope: Scope<Decide>, body: Body<StandingWish>) -> Outcome<Json<StandingDone>> {
    const STEP: usize = 200;
    let mut rows = store::standing_query(&scope, body.value.worker, STEP as u64 + 1).all().await?;
    let more = rows.len() > STEP;
    rows.truncate(STEP);
    rows.retain(|row| scope.roles().any(|role| role == row.approver));
    let mut approved = 0;
    for row in rows {
        actions::decide(&scope, row.id, row.rev, true, None).await?;
        approved += 1;
    }
    Ok(Json(StandingDone { approved, more: more && approved > 0 }))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(standing))
        .routes(routes!(get_one))
        .routes(routes!(decide))
        .routes(routes!(revoke))
        .routes(routes!(of_person))
}
