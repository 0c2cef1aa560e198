//! Steps of the ledger.

use access::{
    Scope, Writing, Written,
    tasks::{self, NewTask},
};
use kernel::{Field, Id, Outcome, Permit, Problem, Sees, params::Params};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    grading,
    model::{self, Hands, NewStep, Step, Turn, Who},
    row::ledger_entry,
    store::{self, NewTransition},
};
use crate::{
    due,
    persons::{self, checks::Faults, row::person},
};

/// Takes, proposes, confirms or asks for a step, as the rules say.
pub async fn step<P>(scope: &Scope<P>, hands: Hands, person: Id, new: NewStep, digest: &[u8]) -> Outcome<Written>
where
    P: Permit + Sees<person::Entity>,
{
    let mut faults = Faults::default();
    new.check(scope.today(), &mut faults);
    faults.done(Some(()))?;
    scope
        .write_once(new.id, &[digest, person.as_bytes()].concat(), move |tx| {
            Box::pin(async move {
                let person = tx.get::<person::Entity>(person).await?;
                let entry = store::current_in(tx, &person).await?;
                if entry.rev != new.rev {
                    return Err(Problem::Stale(entry.rev));
                }
                let step = model::find(&entry.state, &new.to).ok_or_else(|| model::no_step(&entry.state, &new.to))?;
                check(tx, &person, step, &new).await?;
                run(tx, hands, &person, &entry, step, &new).await
            })
        })
        .await
}

/// Takes a step that was checked, or asks for it, as the rules say.
pub(super) async fn run<P>(
    tx: &Writing<'_, P>,
    hands: Hands,
    person: &person::Model,
    entry: &ledger_entry::Model,
    step: &Step,
    new: &NewStep,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    match step.who {
        Who::Worker if !hands.moves => Err(Problem::Forbidden),
        Who::Head if !hands.approves => ask_head(tx, person, new).await,
        Who::Worker | Who::Head => take(tx, person, entry, new, None).await,
        Who::Two => {
            let waiting = grading::waiting(tx, person, entry).await?;
            let same = new.grade.as_ref().is_none_or(|g| *g == entry.proposed_grade);
            match model::turn(hands, waiting.as_ref(), same)? {
                Turn::Propose => {
                    let grade = new.grade.as_deref().ok_or_else(|| Problem::invalid(Field::required("grade")))?;
                    let note = grading::above_floor(tx, person, grade, new.floor_reason.as_deref(), new.note()).await?;
                    grading::propose(tx, person, entry, grade, &note, new.on).await
                }
                Turn::Confirm => {
                    let grade = new.grade.as_deref().unwrap_or(&entry.proposed_grade);
                    if grade != entry.proposed_grade {
                        grading::above_floor(tx, person, grade, new.floor_reason.as_deref(), new.note()).await?;
                    }
                    take(tx, person, entry, new, Some(grade)).await
                }
            }
        }
    }
}

/// The age from which nobody is a child any more.
const ADULT: u16 = 18;

/// What a step must fulfil beyond its own fields.
pub(super) async fn check<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    step: &Step,
    new: &NewStep,
) -> Outcome<()> {
    let mut faults = Faults::default();
    new.check_reason(step, &mut faults);
    let last = store::transitions_in(tx, person).await?.into_iter().map(|t| t.on_day).max();
    let (zh, en) = ("日期早于上一次变动，请核对。", "The date lies before the last step; check it.");
    faults.not_before("on", new.on, last, zh, en);
    faults.done(Some(()))?;
    if person.died_on.is_some() && !model::stands_after_death(step) {
        return Err(Problem::refused(
            "person.dead",
            "该对象已登记死亡，台账只能归档。",
            "The person is recorded as dead; the entry can only be archived.",
        ));
    }
    match new.reason.as_deref() {
        Some("death") => Err(Problem::refused(
            "ledger.death",
            "因死亡退出请使用“登记死亡”办理。",
            "Record the death with its own operation.",
        )),
        Some("declined") if step.to == "exited" => refused_child(tx, person),
        Some("lost_contact") => {
            let places = due::place_codes_in(tx, person).await?;
            let today = tx.scope().today();
            let attempts =
                Params::national().whole("ledger.lost_contact_attempts", &due::actions::nearest(&places), today);
            if i64::from(person.failed_in_row) >= attempts.unwrap_or(0) {
                return Ok(());
            }
            let n = attempts.unwrap_or(0);
            Err(Problem::refused(
                "ledger.lost_contact_attempts",
                format!("按失联退出须先有连续 {n} 次未见到本人的走访记录，请继续联系。"),
                format!("An exit for lost contact needs {n} failed visits in a row; keep trying."),
            ))
        }
        _ => Ok(()),
    }
}

/// A guardian's refusal does not take a child out of the ledger while a risk is open.
fn refused_child<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let today = tx.scope().today();
    let age = person.birth_date.and_then(|birth| kernel::day::age_on(birth, today));
    if person.red_open > 0 && age.is_some_and(|age| age < ADULT) {
        return Err(Problem::refused(
            "ledger.child_at_risk",
            "该儿童有未解除的风险信号，不得因监护人拒绝而退出。请先处置风险并由第二人确认解除。",
            "A risk sign of this child is open: a guardian's refusal does not end the service. Settle the risk first.",
        ));
    }
    Ok(())
}

/// Takes a step: entry, transition, person, counters, due day.
pub(super) async fn take<P>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    entry: &ledger_entry::Model,
    new: &NewStep,
    entry_grade: Option<&str>,
) -> Outcome<()>
where
    P: Permit + Sees<person::Entity>,
{
    let (to, on) = (new.to.clone(), new.on);
    let reason = new.reason.clone().unwrap_or_default();
    let grade = entry_grade.unwrap_or(&entry.grade).to_owned();
    let reopened = to == "lead" && entry.state != "dismissed";
    let entry_id = if reopened {
        store::open(tx, person, tx.scope().new_id(), entry.episode + 1, on, false).await?.id
    } else {
        let (to, grade, reason) = (to.clone(), grade.clone(), reason.clone());
        let closing = matches!(to.as_str(), "dismissed" | "exited") && entry.state != "archived";
        let enters = entry_grade.is_some();
        tx.update_part::<ledger_entry::Entity>(entry, move |r| {
            if closing {
                r.closed_on = Set(Some(on));
                r.exit_reason = Set(Some(reason));
            }
            if to == "lead" {
                r.closed_on = Set(None);
                r.exit_reason = Set(None);
            }
            if enters {
                r.entered_on = Set(Some(on));
                r.graded_on = Set(Some(on));
            }
            if enters || closing {
                r.proposed_grade = Set(String::new());
            }
            r.grade = Set(grade);
            r.state = Set(to);
        })
        .await?
        .id
    };
    tasks::settle(tx, "ledger_approve", "person", person.id).await?;
    let shown = if to == "lead" { "" } else { grade.as_str() };
    let transition = NewTransition { from: &entry.state, to: &to, grade: shown, reason: &reason, note: new.note(), on };
    store::put_with(tx, person, entry_id, transition, &new.evidence).await?;
    // The person carries a grade only while in the ledger, so that figures by grade count those.
    let carried = if matches!(to.as_str(), "active" | "suspended") { grade } else { String::new() };
    let after = persons::change(tx, person, |r| {
        r.ledger_state = Set(to);
        r.grade = Set(carried);
    })
    .await?;
    due::refresh(tx, &after).await.map(|_| ())
}

/// Leaves a task for the head of the station (or whoever stands in) to take the step.
async fn ask_head<P: Permit>(tx: &Writing<'_, P>, person: &person::Model, new: &NewStep) -> Outcome<()> {
    let detail = json!({"to": new.to, "on": new.on, "reason": new.reason});
    ask(tx, person, detail).await
}

/// Raises the task for whoever may approve at the place of the person.
pub(super) async fn ask<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    detail: serde_json::Value,
) -> Outcome<()> {
    let role = approver(tx, person).await?;
    let task = NewTask {
        kind: "ledger_approve",
        role,
        place: person.place(),
        subject_kind: "person",
        subject_id: Some(person.id),
        account_id: None,
        due_on: None,
        detail,
    };
    tasks::raise(tx, task).await
}

/// The role that decides: the station head, but the reviewer where the station has one worker or no other head.
pub(crate) async fn approver<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<&'static str> {
    let scope = tx.scope();
    let (place, me) = (person.place(), scope.actor());
    let several = store::workers_in(tx, &place).await?.len() > 1;
    let other_head = store::holders_in(tx, "SH", &place).await?.into_iter().any(|head| head != me);
    if several && other_head {
        return Ok("SH");
    }
    let places = due::place_codes_in(tx, person).await?;
    let param =
        Params::national().lookup("ledger.single_worker_approver", &due::actions::nearest(&places), scope.today());
    Ok(match param.and_then(|p| p.text()) {
        Some("CA") => "CA",
        Some("SH") => "SH",
        _ => "TR",
    })
}

/// Closes the running episode of somebody who died and gives the state after: a lead is dismissed, a client exits.
pub(crate) async fn close_by_death<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    evidence: &str,
) -> Outcome<String> {
    let entry = store::current_in(tx, person).await?;
    let (to, reason) = match entry.state.as_str() {
        "lead" | "verifying" => ("dismissed", "died"),
        "active" | "suspended" => ("exited", "death"),
        _ => return Ok(entry.state),
    };
    let on = tx.scope().today();
    tx.update_part::<ledger_entry::Entity>(&entry, |r| {
        r.state = Set(to.to_owned());
        r.closed_on = Set(Some(on));
        r.exit_reason = Set(Some(reason.to_owned()));
        r.proposed_grade = Set(String::new());
    })
    .await?;
    let row = NewTransition { from: &entry.state, to, grade: &entry.grade, reason, note: evidence, on };
    store::put_transition(tx, person, entry.id, row).await?;
    Ok(to.to_owned())
}
