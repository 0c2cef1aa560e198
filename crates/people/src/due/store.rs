//! Queries over due people, and the facts a due day depends on.

use access::{Scope, Visible, Writing};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{ColumnTrait as _, Condition, Order};

use super::model::Standing;
use crate::{
    ledger::row::{ledger_entry, ledger_transition},
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

/// What the due day of a person depends on, as readers see it.
pub async fn standing_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Standing> {
    let trace = store::trace(|| scope.parts::<visit::Entity, person::Entity>(person)).await?;
    gather(person, &trace, scope.parts(person), scope.parts(person)).await
}

/// The same inside a write.
pub async fn standing_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, trace: &Trace) -> Outcome<Standing> {
    gather(person, trace, tx.parts(person), tx.parts(person)).await
}

async fn gather(
    person: &person::Model,
    trace: &Trace,
    entries: Visible<'_, ledger_entry::Entity>,
    steps: Visible<'_, ledger_transition::Entity>,
) -> Outcome<Standing> {
    let entry = entries.order(ledger_entry::Column::Episode, Order::Desc).one().await?;
    let steps = steps
        .order(ledger_transition::Column::OnDay, Order::Asc)
        .order(ledger_transition::Column::Serial, Order::Asc)
        .all()
        .await?;
    let opened_on = entry.as_ref().map_or_else(|| kernel::day::of_millis(person.created_at), |e| e.opened_on);
    let state_since =
        steps.iter().rev().take_while(|s| s.to_state == person.ledger_state).last().map_or(opened_on, |s| s.on_day);
    let mut pauses = Vec::new();
    let mut since = None;
    for step in &steps {
        match (step.to_state.as_str(), since) {
            ("suspended", None) => since = Some(step.on_day),
            ("suspended", Some(_)) | (_, None) => {}
            (_, Some(from)) => {
                pauses.push((from, step.on_day));
                since = None;
            }
        }
    }
    Ok(Standing {
        state: if person.died_on.is_some() { "dead".to_owned() } else { person.ledger_state.clone() },
        grade: person.grade.clone(),
        cat_bits: person.cat_bits,
        opened_on,
        state_since,
        reopened: entry.is_some_and(|e| e.episode > 1),
        contacts: trace.contacts.clone(),
        pauses,
    })
}
