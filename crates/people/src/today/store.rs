//! Counts and short lists of the day's page.

use access::{Level, Scope, Visible, placement::division, reach::Reach};
use kernel::{Day, Outcome, day};
use sea_orm::{ColumnTrait as _, Order};

use crate::{
    persons::row::person,
    visits::{COMPLETED, Read, row::visit, served},
};

/// Where a count stops.
pub const MOST: u64 = 10_000;

/// People in a ledger state, the longest waiting first.
pub fn in_state(scope: &Scope<Read>, state: &str) -> Visible<'static, person::Entity> {
    scope.find::<person::Entity>().filter(person::Column::LedgerState.eq(state)).order(person::Column::Id, Order::Asc)
}

/// Priority clients who could not be reached `failures` times in a row or more, found on a stretch of the due index.
pub fn not_reached(scope: &Scope<Read>, failures: i32, until: Day) -> Visible<'static, person::Entity> {
    crate::due::store::missed(due(scope, None, until), failures)
}

/// People due from `from` to `to`, earliest first.
pub fn due(scope: &Scope<Read>, from: Option<Day>, to: Day) -> Visible<'static, person::Entity> {
    let query = scope
        .find::<person::Entity>()
        .filter(person::Column::NextDueOn.lte(to))
        .order(person::Column::NextDueOn, Order::Asc)
        .order(person::Column::Id, Order::Asc);
    match from {
        Some(from) => query.filter(person::Column::NextDueOn.gte(from)),
        None => query,
    }
}

/// How many completed visits there were on each of the last `days` days, the oldest first.
pub async fn visits_by_day(scope: &Scope<Read>, days: i64, today: Day) -> Outcome<Vec<(Day, u64)>> {
    let mut found = Vec::new();
    for back in (0..days).rev() {
        let on = day::add_days(today, -back);
        let query = scope
            .find::<visit::Entity>()
            .filter(visit::Column::VisitedOn.eq(on))
            .filter(visit::Column::State.eq(COMPLETED));
        found.push((on, query.count(MOST).await?));
    }
    Ok(found)
}

/// Service coverage of the caller's own place; none where only figures of whole counties could tell.
pub async fn coverage(scope: &Scope<Read>, place: &division::Model, from: Day) -> Outcome<Option<served::Served>> {
    let whole = scope.reaches().iter().any(|r| !matches!(r, Reach::Own(..)));
    if whole {
        return Ok(Some(served::now_in(&scope.report(&place.place())?, from).await?));
    }
    if place.place().level < Level::County {
        return Ok(None);
    }
    served::now_at(scope, place, from).await.map(Some)
}
