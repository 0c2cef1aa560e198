//! Queries over due people, and the facts a due day depends on.

use access::{Scope, Visible, Writing};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::model::{self, Standing};
use crate::{
    ledger::{
        self,
        row::{ledger_entry, ledger_transition},
    },
    persons::row::person,
    visits::{
        row::visit,
        store::{self, Trace},
    },
};

/// Position in a due list: due day and id of the last row.
pub type Key = (Day, Id);

/// People due from `from` to `to`, earliest first, behind `after`; only those in the care of `worker` when one is named.
pub fn due_in<P: Permit + Sees<person::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    worker: Option<Id>,
    (from, to): (Option<Day>, Day),
    after: Option<Key>,
) -> Visible<'static, person::Entity> {
    let mut query = scope
        .find_in::<person::Entity>(place)
        .filter(person::Column::NextDueOn.lte(to))
        .order(person::Column::NextDueOn, Order::Asc)
        .order(person::Column::Id, Order::Asc);
    if let Some(from) = from {
        query = query.filter(person::Column::NextDueOn.gte(from));
    }
    if let Some(worker) = worker {
        query = query.filter(person::Column::WorkerId.eq(worker));
    }
    match after {
        Some((day, id)) => query.filter(
            Condition::all().add(person::Column::NextDueOn.gte(day)).add(
                Condition::any()
                    .add(person::Column::NextDueOn.gt(day))
                    .add(Condition::all().add(person::Column::NextDueOn.eq(day)).add(person::Column::Id.gt(id))),
            ),
        ),
        None => query,
    }
}

/// Only priority clients missed `failures` times in a row or more.
pub fn missed(query: Visible<'static, person::Entity>, failures: i32) -> Visible<'static, person::Entity> {
    query.filter(person::Column::FailedInRow.gte(failures)).filter(person::Column::Grade.eq("A"))
}

/// What the due day of a person depends on, as readers see it.
pub async fn standing_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Standing> {
    let trace = store::trace(|| scope.parts::<visit::Entity, person::Entity>(person)).await?;
    let entry = ledger::store::current_of(scope, person).await?;
    let steps = ledger::store::steps(scope, person).await?;
    Ok(standing(person, trace.contacts, &entry, steps))
}

/// The same inside a write, for visits already followed back.
pub async fn standing_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, trace: &Trace) -> Outcome<Standing> {
    let entry = ledger::store::current_in(tx, person).await?;
    let steps = ledger::store::transitions_in(tx, person).await?;
    Ok(standing(person, trace.contacts.clone(), &entry, steps))
}

/// The standing of a person with these contacts, running episode and steps.
pub(crate) fn standing(
    person: &person::Model,
    contacts: Vec<(String, Day)>,
    entry: &ledger_entry::Model,
    mut steps: Vec<ledger_transition::Model>,
) -> Standing {
    steps.sort_by_key(|s| (s.on_day, s.serial));
    let states: Vec<(&str, Day)> = steps.iter().map(|s| (s.to_state.as_str(), s.on_day)).collect();
    Standing {
        state: if person.died_on.is_some() { "dead".to_owned() } else { person.ledger_state.clone() },
        grade: person.grade.clone(),
        cat_bits: person.cat_bits,
        opened_on: entry.opened_on,
        state_since: model::state_since(&states, &person.ledger_state).unwrap_or(entry.opened_on),
        reopened: entry.episode > 1,
        contacts,
        pauses: model::pauses(&states),
    }
}
