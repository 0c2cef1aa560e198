//! Grants that ran out (授权到期): nobody acts when a day passes, so the server looks once an hour and asks the head of the
//! station, once per grant, to hand over the clients of whoever no longer works there.

use kernel::{Day, Outcome, day};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{ChangeAccounts, actions};
use crate::{
    House, Scope,
    row::{role_grant, task},
    visible::reader,
};

/// How far back is looked, in days: a server that stood still that long must not flood anybody.
const BACK: i64 = 60;

/// Raises the task for every grant that ran out lately and has none yet; gives how many.
pub async fn remind(house: &House) -> Outcome<usize> {
    let lapsed = unasked(house, house.floor.today()).await?;
    if lapsed.is_empty() {
        return Ok(0);
    }
    let scope = Scope::<ChangeAccounts>::on_behalf_of(house, "grants.lapsed").await?;
    let count = lapsed.len();
    for grant in lapsed {
        scope.write(move |tx| Box::pin(async move { actions::left_office(tx, &grant).await })).await?;
    }
    Ok(count)
}

/// Grants of carers that ran out lately, without a task about them, open or done.
async fn unasked(house: &House, today: Day) -> Outcome<Vec<role_grant::Model>> {
    let conn = reader(&house.floor);
    let lapsed = role_grant::Entity::find()
        .filter(role_grant::Column::State.eq("approved"))
        .filter(role_grant::Column::ToOn.lt(today))
        .filter(role_grant::Column::ToOn.gte(day::add_days(today, -BACK)))
        .filter(role_grant::Column::Role.is_in(actions::CARERS))
        .all(conn)
        .await?;
    let mut unasked = Vec::new();
    for grant in lapsed {
        let known = task::Entity::find()
            .filter(task::Column::SubjectKind.eq(actions::CASELOAD))
            .filter(task::Column::SubjectId.eq(grant.id))
            .one(conn)
            .await?;
        if known.is_none() {
            unasked.push(grant);
        }
    }
    Ok(unasked)
}
