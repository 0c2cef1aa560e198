//! Queries over stations.

use std::collections::HashMap;

use access::{Outcome, Scope, Visible, placement::division};
use kernel::{Day, Id};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, ExprTrait as _, Order, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, Func},
};

use super::row::station;
use crate::network::{Read, row::network_status};

/// Which stations to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Statuses on the day; none = any.
    pub statuses: Vec<String>,
    /// Beginning of the name.
    pub name: Option<String>,
    /// The day the list shows.
    pub on: Option<Day>,
    /// Rows after this id.
    pub after: Option<Id>,
    /// Rows to fetch.
    pub rows: u64,
}

/// One page (and one row more) of stations of a place, in order of their ids.
pub fn page(scope: &Scope<Read>, place: &division::Model, filter: &Filter) -> Visible<'static, station::Entity> {
    let mut condition = Condition::all();
    if let Some(id) = filter.after {
        condition = condition.add(station::Column::Id.gt(id));
    }
    if let Some(name) = &filter.name {
        condition = condition.add(begins_with(station::Column::Name, name));
    }
    condition = match filter.on {
        None if filter.statuses.is_empty() => condition,
        None => condition.add(station::Column::Status.is_in(filter.statuses.clone())),
        Some(on) => condition.add(status_on(Expr::col((station::Entity, station::Column::Id)), on, &filter.statuses)),
    };
    scope
        .find_in::<station::Entity>(&place.place())
        .filter(condition)
        .order(station::Column::Id, Order::Asc)
        .limit(filter.rows)
}

/// The station that serves a township today: the one that operates, else the one nearest to opening; closed ones do not.
pub async fn serving(conn: &impl ConnectionTrait, township: i32) -> Outcome<Option<station::Model>> {
    Ok(readiest(station::Entity::find().filter(station::Column::TownshipId.eq(township)).all(conn).await?))
}

fn readiest(rows: Vec<station::Model>) -> Option<station::Model> {
    const READY: [&str; 6] = ["operating", "suspended", "plaque_hung", "staffed", "preparing", "planned"];
    let rank = |s: &station::Model| READY.iter().position(|r| *r == s.status);
    rows.into_iter().filter_map(|s| Some((rank(&s)?, s))).min_by_key(|(rank, s)| (*rank, s.id)).map(|(_, s)| s)
}

/// The station a client turns to, inside the reach: the one named for the client, else the one that serves the township.
pub async fn of_client(scope: &Scope<Read>, named: Option<Id>, township: i32) -> Outcome<Option<station::Model>> {
    if let Some(id) = named {
        return scope.find::<station::Entity>().filter(station::Column::Id.eq(id)).one().await;
    }
    let rows = scope.find::<station::Entity>().filter(station::Column::TownshipId.eq(township));
    Ok(readiest(rows.order(station::Column::Id, Order::Asc).limit(50).all().await?))
}

/// A column begins with a text, compared as characters on both engines.
pub fn begins_with(column: impl sea_orm::IntoSimpleExpr, text: &str) -> Expr {
    let length = i32::try_from(text.chars().count()).unwrap_or(i32::MAX);
    Expr::expr(Func::cust("substr").args([column.into_simple_expr(), Expr::val(1), Expr::val(length)])).eq(text)
}

/// The status of an owner on a day is one of these (any, when none are named; there must be one).
pub fn status_on(owner: Expr, on: Day, statuses: &[String]) -> Expr {
    let newest = network_status::Entity::find()
        .select_only()
        .column(network_status::Column::Status)
        .filter(Expr::col((network_status::Entity, network_status::Column::OwnerId)).eq(owner))
        .filter(network_status::Column::OnDay.lte(on))
        .order_by_desc(network_status::Column::OnDay)
        .order_by_desc(network_status::Column::Serial)
        .limit(1)
        .into_query();
    let status = Expr::SubQuery(None, Box::new(newest.into()));
    if statuses.is_empty() { status.is_not_null() } else { status.is_in(statuses.to_vec()) }
}

/// The station with this id inside the reach.
pub async fn get(scope: &Scope<Read>, id: Id) -> Outcome<station::Model> {
    scope.find::<station::Entity>().filter(station::Column::Id.eq(id)).required().await
}

/// Names of visible stations by id.
pub async fn names(scope: &Scope<Read>, mut ids: Vec<Id>) -> Outcome<HashMap<Id, String>> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = scope.find::<station::Entity>().filter(station::Column::Id.is_in(ids)).all().await?;
    Ok(rows.into_iter().map(|s| (s.id, s.name)).collect())
}
