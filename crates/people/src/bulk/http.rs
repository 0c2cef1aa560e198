//! Bulk acts over HTTP.

use access::{Body, House, Page, Params, PlaceRef, Problems, Scope, Segment, Written, iso};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Field, Id, Outcome, Problem, page, secret::SecretKind};
use sea_orm::ColumnTrait as _;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    Run, actions,
    edit::{self, CellFault, NewEdit},
    model::{Choice, DONE, KEPT, NewRun, REFUSED, UNDONE, WAITING, Wish},
    row::bulk_run,
    store, undo,
};
use crate::{
    minors,
    persons::{
        self, Named,
        row::{NEVER_DUE, PersonLine, person},
    },
};

/// A bulk act as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RunView {
    /// Id; also of its job while it runs.
    pub id: Uuid,
    /// assign, grade, confirm or edit.
    pub kind: String,
    /// Who did it.
    pub actor: Named,
    /// assign: the new worker.
    pub worker: Option<Named>,
    /// grade: the grade.
    pub grade: Option<String>,
    /// When it was begun (ISO 8601, UTC).
    pub created_at: String,
    /// People in all.
    pub total: i64,
    /// Not touched yet.
    pub waiting: i64,
    /// Carried out and standing.
    pub done: i64,
    /// Refused, each with its reason.
    pub refused: i64,
    /// Put back by the undo.
    pub undone: i64,
    /// Changed since, so left as they are by the undo.
    pub kept: i64,
    /// Until when it can be undone (ISO 8601, UTC).
    pub undo_until: String,
    /// Whether it can be undone now.
    pub can_undo: bool,
}

/// What became of one person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RunRow {
    /// Place in the act, from 1.
    pub serial: i32,
    /// Who; without a name when no longer in the reach.
    pub person: Named,
    /// waiting, done, refused, undone or kept.
    pub state: String,
    /// Why it was refused or kept.
    pub why: String,
    /// The same in English.
    pub why_en: String,
}

/// What a grid found and saved.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EditView {
    /// The act, when something was saved.
    pub run: Option<RunView>,
    /// The cells that were not saved.
    pub faults: Vec<CellFault>,
}

/// Which acts to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// Which rows to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RowQuery {
    /// waiting, done, refused, undone or kept; all when left out.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// An undo.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// UUIDv7 made by the client; also the id of its job.
    pub id: Uuid,
}

/// Bulk acts, newest first.
#[utoipa::path(get, path = "/bulk-runs", tag = "people", params(RunQuery),
    responses((status = 200, body = Page<RunView>), Problems), extensions(("x-permit" = json!("people.bulk.run"))))]
async fn list(scope: Scope<Run>, Params(q): Params<RunQuery>) -> Outcome<Json<Page<RunView>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let page = Page::cut(store::runs(&scope, after, limit + 1).all().await?, limit, |r| r.id);
    let mut items = Vec::with_capacity(page.items.len());
    for run in page.items {
        items.push(view(&scope, run).await?);
    }
    Ok(Json(Page { items, next: page.next }))
}

/// One bulk act.
#[utoipa::path(get, path = "/bulk-runs/{id}", tag = "people", params(("id" = Uuid, Path)),
    responses((status = 200, body = RunView), Problems), extensions(("x-permit" = json!("people.bulk.run"))))]
async fn get_one(scope: Scope<Run>, Segment(id): Segment<Uuid>) -> Outcome<Json<RunView>> {
    let run = store::one(&scope, id).await?;
    view(&scope, run).await.map(Json)
}

/// What became of each person of an act.
#[utoipa::path(get, path = "/bulk-runs/{id}/rows", tag = "people", params(("id" = Uuid, Path), RowQuery),
    responses((status = 200, body = Page<RunRow>), Problems), extensions(("x-permit" = json!("people.bulk.run"))))]
async fn rows(
    scope: Scope<Run>,
    Segment(id): Segment<Uuid>,
    Params(q): Params<RowQuery>,
) -> Outcome<Json<Page<RunRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<i32> = page::decode(q.cursor.as_deref())?;
    if q.state.as_deref().is_some_and(|s| ![WAITING, DONE, REFUSED, UNDONE, KEPT].contains(&s)) {
        return Err(Problem::invalid(Field::unknown_code("state", "bulk_state")));
    }
    let run = store::one(&scope, id).await?;
    let found = store::rows(&scope, &run, q.state.as_deref(), after.unwrap_or(0), limit + 1).all().await?;
    let page = Page::cut(found, limit, |r| r.serial);
    let ids: Vec<Id> = page.items.iter().map(|r| r.person_id).collect();
    let people = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    let names = minors::names_of(&scope, people.iter()).await?;
    let name = |id: Id| names.get(&id).cloned().unwrap_or_default();
    Ok(Json(page.map(|r| RunRow {
        serial: r.serial,
        person: Named { id: r.person_id, name: name(r.person_id) },
        state: r.state,
        why: r.why_zh,
        why_en: r.why_en,
    })))
}

/// A row of the grid as it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SheetRow {
    /// Who.
    pub person: Named,
    /// Grade, if there is one.
    pub grade: Option<String>,
    /// Village.
    pub village: Option<PlaceRef>,
    /// Last four characters of the document number, to tell people of one name apart.
    pub number_masked: Option<String>,
    /// Telephone, masked.
    pub phone_masked: Option<String>,
    /// Name in daily use.
    pub usual_name: Option<String>,
    /// Stars where an address is kept.
    pub address_masked: Option<String>,
    /// Responsible worker.
    pub worker: Option<Named>,
    /// Day a visit is planned for.
    pub planned_on: Option<NaiveDate>,
    /// The last day in time.
    pub next_due_on: Option<NaiveDate>,
}

/// Whose rows the grid shows.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// Inside this place; the whole reach when left out.
    pub place: Option<String>,
    /// Category codes; several mean any of them.
    #[serde(default)]
    pub category: Vec<String>,
    /// Grades.
    #[serde(default)]
    pub grade: Vec<String>,
    /// Ledger states.
    #[serde(default)]
    pub state: Vec<String>,
    /// Responsible worker.
    pub worker: Option<Uuid>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// The rows of the grid, newest person first.
#[utoipa::path(get, path = "/bulk-edits", tag = "people", params(SheetQuery),
    responses((status = 200, body = Page<SheetRow>), Problems), extensions(("x-permit" = json!("people.bulk.run"))))]
async fn sheet(scope: Scope<Run>, Params(q): Params<SheetQuery>) -> Outcome<Json<Page<SheetRow>>> {
    let limit = page::limit(q.limit)?;
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let choice = Choice { place: q.place, category: q.category, grade: q.grade, state: q.state, worker: q.worker };
    let filter = actions::filter(&scope, "", &choice).await?;
    let found = persons::store::listing(&scope, &filter, after, limit + 1).all().await?;
    let page = Page::cut(found, limit, |p| p.id);
    let labels = scope.labels(page.items.iter().map(|p| p.village_id)).await?;
    let names = scope.account_names(page.items.iter().filter_map(|p| p.worker_id).collect()).await?;
    let lines: Vec<PersonLine> = page.items.iter().cloned().map(PersonLine::from).collect();
    let open = minors::open_among(&scope, &lines).await?;
    let mut shown = minors::names_in(&scope, &lines, &open);
    let mut items = Vec::with_capacity(page.items.len());
    for p in page.items {
        let closed = !open.contains_key(&p.id);
        let sealed = |kind, sealed: &Option<_>| sealed.as_ref().map(|s| scope.show(kind, s)).transpose();
        items.push(SheetRow {
            number_masked: sealed(SecretKind::Number, &p.id_number)?.filter(|_| !closed),
            phone_masked: sealed(SecretKind::Phone, &p.phone)?,
            address_masked: sealed(SecretKind::Address, &p.address)?,
            usual_name: p.usual_name.as_deref().filter(|_| !closed).map(|n| scope.show_name(n)),
            village: labels.get(&p.village_id).cloned(),
            worker: p.worker_id.map(|id| Named { id, name: names.get(&id).cloned().unwrap_or_default() }),
            planned_on: p.planned_on,
            next_due_on: Some(p.next_due_on).filter(|on| *on < NEVER_DUE),
            grade: Some(p.grade.clone()).filter(|g| !g.is_empty()),
            person: Named { id: p.id, name: shown.remove(&p.id).unwrap_or_default() },
        });
    }
    Ok(Json(Page { items, next: page.next }))
}

/// Begins a bulk act; its job has the same id. The same call again goes on where it stopped.
#[utoipa::path(post, path = "/bulk-runs", tag = "people", request_body = NewRun,
    responses((status = 201, body = RunView), (status = 200, body = RunView), Problems),
    extensions(("x-permit" = json!("people.bulk.run"))))]
async fn begin(scope: Scope<Run>, body: Body<NewRun>) -> Outcome<(StatusCode, Json<RunView>)> {
    let id = body.value.id;
    let written = actions::start(&scope, body).await?;
    answer(&scope, id, written).await
}

/// Saves the rows of a grid, or only checks them (`dry`): nothing is saved while a cell has a fault, unless `only_good`.
#[utoipa::path(post, path = "/bulk-edits", tag = "people", request_body = NewEdit,
    responses((status = 201, body = EditView), (status = 200, body = EditView), Problems),
    extensions(("x-permit" = json!("people.bulk.run"))))]
async fn save(scope: Scope<Run>, body: Body<NewEdit>) -> Outcome<(StatusCode, Json<EditView>)> {
    let id = body.value.id;
    let edited = edit::save(&scope, body).await?;
    let Some(written) = edited.written else {
        return Ok((StatusCode::OK, Json(EditView { run: None, faults: edited.faults })));
    };
    let (status, Json(run)) = answer(&scope, id, written).await?;
    Ok((status, Json(EditView { run: Some(run), faults: edited.faults })))
}

/// Puts a bulk act back; rows that changed since are kept and listed. Its job has the id of this call.
#[utoipa::path(post, path = "/bulk-runs/{id}/undo", tag = "people", params(("id" = Uuid, Path)), request_body = Undo,
    responses((status = 201, body = RunView), (status = 200, body = RunView), Problems),
    extensions(("x-permit" = json!("people.bulk.run"))))]
async fn undo_run(
    scope: Scope<Run>,
    Segment(id): Segment<Uuid>,
    body: Body<Undo>,
) -> Outcome<(StatusCode, Json<RunView>)> {
    let written = undo::start(&scope, id, body.value.id, &body.digest).await?;
    answer(&scope, id, written).await
}

async fn answer(scope: &Scope<Run>, id: Id, written: Written) -> Outcome<(StatusCode, Json<RunView>)> {
    let run = store::one(scope, id).await?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view(scope, run).await?)))
}

async fn view(scope: &Scope<Run>, run: bulk_run::Model) -> Outcome<RunView> {
    let wish: Wish = serde_json::from_str(&run.wish).map_err(Problem::internal)?;
    let counts = store::counts(scope, &run).await?;
    let n = |state: &str| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    let names = scope.account_names(wish.worker_id.into_iter().chain([run.actor_id]).collect()).await?;
    let named = |id: Id| Named { id, name: names.get(&id).cloned().unwrap_or_default() };
    let in_time = scope.now() <= run.undo_until && run.undone_at.is_none();
    Ok(RunView {
        id: run.id,
        actor: named(run.actor_id),
        worker: wish.worker_id.map(named),
        grade: wish.grade,
        created_at: iso(run.created_at),
        total: i64::from(run.total),
        waiting: n(WAITING),
        done: n(DONE),
        refused: n(REFUSED),
        undone: n(UNDONE),
        kept: n(KEPT),
        undo_until: iso(run.undo_until),
        can_undo: in_time && n(WAITING) == 0 && n(DONE) > 0,
        kind: run.kind,
    })
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list, begin))
        .routes(routes!(get_one))
        .routes(routes!(rows))
        .routes(routes!(undo_run))
        .routes(routes!(sheet, save))
}
