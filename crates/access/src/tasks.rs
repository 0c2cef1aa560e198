//! Tasks (待办): something a role at a place should look at, in a window of days.
//!
//! Any day from `from_on` to `until_on` is in time. A task stays until it is done, however late; whoever does it late says
//! why and on which day it was really done. A task that a rule of the calendar raises carries a mark, so that the rule
//! raises it once, and is settled by the rule when what it asks for has happened.

use kernel::{Day, Id, Outcome, Permit, Place, permits};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

use crate::{Level, Writing, row::task};

pub mod inbox;

pub use inbox::{TaskView, of_kinds, overdue, routes, waiting};

/// Stands for "no limit" in `until_on`.
pub const NO_LIMIT: Day = match Day::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => Day::MAX,
};

/// Stands for "at once" in `until_on`: before every day, so that the task leads the inbox. It is never late.
pub const AT_ONCE: Day = match Day::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => Day::MIN,
};

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
    /// Until when; [`AT_ONCE`] for what cannot wait.
    pub due_on: Option<Day>,
    /// What the screen needs to tell; never names or numbers.
    pub detail: serde_json::Value,
}

/// When a task can be done in time, and what it is about exactly.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// First day.
    pub from: Option<Day>,
    /// Mark of the rule that raises it.
    pub mark: String,
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
    put(tx, new, Window::default()).await
}

/// The tasks of these kinds that were ever raised for a subject.
pub async fn of_subject<P: Permit>(
    tx: &Writing<'_, P>,
    subject_kind: &str,
    subject: Id,
    kinds: &[&str],
) -> Outcome<Vec<task::Model>> {
    use sea_orm::{EntityTrait as _, QueryFilter as _};
    let rows = task::Entity::find()
        .filter(task::Column::SubjectKind.eq(subject_kind))
        .filter(task::Column::SubjectId.eq(subject))
        .filter(task::Column::Kind.is_in(kinds.iter().copied()))
        .all(tx.derived())
        .await?;
    Ok(rows)
}

/// Raises a task with its window; the caller has looked whether its mark was raised before ([`of_subject`]).
pub async fn put<P: Permit>(tx: &Writing<'_, P>, new: NewTask, window: Window) -> Outcome<()> {
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
        due_on: Set(new.due_on.filter(|day| *day > AT_ONCE)),
        until_on: Set(new.due_on.unwrap_or(NO_LIMIT)),
        from_on: Set(window.from),
        mark: Set(window.mark),
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
    for row in open {
        settle_one(tx, &row).await?;
    }
    Ok(())
}

/// Marks one task done because what it asks for has happened or no longer holds.
pub async fn settle_one<P: Permit>(tx: &Writing<'_, P>, row: &task::Model) -> Outcome<()> {
    let (now, today, actor) = (tx.scope().now(), tx.scope().today(), tx.scope().actor());
    tx.update_part::<task::Entity>(row, |r| {
        r.state = Set("done".to_owned());
        r.done_at = Set(Some(now));
        r.done_on = Set(Some(today));
        r.done_by = Set(Some(actor));
    })
    .await
    .map(|_| ())
}
