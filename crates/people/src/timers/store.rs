//! The facts timers depend on, and the persons the nightly job has to look at.

use access::{Scope, Visible, Writing};
use kernel::{Day, Id, Outcome, Permit, Sees};
use sea_orm::{ColumnTrait as _, Order};

use super::model::{Category, Facts};
use crate::{
    categories::{self, row::category_assignment},
    due,
    ledger::{
        self,
        row::{ledger_entry, ledger_transition},
    },
    persons::row::{NEVER_BEFORE, person},
};

/// Persons whose day has come, in the order of that day.
pub fn waiting<P: Permit + Sees<person::Entity>>(scope: &Scope<P>, today: Day) -> Visible<'static, person::Entity> {
    scope
        .find::<person::Entity>()
        .filter(person::Column::NextCheckOn.lte(today))
        .order(person::Column::NextCheckOn, Order::Asc)
        .order(person::Column::Id, Order::Asc)
}

/// The facts inside a write.
pub async fn facts_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Facts> {
    let entry = ledger::store::current_in(tx, person).await?;
    let steps = ledger::store::transitions_in(tx, person).await?;
    Ok(facts(person, &entry, &steps, categories::store::open_in(tx, person).await?))
}

/// The same for readers, with what they have at hand.
pub async fn facts_of<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    steps: &[ledger_transition::Model],
) -> Outcome<Facts> {
    Ok(facts(person, entry, steps, categories::store::open_of(scope, person).await?))
}

/// From rows at hand.
pub(crate) fn facts(
    person: &person::Model,
    entry: &ledger_entry::Model,
    steps: &[ledger_transition::Model],
    open: Vec<category_assignment::Model>,
) -> Facts {
    let mut steps: Vec<&ledger_transition::Model> = steps.iter().collect();
    steps.sort_by_key(|s| (s.on_day, s.serial));
    let states: Vec<(&str, Day)> = steps.iter().map(|s| (s.to_state.as_str(), s.on_day)).collect();
    Facts {
        alive: person.died_on.is_none(),
        state: entry.state.clone(),
        grade: person.grade.clone(),
        birth: person.birth_date,
        opened_on: entry.opened_on,
        entered_on: entry.entered_on,
        closed_on: entry.closed_on,
        reviewed_on: entry.reviewed_on,
        state_since: due::model::state_since(&states, &entry.state).unwrap_or(entry.opened_on),
        contact_on: Some(person.last_visit_on).filter(|on| *on > NEVER_BEFORE),
        red: person.red_open > 0,
        next_due_on: person.next_due_on,
        pauses: due::model::pauses(&states),
        categories: open.into_iter().map(category).collect(),
    }
}

fn category(row: category_assignment::Model) -> Category {
    Category {
        id: row.id,
        code: row.category,
        sub_code: row.sub_code,
        from_on: row.from_on,
        reviewed_on: row.reviewed_on,
        next_review_on: row.next_review_on,
        valid_until: row.valid_until,
        cause: row.review_cause,
    }
}

/// Notes when the nightly job has to look at a person again. It is worked out, not told by anybody, so it is no change of
/// the record: no revision, no audit.
pub async fn set_check<P: Permit>(tx: &Writing<'_, P>, person: Id, on: Day) -> Outcome<()> {
    let sql = "UPDATE person SET next_check_on = $1 WHERE id = $2";
    tx.execute(sql, vec![on.into(), person.into()]).await.map(|_| ())
}
