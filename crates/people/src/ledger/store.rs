//! Queries over ledger entries and their transitions.

use access::{Scope, Visible, Writing};
use kernel::{Day, Id, Outcome, Permit, Place, Problem};
use sea_orm::{ActiveValue::Set, EntityTrait as _, Order};

use super::{
    model::{Evidence, evidence_text},
    row::{ledger_entry, ledger_transition},
};
use crate::persons::row::person;

/// Reason of the row that records a proposal; its grade is the proposed one.
pub const PROPOSED: &str = "proposed";

/// The running (or last) episode of a person.
pub async fn current_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<ledger_entry::Model> {
    newest(tx.parts::<ledger_entry::Entity, person::Entity>(person)).await
}

/// The same for readers.
pub async fn current_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<ledger_entry::Model> {
    newest(scope.parts::<ledger_entry::Entity, person::Entity>(person)).await
}

async fn newest(entries: Visible<'_, ledger_entry::Entity>) -> Outcome<ledger_entry::Model> {
    entries
        .order(ledger_entry::Column::Episode, Order::Desc)
        .limit(1)
        .read()
        .await?
        .into_iter()
        .next()
        .ok_or_else(|| Problem::internal("a person has no ledger entry"))
}

/// All transitions of a person, newest first.
pub async fn steps<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Vec<ledger_transition::Model>> {
    newest_first(scope.parts::<ledger_transition::Entity, person::Entity>(person)).await
}

/// The same inside a write.
pub async fn transitions_in<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
) -> Outcome<Vec<ledger_transition::Model>> {
    newest_first(tx.parts::<ledger_transition::Entity, person::Entity>(person)).await
}

async fn newest_first(rows: Visible<'_, ledger_transition::Entity>) -> Outcome<Vec<ledger_transition::Model>> {
    rows.order(ledger_transition::Column::OnDay, Order::Desc)
        .order(ledger_transition::Column::Serial, Order::Desc)
        .read()
        .await
}

/// Who made the proposal that waits on this entry, from the transitions of the person, newest first.
pub fn proposer(entry: &ledger_entry::Model, transitions: &[ledger_transition::Model]) -> Option<Id> {
    if entry.proposed_grade.is_empty() {
        return None;
    }
    transitions.iter().find(|t| t.entry_id == entry.id && t.reason == PROPOSED).map(|t| t.actor_id)
}

/// A transition to write.
pub struct NewTransition<'a> {
    /// State before; empty at the beginning.
    pub from: &'a str,
    /// State after.
    pub to: &'a str,
    /// Grade after, or the proposed one.
    pub grade: &'a str,
    /// Reason code.
    pub reason: &'a str,
    /// Note.
    pub note: &'a str,
    /// Day.
    pub on: Day,
}

/// Appends a transition.
pub async fn put_transition<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: Id,
    new: NewTransition<'_>,
) -> Outcome<()> {
    put_with(tx, person, entry, new, &[]).await
}

/// The same with what the step rests on.
pub async fn put_with<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: Id,
    new: NewTransition<'_>,
    evidence: &[Evidence],
) -> Outcome<()> {
    let steps = transitions_in(tx, person).await?;
    let serial = steps.iter().map(|t| t.serial).max().unwrap_or(0) + 1;
    let row = ledger_transition::ActiveModel {
        person_id: Set(person.id),
        on_day: Set(new.on),
        serial: Set(serial),
        entry_id: Set(entry),
        from_state: Set(new.from.to_owned()),
        to_state: Set(new.to.to_owned()),
        grade: Set(new.grade.to_owned()),
        reason: Set(new.reason.to_owned()),
        note: Set(new.note.to_owned()),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        evidence: Set(evidence_text(evidence)),
    };
    ledger_transition::Entity::insert(row).exec_without_returning(tx.derived()).await?;
    Ok(())
}

/// Opens an episode as a lead.
pub async fn open<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    id: Id,
    episode: i32,
    on: Day,
    new_found: bool,
) -> Outcome<ledger_entry::Model> {
    let row = ledger_entry::ActiveModel {
        id: Set(id),
        episode: Set(episode),
        state: Set("lead".to_owned()),
        grade: Set(String::new()),
        proposed_grade: Set(String::new()),
        opened_on: Set(on),
        entered_on: Set(None),
        closed_on: Set(None),
        exit_reason: Set(None),
        new_found: Set(new_found),
        county_id: Set(person.county_id),
        ..Default::default()
    };
    tx.insert_part::<ledger_entry::Entity, person::Entity>(person, row).await
}

/// Roles of those who work at a station.
const WORKERS: [&str; 3] = ["SH", "TW", "SW"];

/// The accounts that work at a place: everybody with a worker's or head's grant for it.
pub async fn workers_of<P: Permit>(scope: &Scope<P>, place: &Place) -> Outcome<Vec<Id>> {
    let mut all = Vec::new();
    for role in WORKERS {
        all.extend(scope.holders(role, place).await?);
    }
    Ok(unique(all))
}

/// The same inside a write, on its own connection.
pub async fn workers_in<P: Permit>(tx: &Writing<'_, P>, place: &Place) -> Outcome<Vec<Id>> {
    let mut all = Vec::new();
    for role in WORKERS {
        all.extend(holders_in(tx, role, place).await?);
    }
    Ok(unique(all))
}

/// The accounts that hold a role for a place, inside a write.
pub async fn holders_in<P: Permit>(tx: &Writing<'_, P>, role: &str, place: &Place) -> Outcome<Vec<Id>> {
    access::accounts::store::holders(tx.derived(), role, place, tx.scope().today()).await
}

fn unique(mut all: Vec<Id>) -> Vec<Id> {
    all.sort_unstable();
    all.dedup();
    all
}
