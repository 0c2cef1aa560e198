//! Tasks (待办): something a role at a place should look at. A task stays until somebody marks it done, however late.

use axum::{Json, http::StatusCode};
use kernel::{Day, Field, Id, Outcome, Page, Permit, Place, page, permits};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, Order};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{Body, House, Level, Params, PlaceRef, Scope, Segment, Visible, Writing, extract::Problems, row::task};

permits! {
    /// Reading tasks.
    ReadTasks = "access.tasks.read", "查看待办", "Read tasks", sees [task::Entity];
    /// Marking tasks done.
    ChangeTasks = "access.tasks.change", "处理待办", "Handle tasks", sees [task::Entity];
}

/// A task to raise.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// What it is about: duplicate_person, ledger_approve, risk_red, not_reached, …
    pub kind: &'static str,
    /// The role that should look at it.
    pub role: &'static str,
    /// Where.
    pub place: Place,
    /// Kind of the subject, `person`.
    pub subject_kind: &'static str,
    /// The subject.
    pub subject_id: Option<Id>,
    /// One account in particular.
    pub account_id: Option<Id>,
    /// Until when.
    pub due_on: Option<Day>,
    /// What the screen needs to tell; never names or numbers.
    pub detail: serde_json::Value,
}

/// Raises a task in the caller's transaction; the same open task for the same subject is raised once.
pub async fn raise<P: Permit>(tx: &Writing<'_, P>, new: NewTask) -> Outcome<()> {
    use sea_orm::{EntityTrait as _, QueryFilter as _};
    if let Some(subject) = new.subject_id {
        let open = task::Entity::find()
            .filter(task::Column::SubjectKind.eq(new.subject_kind))
            .filter(task::Column::SubjectId.eq(subject))
            .filter(task::Column::Kind.eq(new.kind))
            .filter(task::Column::State.eq("open"))
            .one(tx.derived())
            .await?;
        if open.is_some() {
            return Ok(());
        }
    }
    let scope = tx.scope();
    let at = |level| new.place.at(level);
    let row = task::ActiveModel {
        id: Set(scope.new_id()),
        kind: Set(new.kind.to_owned()),
        role: Set(new.role.to_owned()),
        subject_kind: Set(new.subject_kind.to_owned()),
        subject_id: Set(new.subject_id),
        account_id: Set(new.account_id),
        village_id: Set(at(Level::Village)),
        township_id: Set(at(Level::Township)),
        county_id: Set(at(Level::County)),
        city_id: Set(at(Level::City)),
        province_id: Set(at(Level::Province)),
        detail: Set(new.detail.to_string()),
        state: Set("open".to_owned()),
        due_on: Set(new.due_on),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    // A task may go to a role above the caller's reach, so its place is not checked against the reach.
    tx.insert_for_others::<task::Entity>(row).await?;
    Ok(())
}

/// Marks the open tasks of this kind for a subject done, in the transaction that settles what they ask for.
pub async fn settle<P: Permit>(tx: &Writing<'_, P>, kind: &str, subject_kind: &str, subject: Id) -> Outcome<()> {
    use sea_orm::{EntityTrait as _, QueryFilter as _};
    let open = task::Entity::find()
        .filter(task::Column::SubjectKind.eq(subject_kind))
        .filter(task::Column::SubjectId.eq(subject))
        .filter(task::Column::Kind.eq(kind))
        .filter(task::Column::State.eq("open"))
        .all(tx.derived())
        .await?;
    let (now, actor) = (tx.scope().now(), tx.scope().actor());
    for row in open {
        tx.update_part::<task::Entity>(&row, |r| {
            r.state = Set("done".to_owned());
            r.done_at = Set(Some(now));
            r.done_by = Set(Some(actor));
        })
        .await?;
    }
    Ok(())
}

/// A task as shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TaskView {
    /// Id.
    pub id: Uuid,
    /// What it is about; the UI has a sentence for each kind.
    pub kind: String,
    /// Role it is meant for.
    pub role: String,
    /// Kind of the subject.
    pub subject_kind: String,
    /// The subject.
    pub subject_id: Option<Uuid>,
    /// Where.
    pub place: Option<PlaceRef>,
    /// More facts for the sentence.
    pub detail: serde_json::Value,
    /// When it was raised (UTC milliseconds as ISO 8601).
    pub created_at: String,
    /// Until when.
    pub due_on: Option<chrono::NaiveDate>,
    /// open or done.
    pub state: String,
    /// Revision.
    pub rev: i32,
}

/// What tasks to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct TaskQuery {
    /// open (default) or done.
    pub state: Option<String>,
    /// Page size, 1 to 200.
    pub limit: Option<u64>,
    /// Cursor of the page.
    pub cursor: Option<String>,
}

/// A task marked done.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoneTask {
    /// Revision the caller saw.
    pub rev: i32,
    /// What was done, up to 200 characters.
    #[schema(max_length = 200)]
    pub note: String,
}

/// The tasks of the caller's roles, newest first.
#[utoipa::path(get, path = "/tasks", tag = "access", params(TaskQuery),
    responses((status = 200, body = Page<TaskView>), Problems), extensions(("x-permit" = json!("access.tasks.read"))))]
async fn list(scope: Scope<ReadTasks>, Params(q): Params<TaskQuery>) -> Outcome<Json<Page<TaskView>>> {
    let limit = page::limit(q.limit)?;
    let state = q.state.unwrap_or_else(|| "open".to_owned());
    if state != "open" && state != "done" {
        return Err(kernel::Problem::invalid(Field::unknown_code("state", "task_state")));
    }
    let after: Option<Id> = page::decode(q.cursor.as_deref())?;
    let rows = in_state(&scope, &state, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |r| r.id);
    let labels = scope.labels(page.items.iter().map(lowest)).await?;
    Ok(Json(page.map(|row| view(row, &labels))))
}

async fn in_state(scope: &Scope<ReadTasks>, state: &str, after: Option<Id>, limit: u64) -> Outcome<Vec<task::Model>> {
    let mut rows = Vec::new();
    for role in roles(scope) {
        let mut query = of_role(scope, role, state).order(task::Column::Id, Order::Desc).limit(limit);
        if let Some(after) = after {
            query = query.filter(task::Column::Id.lt(after));
        }
        rows.extend(query.all().await?);
    }
    rows.sort_by_key(|r| std::cmp::Reverse(r.id));
    rows.dedup_by_key(|r| r.id);
    Ok(rows)
}

fn roles(scope: &Scope<ReadTasks>) -> std::collections::BTreeSet<String> {
    scope.roles().map(str::to_owned).collect()
}

fn of_role(scope: &Scope<ReadTasks>, role: String, state: &str) -> Visible<'static, task::Entity> {
    scope
        .find::<task::Entity>()
        .filter(Condition::all().add(task::Column::Role.eq(role)).add(task::Column::State.eq(state)))
}

/// The open tasks of the caller's roles: how many, counted up to `most`, and the newest `rows` of them.
pub async fn waiting(scope: &Scope<ReadTasks>, rows: u64, most: u64) -> Outcome<(u64, Vec<TaskView>)> {
    let mut count = 0;
    for role in roles(scope) {
        count += of_role(scope, role, "open").count(most).await?;
    }
    let mut newest = in_state(scope, "open", None, rows).await?;
    newest.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    let labels = scope.labels(newest.iter().map(lowest)).await?;
    Ok((count.min(most), newest.into_iter().map(|row| view(row, &labels)).collect()))
}

fn lowest(row: &task::Model) -> i32 {
    [row.village_id, row.township_id, row.county_id, row.city_id, row.province_id]
        .into_iter()
        .find(|id| *id != 0)
        .unwrap_or(0)
}

fn view(row: task::Model, labels: &std::collections::HashMap<i32, PlaceRef>) -> TaskView {
    TaskView {
        place: labels.get(&lowest(&row)).cloned(),
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        created_at: crate::iso(row.created_at),
        id: row.id,
        kind: row.kind,
        role: row.role,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        due_on: row.due_on,
        state: row.state,
        rev: row.rev,
    }
}

/// Marks a task done.
#[utoipa::path(post, path = "/tasks/{id}/done", tag = "access", params(("id" = Uuid, Path)), request_body = DoneTask,
    responses((status = 200, body = TaskView), Problems), extensions(("x-permit" = json!("access.tasks.change"))))]
async fn done(
    scope: Scope<ChangeTasks>,
    Segment(id): Segment<Uuid>,
    body: Body<DoneTask>,
) -> Outcome<(StatusCode, Json<TaskView>)> {
    let DoneTask { rev, note } = body.value;
    if note.chars().count() > 200 {
        return Err(kernel::Problem::invalid(Field::too_long("note", 200)));
    }
    let row = scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<task::Entity>(id, rev).await?;
                let (now, actor) = (tx.scope().now(), tx.scope().actor());
                tx.update::<task::Entity>(&row, move |r| {
                    r.state = Set("done".to_owned());
                    r.done_at = Set(Some(now));
                    r.done_by = Set(Some(actor));
                    r.note = Set(Some(note));
                })
                .await
            })
        })
        .await?;
    let labels = scope.labels([lowest(&row)]).await?;
    Ok((StatusCode::OK, Json(view(row, &labels))))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(done))
}
