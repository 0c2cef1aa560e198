//! The inbox: the tasks of the caller's roles, what cannot wait first, then by their last day, and marking them done.

use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use kernel::{Day, Field, Id, Outcome, Page, Problem, codes, page};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, Order};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{AT_ONCE, ChangeTasks, NO_LIMIT, ReadTasks};
use crate::{Body, House, Params, PlaceRef, Scope, Segment, Visible, extract::Problems, row::task};

/// Longest note.
const NOTE: usize = 200;

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
    /// First day of the window; null when any day up to the last is in time.
    pub from_on: Option<NaiveDate>,
    /// Last day in time; null without a limit.
    pub due_on: Option<NaiveDate>,
    /// Open and past its last day.
    pub overdue: bool,
    /// Cannot wait: stands before all others.
    pub at_once: bool,
    /// Meant for the caller's own account.
    pub mine: bool,
    /// open or done.
    pub state: String,
    /// Day on which it was really done.
    pub done_on: Option<NaiveDate>,
    /// Why it was done late, list `late_reason`.
    pub late_reason: Option<String>,
    /// What was done.
    pub note: Option<String>,
    /// Revision.
    pub rev: i32,
}

/// What tasks to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// open (default) or done.
    pub state: Option<String>,
    /// Of this kind only.
    pub kind: Option<String>,
    /// Only those past their last day.
    pub overdue: Option<bool>,
    /// Only those meant for the caller's own account.
    pub mine: Option<bool>,
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
    /// Day on which it was really done; today when left out.
    pub done_on: Option<NaiveDate>,
    /// Why it is late, list `late_reason`; needed once the last day has passed.
    pub late_reason: Option<String>,
}

/// Which tasks.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Done ones instead of open ones.
    pub done: bool,
    /// Of this kind.
    pub kind: Option<String>,
    /// Past their last day before this day.
    pub before: Option<Day>,
    /// Meant for this account.
    pub account: Option<Id>,
}

/// Position in a list: last day (for open tasks) and id of the last row.
pub type Key = (Day, Id);

/// The tasks of the caller's roles: open ones by their last day, done ones with the newest first.
#[utoipa::path(get, path = "/tasks", tag = "access", params(TaskQuery),
    responses((status = 200, body = Page<TaskView>), Problems), extensions(("x-permit" = json!("access.tasks.read"))))]
async fn list(scope: Scope<ReadTasks>, Params(q): Params<TaskQuery>) -> Outcome<Json<Page<TaskView>>> {
    let limit = page::limit(q.limit)?;
    let state = q.state.as_deref().unwrap_or("open");
    if state != "open" && state != "done" {
        return Err(Problem::invalid(Field::unknown_code("state", "task_state")));
    }
    let filter = Filter {
        done: state == "done",
        kind: q.kind.filter(|k| !k.is_empty()),
        before: (q.overdue == Some(true)).then(|| scope.today()),
        account: (q.mine == Some(true)).then(|| scope.actor()),
    };
    let after: Option<Key> = page::decode(q.cursor.as_deref())?;
    let rows = rows(&scope, &filter, after, limit + 1).await?;
    let page = Page::cut(rows, limit, |r| (r.until_on, r.id));
    let labels = scope.labels(page.items.iter().map(lowest)).await?;
    Ok(Json(page.map(|row| view(&scope, row, &labels))))
}

/// The rows of a page, merged over the caller's roles.
pub async fn rows(
    scope: &Scope<ReadTasks>,
    filter: &Filter,
    after: Option<Key>,
    limit: u64,
) -> Outcome<Vec<task::Model>> {
    let mut rows = Vec::new();
    for role in roles(scope) {
        rows.extend(of_role(scope, role, filter, after).limit(limit).all().await?);
    }
    if filter.done {
        rows.sort_by_key(|r| std::cmp::Reverse(r.id));
    } else {
        rows.sort_by_key(|r| (r.until_on, r.id));
    }
    rows.dedup_by_key(|r| r.id);
    Ok(rows)
}

fn roles(scope: &Scope<ReadTasks>) -> std::collections::BTreeSet<String> {
    scope.roles().map(str::to_owned).collect()
}

/// The tasks of one role behind `after`, in the order of the inbox.
pub fn of_role(
    scope: &Scope<ReadTasks>,
    role: String,
    filter: &Filter,
    after: Option<Key>,
) -> Visible<'static, task::Entity> {
    use task::Column as C;
    let state = if filter.done { "done" } else { "open" };
    let mut query = scope.find::<task::Entity>().filter(C::Role.eq(role)).filter(C::State.eq(state));
    if let Some(kind) = &filter.kind {
        query = query.filter(C::Kind.eq(kind.as_str()));
    }
    if let Some(account) = filter.account {
        query = query.filter(C::AccountId.eq(account));
    }
    if let Some(day) = filter.before {
        query = query.filter(C::UntilOn.lt(day)).filter(C::UntilOn.gt(AT_ONCE));
    }
    if filter.done {
        let query = query.order(C::Id, Order::Desc);
        return match after {
            Some((_, id)) => query.filter(C::Id.lt(id)),
            None => query,
        };
    }
    let query = query.order(C::UntilOn, Order::Asc).order(C::Id, Order::Asc);
    match after {
        Some((day, id)) => {
            let same = Condition::all().add(C::UntilOn.eq(day)).add(C::Id.gt(id));
            query.filter(
                Condition::all().add(C::UntilOn.gte(day)).add(Condition::any().add(C::UntilOn.gt(day)).add(same)),
            )
        }
        None => query,
    }
}

async fn count(scope: &Scope<ReadTasks>, filter: &Filter, most: u64) -> Outcome<u64> {
    let mut count = 0;
    for role in roles(scope) {
        count += of_role(scope, role, filter, None).count(most).await?;
    }
    Ok(count.min(most))
}

/// The open tasks of the caller's roles: how many, counted up to `most`, and the `rows` most urgent of them.
pub async fn waiting(scope: &Scope<ReadTasks>, rows: u64, most: u64) -> Outcome<(u64, Vec<TaskView>)> {
    let open = Filter::default();
    let count = count(scope, &open, most).await?;
    let mut first = self::rows(scope, &open, None, rows).await?;
    first.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    let labels = scope.labels(first.iter().map(lowest)).await?;
    Ok((count, first.into_iter().map(|row| view(scope, row, &labels)).collect()))
}

/// How many open tasks of the caller's roles are past their last day, counted up to `most`.
pub async fn overdue(scope: &Scope<ReadTasks>, most: u64) -> Outcome<u64> {
    count(scope, &Filter { before: Some(scope.today()), ..Filter::default() }, most).await
}

/// How many open tasks of these kinds wait for the caller's roles, each kind counted up to `most`.
pub async fn of_kinds(scope: &Scope<ReadTasks>, kinds: &[&str], most: u64) -> Outcome<u64> {
    let mut total = 0;
    for kind in kinds {
        total += count(scope, &Filter { kind: Some((*kind).to_owned()), ..Filter::default() }, most).await?;
    }
    Ok(total)
}

fn lowest(row: &task::Model) -> i32 {
    [row.village_id, row.township_id, row.county_id, row.city_id, row.province_id]
        .into_iter()
        .find(|id| *id != 0)
        .unwrap_or(0)
}

fn view<P: kernel::Permit>(
    scope: &Scope<P>,
    row: task::Model,
    labels: &std::collections::HashMap<i32, PlaceRef>,
) -> TaskView {
    TaskView {
        place: labels.get(&lowest(&row)).cloned(),
        detail: serde_json::from_str(&row.detail).unwrap_or_default(),
        created_at: crate::iso(row.created_at),
        overdue: row.state == "open" && row.until_on < scope.today() && row.until_on > AT_ONCE,
        at_once: row.until_on == AT_ONCE,
        mine: row.account_id == Some(scope.actor()),
        from_on: row.from_on,
        due_on: Some(row.until_on).filter(|on| *on < NO_LIMIT && *on > AT_ONCE),
        id: row.id,
        kind: row.kind,
        role: row.role,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        state: row.state,
        done_on: row.done_on,
        late_reason: row.late_reason,
        note: row.note,
        rev: row.rev,
    }
}

/// What is wrong with a task marked done, whose last day is `until`.
fn faults(done: &DoneTask, from: Option<Day>, until: Day, today: Day) -> Vec<Field> {
    let mut faults = Vec::new();
    if done.note.chars().count() > NOTE {
        faults.push(Field::too_long("note", NOTE));
    }
    if let Some(on) = done.done_on {
        if on > today {
            let (zh, en) = ("办结日期不能晚于今天，请核对。", "The day lies in the future; check it.");
            faults.push(Field::new("done_on", "future", zh, en));
        }
        if from.is_some_and(|from| on < from) {
            let (zh, en) = ("办结日期早于可办理的第一天，请核对。", "The day lies before the window opens; check it.");
            faults.push(Field::new("done_on", "too_early", zh, en));
        }
    }
    let reason = done.late_reason.as_deref().unwrap_or_default();
    let item = codes::list("late_reason").and_then(|l| l.get(reason));
    if reason.is_empty() && today > until && until > AT_ONCE {
        let (zh, en) = ("已过期限，请选择逾期原因后再办结。", "The last day has passed; choose why it is late.");
        faults.push(Field::new("late_reason", "required", zh, en));
    } else if !reason.is_empty() && item.is_none() {
        faults.push(Field::unknown_code("late_reason", "late_reason"));
    }
    if item.and_then(|i| i.needs_text) == Some(true) && done.note.trim().is_empty() {
        let (zh, en) = ("选择“其他”须在办理说明中写明原因。", "Say in the note what the other reason is.");
        faults.push(Field::new("note", "required", zh, en));
    }
    faults
}

/// Marks a task done; once its last day has passed, with the reason and the day on which it was really done.
#[utoipa::path(post, path = "/tasks/{id}/done", tag = "access", params(("id" = Uuid, Path)), request_body = DoneTask,
    responses((status = 200, body = TaskView), Problems), extensions(("x-permit" = json!("access.tasks.change"))))]
async fn done(
    scope: Scope<ChangeTasks>,
    Segment(id): Segment<Uuid>,
    body: Body<DoneTask>,
) -> Outcome<(StatusCode, Json<TaskView>)> {
    let done = body.value;
    let row = scope
        .write(move |tx| {
            Box::pin(async move {
                let row = tx.get_rev::<task::Entity>(id, done.rev).await?;
                let (now, today, actor) = (tx.scope().now(), tx.scope().today(), tx.scope().actor());
                let faults = faults(&done, row.from_on, row.until_on, today);
                if !faults.is_empty() {
                    return Err(Problem::Invalid(faults));
                }
                if row.state == "done" {
                    let (zh, en) = ("该待办已经办结，无需重复办理。", "This task is done already.");
                    return Err(Problem::refused("task.done", zh, en));
                }
                tx.update::<task::Entity>(&row, move |r| {
                    r.state = Set("done".to_owned());
                    r.done_at = Set(Some(now));
                    r.done_by = Set(Some(actor));
                    r.done_on = Set(Some(done.done_on.unwrap_or(today)));
                    r.late_reason = Set(done.late_reason.filter(|c| !c.is_empty()));
                    r.note = Set(Some(done.note.trim().to_owned()));
                })
                .await
            })
        })
        .await?;
    let labels = scope.labels([lowest(&row)]).await?;
    Ok((StatusCode::OK, Json(view(&scope, row, &labels))))
}

/// The routes of this room.
pub fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        kernel::day::parse(text).unwrap_or_else(|| panic!("{text} is no day"))
    }

    #[test]
    fn what_cannot_wait_is_never_late() {
        let done = DoneTask { rev: 1, note: String::new(), done_on: None, late_reason: None };
        assert!(faults(&done, None, AT_ONCE, d("2024-03-01")).is_empty());
    }

    #[test]
    fn a_late_task_is_never_lost_but_says_why() {
        let (from, until) = (Some(d("2024-02-20")), d("2024-02-29"));
        for (today, done_on, reason, note, wrong) in [
            ("2024-02-29", None, None, "", &[][..]),
            ("2024-03-01", None, None, "", &["late_reason"]),
            ("2024-03-01", None, Some("weather"), "", &[]),
            ("2024-03-01", Some("2024-02-29"), Some("entered_late"), "", &[]),
            ("2024-03-01", Some("2024-02-29"), None, "", &["late_reason"]),
            ("2024-03-01", Some("2024-03-02"), Some("weather"), "", &["done_on"]),
            ("2024-03-01", Some("2024-02-19"), Some("weather"), "", &["done_on"]),
            ("2024-03-01", None, Some("other"), " ", &["note"]),
            ("2024-03-01", None, Some("other"), "道路封闭", &[]),
            ("2024-03-01", None, Some("bored"), "", &["late_reason"]),
        ] {
            let done = DoneTask {
                rev: 1,
                note: note.to_owned(),
                done_on: done_on.map(d),
                late_reason: reason.map(str::to_owned),
            };
            let found: Vec<String> = faults(&done, from, until, d(today)).into_iter().map(|f| f.field).collect();
            assert_eq!(found, wrong, "{today} {done_on:?} {reason:?}");
        }
    }
}
