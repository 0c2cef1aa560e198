//! Queries over merges, and records that are in nobody's reach.

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Permit, Place, Problem, Sees};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, Order, QueryFilter as _,
    sea_query::{Expr, SelectStatement, SimpleExpr},
};

use super::{DONE, row::person_merge};
use crate::persons::row::person;

/// Merges in a state inside the reach (and the place), newest first.
pub fn listing<P>(
    scope: &Scope<P>,
    place: Option<&Place>,
    state: &str,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, person_merge::Entity>
where
    P: Permit + Sees<person_merge::Entity>,
{
    let query = match place {
        Some(place) => scope.find_in::<person_merge::Entity>(place),
        None => scope.find::<person_merge::Entity>(),
    };
    let query =
        query.filter(person_merge::Column::State.eq(state)).order(person_merge::Column::Id, Order::Desc).limit(rows);
    match after {
        Some(after) => query.filter(person_merge::Column::Id.lt(after)),
        None => query,
    }
}

/// The person row with this id, wherever it lies: for records that an act of this room was allowed to reach.
pub async fn person_in<P: Permit>(tx: &Writing<'_, P>, id: Id) -> Outcome<person::Model> {
    person::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)
}

/// The record this one was merged into, when the caller may see that one.
pub async fn survivor_of<P>(scope: &Scope<P>, absorbed: Id) -> Outcome<Option<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    scope.find::<person::Entity>().filter(leads_from(absorbed)).one().await
}

fn leads_from(absorbed: Id) -> SimpleExpr {
    let mut into = SelectStatement::new();
    into.column(person::Column::MergedInto)
        .from(person::Entity)
        .and_where(Expr::col(person::Column::Id).eq(absorbed))
        .and_where(Expr::col(person::Column::MergedInto).is_not_null());
    Expr::col((person::Entity, person::Column::Id)).in_subquery(into)
}

/// Merges that stand and name this record as the one that stays, newest first.
pub async fn into_in<P: Permit>(tx: &Writing<'_, P>, survivor: Id) -> Outcome<Vec<person_merge::Model>> {
    use sea_orm::QueryOrder as _;
    Ok(person_merge::Entity::find()
        .filter(person_merge::Column::SurvivorId.eq(survivor))
        .filter(person_merge::Column::State.eq(DONE))
        .order_by_desc(person_merge::Column::DecidedAt)
        .order_by_desc(person_merge::Column::Id)
        .all(tx.derived())
        .await?)
}

/// Merges of a visible survivor, newest first.
pub async fn of<P: Permit>(scope: &Scope<P>, survivor: &person::Model) -> Outcome<Vec<person_merge::Model>> {
    scope
        .parts::<person_merge::Entity, person::Entity>(survivor)
        .order(person_merge::Column::Id, Order::Desc)
        .all()
        .await
}

impl access::PartOf<person::Entity> for person_merge::Entity {
    fn parent_column() -> person_merge::Column {
        person_merge::Column::SurvivorId
    }
    fn parent_key(parent: &person::Model) -> sea_orm::Value {
        parent.id.into()
    }
}

/// The absorbed record of a merge the caller may see.
impl access::PartOf<person_merge::Entity> for person::Entity {
    fn parent_column() -> person::Column {
        person::Column::Id
    }
    fn parent_key(parent: &person_merge::Model) -> sea_orm::Value {
        parent.absorbed_id.into()
    }
}
