//! What keeps a record from being removed as entered in error.

use access::Writing;
use kernel::{Outcome, Permit, Problem, codes};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::{
    applications,
    categories::row::category_assignment,
    households::row::{household, membership},
    ledger::row::ledger_entry,
    merges,
    persons::row::person,
    visits::{COMPLETED, row::visit},
};

/// Refuses while something official hangs on the record.
pub async fn removable<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    if person.died_on.is_some() {
        return refuse(
            "recycle.dead",
            "该对象已登记死亡，不是误录，不能移入回收站。",
            "The death of this person is recorded, so the record was not entered in error.",
        );
    }
    let visits = tx.parts::<visit::Entity, person::Entity>(person).filter(visit::Column::State.eq(COMPLETED));
    if visits.one().await?.is_some() {
        return refuse(
            "recycle.visits",
            "该档案还有有效的走访记录。误录的走访请先作废；确有其人的，请改用合并档案。",
            "Visits stand on this record. Void those entered in error; if the person exists, merge the records instead.",
        );
    }
    if applications::store::any_in(tx, person).await? {
        return refuse(
            "recycle.applications",
            "该档案有帮办申请记录，不能移入回收站。确有其人的，请改用合并档案。",
            "Applications were prepared on this record, so it cannot be removed. If the person exists, merge the records instead.",
        );
    }
    let categories = tx.parts::<category_assignment::Entity, person::Entity>(person).all().await?;
    let official =
        |c: &category_assignment::Model| codes::category(&c.category).and_then(|c| c.statutory) == Some(true);
    if categories.iter().any(official) {
        return refuse(
            "recycle.statutory",
            "该档案有法定类别认定，不能作为误录删除。请先由认定部门更正，或按退出办理。",
            "An authority's decision hangs on this record, so it cannot be removed. Have it corrected there, or let the person exit.",
        );
    }
    let entries = tx.parts::<ledger_entry::Entity, person::Entity>(person).all().await?;
    if entries.iter().any(|e| e.entered_on.is_some()) {
        return refuse(
            "recycle.entered",
            "该对象已正式建档，不能移入回收站。请按退出办理，退出原因选“录入错误”。",
            "This person was formally entered in the ledger. Let the entry exit with the reason “entered in error” instead.",
        );
    }
    if !merges::store::into_in(tx, person.id).await?.is_empty() {
        return refuse(
            "recycle.merged",
            "有其他档案合并在这份档案中。请先撤销合并。",
            "Other records were merged into this one. Take the merge back first.",
        );
    }
    heads_nobody(tx, person).await
}

/// Refuses for the head of a household with other members.
async fn heads_nobody<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let homes = household::Entity::find().filter(household::Column::HeadId.eq(person.id)).all(tx.derived()).await?;
    for home in homes {
        let others = membership::Entity::find()
            .filter(membership::Column::HouseholdId.eq(home.id))
            .filter(membership::Column::ToOn.is_null())
            .filter(membership::Column::PersonId.ne(person.id))
            .one(tx.derived())
            .await?;
        if others.is_some() {
            return refuse(
                "recycle.head",
                "该对象是户主，且该户还有其他成员。请先更换户主。",
                "This person heads a household with other members. Name another head first.",
            );
        }
    }
    Ok(())
}

/// A refusal with a rule.
pub fn refuse<T>(rule: &'static str, zh: &str, en: &str) -> Outcome<T> {
    Err(Problem::refused(rule, zh, en))
}
