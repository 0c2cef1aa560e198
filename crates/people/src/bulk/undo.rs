//! Putting a bulk act back: only what still stands as the act left it.

use access::{Scope, Writing, Written};
use kernel::{Id, Outcome, Permit, Problem, Sees};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    Run, edit,
    model::{self, DONE, KEPT, UNDONE},
    row::{bulk_row, bulk_run},
    store,
};
use crate::{
    ledger::{self, grading},
    persons::{self, Change, row::person},
};

/// Begins the undo of an act; its job has the id of this call.
pub async fn start(scope: &Scope<Run>, run: Id, id: Id, digest: &[u8]) -> Outcome<Written> {
    let seen = store::one(scope, run).await?;
    let written = scope
        .write_once(id, &[digest, run.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let before = tx.get::<bulk_run::Entity>(run).await?;
                must_be_undoable(tx, &before).await?;
                let now = tx.scope().now();
                tx.update::<bulk_run::Entity>(&before, |r| r.undone_at = Set(Some(now))).await.map(|_| ())
            })
        })
        .await?;
    let mine = scope.clone();
    scope.start_job(id, "bulk.undo", move |progress| async move {
        let total = store::rows(&mine, &seen, Some(DONE), 0, u64::MAX >> 1).count(100_000).await?;
        let mut done = 0;
        loop {
            let rows = store::rows(&mine, &seen, Some(DONE), 0, 100).all().await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                access::again(|| put_back(&mine, &seen, row.clone())).await?;
                done += 1;
                progress.at(done, total, "bulk.undo_row");
            }
        }
        Ok(json!({ "run": seen.id }))
    });
    Ok(written)
}

async fn must_be_undoable(tx: &Writing<'_, Run>, run: &bulk_run::Model) -> Outcome<()> {
    let waiting = tx.parts::<bulk_row::Entity, bulk_run::Entity>(run);
    let waits = waiting.all().await?.iter().any(|r| r.state == model::WAITING);
    if waits {
        return Err(Problem::refused(
            "bulk.running",
            "这次批量操作还没有完成，请等它完成后再撤销。",
            "This bulk act is not finished yet; undo it when it is.",
        ));
    }
    if run.undone_at.is_some() {
        return Err(Problem::refused("bulk.undone", "这次批量操作已经撤销过。", "This bulk act was undone already."));
    }
    if tx.scope().now() > run.undo_until {
        return Err(Problem::refused(
            "bulk.too_late",
            "已超过可撤销的时间，请逐条修改。",
            "The time for undoing has passed; change the records one by one.",
        ));
    }
    Ok(())
}

async fn put_back(scope: &Scope<Run>, run: &bulk_run::Model, row: bulk_row::Model) -> Outcome<()> {
    let kept = row.clone();
    let tried = match run.kind.as_str() {
        "assign" => assign_back(&scope.also::<Change>()?, row).await,
        "edit" => edit::put_back(&scope.also::<Change>()?, row).await,
        _ => match (scope.also::<ledger::Approve>().ok(), scope.also::<ledger::Move>().ok()) {
            (Some(scope), _) => grade_back(&scope, row).await,
            (None, Some(scope)) => grade_back(&scope, row).await,
            (None, None) => Err(Problem::Forbidden),
        },
    };
    let Err(problem) = tried else { return Ok(()) };
    if matches!(problem, Problem::Internal(_) | Problem::Unavailable | Problem::Collided | Problem::Unauthenticated) {
        return Err(problem);
    }
    let (zh, en) = model::why(&problem);
    scope.write(move |tx| Box::pin(async move { note(tx, &kept, false, (&zh, &en)).await })).await
}

/// Notes that a row was put back, or why it was kept.
pub(super) async fn note<P: Permit>(
    tx: &Writing<'_, P>,
    row: &bulk_row::Model,
    back: bool,
    (zh, en): (&str, &str),
) -> Outcome<()> {
    let state = if back { UNDONE } else { KEPT };
    store::mark(tx, row, state, (&row.before_json, &row.after_json), (zh, en)).await.map(|_| ())
}

/// The same, with the usual words for a row that changed since.
pub(super) async fn note_back<P: Permit>(tx: &Writing<'_, P>, row: &bulk_row::Model, back: bool) -> Outcome<()> {
    let text = model::kept_text();
    let words = if back { ("", "") } else { (text.zh.as_str(), text.en.as_str()) };
    note(tx, row, back, words).await
}

async fn assign_back(scope: &Scope<Change>, row: bulk_row::Model) -> Outcome<()> {
    scope
        .write(move |tx| {
            Box::pin(async move {
                let read = |text: &str| serde_json::from_str::<Option<Id>>(text).map_err(Problem::internal);
                let (before, after) = (read(&row.before_json)?, read(&row.after_json)?);
                let person = tx.get::<person::Entity>(row.person_id).await?;
                let still = person.worker_id == after;
                if still && before != after {
                    persons::change(tx, &person, |r| r.worker_id = Set(before)).await?;
                }
                note_back(tx, &row, still).await
            })
        })
        .await
}

async fn grade_back<P>(scope: &Scope<P>, row: bulk_row::Model) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    scope
        .write(move |tx| {
            Box::pin(async move {
                let taken: grading::Taken = serde_json::from_str(&row.before_json).map_err(Problem::internal)?;
                let person = tx.get::<person::Entity>(row.person_id).await?;
                let back = grading::take_back(tx, &person, &taken).await?;
                note_back(tx, &row, back).await
            })
        })
        .await
}
