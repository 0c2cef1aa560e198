//! Proposals of entry and grade, and their confirmation by a second person.

use std::collections::BTreeSet;

use access::{Scope, Writing, Written};
use kernel::{Day, Field, Id, Outcome, Permit, Problem, Sees, codes, params::Params};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    actions,
    model::{self, Hands, NewGrade, Turn, Waiting},
    row::{ledger_entry, ledger_transition},
    store::{self, NewTransition, PROPOSED},
    suggest::{self, Known, Suggestion},
};
use crate::{
    categories::{self, row::category_assignment},
    due, figures,
    persons::{self, checks::Faults, row::person},
};

/// Reason of the row that records a confirmed change of grade.
const GRADED: &str = "graded";
/// Reason of the row that records a grade step taken back with a bulk act.
const UNDONE: &str = "undone";
/// Reason of the row that lifts a grade because of a red sign.
const RED_SIGN: &str = "red_sign";

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
                with_reason(
                    tx,
                    hands,
                    &person,
                    Some(&new.grade),
                    &new.basis,
                    new.floor_reason.as_deref(),
                    Some(new.rev),
                )
                .await
                .map(|_| ())
            })
        })
        .await
}

/// What a grade step found and did, so that it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Taken {
    /// Grade in force before.
    pub grade: String,
    /// Grade that waited before.
    pub proposed: String,
    /// The grade proposed or put into force.
    pub now: String,
    /// Whether it is in force, or waits.
    pub confirmed: bool,
}

/// Proposes or confirms a grade inside a running write; without a grade it confirms the one that waits.
pub async fn take<P>(
    tx: &Writing<'_, P>,
    hands: Hands,
    person: &person::Model,
    grade: Option<&str>,
    basis: &str,
    rev: Option<i32>,
) -> Outcome<Taken>
where
    P: Permit + Sees<person::Entity>,
{
    with_reason(tx, hands, person, grade, basis, None, rev).await
}

/// The same, with the reason for a grade below the least one suggested.
pub(super) async fn with_reason<P>(
    tx: &Writing<'_, P>,
    hands: Hands,
    person: &person::Model,
    grade: Option<&str>,
    basis: &str,
    floor_reason: Option<&str>,
    rev: Option<i32>,
) -> Outcome<Taken>
where
    P: Permit + Sees<person::Entity>,
{
    let entry = store::current_in(tx, person).await?;
    if rev.is_some_and(|rev| entry.rev != rev) {
        return Err(Problem::Stale(entry.rev));
    }
    must_be_in(person, &entry)?;
    let waiting = waiting(tx, person, &entry).await?;
    let asked = grade.unwrap_or(&entry.proposed_grade).to_owned();
    if asked.is_empty() {
        return Err(Problem::refused(
            "ledger.no_proposal",
            "该对象没有待确认的等级。",
            "No grade waits to be confirmed for this person.",
        ));
    }
    let turn = model::turn(hands, waiting.as_ref(), asked == entry.proposed_grade)?;
    if grade.is_none() && turn != Turn::Confirm {
        return Err(Problem::refused(
            "ledger.own_proposal",
            "等级是您本人提出的，须由另一位审批人确认。",
            "You proposed this grade; somebody else has to confirm it.",
        ));
    }
    let basis = match waiting.as_ref().is_some_and(|w| w.grade == asked) {
        true => basis.trim().to_owned(),
        false => above_floor(tx, person, &asked, floor_reason, basis.trim()).await?,
    };
    match turn {
        Turn::Propose => propose(tx, person, &entry, &asked, &basis, tx.scope().today()).await?,
        Turn::Confirm => confirm(tx, person, &entry, &asked, &basis).await?,
    }
    Ok(Taken { grade: entry.grade, proposed: entry.proposed_grade, now: asked, confirmed: turn == Turn::Confirm })
}

/// Takes a grade step back when nothing changed since; says whether it could.
pub async fn take_back<P>(tx: &Writing<'_, P>, person: &person::Model, taken: &Taken) -> Outcome<bool>
where
    P: Permit + Sees<person::Entity>,
{
    let entry = store::current_in(tx, person).await?;
    let still = if taken.confirmed {
        entry.grade == taken.now && entry.proposed_grade.is_empty()
    } else {
        entry.proposed_grade == taken.now && entry.grade == taken.grade
    };
    if !still || must_be_in(person, &entry).is_err() {
        return Ok(false);
    }
    let (grade, proposed) = (taken.grade.clone(), taken.proposed.clone());
    tx.update_part::<ledger_entry::Entity>(&entry, |r| {
        r.grade = Set(grade);
        r.proposed_grade = Set(proposed);
    })
    .await?;
    let on = tx.scope().today();
    let row = NewTransition { from: &entry.state, to: &entry.state, grade: &taken.grade, reason: UNDONE, note: "", on };
    store::put_transition(tx, person, entry.id, row).await?;
    if taken.proposed.is_empty() {
        access::tasks::settle(tx, "ledger_approve", "person", person.id).await?;
    } else {
        actions::ask(tx, person, json!({"to": "grade", "grade": taken.proposed})).await?;
    }
    if taken.confirmed {
        let grade = taken.grade.clone();
        let after = persons::change(tx, person, |r| r.grade = Set(grade)).await?;
        due::refresh(tx, &after).await?;
    }
    Ok(true)
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
    let steps = store::transitions_in(tx, person).await?;
    let own = store::proposer(entry, &steps) == Some(tx.scope().actor());
    let own_allowed = own
        && self_approval(&due::place_codes_in(tx, person).await?, tx.scope().today())
        && store::workers_in(tx, &person.place()).await?.len() <= 1;
    Ok(waits(entry, own, own_allowed))
}

/// The same for readers, with the steps of the person at hand.
pub async fn waiting_of<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    steps: &[ledger_transition::Model],
) -> Outcome<Option<Waiting>> {
    let own = store::proposer(entry, steps) == Some(scope.actor());
    let own_allowed = own
        && self_approval(&due::actions::place_codes(scope, person).await?, scope.today())
        && store::workers_of(scope, &person.place()).await?.len() <= 1;
    Ok(waits(entry, own, own_allowed))
}

fn waits(entry: &ledger_entry::Model, own: bool, own_allowed: bool) -> Option<Waiting> {
    let grade = Some(entry.proposed_grade.clone()).filter(|g| !g.is_empty())?;
    Some(Waiting { grade, own, own_allowed })
}

/// Whether a single worker approves her own proposals here.
fn self_approval(places: &[String], today: Day) -> bool {
    let near = due::actions::nearest(places);
    let param = Params::national().lookup("ledger.self_approval_when_single_worker", &near, today);
    param.and_then(|p| p.flag()) == Some(true)
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

/// Which grade the facts of a person suggest, inside a write.
pub(super) async fn suggestion_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<Suggestion> {
    let open = categories::store::open_in(tx, person).await?;
    Ok(suggest::suggest(&Known::of(person, sub_codes(open), tx.scope().today())))
}

/// The same for readers.
pub async fn suggestion_of<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<Suggestion> {
    let open = categories::store::open_of(scope, person).await?;
    Ok(suggest::suggest(&Known::of(person, sub_codes(open), scope.today())))
}

fn sub_codes(open: Vec<category_assignment::Model>) -> BTreeSet<String> {
    open.into_iter().map(|c| c.sub_code).filter(|c| !c.is_empty()).collect()
}

/// Refuses a grade below the floor without a reason, and any below 重点 while a red sign is open; gives the note with the reason.
pub(super) async fn above_floor<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    grade: &str,
    reason: Option<&str>,
    note: &str,
) -> Outcome<String> {
    let suggested = suggestion_in(tx, person).await?;
    let Some(floor) = suggested.floor.filter(|floor| suggest::rank(grade) < suggest::rank(floor)) else {
        return Ok(note.to_owned());
    };
    if person.red_open > 0 {
        return Err(Problem::refused(
            "ledger.red_open",
            "该对象有未解除的红色风险信号，等级不得低于“重点”。请先由第二人确认解除风险。",
            "A red risk sign is open, so the grade cannot be lower than priority. Close the risk with a second person first.",
        ));
    }
    let reason = reason.map(str::trim).unwrap_or_default();
    let label = codes::label("grade", &floor, codes::Lang::Zh);
    if reason.is_empty() {
        return Err(Problem::invalid(Field::new(
            "floor_reason",
            "required",
            format!("低于建议的最低等级“{label}”，请写明理由。"),
            format!("The grade lies below the least one suggested ({floor}); say why."),
        )));
    }
    Ok(format!("{note}（低于建议等级“{label}”的理由：{reason}）"))
}

/// Lifts somebody in the ledger to 重点 because a red sign was seen; a later grade is again a matter of two people.
pub(crate) async fn lift<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<person::Model> {
    if person.grade == "A" || !matches!(person.ledger_state.as_str(), "active" | "suspended") {
        return Ok(person.clone());
    }
    let (entry, today) = (store::current_in(tx, person).await?, tx.scope().today());
    tx.update_part::<ledger_entry::Entity>(&entry, |r| {
        r.grade = Set("A".to_owned());
        r.graded_on = Set(Some(today));
    })
    .await?;
    let row = NewTransition { from: &entry.state, to: &entry.state, grade: "A", reason: RED_SIGN, note: "", on: today };
    store::put_transition(tx, person, entry.id, row).await?;
    let after = tx.update_part::<person::Entity>(person, |r| r.grade = Set("A".to_owned())).await?;
    figures::moved(tx, Some(person), &after).await?;
    Ok(after)
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
    let on = tx.scope().today();
    tx.update_part::<ledger_entry::Entity>(entry, |r| {
        r.graded_on = Set(Some(on));
        r.grade = Set(confirmed);
        r.proposed_grade = Set(String::new());
    })
    .await?;
    let row = NewTransition { from: &entry.state, to: &entry.state, grade, reason: GRADED, note, on };
    store::put_transition(tx, person, entry.id, row).await?;
    access::tasks::settle(tx, "ledger_approve", "person", person.id).await?;
    let carried = grade.to_owned();
    let after = persons::change(tx, person, |r| r.grade = Set(carried)).await?;
    due::refresh(tx, &after).await.map(|_| ())
}
