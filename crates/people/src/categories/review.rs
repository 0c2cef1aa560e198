//! Reviews of categories: the period starts again, or the category ends; and causes that ask for an early one.

use access::{Scope, Writing, Written};
use chrono::NaiveDate;
use kernel::{Day, Field, Id, Outcome, Permit, Problem, Sees, codes, params::Params};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    actions,
    row::{category_assignment, category_review},
    store,
};
use crate::{
    due,
    households::row::membership,
    persons::{
        checks::{Faults, LONG, SHORT},
        row::person,
    },
    timers::model::{self as timers, Rules},
};

/// A review of one category.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewCategory {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the assignment the caller saw.
    pub rev: i32,
    /// Day of the review, today or earlier.
    pub on: NaiveDate,
    /// `keep` or `end`; what an authority decided is written down here as it decided.
    pub outcome: String,
    /// What was found.
    #[schema(min_length = 1, max_length = 4000)]
    pub note: String,
    /// Code of list `evidence_kind`.
    pub evidence_kind: String,
    /// Number or name of the evidence.
    #[schema(min_length = 1, max_length = 200)]
    pub evidence_ref: String,
    /// New last day of the certificate or recognition.
    pub valid_until: Option<NaiveDate>,
    /// Finer code of list `category_sub`.
    pub sub_code: Option<String>,
}

/// A cause that asks for an early review.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecheckCategory {
    /// UUIDv7 made by the client.
    pub id: Uuid,
    /// Revision of the assignment the caller saw.
    pub rev: i32,
    /// Code of list `recheck_cause`.
    pub cause: String,
    /// Day on which it arose, today or earlier.
    pub on: NaiveDate,
}

/// Whether a code of list `list` belongs to this category (its `parent` is the category or its beginning).
pub fn belongs(list: &str, code: &str, category: &str) -> bool {
    let parent = codes::list(list).and_then(|l| l.get(code)).map(|i| i.parent.as_deref());
    match parent {
        Some(Some(parent)) => {
            category == parent || category.strip_prefix(parent).is_some_and(|rest| rest.starts_with('_'))
        }
        Some(None) => true,
        None => false,
    }
}

/// Says that a finer code or cause is of another category.
pub fn must_belong(field: &str, list: &str, code: &str, category: &str, faults: &mut Faults) {
    if codes::has(list, code) && !belongs(list, code, category) {
        let (zh, en) = ("所选项不属于该类别，请重新选择。", "This code belongs to another category; choose again.");
        faults.push(Field::new(field, "other_category", zh, en));
    }
}

/// Records a review of a category.
pub async fn review<P>(scope: &Scope<P>, of: (Id, Id), new: ReviewCategory, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    faults.past("on", new.on, scope.today());
    if !matches!(new.outcome.as_str(), "keep" | "end") {
        faults.push(Field::unknown_code("outcome", "review_outcome"));
    }
    faults.text("note", &new.note, LONG);
    faults.code("evidence_kind", "evidence_kind", &new.evidence_kind);
    faults.text("evidence_ref", &new.evidence_ref, SHORT);
    faults.optional_code("sub_code", "category_sub", new.sub_code.as_deref());
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, of.0.as_bytes(), of.1.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let (assignment, person) = open_one(tx, of, new.rev).await?;
                let mut faults = Faults::default();
                let last = assignment.reviewed_on.unwrap_or(assignment.from_on).max(assignment.from_on);
                let (zh, en) = (
                    "复核日期早于认定或上次复核，请核对。",
                    "The review lies before the beginning or the last review.",
                );
                faults.not_before("on", new.on, Some(last), zh, en);
                if let Some(code) = &new.sub_code {
                    must_belong("sub_code", "category_sub", code, &assignment.category, &mut faults);
                }
                let (zh, en) = ("有效期止早于复核日期，请核对。", "The last day lies before the review; check it.");
                if let Some(until) = new.valid_until {
                    faults.not_before("valid_until", until, Some(new.on), zh, en);
                }
                faults.done(Some(()))?;
                put(tx, &person, &assignment, &new).await?;
                after(tx, &person, &assignment, &new).await
            })
        })
        .await
}

async fn put<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    assignment: &category_assignment::Model,
    new: &ReviewCategory,
) -> Outcome<()> {
    let row = category_review::ActiveModel {
        id: Set(new.id),
        assignment_id: Set(assignment.id),
        on_day: Set(new.on),
        outcome: Set(new.outcome.clone()),
        cause: Set(assignment.review_cause.clone()),
        note: Set(new.note.trim().to_owned()),
        evidence_kind: Set(new.evidence_kind.clone()),
        evidence_ref: Set(new.evidence_ref.trim().to_owned()),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(person.county_id),
        ..Default::default()
    };
    tx.insert_part::<category_review::Entity, person::Entity>(person, row).await.map(|_| ())
}

async fn after<P>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    assignment: &category_assignment::Model,
    new: &ReviewCategory,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    if new.outcome == "end" {
        store::end(
            tx,
            assignment,
            new.on.max(assignment.from_on),
            new.note.chars().take(SHORT).collect::<String>().trim(),
        )
        .await?;
        return actions::recount(tx, person).await.map(|_| ());
    }
    let sub_code = new.sub_code.clone().unwrap_or_else(|| assignment.sub_code.clone());
    let next = period_end(tx, person, &assignment.category, &sub_code, new.on).await?;
    let (on, valid_until) = (new.on, new.valid_until.or(assignment.valid_until));
    tx.update_part::<category_assignment::Entity>(assignment, |r| {
        r.reviewed_on = Set(Some(on));
        r.next_review_on = Set(next);
        r.review_cause = Set(String::new());
        r.valid_until = Set(valid_until);
        r.sub_code = Set(sub_code);
    })
    .await?;
    due::refresh(tx, person).await.map(|_| ())
}

/// When the period of a category ends at the place of a person; none when nothing asks for a review.
pub(super) async fn period_end<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    category: &str,
    sub_code: &str,
    base: Day,
) -> Outcome<Option<Day>> {
    let places = due::place_codes_in(tx, person).await?;
    let near = due::nearest(&places);
    let rules = Rules { params: Params::national(), places: &near, today: tx.scope().today() };
    Ok(timers::period_end(category, sub_code, base, &rules))
}

/// Notes a cause that asks for an early review.
pub async fn recheck<P>(scope: &Scope<P>, of: (Id, Id), new: RecheckCategory, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    faults.past("on", new.on, scope.today());
    faults.code("cause", "recheck_cause", &new.cause);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, of.0.as_bytes(), of.1.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let (assignment, person) = open_one(tx, of, new.rev).await?;
                let mut faults = Faults::default();
                must_belong("cause", "recheck_cause", &new.cause, &assignment.category, &mut faults);
                faults.done(Some(()))?;
                early(tx, &person, &assignment, &new.cause, new.on).await?;
                due::refresh(tx, &person).await.map(|_| ())
            })
        })
        .await
}

/// Brings the next review forward for a cause; one that is due earlier already stays.
pub(crate) async fn early<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    assignment: &category_assignment::Model,
    cause: &str,
    on: Day,
) -> Outcome<()> {
    let places = due::place_codes_in(tx, person).await?;
    let near = due::nearest(&places);
    let rules = Rules { params: Params::national(), places: &near, today: tx.scope().today() };
    let Some(until) = timers::early_review(cause, on, &rules) else { return Ok(()) };
    if assignment.next_review_on.is_some_and(|next| next <= until) && !assignment.review_cause.is_empty() {
        return Ok(());
    }
    let until = assignment.next_review_on.map_or(until, |next| next.min(until));
    tx.update_part::<category_assignment::Entity>(assignment, |r| {
        r.next_review_on = Set(Some(until));
        r.review_cause = Set(cause.to_owned());
    })
    .await
    .map(|_| ())
}

/// Brings forward the reviews of the dibao household of somebody who died (民发〔2022〕83号); its members may live elsewhere.
pub(crate) async fn after_death<P: Permit>(tx: &Writing<'_, P>, dead: &person::Model, on: Day) -> Outcome<()> {
    let homes = tx.parts::<membership::Entity, person::Entity>(dead).filter(membership::Column::ToOn.is_null());
    for home in homes.all().await? {
        let members = membership::Entity::find()
            .filter(membership::Column::HouseholdId.eq(home.household_id))
            .filter(membership::Column::ToOn.is_null())
            .filter(membership::Column::PersonId.ne(dead.id));
        for member in members.all(tx.derived()).await? {
            let Some(person) = person::Entity::find_by_id(member.person_id).one(tx.derived()).await? else { continue };
            for assignment in store::open_in(tx, &person).await?.iter().filter(|a| a.category == "DIBAO") {
                early(tx, &person, assignment, "member_died", on).await?;
                due::refresh(tx, &person).await?;
            }
        }
    }
    Ok(())
}

/// The open assignment of a person inside the reach.
async fn open_one<P>(
    tx: &Writing<'_, P>,
    (person, id): (Id, Id),
    rev: i32,
) -> Outcome<(category_assignment::Model, person::Model)>
where
    P: Permit + Sees<person::Entity>,
{
    let person = tx.get::<person::Entity>(person).await?;
    let assignment = store::get(tx, id).await?;
    if assignment.person_id != person.id {
        return Err(Problem::NotFound);
    }
    if assignment.rev != rev {
        return Err(Problem::Stale(assignment.rev));
    }
    if assignment.to_on.is_some() {
        let (zh, en) = ("该类别已经结束，不能再复核。", "This category has ended and cannot be reviewed.");
        return Err(Problem::refused("category.ended", zh, en));
    }
    Ok((assignment, person))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finer_codes_belong_to_their_category() {
        for (list, code, category, fits) in [
            ("category_sub", "dibao_unstable", "DIBAO", true),
            ("category_sub", "dibao_unstable", "NEAR", false),
            ("category_sub", "selfcare_none", "TEKUN_H", true),
            ("category_sub", "selfcare_none", "TEKUN_I", true),
            ("category_sub", "selfcare_none", "DIBAO", false),
            ("recheck_cause", "selfcare_changed", "TEKUN_I", true),
            ("recheck_cause", "member_died", "RIGID", false),
            ("recheck_cause", "situation_changed", "RIGID", true),
            ("recheck_cause", "bored", "RIGID", false),
        ] {
            assert_eq!(belongs(list, code, category), fits, "{code} {category}");
        }
    }
}
