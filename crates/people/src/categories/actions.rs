//! Assigning and ending categories.

use access::{Scope, Writing, Written};
use kernel::{Day, Id, Outcome, Permit, Problem, Sees, codes, params::Params};
use sea_orm::ActiveValue::Set;

use super::{
    Change,
    model::{EndCategory, NewCategory},
    store,
};
use crate::{
    due,
    persons::{self, checks::Faults, row::person},
};

/// Assigns a category to a person inside the reach.
pub async fn assign(scope: &Scope<Change>, person: Id, new: NewCategory, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check("", None, scope.today(), &mut faults);
    faults.done(Some(()))?;
    new.refuse_restricted()?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                must_live(&person)?;
                let mut faults = Faults::default();
                new.check("", person.birth_date, tx.scope().today(), &mut faults);
                faults.done(Some(()))?;
                put(tx, &person, &new).await?;
                recount(tx, &person).await.map(|_| ())
            })
        })
        .await
}

/// Enters a category that an authority decided on, as the answer to an application tells; one that is open already stays.
pub async fn recognise<P>(tx: &Writing<'_, P>, person: &person::Model, new: &NewCategory) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    must_live(person)?;
    new.refuse_restricted()?;
    let mut faults = Faults::default();
    new.check("", person.birth_date, tx.scope().today(), &mut faults);
    faults.done(Some(()))?;
    if store::open_in(tx, person).await?.iter().any(|a| a.category == new.category) {
        return Ok(());
    }
    put(tx, person, new).await?;
    recount(tx, person).await.map(|_| ())
}

/// Inserts one assignment; the caller recounts afterwards.
pub(crate) async fn put<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, new: &NewCategory) -> Outcome<()> {
    let open = store::open_in(tx, person).await?;
    if open.iter().any(|a| a.category == new.category) {
        return Err(Problem::refused(
            "category.already_open",
            "该对象已有此类别且未结束。如需更正，请先结束原有认定。",
            "The person has this category already. To correct it, end the present assignment first.",
        ));
    }
    let sub_code = new.sub_code.as_deref().unwrap_or_default();
    let review = super::review::period_end(tx, person, &new.category, sub_code, new.from).await?;
    store::insert(tx, person, new, review).await.map(|_| ())
}

/// Ends a category of a person inside the reach.
pub async fn end(scope: &Scope<Change>, id: Id, end: EndCategory) -> Outcome<Id> {
    let mut faults = Faults::default();
    end.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write(move |tx| {
            Box::pin(async move {
                let assignment = store::get(tx, id).await?;
                let person = tx.get::<person::Entity>(assignment.person_id).await?;
                if assignment.rev != end.rev {
                    return Err(Problem::Stale(assignment.rev));
                }
                if assignment.to_on.is_some() {
                    return Err(Problem::refused(
                        "category.ended",
                        "该类别已经结束，无需重复操作。",
                        "This category has ended already.",
                    ));
                }
                let mut faults = Faults::default();
                let (zh, en) =
                    ("结束日期早于开始日期，请核对。", "The end lies before the beginning; check both dates.");
                faults.not_before("to", end.to, Some(assignment.from_on), zh, en);
                faults.done(Some(()))?;
                store::end(tx, &assignment, end.to, &end.reason).await?;
                recount(tx, &person).await?;
                Ok(person.id)
            })
        })
        .await
}

/// Ends every open category of somebody who died.
pub(crate) async fn end_all<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    to: Day,
    reason: &str,
) -> Outcome<()> {
    for assignment in store::open_in(tx, person).await? {
        store::end(tx, &assignment, to.max(assignment.from_on), reason).await?;
    }
    Ok(())
}

/// Renews what the person row repeats of its open categories, the counters and the due day.
pub(crate) async fn recount<P>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<person::Model>
where
    P: Permit + Sees<person::Entity>,
{
    // Read again: the audited write before this one queued behind other writers of the county.
    let person = &tx.get::<person::Entity>(person.id).await?;
    let open = store::open_in(tx, person).await?;
    let bits = codes::categories_mask(open.iter().map(|a| a.category.as_str()));
    let places = due::place_codes_in(tx, person).await?;
    let target = is_target(bits, &due::actions::nearest(&places), tx.scope().today());
    let after = persons::change(tx, person, |r| {
        r.cat_bits = Set(bits);
        r.is_target = Set(target);
    })
    .await?;
    due::refresh(tx, &after).await
}

/// Whether somebody with these categories belongs to the target population (困难群众和特殊群体) of the place.
pub fn is_target(bits: i64, places: &[&str], today: Day) -> bool {
    is_target_of(bits, Params::national(), places, today)
}

/// The same by other parameters.
pub(crate) fn is_target_of(bits: i64, params: &Params, places: &[&str], today: Day) -> bool {
    let targets = params.codes("coverage.target_categories", places, today);
    bits & codes::categories_mask(targets.iter().map(String::as_str)) != 0
}

fn must_live(person: &person::Model) -> Outcome<()> {
    if person.died_on.is_some() {
        return Err(Problem::refused(
            "person.dead",
            "该对象已登记死亡，不能再认定类别。",
            "The person is recorded as dead; no category can be assigned.",
        ));
    }
    Ok(())
}
