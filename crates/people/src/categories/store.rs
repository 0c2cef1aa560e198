//! Queries over category assignments.

use std::collections::HashMap;

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Permit, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, Order};

use super::{model::NewCategory, row::category_assignment as row};
use crate::persons::row::person;

/// All assignments of a person, oldest first.
pub async fn of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<row::Model>> {
    scope.parts::<row::Entity, person::Entity>(person).order(row::Column::Id, Order::Asc).read().await
}

/// Open assignments of people the caller has at hand (a page of them), by person, oldest first.
pub async fn open_of_page<P: Permit>(scope: &Scope<P>, people: &[Id]) -> Outcome<HashMap<Id, Vec<row::Model>>> {
    let mut found: HashMap<Id, Vec<row::Model>> = HashMap::new();
    if !people.is_empty() {
        for row in open(scope.parts_of::<row::Entity, person::Entity>(people)).await? {
            found.entry(row.person_id).or_default().push(row);
        }
    }
    Ok(found)
}

/// Open assignments of a person, oldest first.
pub async fn open_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<row::Model>> {
    open(scope.parts::<row::Entity, person::Entity>(person)).await
}

/// Open assignments of a person inside a write.
pub async fn open_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Vec<row::Model>> {
    open(tx.parts::<row::Entity, person::Entity>(person)).await
}

async fn open(rows: Visible<'_, row::Entity>) -> Outcome<Vec<row::Model>> {
    rows.filter(row::Column::ToOn.is_null()).order(row::Column::Id, Order::Asc).read().await
}

/// The assignment with this id, whosever it is: the caller looks its person up with the scope.
pub async fn get<P: Permit>(tx: &Writing<'_, P>, id: Id) -> Outcome<row::Model> {
    row::Entity::find_by_id(id).one(tx.derived()).await?.ok_or(Problem::NotFound)
}

/// Inserts an assignment of a visible person.
pub async fn insert<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    new: &NewCategory,
    next_review_on: Option<kernel::Day>,
) -> Outcome<row::Model> {
    let row = row::ActiveModel {
        id: Set(new.id),
        category: Set(new.category.clone()),
        source: Set(new.source.clone()),
        evidence_kind: Set(new.evidence_kind.clone()),
        evidence_ref: Set(new.evidence_ref.trim().to_owned()),
        from_on: Set(new.from),
        to_on: Set(None),
        end_reason: Set(None),
        verified_by: Set(Some(tx.scope().actor())),
        next_review_on: Set(next_review_on),
        sub_code: Set(new.sub_code.clone().unwrap_or_default()),
        valid_until: Set(new.valid_until),
        county_id: Set(person.county_id),
        ..Default::default()
    };
    tx.insert_part::<row::Entity, person::Entity>(person, row).await
}

/// Ends an assignment.
pub async fn end<P: Permit>(
    tx: &Writing<'_, P>,
    before: &row::Model,
    to: kernel::Day,
    reason: &str,
) -> Outcome<row::Model> {
    let reason = reason.trim().to_owned();
    tx.update_part::<row::Entity>(before, |r| {
        r.to_on = Set(Some(to));
        r.end_reason = Set(Some(reason));
        r.next_review_on = Set(None);
    })
    .await
}
