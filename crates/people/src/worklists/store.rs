//! Queries over saved lists: one's own, and those shared with a place of one's work.

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Problem};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::{Keep, model::MOST, row::worklist};

const KEPT: &str = "kept";

fn kept(list: Option<&str>) -> Condition {
    let kept = Condition::all().add(worklist::Column::State.eq(KEPT));
    match list {
        Some(list) => kept.add(worklist::Column::List.eq(list)),
        None => kept,
    }
}

fn mine(scope: &Scope<Keep>, list: &str) -> Visible<'static, worklist::Entity> {
    let mine = scope.mine::<worklist::Entity>().filter(kept(Some(list)));
    mine.order(worklist::Column::Id, Order::Asc).limit(MOST)
}

fn of_others(scope: &Scope<Keep>, list: &str) -> Visible<'static, worklist::Entity> {
    // Few places, few lists: sorted once they are here.
    let shared = scope.shared_with_me::<worklist::Entity>().filter(kept(Some(list)));
    shared.filter(worklist::Column::AccountId.ne(scope.actor())).limit(4 * MOST)
}

/// The statements of the menu, for plan tests.
pub fn statements(scope: &Scope<Keep>, list: &str) -> Vec<sea_orm::Statement> {
    mine(scope, list).statements().into_iter().chain(of_others(scope, list).statements()).collect()
}

/// The caller's lists, then those others shared with the caller's places; in the order they were saved.
pub async fn seen(scope: &Scope<Keep>, list: &str) -> Outcome<Vec<worklist::Model>> {
    let mut rows = mine(scope, list).all().await?;
    let mut others = of_others(scope, list).all().await?;
    others.sort_by_key(|row| row.id);
    rows.extend(others);
    Ok(rows)
}

/// One list the caller may open.
pub async fn one(scope: &Scope<Keep>, id: Id) -> Outcome<worklist::Model> {
    let this = || kept(None).add(worklist::Column::Id.eq(id));
    match scope.mine::<worklist::Entity>().filter(this()).one().await? {
        Some(row) => Ok(row),
        None => scope.shared_with_me::<worklist::Entity>().filter(this()).required().await,
    }
}

/// One list of the caller inside a write, as the caller saw it.
pub async fn mine_in(tx: &Writing<'_, Keep>, id: Id, rev: i32) -> Outcome<worklist::Model> {
    let row = tx.mine::<worklist::Entity>().filter(kept(None).add(worklist::Column::Id.eq(id))).required().await?;
    if row.rev == rev { Ok(row) } else { Err(Problem::Stale(row.rev)) }
}

/// Refuses one list more than an account may keep.
pub async fn has_room(tx: &Writing<'_, Keep>, list: &str) -> Outcome<()> {
    if tx.mine::<worklist::Entity>().filter(kept(Some(list))).count(MOST).await? < MOST {
        return Ok(());
    }
    Err(Problem::refused(
        "worklist_full",
        format!("最多保存 {MOST} 个常用筛选，请先删除不用的。"),
        format!("At most {MOST} saved lists can be kept; remove one you no longer need first."),
    ))
}
