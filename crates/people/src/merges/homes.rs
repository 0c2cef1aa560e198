//! Households when two records become one person: nobody is in two households of one kind.

use access::cells::{Cell, Cells};
use kernel::{Outcome, Permit, Problem};
use sea_orm::{ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _};

use super::{actions::audited, carry::Pen};
use crate::{
    households::row::{household, membership},
    persons::row::person,
};

const HEAD: &str = "0";

/// Ends memberships of the absorbed record where the survivor is in a household of that kind, and hands headship on; the
/// memberships themselves are given over afterwards.
pub async fn settle<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    survivor: &person::Model,
    absorbed: &person::Model,
) -> Outcome<()> {
    let mine = open(pen, survivor).await?;
    for theirs in open(pen, absorbed).await? {
        let Some(home) = household::Entity::find_by_id(theirs.household_id).one(pen.tx.derived()).await? else {
            continue;
        };
        let mut double = None;
        for membership in &mine {
            let other = household::Entity::find_by_id(membership.household_id).one(pen.tx.derived()).await?;
            if other.is_some_and(|other| other.kind == home.kind) {
                double = Some(membership);
            }
        }
        let is_head = home.head_id == Some(absorbed.id);
        match double {
            None if is_head => head(pen, &home, Some(survivor), None).await?,
            None => {}
            Some(own) if own.household_id == home.id => {
                if is_head {
                    head(pen, &home, Some(survivor), None).await?;
                    let relation = |text: &str| -> Cells { vec![("relation".to_owned(), Cell::from(text))] };
                    let row = audited("membership", "membership", own.id);
                    pen.change(&row, &relation(&own.relation), &relation(HEAD)).await?;
                }
                end(pen, &theirs).await?;
            }
            Some(_) => {
                let others = members(pen, &home).await?.into_iter().any(|m| m.person_id != absorbed.id);
                if is_head && others {
                    return Err(Problem::refused(
                        "merge.household_head",
                        "被合并的档案是另一同类家庭的户主，且该户还有其他成员。请先为该户更换户主，或为其办理离户，再合并。",
                        "The record to be absorbed heads another household of this kind that has other members. Name another head there, or end the membership, before merging.",
                    ));
                }
                end(pen, &theirs).await?;
                if !others {
                    let today = pen.tx.scope().today().max(home.from_on);
                    head(pen, &home, None, Some(today)).await?;
                }
            }
        }
    }
    Ok(())
}

async fn open<P: Permit>(pen: &Pen<'_, '_, P>, person: &person::Model) -> Outcome<Vec<membership::Model>> {
    pen.tx
        .parts::<membership::Entity, person::Entity>(person)
        .filter(membership::Column::ToOn.is_null())
        .order(membership::Column::Id, Order::Asc)
        .all()
        .await
}

async fn members<P: Permit>(pen: &Pen<'_, '_, P>, home: &household::Model) -> Outcome<Vec<membership::Model>> {
    Ok(membership::Entity::find()
        .filter(membership::Column::HouseholdId.eq(home.id))
        .filter(membership::Column::ToOn.is_null())
        .all(pen.tx.derived())
        .await?)
}

async fn head<P: Permit>(
    pen: &mut Pen<'_, '_, P>,
    home: &household::Model,
    head: Option<&person::Model>,
    closes: Option<kernel::Day>,
) -> Outcome<()> {
    let cells = |id, to| -> Cells { vec![("head_id".to_owned(), Cell::Id(id)), ("to_on".to_owned(), Cell::Day(to))] };
    let row = audited("household", "household", home.id);
    let set = cells(head.map(|p| p.id), closes.or(home.to_on));
    pen.change(&row, &cells(home.head_id, home.to_on), &set).await
}

async fn end<P: Permit>(pen: &mut Pen<'_, '_, P>, leaving: &membership::Model) -> Outcome<()> {
    let today = pen.tx.scope().today().max(leaving.from_on);
    let before: Cells = vec![
        ("to_on".to_owned(), Cell::Day(leaving.to_on)),
        ("end_reason".to_owned(), Cell::Text(leaving.end_reason.clone())),
    ];
    let set: Cells =
        vec![("to_on".to_owned(), Cell::Day(Some(today))), ("end_reason".to_owned(), Cell::from("duplicate"))];
    pen.change(&audited("membership", "membership", leaving.id), &before, &set).await
}
