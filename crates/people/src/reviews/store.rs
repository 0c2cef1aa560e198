//! Queries over reviews and the visits a sample is drawn from.

use access::{Scope, Visible};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{ColumnTrait as _, Order};

use super::{
    Review,
    model::{self, Draw},
    row::visit_review,
};
use crate::visits::{COMPLETED, row::visit};

/// Visits of one day that are looked at.
const PER_DAY: u64 = 200;

/// The visits of one day in a place, the newest first.
pub fn of_day(scope: &Scope<Review>, place: &Place, on: Day) -> Visible<'static, visit::Entity> {
    scope
        .find_in::<visit::Entity>(place)
        .filter(visit::Column::VisitedOn.eq(on))
        .filter(visit::Column::State.eq(COMPLETED))
        .order(visit::Column::VisitedOn, Order::Desc)
        .order(visit::Column::Id, Order::Desc)
        .limit(PER_DAY)
}

/// Draws `n` visits that nobody has reviewed yet and that are not the caller's own.
pub async fn sample(
    scope: &Scope<Review>,
    place: &Place,
    n: usize,
    window: i64,
    seed: u64,
) -> Outcome<Vec<visit::Model>> {
    let mut draw = Draw::new(seed);
    let per_day = n.div_ceil(4).max(1);
    let mut found: Vec<visit::Model> = Vec::new();
    for on in model::days(&mut draw, scope.today(), window) {
        let visits = of_day(scope, place, on).all().await?;
        let ids: Vec<Id> = visits.iter().map(|v| v.id).collect();
        let known: Vec<Id> = reviews_of(scope, ids).await?.into_iter().map(|r| r.visit_id).collect();
        let fresh = visits.into_iter().filter(|v| !known.contains(&v.id) && v.worker_id != scope.actor()).collect();
        found.extend(draw.shuffled::<visit::Model>(fresh).into_iter().take(per_day));
        if found.len() >= n {
            break;
        }
    }
    found.truncate(n);
    Ok(found)
}

async fn reviews_of(scope: &Scope<Review>, visits: Vec<Id>) -> Outcome<Vec<visit_review::Model>> {
    if visits.is_empty() {
        return Ok(Vec::new());
    }
    scope.find::<visit_review::Entity>().filter(visit_review::Column::VisitId.is_in(visits)).all().await
}

/// The reviews of one visit, newest first.
pub fn of_visit<P: Permit + Sees<visit_review::Entity>>(
    scope: &Scope<P>,
    visit: Id,
) -> Visible<'static, visit_review::Entity> {
    scope
        .find::<visit_review::Entity>()
        .filter(visit_review::Column::VisitId.eq(visit))
        .order(visit_review::Column::Id, Order::Desc)
        .limit(50)
}

/// Reviews inside a place, newest first, behind `after`; only those of a verdict when one is named.
pub fn of_place<P: Permit + Sees<visit_review::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    verdict: Option<&str>,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, visit_review::Entity> {
    let mut query =
        scope.find_in::<visit_review::Entity>(place).order(visit_review::Column::Id, Order::Desc).limit(rows);
    if let Some(verdict) = verdict {
        query = query.filter(visit_review::Column::Verdict.eq(verdict));
    }
    if let Some(after) = after {
        query = query.filter(visit_review::Column::Id.lt(after));
    }
    query
}
