//! Proposals of entry and grade, and their confirmation by a second person.

use access::{Scope, Writing, Written};
use kernel::{Day, Id, Outcome, Permit, Problem, Sees, params::Params};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    actions,
    model::{self, Hands, NewGrade, Turn, Waiting},
    row::{ledger_entry, ledger_transition},
    store::{self, NewTransition, PROPOSED},
};
use crate::{
    due,
    persons::{self, checks::Faults, row::person},
};

/// Reason of the row that records a confirmed change of grade.
const GRADED: &str = "graded";

/// Proposes or confirms a grade of somebody in the ledger.
pub async fn grade<P>(scope: &Scope<P>, hands: Hands, person: Id, new: NewGrade, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    new.check(&mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let entry = store::current_in(tx, &person).await?;
                if entry.rev != new.rev {
                    return Err(Problem::Stale(entry.rev));
                }
                must_be_in(&person, &entry)?;
                let waiting = waiting(tx, &person, &entry).await?;
                let basis = new.basis.trim();
                match model::turn(hands, waiting.as_ref(), new.grade == entry.proposed_grade)? {
                    Turn::Propose => propose(tx, &person, &entry, &new.grade, basis, tx.scope().today()).await,
                    Turn::Confirm => confirm(tx, &person, &entry, &new.grade, basis).await,
                }
            })
        })
        .await
}

fn must_be_in(person: &person::Model, entry: &ledger_entry::Model) -> Outcome<()> {
    if person.died_on.is_none() && matches!(entry.state.as_str(), "active" | "suspended") {
        return Ok(());
    }
    Err(Problem::refused(
        "ledger.not_in",
        "只有在册或暂停的对象才能调整等级。核实中的对象请在“转为在册”时提出等级。",
        "Only somebody in the ledger can be graded. While verifying, propose the grade together with the entry.",
    ))
}

/// The proposal that waits on this entry, as the caller sees it.
pub async fn waiting<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
) -> Outcome<Option<Waiting>> {
    let transitions = store::transitions_in(tx, person).await?;
    waiting_for(tx.scope(), person, entry, &transitions).await
}

/// The same from rows at hand.
pub async fn waiting_for<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    transitions: &[ledger_transition::Model],
) -> Outcome<Option<Waiting>> {
    if entry.proposed_grade.is_empty() {
        return Ok(None);
    }
    let own = store::proposer(entry, transitions) == Some(scope.actor());
    let own_allowed = own && self_approval(scope, person).await?;
    Ok(Some(Waiting { grade: entry.proposed_grade.clone(), own, own_allowed }))
}

/// Whether a single worker approves her own proposals here.
async fn self_approval<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<bool> {
    let places = due::actions::place_codes(scope, person).await?;
    let param = Params::national().lookup(
        "ledger.self_approval_when_single_worker",
        &due::actions::nearest(&places),
        scope.today(),
    );
    if param.and_then(|p| p.flag()) != Some(true) {
        return Ok(false);
    }
    Ok(store::workers(scope, &person.place()).await?.len() <= 1)
}

/// Notes a proposed grade and asks whoever may approve.
pub(super) async fn propose<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    grade: &str,
    note: &str,
    on: Day,
) -> Outcome<()> {
    let proposed = grade.to_owned();
    tx.update_part::<ledger_entry::Entity>(entry, |r| r.proposed_grade = Set(proposed)).await?;
    let row = NewTransition { from: &entry.state, to: &entry.state, grade, reason: PROPOSED, note, on };
    store::put_transition(tx, person, entry.id, row).await?;
    let to = if entry.state == "verifying" { "active" } else { "grade" };
    actions::ask(tx, person, json!({"to": to, "grade": grade})).await
}

/// Puts a confirmed grade into force.
async fn confirm<P>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    grade: &str,
    note: &str,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    let confirmed = grade.to_owned();
    tx.update_part::<ledger_entry::Entity>(entry, |r| {
        r.grade = Set(confirmed);
        r.proposed_grade = Set(String::new());
    })
    .await?;
    let on = tx.scope().today();
    let row = NewTransition { from: &entry.state, to: &entry.state, grade, reason: GRADED, note, on };
    store::put_transition(tx, person, entry.id, row).await?;
    let carried = grade.to_owned();
    let after = persons::change(tx, person, |r| r.grade = Set(carried)).await?;
    due::refresh(tx, &after).await.map(|_| ())
}
