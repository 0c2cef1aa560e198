//! Queries over facts, and telling one.

use access::{Scope, Writing};
use kernel::{Day, Id, Outcome, Permit, Sees};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Order};

use super::row::person_fact;
use crate::{
    households::{self, row::household},
    persons::row::person,
};

/// Most facts of one person that are read, the newest first.
pub const MOST: usize = 500;

/// Kinds of household that say who is assessed together, the first that is there counts.
pub const UNITS: [&str; 2] = ["benefit_unit", "cohabiting"];

/// One fact as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// Word of the dictionary.
    pub code: String,
    /// [`super::VALUE`], [`super::NONE`] or [`super::UNKNOWN`].
    pub held: &'static str,
    /// Value in steps.
    pub value: Option<i64>,
    /// Kind of source.
    pub source: String,
    /// Day it was true.
    pub as_of: Day,
    /// More in words.
    pub note: String,
}

/// All that was told of these persons, the newest first; the persons are a household at the most.
pub async fn of<P: Permit>(scope: &Scope<P>, people: &[Id]) -> Outcome<Vec<person_fact::Model>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let query = scope.parts_of::<person_fact::Entity, person::Entity>(people);
    query.order(person_fact::Column::Id, Order::Desc).limit(MOST as u64).read().await
}

/// What was told of one fact of a person, the newest first.
pub async fn history<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    code: &str,
) -> Outcome<Vec<person_fact::Model>> {
    let query = scope.parts::<person_fact::Entity, person::Entity>(person);
    query
        .filter(person_fact::Column::Code.eq(code))
        .order(person_fact::Column::Id, Order::Desc)
        .limit(MOST as u64)
        .read()
        .await
}

/// Who is assessed together with a person, and whether a household says so: the members living together of the means-test unit,
/// else of the household living together; the person alone without either.
pub async fn unit_of<P>(scope: &Scope<P>, person: &person::Model) -> Outcome<(Vec<Id>, bool)>
where
    P: Permit + Sees<household::Entity>,
{
    let homes = households::store::memberships_of(scope, person).await?;
    let mut open = Vec::new();
    for home in homes.iter().filter(|m| m.to_on.is_none()).map(|m| m.household_id) {
        open.extend(households::store::find(scope, None, home).await?);
    }
    for kind in UNITS {
        if let Some(home) = open.iter().find(|h| h.kind == kind) {
            let members = households::store::members_of(scope, home).await?;
            let together = members.into_iter().filter(|m| m.to_on.is_none() && m.is_cohabiting);
            return Ok((together.map(|m| m.person_id).collect(), true));
        }
    }
    Ok((vec![person.id], false))
}

/// Tells a fact of a person.
pub async fn tell<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, id: Id, told: Told) -> Outcome<()> {
    let row = person_fact::ActiveModel {
        id: Set(id),
        code: Set(told.code),
        held: Set(told.held.to_owned()),
        value: Set(told.value),
        source: Set(told.source),
        as_of: Set(told.as_of),
        note: Set(told.note),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(person.county_id),
        ..Default::default()
    };
    tx.insert_part::<person_fact::Entity, person::Entity>(person, row).await.map(|_| ())
}
