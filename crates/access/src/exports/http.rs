//! Exports over HTTP: one's own, the decision of a second person, and the file, once.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use kernel::{Field, Id, Outcome, Page, Problem, page};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{Approve, file, place_of, rules};
use crate::{
    Body, House, Params, PlaceRef, Problems, Scope, Segment, history::Actor, iso, own::Own, row::list_export, tasks,
    visible::reader,
};

impl kernel::Sees<list_export::Entity> for Own {}

/// An export as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExportView {
    /// Id.
    pub id: Uuid,
    /// The list: persons, due or visits.
    pub list: String,
    /// Its filter and order, as a query string.
    pub query: String,
    /// Keys of the columns.
    pub columns: Vec<String>,
    /// Whether numbers and addresses are in full.
    pub unmasked: bool,
    /// What it is for.
    pub purpose: String,
    /// Rows when it was asked for.
    pub people: i32,
    /// Minors among them.
    pub minors: i32,
    /// Whether a second person must approve.
    pub needs_approval: bool,
    /// waiting, approved, refused, ready or fetched.
    pub state: String,
    /// Whether it may be made now.
    pub may_make: bool,
    /// Who asked.
    pub by: Actor,
    /// The place the list is of.
    pub place: Option<PlaceRef>,
    /// Who decided.
    pub decided_by: Option<Actor>,
    /// What the second person said.
    pub decision_note: Option<String>,
    /// Rows of the file.
    pub row_count: Option<i32>,
    /// SHA-256 of the file.
    pub file_hash: Option<String>,
    /// When it was asked for.
    pub created_at: String,
    /// Revision.
    pub rev: i32,
}

/// Which part of the own exports.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The decision of a second person.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportDecision {
    /// Revision the caller saw.
    pub rev: i32,
    /// Approved or refused.
    pub approve: bool,
    /// Why; needed for a refusal.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub note: String,
}

async fn view<P: kernel::Permit>(scope: &Scope<P>, row: list_export::Model) -> Outcome<ExportView> {
    let names = scope.account_names([Some(row.account_id), row.decided_by].into_iter().flatten().collect()).await?;
    let actor = |id: Id| Actor { id, name: names.get(&id).cloned().unwrap_or_default() };
    Ok(ExportView {
        place: place_of(scope, &row).await?,
        may_make: rules::may_make(&row, scope.now(), scope.today()).is_ok(),
        by: actor(row.account_id),
        decided_by: row.decided_by.map(actor),
        columns: serde_json::from_str(&row.columns).unwrap_or_default(),
        created_at: iso(row.created_at),
        id: row.id,
        list: row.list,
        query: row.query,
        unmasked: row.unmasked,
        purpose: row.purpose,
        people: row.people,
        minors: row.minors,
        needs_approval: row.needs_approval,
        state: row.state,
        decision_note: row.decision_note,
        row_count: row.row_count,
        file_hash: row.file_hash,
        rev: row.rev,
    })
}

/// The caller's exports, newest first.
#[utoipa::path(get, path = "/exports", tag = "access", params(ExportQuery),
    responses((status = 200, body = Page<ExportView>), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn list(scope: Scope<Own>, Params(q): Params<ExportQuery>) -> Outcome<Json<Page<ExportView>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let mut query = scope.mine::<list_export::Entity>().order(list_export::Column::Id, Order::Desc);
    if let Some(after) = after {
        query = query.filter(list_export::Column::Id.lt(after));
    }
    let Page { items, next } = Page::cut(query.limit(limit + 1).all().await?, limit, |r| r.id);
    let mut views = Vec::with_capacity(items.len());
    for row in items {
        views.push(view(&scope, row).await?);
    }
    Ok(Json(Page { items: views, next }))
}

/// An export that somebody may have to decide on; inside the place of the approver only.
async fn to_decide(house: &House, scope: &Scope<Approve>, id: Id) -> Outcome<list_export::Model> {
    let row = list_export::Entity::find()
        .filter(list_export::Column::Id.eq(id))
        .one(reader(&house.floor))
        .await?
        .ok_or(Problem::NotFound)?;
    scope.must_cover(&scope.division(row.place_id).await?.place())?;
    Ok(row)
}

/// An export to decide on.
#[utoipa::path(get, path = "/exports/{id}", tag = "access", params(("id" = Uuid, Path)),
    responses((status = 200, body = ExportView), Problems), extensions(("x-permit" = json!("access.exports.approve"))))]
async fn get_one(
    State(house): State<House>,
    scope: Scope<Approve>,
    Segment(id): Segment<Uuid>,
) -> Outcome<Json<ExportView>> {
    let row = to_decide(&house, &scope, id).await?;
    view(&scope, row).await.map(Json)
}

/// Approves or refuses an export somebody else asked for.
#[utoipa::path(post, path = "/exports/{id}/decision", tag = "access", params(("id" = Uuid, Path)), request_body = ExportDecision,
    responses((status = 200, body = ExportView), Problems), extensions(("x-permit" = json!("access.exports.approve"))))]
async fn decide(
    State(house): State<House>,
    scope: Scope<Approve>,
    Segment(id): Segment<Uuid>,
    body: Body<ExportDecision>,
) -> Outcome<Json<ExportView>> {
    let ExportDecision { rev, approve, note } = body.value;
    if note.chars().count() > 200 {
        return Err(Problem::invalid(Field::too_long("note", 200)));
    }
    let row = to_decide(&house, &scope, id).await?;
    if row.account_id == scope.actor() {
        return Err(Problem::refused(
            "export.self_approval",
            "不能审批自己申请的导出，请由另一位有审批权限的同事审批。",
            "Nobody approves an export of one's own; ask a colleague who may approve.",
        ));
    }
    if !approve && note.trim().is_empty() {
        return Err(Problem::invalid(Field::required("note")));
    }
    if row.rev != rev {
        return Err(Problem::Stale(row.rev));
    }
    if row.state != rules::WAITING {
        return Err(Problem::conflict(
            "这份导出已经有审批结果，请刷新页面查看。",
            "This export was decided already; reload the page.",
        ));
    }
    let after = scope
        .write(move |tx| {
            Box::pin(async move {
                let (actor, now) = (tx.scope().actor(), tx.scope().now());
                let after = tx
                    .update_part::<list_export::Entity>(&row, |r| {
                        r.state = Set(if approve { rules::APPROVED } else { rules::REFUSED }.to_owned());
                        r.decided_by = Set(Some(actor));
                        r.decided_at = Set(Some(now));
                        r.decision_note = Set(Some(note.trim().to_owned()).filter(|n| !n.is_empty()));
                    })
                    .await?;
                tasks::settle(tx, "export_approve", "export", id).await?;
                Ok(after)
            })
        })
        .await?;
    view(&scope, after).await.map(Json)
}

/// The file of an own export: once, before its link runs out; for anybody else, and afterwards, not there.
#[utoipa::path(get, path = "/exports/{id}/file/{token}", tag = "access", params(("id" = Uuid, Path), ("token" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), Problems), extensions(("x-permit" = json!("access.own"))))]
async fn fetch(
    State(house): State<House>,
    scope: Scope<Own>,
    Segment((id, token)): Segment<(Uuid, String)>,
) -> Outcome<Response> {
    let row = scope.mine::<list_export::Entity>().filter(list_export::Column::Id.eq(id)).required().await?;
    let known = row.link_hash.as_deref() == Some(ground::crypto::sha256(token.as_bytes()).as_slice());
    let in_time = row.link_until.is_some_and(|until| until > scope.now());
    if row.state != rules::READY || !known || !in_time {
        return Err(Problem::NotFound);
    }
    let name = format!("{}-{}.csv", row.list, scope.today().format("%Y%m%d"));
    // Whoever comes second finds another revision, so the file goes out once however often the link is called.
    scope
        .write(move |tx| {
            Box::pin(async move {
                tx.update_part::<list_export::Entity>(&row, |r| r.state = Set(rules::FETCHED.to_owned())).await
            })
        })
        .await
        .map_err(|problem| if matches!(problem, Problem::Stale(_)) { Problem::NotFound } else { problem })?;
    let file = file::take(&house.floor, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file::read(house.floor.clone(), file)).into_response())
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get_one)).routes(routes!(decide)).routes(routes!(fetch))
}
